"""Installing a browser: in order, only what is needed, and nothing where one works."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation import browser_probe
from automation.browser_finder import FoundBrowser
from automation.browser_settings import BrowserSettings
from automation.cli.get_browser import get_browser, start
from automation.errors import BrowserNotFound
from tests.test_browser_finder import FakeMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.machine import Machine
    from tests.cli.conftest import Program

BROWSER = FoundBrowser(Path("/usr/bin/chromium"), None, "system", "159.0.1.2", sandbox=True, why="found as system")


class FakeShell:
    """Notes each command; the browser is there once one that contains `good` has run."""

    def __init__(self, good: str, *, failing: Sequence[str] = ()) -> None:
        self.good = good
        self.failing = failing
        self.commands: list[str] = []
        self.done: set[str] = set()

    def run(self, command: Sequence[str]) -> int:
        """Run nothing; fail where the test wants it."""
        text = " ".join(command).replace(sys.executable, "python")
        self.commands.append(text)
        if any(words in text for words in self.failing):
            return 1
        self.done.add(text)
        return 0

    def check(self, _settings: BrowserSettings, _machine: Machine) -> FoundBrowser:
        """The browser, once it was installed."""
        if any(self.good in text for text in self.done):
            return BROWSER
        raise BrowserNotFound("none works yet", "get one")


def _machine(*programs: str, root: bool = False) -> FakeMachine:
    machine = FakeMachine(root=root)
    for program in programs:
        machine.has(f"/usr/bin/{program}")
    return machine


def test_nothing_is_installed_where_a_browser_works() -> None:
    """With a working browser no command runs at all."""
    shell = FakeShell("never")
    machine = _machine("apt-get", root=True)
    assert get_browser(BrowserSettings(), machine, run=shell.run, check=lambda *_: BROWSER) is BROWSER
    assert shell.commands == []


def test_playwrights_own_comes_first() -> None:
    """The first way is Playwright's headless shell; once it works, nothing else is tried."""
    shell = FakeShell("playwright install")
    assert get_browser(BrowserSettings(), _machine("apt-get", root=True), run=shell.run, check=shell.check) is BROWSER
    assert shell.commands == ["python -m playwright install chromium --only-shell"]


def test_a_window_needs_the_whole_browser() -> None:
    """With headless = false the headless shell alone would be no help, so it is not what gets installed."""
    shell = FakeShell("nothing helps")
    with pytest.raises(BrowserNotFound):
        get_browser(BrowserSettings(headless=False), _machine("apt-get", root=True), run=shell.run, check=shell.check)
    assert shell.commands[0] == "python -m playwright install chromium"
    assert not any("headless-shell" in command for command in shell.commands)


def test_where_only_known_programs_get_a_sandbox_chrome_is_installed() -> None:
    """On Ubuntu Playwright's own would not start with its sandbox, and Chromium's package is only a pointer to a snap."""
    shell = FakeShell("install chrome")
    machine = _machine("apt-get", "sudo")
    machine.files[Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")] = b"1\n"
    get_browser(BrowserSettings(), machine, run=shell.run, check=shell.check)
    assert shell.commands == ["sudo -n true", "sudo -n python -m playwright install chrome"]


def test_debians_package_comes_next() -> None:
    """Where Playwright's server cannot be reached, root installs Debian's package."""
    shell = FakeShell("install -y chromium-headless-shell", failing=["playwright"])
    get_browser(BrowserSettings(), _machine("apt-get", root=True), run=shell.run, check=shell.check)
    assert shell.commands[1:] == ["env DEBIAN_FRONTEND=noninteractive apt-get install -y chromium-headless-shell"]


def test_a_browser_that_was_installed_but_does_not_work_is_not_the_end() -> None:
    """A download that succeeds but lacks its libraries is followed by the next way."""
    shell = FakeShell("install -y chromium-headless-shell")
    get_browser(BrowserSettings(), _machine("apt-get", root=True), run=shell.run, check=shell.check)
    assert len(shell.commands) == 2


def test_a_fresh_system_gets_its_package_lists() -> None:
    """Where no package is known yet, the lists are fetched once and the installation tried again."""
    shell = FakeShell("apt-get update", failing=["playwright"])
    get_browser(BrowserSettings(), _machine("apt-get", root=True), run=shell.run, check=shell.check)
    assert [command.split("apt-get ")[1] for command in shell.commands[1:]] == [
        "install -y chromium-headless-shell", "install -y chromium", "update", "install -y chromium-headless-shell",
    ]  # fmt: skip


def test_sudo_is_used_only_where_it_asks_nothing() -> None:
    """An ordinary user installs through sudo if it needs no password, and not at all otherwise."""
    shell = FakeShell("install -y chromium-headless-shell", failing=["playwright"])
    get_browser(BrowserSettings(), _machine("apt-get", "sudo"), run=shell.run, check=shell.check)
    assert shell.commands[1] == "sudo -n true"
    assert shell.commands[2].startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install")
    asking = FakeShell("install -y", failing=["playwright", "sudo"])
    with pytest.raises(BrowserNotFound, match="none works yet"):
        get_browser(BrowserSettings(), _machine("apt-get", "sudo"), run=asking.run, check=asking.check)
    assert len(asking.commands) == 2


def test_without_apt_the_message_remains() -> None:
    """On a system without apt-get only Playwright's way is tried; then the error says how to get a browser."""
    shell = FakeShell("never", failing=["playwright"])
    with pytest.raises(BrowserNotFound, match="get one"):
        get_browser(BrowserSettings(), _machine(root=True), run=shell.run, check=shell.check)
    assert len(shell.commands) == 1


@pytest.mark.parametrize("settings", [BrowserSettings(path=Path("/opt/mine")), BrowserSettings(channel="chrome")])
def test_a_named_browser_is_not_replaced(settings: BrowserSettings) -> None:
    """Where the user named a browser, installing another would be no help, so nothing is installed."""
    shell = FakeShell("never")
    with pytest.raises(BrowserNotFound):
        get_browser(settings, _machine("apt-get", root=True), run=shell.run, check=shell.check)
    assert shell.commands == []


def test_commands_are_shown_and_their_output_goes_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    """A person sees what runs; stdout stays free; a program that does not exist is 127."""
    assert start([sys.executable, "-c", "print('installed')"]) == 0
    assert start([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert start(["no-such-program-here"]) == 127
    out, err = capfd.readouterr()
    assert out == ""
    assert "$ no-such-program-here" in err
    assert "installed" in err


@pytest.mark.browser
def test_the_command_does_nothing_on_a_machine_with_a_browser(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """`temoin doctor --get-browser` really starts the browser that is there, names it, and installs nothing."""
    monkeypatch.setattr("automation.cli.get_browser.start", lambda command: pytest.fail(f"ran {command}"))
    answer = temoin("doctor", "--get-browser")
    assert answer.code == 0
    assert answer.out.startswith("A browser works: /")
    assert "Un navigateur fonctionne : /" in temoin("doctor", "--get-browser", "--lang", "fr").out


def test_the_command_fails_clearly(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a named browser does not start, `--get-browser` ends in 2 with the reason."""

    async def broken(*_: object, **__: object) -> None:
        raise BrowserNotFound("it does not start: libnss3.so", "install its libraries")

    monkeypatch.setattr(browser_probe, "probe", broken)
    monkeypatch.setenv("TEMOIN_BROWSER__PATH", sys.executable)
    answer = temoin("doctor", "--get-browser")
    assert answer.code == 2
    assert answer.err.startswith("Error: ")
