"""Two results side by side, and one judged again, as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from automation.reports.comparison import Difference, DifferenceKind, PictureDifference
from automation.reports.saying import Saying
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from automation.core.results import Result
    from automation.core.verdicts import Judgement, Rejudged
    from automation.text.language import Language

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
    """What `temoin diff` found."""

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
            share = words.percent(picture.share)
            sentence = words.gettext("Picture of the step %(step)s: %(share)s of it differs")
            yield f"{sentence % {'step': step, 'share': share}} ({found.files[step]})"
    for step in found.only_in_one:
        yield words.gettext("Picture of the step %(step)s: only in one of the two") % {"step": step}
    same = sum(1 for picture in found.pictures.values() if not picture.pixels)
    yield words.ngettext("%(number)d picture is the same.", "%(number)d pictures are the same.", same) % {
        "number": same
    }


def rejudged_lines(result: Result, answer: Rejudged, words: Language) -> Iterator[str]:
    """What was answered then, and what today's rules answer."""
    saying = Saying(words)

    def said(judgement: Judgement) -> str:
        label = saying.verdict(judgement.verdict)
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
