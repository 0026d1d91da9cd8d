"""The person at their desk: what they are told and asked, and what they see of a form and of a held request."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

from automation.browser.environment.machine import ThisMachine, surrounding_variables
from automation.browser.environment.record import ci_of
from automation.core.errors import ConfigurationError
from automation.core.results import SentPart, SentRequest
from automation.guard.submission import Known, Part, Releasable
from automation.session.signing_browser import require_screen
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.results import Filing
    from automation.core.settings import BrowserSettings
    from automation.guard.released import HeldRequest

_AT_YOUR_DESK = "Run it at your desk, in a terminal, on a computer with a screen. Nothing switches this off."


def require_person(*, at_terminal: bool = True) -> None:
    """
    Make sure that somebody can be asked, and see what they are asked about. Nothing switches this off.

    Args:
        at_terminal: whether they are asked in the terminal; else in a page that this machine serves to them.

    Raises:
        ConfigurationError: this is a job of a CI service, there is no terminal, or no screen.
    """
    service = ci_of() or ("a CI service" if "CI" in surrounding_variables() else "")
    if service:
        raise ConfigurationError(f"an objection is filed by a person, and this is a job of {service}", _AT_YOUR_DESK)
    if at_terminal and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigurationError("an objection is filed by a person, and nobody can be asked here", _AT_YOUR_DESK)
    require_screen(ThisMachine())


def with_window(settings: BrowserSettings) -> BrowserSettings:
    """The same browser with a window, one at a time, whatever is configured."""
    return replace(settings, headless=False, concurrency=1)


def is_windowed(command_line: tuple[str, ...]) -> bool:
    """Whether a browser that says how it was started has a window."""
    return bool(command_line) and not any(part.startswith("--headless") for part in command_line)


class Told(StrEnum):
    """What happens; each has a sentence in both languages."""

    GOING = "going"
    """The form is being looked for; nothing can be sent."""
    CHANGED = "changed"
    """The form holds something else than what was agreed to: it is shown and asked about again."""
    SWITCH = "switch"
    """The setting is shown: the person switches it, and nothing can be sent."""
    NOT_SWITCHED = "not_switched"
    """They agreed to a form that does not switch the setting, or does more: it is not released."""
    NO_BUTTON = "no_button"
    """They agreed to a setting that is switched, but the page does not show the one button that saves it."""
    PRESS_LATER = "press_later"
    """The setting is shown, and its own press saves it: the person presses it once they have agreed."""
    PRESSED_EARLY = "pressed_early"
    """In the window it is switched already, although nothing was saved: another press would switch it back."""
    RELEASED = "released"
    """The press of the button may send it, once."""
    SENT = "sent"
    UNANSWERED = "unanswered"
    """It left, and the page shows no answer: nobody here knows whether the service has it."""
    CODE = "code"
    """The service wants the code that it has mailed: the person types it into the form."""
    READING = "reading"
    """The account is read again, with everything closed."""


class Consent(StrEnum):
    """What the person answers to a form that is shown to them."""

    GIVEN = "given"
    """They typed the account's name."""
    AGAIN = "again"
    """Something else: the form is read and shown anew."""
    REFUSED = "refused"


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
    """Whether the one button that saves it is shown: a page may take it away, or show a second one."""

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
        request, operation = held.request, held.operation
        return cls(
            place=f"{request.method} https://{request.host}{request.path}",
            operation=operation,
            numbers=tuple(p.text for p in held.parts if p.known is Known.OPERATION and p.text != operation),
            frame=frame.partition("?")[0].partition("#")[0],
            account=account,
            parts=held.parts,
            body_sha256=hashlib.sha256(request.body or b"").hexdigest(),
        )

    @property
    def sealed(self) -> SentRequest:
        """As the evidence keeps it: never what was typed."""
        parts = tuple(SentPart(one.name, one.known.value) for one in self.parts)
        return SentRequest(self.place, self.operation, self.numbers, self.frame, parts, self.body_sha256)


class Desk(Protocol):
    """The person, and what is kept of what they do."""

    @property
    def by(self) -> str:
        """Who sits there."""

    def tell(self, what: Told) -> None:
        """Say what happens."""

    async def consent(self, review: Review) -> Consent:
        """Show what would be sent, and wait for what they say to it."""

    async def let_on(self, departing: Departing) -> bool:
        """Show the request that their press made, which is held; whether they let it on."""

    def refused(self, reason: str) -> None:
        """The guard refused what the page sent as the submission; `reason` is the guard's word."""

    def released(self, form_id: str) -> None:
        """They agreed; on the disk when this returns."""

    def leaving(self, at: datetime) -> None:
        """The request is about to leave; on the disk when this returns."""

    def filed(self, filing: Filing) -> None:
        """The page that followed was read."""


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
