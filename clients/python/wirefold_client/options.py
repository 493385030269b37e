"""What both clients have in common but for the way they wait: their defaults, and requests for httpx."""

from typing import Any, TypedDict

import httpx

from wirefold_client.calls import Call

TIMEOUT_S = 60.0
CONNECT_S = 10.0
WAIT_S = 30.0
CHUNK_ITEMS = 200
CHUNK_BYTES = 4 * 1024 * 1024


class Options(TypedDict):
    """Arguments of either client of httpx."""

    base_url: str
    headers: dict[str, str]
    timeout: httpx.Timeout
    follow_redirects: bool


def options(url: str, key: str | None, timeout_s: float) -> Options:
    """Redirects are followed by us: the key goes to no other service."""
    headers = {"accept": "application/json", "user-agent": "wirefold-client"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_S))
    return Options(base_url=url, headers=headers, timeout=timeout, follow_redirects=False)


def request_of(http: httpx.Client | httpx.AsyncClient, call: Call[Any]) -> httpx.Request:
    """A call as a request; one that the service is to hold is waited for so much longer."""
    timeout = http.timeout
    if call.held_s and timeout.read is not None:
        timeout = httpx.Timeout(**timeout.as_dict() | {"read": timeout.read + call.held_s})
    return http.build_request(
        call.method,
        call.path,
        params=call.params or None,
        headers=call.headers,
        content=call.content,
        timeout=timeout,
    )
