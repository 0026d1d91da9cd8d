"""The `hosts` list and the `[guard]` table of a service's `site.toml`, as they may be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from automation.errors import FlowError
from automation.guard.graphql import words_of
from automation.guard.patterns import Patterns
from automation.text.broken_rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = re.compile(r"[1-9][0-9]{0,39}|(?=[0-9a-f]*[a-f])[0-9a-f]{32,64}|[A-Za-z_][A-Za-z0-9_.:-]{0,199}")
"""A number, a digest or a word that chooses an operation, in the one spelling that every server reads alike: no blank,
sign, `.0` or zero in front."""
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("a host is written like 'www.example.org' or '*.example.org', lower case, no port")
    return value


def _path(value: str) -> str:
    if not value.startswith(("/", "*")) or value.strip("*/") == "":
        raise ValueError("a path begins with '/' (or '*') and says more than '*'")
    return value


def _header(value: str) -> str:
    if value != value.lower() or ":" in value:
        raise ValueError("a header is named in lower case, without a colon")
    return value


def _query(value: str) -> str:
    name, equals, _ = value.partition("=")
    if not equals or not name:
        raise ValueError("a query pattern is written 'name=value', both may hold '*'")
    return value


def _name(value: str) -> str:
    if value.strip("*") == "":
        raise ValueError("a pattern of names says more than '*'")
    return value


Host = Annotated[str, AfterValidator(_host)]
Path = Annotated[str, AfterValidator(_path)]
Header = Annotated[str, AfterValidator(_header)]
Query = Annotated[str, AfterValidator(_query)]


def _number(value: str) -> str:
    if not ID.fullmatch(value):
        raise ValueError("a number has no zero in front, a digest is written in lower case")
    return value


def _words(value: str) -> str:
    words = [word for word in value.split() if word != "*"]
    if not words or any(words_of(word) != (word.lower(),) for word in words):
        raise ValueError("a pattern of words is written 'use Request *': words with blanks between, or '*'")
    return value


Words = Annotated[str, AfterValidator(_words)]
Number = Annotated[str, AfterValidator(_number)]
Name = Annotated[str, AfterValidator(_name)]


class StrictTable(BaseModel):
    """A table in which every key must be known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class GetDeny(StrictTable):
    """GET requests that write, by the look of their address."""

    hosts: list[Host] = []
    """Where they are looked for; every host of the service where none is named."""
    paths: list[Path] = []
    segments: list[Name] = []
    """One part of a path, such as `logout*`; compared without its ending (`.php`), in any case."""
    query: list[Query] = []


class Operations(StrictTable):
    """Reads that the site sends as POST to one endpoint and tells apart by a name in the body."""

    paths: list[Path] = Field(min_length=1)
    hosts: list[Host] = []
    name_fields: list[str] = Field(min_length=1)
    name_headers: list[Header] = []
    id_fields: list[str] = []
    """Fields that choose an operation by a number; never in an address."""
    text_fields: list[str] = []
    """Fields that would carry the operation itself; their presence is refused."""
    read: list[Name] = []
    """Patterns of names that read."""
    also_read: list[str] = []
    """Names that read and fit no pattern."""
    never: list[Name] = []
    """Patterns of names that never pass, upper or lower case; stronger than `read` and `also_read`."""
    acts: list[Words] = []
    """Patterns of names that act although they read by their ending, word by word: `use Request *`."""
    never_ids: list[Number] = []
    """Numbers of operations known to write, whatever name is given with them."""


class ByPerson(StrictTable):
    """What else would be refused and a person who signs in may send: answers to a challenge, trust in a browser."""

    paths: list[Path] = []
    """Paths that `except_paths` keeps from a program that signs in."""
    operations: list[Name] = []
    """Patterns of names; they may not fit what `submit` declares."""


class GuardSignIn(StrictTable):
    """The writes that signing in needs; only while somebody signs in."""

    hosts: list[Host] = []
    paths: list[Path] = []
    except_paths: list[Path] = []
    operations: list[str] = []
    """Names of operations, exactly."""
    query: list[Query] = []
    """Query patterns that `get_deny` would refuse, allowed while signing in."""
    by_person: ByPerson = ByPerson()


class Submit(StrictTable):
    """The one write that files an objection; declared here, released only by a person."""

    hosts: list[Host] = []
    paths: list[Path] = []
    operations: list[str] = []
    ids: list[Number] = []
    """Those of `never_ids` that are these operations' own."""
    form_id_fields: list[Name] = []
    """Where the request names the form; without one nothing can be released."""
    content_fields: list[Name] = []
    """Fields that hold the form's own fields as JSON."""
    carries: list[Name] = []
    """Patterns of names that such a request carries beside the form's fields: tokens, counters, who is signed in."""
    carries_empty: list[Name] = []
    """The same of fields that the page's script adds as the form is sent, and that hold nothing then."""


class GuardTable(StrictTable):
    """The whole `[guard]` table."""

    telemetry: list[Path] = []
    telemetry_query: list[Query] = []
    """The same by `name=value` in the address, where one path serves other ends, too."""
    bystanders: list[Host] = []
    """Hosts of others, which bring a page nothing of the account's: they count, advertise, or ask for consent."""
    read_paths: list[Path] = []
    get_deny: GetDeny = GetDeny()
    operations: Operations | None = None
    sign_in: GuardSignIn = GuardSignIn()
    submit: Submit = Submit()

    @model_validator(mode="after")
    def _keeps_apart(self) -> Self:
        """Whoever signs in must not be able to file the objection by it."""
        sign_in, submit = self.sign_in, self.submit
        operations = Patterns.of([*sign_in.operations, *sign_in.by_person.operations])
        paths = Patterns.of(sign_in.paths)
        for found in (*filter(operations.fit, submit.operations), *filter(paths.fit, submit.paths)):
            raise ValueError(f"sign_in would let through what submit declares: {found}")
        return self


class SignInHosts(BaseModel):
    """The part of `[sign_in]` that the guard reads."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    providers: list[Host] = []
    """Hosts of identity providers, such as `accounts.provider.example`: reachable only while a person signs in."""


class SiteFile(BaseModel):
    """The part of `site.toml` that the guard reads; the other tables belong to others."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    hosts: list[Host] = Field(min_length=1)
    guard: GuardTable
    sign_in: SignInHosts = SignInHosts()


def read_site(mapping: Mapping[str, object]) -> SiteFile:
    """
    Check what a `site.toml` says for the guard.

    Raises:
        FlowError: naming each wrong key, what is wrong with it and what to write instead.
    """
    try:
        return SiteFile.model_validate(dict(mapping))
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {rule_of(fault)}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise FlowError(
            f"site.toml: the guard cannot use it ({'; '.join(faults)})",
            "correct these keys in the service's site.toml; docs/guard.md lists the tables and keys",
        ) from error
