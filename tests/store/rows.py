"""Rows with defaults, and strategies that make odd ones."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.dedup.model import (
    Facts,
    Fingerprint,
    Passage,
    Relation,
    Repeat,
    RepeatKind,
    RevisionKind,
    Role,
    Span,
    TagKind,
    WireTag,
)
from app.model import (
    ArticleRow,
    Batch,
    ChangeRow,
    DecisionRow,
    EdgeRow,
    IdentityKey,
    MembershipRow,
    PageRow,
    PostingRow,
    Related,
    Status,
    StoryRow,
    VersionRow,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def batch(**parts):
    return Batch(**parts)


def article(key=1, **changes):
    values = {
        "key": key,
        "id": f"a{key:06}",
        "source": "reuters.com",
        "external_id": f"guid-{key}",
        "founder": key,
        "current": key,
        "created_at": NOW,
        "created_position": key,
    }
    return ArticleRow(**(values | changes))


def version(key=1, **changes):
    values = {
        "key": key,
        "article": key,
        "number": 1,
        "position": key,
        "received_at": NOW,
        "published_at": None,
        "updated_at": None,
        "declared": None,
        "status": Status.USABLE,
        "embargoed_until": None,
        "released": True,
        "content": b"c" * 16,
        "title": "Kosovo police fire tear gas",
        "facts": Facts(source="reuters.com"),
        "word_count": 388,
    }
    return VersionRow(**(values | changes))


def page(key=1, **changes):
    values = {
        "version": key,
        "raw": b'{"text": "One two."}',
        "text": "One two.",
        "url": None,
        "byline": None,
        "dateline_place": None,
        "dateline_date": None,
        "provenance": None,
        "passages": (),
        "repeats": (),
        "removed": (),
    }
    return PageRow(**(values | changes))


def fingerprint(seed=1, **changes):
    random = np.random.default_rng(seed)
    values = {
        "profile": "p1",
        "words": random.integers(0, 2**32, 388, dtype=np.uint32),
        "flags": random.integers(0, 255, 388, dtype=np.uint8),
        "title": random.integers(0, 2**32, 9, dtype=np.uint32),
        "signature": random.integers(0, 2**32, 128, dtype=np.uint32),
        "lead_signature": random.integers(0, 2**32, 128, dtype=np.uint32),
        "keys": np.sort(random.integers(0, 2**64, 32, dtype=np.uint64)),
        "digest": b"d" * 16,
    }
    return Fingerprint(**(values | changes))


def story(founder=1, **changes):
    values = {
        "founder": founder,
        "id": f"c{founder:06}",
        "canonical": founder,
        "members": 1,
        "first_seen": NOW,
        "last_seen": NOW,
        "founded_position": founder,
        "changed_position": founder,
    }
    return StoryRow(**(values | changes))


def move(article=1, founder=None, since=None, **changes):
    values = {
        "article": article,
        "founder": article if founder is None else founder,
        "since": article if since is None else since,
        "by": "ingest",
        "why": "new",
    }
    return MembershipRow(**(values | changes))


def edge(a=2, b=1, **changes):
    values = {
        "a": a,
        "b": b,
        "version_a": a,
        "version_b": b,
        "relation": Relation.COPY,
        "revision_kind": None,
        "weight": 4.5,
        "jaccard": 0.9,
        "containment": 0.98,
        "position": a,
    }
    return EdgeRow(**(values | changes))


def decision(key=1, **changes):
    values = {
        "version": key,
        "position": key,
        "relation": Relation.NEW,
        "revision_kind": None,
        "matched": None,
        "matched_id": None,
        "jaccard": 0.0,
        "containment": 0.0,
        "probability": 1.0,
        "rule": "nothing-like-it",
        "reasons": (),
        "signals": {},
        "related": (),
        "profile": "p1",
        "policy": "1",
        "furniture": "0",
    }
    return DecisionRow(**(values | changes))


def change(position=1, **changes):
    values = {"position": position, "type": "article.stored", "at": NOW, "payload": {"article": "a000001"}}
    return ChangeRow(**(values | changes))


def posting(seq=1, keys=(1, 2, 3), profile="p1", version=None):
    packed = np.sort(np.array(keys, dtype="<u8")).tobytes()
    return PostingRow(seq=seq, profile=profile, version=seq if version is None else version, keys=packed)


def newcomer(key=1, *, founder=None):
    """A batch that stores one article in full: its own story, or a member of an earlier one."""
    home = key if founder is None else founder
    batch = Batch(
        articles=[article(key, founder=home)],
        identities={IdentityKey(key.to_bytes(16, "big")): key},
        urls=[((key + 1_000_000).to_bytes(16, "big"), key)],
        versions=[version(key)],
        pages=[page(key)],
        fingerprints=[(key, fingerprint(key))],
        postings=[posting(key)],
        moves=[move(key, home)],
        decisions=[decision(key)],
        changes=[change(key)],
    )
    if founder is None:
        batch.stories[key] = story(key)
    else:
        batch.edges.append(edge(key, founder))
    return batch


def together(*batches):
    """One batch of several."""
    whole = Batch()
    for batch in batches:
        for name in Batch.__slots__:
            into, more = getattr(whole, name), getattr(batch, name)
            (into.update if isinstance(into, dict) else into.extend)(more)
    return whole


# --------------------------------------------------------------------------------------------- strategies
# Lone surrogates and NUL are what received text may hold and databases refuse.
odd_text = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["\x00", "\ud800", "a\x00b", "\udfff\x00", "İ", "e\u0301", "𐍈", "\ufeff", "' OR 1 --", "%s {x}"]
)
maybe_text = st.none() | odd_text
times = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ]
)
counts = st.integers(0, 2**31 - 1)
positions = st.integers(0, 2**62)
shares = st.floats(0, 1)
spans = st.tuples(counts, counts).map(lambda pair: Span(*sorted(pair)))
kinds = st.none() | st.sampled_from(RevisionKind)
hashes = hnp.arrays(np.uint32, st.integers(0, 20))
digests = st.binary(min_size=16, max_size=16)


@st.composite
def versions(draw):
    published = draw(st.none() | times)
    tag = st.builds(WireTag, st.sampled_from(TagKind), st.none() | counts)
    facts = Facts(
        source=draw(odd_text),
        language=draw(maybe_text),
        published_at=None if published is None else published.timestamp(),
        agency=draw(maybe_text),
        slug=draw(maybe_text),
        genre=draw(maybe_text),
        tag=draw(st.none() | tag),
        place=draw(maybe_text),
        filed_on=draw(maybe_text),
    )
    return version(
        position=draw(positions),
        received_at=draw(times),
        published_at=published,
        updated_at=draw(st.none() | times),
        declared=draw(maybe_text),
        status=draw(st.sampled_from(Status)),
        embargoed_until=draw(st.none() | times),
        released=draw(st.booleans()),
        content=draw(digests),
        title=draw(odd_text),
        facts=facts,
        word_count=draw(counts),
    )


articles = st.builds(
    article,
    id=st.text("abc123", min_size=1),
    source=odd_text,
    external_id=maybe_text,
    created_at=times,
    created_position=positions,
)
pages = st.builds(
    page,
    raw=st.binary(max_size=60)
    | odd_text.map(lambda t: b'{"text":"' + t.encode("utf-8", "surrogatepass") + b'"}'),
    text=odd_text,
    url=maybe_text,
    byline=maybe_text,
    dateline_place=maybe_text,
    dateline_date=maybe_text,
    provenance=maybe_text,
    passages=st.lists(st.builds(Passage, st.sampled_from(Role), spans), max_size=3).map(tuple),
    repeats=st.lists(
        st.builds(Repeat, st.sampled_from(RepeatKind), spans, st.none() | spans, shares), max_size=3
    ).map(tuple),
    removed=st.lists(spans, max_size=3).map(tuple),
)
fingerprints = st.builds(
    fingerprint,
    words=hashes,
    flags=hnp.arrays(np.uint8, st.integers(0, 20)),
    title=hashes,
    signature=hashes,
    lead_signature=hashes,
    keys=hnp.arrays(np.uint64, st.integers(0, 20)),
    digest=digests,
)
stories = st.builds(
    story,
    canonical=st.none() | positions,
    members=counts,
    first_seen=times,
    last_seen=times,
    founded_position=positions,
    changed_position=positions,
)
edges = st.builds(
    edge,
    relation=st.sampled_from(Relation),
    revision_kind=kinds,
    weight=st.floats(allow_nan=False),
    jaccard=shares,
    containment=shares,
)
decisions = st.builds(
    decision,
    relation=st.sampled_from(Relation),
    revision_kind=kinds,
    matched=st.none() | positions,
    matched_id=st.none() | st.text("abc123"),
    jaccard=shares,
    containment=shares,
    probability=shares,
    rule=st.text("abc-"),
    reasons=st.lists(odd_text, max_size=3).map(tuple),
    signals=st.dictionaries(odd_text, st.floats(allow_nan=False), max_size=3),
    related=st.lists(
        st.builds(Related, st.text("abc123"), st.sampled_from(Relation), shares), max_size=2
    ).map(tuple),
)
