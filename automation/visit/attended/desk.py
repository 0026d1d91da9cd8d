"""What is told to the person at the form, and asked of them. The command line says it in words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.filings import Filing
    from automation.visit.attended.review import Departing, Review


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
