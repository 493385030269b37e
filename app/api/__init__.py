"""Thin HTTP: bytes and headers in, answers and problems out; every decision is made below."""
