"""
The services that Témoin can read, one folder each, and one folder a setting in it.

A user's own flows come from folders of the same shape, named by `flow_paths`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from automation.core.errors import FlowError

if TYPE_CHECKING:
    from automation.authoring.flow_lists import NoControl
    from automation.flow import Flow  # noqa: TC004 - nothing asks `Found` for its types

ANSWERED = ("facebook", "instagram")
"""Services whose setting is a form that they answer in an inbox."""

DECLARED = (
    "adobe", "alexa", "atlassian", "canva", "chatgpt", "claude", "figma", "gemini", "github_copilot", "grammarly",
    "grok", "hubspot", "linkedin", "medium", "microsoft_copilot", "mistral", "perplexity", "pinterest", "quora",
    "salesforce", "squarespace", "substack", "tumblr", "twitch", "wordpress_com", "x", "youtube",
)  # fmt: skip
"""Services whose settings are one control each."""

SERVICES = ANSWERED + DECLARED
"""Listed by hand: a folder that is not here is not part of Témoin."""

HERE = Path(__file__).parent
"""Folder of the services."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the folders of flows hold."""

    flows: Mapping[str, Flow]
    """By id."""
    broken: Mapping[str, FlowError]
    """What cannot be used, by the id that its folders tell, or by its file, and why. No flow of such an id is used."""
    ids: frozenset[str]
    """Of all, whether they were read or not."""


def find(extra: Iterable[Path] = (), only: Collection[str] | None = None) -> Found:
    """
    Every flow, and what is wrong with those that cannot be used: one of them costs the others nothing.

    Args:
        extra: folders with flows of a user's own.
        only: ids; of Témoin's own flows the others are not read. None reads all.

    Raises:
        FlowError: one of these folders is not there, or holds no flow.
    """
    from automation.authoring import flow_lists  # noqa: PLC0415
    from automation.flow import load_flow  # noqa: PLC0415 - pydantic takes its time, --help needs no flow
    from automation.flow.confirmed import NAME as WORDS  # noqa: PLC0415
    from automation.flow.confirmed import confirmed_looks  # noqa: PLC0415

    extra = tuple(extra)
    found: dict[str, Flow] = {}
    broken: dict[str, FlowError] = {}
    seen: dict[str, Path] = {}
    for folder in folders(extra):
        name = f"{folder.parent.name}.{folder.name}"
        if name in seen:  # which of the two is meant cannot be known
            found.pop(name, None)
            broken[name] = FlowError(f"{folder}: '{name}' exists already in {seen[name]}", "Rename one.")
            continue
        seen[name] = folder
        if only is not None and name not in only and folder.is_relative_to(HERE):
            continue
        try:
            found[name] = _own(folder) if folder.is_relative_to(HERE) else load_flow(folder)
        except FlowError as error:
            broken[name] = error
    for path in extra:
        try:
            found = flow_lists.merged(found, path)
            confirmed_looks(path / WORDS)  # counts with the looks; told here where it is wrong
        except FlowError as error:
            broken[str(path)] = error
    return Found(found, broken, frozenset(seen))


@cache
def _own(folder: Path) -> Flow:
    """One of Témoin's own flows, read once in a process: the window asks for them with every page."""
    from automation.flow import load_flow  # noqa: PLC0415

    flow = load_flow(folder)
    return replace(flow, guide=replace(flow.guide, number=numbers()["settings"].get(flow.id, "")))


@cache
def numbers() -> dict[str, dict[str, str]]:
    """`settings` and `gone`: flow id → the number of its setting, such as `TEMOIN.META.1.1`."""
    tables: dict[str, dict[str, str]] = tomllib.loads((HERE / "numbers.toml").read_text(encoding="utf-8"))
    return tables


def load(extra: Iterable[Path] = ()) -> dict[str, Flow]:
    """
    Every flow by its id, where all of them must be in order.

    Raises:
        FlowError: one of them is wrong; the message names the file.
    """
    found = find(extra)
    for error in found.broken.values():
        raise error
    return dict(found.flows)


def folders(extra: Iterable[Path] = ()) -> list[Path]:
    """
    The folders of all flows, Témoin's own first.

    Raises:
        FlowError: a folder of a user's own is not there, or holds no flow.
    """
    found = [setting for service in SERVICES for setting in _settings(HERE / service)]
    for path in extra:
        if not path.is_dir():
            raise FlowError(f"{path}: no such folder", "Correct `flow_paths`.")
        own = [setting for service in sorted(path.iterdir()) for setting in _settings(service)]
        started = any(any(path.glob(name)) for name in ("verified.toml", "words.toml", "*/looks.toml"))
        mistaken = any(path.iterdir()) and not started  # an empty one is yet to be filled
        if not own and mistaken:
            raise FlowError(f"{path}: holds no flow", "Name the folder in which SERVICE/SETTING/flow.toml lies.")
        found += own
    return found


def _settings(service: Path) -> list[Path]:
    """A service's settings; one that lacks a file is one too, so that somebody is told."""
    return sorted({file.parent for name in ("flow.toml", "labels.toml") for file in service.glob(f"*/{name}")})


def without_control() -> tuple[NoControl, ...]:
    """Services and places of which it is known, or was looked for in vain, that they have no control to read."""
    from automation.authoring.flow_lists import read_no_control  # noqa: PLC0415

    return read_no_control(HERE / "no_control.toml")
