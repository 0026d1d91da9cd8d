"""
Recorded pages served again: what a live page showed once, as a scenario of its flow's stand-in.

A page comes at its own address with its own status, whoever is signed in named as the made-up account; every other
address of that account is not found, so that nothing made up mixes with what was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.authoring.replica.actors import Expectation, Scenario
from automation.core.errors import FlowError
from automation.flow.recorded_page import FOLDER, IDENTITY, Recording
from automation.text.catalogue import LANGUAGES
from automation.text.language import language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORLD = "recorded"
"""Key of a scenario's world: host and path → status and markup."""
_MISSING = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Not recorded</title></head><body></body></html>\n'


def recorded_scenarios(replica: Path, flow: str, prefix: str = "") -> Iterator[Scenario]:
    """
    One scenario for every recording of a setting.

    Args:
        replica: the setting's `replica/` folder.
        flow: its flow.
        prefix: begins the scenarios' names.

    Raises:
        FlowError: a recording is damaged; names the file.
    """
    for file in sorted((replica / FOLDER).glob("*.toml")):
        recording = Recording.read(file)
        pages = {page.place: [page.status, _markup(file.parent / page.file)] for page in recording.pages}
        yield Scenario(
            name=f"{prefix}_recorded_{file.stem}" if prefix else f"recorded_{file.stem}",
            flow=flow,
            title={code: language(code).gettext("Recorded: %(source)s", source=recording.source) for code in LANGUAGES},
            world={WORLD: pages, "served": "too"},
            expected={recording.locale or "en": Expectation(recording.verdict, recording.reason or None)},
        )


def _markup(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Record the page anew.") from None


def recorded_page(world: Any, place: str, identity: str) -> tuple[int, str] | None:
    """
    Status and markup of an address, for an account that stands for a recording; None for every other account.

    Args:
        world: the account's.
        place: host and path.
        identity: what the made-up service calls the account.
    """
    pages = world.get(WORLD)
    if not pages:
        return None
    status, text = pages.get(place, (404, _MISSING))
    return status, text.replace(IDENTITY, identity)
