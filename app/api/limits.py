"""How much one request may ask for."""

from dataclasses import dataclass

from app.parsing.submission import Bounds


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

    @property
    def bounds(self) -> Bounds:
        """What one article may have."""
        return Bounds(item_bytes=self.item_bytes, text_bytes=self.text_bytes, depth=self.depth)
