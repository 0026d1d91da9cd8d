"""What the person reviews: each field of the form, what it holds, and what the press may therefore send."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from automation.core.filings import SentPart, SentRequest
from automation.guard.submission import HeldRequest, Known, Part, Releasable, ShownField, plain
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.core.observations import Field


@dataclass(frozen=True, slots=True)
class Held:
    """What one control holds, as it would be sent."""

    name: str
    """Its `name`, where an HTML form sends it by that; else empty."""
    shown: str = field(repr=False)
    """As a person sees it."""
    values: tuple[str, ...] = field(repr=False)
    """The texts that may be sent for it; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class ReviewedField:
    """One line of what the person is asked about."""

    label: str
    role: str
    required: bool | None
    shown: str = field(repr=False)
    """What it holds; for the person's own terminal, and for no record."""
    name: str = ""
    """Its `name`, where an HTML form sends it by that."""


@dataclass(frozen=True, slots=True)
class SettingReview:
    """How the setting stands in its form, which the person has not sent."""

    label: str
    protects: bool
    """Whether it stands as one who objects wants it."""
    changed: tuple[str, ...]
    """What else holds something different from what the page came with: labels, or names of what nobody sees."""
    saved_by_press: bool = False
    """Whether the press of the switch itself saves it: until then it stands as before."""
    has_button: bool = True
    """
    Whether the one button that saves it is shown.

    A page may take it away while it repeats what was refused, and show a second one where another setting was switched.
    """

    @property
    def is_only_change(self) -> bool:
        """Whether the press that follows switches the setting and does nothing else."""
        return self.protects is not self.saved_by_press and self.has_button and not self.changed


@dataclass(frozen=True, slots=True)
class Review:
    """The form as it stands."""

    heading: str
    button: str
    fields: tuple[ReviewedField, ...]
    submission: Releasable = field(repr=False)
    setting: SettingReview | None = None
    """Where the form saves a setting."""

    @property
    def is_ready(self) -> bool:
        """Whether it may be released: always, but where a setting is not switched, or something else is changed."""
        return self.setting is None or self.setting.is_only_change

    @property
    def wanting(self) -> tuple[str, ...]:
        """Labels of the fields that the form demands and that are empty."""
        return tuple(one.label for one in self.fields if one.required and not one.shown.strip())

    @property
    def filled(self) -> tuple[str, ...]:
        """Labels of the fields that hold something; of a setting's form, the setting alone."""
        if self.setting is not None:
            return (self.setting.label,)
        return tuple(one.label for one in self.fields if one.shown.strip())

    @property
    def asks_for_code(self) -> bool:
        """Whether it asks for what the service has mailed."""
        return any(one.role == "code" for one in self.fields)


@dataclass(frozen=True, slots=True)
class Departing:
    """The request that the press made, as it is held: shown before the second yes, and sealed without its texts."""

    place: str
    """Method, host and path."""
    operation: str
    numbers: tuple[str, ...]
    """By which the service chooses the operation."""
    frame: str
    """Address of the document that sends it, without its query."""
    account: str = field(repr=False)
    """Whom the service named at the review; empty where it names nobody."""
    parts: tuple[Part, ...] = field(repr=False)
    body_sha256: str

    @classmethod
    def of(cls, held: HeldRequest, frame: str, account: str) -> Self:
        """Build from what the guard holds."""
        request = held.request
        numbers = tuple(one.text for one in held.parts if one.known is Known.OPERATION and one.text != held.operation)
        return cls(
            f"{request.method} https://{request.host}{request.path}",
            held.operation,
            numbers,
            frame.partition("?")[0].partition("#")[0],
            account,
            held.parts,
            hashlib.sha256(request.body or b"").hexdigest(),
        )

    @property
    def sealed(self) -> SentRequest:
        """As the evidence keeps it: never what was typed."""
        parts = tuple(SentPart(one.name, one.known.value) for one in self.parts)
        return SentRequest(self.place, self.operation, self.numbers, self.frame, parts, self.body_sha256)


def shown_fields(held: Sequence[Held]) -> tuple[ShownField, ...]:
    """The fields of a submission."""
    return tuple(ShownField(one.name, frozenset(map(plain, one.values))) for one in held)


def reviewed_fields(fields: Sequence[Field], held: Sequence[Held]) -> tuple[ReviewedField, ...]:
    """What the page calls each field, with what it holds."""
    return tuple(
        ReviewedField(one.label, one.role, one.required, has.shown, has.name)
        for one, has in zip(fields, held, strict=True)
    )


def reason_in(locale: str, own: Mapping[str, str], shipped: Mapping[str, str]) -> str:
    """
    The reason in the page's language: the person's own words before those of the guide; empty where neither has it.

    Args:
        locale: of the page, BCP-47.
        own: language → the person's text.
        shipped: locale → the guide's.
    """
    language = locale.partition("-")[0].lower()
    for texts in (own, shipped):
        by_language = {key.lower(): text for key, text in texts.items()}
        found = by_language.get(locale.lower()) or by_language.get(language)
        if found:
            return found.strip()
    return ""


def option_for(region: str | None, options: Sequence[str], locale: str) -> str | None:
    """The one option that names a country in the page's language or in English; None where there is no such one."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - loads its data only where a country is asked for

    if region is None:
        return None
    names = set()
    for code in (locale, "en"):
        try:
            names.add(fold(Locale.parse(code or "en", sep="-").territories.get(region, "")))
        except (UnknownLocaleError, ValueError):
            continue
    found = [option for option in options if fold(option) in names - {""}]
    return found[0] if len(found) == 1 else None
