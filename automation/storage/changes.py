"""
What changed for an account since its last result. Pure: standings in, one change out.

A change is measured on the outcome first (as wanted, still open, not as wanted), then on the verdict. Where results
without an answer lie between two answers, the answers are compared: an objection that was gone after a week of
timeouts is `regressed`, not merely readable again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from automation.core.observations import Field, Form
from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.text.normalizing import fold, fold_label


class FormChangeKind(StrEnum):
    """How a form can differ from what it was."""

    ADDED = "added"
    """A field is new; `required` says whether it must be filled in."""
    REMOVED = "removed"
    """A field is gone."""
    REQUIRED = "required"
    """A field must be filled in now, and need not before, or the page did not say."""
    NOT_REQUIRED = "not_required"
    """A field need no longer be filled in, or the page no longer says that it must."""
    RELABELLED = "relabelled"
    """A field of the same purpose goes by another name; `before` is the old one."""
    RETYPED = "retyped"
    """A field of the same name is of another kind; `before` is the old kind."""
    OPTIONS = "options"
    """A field offers other choices."""
    REORDERED = "reordered"
    """The same fields stand in another order."""
    SUBMIT = "submit"
    """The control that sends the form goes by another name; `before` is the old one."""


@dataclass(frozen=True, slots=True)
class FormChange:
    """One difference."""

    kind: FormChangeKind
    label: str = ""
    """The field's label as the page shows it, of a removed field the last one; of `submit` the control's name."""
    required: bool | None = None
    """Whether the field must be filled in now; None where the page does not say, or it is gone."""
    before: str = ""


_Pair = tuple[Field, Field]


def form_changes(before: Form, now: Form) -> tuple[FormChange, ...]:
    """
    The differences between two readings of one form in one language, in the order of the form as it is now.

    Fields are matched by purpose, kind and label, then by label, then by purpose and kind; what finds no match was
    added or removed. What is filled in does not count.
    """
    if before.fingerprint == now.fingerprint:
        return ()
    old, new, pairs = list(before.fields), list(now.fields), list[_Pair]()
    for key in _KEYS:
        pairs += _matched(old, new, key)
    place = {id(field): number for number, field in enumerate(now.fields)}
    pairs.sort(key=lambda pair: place[id(pair[1])])
    found = [change for pair in pairs for change in _of_field(*pair)]
    found += [FormChange(FormChangeKind.ADDED, field.label, field.required) for field in new]
    found += [FormChange(FormChangeKind.REMOVED, field.label) for field in old]
    if fold_label(before.submit or "") != fold_label(now.submit or ""):
        found.append(FormChange(FormChangeKind.SUBMIT, now.submit or "", before=before.submit or ""))
    then = {id(field): number for number, field in enumerate(before.fields)}
    places = [then[id(old)] for old, _ in pairs]
    if not found and places != sorted(places):
        found.append(FormChange(FormChangeKind.REORDERED))
    return tuple(found)


def _matched(old: list[Field], new: list[Field], key: Callable[[Field], Hashable | None]) -> list[_Pair]:
    """Take out of both lists what has the same key, first to first; a key of None matches nothing."""
    pairs: list[_Pair] = []
    for field in tuple(new):
        wanted = key(field)
        match = next((number for number, other in enumerate(old) if key(other) == wanted), None)
        if wanted is None or match is None:
            continue
        pairs.append((old.pop(match), field))
        del new[next(number for number, other in enumerate(new) if other is field)]
    return pairs


_KEYS: tuple[Callable[[Field], Hashable | None], ...] = (
    lambda field: (field.role, field.kind, fold_label(field.label)),
    lambda field: fold_label(field.label) or None,
    lambda field: (field.role, field.kind) if field.role not in {"", "other"} else None,
)
"""By what a field is found again: purpose, kind and label; its label; its purpose and kind."""


def _of_field(old: Field, new: Field) -> list[FormChange]:
    found: list[FormChange] = []
    if fold_label(old.label) != fold_label(new.label):
        found.append(FormChange(FormChangeKind.RELABELLED, new.label, new.required, old.label))
    if old.kind != new.kind:
        found.append(FormChange(FormChangeKind.RETYPED, new.label, new.required, old.kind))
    if (old.required is True) != (new.required is True):
        kind = FormChangeKind.REQUIRED if new.required else FormChangeKind.NOT_REQUIRED
        found.append(FormChange(kind, new.label, new.required))
    if set(map(fold, old.options)) != set(map(fold, new.options)):
        found.append(FormChange(FormChangeKind.OPTIONS, new.label, new.required))
    return found


class ChangeKind(StrEnum):
    """What a result means beside the ones before it. A closed list; `compare` decides."""

    NEW = "new"
    """The first result of this account at this setting."""
    STILL = "still"
    """The same verdict and the same outcome as before."""
    FIXED = "fixed"
    """As wanted now, and it was not, by another answer of the service."""
    REGRESSED = "regressed"
    """Farther from what is wanted than it was: a finding now, or no longer as wanted."""
    BECAME_UNKNOWN = "became_unknown"
    """There was an answer before, and now there is none."""
    RECOVERED = "recovered"
    """There is an answer again, and it is the last one; or the first answer after none."""
    CHANGED = "changed"
    """
    Something else moved: another verdict of the same worth, nearer to what is wanted without reaching it, or as wanted
    by what people said or decided while the service says the same.
    """

    @property
    def is_news(self) -> bool:
        """Whether it tells something to a person who knows the result before."""
        return self is not ChangeKind.STILL


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stood in one run."""

    verdict: Verdict
    reason: Reason | None
    outcome: Outcome
    at: datetime
    """When the check finished; aware, UTC."""
    run: str
    """The run's id."""

    @property
    def is_settled(self) -> bool:
        """Whether people settled what was not read; see `Result.is_settled`."""
        return self.outcome is Outcome.OK and not self.verdict.is_answer


@dataclass(frozen=True, slots=True)
class Change:
    """One result of an account beside what was known before it."""

    kind: ChangeKind
    now: Standing
    previous: Standing | None
    """The result before, whatever it was; None with `new`."""
    last_answer: Standing | None
    """The newest earlier result that was an answer; the same as `previous` where that was one."""
    since: datetime
    """
    When the present verdict first held. For an answer: the first result since which every answer was this one; results
    without an answer do not end it. For `unknown` and `needs_human`: the first of the unbroken row.
    """
    form_changes: tuple[FormChange, ...] = ()
    """What is different in the form since it was last read in this language; empty where it is the same or new."""


_WORTH: Mapping[Outcome, int] = {Outcome.OK: 0, Outcome.INCOMPLETE: 1, Outcome.FINDING: 2}
"""How far an outcome is from what is wanted."""


def compare(now: Standing, previous: Standing | None, last_answer: Standing | None) -> ChangeKind:
    """What a result means beside the one before and the newest answer before it; defined for every combination."""
    if previous is None:
        return ChangeKind.NEW
    if previous.verdict.is_answer and not now.verdict.is_answer:
        return ChangeKind.BECAME_UNKNOWN
    base = last_answer if now.verdict.is_answer else previous
    if base is None:
        return ChangeKind.RECOVERED
    if _WORTH[now.outcome] > _WORTH[base.outcome]:
        return ChangeKind.REGRESSED
    says_otherwise = now.verdict is not base.verdict
    # Where the service gives no answer, or the same, only people moved the outcome.
    if now.outcome is Outcome.OK is not base.outcome and now.verdict.is_answer and says_otherwise:
        return ChangeKind.FIXED
    if says_otherwise or now.outcome is not base.outcome:
        return ChangeKind.CHANGED
    return ChangeKind.STILL if base == previous else ChangeKind.RECOVERED


@dataclass(frozen=True, slots=True)
class Held:
    """An earlier standing, and since when its verdict held then."""

    standing: Standing
    since: datetime
    row: int | None = None
    """Its number in the database; None where it is in none."""


def follow(
    now: Standing, previous: Held | None, last_answer: Held | None, form_changes: tuple[FormChange, ...] = ()
) -> Change:
    """The change of a result that comes after others of its series; see `compare`."""
    before = previous.standing if previous else None
    answer = last_answer.standing if last_answer else None
    base = last_answer if now.verdict.is_answer else previous
    held = base is not None and base.standing.verdict is now.verdict
    return Change(
        kind=compare(now, before, answer),
        now=now,
        previous=before,
        last_answer=answer,
        since=base.since if base is not None and held else now.at,
        form_changes=form_changes,
    )
