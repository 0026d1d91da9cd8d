"""What two results of one account say differently. Pure: results in, differences out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from automation.core.errors import ConfigurationError
from automation.core.results import Result
from automation.core.signals import SignalKind
from automation.storage.changes import form_changes


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
    plain: tuple[tuple[DifferenceKind, str, str | None, str | None], ...] = (
        (DifferenceKind.VERDICT, "", before.verdict.value, now.verdict.value),
        (DifferenceKind.REASON, "", before.reason and before.reason.value, now.reason and now.reason.value),
        *((DifferenceKind.CONTROL, *change) for change in _changed(_controls(before), _controls(now))),
    )
    yield from (Difference(*one) for one in plain if one[2] != one[3])
    yield from _of_forms(before, now)
    rest: tuple[tuple[DifferenceKind, str, str | None, str | None], ...] = (
        *((DifferenceKind.SIGNAL, *change) for change in _changed(_signals(before), _signals(now))),
        *((DifferenceKind.EXPOSURE, *change) for change in _changed(_exposure(before), _exposure(now))),
        (DifferenceKind.LOCALE, "", before.locale or None, now.locale or None),
        (DifferenceKind.RULES, before.flow, before.flow_revision, now.flow_revision),
        (DifferenceKind.RULES, "temoin", before.environment.temoin or None, now.environment.temoin or None),
    )
    yield from (Difference(*one) for one in rest if one[2] != one[3])


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


def _controls(result: Result) -> dict[str, str]:
    return {s.name: s.quote or "there" for s in result.signals if s.kind is SignalKind.CONTROL}


def _signals(result: Result) -> dict[str, str]:
    return {s.name: s.quote or "there" for s in result.signals if s.kind is not SignalKind.CONTROL}


def _exposure(result: Result) -> dict[str, str]:
    return {item.name: item.value for item in result.exposure if item.value is not None}


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield name, before.get(name), now.get(name)
