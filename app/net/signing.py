"""Signatures of outgoing webhooks, by Standard Webhooks (https://www.standardwebhooks.com)."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

SECRET_BYTES = 32
_PREFIX = "whsec_"


def shown(secret: bytes) -> str:
    """A secret as its receiver is given it."""
    return _PREFIX + base64.b64encode(secret).decode()


def signed_headers(message: str, body: bytes, secrets: Sequence[bytes], now: datetime) -> dict[str, str]:
    """The three header fields that go with a message. One signature for each secret, the newest first."""
    seconds = now.astimezone(UTC).replace(microsecond=0)
    signatures = [Webhook(secret).sign(message, seconds, body.decode()) for secret in secrets]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(seconds.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
