"""The only package that knows SQL: modules of functions that take a ``Tx`` and give back values."""
