"""The numbers and IDs by which things are known."""

from typing import NewType

ArticleKey = NewType("ArticleKey", int)
VersionKey = NewType("VersionKey", int)
Position = NewType("Position", int)
ArticleId = NewType("ArticleId", str)
CanonicalId = NewType("CanonicalId", str)
IdentityKey = NewType("IdentityKey", bytes)
"""16 bytes that stand for source + external ID, source + URL, or source + content."""
