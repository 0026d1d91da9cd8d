"""The person at the terminal: what they are told while a form is filed, and their consent."""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from typing import TYPE_CHECKING

import typer

from automation.cli.object.record import TOLD, RecordingDesk, departing_lines, wanting_lines
from automation.reports.terms import RULES
from automation.text.language import printable
from automation.visit.attended.desk import Consent, Told

if TYPE_CHECKING:
    from automation.core.accounts import Account
    from automation.storage.cases import CaseBook
    from automation.text.language import Language
    from automation.visit.attended.review import Departing, Review

_POLL_S = 0.1


class Terminal(RecordingDesk):
    """
    One person before their terminal, for one account.

    Args:
        account: that it is about.
        by: who they are.
        book: where the case is kept.
        words: of their language.
        lines: what they type.
    """

    def __init__(self, account: Account, by: str, book: CaseBook, words: Language, lines: Lines) -> None:
        super().__init__(account, by, book)
        self._words, self._lines = words, lines

    def tell(self, what: Told) -> None:
        """Say what happens."""
        self._say(self._words.gettext(TOLD[what]))

    async def consent(self, review: Review) -> Consent:
        """
        Show what would be sent, and wait for the account's name.

        `q`, or the end of the input, is a no; anything else shows the form anew.
        """
        _ = self._words.gettext
        self._say("")
        self._say(review.heading or review.button)
        for field in review.fields:
            text = " ".join(field.shown.split()) or _("(empty)")
            self._say(f"  {field.label}: {text}")
        for wanting in wanting_lines(review, self._words):
            self._say(wanting)
        self._say(
            _(
                "Review it in the window, and change there what you want. To send it, type the account's name, "
                "%(account)s, and press Enter; Enter alone shows the form anew, q ends without sending.",
                account=self.account.name,
            )
        )
        line = await self._lines.next()
        if line is None or line.strip().lower() == "q":
            return Consent.REFUSED
        return Consent.GIVEN if line.strip() == self.account.name else Consent.AGAIN

    async def let_on(self, departing: Departing) -> bool:
        """Show what is held, what is new in red, and wait for the account's name; anything else keeps it here."""
        _ = self._words.gettext
        self._say("")
        self._say(_("Your press made this request. It is held here, and nothing has left. It says:"))
        for label, text, is_new in departing_lines(departing, self._words):
            self._say(f"  {label}: {' '.join(text.split())}", colour="red" if is_new else None)
        self._say(
            _(
                "Red is what you have not seen in the form. To let exactly this leave, type the account's name once "
                "more, %(account)s, and press Enter; anything else keeps it here.",
                account=self.account.name,
            )
        )
        typed = await self._lines.next()
        return typed is not None and typed.strip() == self.account.name

    def refused(self, reason: str) -> None:
        """Say that the guard refused what the page sent."""
        what = self._words.gettext(RULES.get(reason, reason))
        self._say(self._words.gettext("Refused, and not sent: %(what)s.", what=what))

    def _say(self, text: str, *, colour: str | None = None) -> None:
        typer.echo(typer.style(printable(text), fg=colour) if colour else printable(text), err=True)


class Lines:
    """
    What the person types, line by line; only what they type after they were asked is an answer.

    Read in a thread of its own, which the program's end does not wait for.
    """

    def __init__(self) -> None:
        self._typed: queue.Queue[str] = queue.Queue()
        self._over = threading.Event()
        self._reading: threading.Thread | None = None

    async def next(self) -> str | None:
        """The next line; None at the end of the input."""
        while not self._typed.empty():
            self._typed.get_nowait()
        if self._reading is None:
            self._reading = threading.Thread(target=self._read, daemon=True)
            self._reading.start()
        while self._typed.empty():
            if self._over.is_set():
                return None
            await asyncio.sleep(_POLL_S)
        return self._typed.get_nowait()

    def _read(self) -> None:
        while line := sys.stdin.readline():
            self._typed.put(line)
        self._over.set()
