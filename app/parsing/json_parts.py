"""Where the elements of an array deep inside a JSON text stand, so that each keeps its bytes as they came."""

import re

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}:,]', re.DOTALL)
_SPACE = b" \t\r\n"


def array_parts(data: bytes, path: tuple[str, ...]) -> list[bytes]:
    """The elements of the array at ``path`` (names of members) in well-formed JSON."""
    wanted = [f'"{name}"'.encode() for name in path]
    parts: list[bytes] = []
    keys: list[bytes] = []
    """The key under which each open object or array stands; empty for those in an array."""
    last = key = b""
    start: int | None = None
    for token in _TOKEN.finditer(data):
        mark = token[0]
        if mark in b"[{":
            keys.append(key)
            if mark == b"[" and keys[1:] == wanted:
                start = token.end()
            key = b""
        elif mark in b"]}":
            if start is not None and mark == b"]" and keys[1:] == wanted:
                return [*parts, *filter(None, [data[start : token.start()].strip(_SPACE)])]
            keys.pop()
        elif mark == b":":
            key = last
        elif mark == b",":
            key = b""
            if start is not None and keys[1:] == wanted:
                parts.append(data[start : token.start()].strip(_SPACE))
                start = token.end()
        else:
            last = mark
    return []
