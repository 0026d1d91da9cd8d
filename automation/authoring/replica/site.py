"""Everything that a replica serves for one service, and who its made-up accounts are."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automation.authoring.replica.actors import Actor, Scenario
from automation.core.errors import FlowError

if TYPE_CHECKING:
    from collections.abc import Iterable


class WriteKind(StrEnum):
    """How a request is counted."""

    PAGE = "page"
    """A GET or HEAD that changes nothing."""
    READ = "read"
    """A read that the service sends as POST."""
    SIGN_IN = "sign_in"
    """What signing in needs, from someone who is not signed in yet, or the answer to a challenge."""
    WRITE = "write"
    """Everything else."""


@dataclass(frozen=True, slots=True)
class Write:
    """One request that may change something."""

    method: str
    """`WEBSOCKET` for an attempt to open one."""
    host: str
    path: str
    """Without its query."""
    operation: str = ""
    """Name of the operation, where the request says one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requests a line of the replica's network list means."""

    path: str
    """Pattern as `fnmatch` reads it; a slash at the end does not matter."""
    operations: frozenset[str] = frozenset()
    """Names that are meant; empty means all."""
    query: str | None = None
    """A query key that must be there."""

    def fits(self, path: str, query: frozenset[str], operation: str) -> bool:
        """Whether a request is meant. `query` holds the keys only."""
        named = (not self.operations or operation in self.operations) and (self.query is None or self.query in query)
        return named and fnmatchcase(path.rstrip("/") or "/", self.path.rstrip("/") or "/")


@dataclass(frozen=True, slots=True)
class Network:
    """The replica's own idea of which requests read, sign in or write."""

    reads: tuple[Rule, ...] = ()
    sign_in: tuple[Rule, ...] = ()
    writing_gets: tuple[Rule, ...] = ()
    challenges: tuple[Rule, ...] = ()
    """Answers to what the service asks for, from whoever it asks."""

    def kind(self, method: str, path: str, query: frozenset[str], operation: str, *, signed_in: bool) -> WriteKind:
        """Say how a request counts; what is on no list is a write unless its method is safe."""

        def listed(rules: tuple[Rule, ...]) -> bool:
            return any(rule.fits(path, query, operation) for rule in rules)

        if method in {"GET", "HEAD"}:
            return WriteKind.WRITE if listed(self.writing_gets) else WriteKind.PAGE
        if listed(self.reads):
            return WriteKind.READ
        if listed(self.challenges) or (not signed_in and listed(self.sign_in)):
            return WriteKind.SIGN_IN
        return WriteKind.WRITE


@dataclass(slots=True)
class WriteLedger:
    """Everything that reached the replica."""

    writes: list[Write] = field(default_factory=list)
    sign_ins: list[Write] = field(default_factory=list)
    sign_in_tries: Counter[str] = field(default_factory=Counter)
    """How often a password was sent, per user name."""
    approved: set[str] = field(default_factory=set)
    """User names whose holder said yes on another device."""
    pages_served: Counter[str] = field(default_factory=Counter)
    """Documents, as `host/path`."""
    reads: Counter[str] = field(default_factory=Counter)
    """Reads sent as POST, by operation or path."""
    faults: list[str] = field(default_factory=list)
    """Pages that the replica itself could not make: a mistake in its data."""

    def note(self, kind: WriteKind, request: Write) -> None:
        """File one request."""
        if kind is WriteKind.WRITE:
            self.writes.append(request)
        elif kind is WriteKind.SIGN_IN:
            self.sign_ins.append(request)
        elif kind is WriteKind.READ:
            self.reads[request.operation or request.path] += 1


@dataclass(frozen=True, slots=True)
class Word:
    """One text in one language."""

    text: str
    source: str
    """Where it is documented; begins with `made up` for an invented one."""

    @property
    def made_up(self) -> bool:
        """Whether no source gives it."""
        return self.source.startswith("made up")


@dataclass(frozen=True, slots=True)
class ReplicaWords:
    """Texts by key and locale. Locales are BCP-47; a bare language stands for all its regions."""

    entries: Mapping[str, Mapping[str, Word]]
    fallbacks: Mapping[str, str]
    """Keys that real pages leave in another language, with that language."""

    def text(self, key: str, locale: str) -> str:
        """
        Find a text: of the exact locale, then of its language, then of the entry's own fallback.

        Raises: FlowError, where the key has no text in that language.
        """
        entry = self.entries.get(key)
        if entry is None:
            raise FlowError(f"The replica has no words called {key!r}.", "Add them to a words.toml.")
        for name in (locale, locale.partition("-")[0], self.fallbacks.get(key, "")):
            if name in entry:
                return entry[name].text
        raise FlowError(f"The replica's words {key!r} say nothing in {locale}.", "Add that language.")


def load_words(files: Iterable[Path]) -> ReplicaWords:
    """
    Read word files; a later file replaces single texts of an earlier one.

    A file holds a table a key. `source` counts for all its texts, `fallback` names the language that is shown
    where there is none; every other key is a locale, with a text or `{ text = …, source = … }`.

    Raises: FlowError, for a text without a source.
    """
    entries: dict[str, dict[str, Word]] = {}
    fallbacks: dict[str, str] = {}
    for path in files:
        for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            source = table.pop("source", "")
            if fallback := table.pop("fallback", None):
                fallbacks[key] = fallback
            for locale, value in table.items():
                said = {"source": source, **(value if isinstance(value, dict) else {"text": value})}
                if not said["source"] or not isinstance(said["text"], str):
                    raise FlowError(f"{path.name}: [{key}] {locale} has no source.", 'Add source = "…".')
                entries.setdefault(key, {})[locale] = Word(**said)
    return ReplicaWords(entries, fallbacks)


@dataclass(frozen=True, slots=True)
class UrlRoute:
    """One address pattern and the template that shows it."""

    path: str
    """With `{names}`; each stands for one part of the path."""
    view: str
    """Name of the template."""
    hosts: tuple[str, ...] = ("*",)
    operation: str = ""
    """Name of the read that brings the content after the page; empty where the page brings it itself."""
    open: bool = False
    """Whether it is shown without signing in."""
    method: str = "GET"

    def match(self, method: str, host: str, path: str) -> dict[str, str] | None:
        """Values of the path's names, or None where this is another address."""
        if method != self.method or not any(fnmatchcase(host, pattern) for pattern in self.hosts):
            return None
        names = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path.rstrip("/")))
        found = re.fullmatch(names, path.rstrip("/"), re.IGNORECASE)
        return found.groupdict() if found else None


@dataclass(frozen=True, slots=True)
class Session:
    """Names of the cookies that say who is there."""

    identity: str
    token: str
    pending: str
    """Set between the password and the code."""
    domain: str
    shared: str = ""
    """Cookie and query key that carry a session to the service's other domains."""
    acting: str = ""
    """Cookie that names the Page someone acts as."""
    renewed: str = ""
    """Cookie that gets another value with every page of somebody who is signed in."""


@dataclass(frozen=True, slots=True)
class DataRequests:
    """
    How the service's pages ask for data: by POST, form-encoded, each with a name.

    What is answered, templates of the service say: `operation.json.j2`, `routes.j2` and `nothing.j2`.
    """

    operations_at: tuple[str, ...] = ()
    """Paths that take operations."""
    operation_field: str = "operation"
    """Field with an operation's name."""
    operation_header: str = ""
    """Header that may carry it as well."""
    variables_field: str = "variables"
    """Field with its variables, as JSON."""
    routes_at: tuple[str, ...] = ()
    """Paths that are asked which operation an address needs."""
    route_field: str = "route"
    """How the fields begin that hold such addresses."""


@dataclass(frozen=True, slots=True)
class ReplicaSite:
    """Everything that is served for one service."""

    service: str
    folders: tuple[Path, ...]
    hosts: tuple[str, ...]
    session: Session
    routes: tuple[UrlRoute, ...]
    network: Network
    data: DataRequests
    answers: Mapping[str, str]
    """Templates for single operations, by name."""
    options: Mapping[str, Any]
    """What every scenario starts from."""
    words: ReplicaWords
    scenarios: tuple[Scenario, ...]
    cast: tuple[Actor, ...]
    build: str
    """Decides the class names."""
    assets: str = "/assets/"
    """How the paths of style sheets and scripts begin."""
    _tokens: dict[tuple[str, str], Actor] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for actor in self.cast:
            for purpose in ("session", "pending", "shared"):
                self._tokens[purpose, actor.token(purpose)] = actor

    def having(self, **options: Any) -> ReplicaSite:
        """Give the same site with other options, such as another generation of its login page."""
        unknown = options.keys() - self.options.keys()
        if unknown:
            raise FlowError(f"The replica of {self.service} has no option {sorted(unknown)}.")
        return replace(self, options={**self.options, **options}, _tokens={})

    def actor(self, purpose: str, token: str | None) -> Actor | None:
        """Who a cookie's value stands for."""
        return self._tokens.get((purpose, token)) if token else None

    def session_cookies(self, actor: Actor) -> dict[str, str]:
        """Names and values of the cookies that an account has once it is signed in."""
        world = {**self.options, **actor.world}
        cookies = {
            self.session.identity: world.get("cookie_identity") or actor.identity,
            self.session.token: actor.token("session"),
        }
        if self.session.acting and world.get("acting"):
            cookies[self.session.acting] = actor.page_id
        return cookies

    def storage_state(self, actor: Actor) -> Any:
        """A signed-in browser, as Playwright's `new_context(storage_state=…)` takes it."""
        usual = {"domain": self.session.domain, "path": "/", "expires": -1, "httpOnly": False}
        usual |= {"secure": True, "sameSite": "None"}
        cookies = self.session_cookies(actor).items()
        return {"cookies": [{"name": name, "value": value, **usual} for name, value in cookies], "origins": []}

    def serves(self, host: str) -> bool:
        """Whether a host is one of this service's."""
        return any(fnmatchcase(host, pattern) for pattern in self.hosts)

    def route(self, method: str, host: str, path: str) -> tuple[UrlRoute, dict[str, str]] | None:
        """First route that fits, with the values of its path's names."""
        found = ((route, route.match(method, host, path)) for route in self.routes)
        return next(((route, values) for route, values in found if values is not None), None)

    def file(self, name: str) -> Path | None:
        """A template, style sheet or script by its name."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)
