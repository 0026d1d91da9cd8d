"""The accounts of a configuration as tests: collected, checked, and their answers as pytest says them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from automation.app.setup import flows_for
from automation.config import load
from automation.core.errors import ConfigurationError, FlowError, TemoinError
from automation.core.results import Outcome
from automation.pytest_plugin import FAIL
from automation.pytest_plugin.visit import EXPECTS, SETTLED, visit
from automation.reports.saying import BY_PEOPLE, UNMEASURED, Saying
from automation.text.redaction import Redactor

if TYPE_CHECKING:
    from automation.config import Settings

_OUTCOME = "temoin_outcome"


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
        outcomes = Counter(_counted_as(one) for one in told if _OUTCOME in one)
        if not outcomes:
            return
        from automation.cli.options import words as words_of  # noqa: PLC0415 - only at the end

        words = words_of(None, load(self._config, for_signing_in=False))
        outcomes[Outcome.INCOMPLETE] += outcomes["fault"]
        terminalreporter.section("Témoin")
        terminalreporter.line(Saying(words).tally(outcomes))


def _counted_as(properties: dict[str, str]) -> str:
    if properties.get(SETTLED):
        return BY_PEOPLE
    return UNMEASURED if properties.get(EXPECTS) else properties[_OUTCOME]


class AccountsFile(pytest.File):
    """A `temoin.toml`."""

    def collect(self) -> Iterator[AccountTest]:
        """One test an account; secrets are asked for when its turn comes."""
        try:
            settings = load(self.path, for_signing_in=False)
            flows_for(settings)  # a flow's typing error is told now, and not after the others' visits
            wanted = self.config.getoption("--browser", default=None)
        except (ConfigurationError, FlowError) as error:
            raise self.CollectError(str(error)) from None
        if not settings.accounts:
            raise self.CollectError(f"{self.path}: there is no account in it, so nothing would be checked.")
        if wanted and "chromium" not in wanted:
            raise self.CollectError(f"Témoin looks with Chromium only, not with {', '.join(wanted)}.")
        for account in settings.accounts:
            test = AccountTest.from_parent(self, name=account.name, callobj=_account)
            test.line = _line_of(account.name, settings)
            test.add_marker("temoin")
            yield test


def _line_of(account: str, settings: Settings) -> int:
    """Where the account stands in the file, from 0."""
    number = settings.places.get(account, "").rpartition(":")[2]
    return int(number) - 1 if number.isdigit() else 0


class AccountTest(pytest.Function):
    """The test of one account."""

    line = 0

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


def _account(
    request: pytest.FixtureRequest,
    browser_type_launch_args: Mapping[str, Any],
) -> None:
    """Check one account; an answer that is not as wanted fails, one that is still open is skipped or fails."""
    test = request.node
    settings = load(test.path, accounts=(test.name,))
    checked = visit(settings, browser_type_launch_args)
    folder = test.config.invocation_params.dir
    test.user_properties.extend(checked.properties(folder))  # `record_property` warns of JUnit's second family
    test.add_report_section("call", "stdout", checked.attachments(folder))
    if checked.fault or checked.outcome is Outcome.FINDING:
        pytest.fail(checked.details, pytrace=False)
    if checked.outcome is Outcome.INCOMPLETE:
        if test.config.getoption("--temoin-open") == FAIL:
            pytest.fail(checked.details, pytrace=False)
        pytest.skip(checked.message)
