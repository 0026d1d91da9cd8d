"""Everything that a replica serves for one service, and who its made-up accounts are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from automation.authoring.replica.actors import Actor, Scenario
from automation.authoring.replica.ledger import Network
from automation.authoring.replica.words import ReplicaWords
from automation.core.errors import FlowError


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
        return {
            "cookies": [
                {
                    "name": name,
                    "value": value,
                    "domain": self.session.domain,
                    "path": "/",
                    "expires": -1,
                    "httpOnly": False,
                    "secure": True,
                    "sameSite": "None",
                }
                for name, value in self.session_cookies(actor).items()
            ],
            "origins": [],
        }

    def serves(self, host: str) -> bool:
        """Whether a host is one of this service's."""
        return any(fnmatchcase(host, pattern) for pattern in self.hosts)

    def route(self, method: str, host: str, path: str) -> tuple[UrlRoute, dict[str, str]] | None:
        """First route that fits, with the values of its path's names."""
        for route in self.routes:
            values = route.match(method, host, path)
            if values is not None:
                return route, values
        return None

    def file(self, name: str) -> Path | None:
        """A template, style sheet or script by its name."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)
