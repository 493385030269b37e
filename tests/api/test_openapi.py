"""The OpenAPI document: its snapshot is true, and the service keeps to it.

Write the snapshot anew with WRITE_SNAPSHOTS=1.
"""

import json
import os
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.api.problems import all_errors
from app.api.schemas.submission import EXAMPLE
from app.services.keys import Terms, make_key
from tests.api.conftest import JSON, raw

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
# Failures that no route declares: they happen outside of one, are the last result of a batch, or have heirs.
EVERYWHERE = {
    "too-many-items",
    "no-such-page",
    "method-not-allowed",
    "conflict",
    "invalid-submission",
}


def test_the_snapshot_is_what_the_service_answers(client):
    document = client.get("/openapi.json").json()
    if os.environ.get("WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(
            json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8"
        )
    assert json.loads(SNAPSHOT.read_text("utf-8")) == document, "run the tests with WRITE_SNAPSHOTS=1"


def test_every_failure_is_declared_by_some_route(client):
    declared = json.dumps(client.get("/openapi.json").json())
    assert {e.code for e in all_errors() if f"`{e.code}`" not in declared} <= EVERYWHERE


@pytest.fixture(scope="module")
def key(app):
    """Of an administrator: once a made-up request has made a first key, nothing is open without one."""
    _, secret = make_key(app.state.edge.ctx, Terms("test", ("admin",)), by="test")
    app.state.edge.keys.forget()
    return {"authorization": f"Bearer {secret}"}


def test_the_example_is_accepted(client, key):
    answer = client.post("/v1/check", content=raw(EXAMPLE), headers=JSON | key)
    assert answer.status_code == 200
    assert answer.json()["dateline"]["place"] == "PORT ELSA"


@pytest.fixture
def described(served):
    """The document as schemathesis reads it."""
    return schemathesis.openapi.from_url(f"{served}/openapi.json")


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


OPERATIONS = [
    (path, method)
    for path, item in json.loads(SNAPSHOT.read_text("utf-8"))["paths"].items()
    for method in item
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_service_keeps_to_its_document(described, key, path, method):
    @given(case=described[path][method].as_strategy())
    @settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
    def call(case):
        case.call_and_validate(
            headers=key,
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ],
        )

    call()
