"""One account's check inside a session of pytest, and what the session is told of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from automation.app import logs
from automation.app.check import check, guides_of, plan_of
from automation.cli.options import words as words_of
from automation.config import Settings
from automation.core.results import Outcome, Result, RunDocument
from automation.core.settings.browser import BrowserSettings
from automation.pytest_plugin.thread import run_beside
from automation.reports.as_junit import details_of, message_of
from automation.reports.background import NOTHING
from automation.reports.groups import is_fault

_PICTURES = "*.png"
EXPECTS, SETTLED = "temoin_expects", "temoin_settled_by"
"""Property of an account's test: stands there where nothing was expected of the answer."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer for one account, and the words for it."""

    result: Result
    folder: Path
    """Of the run."""
    report: Path
    message: str
    """Verdict and meaning in one line."""
    details: str
    """The message, what to do, and where the evidence lies."""

    @property
    def outcome(self) -> Outcome:
        """The verdict measured by expectation and policy."""
        return self.result.outcome

    @property
    def fault(self) -> bool:
        """Whether something went wrong inside Témoin, or the guard stopped something."""
        return is_fault(self.result)

    def properties(self, base: Path) -> Iterator[tuple[str, str]]:
        """What stands beside the test in JUnit; files as seen from `base` where they lie below it."""
        result = self.result
        yield "temoin_account", result.account
        yield "temoin_flow", result.flow
        yield "temoin_flow_verified", result.flow_verified.state
        yield "temoin_verdict", result.verdict.value
        if result.reason:
            yield "temoin_reason", result.reason.value
        yield "temoin_outcome", "fault" if self.fault else result.outcome.value
        if result.is_unmeasured:
            yield EXPECTS, "nothing"
        if result.is_settled:
            yield SETTLED, "a person"
        yield "temoin_writes_let_through", str(result.guard.writes_let_through)
        if result.bundle:
            yield "temoin_bundle", _seen_from(base, self.folder / result.bundle.path)
            yield "temoin_bundle_sha256", result.bundle.envelope_sha256
        yield "temoin_report", _seen_from(base, self.report)

    def attachments(self, base: Path) -> str:
        """The report and the pictures as GitLab, Jenkins and others take files from the output of a test."""
        files = [self.report]
        if self.result.bundle:
            files += sorted((self.folder / self.result.bundle.path).rglob(_PICTURES))
        return "".join(f"[[ATTACHMENT|{_seen_from(base, file)}]]\n" for file in files)


def visit(settings: Settings, launch: Mapping[str, Any]) -> Checked:
    """
    Check the one account of these settings and keep its results as `temoin check` does, but notify nobody.

    Args:
        settings: of one account.
        launch: as pytest-playwright's `browser_type_launch_args` gives it.

    Raises:
        ConfigurationError, OutputError: nothing can be checked at all.
    """
    words = words_of(None, settings)
    plan = plan_of(settings, words, _browser(settings.browser, launch))

    def run(work: Callable[[asyncio.Event], Coroutine[Any, Any, RunDocument]]) -> RunDocument:
        with logs.silent():
            return run_beside(work(asyncio.Event()))

    done = check(plan, settings, words, run, notifies=False)
    (result,) = done.document.results
    guide = guides_of(plan).get(result.flow)
    message = message_of(result, guide, words)
    details = "\n".join(filter(None, (message, details_of(result, guide, words, done.background or NOTHING))))
    return Checked(result, Path(done.document.run.output), Path(done.report), message, details)


def _browser(configured: BrowserSettings, launch: Mapping[str, Any]) -> BrowserSettings:
    """
    What the session says of the browser goes before the configuration: window, channel, program and slowness.

    Nothing else of `launch` counts: arguments, a proxy or an environment of others could open a way past the guard.
    """
    browser = configured
    if "headless" in launch:
        browser = replace(browser, headless=bool(launch["headless"]))
    if channel := launch.get("channel"):
        browser = replace(browser, channel=str(channel), path=None)
    if path := launch.get("executable_path"):
        browser = replace(browser, path=Path(path), channel=None)
    if slow := launch.get("slow_mo"):
        browser = replace(browser, slow_mo_ms=float(slow))
    return browser


def _seen_from(base: Path, file: Path) -> str:
    path = file.absolute()
    return Path(os.path.relpath(path, base)).as_posix() if path.is_relative_to(base) else str(path)
