"""Every setting: its environment variable, type, safe default and what is refused.

Read once, in the composition root; docs/settings.md lists the same and a test compares. Names begin
with WIREFOLD_; only the database is also read from DATABASE_URL, where every platform puts it.
"""

import os
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.dedup.policy import PolicyName
from app.errors import WirefoldError
from app.net.addresses import read_allowed
from app.parsing.json_text import read_json

PREFIX = "WIREFOLD_"
MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """The service's configuration, checked."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", populate_by_name=True)

    database_url: str = Field(
        default="sqlite:///wirefold.db",
        validation_alias=AliasChoices("database_url", "DATABASE_URL", f"{PREFIX}DATABASE_URL"),
        description="SQLAlchemy URL of an SQLite file or a PostgreSQL database.",
        repr=False,
    )
    database_pool: int = Field(
        default=8, ge=3, le=200, description="Database connections a process may hold open."
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. Beyond loopback only once an API key exists.",
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object a line, or lines for people."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins whose pages may call the API from a browser, separated by commas; none may.",
    )
    max_item_bytes: int = Field(
        default=48 * MEBIBYTE, ge=1024, description="Largest JSON of one submission, and of one POST body."
    )
    max_text_bytes: int = Field(
        default=10 * MEBIBYTE, ge=1024, description="Largest `text` or `html` of a submission, in UTF-8."
    )
    max_batch_bytes: int = Field(
        default=1024 * MEBIBYTE, ge=1024, description="Largest batch, after unpacking."
    )
    max_batch_items: int = Field(default=50_000, ge=1, description="Most items of one batch.")
    max_json_depth: int = Field(default=32, ge=4, le=200, description="Deepest nesting of a submission.")
    max_gzip_ratio: int = Field(
        default=200, ge=10, description="How many times its size a compressed body may unpack to."
    )
    policy: PolicyName = Field(
        default=PolicyName.STANDARD, description="How readily articles are joined: strict, standard or loose."
    )
    policy_overrides: Annotated[Mapping[str, PolicyName], NoDecode] = Field(
        default={},
        description='Policies of single sources, as JSON: `{"wire.example": "strict"}`.',
    )
    review_from: float = Field(
        default=0.35,
        ge=0,
        le=1,
        description="Probability of one story from which a decision is listed for people …",
    )
    review_to: float = Field(default=0.65, ge=0, le=1, description="… and up to which it is.")
    batch_group: int = Field(
        default=100, ge=1, le=1000, description="Items of a batch that are stored in one transaction."
    )
    draft_processes: int | None = Field(
        default=None,
        ge=0,
        le=64,
        description="Processes that clean and fingerprint beside the one that stores; they begin with the"
        " first batch. Unset: one a core, at most three; on one core, and with `--workers`, none.",
    )
    queue_articles: int = Field(
        default=2000, ge=1, description="Articles that may wait to be stored; beyond, requests get 503."
    )
    idempotency_hours: int = Field(
        default=24, ge=1, le=24 * 30, description="How long the answer to an Idempotency-Key is kept."
    )
    followers: int = Field(
        default=500,
        ge=1,
        le=10_000,
        description="Clients of a process that may wait for changes or stream them; beyond, they get 503.",
    )
    longest_wait_s: float = Field(
        default=60,
        ge=0,
        le=60,
        description="The longest that a request for changes waits, whatever it asks for, in seconds.",
    )
    webhook_threads: int = Field(
        default=16,
        ge=2,
        le=200,
        description="Calls of webhooks under way at once; slow ones share half of them.",
    )
    webhook_timeout_s: float = Field(
        default=15, ge=1, le=60, description="How long a webhook may take to answer, in seconds."
    )
    webhook_disable_days: float = Field(
        default=5, ge=1, le=365, description="A webhook that fails for so long is not called any more."
    )
    webhook_log_days: float = Field(
        default=7, ge=1, le=365, description="How long the log of a webhook's deliveries is kept."
    )
    requests_per_minute: int = Field(
        default=0, ge=0, description="Requests a minute that a key may make of one process; 0 is no limit."
    )
    articles_per_day: int = Field(
        default=0, ge=0, description="Articles a day that a key may send, in UTC; 0 is no limit."
    )
    index_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="Days after which articles leave the index of what may be copied; 0 keeps all. They stay"
        " readable, and stories that still get copies stay findable.",
    )
    retention_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="Days that texts are kept of sources without a rule of their own; 0 is for ever.",
    )
    metrics_sources: int = Field(
        default=100, ge=0, le=10_000, description="Sources counted by name in the metrics; others as `other`."
    )

    outbound_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Hosts and networks inside that requests may go to, separated by commas; none.",
    )
    outbound_contact: str = Field(
        default="",
        max_length=200,
        pattern=r"^[!-'*-~]*$",
        description="Page or mail address that outbound requests name as their sender's.",
    )

    feed_workers: int = Field(
        default=2, ge=0, le=64, description="Feeds that `serve` pulls at once; 0 leaves them to others."
    )
    feed_least_s: int = Field(
        default=300, ge=60, le=86_400, description="A feed is never fetched more often than this …"
    )
    feed_most_s: int = Field(
        default=10_800, ge=60, le=86_400, description="… and a quiet one as often as this, unless it asks."
    )
    feed_host_gap_s: float = Field(
        default=2.0, ge=0, le=3_600, description="Pause between two requests to one host."
    )

    @field_validator("database_url")
    @classmethod
    def _durable(cls, url: str) -> str:
        kind, _, rest = url.partition("://")
        if kind.partition("+")[0] not in {"sqlite", "postgresql", "postgres"} or not rest:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if kind.startswith("sqlite") and (rest in {"/", "/:memory:"} or "mode=memory" in rest):
            raise ValueError("an SQLite database in memory would forget every article; name a file")
        return url

    @field_validator("cors_origins", "outbound_allow", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _named_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError(
                    f"{origin!r} is no origin such as https://news.example"
                    " (* would open the archive to every page its reader visits)"
                )
        return origins

    @field_validator("outbound_allow")
    @classmethod
    def _hosts_and_networks(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        read_allowed(entries)
        return entries

    @field_validator("policy_overrides", mode="before")
    @classmethod
    def _read_overrides(cls, value: object) -> object:
        if not isinstance(value, str) or not value.strip():
            return value or {}
        try:
            return read_json(value.encode("utf-8", "surrogateescape"))
        except WirefoldError as error:
            raise ValueError(f'{error.detail}; write JSON such as {{"wire.example": "strict"}}') from None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.max_text_bytes > self.max_item_bytes:
            raise ValueError("max_text_bytes is more than max_item_bytes")
        if self.max_item_bytes > self.max_batch_bytes:
            raise ValueError("max_item_bytes is more than max_batch_bytes")
        if self.review_from > self.review_to:
            raise ValueError("review_from is more than review_to")
        if self.feed_least_s > self.feed_most_s:
            raise ValueError("feed_least_s is more than feed_most_s")
        if self.batch_group > self.queue_articles:
            raise ValueError("batch_group is more than queue_articles")
        return self


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of the process's environment. A misspelt variable is refused, not ignored."""
    names = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise ValueError(f"There is no setting {', '.join(unknown)}; docs/settings.md lists them.")
    return Settings()
