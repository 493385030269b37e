"""How much one request may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of bodies, items and pages. Bytes are counted after unpacking."""

    item_bytes: int
    text_bytes: int
    batch_bytes: int
    batch_items: int
    batch_group: int
    depth: int
    gzip_ratio: int
