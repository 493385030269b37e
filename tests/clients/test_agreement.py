"""The client, the service and its documentation speak of the same things."""

import dataclasses
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import standardwebhooks

import wirefold_client
from app.api.schemas import article, canonical
from app.events import PAYLOADS
from app.parsing.submission import FIELDS
from wirefold_client import BadSignature, StoryCorrected, models, verify_webhook
from wirefold_client.events import TYPES, Event

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = (
    b'{"type":"story.corrected","timestamp":"2026-03-03T09:30:04Z",'
    b'"data":{"canonical_id":"can_1","article_id":"art_1","version":2,"position":7}}'
)


def test_every_event_has_a_class_with_all_it_carries():
    envelope = {each.name for each in dataclasses.fields(Event)}
    known = {
        name: {each.name for each in dataclasses.fields(kind)} - envelope for name, kind in TYPES.items()
    }
    told = {kind.value: set(payload.__annotations__) for kind, payload in PAYLOADS.items()}
    assert {name: known.get(name) for name in told} == told
    assert {kind.__name__ for kind in TYPES.values()} <= set(wirefold_client.__all__)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (models.Answer, article.ArticleAnswer),
        (models.Checked, article.CheckAnswer),
        (models.Article, article.ArticleOut),
        (models.Canonical, canonical.CanonicalOut),
        (models.Story, canonical.CanonicalSummary),
        (models.Member, canonical.MemberOut),
        (models.Chosen, canonical.ChosenOut),
    ],
)
def test_what_is_read_is_what_is_answered(ours, theirs):
    names = {each.name for each in dataclasses.fields(ours)} - {"replayed", "asked_for"}
    assert names <= set(theirs.model_fields)


def test_every_field_of_a_submission_can_be_sent():
    assert {each.name for each in dataclasses.fields(models.Submission)} == set(FIELDS)


def test_the_client_needs_nothing_but_httpx():
    project = tomllib.loads((ROOT / "clients" / "python" / "pyproject.toml").read_text("utf-8"))["project"]
    assert [each.split(">")[0] for each in project["dependencies"]] == [httpx.__name__]


def signed(at: datetime, secret: str = SECRET, body: bytes = BODY) -> dict[str, str]:
    """Headers as the library of Standard Webhooks makes them."""
    signature = standardwebhooks.Webhook(secret).sign("msg_1", at, body.decode())
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature,
    }


NOW = datetime(2026, 3, 3, 9, 30, 5, tzinfo=UTC)


def test_a_signed_webhook_is_an_event():
    event = verify_webhook(SECRET, signed(NOW), BODY, now=NOW.timestamp() + 299)
    assert isinstance(event, StoryCorrected)
    assert (event.canonical_id, event.version, event.position) == ("can_1", 2, 7)


def test_one_good_signature_of_several_is_enough():
    headers = signed(NOW)
    other = signed(NOW, "whsec_" + "A" * 32)["Webhook-Signature"]
    headers["Webhook-Signature"] = f"v1a,xyz {other} {headers['Webhook-Signature']}"
    assert verify_webhook(SECRET, headers, BODY, now=NOW.timestamp()).type == "story.corrected"


@pytest.mark.parametrize(
    ("change", "body", "later_s"),
    [
        ({}, BODY.replace(b"can_1", b"can_2"), 0),
        ({}, BODY, 301),
        ({}, BODY, -301),
        ({"Webhook-Id": "msg_2"}, BODY, 0),
        ({"Webhook-Timestamp": "soon"}, BODY, 0),
        ({"Webhook-Signature": "v1,"}, BODY, 0),
        ({"Webhook-Signature": "v1,ü v2,x"}, BODY, 0),
        (signed(NOW, "whsec_" + "A" * 32), BODY, 0),
    ],
)
def test_a_webhook_that_was_not_sent_like_that_is_not_believed(change, body, later_s):
    with pytest.raises(BadSignature):
        verify_webhook(SECRET, signed(NOW) | change, body, now=NOW.timestamp() + later_s)


@pytest.mark.parametrize("missing", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
def test_a_webhook_without_its_headers_is_not_believed(missing):
    headers = signed(NOW)
    del headers[missing]
    with pytest.raises(BadSignature):
        verify_webhook(SECRET, headers, BODY, now=NOW.timestamp())
