"""`temoin object file`: to the last button and no further; a person presses it, and the proof is kept."""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from automation.app.cases import open_case_line
from automation.app.check import guides_of
from automation.app.filing import (
    TOLD,
    Consent,
    Departing,
    RecordingDesk,
    Review,
    Told,
    departing_lines,
    filed,
    guide,
    plan_at_desk,
    require_person,
    sent_line,
    wanting_lines,
)
from automation.app.interrupts import in_order, run_async
from automation.cli.check import telling
from automation.cli.options import By, Config, Lang, NewEvidence, OneAccount, say
from automation.cli.settings import settings_and_words
from automation.cli.terminal import agrees, speaker, tell_error
from automation.config import Settings
from automation.core.accounts import Account
from automation.core.errors import ConfigurationError, NotFiled
from automation.core.verdicts import Verdict
from automation.flow.manifest import filing_table
from automation.reports.advice import Advice, is_web
from automation.reports.as_table import render_table
from automation.reports.background import NOTHING
from automation.reports.names import RULES
from automation.storage.books import CaseBook
from automation.text.language import Language, printable
from automation.visit.runner import RunPlan

_POLL_S = 0.1


class Terminal(RecordingDesk):
    """One person before their terminal, for one account."""

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
        say(typer.style(printable(text), fg=colour) if colour else printable(text))


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


_INCOMPLETE = 3
_PRECEDENCE = (4, 2, 1, 3, 0)


def object_to(
    account: OneAccount = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="All accounts, one after the other, each with its own consent.")
    ] = False,
    by: By = None,
    config: Config = None,
    output: NewEvidence = None,
    lang: Lang = None,
) -> None:
    """
    File an objection yourself: the form is filled in, you press its button.

    Needs a terminal and a window. Nothing is sent before you have typed the account's name, and then one request.
    """
    if everyone == (account is not None):
        raise ConfigurationError("name one account, or say --all", "Such as `temoin object file atelier-facebook`.")
    require_person()
    settings, told = settings_and_words(config, (account,) if account else (), lang=lang)
    plan = plan_at_desk(settings, telling(told), told, output)
    book, lines = CaseBook(plan.output), Lines()
    usable = [each for each in plan.accounts if each.flow in plan.flows]
    files = any(filing_table(plan.flows[each.flow]) for each in usable)
    who = speaker(by or settings.evidence.operator or None, told) if files else ""
    codes = [_one(plan, each, settings, who, book, lines, told) for each in usable]
    if not codes:
        say(told.gettext("There is no account whose flow could be used."))
    raise typer.Exit(next((code for code in _PRECEDENCE if code in codes), _INCOMPLETE))


def _one(
    plan: RunPlan, account: Account, settings: Settings, by: str, book: CaseBook, lines: Lines, words: Language
) -> int:
    """One account's filing, or the way to its setting; the exit code. It is always said whether something was sent."""
    if filing_table(plan.flows[account.flow]) is None:
        say("")
        person = AtTerminal(lines, words)
        return guide(plan, account, settings, person, words, lambda work: run_async(in_order(work, words))).exit_code
    if line := open_case_line(book, account, words):
        say(line)
        if not agrees(words.gettext("File a second objection all the same?"), words):
            return _INCOMPLETE
    desk = Terminal(account, by, book, words, lines)
    try:
        done = filed(plan, account, settings, desk, words, run_async)
    except NotFiled as error:
        text = words.said(error.message)
        tell_error(words.gettext("%(account)s: not filed: %(text)s", account=account.name, text=text), error, words)
        return _INCOMPLETE
    finally:  # also where Ctrl-C or a fault ended it
        say(sent_line(desk, words))
    console, document = Console(stderr=False), done.document
    console.print(
        render_table(document, guides_of(plan), words.code, width=console.width, background=done.background or NOTHING)
    )
    console.print(done.report, soft_wrap=True, highlight=False, markup=False)
    code, result = document.run.exit_code, document.results[0]
    stands = result.filing is not None or result.verdict is Verdict.OBJECTED
    return code if stands else max(code, _INCOMPLETE)


class AtTerminal:
    """One person before their terminal; `show` opens an address in their own browser."""

    def __init__(self, lines: Lines, words: Language, show: Callable[[str], object] = typer.launch) -> None:
        self._lines, self._words, self._show = lines, words, show

    def say(self, text: str) -> None:
        """Print it beside what programs read."""
        say(printable(text))

    def is_done(self, advice: Advice) -> bool:
        """List steps and address, open the page where it is asked for, and wait for the word for it."""
        for number, step in enumerate(advice.steps, 1):
            self.say(f"  {number}. {step.text}")
        address = next((one.url for one in advice.addresses if is_web(one.url)), "")
        if address:
            self.say(f"  {address}")
        _ = self._words.gettext
        done = _("done")
        ask = _("Type %(done)s and press Enter once you have switched it; q ends.", done=done)
        if address:
            ask = _(
                "Type o and press Enter to open the page in your browser, %(done)s once you have switched it; q ends.",
                done=done,
            )
        while True:
            self.say(ask)
            line = run_async(self._lines.next())
            typed = "q" if line is None else line.strip().casefold()
            if typed == "q":
                return False
            if typed in {done.casefold(), "done"}:
                return True
            if typed == "o" and address:
                self._show(address)
