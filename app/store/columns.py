"""Column types that mean the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_STRICT = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_encode = json.JSONEncoder(separators=(",", ":")).encode

# "INTEGER PRIMARY KEY" is the row's own address in SQLite; "BIGINT PRIMARY KEY" would be a second tree.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970.

    One integer on both databases: no session time zone, no text forms to compare, and the
    years 1 to 9999 come back as they went in. Naive datetimes are refused.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """An aware datetime to microseconds."""
        del dialect
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds to a datetime in UTC."""
        del dialect
        return None if value is None else EPOCH + value * MICROSECOND


class ReceivedText(TypeDecorator[str]):
    """Text that somebody sent us, kept as UTF-8 bytes.

    PostgreSQL refuses NUL in text and neither driver encodes a lone surrogate, but JSON can
    carry both and what was received must come back unchanged. Compares for equality as text does.
    """

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Text to bytes."""
        del dialect
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Bytes to text."""
        del dialect
        return None if value is None else value.decode("utf-8", "surrogatepass")


class Json(TypeDecorator[Any]):
    """Compact JSON as text. NUL and lone surrogates are escapes in it, and survive."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """A value to JSON."""
        del dialect
        if value is None:
            return None
        try:
            # Ten times as fast, but it refuses lone surrogates and makes null of NaN and infinity.
            quick = orjson.dumps(value, option=_STRICT)
        except TypeError:
            return _encode(value)
        return _encode(value) if b"null" in quick else quick.decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401 - JSON is anything
        """JSON to a value."""
        del dialect
        return None if value is None else json.loads(value)
