"""Pages: the cold part of a version, compressed."""

import codecs
import zlib
from collections.abc import Collection
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.model import Passage, Repeat, RepeatKind, Role, Span
from app.model import PageRow, VersionKey
from app.store.engine import Tx
from app.store.statements import Values, rows_in
from app.store.tables import page

_PAGES = sa.select(page)


def load_pages(tx: Tx, versions: Collection[VersionKey]) -> dict[VersionKey, PageRow]:
    """Pages by version."""
    return {row.version: _page(row) for row in rows_in(tx, _PAGES, page.c.version, versions)}


def load_readable(tx: Tx, versions: Collection[VersionKey]) -> dict[VersionKey, PageRow | None]:
    """Pages by version; None for one that cannot be unpacked any more: its bytes are damaged."""
    found: dict[VersionKey, PageRow | None] = {}
    for row in rows_in(tx, _PAGES, page.c.version, versions):
        try:
            found[row.version] = _page(row)
        except (zlib.error, ValueError, TypeError, KeyError):
            found[row.version] = None
    return found


def received_after(
    tx: Tx, version: VersionKey, *, upto: int, most: int, most_bytes: int
) -> list[tuple[VersionKey, bytes]]:
    """The next submissions as received, still packed: at most so many, and one or at most so many bytes."""
    next_ = (page.c.version > version) & (page.c.version <= upto)
    sizes = sa.select(page.c.version, sa.func.length(page.c.raw)).where(next_).order_by(page.c.version)
    wanted: list[VersionKey] = []
    for key, size in tx.connection.execute(sizes.limit(most)).all():
        most_bytes -= size
        if wanted and most_bytes < 0:
            break
        wanted.append(key)
    packed = sa.select(page.c.version, page.c.raw)
    found = {row.version: row.raw for row in rows_in(tx, packed, page.c.version, wanted)}
    return [(key, found[key]) for key in wanted]


def unpack(raw: bytes) -> bytes:
    """A submission as received, of what ``received_after`` gives.

    Without a byte order mark, which is no part of a JSON text (RFC 8259, 8.1): this one stands within others.
    """
    return zlib.decompress(raw).removeprefix(codecs.BOM_UTF8)


def page_values(row: PageRow) -> Values:
    """A page's columns. Its text is kept only where the received JSON does not carry it as it is."""
    text = None if _text_in(row.raw) == row.text else row.text.encode("utf-8", "surrogatepass")
    return {
        "version": row.version,
        "url": row.url,
        "byline": row.byline,
        "dateline_place": row.dateline_place,
        "dateline_date": row.dateline_date,
        "provenance": row.provenance,
        "passages": [[passage.role.value, *passage.span] for passage in row.passages],
        "repeats": [
            [r.kind.value, list(r.removed), r.kept and list(r.kept), r.similarity] for r in row.repeats
        ],
        "removed": [list(span) for span in row.removed],
        "text": None if text is None else _compress(text),
        "raw": _compress(row.raw),
    }


def _compress(data: bytes) -> bytes:
    # Under the ingest lock. Most of zlib's time on 3 KB goes into setting up its tables: with small ones it
    # takes 64 µs instead of 124, and gives the same bytes.
    packer = zlib.compressobj(level=3, wbits=13, memLevel=6)
    return packer.compress(data) + packer.flush()


def _text_in(raw: bytes) -> str | None:
    try:
        item = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    text = item.get("text") if isinstance(item, dict) else None
    return text if isinstance(text, str) else None


def _page(row: Row[*tuple[Any, ...]]) -> PageRow:
    raw = unpack(row.raw)
    text = _text_in(raw) if row.text is None else zlib.decompress(row.text).decode("utf-8", "surrogatepass")
    if text is None:
        raise ValueError(f"The text of version {row.version} is neither stored nor in what was received.")
    return PageRow(
        version=row.version,
        raw=raw,
        text=text,
        url=row.url,
        byline=row.byline,
        dateline_place=row.dateline_place,
        dateline_date=row.dateline_date,
        provenance=row.provenance,
        passages=tuple(Passage(Role(role), Span(start, end)) for role, start, end in row.passages),
        repeats=tuple(
            Repeat(RepeatKind(kind), Span(*removed), Span(*kept) if kept else None, similarity)
            for kind, removed, kept, similarity in row.repeats
        ),
        removed=tuple(Span(*span) for span in row.removed),
    )
