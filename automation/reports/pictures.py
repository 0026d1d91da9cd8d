"""The pictures of one account as a page shows them, and the addresses under which they lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from automation.core.observations import ProbeOutcome, Step
from automation.core.signals import SignalName
from automation.core.verdicts import Reason, Verdict
from automation.reports.messages import REASONS
from automation.reports.names import term
from automation.text.catalogue import N_
from automation.text.language import writable

if TYPE_CHECKING:
    from automation.core.flows import FlowGuide
    from automation.core.results import Result
    from automation.core.signals import Signal
    from automation.text.language import Language

_SIZE = re.compile(r"\s*(\d{2,5})\s*[x×]\s*(\d{2,5})")
_AROUND_PX, _WIDE_PX, _TALL_PX = 48, 720, 320
_ALT = N_("Step %(number)s, %(page)s: the page at %(address)s as it stood on %(moment)s.")


_UNDECIDED = (
    SignalName.IDENTITY_ACTING_AS_PAGE,
    SignalName.REPLY_UNCLEAR,
    SignalName.REPLY_UNCLASSIFIED,
    SignalName.PAGE_UNCLEAR,
    SignalName.PAGE_COVERED,
    SignalName.PAGE_OTHER_FORM,
    SignalName.INBOX_UNREAD,
    SignalName.INBOX_LATER,
    SignalName.CONTROL_CONTRADICTED,
    SignalName.CONTROL_DOUBTED,
    SignalName.CONTROL_MISPLACED,
    SignalName.CONTROL_STATELESS,
)
_DECIDING: Mapping[Verdict, tuple[SignalName, ...]] = {
    Verdict.OBJECTED: (SignalName.REPLY_ACCEPTED, SignalName.PAGE_ACCEPTED, SignalName.CONTROL_PROTECTS),
    Verdict.REFUSED: (SignalName.REPLY_REFUSED, SignalName.PAGE_REFUSED),
    Verdict.PENDING: (SignalName.REPLY_MORE_INFORMATION, SignalName.REPLY_PENDING, SignalName.PAGE_PENDING),
    Verdict.NOT_OFFERED: (SignalName.PAGE_NOT_OFFERED,),
    Verdict.NOT_OBJECTED: (SignalName.CONTROL_TRAINS, SignalName.FORM_OPEN, SignalName.INBOX_NOTHING),
    Verdict.UNKNOWN: _UNDECIDED,
    Verdict.NEEDS_HUMAN: _UNDECIDED,
}
"""Verdict → the signals that it rests on, the one to show first."""

Find = Callable[[str, str], "str | None"]
"""From the path of an evidence folder and of a picture in it to the address that shows it; None where it is gone."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where evidence lies, as seen from where the page will lie."""

    root: str = ""
    """Relative address of the folder that holds the evidence folders; empty when they lie beside the page."""
    find: Find | None = None
    """Finds each picture; without it every listed one is taken to lie in its folder."""
    linked: bool = True
    """Whether the page links to the files; false for one that is to be read elsewhere."""

    def address_of(self, folder: str, picture: str) -> str | None:
        """Address of a picture for an `img`; None where it is gone."""
        if self.find is not None:
            return self.find(folder, picture)
        return folder_of(self.root, folder) + path_of(picture)


@dataclass(frozen=True, slots=True)
class Detail:
    """A part of a picture with an outline drawn over it. All in pixels of the picture."""

    view: tuple[int, int, int, int]
    """Left, top, width and height of the part."""
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One step with its picture."""

    step: Step
    src: str
    """Relative or `data:` address; empty where no picture was kept."""
    gone: bool
    """Whether it was kept, and is not there any more."""
    alt: str
    note: str
    width: int
    """Pixels, of the window where those of the picture are not known; 0 where neither is."""
    height: int
    detail: Detail | None
    """The place that was read, to be shown beside the picture; None where it is not known or the picture is gone."""


def pictures_of(
    result: Result, source: Source, language: Language, guide: FlowGuide | None = None
) -> tuple[Picture, ...]:
    """
    The steps of a result with their pictures.

    A picture that the evidence does not list is not linked: it is not part of what can be verified.

    Args:
        result: the answer for one account.
        source: where the evidence lies.
        language: of the alternative texts and notes.
        guide: what the flow calls its pages.
    """
    kept = {artifact.path for artifact in result.evidence}
    decisive = _decisive_signal(result)
    found = _SIZE.match(result.environment.viewport)
    window = (int(found[1]), int(found[2])) if found else (0, 0)
    pictures = []
    for step in result.steps:
        page = term("surfaces", step.name, language, guide)
        alt = language.gettext(_ALT) % {
            "number": step.number,
            "page": page,
            "address": f"\u2068{step.url}\u2069",
            "moment": language.moment(step.at),
        }
        alt = f"{alt} \u2068{step.picture_alt}\u2069" if step.picture_alt else alt
        folder = result.bundle.path if result.bundle and step.picture in kept else None
        src = source.address_of(folder, step.picture) if folder is not None and step.picture else None
        box = decisive.box if decisive and decisive.picture == step.picture else None
        gone, note, size = folder is not None and src is None, _note(step.note, language), step.picture_size or window
        pictures.append(Picture(step, src or "", gone, alt, note, *size, _detail(step, box) if src else None))
    return tuple(pictures)


def deciding(result: Result, pictures: Sequence[Picture]) -> Picture | None:
    """
    The one picture to show where there is room for one; None without any.

    The one of the signal that decided; without such, of what was read last the one with an outline, else what was read
    last, else where the visit ended.
    """
    there = [picture for picture in pictures if picture.src]
    by_path = {picture.step.picture: picture for picture in there}
    decisive = _decisive_signal(result)
    if decisive is not None and decisive.picture in by_path:
        return by_path[decisive.picture]
    read = [by_path[signal.picture] for signal in result.signals if signal.picture in by_path]
    found = [picture for picture in read if picture.detail] or read or there
    return found[-1] if found else None


def _decisive_signal(result: Result) -> Signal | None:
    """The signal that the verdict rests on and that a picture shows; None where there is none."""
    placed = {signal.name: signal for signal in result.signals if signal.box is not None and signal.picture}
    return next((placed[name] for name in _DECIDING.get(result.verdict, ()) if name in placed), None)


def _detail(step: Step, box: tuple[int, int, int, int] | None = None) -> Detail | None:
    """What surrounds the box of a signal, or else the outline of what was read; never more than the picture."""
    outline = box or step.outline
    if outline is None or step.picture_size is None:
        return None
    (left, top, width, height), (most_x, most_y) = outline, step.picture_size
    if width <= 0 or height <= 0 or left >= most_x or top >= most_y or left + width <= 0 or top + height <= 0:
        return None
    wide, tall = min(max(width + 2 * _AROUND_PX, _WIDE_PX), most_x), min(max(height + 2 * _AROUND_PX, _TALL_PX), most_y)
    x = min(max(left + width // 2 - wide // 2, 0), most_x - wide)
    y = min(max(top + height // 2 - tall // 2, 0), most_y - tall)
    return Detail((x, y, wide, tall), left, top, width, height)


def _note(note: str, language: Language) -> str:
    """What a step noted: what the address answered, why the visit ended, or the note itself."""
    with suppress(ValueError):
        return language.gettext(REASONS[Reason(note)].meaning)
    with suppress(ValueError):
        return term("probes", ProbeOutcome(note), language)
    return language.said(note)


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
