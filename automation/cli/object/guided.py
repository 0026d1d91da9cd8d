"""
A setting that the person changes themselves: read before and after, with the way there in between.

No source says what the pages of these settings send when they are switched, so no such request is let through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import typer

from automation.cli.object.keeping import kept
from automation.core.results import ExitCode, Outcome
from automation.core.verdicts import Verdict
from automation.reports.advice import advise, is_web, title_of
from automation.reports.names import VERDICT_NAMES
from automation.text.language import printable

if TYPE_CHECKING:
    from automation.cli.object.asking import Lines
    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.core.guides import FlowGuide
    from automation.core.results import Result, RunDocument  # noqa: TC004 - nothing asks `Readings` for its types
    from automation.reports.advice import Advice
    from automation.text.language import Language
    from automation.visit.runner import RunPlan

Reading = Callable[[asyncio.Event], Coroutine[Any, Any, "RunDocument"]]
"""Reads the setting; its event asks for the end."""


class Switcher(Protocol):
    """The person who changes the setting."""

    def say(self, text: str) -> None:
        """Tell them something."""

    def is_done(self, advice: Advice) -> bool:
        """Show them the way, and wait until they say that they have changed it; False where they do not want to."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the service showed before and after."""

    before: RunDocument
    after: RunDocument | None
    """None where it stood as wanted, or the person did not go on."""

    @property
    def exit_code(self) -> int:
        """Of the last reading; 3 where the person did not go on."""
        if self.after is not None:
            return self.after.run.exit_code
        as_wanted = self.before.results[0].verdict is Verdict.OBJECTED
        return self.before.run.exit_code if as_wanted else int(ExitCode.INCOMPLETE)


def guide(
    plan: RunPlan,
    account: Account,
    settings: Settings,
    person: Switcher,
    words: Language,
    run: Callable[[Reading], RunDocument],
) -> Readings:
    """
    Read the setting of one account, say how to change it, and read it again once the person says that they have.

    Both results are kept with their evidence, as those of any check.

    Args:
        plan: with what means.
        account: whose setting.
        settings: of the configuration.
        person: who changes it.
        words: of their language.
        run: runs the engine.
    """
    _, guide = words.gettext, plan.flows[account.flow].guide
    person.say(f"{account.name}: {title_of(guide, account.flow, words)}")
    person.say(
        _(
            "You switch this yourself, in your own browser: no source says what its page sends, so nothing is let "
            "through."
        )
    )
    read = partial(_read, replace(plan, accounts=(account,)), settings, person, words, run)
    before = read()
    first = before.results[0]
    person.say(_("%(account)s: now: %(verdict)s", account=account.name, verdict=_(VERDICT_NAMES[first.verdict])))
    if first.verdict is Verdict.OBJECTED:
        return Readings(before, None)
    if not person.is_done(_way(first, guide, words)):
        person.say(_("%(account)s: not read again.", account=account.name))
        return Readings(before, None)
    after = read()
    last = after.results[0]
    person.say(
        _(
            "%(account)s: before: %(before)s, now: %(now)s",
            account=account.name,
            before=_(VERDICT_NAMES[first.verdict]),
            now=_(VERDICT_NAMES[last.verdict]),
        )
    )
    if last.outcome is Outcome.FINDING and last.verdict is first.verdict:
        person.say(_("The service shows it as before. Some save only with a button of their own, or after a while."))
    return Readings(before, after)


def _read(
    plan: RunPlan, settings: Settings, person: Switcher, words: Language, run: Callable[[Reading], RunDocument]
) -> RunDocument:
    """Check the plan's account, in a context in which nothing can be written, and keep what was read."""
    from automation.visit import runner

    person.say(words.gettext("Reading the setting."))
    document, report = kept(run(lambda stop: runner.run(plan, stop=stop)), plan, settings, words)
    result = document.results[0]
    if result.bundle is not None:
        person.say(words.gettext("%(what)s: %(text)s", what=words.gettext("Evidence"), text=result.bundle.path))
    person.say(words.gettext("%(what)s: %(text)s", what=words.gettext("Report"), text=report))
    return document


def _way(result: Result, guide: FlowGuide, words: Language) -> Advice:
    """What to do, and where, to have the setting as one who objects wants it."""
    wanted = replace(result, verdict=Verdict.NOT_OBJECTED, reason=None, challenge=None, next_step="not_objected")
    return advise(wanted, guide, words)


class AtTerminal:
    """
    One person before their terminal.

    Args:
        lines: what they type.
        words: of their language.
        show: opens an address in their own browser.
    """

    def __init__(self, lines: Lines, words: Language, show: Callable[[str], object] = typer.launch) -> None:
        self._lines, self._words, self._show = lines, words, show

    def say(self, text: str) -> None:
        """Print it beside what programs read."""
        typer.echo(printable(text), err=True)

    def is_done(self, advice: Advice) -> bool:
        """List steps and address, open the page where it is asked for, and wait for the word for it."""
        from automation.cli.shared.common import run_async

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
