import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.api.logs import configure_logs
from app.api.metrics import Metrics
from app.bootstrap import IdMaker, policies_of
from app.dedup.policy import LOOSE, STRICT
from app.errors import StorageUnavailable
from app.main import create_app
from app.settings import PREFIX, Settings, load_settings
from app.store import schema
from tests.api.conftest import JSON, Client, article, raw

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_service_says_that_it_lives_and_that_it_can_serve(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["schema_revision"]) == (200, schema.head_revision())


def test_a_database_of_another_schema_is_not_ready(tmp_path, runner):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    schema.migrate(url)
    schema.downgrade(url, "base")
    app = create_app(Settings(database_url=url, log_level="error"))
    answer = Client(app, runner).get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (500, "schema-mismatch")
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


def test_measurements_name_neither_source_nor_relation_of_what_is_not_out(client):
    def undisclosed():
        line = 'wirefold_articles_ingested_total{relation="undisclosed",source="undisclosed"} '
        told = client.get("/metrics").text.splitlines()
        return sum(float(each.removeprefix(line)) for each in told if each.startswith(line))

    before = undisclosed()
    first = article(2, source="held.example", external_id="2")
    held = {"embargoed_until": "2999-01-01T00:00:00Z"}
    for sent in (first | held, first | held, article(3, source="held.example", status="withheld")):
        assert client.post("/v1/articles", content=raw(sent), headers=JSON).status_code in (200, 201)
    assert "held.example" not in client.get("/metrics").text
    assert undisclosed() == before + 3


def test_measurements_do_not_tell_how_much_is_like_what_is_not_out(client):
    """Whoever looked twice could tell whether a text that waits is like something in print."""

    def compared():
        told = client.get("/metrics").text
        return sorted(line for line in told.splitlines() if line.startswith("wirefold_candidates_"))

    for source in ("gazette.example", "herald.example"):
        client.post("/v1/articles", content=raw(article(4, source=source)), headers=JSON)
    before = compared()
    for sent in ({"embargoed_until": "2999-01-01T00:00:00Z"}, {"status": "withheld"}):
        copy = article(4, source=f"{min(sent)}.example", **sent)
        assert client.post("/v1/articles", content=raw(copy), headers=JSON).status_code == 201
    assert compared() == before
    client.post("/v1/articles", content=raw(article(4, source="courier.example")), headers=JSON)
    assert compared() != before


def test_measurements_are_by_route_template_and_bounded_source(client):
    sent = raw(article(1, source="measured.example"))
    client.post("/v1/articles", content=sent, headers=JSON)
    client.post("/v1/articles", content=sent, headers=JSON)
    client.post("/v1/articles", content=b"{}", headers=JSON)
    client.get("/v1/articles/art_unknown")
    text = client.get("/metrics").text
    assert 'route="/v1/articles/{article_id}",status="404"' in text
    assert "art_unknown" not in text
    assert 'wirefold_articles_ingested_total{relation="new",source="measured.example"} 1.0' in text
    assert 'wirefold_articles_ingested_total{relation="replay",source="measured.example"} 1.0' in text
    assert 'wirefold_articles_refused_total{code="missing-field"}' in text
    for name in (
        "ingest_group_size",
        "decision_seconds",
        "ingest_waiting",
        "index_entries",
        "database_errors",
        'feed_fetches_total{outcome="unchanged"} 0.0',
        'feed_entries_total{outcome="refused"} 0.0',
        'webhook_attempts_total{outcome="failed"} 0.0',
        "webhook_retries_total 0.0",
        "webhook_deliveries_dead_total 0.0",
        "feeds_due 0.0",
        "feeds_late 0.0",
        "feed_lateness_seconds 0.0",
        "feed_hosts_backing_off 0.0",
        "webhook_deliveries_waiting 0.0",
        "webhook_oldest_waiting_seconds 0.0",
        "webhooks_disabled 0.0",
    ):
        assert f"wirefold_{name}" in text


def test_measurements_of_this_process_are_told_while_the_database_is_away():
    def away():
        raise StorageUnavailable("The database cannot be reached.")

    metrics = Metrics()
    metrics.measure(waiting=lambda: 0.0, index=lambda: 0.0, failures={}, stock=away)
    text = metrics.render().decode()
    assert "wirefold_ingest_waiting 0.0" in text
    assert "wirefold_feeds_due" not in text


def test_sources_beyond_the_bound_are_counted_together():
    metrics = Metrics(sources=2)
    assert [metrics._label(source) for source in ("a", "b", "c", "a", "x\n", "d")] == [
        "a",
        "b",
        "other",
        "a",
        "other",
        "other",
    ]


def test_the_log_has_one_line_a_request_and_nothing_of_the_article(client, capsys):
    configure_logs(style="json", level="info")
    client.post("/v1/articles?format=json", content=raw(article(2)), headers=JSON | {"authorization": ""})
    configure_logs(style="json", level="error")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["request"]
    assert lines[0]["route"] == "/v1/articles"
    assert lines[0]["status"] in {200, 201}
    assert "format=" not in str(lines)
    assert article(2)["text"][:20] not in str(lines)


def test_a_failure_is_logged_without_the_values_of_variables(app, client, capsys, monkeypatch):
    def fail(submissions, **_options):
        text = submissions[0].text
        raise RuntimeError(f"failed on {len(text)} characters")

    monkeypatch.setattr(app.state.edge.queue, "submit", fail)
    for style in ("json", "console"):
        configure_logs(style=style, level="info")
        client.post("/v1/articles", content=raw(article(3)), headers=JSON)
        told = capsys.readouterr().err
        assert "RuntimeError" in told
        assert article(3)["text"][:20] not in told
    configure_logs(style="json", level="error")


def test_every_setting_is_documented_with_its_default_and_what_it_does():
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?) \| (.*) \|$", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE
    )
    expected = []
    for name, field in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else PREFIX + name.upper()
        unset = "" if field.default is None else str(field.default)
        default = ",".join(field.default) if isinstance(field.default, tuple) else unset
        expected.append((variable, f"`{default}`" if default else "", field.description))
    assert rows == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("WIREFOLD_CORS_ORIGINS", "*"),
        ("WIREFOLD_CORS_ORIGINS", "https://desk.example/path"),
        ("WIREFOLD_PORT", "70000"),
        ("WIREFOLD_LOG_FORMAT", "xml"),
        ("WIREFOLD_MAX_TEXT_BYTES", "100000000000"),
        ("WIREFOLD_BATCH_GROUP", "0"),
        ("WIREFOLD_POLICY", "lax"),
        ("WIREFOLD_POLICY_OVERRIDES", '{"wire.example": "lax"}'),
        ("WIREFOLD_POLICY_OVERRIDES", '["wire.example"]'),
        ("WIREFOLD_POLICY_OVERRIDES", '{"wire.example": "strict", "wire.example": "loose"}'),
        ("WIREFOLD_POLICY_OVERRIDES", "wire.example=strict"),
    ],
)
def test_an_unsafe_setting_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        load_settings()


def test_a_misspelt_setting_is_refused(monkeypatch):
    monkeypatch.setenv("WIREFOLD_MAX_TEXT_BYTE", "1")
    with pytest.raises(ValueError, match="WIREFOLD_MAX_TEXT_BYTE"):
        load_settings()


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:secret@db/w")
    monkeypatch.setenv("WIREFOLD_CORS_ORIGINS", "https://a.example, https://b.example")
    settings = load_settings()
    assert settings.database_url == "postgresql://u:secret@db/w"
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert "secret" not in repr(settings)


def test_policies_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("WIREFOLD_POLICY", "loose")
    monkeypatch.setenv("WIREFOLD_POLICY_OVERRIDES", '{"wire.example": "strict"}')
    policies = policies_of(load_settings())
    assert (policies.of("desk.example"), policies.of("wire.example")) == (LOOSE, STRICT)
    monkeypatch.setenv("WIREFOLD_POLICY_OVERRIDES", "")
    assert policies_of(load_settings()).by_source == {}


def test_ids_sort_by_time_also_within_a_millisecond_and_when_the_clock_goes_back():
    times = iter([5, 5, 5, 3, 9])
    make = IdMaker(lambda: next(times))
    made = [make("art") for _ in range(5)]
    assert made == sorted(made)
    assert len(set(made)) == 5
    assert all(re.fullmatch(r"art_[0-9a-hjkmnp-tv-z]{26}", each) for each in made)
