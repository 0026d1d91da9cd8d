"""
The services that Témoin can read, one folder each, and one folder a setting in it.

A user's own flows come from folders of the same shape, named by `flow_paths`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from automation.errors import FlowError

if TYPE_CHECKING:
    from automation.flow import Flow
    from automation.flow.no_control import NoControl

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

_HERE = Path(__file__).parent


def folders(extra: Iterable[Path] = ()) -> list[Path]:
    """The folders of all flows, Témoin's own first."""
    places = [_HERE / service for service in SERVICES]
    for path in extra:
        if not path.is_dir():
            raise FlowError(f"{path}: no such folder", "Correct `flow_paths`.")
        places.extend(sorted(p for p in path.iterdir() if (p / "site.toml").exists()))
    return [setting.parent for place in places for setting in sorted(place.glob("*/flow.toml"))]


def load(extra: Iterable[Path] = ()) -> dict[str, Flow]:
    """
    Every flow by its id.

    Raises:
        FlowError: one of them is wrong; the message names the file.
    """
    from automation.flow import load_flow  # noqa: PLC0415 - pydantic takes its time, and --help needs no flow
    from automation.flow.verified import merged  # noqa: PLC0415

    extra = tuple(extra)
    found: dict[str, Flow] = {}
    for folder in folders(extra):
        flow = load_flow(folder)
        if flow.id in found:
            raise FlowError(f"{folder}: '{flow.id}' exists already in {found[flow.id].folder}", "Rename one.")
        found[flow.id] = flow
    for path in extra:
        found = merged(found, path)
    return found


def without_control() -> tuple[NoControl, ...]:
    """Services and places of which it is known, or was looked for in vain, that they have no control to read."""
    from automation.flow.no_control import read_no_control  # noqa: PLC0415

    return read_no_control(_HERE / "no_control.toml")
