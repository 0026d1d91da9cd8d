"""
A setting that the person changes themselves: read before and after, with the way there in between.

No source says what the pages of these settings send when they are switched, so no such request is let through.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from automation.cli.object.keeping import kept
from automation.domain.results import Outcome
from automation.domain.verdicts import Verdict
from automation.reports.advice import advise, is_web, title_of
from automation.reports.names import VERDICT_NAMES
from automation.text.language import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.check.runner import RunPlan
    from automation.cli.object.asking import Lines
    from automation.config import Settings
    from automation.domain.accounts import Account
    from automation.domain.guides import FlowGuide
    from automation.domain.results import Result, RunDocument
    from automation.text.language import Language

_INCOMPLETE = 3


def guide(plan: RunPlan, account: Account, settings: Settings, lines: Lines, words: Language) -> int:
    """
    Read the setting of one account, say how to change it, and read it again once the person says that they have.

    Both results are kept with their evidence, as those of any check.

    Args:
        plan: with what means.
        account: whose setting.
        settings: of the configuration.
        lines: what the person types.
        words: of their language.

    Returns:
        The exit code of the last reading; 3 where the person did not go on.
    """
    _, guide = words.gettext, plan.flows[account.flow].guide
    _say("")
    _say(f"{account.name}: {title_of(guide, account.flow, words)}")
    _say(
        _(
            "You switch this yourself, in your own browser: no source says what its page sends, so nothing is let "
            "through."
        )
    )
    before = _read(plan, account, settings, words)
    first = before.results[0]
    _say(_("%(account)s: now: %(verdict)s", account=account.name, verdict=_(VERDICT_NAMES[first.verdict])))
    if first.verdict is Verdict.OBJECTED:
        return before.run.exit_code
    address = _show_way(first, guide, words)
    if not _is_done(address, lines, words):
        _say(_("%(account)s: not read again.", account=account.name))
        return _INCOMPLETE
    after = _read(plan, account, settings, words)
    last = after.results[0]
    _say(
        _(
            "%(account)s: before: %(before)s, now: %(now)s",
            account=account.name,
            before=_(VERDICT_NAMES[first.verdict]),
            now=_(VERDICT_NAMES[last.verdict]),
        )
    )
    if last.outcome is Outcome.FINDING and last.verdict is first.verdict:
        _say(_("The service shows it as before. Some save only with a button of their own, or after a while."))
    return after.run.exit_code


def _read(plan: RunPlan, account: Account, settings: Settings, words: Language) -> RunDocument:
    """Check the account, in a context in which nothing can be written, and keep what was read."""
    from automation.check import runner
    from automation.cli.shared.common import run_async
    from automation.cli.shared.interrupts import in_order

    _say(words.gettext("Reading the setting."))
    alone = replace(plan, accounts=(account,))
    document, report = kept(
        run_async(in_order(lambda stop: runner.run(alone, stop=stop), words)), alone, settings, words
    )
    result = document.results[0]
    if result.bundle is not None:
        _say(words.gettext("%(what)s: %(text)s", what=words.gettext("Evidence"), text=result.bundle.path))
    _say(words.gettext("%(what)s: %(text)s", what=words.gettext("Report"), text=report))
    return document


def _show_way(result: Result, guide: FlowGuide, words: Language) -> str:
    """Say what to do, and where; the address, empty where none is known."""
    wanted = replace(result, verdict=Verdict.NOT_OBJECTED, reason=None, challenge=None, next_step="not_objected")
    advice = advise(wanted, guide, words)
    for number, step in enumerate(advice.steps, 1):
        _say(f"  {number}. {step.text}")
    address = next((one.url for one in advice.addresses if is_web(one.url)), "")
    if address:
        _say(f"  {address}")
    return address


def _is_done(address: str, lines: Lines, words: Language, show: Callable[[str], object] = typer.launch) -> bool:
    """Wait until the person says that they have switched it; False where they do not want to."""
    from automation.cli.shared.common import run_async

    _ = words.gettext
    done = _("done")
    ask = _("Type %(done)s and press Enter once you have switched it; q ends.", done=done)
    if address:
        ask = _(
            "Type o and press Enter to open the page in your browser, %(done)s once you have switched it; q ends.",
            done=done,
        )
    while True:
        _say(ask)
        line = run_async(lines.next())
        typed = "q" if line is None else line.strip().casefold()
        if typed == "q":
            return False
        if typed in {done.casefold(), "done"}:
            return True
        if typed == "o" and address:
            show(address)


def _say(text: str) -> None:
    typer.echo(printable(text), err=True)
