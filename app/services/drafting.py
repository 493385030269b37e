"""A submission becomes a draft: parsed, cleaned, fingerprinted. Pure but for the parsers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

import structlog

from app.dedup.clean import clean
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Cleaned, Facts, Fingerprint, Page, TagKind, WireTag
from app.dedup.outline import Outline
from app.dedup.profile import Profile
from app.dedup.wiretags import read_signals
from app.errors import WirefoldError
from app.model import Document, IdentityKey, Status, Submission
from app.parsing.document import identity_key, parse

log = structlog.get_logger()


@dataclass(frozen=True, eq=False)
class Draft:
    """All that can be known of a submission by itself, before anything stored is looked at."""

    document: Document
    cleaned: Cleaned
    print: Fingerprint
    facts: Facts
    identity: IdentityKey
    content: bytes
    drawn: dict[int, Outline] = field(default_factory=dict, repr=False)

    @cached_property
    def replay(self) -> IdentityKey:
        """Under this identity with this content: finds a version again, whoever owns the identity now."""
        return IdentityKey(hashlib.blake2b(self.identity + self.content, digest_size=16).digest())

    @property
    def submission(self) -> Submission:
        """The submission as received."""
        return self.document.submission


Drafted: TypeAlias = Draft | WirefoldError
"""A draft, or what is wrong with the submission."""


def draft(submission: Submission, profile: Profile) -> Draft:
    """Parse, clean and fingerprint one submission. Raises InvalidSubmission."""
    document = parse(submission)
    published = _seconds(submission.published_at)
    cleaned = clean(
        Page(
            text=document.text,
            title=document.title,
            byline=submission.byline,
            agency=submission.agency,
            ed_note=submission.ed_note,
            published_at=published,
        )
    )
    dateline = cleaned.dateline
    facts = Facts(
        source=submission.source,
        language=document.language,
        published_at=published,
        agency=cleaned.agency,
        slug=submission.slug,
        genre=submission.genre,
        tag=_tag(submission, cleaned),
        place=dateline.place if dateline else None,
        filed_on=dateline.date if dateline else None,
    )
    return Draft(
        document=document,
        cleaned=cleaned,
        print=take_fingerprint(cleaned, profile),
        facts=facts,
        identity=identity_key(document),
        content=content_digest(
            text=document.text,
            title=document.title,
            status=submission.status,
            embargoed_until=submission.embargoed_until,
            version=submission.version,
            updated_at=submission.updated_at,
        ),
    )


def warm_up(profile: Profile) -> None:
    """Load what the first draft would have to wait for: the signature's and the extractor's libraries."""
    page = (
        "<html><body><article><p>The pier will reopen in May, the harbour said.</p></article></body></html>"
    )
    draft(Submission(raw=b"{}", source="warm-up", title="", html=page), profile)


def draft_all(submissions: Sequence[Submission], profile: Profile) -> list[Drafted]:
    """A draft of each submission, or what is wrong with it, in order."""
    drafted: list[Drafted] = []
    for submission in submissions:
        try:
            drafted.append(draft(submission, profile))
        except WirefoldError as error:
            drafted.append(error)
        except Exception:
            # A text that finds a fault of ours is that text's problem, not its neighbours'.
            log.exception("draft failed", source=submission.source, external_id=submission.external_id)
            drafted.append(WirefoldError("The article could not be read. This is a fault of the service."))
    return drafted


def _tag(submission: Submission, cleaned: Cleaned) -> WireTag | None:
    """What a version declares of itself: by its status, in its text, else by its signals."""
    if submission.status is Status.CANCELED:
        return WireTag(TagKind.WITHDRAWAL)
    return cleaned.tag or read_signals(submission.signals)


def content_digest(
    *,
    text: str,
    title: str,
    status: Status,
    embargoed_until: datetime | None,
    version: str | None,
    updated_at: datetime | None,
) -> bytes:
    """What makes a replay: text, title, status, embargo and version fields, and nothing else. 16 bytes."""
    parts = (text, title, status, str(embargoed_until or ""), version or "", str(updated_at or ""))
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.digest()


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
