"""
`data/result.json`: the answer, as the bundle holds it; and `data/inbox.json`, what a look into a mailbox found.

Its `bundle` is null and its `evidence` lists every other file: no file can hold the digest of the seal that covers it.
The seal points the other way (the statement names the digest of `data/result.json`), and what points at the seal, the
`bundle` of `temoin check --json`, stands outside.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from automation.core.looks import Basis
from automation.core.mail import SCHEMA as INBOX_SCHEMA
from automation.core.mail import InboxDocument
from automation.core.observations import Observation
from automation.core.records import Environment, GuardRecord, JournalEntry, NetworkRecord
from automation.core.results import Outcome, Result, Verified
from automation.core.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.formats.signed import sha256
from automation.text.catalogue import rule_of

SCHEMA = "temoin.result/1"
Captures = Sequence[tuple[str, datetime]]
"""When each thing was captured, with the name of what it was."""
_EARLIEST = 0.0
"""1970, as seconds: what lies before can be no capture, and some of it no time zone can say."""
BESIDE: dict[str, Any] = {
    "data/observation.json": Observation,
    "data/guard.json": GuardRecord,
    "data/environment.json": Environment,
    "data/network.json": NetworkRecord,
    "data/journal.jsonl": JournalEntry,
}
"""Other files with a known shape, which goes with the result's schema; of `.jsonl`, of each line."""


class UnknownSchema(ValueError):
    """A result of a schema that this version does not read; its text is the schema it names."""


class BrokenSchema(ValueError):
    """A file that does not follow its schema."""


def result_json(result: Result) -> str:
    """The result as `data/result.json` holds it; call it after everything else was added."""
    plain = _adapter(Result).dump_python(replace(result, bundle=None), mode="json")
    return json.dumps({"schema": SCHEMA, **plain}, ensure_ascii=False, indent=2) + "\n"


def read_result(data: bytes) -> Result:
    """
    Read a `data/result.json`. Keys that this version does not know are left out.

    Raises:
        UnknownSchema: it names another schema, or none.
        BrokenSchema: it is not JSON, or does not follow its schema.
    """
    result: Result = read_named(Result, SCHEMA, data)
    check_moments(moments(result))
    return result


def inbox_json(document: InboxDocument) -> str:
    """What a look into a mailbox found, as `data/inbox.json` holds it: without its seal, and wherever it is taken."""
    sealed = replace(document, bundle=None, output="")
    return _adapter(InboxDocument).dump_json(sealed, indent=2).decode() + "\n"


def read_inbox(data: bytes) -> InboxDocument:
    """
    Read a `data/inbox.json`. Keys that this version does not know are left out.

    Raises:
        UnknownSchema: it names another schema, or none.
        BrokenSchema: it is not JSON, or does not follow its schema.
    """
    document: InboxDocument = read_named(InboxDocument, INBOX_SCHEMA, data)
    check_moments(look_moments(document))
    return document


def look_moments(document: InboxDocument) -> Captures:
    """When the look began and ended."""
    return (("started_at", document.started_at), ("finished_at", document.finished_at))


def answer_digest(result: Result) -> str:
    """
    SHA-256 over all that a result says of the visit: alike in a bundle, and in the results of its run.

    Left out is what only one of both can have: the seal, the digest of the result's own file, the time that sealing
    took, how many tries the run made.
    """
    evidence = tuple(artifact for artifact in result.evidence if artifact.path != names.RESULT)
    said = replace(result, bundle=None, evidence=evidence, timings=(), attempts=1)
    try:
        data = _adapter(Result).dump_json(said)
    except PydanticSerializationError:  # half a surrogate pair has no UTF-8
        data = repr(said).encode("utf-8", "backslashreplace")
    return sha256(data)


def visit_digest(result: Result) -> str:
    """SHA-256 over what was seen on a visit, whatever was concluded from it: alike when it is judged again."""
    fixed = Verified("never")
    return answer_digest(
        replace(
            result, flow_revision="", flow_verified=fixed, verdict=Verdict.UNKNOWN, reason=None, because="",
            because_key="", assumed_words=False, confirmed_words=(), missing=(), next_step="", expect=None,
            outcome=Outcome.INCOMPLETE, signals=(), basis=Basis.SOURCED, looks=(), judged_at=None,
        )
    )  # fmt: skip


def moments(result: Result) -> Captures:
    """When each thing of a visit was captured."""
    steps = ((f"steps.{step.number}", step.at) for step in result.steps)
    files = ((artifact.path, artifact.taken_at) for artifact in result.evidence)
    return (("started_at", result.started_at), *steps, *files, ("finished_at", result.finished_at))


def check_beside(path: str, data: bytes) -> Captures:
    """
    Check that a file of `BESIDE` follows its schema; when what its lines tell of was done, where it has lines.

    Raises:
        BrokenSchema: it does not.
    """
    for part in data.splitlines() if path.endswith(".jsonl") else (data,):
        _plain(part)
    if not path.endswith(".jsonl"):
        _read(BESIDE[path], data)
        return ()
    entries = [_read(BESIDE[path], line) for line in data.splitlines()]
    captures = tuple((f"{path}:{number}", entry.at) for number, entry in enumerate(entries, 1))
    check_moments(captures)
    return captures


def read_named(kind: Any, name: str, data: bytes) -> Any:
    """
    Read a document of a kind that names its schema.

    Raises:
        UnknownSchema: it names another schema, or none.
        BrokenSchema: it is not JSON, or does not follow its schema.
    """
    plain = _plain(data)
    schema = plain.get("schema") if isinstance(plain, dict) else None
    if schema != name:
        raise UnknownSchema(str(schema)[:100])
    return _read(kind, data)


def check_moments(captures: Captures) -> None:
    """
    Check that moments can be compared.

    Raises:
        BrokenSchema: one has no time zone, lies before 1970, or is none that UTC can say.
    """
    for name, at in captures:
        try:
            usable = at.tzinfo is not None and at.astimezone(UTC).timestamp() >= _EARLIEST
        except OverflowError:
            usable = False
        if not usable:
            raise BrokenSchema(f"{name}: not a moment with its time zone")


def _plain(data: bytes) -> Any:
    """
    What JSON holds.

    Raises:
        BrokenSchema: it is none, or a key stands twice: readers differ in which they take.
    """
    try:
        return _STRICT.decode(data.decode())
    except _Twice as twice:
        raise BrokenSchema(f"the key {twice.args[0]!r} stands twice") from None
    except (ValueError, RecursionError):
        raise BrokenSchema("this is not JSON") from None


class _Twice(ValueError):
    """A key that stands twice."""


def _no_number(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity: Python reads and writes them, JSON has none


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1)[:100])
    return found


_STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def _read(kind: Any, data: bytes) -> Any:
    try:
        return _adapter(kind).validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BrokenSchema(f"{'.'.join(map(str, first['loc']))}: {rule_of(first)}") from None


@lru_cache(maxsize=8)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
