"""Loops around one step: what the service does by itself, beside answering."""
