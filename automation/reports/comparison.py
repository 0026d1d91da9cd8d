"""Two pieces of evidence of one account side by side: what is said, how the form is made, what the pictures show."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, UnidentifiedImageError
from pixelmatch.contrib.PIL import pixelmatch

from automation.core.errors import ConfigurationError
from automation.core.signals import SignalKind
from automation.reports.names import VERDICT_NAMES
from automation.storage.changes import form_changes
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from automation.core.results import Result
    from automation.core.verdicts import Judgement, Rejudged
    from automation.text.language import Language


class DifferenceKind(StrEnum):
    """What differs."""

    VERDICT = "verdict"
    REASON = "reason"
    CONTROL = "control"
    """The state of a switch, checkbox or choice."""
    SIGNAL = "signal"
    """Something was read in one and not in the other."""
    FORM = "form"
    EXPOSURE = "exposure"
    """What decides how far the account is concerned."""
    LOCALE = "locale"
    RULES = "rules"
    """The flow's revision or Témoin's version: a different answer may come from them and not from the account."""


class NotAlike(ConfigurationError):
    """Two results that cannot be compared: of two accounts, or of two settings."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs."""

    kind: DifferenceKind
    what: str
    """Name of the signal, setting or form field; empty where the kind says it all."""
    before: str | None
    """None where it was not there."""
    now: str | None
    detail: str = ""
    """With `form`, how: `added`, `required` …, as `history.forms.FormChangeKind` lists them."""


def compare_answers(before: Result, now: Result) -> tuple[Difference, ...]:
    """
    The differences between two results of one account and setting, weightiest first; empty where there is none.

    Raises:
        NotAlike: they are of two accounts or two settings.
    """
    if before.flow != now.flow:
        raise NotAlike(
            f"these are two settings, {before.flow} and {now.flow}", "Name two pieces of evidence of one setting."
        )
    if before.subject and now.subject and before.subject != now.subject:
        raise NotAlike(
            f"these are two accounts, or one under two identity keys: {before.account} and {now.account}",
            "Name two pieces of evidence of one account; the identity key must be the same for both.",
        )
    return tuple(_differences(before, now))


def _differences(before: Result, now: Result) -> Iterator[Difference]:
    kind = DifferenceKind
    yield from _changed(kind.VERDICT, {"": before.verdict.value}, {"": now.verdict.value})
    yield from _changed(kind.REASON, *({"": one.reason.value if one.reason else None} for one in (before, now)))
    yield from _changed(kind.CONTROL, *(_signals(one, controls=True) for one in (before, now)))
    yield from _of_forms(before, now)
    yield from _changed(kind.SIGNAL, *(_signals(one, controls=False) for one in (before, now)))
    yield from _changed(kind.EXPOSURE, *({item.name: item.value for item in one.exposure} for one in (before, now)))
    yield from _changed(kind.LOCALE, {"": before.locale or None}, {"": now.locale or None})
    yield from _changed(
        kind.RULES,
        *({one.flow: one.flow_revision, "temoin": one.environment.temoin or None} for one in (before, now)),
    )


def _of_forms(before: Result, now: Result) -> Iterator[Difference]:
    if before.form is None or now.form is None:
        if before.form is not now.form:
            was, is_now = (form.heading if form else None for form in (before.form, now.form))
            yield Difference(DifferenceKind.FORM, "", was, is_now, "added" if before.form is None else "removed")
        return
    for change in form_changes(before.form, now.form):
        gone = change.kind == "removed"
        was = change.label if gone else change.before or None
        yield Difference(DifferenceKind.FORM, change.label, was, None if gone else change.label, change.kind.value)


def _signals(result: Result, *, controls: bool) -> dict[str, str]:
    return {s.name: s.quote or "there" for s in result.signals if (s.kind is SignalKind.CONTROL) is controls}


def _changed(
    kind: DifferenceKind, before: Mapping[str, str | None], now: Mapping[str, str | None]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield Difference(kind, name, before.get(name), now.get(name))


_LARGEST_PIXELS = 60_000_000
"""A full page of 1280 by 40,000 pixels fits; what claims more is no screenshot."""
_NEAR = 12
"""Pixels around the difference that its picture shows."""


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A rectangle, in pixels from the picture's upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureDifference:
    """How far two pictures differ."""

    pixels: int
    """How many differ, masked ones not counted."""
    of: int
    """How many were compared."""
    where: PixelBox | None
    """The smallest rectangle that holds every difference; None where there is none."""
    sizes: tuple[tuple[int, int], tuple[int, int]]
    """Width and height of each."""
    picture: bytes | None = field(default=None, repr=False)
    """PNG of `where` with some surroundings, differences in red; None where there is none."""

    @property
    def share(self) -> float:
        """From 0 (alike) to 1."""
        return self.pixels / self.of if self.of else 0.0


def compare_pictures(before: bytes, now: bytes, left_out: Iterable[PixelBox] = ()) -> PictureDifference:
    """
    Compare two PNG files, laid one upon the other at their upper left corners.

    Where one is larger, what the other lacks counts as different. Differences that only come from smoothing are not
    counted; pixelmatch tells them from real ones.

    Args:
        before: the earlier one.
        now: the later one.
        left_out: areas that are masked in either.

    Raises:
        ConfigurationError: one of them is no picture, or is far larger than any screenshot.
    """
    pictures = _opened(before), _opened(now)
    sizes = pictures[0].size, pictures[1].size
    width, height = (max(size[side] for size in sizes) for side in (0, 1))
    masked = Image.new("L", (width, height))
    for box in left_out:
        corners = (box.x, box.y, box.x + box.width - 1, box.y + box.height - 1)
        ImageDraw.Draw(masked).rectangle(corners, fill=255)
    laid = []
    for picture in pictures:
        ground = Image.new("RGBA", (width, height), (255, 0, 255, 255))  # of no page: what is missing is not blank
        ground.paste(picture.convert("RGBA"), (0, 0))
        ground.paste((0, 0, 0, 255), mask=masked)
        laid.append(ground)
    compared = width * height - masked.histogram()[255]
    bounds = ImageChops.difference(laid[0], laid[1]).convert("RGB").getbbox()
    if bounds is None:
        return PictureDifference(0, compared, None, sizes)
    left, top = max(0, bounds[0] - _NEAR), max(0, bounds[1] - _NEAR)
    right, bottom = min(width, bounds[2] + _NEAR), min(height, bounds[3] + _NEAR)
    # pixelmatch looks at each pixel in Python: only where something differs is it asked which differences are real.
    cut = [picture.crop((left, top, right, bottom)) for picture in laid]
    drawn = Image.new("RGBA", cut[0].size)
    pixels = pixelmatch(cut[0], cut[1], drawn)
    if not pixels:
        return PictureDifference(0, compared, None, sizes)
    out = io.BytesIO()
    drawn.convert("RGB").save(out, "PNG")
    where = PixelBox(left, top, right - left, bottom - top)
    return PictureDifference(pixels, compared, where, sizes, out.getvalue())


def _opened(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG",))
        if picture.width * picture.height > _LARGEST_PIXELS:
            raise ConfigurationError(
                f"a picture claims to have {picture.width} by {picture.height} pixels", "No screenshot is that large."
            )
        picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ConfigurationError(
            f"a picture cannot be read ({type(error).__name__})", "Run `temoin verify` on the evidence."
        ) from None
    return picture


_KINDS: Mapping[DifferenceKind, str] = {
    DifferenceKind.VERDICT: N_("Answer"),
    DifferenceKind.REASON: N_("Reason"),
    DifferenceKind.CONTROL: N_("Switch or choice"),
    DifferenceKind.SIGNAL: N_("Read on the page"),
    DifferenceKind.FORM: N_("Form"),
    DifferenceKind.EXPOSURE: N_("How far the account is concerned"),
    DifferenceKind.LOCALE: N_("Language of the pages"),
    DifferenceKind.RULES: N_("Rules by which it was judged"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What `temoin history diff` found."""

    answers: Sequence[Difference]
    pictures: Mapping[str, PictureDifference]
    """Name of the step → how its two pictures differ."""
    files: Mapping[str, Path]
    """Name of the step → where the picture of the difference lies."""
    only_in_one: Sequence[str]
    """Steps of which only one bundle has a picture."""

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self.answers or self.only_in_one or any(found.pixels for found in self.pictures.values()))


def compared_lines(found: Compared, words: Language) -> Iterator[str]:
    """What differs, weightiest first, then the pictures."""
    nothing = words.gettext("nothing")
    for one in found.answers:
        what = " ".join(filter(None, (one.what, f"({one.detail})" if one.detail else "")))
        kind = words.gettext(_KINDS[one.kind])
        yield f"{kind}{f' {what}' if what else ''}: {one.before or nothing} → {one.now or nothing}"
    if not found.answers:
        yield words.gettext("The answer, the form and every control are the same.")
    for step, picture in found.pictures.items():
        if picture.pixels:
            sentence = words.gettext("Picture of the step %(step)s: %(share)s of it differs")
            yield f"{sentence % {'step': step, 'share': words.percent(picture.share)}} ({found.files[step]})"
    for step in found.only_in_one:
        yield words.gettext("Picture of the step %(step)s: only in one of the two") % {"step": step}
    same = sum(not picture.pixels for picture in found.pictures.values())
    told = words.ngettext("%(number)d picture is the same.", "%(number)d pictures are the same.", same)
    yield told % {"number": same}


def rejudged_lines(result: Result, answer: Rejudged, words: Language) -> Iterator[str]:
    """What was answered then, and what today's rules answer."""

    def said(judgement: Judgement) -> str:
        label = words.gettext(VERDICT_NAMES[judgement.verdict])
        return f"{label} ({judgement.reason.value})" if judgement.reason else label

    head = f"{result.account}, {words.moment(result.finished_at)}"
    if not answer.judged:
        nothing = words.gettext("nothing had been read")
        yield f"· {head} – {said(answer.before)}; {nothing}"
    elif not answer.changed:
        yield f"= {head} – {said(answer.now)}"
    else:
        revisions = f"{result.flow}: {answer.revisions[0]} → {answer.revisions[1]}"
        yield f"≠ {head} – {said(answer.before)} → {said(answer.now)}"
        taught = {look.source for look in answer.now.looks} - {look.source for look in answer.before.looks}
        if not taught:
            rules = words.gettext("The rules have changed, not the account.")
            yield f"    {rules} ({revisions})"
    for look in answer.now.looks if answer.judged else ():
        rests = words.gettext("It rests on the word of a person who said what the picture shows:")
        yield f"    {rests} {look.source}"
