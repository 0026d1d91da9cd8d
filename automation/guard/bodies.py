"""
Naming the operation that a request asks for: in its body, its address and its headers.

A read and a write can share one address and one method; then only this tells them apart. What cannot be read here
with certainty, or could be read differently by a server, is refused rather than guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from automation.guard.graphql import holds_a_writing_operation
from automation.guard.overrides import overrides_method
from automation.guard.policy_file import ID
from automation.guard.request import Refuse
from automation.guard.spelling import Pairs, folded, is_odd, pairs_of, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from automation.guard.request import Request

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_BATCH_MAX = 50
_DEPTH_ERRORS = (ValueError, RecursionError)


@dataclass(frozen=True)
class Fields:
    """Which fields and headers of a service name an operation."""

    names: frozenset[str]
    headers: frozenset[str]
    ids: frozenset[str]
    texts: frozenset[str]

    @cached_property
    def naming(self) -> frozenset[str]:
        """The names of fields that choose an operation, folded."""
        return frozenset(map(folded, self.names | self.ids))

    @cached_property
    def significant(self) -> frozenset[str]:
        """Every field that has a say in what is done, folded."""
        return self.naming | frozenset(map(folded, self.texts))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that a request asks for."""

    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one place of a request says of its operation."""

    names: tuple[str, ...]
    ids: tuple[str, ...]


def names_operation(pairs: Iterable[tuple[str, str]], fields: frozenset[str]) -> bool:
    """Whether one of these fields is there, by whatever spelling."""
    return any(not spellings(name).isdisjoint(fields) for name, _ in pairs)


def writes_as_text(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a value is the text of an operation that does more than ask."""
    return any(holds_a_writing_operation(value) for _, value in pairs)


def headers_named(headers: Mapping[str, str], names: frozenset[str]) -> set[str]:
    """What these headers say; CGI takes `_` for `-`."""
    return {value.strip() for name, value in headers.items() if name.replace("_", "-") in names}


def form_pairs(request: Request) -> Pairs | Refuse:
    """The pairs of a form-encoded body; no body at all is an empty form."""
    if request.body is None:
        return []
    if media_type(request) != "application/x-www-form-urlencoded" or not _plain(request):
        return Refuse("unparsable_body")
    # A `;` is the end of a pair to some servers and a letter to others; browsers and clients encode it.
    if not request.body or not request.body.isascii() or b";" in request.body:
        return Refuse("unparsable_body")
    return pairs_of(request.body.decode("ascii"))


def media_type(request: Request) -> str:
    """The body's type without its parameters, lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _plain(request: Request) -> bool:
    """Whether the body is neither compressed nor in a character set of its own."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return False
    parameters = request.headers.get("content-type", "").partition(";")[2].lower()
    return re.fullmatch(r'\s*(charset="?(utf-8|us-ascii)"?)?\s*', parameters) is not None


def operations_of(request: Request, fields: Fields, address: Pairs) -> tuple[Operation, ...] | Refuse:
    """
    Every operation that the request asks for, at least one, as its body says and nothing in it denies.

    Read are form-encoded bodies with one name and JSON bodies (an object, or a list of at most 50).
    Refused: no name or two; a name or number in the address or a header that says something else; a body compressed,
    in parts or not to be seen; the operation itself as text; fields that some servers would take for the name.
    """
    beside = _said_by(address, fields)
    if isinstance(beside, Refuse):
        return beside
    if not request.body:
        return Refuse("unparsable_body")
    read = _from_json if media_type(request) == "application/json" else _from_form
    found = read(request, fields)
    if isinstance(found, Refuse):
        return found
    names = {operation.name for operation in found}
    said_elsewhere = headers_named(request.headers, fields.headers) | set(beside.names)
    ids_agree = not beside.ids or all(operation.ids == beside.ids for operation in found)
    if not ids_agree or (said_elsewhere and said_elsewhere != names):
        return Refuse("operation_mismatch", next(iter(names)) if len(names) == 1 else "")
    return found


def _said_by(pairs: Pairs, fields: Fields) -> _Said | Refuse:
    if overrides_method(pairs):
        return Refuse("method_override")
    names: list[str] = []
    ids: list[str] = []
    for name, value in pairs:
        if name in fields.names:
            names.append(value)
        elif name in fields.ids:
            ids.append(value)
        elif is_odd(name) or not spellings(name).isdisjoint(fields.naming):
            # Only some servers take it for the name.
            return Refuse("unparsable_body")
        elif not spellings(name).isdisjoint(fields.significant) or holds_a_writing_operation(value):
            return Refuse("operation_as_text")
    wrong = not all(map(_NAME.fullmatch, names)) or not all(map(ID.fullmatch, ids))
    if wrong or len(names) > 1 or len(ids) > 1:
        return Refuse("unparsable_body")
    return _Said(tuple(names), tuple(ids))


def _from_form(request: Request, fields: Fields) -> tuple[Operation, ...] | Refuse:
    pairs = form_pairs(request)
    operation = pairs if isinstance(pairs, Refuse) else _operation(pairs, fields)
    return operation if isinstance(operation, Refuse) else (operation,)


def _operation(pairs: Pairs, fields: Fields) -> Operation | Refuse:
    said = _said_by(pairs, fields)
    if isinstance(said, Refuse):
        return said
    return Operation(said.names[0], said.ids) if said.names else Refuse("operation_unnamed")


def _from_json(request: Request, fields: Fields) -> tuple[Operation, ...] | Refuse:
    if not _plain(request) or request.body is None:
        return Refuse("unparsable_body")
    try:
        text = request.body.decode("utf-8")
        document = json.loads(text, object_pairs_hook=_without_twins)
    except _DEPTH_ERRORS:
        return Refuse("unparsable_body")
    if holds_a_writing_operation(text):
        return Refuse("operation_as_text")
    entries = document if isinstance(document, list) else [document]
    if not 1 <= len(entries) <= _BATCH_MAX:
        return Refuse("unparsable_body")
    found: list[Operation] = []
    for entry in entries:
        pairs = _pairs_of_object(entry, fields)
        operation = pairs if isinstance(pairs, Refuse) else _operation(pairs, fields)
        if isinstance(operation, Refuse):
            return operation
        found.append(operation)
    return tuple(found)


def _pairs_of_object(entry: object, fields: Fields) -> Pairs | Refuse:
    """The fields of a JSON object; what names an operation has to be a text or a whole number."""
    if not isinstance(entry, dict):
        return Refuse("unparsable_body")
    pairs: Pairs = []
    for name, value in entry.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            pairs.append((name, str(value)))
        elif not spellings(name).isdisjoint(fields.naming):
            return Refuse("unparsable_body")
        else:
            pairs.append((name, ""))
    return pairs


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that says one thing twice: servers differ on which one counts."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name occurs twice")
    return entries
