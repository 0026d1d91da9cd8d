"""A run as JSON and as JSON Lines, its JSON Schema, and back again. A moment without a time zone is a ValueError."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pydantic.dataclasses
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticSerializationError

from automation.core.errors import ConfigurationError
from automation.core.results import SCHEMA, Result, Run, RunDocument
from automation.reports.background import NOTHING, Background
from automation.text.catalogue import rule_of
from automation.text.language import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic_core import core_schema

LINE_SCHEMA = "temoin.line/1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CONFIG = ConfigDict(extra="forbid", use_attribute_docstrings=True)
_NOT_IN_UTC = re.compile(r'": "\d{4}-\d\d-\d\dT[\d:.]+([+-][\d:]+)?"')


def to_json(document: RunDocument) -> str:
    """
    Write a run as JSON.

    `schema` comes first, then the fields in the order in which they are declared; moments are ISO 8601 in UTC with
    `Z`. Indented by two, in Unicode, without a line break at the end.
    """
    return "".join(pieces(document.run, document.results))


def pieces(run: Run, results: Iterable[Result]) -> Iterator[str]:
    """The same piece by piece, for more results than there is memory."""
    yield f'{{\n  "schema": "{SCHEMA}",\n  "run": {_indented(run, 2)},\n  "results": ['
    between = "\n    "
    for result in results:
        yield between + _indented(result, 4)
        between = ",\n    "
    yield "]\n}" if between == "\n    " else "\n  ]\n}"


def lines(results: Iterable[Result], background: Background = NOTHING) -> Iterator[str]:
    """
    JSON Lines: one line an account, each with its line break, for jq and for stores of logs.

    A line is an object: `schema`, `change` (null where the past is not known) and `result` as in
    `temoin check --json`.
    """
    for result in results:
        line = {"schema": LINE_SCHEMA, "change": background.changes.get(result.account), "result": result}
        yield _mended(json.dumps(line, default=_plain, ensure_ascii=False, separators=(",", ":"))) + "\n"


def result_text(result: Result) -> str:
    """One result in one line, for `read_result`."""
    return _indented(result, 2).replace("\n", "")


def from_json(text: str) -> RunDocument:
    """
    Read a run that `to_json` wrote.

    Raises:
        ConfigurationError: the text is no JSON, of an unknown schema, or does not follow its schema.
    """
    plain = _parsed(text)
    check_schema(plain.get("schema") if isinstance(plain, dict) else None)
    read = _validated(TypeAdapter(_configured(RunDocument)), plain)
    return RunDocument(run=read.run, results=read.results, schema=read.schema)


def check_schema(name: object) -> None:
    """Raise ConfigurationError for results of another schema than this version's, or of none."""
    if name != SCHEMA:
        raise ConfigurationError(
            f'the results have the schema {printable(json.dumps(name))}; this version reads "{SCHEMA}"',
            "Use the version of Témoin that wrote them, or check again.",
        )


def read_run(plain: Any) -> Run:
    """Read the run of a document from parsed JSON; raises ConfigurationError where it does not follow the schema."""
    (run,) = _validated(_adapter_of(Run), (plain,))
    found: Run = run
    return found


def read_result(text: bytes) -> Result:
    """
    Read one result of a document from its own JSON.

    Raises:
        ConfigurationError: the text is no JSON, or does not follow the schema.
    """
    adapter = _adapter_of(Result)
    try:
        (read,) = adapter.validate_json(b"[%b]" % text)
    except ValidationError:  # or half a surrogate pair, which only Python's own reader takes
        (read,) = _validated(adapter, (_parsed(text),))
    found: Result = read
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of a run."""
    return schema_of(RunDocument, SCHEMA)


def schema_of(document: type, name: str) -> dict[str, Any]:
    """
    The JSON Schema (2020-12) of a document: closed, every key required, with the words of the code's docstrings.

    Args:
        document: a frozen dataclass with a field `schema`.
        name: what that field says, such as `temoin.run/1`.
    """
    made = TypeAdapter(_configured(document)).json_schema(mode="serialization", schema_generator=_Generator)
    rest = {key: value for key, value in made["properties"].items() if key != "schema"}
    properties = {"schema": {"const": name, "type": "string"}, **rest}
    return {
        "$schema": DIALECT,
        "$id": f"urn:{name.replace('/', ':')}",
        "title": made["title"],
        "description": (document.__doc__ or "").strip(),
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
            f"the results do not follow {SCHEMA}: {printable(where)}: {rule_of(first)}",
            "Give the output of temoin check --json as it was written.",
        ) from None


@cache
def _configured(document: type) -> type:
    """Only a class of its own may carry a configuration, so one is derived."""
    return pydantic.dataclasses.dataclass(document, frozen=True, config=_CONFIG)


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter_of(kind: type) -> TypeAdapter[Any]:
    """Reads and writes one value of this kind, as the only item of a list: a list may carry a configuration."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(tuple[kind], config=_CONFIG)  # type: ignore[valid-type]
    return _ADAPTERS[kind]


def moment(when: datetime) -> str:
    """A moment as JSON spells it: ISO 8601 in UTC, with `Z`."""
    if when.tzinfo is None:
        raise ValueError(f"the moment {when.isoformat()} has no time zone")
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _indented(value: Run | Result, by: int) -> str:
    """JSON over several lines, to be put `by` spaces to the right: no text in it can hold a line break."""
    try:
        text = _adapter_of(type(value)).dump_json((value,), indent=2).decode()
    except PydanticSerializationError:  # half a surrogate pair has no UTF-8
        text = ""
    if not text or _NOT_IN_UTC.search(text):
        text = _mended(json.dumps([value], default=_plain, ensure_ascii=False, indent=2))
    return text[4:-2].replace("\n", "\n" + " " * (by - 2))


def _mended(text: str) -> str:
    """Spell half a surrogate pair as JSON does: a backslash, u and four digits."""
    return text.encode("utf-8", "backslashreplace").decode()


def _plain(value: object) -> Any:
    """What JSON's writer cannot write by itself: a part of a result as a table, a moment in UTC."""
    if isinstance(value, datetime):
        return moment(value)
    return _adapter_of(type(value)).dump_python((value,), mode="python")[0]
