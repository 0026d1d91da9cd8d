"""The pictures of one account as a page shows them, and the addresses under which they lie."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from automation.observations import ProbeOutcome, Step
from automation.reports.language import N_, writable
from automation.reports.messages import REASONS
from automation.reports.terms import PROBES, surface_name
from automation.verdicts import Reason

if TYPE_CHECKING:
    from automation.reports.language import Language
    from automation.results import Result

_SIZE = re.compile(r"\s*(\d{2,5})\s*[x×]\s*(\d{2,5})")
_ALT = N_("Step %(number)s, %(page)s: the page at %(address)s as it stood on %(moment)s.")


@dataclass(frozen=True, slots=True)
class Picture:
    """One step with its picture."""

    step: Step
    src: str
    """Relative address; empty where no picture was kept."""
    alt: str
    note: str
    width: int
    """Pixels of the window, which a picture is as wide as; 0 where unknown."""
    height: int


def pictures_of(result: Result, root: str, language: Language) -> tuple[Picture, ...]:
    """
    The steps of a result with their pictures.

    A picture that the evidence does not list is not linked: it is not part of what can be verified.

    Args:
        result: the answer for one account.
        root: relative address of the evidence folder, ending in a slash; empty where there is none.
        language: of the alternative texts and notes.
    """
    kept = {artifact.path for artifact in result.evidence}
    found = _SIZE.match(result.environment.viewport)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    pictures = []
    for step in result.steps:
        page = surface_name(step.name, language)
        alt = language.gettext(_ALT) % {
            "number": step.number,
            "page": page,
            "address": f"\u2068{step.url}\u2069",
            "moment": language.moment(step.at),
        }
        src = root + path_of(step.picture) if root and step.picture in kept and step.picture else ""
        alt = f"{alt} \u2068{step.picture_alt}\u2069" if step.picture_alt else alt
        pictures.append(Picture(step, src, alt, note_of(step.note, language), width, height))
    return tuple(pictures)


def note_of(note: str, language: Language) -> str:
    """What a step noted: what the address answered, why the visit ended, or the note itself."""
    with suppress(ValueError):
        return language.gettext(REASONS[Reason(note)].meaning)
    with suppress(ValueError):
        return language.gettext(PROBES[ProbeOutcome(note)])
    return note


def folder_of(root: str, path: str) -> str:
    """
    The relative address of an evidence folder, ending in a slash.

    Args:
        root: relative address of the folder that holds it; empty for the page's own.
        path: the folder; an absolute one stands alone.
    """
    parts = [path] if path.startswith("/") else [root, path]
    return "".join(f"{path_of(part.rstrip('/'))}/" for part in parts if part)


def path_of(path: str) -> str:
    """A path as an address spells it: quoted, so that it can become neither another scheme nor another host."""
    return quote(re.sub(r"^/{2,}", "/", writable(path).replace("\\", "/")), safe="/")
