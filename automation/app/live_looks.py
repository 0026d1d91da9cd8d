"""A look at an account's own pages, in a window that writes nothing: `temoin look --live`, and the local page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from automation.app.check import Engine, keep, plan_of
from automation.app.rejudging import newest_visits
from automation.browser.environment.machine import ThisMachine
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.looks import NEXT_STEP
from automation.core.verdicts import Verdict
from automation.flow import ControlTable, Flow
from automation.session.means import TellOf
from automation.session.signing_browser import require_window
from automation.text.language import Language
from automation.visit import runner
from automation.visit.account import check
from automation.visit.live_look import LiveLook, Viewer


def seen_live(settings: Settings, viewer: Viewer, tell: TellOf, words: Language, run: Engine) -> Path:
    """
    Show a person the pages of one account, and seal what they name; its evidence, in which their answer waits.

    Args:
        settings: of that account alone.
        viewer: the person.
        tell: told what a person at the window is waited for.
        words: of their language.
        run: starts the engine.

    Raises:
        ConfigurationError: no window can be opened, the account has an answer already or more than one setting, or
            nothing could be sealed.
        OutputError: the evidence cannot be written.
    """
    (account,) = settings.accounts
    answers = {visit.result.account: visit.result.verdict for visit in newest_visits(settings.output)}
    if answers.get(account.name, Verdict.UNKNOWN) is not Verdict.UNKNOWN:  # an open question would take its place
        raise ConfigurationError(
            f"{account.name} has an answer, which a look of your own would take away until you have given yours",
            "Check the account; look yourself where that ends in unknown.",
        )
    require_window(settings.browser, ThisMachine())
    browser = replace(settings.browser, headless=False, concurrency=1)
    return sealed_look(plan_of(settings, words, browser, attended=tell), settings, viewer, words, run)


def can_be_seen_live(flow: Flow) -> bool:
    """Whether a look at one page answers: not where each blog, site or team has a setting of its own."""
    return not (isinstance(flow.rule, ControlTable) and flow.rule.objects is not None)


def sealed_look(plan: runner.RunPlan, settings: Settings, viewer: Viewer, words: Language, run: Engine) -> Path:
    """As `seen_live`, by a plan for one account."""
    (account,) = plan.accounts
    flow = plan.flows.get(account.flow)
    if flow is None or not can_be_seen_live(flow):
        raise ConfigurationError(
            f"{account.flow} has a setting for each blog, site or team, and a look at one says nothing of the others",
            "Check the account.",
        )
    work = partial(check, work=LiveLook(viewer))
    document = run(lambda stop: runner.run(plan, stop=stop, look=work))
    keep(document, None, plan, settings, words, notifies=False)
    (result,) = document.results
    if result.bundle is None or result.next_step != NEXT_STEP:
        raise ConfigurationError(f"nothing was kept that could be looked at: {result.because}", "Try again.")
    return Path(document.run.output) / result.bundle.path
