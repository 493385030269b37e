"""Who may call: API keys with scopes, and the rule for the time before the first key exists.

Until then a caller on this machine needs no key. A request that a proxy passed on (it has forwarding header
fields) is not from this machine whatever its peer says, nor is one that names another host (a page whose
name was pointed at loopback) or comes from a page of another site.
"""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

from app.api.problems import CrossSite, Forbidden, Unauthenticated
from app.services.keys import digest
from app.store import api_keys
from app.store.engine import Store
from app.store.sight import EVERYTHING, PUBLIC, Sight

KNOWN_FOR_S = 5.0
"""A revoked key, or the secret before a rotation, is refused after this long at the latest."""
LISTED_FOR_S = 1.0
"""Where its address has guessed too often, a key that another process made is known after this long."""
_NOTED_EVERY = timedelta(hours=1)
_MOST_KNOWN = 10_000
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_HINT = "Send Authorization: Bearer <key>."


class Scope(StrEnum):
    """What a key allows. ``admin`` allows everything."""

    INGEST = "ingest"
    READ = "read"
    CURATE = "curate"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking."""

    id: str
    scopes: frozenset[str]
    sources: tuple[str, ...] | None = None
    """The sources that the key is bound to (``store.sight.covers``); none where it is for all."""
    requests_per_minute: int | None = None
    """None where the setting holds; 0 for no limit, here and below."""
    articles_per_day: int | None = None

    def may(self, *scopes: Scope) -> bool:
        """Whether any of these is allowed."""
        return not self.scopes.isdisjoint({*scopes, Scope.ADMIN})

    @property
    def sight(self) -> Sight:
        """What the caller sees of texts that are not out: every service that reads takes it."""
        if Scope.ADMIN in self.scopes:
            return EVERYTHING
        if Scope.READ in self.scopes and self.sources is not None:
            return Sight(sources=self.sources)
        return PUBLIC


LOCAL = Caller("local", frozenset(Scope), requests_per_minute=0, articles_per_day=0)


class KeyRing:
    """API keys as the database has them, remembered for a few seconds. Guesses are not remembered."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._known: dict[bytes, tuple[float, Caller | None]] = {}
        self._listed: tuple[float, frozenset[bytes]] = (0.0, frozenset())
        self._any: tuple[float, bool] = (0.0, False)

    def recall(self, secret: str) -> Caller | None:
        """The caller of a key seen lately, without asking the database."""
        until, caller = self._known.get(digest(secret), (0.0, None))
        return caller if until > time.monotonic() else None

    def find(self, secret: str) -> Caller | None:
        """The caller of a key; none where it does not exist, was revoked, or has expired."""
        hashed, now = digest(secret), self._now()
        with self._store.read() as tx:
            row = api_keys.find_by_hash(tx, hashed)
        until = row.usable_until(hashed) if row is not None else None
        if row is None or row.revoked_at is not None or (until is not None and until <= now):
            self._known.pop(hashed, None)
            return None
        if self._is_news(row.last_used_at):
            with self._store.write() as tx:
                api_keys.touch(tx, row.id, now=now)
        caller = Caller(
            id=row.id,
            scopes=frozenset(row.scopes),
            sources=row.sources,
            requests_per_minute=row.requests_per_minute,
            articles_per_day=row.articles_per_day,
        )
        for_s = KNOWN_FOR_S if until is None else min(KNOWN_FOR_S, (until - now).total_seconds())
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[hashed] = (time.monotonic() + for_s, caller)
        return caller

    def is_familiar(self, secret: str) -> bool:
        """Whether a key was good when it was last looked at: it is no guess, even where many guess."""
        return digest(secret) in self._known

    def is_listed(self, secret: str) -> bool:
        """Whether a key is among all that are good, of a list that is read once a second at the most.

        What many wrong keys may cost: they are told from good ones without asking the database for each.
        """
        until, listed = self._listed
        if until <= time.monotonic():
            with self._store.read() as tx:
                listed = api_keys.usable_digests(tx, self._now())
            self._listed = (time.monotonic() + LISTED_FOR_S, listed)
        return digest(secret) in listed

    def recall_any(self) -> bool | None:
        """Whether any key ever existed, where that is known without asking. Once true, always true."""
        until, there = self._any
        return there if there or until > time.monotonic() else None

    def any(self) -> bool:
        """Whether any key ever existed."""
        with self._store.read() as tx:
            there = api_keys.count(tx) > 0
        self._any = (time.monotonic() + KNOWN_FOR_S, there)
        return there

    def forget(self) -> None:
        """Keys were made or ended: look again. Other processes do within ``KNOWN_FOR_S``."""
        # They stay familiar: who guesses meanwhile must not lock out those that go on being good.
        self._known = {hashed: (0.0, caller) for hashed, (_, caller) in list(self._known.items())}
        self._listed = (0.0, self._listed[1])
        self._any = (0.0, self._any[1])

    def _is_news(self, last_used_at: datetime | None) -> bool:
        return last_used_at is None or self._now() - last_used_at > _NOTED_EVERY


def bearer(headers: Headers) -> str | None:
    """The key a request carries."""
    kind, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() or None if kind.lower() == "bearer" else None


def refuse_strangers(request: Request, allowed_origins: tuple[str, ...]) -> None:
    """While no key exists: raise unless a program on this machine is asking."""
    headers = request.headers
    if request.client is None or not is_loopback(request.client.host):
        raise Unauthenticated("Only callers on this machine need no key.", fix=_HINT)
    if any(name in headers for name in _FORWARDED):
        raise Unauthenticated("A request that was passed on needs a key.", fix=_HINT)
    host = headers.get("host", "")
    if not is_loopback(urlsplit(f"//{host}").hostname or ""):
        raise Unauthenticated("A request for another host name needs a key.", fix=_HINT)
    origin = headers.get("origin")
    if origin and origin not in allowed_origins and urlsplit(origin).netloc != host:
        raise CrossSite("Pages of other sites may not call.", fix="Name the origin in WIREFOLD_CORS_ORIGINS.")
    if headers.get("sec-fetch-site") == "cross-site" and origin not in allowed_origins:
        raise CrossSite("Pages of other sites may not call.", fix="Name the origin in WIREFOLD_CORS_ORIGINS.")


def refuse_scope(caller: Caller, *scopes: Scope) -> None:
    """Raise unless the caller's key has one of these scopes."""
    if not caller.may(*scopes):
        wanted = " or ".join(scopes)
        raise Forbidden(
            f"This needs a key with the scope {wanted}.", fix="Use or make a key with that scope."
        )


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
