"""A submission in the OpenAPI document: the reader's own table of fields, as JSON Schema."""

from app.parsing.json_text import JsonValue
from app.parsing.submission import FIELDS, MOST_TEXTS, STATUSES, Field, Kind

SCHEMA_NAME = "Submission"
EXAMPLE: dict[str, JsonValue] = {
    "source": "harbour-gazette.example",
    "external_id": "2026-1187",
    "url": "https://harbour-gazette.example/news/pier-reopens",
    "title": "Second pier to reopen in May after repairs",
    "text": (
        "PORT ELSA, March 3 (Coastal News) - The harbour authority said on Tuesday that the second pier would"
        " reopen in May.\n\nRepairs began in 2024 after a storm tore away forty metres of planking."
    ),
    "published_at": "2026-03-03T09:30:00Z",
    "language": "en",
}
_DATE_EXAMPLE = "2026-03-03T09:30:00Z"


def submission_schema() -> dict[str, JsonValue]:
    """The JSON Schema of a submission."""
    return {
        "title": SCHEMA_NAME,
        "description": (
            "One article as a publisher or an aggregator printed it. Other members are kept, not interpreted."
        ),
        "type": "object",
        "required": ["source"],
        "properties": {name: _schema(name, field) for name, field in FIELDS.items()},
        "anyOf": [{"required": ["text"]}, {"required": ["html"]}],
        "examples": [EXAMPLE],
    }


def _schema(name: str, field: Field) -> JsonValue:
    if field.kind is Kind.STATUS:
        return {"enum": [*STATUSES, "", None], "default": "usable", "description": field.says}
    if field.kind is Kind.OBJECT:
        return {"type": ["object", "null"], "description": field.says}
    if field.kind is Kind.TEXTS:
        items: dict[str, JsonValue] = {"type": "string", "maxLength": field.longest}
        return {"type": ["array", "null"], "items": items, "maxItems": MOST_TEXTS, "description": field.says}
    types: list[JsonValue] = ["string"]
    if field.kind is Kind.LABEL:
        types.append("integer")
    schema: dict[str, JsonValue] = {"type": [*types, "null"], "description": field.says}
    if field.longest is not None:
        schema["maxLength"] = field.longest
    if field.kind is Kind.DATE:
        schema["examples"] = [_DATE_EXAMPLE]
    if name == "source":
        schema |= {"type": "string", "minLength": 1, "pattern": r"\S"}
    return schema
