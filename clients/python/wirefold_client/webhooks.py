"""Verifies webhooks by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256, ``v1``."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from typing import Protocol

from wirefold_client.events import Event, event_of
from wirefold_client.problems import BadSignature, UnexpectedAnswer

TOLERANCE_S = 300
_PREFIX = "whsec_"


class Headers(Protocol):
    """Header fields as any framework has them: a dict, a message of http.server, a request's headers."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values."""


def verify_webhook(
    secret: str,
    headers: Headers,
    body: bytes,
    *,
    tolerance_s: float = TOLERANCE_S,
    now: float | None = None,
) -> Event:
    """The event of a request's body, to the byte as it came. A test's event has the position 0.

    Raises BadSignature unless it was signed by ``secret`` (``whsec_…``) within ``tolerance_s`` seconds of
    ``now``: seconds since 1970, the clock's where None. The same event may come twice: drop a ``webhook-id``
    you have had.
    """
    told = {name.lower(): value for name, value in headers.items()}
    try:
        message, sent_at, signatures = (told[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        seconds = int(sent_at)
    except (KeyError, ValueError):
        raise BadSignature(
            "webhook-id, webhook-timestamp or webhook-signature is missing or broken."
        ) from None
    given = [each.partition(",")[2].encode() for each in signatures.split() if each.startswith("v1,")]
    expected = _signature(secret, f"{message}.{sent_at}.".encode() + body)
    # Each is compared, in a time that does not tell how much of it is right.
    if sum(hmac.compare_digest(expected, each) for each in given) == 0:
        raise BadSignature("It is not signed by this secret.")
    if abs((time.time() if now is None else now) - seconds) > tolerance_s:
        raise BadSignature(f"It was sent more than {tolerance_s:.0f} seconds ago, or a clock is wrong.")
    return _event(body)


def _signature(secret: str, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise BadSignature("The secret is no Standard Webhooks secret: whsec_ and Base64.") from None
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())


def _event(body: bytes) -> Event:
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(data, dict):
        raise UnexpectedAnswer("It is signed, and carries no event.")
    return event_of({"position": 0, **data, "type": told.get("type"), "at": told.get("timestamp")})
