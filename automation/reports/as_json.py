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
from automation.results import SCHEMA, Result, Run, RunDocument

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
    plain = _parsed(text)
    check_schema(plain.get("schema") if isinstance(plain, dict) else None)
    read = _validated(_adapter(), plain)
    return RunDocument(run=read.run, results=read.results, schema=read.schema)


def check_schema(name: object) -> None:
    """
    Refuse results of another schema than this version's.

    Raises:
        ConfigurationError: they have another schema, or none.
    """
    if name != SCHEMA:
        raise ConfigurationError(
            f'the results have the schema {printable(json.dumps(name))}; this version reads "{SCHEMA}"',
            "Use the version of Témoin that wrote them, or check again.",
        )


def read_run(plain: Any) -> Run:
    """
    Read the run of a document, as parsed JSON gives it.

    Raises:
        ConfigurationError: it does not follow the schema.
    """
    run: Run = _validated(_adapter_of(Run), plain)
    return run


def read_result(text: bytes) -> Result:
    """
    Read one result of a document from its own JSON.

    Raises:
        ConfigurationError: the text is no JSON, or does not follow the schema.
    """
    adapter = _adapter_of(Result)
    try:
        quickly: Result = adapter.validate_json(text)
    except ValidationError:  # or half a surrogate pair, which only Python's own reader takes
        slowly: Result = _validated(adapter, _parsed(text))
        return slowly
    return quickly


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


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"the results are not JSON: {error}", "Give the output of temoin check --json."
        ) from None


def _validated(adapter: TypeAdapter[Any], plain: Any) -> Any:
    try:
        return adapter.validate_python(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"the results do not follow {SCHEMA}: {printable(where)}: {first['msg']}",
            "Give the output of temoin check --json as it was written.",
        ) from None


def _adapter() -> TypeAdapter[Any]:
    return _adapter_of(RunDocument)


@lru_cache(maxsize=3)
def _adapter_of(kind: type) -> TypeAdapter[Any]:
    """Reads, writes and describes. Only a class of its own may carry a configuration, so one is derived."""
    config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    return TypeAdapter(pydantic.dataclasses.dataclass(kind, frozen=True, config=config))


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"the moment {value.isoformat()} has no time zone")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no place in a result")


def _without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != key}
