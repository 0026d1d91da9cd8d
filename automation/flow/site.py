"""What all settings of one service share: who is signed in, what a login wall looks like, how signing in works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Any, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from pydantic import Field as PydanticField

from automation.core.errors import FlowError
from automation.core.verdicts import ChallengeKind
from automation.flow.reads import ReadRules
from automation.page import PageView
from automation.text.catalogue import key_fault

_COOKIE = "cookie "


class EmbeddedId(BaseModel):
    """An id inside embedded JSON: the object that follows or is named `near`, and its field."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    near: str
    field: str


class Identity(BaseModel):
    """Where the service says who is signed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    pattern: str = ""
    """What the service calls an account looks like, as a regular expression; empty where no source says."""
    embedded: tuple[EmbeddedId, ...] = ()
    cookies: tuple[str, ...] = ()
    acting_cookies: tuple[str, ...] = ()
    """Present only while the person acts as something else, such as a Page."""
    acting_embedded: tuple[EmbeddedId, ...] = ()
    """An id that differs from the person's own while acting as something else."""
    link: str = ""
    """Pattern of a link's path, `*` for the id: the first such link of a page names the person."""
    nobody: tuple[str, ...] = ("0", "")
    """Values that mean nobody."""

    @property
    def names_somebody(self) -> bool:
        """Whether the service's file knows any place that names who is signed in."""
        return bool(self.embedded or self.cookies or self.link)


class Challenge(BaseModel):
    """A page on which the service asks for something that only a person may give."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str = ""
    """Pattern of the path, `*` for anything."""
    words: str = ""
    """Label key whose words, anywhere in the text, tell it; beside a path, both must hold."""
    kind: ChallengeKind
    host: str = "*"

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if not (self.path or self.words):
            raise ValueError("a challenge needs a path, words, or both")
        return self


class PrivateText(BaseModel):
    """Where a page shows text that has nothing to do with the setting: messages, posts, other people."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: str
    """Accessibility role of what holds it, such as `article`. What holds one piece of text only is left alone."""
    steps: tuple[str, ...] = ()
    """Patterns of the names of the steps at which it counts; at all where empty."""


class Masking(BaseModel):
    """What must not show in evidence, beyond what is masked everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    names: tuple[EmbeddedId, ...] = ()
    """Where the page's own data names the person who is signed in."""
    links: tuple[str, ...] = ()
    """Patterns of paths that lead to a person: the text of such links is a name."""
    about: tuple[str, ...] = ()
    """Label keys: private text that holds one of their words speaks of the setting and stays."""
    private: tuple[PrivateText, ...] = ()
    covered: tuple[str, ...] = ()
    """Surfaces that are no evidence, beside the one on which a visit begins: all but known words is covered there."""
    tokens: tuple[str, ...] = ()
    """Parts of the names under which the page's own data carries tokens, beside those of the web."""

    def and_also(self, other: Masking) -> Masking:
        """Both together."""
        return Masking(
            names=self.names + other.names,
            links=self.links + other.links,
            about=self.about + other.about,
            private=self.private + other.private,
            covered=self.covered + other.covered,
            tokens=self.tokens + other.tokens,
        )


class SignInRules(BaseModel):
    """How somebody signs in: a person at the window, or a test account with its name and password."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str
    password: bool = True
    """Whether name and password may be typed in; where no source says how, only a saved session is used."""
    session_cookies: tuple[str, ...]
    """All of them present means signed in."""
    login_paths: tuple[str, ...]
    """Paths that only somebody signed out sees."""
    code_paths: tuple[str, ...] = ()
    """Where a second factor's code is asked."""
    code_fields: tuple[Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")], ...] = ()
    """Names of the field for it, beside those of the web."""
    skip_paths: tuple[str, ...] = ()
    """Offers after signing in that are left alone by moving on."""
    home: str
    providers: tuple[str, ...] = ()
    """Hosts of identity providers that a person may sign in with; the guard reads them."""


class Attribute(BaseModel):
    """An attribute of an element, and its value."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = PydanticField(min_length=1)
    value: str


class _Reads(ReadRules):
    """`[reads]` as written: what the guard names stands there, and is not said twice."""

    @model_validator(mode="before")
    @classmethod
    def _said_once(cls, table: Any) -> Any:
        for key in ("name_headers", "name_fields"):
            if isinstance(table, Mapping) and key in table:
                raise ValueError(f"{key} belongs to [guard.operations]")
        return table


class _SiteTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    """The service as a person writes it."""
    hosts: list[str]
    """What may be reached."""
    identity: Identity
    """Where the service says who is signed in."""
    sign_in: SignInRules
    challenges: list[Challenge] = []
    """Pages on which only a person can go on; the first that fits counts."""
    guard: dict[str, Any]
    """The guard's own part, which it reads by itself."""
    mail: dict[str, Any] = {}
    """The mailbox's."""
    masking: Masking = Masking()
    """What must not show in evidence, beyond what is masked everywhere."""
    reads: _Reads = _Reads()
    """How data requests are named, narrowed, answered and continued."""
    loading: tuple[Attribute, ...] = ()
    """What an element carries while the page is still loading, beside `aria-busy` and a progress bar."""


@dataclass(frozen=True, slots=True)
class Site:
    """A service."""

    id: str
    name: str
    hosts: tuple[str, ...]
    identity: Identity
    sign_in: SignInRules
    challenges: tuple[Challenge, ...]
    tables: Mapping[str, Any]
    """The file as read, for the guard's own part of it."""
    masking: Masking = field(default_factory=Masking)
    reads: ReadRules = field(default_factory=ReadRules)
    loading: tuple[tuple[str, str], ...] = ()
    """Attributes and values that its elements carry while they load."""

    def owns(self, url: str) -> bool:
        """Whether an address belongs to the service."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "https" and any(fnmatchcase(host, pattern) for pattern in self.hosts)


def parse_site(service: str, tables: Mapping[str, Any], where: str) -> Site:
    """
    Build the site from its table.

    Raises:
        FlowError: naming the file and the key.
    """
    try:
        table = _SiteTable.model_validate(tables)
    except ValidationError as error:
        fault, hint = key_fault(error, _SiteTable)
        raise FlowError(f"{where}: {fault}", f"{hint} Correct that key.".strip()) from None
    return Site(
        service,
        table.name,
        tuple(table.hosts),
        table.identity,
        table.sign_in,
        tuple(table.challenges),
        tables,
        table.masking,
        _named_as_guarded(table.reads, table.guard),
        tuple((mark.name, mark.value) for mark in table.loading),
    )


def _named_as_guarded(reads: ReadRules, guard: Mapping[str, Any]) -> ReadRules:
    """A request goes by the name by which the guard lets it through; the guard itself checks its table."""
    operations = guard.get("operations")
    said = operations if isinstance(operations, Mapping) else {}
    headers, fields = (said.get(key, []) for key in ("name_headers", "name_fields"))
    return reads.model_copy(update={"name_headers": _texts(headers), "name_fields": _texts(fields)})


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Who:
    """Who a page and its cookies say is signed in."""

    ids: Mapping[str, str]
    """Where it was read → the id. Never printed; leaves the process only as an HMAC."""
    acting: str | None
    """Where it shows that the person acts as something else; None when they do not."""

    @property
    def nobody(self) -> bool:
        """Whether nothing names anybody."""
        return not self.ids

    @property
    def by_page(self) -> bool:
        """Whether the page's own data names somebody, and not the cookies alone."""
        return any(not where.startswith(_COOKIE) for where in self.ids)

    def is_only(self, identity: str) -> bool:
        """Whether everything that names somebody names this one."""
        return bool(self.ids) and set(self.ids.values()) == {identity.strip()}


def who(view: PageView, cookies: Mapping[str, str], identity: Identity) -> Who:
    """Read who is signed in, from the page's own data and from the service's cookies, which are decoded."""
    cookies = {name: decoded(value) for name, value in cookies.items()}
    ids = _ids_of_page(view, identity)
    people = {*ids.values(), *(cookies[name] for name in identity.cookies if name in cookies)}
    naming = (name for name in identity.cookies if cookies.get(name, "") not in identity.nobody)
    ids |= {_COOKIE + name: cookies[name] for name in naming}
    acting = _acting(view, cookies, identity, people)
    if acting:
        # While acting as a Page the data may name the Page; the person's own id is in the cookie.
        named = {cookies[name] for name in identity.acting_cookies if name in cookies}
        ids = {where: value for where, value in ids.items() if value not in named}
    return Who(ids, acting)


def _ids_of_page(view: PageView, identity: Identity) -> dict[str, str]:
    """Where the page's own data and links name somebody → the id."""
    ids: dict[str, str] = {}
    for source in identity.embedded:
        for number, value in enumerate(sorted(embedded_values(view, source))):
            if value not in identity.nobody:
                ids[f"{source.near}.{source.field}" + (f"#{number}" if number else "")] = value
    linked = _linked(view, identity.link) if identity.link else ""
    return ids if linked in identity.nobody else ids | {"link": linked}


def _acting(view: PageView, cookies: Mapping[str, str], identity: Identity, people: set[str]) -> str | None:
    """Where it shows that one of these people acts as something else: the last cookie, else the first data."""
    known = {*identity.nobody, *people}
    data = (s for s in identity.acting_embedded if people and not embedded_values(view, s) <= known)
    where = [_COOKIE + name for name in identity.acting_cookies if cookies.get(name, "") not in identity.nobody]
    return where[-1] if where else next((f"{source.near}.{source.field}" for source in data), None)


def decoded(value: str) -> str:
    """What a cookie's value says: without percent signs and quotes around it."""
    return unquote(value).strip().strip('"')


def _linked(view: PageView, pattern: str) -> str:
    """What stands for `*` in the first link that fits; empty where none does."""
    before, _, after = pattern.partition("*")
    fitting = re.compile(re.escape(before) + "([^/]+)" + re.escape(after) + "/?")
    for node in view.everything():
        found = fitting.fullmatch(urlsplit(node.attributes.get("href", "")).path) if node.tag == "A" else None
        if found:
            return unquote(found[1])
    return ""


def embedded_values(view: PageView, source: EmbeddedId) -> set[str]:
    """Every value that the page's own data gives for a field."""
    objects = view.handed_objects.get(source.near, ())
    return {str(inner[source.field]) for inner in objects if source.field in inner}
