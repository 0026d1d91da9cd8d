"""A run as JSON, its JSON Schema, and back again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pydantic.dataclasses
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from automation.errors import ConfigurationError
from automation.reports.language import printable
from automation.results import SCHEMA, RunDocument

if TYPE_CHECKING:
    from pydantic_core import core_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = f"urn:{SCHEMA.replace('/', ':')}"


def to_json(document: RunDocument) -> str:
    """
    Write a run as JSON.

    `schema` comes first, then the fields in the order in which they are declared; moments are ISO 8601 in UTC with
    `Z`. Indented by two, in Unicode, without a line break at the end.

    Raises:
        ValueError: a moment has no time zone.
    """
    plain = {"schema": document.schema, **_adapter().dump_python(document, mode="python")}
    text = json.dumps(plain, default=_moment, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair becomes \udc80: JSON's spelling


def from_json(text: str) -> RunDocument:
    """
    Read a run that `to_json` wrote.

    Raises:
        ConfigurationError: the text is no JSON, of an unknown schema, or does not follow its schema.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"the results are not JSON: {error}", "Give the output of temoin check --json."
        ) from None
    schema = plain.get("schema") if isinstance(plain, dict) else None
    if schema != SCHEMA:
        raise ConfigurationError(
            f'the results have the schema {printable(json.dumps(schema))}; this version reads "{SCHEMA}"',
            "Use the version of Témoin that wrote them, or check again.",
        )
    try:
        read = _adapter().validate_python(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"the results do not follow {SCHEMA}: {printable(where)}: {first['msg']}",
            "Give the output of temoin check --json as it was written.",
        ) from None
    return RunDocument(run=read.run, results=read.results, schema=read.schema)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a run: closed, every key required, with the words of the code's docstrings."""
    made = _adapter().json_schema(mode="serialization", schema_generator=_Generator)
    properties = {"schema": {"const": SCHEMA, "type": "string"}, **_without(made["properties"], "schema")}
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": made["title"],
        "description": (RunDocument.__doc__ or "").strip(),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "$defs": made["$defs"],
    }


class _Generator(GenerateJsonSchema):
    """What a reader may rely on, said in the schema: every key is there, no other is, moments are in UTC."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ARG002
        return True

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False  # "Started At" for `started_at` says nothing

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "format": "date-time", "pattern": "Z$"}


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Any]:
    """Reads, writes and describes runs. Only a class of its own may carry a configuration, so one is derived."""
    config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    return TypeAdapter(pydantic.dataclasses.dataclass(RunDocument, frozen=True, config=config))


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"the moment {value.isoformat()} has no time zone")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no place in a result")


def _without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != key}
