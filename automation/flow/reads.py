"""What `[reads]` in `site.toml` says: how a service's data requests are named, narrowed, answered and continued."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from automation.page import walk

NAME = "{name}"
"""Stands in a pattern of `embedded` for the name of a read."""
_NARROWING = re.compile(
    r"filter|folder|status|state|tab|category|unread|archiv|^(?:since|until|search|q)$", re.IGNORECASE
)
"""Words of the web for parts of a list; they count for every service, `narrowing` adds its own."""
_CONTINUING = re.compile(r"after|cursor|^(?:page|offset|before)$", re.IGNORECASE)
"""Words of the web for where a part of a list begins."""


_NOTHING = object()
_EVERYTHING = frozenset({"all", "any", "everything", "*"})


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadMark(_Table):
    """A key anywhere in an answer, and what its value says."""

    key: str = Field(min_length=1)
    says: bool = True
    """True: any value but null, false, zero and what is empty. False: the value `false` alone."""

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Whether an object carries it."""
        if self.key not in data:
            return False
        return bool(data[self.key]) if self.says else data[self.key] is False


_UNFINISHED = (ReadMark(key="hasNext"),)
"""The GraphQL working draft on incremental delivery."""
_MORE = (ReadMark(key="hasNextPage"),)
"""The Relay cursor connections specification."""


class ReadRules(_Table):
    """How one service's reads are recognised; without any of it, nothing but an address tells one from another."""

    name_headers: tuple[str, ...] = ()
    """Headers that name a POST; those of `[guard.operations]`, which lets it through by that name."""
    name_fields: tuple[str, ...] = ()
    """Fields of its form or JSON that do."""
    paths: dict[str, str] = {}
    """Name of a read → pattern of its path, for reads that are told apart by their address."""
    variables: str = ""
    """Field whose JSON narrows a read; without it every field of the body and the query may."""
    narrowing: tuple[str, ...] = ()
    """Patterns of further names that ask for a part of a list."""
    prefixes: tuple[str, ...] = ()
    """What stands before the JSON of an answer."""
    answer: str = ""
    """Keys that lead to the answer inside its wrapping, joined by dots; empty where nothing is wrapped."""
    embedded: tuple[str, ...] = ()
    """Patterns with `{name}`: an answer that came with the page stands in a list after such a text."""
    unfinished: tuple[ReadMark, ...] = ()
    """What says that the rest of an answer follows."""
    more: tuple[ReadMark, ...] = ()
    """What says that a list has a further page."""
    viewers: tuple[str, ...] = ()
    """Keys of the object that names who asked."""
    viewer_id: str = "id"
    """Key of the id in such an object."""
    viewer_pattern: str = ".+"
    """Regular expression of an account's id: whatever else stands there is no account."""
    questions: tuple[str, ...] = ()
    """Patterns of paths that take questions by POST and do not look like it."""

    @field_validator("paths")
    @classmethod
    def _whole_paths(cls, paths: dict[str, str]) -> dict[str, str]:
        for name, pattern in paths.items():
            if not name or not pattern.startswith("/"):
                raise ValueError(f"'{name}': the pattern of a path begins with /")
        return paths

    @field_validator("narrowing", "questions")
    @classmethod
    def _say_something(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        if any(not pattern.strip("*/") for pattern in patterns):
            raise ValueError("a pattern says more than '*'")
        return patterns

    @field_validator("embedded")
    @classmethod
    def _hold_a_name(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        if any(pattern.count(NAME) != 1 for pattern in patterns):
            raise ValueError(f"each pattern holds one {NAME}")
        return patterns

    @model_validator(mode="after")
    def _fit(self) -> Self:
        try:
            re.compile(self.viewer_pattern)
        except re.error as error:
            raise ValueError(f"viewer_pattern is no regular expression: {error}") from None
        if any(not prefix for prefix in self.prefixes) or any(not part for part in self.answer.split(".")[1:]):
            raise ValueError("prefixes and answer hold no empty text")
        return self

    # -- requests -------------------------------------------------------------------------------------------

    def name_of(self, method: str, url: str, headers: Mapping[str, str], body: str) -> str:
        """The name of a data request: by its header or body where it is a POST, else by its path; empty without."""
        if method == "POST":
            for header in self.name_headers:
                if headers.get(header):
                    return headers[header].strip()
            named = self._named(body)
            if named:
                return named
        path = urlsplit(url).path if method in {"GET", "POST"} else ""
        return next((name for name, pattern in self.paths.items() if fnmatchcase(path, pattern)), "")

    def _named(self, body: str) -> str:
        try:
            fields = _fields(body)
        except (ValueError, RecursionError):
            return ""
        found = (fields.get(name) for name in self.name_fields)
        return next((name for name in found if isinstance(name, str) and name), "")

    def narrows(self, url: str, body: str) -> bool:
        """Whether a request asks for items of one kind only; one that cannot be read may."""
        return self._names(url, body, self._narrowing)

    def continues(self, url: str, body: str) -> bool:
        """Whether a request asks for what follows in a list; one that cannot be read may."""
        return self._names(url, body, lambda name: _CONTINUING.search(name) is not None)

    def _names(self, url: str, body: str, kind: Callable[[str], bool]) -> bool:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        try:
            asked = _fields(body)
            if self.variables:
                packed = asked.get(self.variables, {})
                asked = json.loads(packed) if isinstance(packed, str) else packed
        except (ValueError, RecursionError):
            return True
        if not isinstance(asked, dict):
            return bool(asked)
        named = (name for name, value in (*query.items(), *asked.items()) if value and not _is_everything(value))
        return any(map(kind, named))

    def _narrowing(self, name: str) -> bool:
        return bool(_NARROWING.search(name)) or any(fnmatchcase(name, pattern) for pattern in self.narrowing)

    def asks(self, path: str) -> bool:
        """Whether a path takes questions by POST."""
        return any(fnmatchcase(path, pattern) for pattern in self.questions)

    # -- answers --------------------------------------------------------------------------------------------

    def parsed(self, body: bytes) -> Any:
        """An answer's JSON; None where it is none."""
        text = body.decode("utf-8", "replace").strip()
        for prefix in self.prefixes:
            text = text.removeprefix(prefix)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None

    def is_wrapped(self, value: Any) -> bool:
        """Whether a piece of data is an answer in its wrapping, with an object inside."""
        return isinstance(value, Mapping) and isinstance(self._inside(value), Mapping)

    def unwrapped(self, data: Any) -> Any:
        """What is inside the wrapping; the piece itself where there is none."""
        inner = self._inside(data)
        return data if inner is _NOTHING else inner

    def _inside(self, data: Any) -> Any:
        for key in self.answer.split(".") if self.answer else ():
            if not isinstance(data, Mapping) or key not in data:
                return _NOTHING
            data = data[key]
        return data

    def names_embedded(self, text: str, names: frozenset[str]) -> str:
        """The read whose answer follows such a text in the page's own data; empty where none does."""
        return next(
            (name for name in sorted(names) for p in self.embedded if fnmatchcase(text, p.replace(NAME, name))), ""
        )

    def is_unfinished(self, data: Any) -> bool:
        """Whether an answer says that the rest of it follows."""
        return self._says(data, (*_UNFINISHED, *self.unfinished))

    def has_more(self, data: Any) -> bool:
        """Whether an answer says that a list goes on."""
        return self._says(data, (*_MORE, *self.more))

    def _says(self, data: Any, marks: tuple[ReadMark, ...]) -> bool:
        return any(isinstance(value, Mapping) and any(mark.holds(value) for mark in marks) for value in walk(data))

    def viewers_in(self, data: Any) -> Iterator[str]:
        """Account ids that an answer names as the one who asked."""
        for value in walk(data):
            if isinstance(value, Mapping):
                for key in set(self.viewers) & set(value):
                    inner = value[key]
                    found = inner.get(self.viewer_id) if isinstance(inner, Mapping) else inner
                    known = isinstance(found, str | int) and not isinstance(found, bool)
                    if known and re.fullmatch(self.viewer_pattern, str(found)):
                        yield str(found)


def _fields(body: str) -> dict[str, Any]:
    """
    The fields of a form or of a JSON object; of a form that says one twice, the first.

    Raises:
        ValueError: it begins like JSON and is none, or is no single object.
    """
    if body.lstrip()[:1] not in {"{", "["}:
        return {name: values[0] for name, values in parse_qs(body).items()} if "=" in body else {}
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("more than one request in one body")  # noqa: TRY004 - of the text, not of a type
    return document


def _is_everything(value: object) -> bool:
    """Whether a filter lets everything through."""
    return isinstance(value, str) and value.casefold() in _EVERYTHING
