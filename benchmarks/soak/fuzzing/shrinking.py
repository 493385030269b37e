"""Cuts a failing body down to what makes it fail (delta debugging), within a number of tries."""

from collections.abc import Callable

MOST_TRIES = 400


def shrink(body: bytes, fails: Callable[[bytes], bool], *, most: int = MOST_TRIES) -> bytes:
    """The smallest body found for which ``fails`` still holds; it must hold for ``body``."""
    size = max(1, len(body) // 2)
    tries = 0
    while size and tries < most:
        at, shorter = 0, False
        while at < len(body) and tries < most:
            without = body[:at] + body[at + size :]
            tries += 1
            if fails(without):
                body, shorter = without, True
            else:
                at += size
        size = size if shorter and size > 1 else size // 2
    return body
