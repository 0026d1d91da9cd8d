"""What is different between a form as it was and as it is: the fields, what they demand, the submit control."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum

from automation.core.observations import Field, Form
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
    for key in (_identity, _name, _purpose):
        pairs += _matched(old, new, key)
    place = {id(field): number for number, field in enumerate(now.fields)}
    pairs.sort(key=lambda pair: place[id(pair[1])])
    found = [change for pair in pairs for change in _of_field(*pair)]
    found += [FormChange(FormChangeKind.ADDED, field.label, field.required) for field in new]
    found += [FormChange(FormChangeKind.REMOVED, field.label) for field in old]
    if fold_label(before.submit or "") != fold_label(now.submit or ""):
        found.append(FormChange(FormChangeKind.SUBMIT, now.submit or "", before=before.submit or ""))
    if not found and _moved(before, pairs):
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


def _identity(field: Field) -> Hashable:
    return field.role, field.kind, fold_label(field.label)


def _name(field: Field) -> Hashable | None:
    return fold_label(field.label) or None


def _purpose(field: Field) -> Hashable | None:
    return (field.role, field.kind) if field.role not in {"", "other"} else None


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


def _moved(before: Form, pairs: list[_Pair]) -> bool:
    """Whether fields that all found their match stand in another order."""
    place = {id(field): number for number, field in enumerate(before.fields)}
    places = [place[id(old)] for old, _ in pairs]
    return places != sorted(places)
