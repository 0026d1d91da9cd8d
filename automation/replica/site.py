"""
A service's stand-in pages, as its data folders describe them.

The folders of `facebook`, for example, are `flows/facebook/*/replica`, `flows/facebook/replica` and what its
`site.toml` includes, in that order; the first that has a template of some name gives it.
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

from collections.abc import Mapping

from automation.errors import FlowError
from automation.replica.actors import Actor, Scenario, actors_of, load_scenarios
from automation.replica.ledger import Network, Rule
from automation.replica.words import Words, load_words


@dataclass(frozen=True, slots=True)
class Route:
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


@dataclass(frozen=True, slots=True)
class ReplicaSite:
    """Everything that is served for one service."""

    service: str
    folders: tuple[Path, ...]
    hosts: tuple[str, ...]
    session: Session
    routes: tuple[Route, ...]
    network: Network
    operations_at: tuple[str, ...]
    """Paths that take operations, form-encoded."""
    routes_at: tuple[str, ...]
    """Paths that are asked which operation an address needs."""
    operation_field: str
    answers: Mapping[str, str]
    """Templates for single operations, by name."""
    options: Mapping[str, Any]
    """What every scenario starts from."""
    words: Words
    scenarios: tuple[Scenario, ...]
    cast: tuple[Actor, ...]
    build: str
    """Decides the class names."""
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

    def route(self, method: str, host: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """First route that fits, with the values of its path's names."""
        for route in self.routes:
            values = route.match(method, host, path)
            if values is not None:
                return route, values
        return None

    def file(self, name: str) -> Path | None:
        """A template, style sheet or script by its name."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)


def flows_folder() -> Path:
    """
    Where the flows' data lies; found without importing them.

    Raises: FlowError, where the package is not installed.
    """
    spec = importlib.util.find_spec("flows")
    if spec is None or not spec.submodule_search_locations:
        raise FlowError("The flows are not installed.", "Install temoin whole.")
    return Path(next(iter(spec.submodule_search_locations)))


def load_site(service: str, flows: Path | None = None) -> ReplicaSite:
    """
    Read the stand-in pages of a service.

    Args:
        service: name of its folder.
        flows: folder that holds it, if it is not the one that comes with Témoin.

    Raises: FlowError, if there is none or its data is wrong.
    """
    root = flows or flows_folder()
    home = root / service / "replica"
    if not (home / "site.toml").is_file():
        raise FlowError(f"There is no replica of {service!r}.", f"It would be at flows/{service}/replica/site.toml.")
    settings = sorted(folder for folder in (root / service).glob("*/replica") if folder.is_dir())
    table = tomllib.loads((home / "site.toml").read_text(encoding="utf-8"))
    shared = [root / name for name in table.get("include", ())]
    folders = (*settings, home, *shared)
    scenarios = tuple(
        scenario
        for folder in settings
        if (folder / "scenarios.toml").is_file()
        for scenario in load_scenarios(folder / "scenarios.toml", f"{service}.{folder.parent.name}")
    )
    network = table["network"]
    return ReplicaSite(
        service=service,
        folders=folders,
        hosts=tuple(table["hosts"]),
        session=Session(**table["session"]),
        routes=tuple(_route(row) for row in table["routes"]),
        network=Network(
            _rules(network["reads"]),
            _rules(network["sign_in"]),
            _rules(network["writing_gets"]),
            _rules(network["challenges"]),
        ),
        operations_at=tuple(network["operations_at"]),
        routes_at=tuple(network["routes_at"]),
        operation_field=network["operation_field"],
        answers=table.get("answers", {}),
        options=_options(folders, table["options"]),
        words=load_words(folder / "words.toml" for folder in reversed(folders) if (folder / "words.toml").is_file()),
        scenarios=scenarios,
        cast=_distinct(service, actors_of(service, scenarios)),
        build=table["build"],
    )


def cast(service: str, flows: Path | None = None) -> tuple[Actor, ...]:
    """All made-up accounts of a service, one for every scenario in each of its languages."""
    return load_site(service, flows).cast


def _options(folders: Sequence[Path], own: Mapping[str, Any]) -> dict[str, Any]:
    """The shared folders' options, with the service's own over them."""
    shared: dict[str, Any] = {}
    for folder in reversed(folders):
        if (folder / "options.toml").is_file():
            shared |= tomllib.loads((folder / "options.toml").read_text(encoding="utf-8"))
    return {**shared, **own}


def _distinct(service: str, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    for what in ("username", "identity"):
        values = [getattr(actor, what) for actor in actors]
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise FlowError(f"Two accounts of the replica of {service} share a {what}: {sorted(twice)}.")
    return actors


def _rules(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(Rule(row["path"], frozenset(row.get("operations", ())), row.get("query")) for row in rows)


def _route(row: Mapping[str, Any]) -> Route:
    values = dict(row)
    values["hosts"] = tuple(values.get("hosts", ("*",)))
    return Route(**values)
