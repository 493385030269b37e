"""The same context as the use cases are tested with."""

from tests.services.conftest import clock, ctx, open_context, post

__all__ = ["clock", "ctx", "open_context", "post"]
