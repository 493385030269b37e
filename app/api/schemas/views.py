"""What the services read, as it is answered."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from app.api.schemas.article import (
    ArticleOut,
    AsOfOut,
    DecisionOut,
    PassageOut,
    ReceivedOut,
    RelatedOut,
    RelationOut,
    RepeatOut,
    SpanOut,
    VersionOut,
    VersionSummary,
    dateline_of,
)
from app.api.schemas.canonical import (
    CanonicalOut,
    CanonicalSummary,
    ChosenOut,
    MemberOut,
    PinOut,
    StaleNoteOut,
)
from app.dedup.model import Span
from app.model import VersionRow
from app.services.as_of import Moment
from app.services.views import ArticleView, Chosen, Member, StoryPage, StoryView, VersionView
from app.store.reading import Compared


def article_out(view: ArticleView, moment: Moment | None = None) -> ArticleOut:
    """An article."""
    current = view.current
    return ArticleOut(
        **_version_members(current, is_current=True),
        canonical_id=view.story.id,
        is_canonical=view.story.canonical == current.version.key and not current.version.withdrawn,
        relation=_relation(view.relation),
        withdrawn_by=view.withdrawn_by,
        created_at=current.article.created_at,
        versions=[_summary(row, is_current=row.key == current.version.key) for row in view.versions],
        as_of=as_of_out(moment),
    )


def version_out(view: VersionView, *, is_current: bool) -> VersionOut:
    """One version."""
    return VersionOut(**_version_members(view, is_current=is_current))


def canonical_out(page: StoryPage, moment: Moment | None = None) -> CanonicalOut:
    """A story with a page of members."""
    return CanonicalOut(
        **dict(canonical_summary(page.view)),
        source_count=page.sources,
        pinned=None if page.pinned is None else PinOut(**asdict(page.pinned)),
        stale=None if page.stale is None else StaleNoteOut(id=page.stale.id, reason=page.stale.reason),
        members=members_out(page.members),
        next=None if page.more is None else str(page.more),
        as_of=as_of_out(moment),
    )


def as_of_out(moment: Moment | None) -> AsOfOut | None:
    """The time that an answer is about; none where that is now."""
    return None if moment is None else AsOfOut(position=moment.position, at=moment.at)


def canonical_summary(view: StoryView) -> CanonicalSummary:
    """A story, without its members."""
    # What is taken back never speaks for a story again, also where nothing else is left of it.
    withdrawn = view.chosen is not None and view.chosen.version.withdrawn
    return CanonicalSummary(
        canonical_id=view.story.id,
        canonical=None if view.chosen is None or withdrawn else _chosen(view.chosen),
        withdrawn=withdrawn,
        member_count=view.story.members,
        first_seen=view.story.first_seen,
        last_seen=view.story.last_seen,
    )


def members_out(members: Sequence[Member]) -> list[MemberOut]:
    """Members of a story."""
    return [_member(each) for each in members]


def clean(text: str, removed: Sequence[Span]) -> str:
    """A text with spans deleted."""
    kept: list[str] = []
    at = 0
    for span in sorted(removed):
        kept.append(text[at : span.start])
        at = max(at, span.end)
    kept.append(text[at:])
    return "".join(kept)


def _version_members(view: VersionView, *, is_current: bool) -> dict[str, object]:
    version, page = view.version, view.page
    return {
        **_summary_members(version, is_current=is_current),
        "article_id": view.article.id,
        "source": version.facts.source,
        "external_id": view.article.external_id,
        "language": version.facts.language,
        "agency": version.facts.agency,
        "byline": page.byline,
        "dateline": dateline_of(page.dateline_place, page.dateline_date),
        "provenance": page.provenance,
        "word_count": version.word_count,
        "text": page.text,
        "clean_text": clean(page.text, page.removed),
        "passages": [PassageOut.of(each) for each in page.passages],
        "repeats": [RepeatOut.of(each) for each in page.repeats],
        "removed": [SpanOut.of(each) for each in page.removed],
        "decision": DecisionOut.of(view.decision),
        "received": _received(view),
        "related": [RelatedOut.of(each) for each in view.decision.related],
    }


def _received(view: VersionView) -> ReceivedOut:
    row, raw = view.received, view.page.raw
    if row is None:
        digest = hashlib.sha256(raw).hexdigest()
        return ReceivedOut(format="json", media_type="application/json", bytes=len(raw), sha256=digest)
    return ReceivedOut(format=row.format, media_type=row.media_type, bytes=row.size, sha256=row.sha256.hex())


def _summary(version: VersionRow, *, is_current: bool) -> VersionSummary:
    return VersionSummary(**_summary_members(version, is_current=is_current))


def _summary_members(version: VersionRow, *, is_current: bool) -> dict[str, object]:
    return {
        "version": version.number,
        "is_current": is_current,
        "received_at": version.received_at,
        "published_at": version.published_at,
        "updated_at": version.updated_at,
        "declared": version.declared,
        "status": version.status,
        "embargoed_until": version.embargoed_until,
        "title": version.title,
    }


def _chosen(chosen: Chosen) -> ChosenOut:
    facts = chosen.version.facts
    return ChosenOut(
        article_id=chosen.article.id,
        version=chosen.version.number,
        source=facts.source,
        title=chosen.version.title,
        url=chosen.url,
        language=facts.language,
        agency=facts.agency,
        status=chosen.version.status,
        published_at=chosen.version.published_at,
    )


def _member(member: Member) -> MemberOut:
    facts = member.version.facts
    return MemberOut(
        article_id=member.article.id,
        version=member.version.number,
        source=facts.source,
        external_id=member.article.external_id,
        title=member.version.title,
        url=member.url,
        language=facts.language,
        agency=facts.agency,
        status=member.version.status,
        published_at=member.version.published_at,
        received_at=member.version.received_at,
        is_canonical=member.is_canonical and not member.version.withdrawn,
        relation=_relation(member.relation),
        withdrawn_by=member.withdrawn_by,
    )


def _relation(compared: Compared | None) -> RelationOut | None:
    if compared is None:
        return None
    return RelationOut(
        relation=compared.relation,
        revision_kind=compared.revision_kind,
        jaccard=round(compared.jaccard, 4),
        containment=round(compared.containment, 4),
    )
