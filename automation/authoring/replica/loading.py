"""
Reading a service's stand-in pages from its data folders.

The folders of `acme`, for example, are `flows/acme/*/replica`, `flows/acme/replica` and what its
`site.toml` includes, in that order; the first that has a template of some name gives it. A service without a
`replica/site.toml` of its own is one whose settings are a control each (`automation.authoring.replica.declared`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from automation.authoring.replica.actors import Actor, actors_of, load_scenarios
from automation.authoring.replica.declared import SHARED, declared_site
from automation.authoring.replica.ledger import Network, Rule
from automation.authoring.replica.site import DataRequests, ReplicaSite, Session, UrlRoute
from automation.authoring.replica.words import load_words
from automation.core.errors import FlowError
from automation.text.labels import shipped_folder


def load_site(service: str, flows: Path | None = None) -> ReplicaSite:
    """
    Read the stand-in pages of a service.

    Args:
        service: name of its folder.
        flows: folder that holds it, if it is not the one that comes with Témoin.

    Raises: FlowError, if there is none or its data is wrong.
    """
    root = flows or shipped_folder()
    home = root / service / "replica"
    if not (home / "site.toml").is_file():
        return declared_site(root / service, _shared(root))
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
        data=_data(network["data"]),
        answers=table.get("answers", {}),
        options=_options(folders, table["options"]),
        words=load_words(folder / "words.toml" for folder in reversed(folders) if (folder / "words.toml").is_file()),
        scenarios=scenarios,
        cast=_distinct(service, actors_of(service, scenarios)),
        build=table["build"],
        assets=table["assets"],
    )


def _shared(root: Path) -> Path:
    """The common pages of declared settings: beside the services, else those that come with Témoin."""
    return root / SHARED if (root / SHARED).is_dir() else shipped_folder() / SHARED


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


def _data(table: Mapping[str, Any]) -> DataRequests:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return DataRequests(**values)


def _route(row: Mapping[str, Any]) -> UrlRoute:
    values = dict(row)
    values["hosts"] = tuple(values.get("hosts", ("*",)))
    return UrlRoute(**values)
