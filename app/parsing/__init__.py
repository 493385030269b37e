"""Bytes and declared metadata in, a checked Document out; no network, no database, no clock."""
