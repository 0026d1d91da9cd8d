"""The accounts of a configuration as tests: collected, checked, and their answers as pytest says them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from automation.app import logs
from automation.app.check import check, guides_of, plan_of
from automation.app.setup import flows_for
from automation.cli.options import told
from automation.cli.options import words as words_of
from automation.config import Settings, load
from automation.config.source_lines import secrets_hidden
from automation.core.errors import ConfigurationError, FlowError, TemoinError
from automation.core.results import Outcome, Result, RunDocument
from automation.reports.as_ci import details_of, message_of
from automation.reports.background import NOTHING
from automation.reports.entries import is_fault
from automation.reports.saying import BY_PEOPLE, UNMEASURED, Saying
from automation.text.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping

    from automation.core.settings import BrowserSettings

_Answer = TypeVar("_Answer")
_OUTCOME, _EXPECTS, _SETTLED = "temoin_outcome", "temoin_expects", "temoin_settled_by"
"""Properties of an account's test; the last two stand there where nothing was expected, or a person settled it."""
_LOOKS_UP_S = 0.5
"""A signal may be delivered to another thread; the one that waits hears of it when it looks up."""


def run_beside(work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """
    Run it on a loop of its own, in a thread of its own, to its end.

    The fixtures of pytest-playwright keep a loop running in the thread of the tests, and a thread has one at most.
    What interrupts the waiting, such as Ctrl-C or a time limit of the tests, cancels the work; it is then waited for,
    so that no browser stays behind.
    """
    under_way: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = []
    given_up = threading.Event()

    async def noted() -> _Answer:
        under_way.append((asyncio.get_running_loop(), asyncio.current_task()))
        if given_up.is_set():
            work.close()
            raise asyncio.CancelledError
        return await work

    with ThreadPoolExecutor(1, "temoin") as engine:
        try:
            # A thread that is interrupted while it starts is not waited for: it starts before there is work to leave.
            engine.submit(int).result()
            running = engine.submit(lambda: asyncio.run(noted()))
            while not wait([running], _LOOKS_UP_S).done:
                pass
            return running.result()
        finally:
            given_up.set()
            for loop, task in under_way:
                with suppress(RuntimeError):  # it has ended, and its loop is closed
                    loop.call_soon_threadsafe(task.cancel if task else loop.stop)


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
    def outcome(self) -> str:
        """Verdict by expectation and policy; `fault`: something went wrong inside Témoin, or the guard stopped it."""
        return "fault" if is_fault(self.result) else self.result.outcome.value

    def properties(self, base: Path) -> Iterator[tuple[str, str]]:
        """What stands beside the test in JUnit; files as seen from `base` where they lie below it."""
        result = self.result
        yield "temoin_account", result.account
        yield "temoin_flow", result.flow
        yield "temoin_flow_verified", result.flow_verified.state
        yield "temoin_verdict", result.verdict.value
        if result.reason:
            yield "temoin_reason", result.reason.value
        yield _OUTCOME, self.outcome
        if result.is_unmeasured:
            yield _EXPECTS, "nothing"
        if result.is_settled:
            yield _SETTLED, "a person"  # untold: a key
        yield "temoin_writes_let_through", str(result.guard.writes_let_through)
        if result.bundle:
            yield "temoin_bundle", _seen_from(base, self.folder / result.bundle.path)
            yield "temoin_bundle_sha256", result.bundle.envelope_sha256
        yield "temoin_report", _seen_from(base, self.report)

    def attachments(self, base: Path) -> str:
        """The report and the pictures as GitLab, Jenkins and others take files from the output of a test."""
        files = [self.report]
        if self.result.bundle:
            files += sorted((self.folder / self.result.bundle.path).rglob("*.png"))
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

    with secrets_hidden():
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


class Accounts:
    """Joins a session for one configuration."""

    def __init__(self, config: Path) -> None:
        self._config = config

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """The configuration is a file of tests."""
        return AccountsFile.from_parent(parent, path=file_path) if file_path == self._config else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What is skipped points at the account in the configuration, not into Témoin."""
        report = yield
        if isinstance(item, AccountTest) and report.skipped and isinstance(report.longrepr, tuple):
            path, line, _ = item.reportinfo()
            report.longrepr = (os.fspath(path), (line or 0) + 1, report.longrepr[2])
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """How many accounts are as wanted: a session of skipped tests is green and proves nothing."""
        reports = [report for group in terminalreporter.stats.values() for report in group]
        told = [
            dict(getattr(report, "user_properties", ())) for report in reports if getattr(report, "when", "") == "call"
        ]
        outcomes = Counter(
            BY_PEOPLE if one.get(_SETTLED) else UNMEASURED if one.get(_EXPECTS) else one[_OUTCOME]
            for one in told
            if _OUTCOME in one
        )
        if not outcomes:
            return
        words = words_of(None, load(self._config, for_signing_in=False))
        outcomes[Outcome.INCOMPLETE] += outcomes["fault"]
        terminalreporter.section("Témoin")
        terminalreporter.line(Saying(words).tally(outcomes))


class AccountsFile(pytest.File):
    """A `temoin.toml`."""

    def collect(self) -> Iterator[AccountTest]:
        """One test an account; secrets are asked for when its turn comes."""
        try:
            settings = load(self.path, for_signing_in=False)
            flows_for(settings)  # a flow's typing error is told now, and not after the others' visits
            wanted = self.config.getoption("--browser", default=None)
        except (ConfigurationError, FlowError) as error:
            raise self.CollectError(told(str(error))) from None
        said = words_of(None, settings).said
        if not settings.accounts:
            raise self.CollectError(said(f"{self.path}: there is no account in it, so nothing would be checked."))
        if wanted and "chromium" not in wanted:
            raise self.CollectError(said(f"Témoin looks with Chromium only, not with {', '.join(wanted)}."))
        for account in settings.accounts:
            test = AccountTest.from_parent(self, name=account.name, callobj=_account)
            number = settings.places.get(account.name, "").rpartition(":")[2]
            test.line = int(number) - 1 if number.isdigit() else 0
            test.add_marker("temoin")
            yield test


class AccountTest(pytest.Function):
    """The test of one account."""

    line = 0
    """Where the account stands in the file, from 0."""

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Its place in the configuration."""
        return self.path, self.line, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """An error of ours is for a person; any other is shown without the secrets, even where locals are."""
        if isinstance(excinfo.value, TemoinError):
            return str(excinfo.value)
        shown = super().repr_failure(excinfo)
        try:
            secrets = load(self.path, for_signing_in=False).secret_values()
        except ConfigurationError:
            return shown
        text = str(shown)
        clean = Redactor(secrets).redact(text)
        return shown if clean == text else clean


def _account(request: pytest.FixtureRequest, browser_type_launch_args: Mapping[str, Any]) -> None:
    """Check one account; an answer that is not as wanted fails, one that is still open is skipped or fails."""
    test = request.node
    settings = load(test.path, accounts=(test.name,))
    checked = visit(settings, browser_type_launch_args)
    folder = test.config.invocation_params.dir
    test.user_properties.extend(checked.properties(folder))  # `record_property` warns of JUnit's second family
    test.add_report_section("call", "stdout", checked.attachments(folder))
    is_open = checked.outcome == Outcome.INCOMPLETE
    if is_open and test.config.getoption("--temoin-open") == "skip":
        pytest.skip(checked.message)
    if checked.outcome != Outcome.OK:
        pytest.fail(checked.details, pytrace=False)
