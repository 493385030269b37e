"""The same context as the use cases are tested with."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.services.conftest import clock, ctx, open_context, post

__all__ = ["clock", "ctx", "open_context", "post"]


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Whoever configured logging before us may have done so with a stream that is closed by now."""
    with capture_logs():
        yield
