"""
Naming the operation in a request's body.

A read and a write can share one address and one method; then only the body tells them apart. What cannot be
read here with certainty, or could be read differently by a server, is refused rather than guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from automation.guard.request import Refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.guard.request import Request

OVERRIDE_HEADERS = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
"""Headers by which some servers take a request for another method."""
_OVERRIDE_FIELDS = frozenset({"_method", "_httpmethod", "x_http_method_override", "x-http-method-override"})
_METHOD_FIELDS = frozenset({"method", "http_method"})
_WRITING_METHODS = frozenset({"post", "put", "patch", "delete"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_BATCH_MAX = 50
_DEPTH_ERRORS = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields and headers of a service name an operation."""

    names: frozenset[str]
    headers: tuple[str, ...]
    ids: frozenset[str]
    texts: frozenset[str]

    @property
    def significant(self) -> frozenset[str]:
        """Every field that has a say in what is done."""
        return self.names | self.ids | self.texts


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that a body asks for."""

    name: str
    ids: tuple[str, ...]


Pairs = list[tuple[str, str]]


def pairs_of(text: str) -> Pairs:
    """Split a query or a form into decoded pairs; at `;` too, as some servers do."""
    pairs = []
    for part in re.split("[&;]", text):
        name, _, value = part.partition("=")
        pairs.append((unquote_plus(name), unquote_plus(value)))
    return pairs


def folded(name: str) -> str:
    """A field's name as lenient servers see it: `a.b` and `a[]` are `a_b` and `a` to some."""
    head = name.strip().strip("\0").partition("[")[0]
    return head.replace(".", "_").replace(" ", "_").lower()


def overrides_method(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a field asks the server to take the request for another method."""
    for name, value in pairs:
        plain = folded(name)
        if plain in _OVERRIDE_FIELDS or (plain in _METHOD_FIELDS and value.lower() in _WRITING_METHODS):
            return True
    return False


def form_pairs(request: Request) -> Pairs | Refuse:
    """The pairs of a form-encoded body; no body at all is an empty form."""
    if request.body is None:
        return []
    if media_type(request) != "application/x-www-form-urlencoded" or not _plain(request):
        return Refuse("unparsable_body")
    try:
        text = request.body.decode("ascii")
    except UnicodeDecodeError:
        return Refuse("unparsable_body")
    return pairs_of(text) if text else Refuse("unparsable_body")


def media_type(request: Request) -> str:
    """The body's type without its parameters, lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _plain(request: Request) -> bool:
    """Whether the body is neither compressed nor in a character set of its own."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return False
    parameters = request.headers.get("content-type", "").partition(";")[2].lower()
    return re.fullmatch(r'\s*(charset="?(utf-8|us-ascii)"?)?\s*', parameters) is not None


def operations_of(request: Request, fields: Fields) -> tuple[Operation, ...] | Refuse:
    """
    Every operation that the body asks for, at least one.

    Read are form-encoded bodies with one name and JSON bodies (an object, or a list of at most 50).
    Refused: no name or two; a name in a header that says something else; a body compressed, in parts or not
    to be seen; the operation itself as text; fields that some servers would take for the name.
    """
    if not request.body:
        return Refuse("unparsable_body")
    read = _from_json if media_type(request) == "application/json" else _from_form
    found = read(request, fields)
    if isinstance(found, Refuse):
        return found
    names = {operation.name for operation in found}
    for header in fields.headers:
        if header in request.headers and {request.headers[header].strip()} != names:
            return Refuse("operation_mismatch", next(iter(names)) if len(names) == 1 else "")
    return found


def _from_form(request: Request, fields: Fields) -> tuple[Operation, ...] | Refuse:
    pairs = form_pairs(request)
    operation = pairs if isinstance(pairs, Refuse) else _from_pairs(pairs, fields)
    return operation if isinstance(operation, Refuse) else (operation,)


def _from_pairs(pairs: Pairs, fields: Fields) -> Operation | Refuse:
    if overrides_method(pairs):
        return Refuse("method_override")
    names: list[str] = []
    ids: list[str] = []
    for name, value in pairs:
        if name in fields.names:
            names.append(value)
        elif name in fields.ids:
            ids.append(value)
        elif folded(name) in fields.significant:
            # The operation as text, or a spelling that only some servers take for the name.
            return Refuse("unparsable_body")
    return _operation(names, ids)


def _operation(names: list[str], ids: list[str]) -> Operation | Refuse:
    if not names:
        return Refuse("operation_unnamed")
    if len(names) > 1 or len(ids) > 1 or not _NAME.fullmatch(names[0]):
        return Refuse("unparsable_body")
    return Operation(names[0], tuple(ids))


def _from_json(request: Request, fields: Fields) -> tuple[Operation, ...] | Refuse:
    if not _plain(request) or request.body is None:
        return Refuse("unparsable_body")
    try:
        document = json.loads(request.body.decode("utf-8"), object_pairs_hook=_without_twins)
    except _DEPTH_ERRORS:
        return Refuse("unparsable_body")
    entries = document if isinstance(document, list) else [document]
    if not 1 <= len(entries) <= _BATCH_MAX:
        return Refuse("unparsable_body")
    found: list[Operation] = []
    for entry in entries:
        if not isinstance(entry, dict):
            return Refuse("unparsable_body")
        significant = {name: value for name, value in entry.items() if folded(name) in fields.significant}
        if not all(isinstance(value, str | int) for value in significant.values()):
            return Refuse("unparsable_body")
        operation = _from_pairs([(n, v if isinstance(v, str) else "") for n, v in entry.items()], fields)
        if isinstance(operation, Refuse):
            return operation
        ids = tuple(str(value) for name, value in significant.items() if name in fields.ids)
        found.append(Operation(operation.name, ids))
    return tuple(found)


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that says one thing twice: servers differ on which one counts."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name occurs twice")
    return entries
