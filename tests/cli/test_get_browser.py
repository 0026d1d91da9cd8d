"""Installing a browser: in order, only what is needed, and nothing where one works."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from automation.app.doctor import Surroundings
from automation.browser.environment.machine import Machine, ThisMachine
from automation.browser.finder import FoundBrowser, find_browser
from automation.browser.probe import Probed
from automation.cli.get_browser import Apt, Ended, NobodyToAsk, Offer, TerminalShell, get_browser, get_browsers
from automation.core.errors import BrowserNotFound
from automation.core.settings import BrowserSettings
from automation.text.language import Language, language
from tests.browser.test_finder import FULL, SHELL, FakeMachine
from tests.cli.conftest import Program
from tests.tiers import first

BROWSER = FoundBrowser(Path("/usr/bin/chromium"), None, "system", "159.0.1.2", sandbox=True, why="found as system")


class FakeShell:
    """Notes each command that was offered and agreed to; the browser is there once one that contains `good` has run."""

    words = language("en")

    def __init__(
        self,
        good: str,
        *,
        failing: Sequence[str] = (),
        unknown: Sequence[str] = (),
        declined: Sequence[str] = (),
        terminal: bool = True,
    ) -> None:
        self.good, self.failing, self.unknown, self.declined, self.terminal = good, failing, unknown, declined, terminal
        self.commands: list[str] = []
        self.asked: list[str] = []
        self.said: list[str] = []

    def agrees(self, offer: Offer) -> bool:
        """As the test says."""
        if not self.terminal:
            raise NobodyToAsk
        self.asked.append(f"{offer.what}: {offer.size}")
        return offer.what not in self.declined

    def say(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)

    def run(self, command: Sequence[str], doing: str = "", steps: int = 0) -> Ended:
        """Run nothing; fail where the test wants it."""
        text = " ".join(command).replace(sys.executable, "python")
        if "--print-uris" in command:
            known = not {*command} & {*self.unknown} or any("update" in done for done in self.commands)
            return Ended(0, PLANNED) if known else Ended(100, "E: Unable to locate package")
        self.commands.append(text)
        return Ended(1, "E: it failed") if any(words in text for words in self.failing) else Ended(0, "")

    def check(self, _settings: BrowserSettings, _machine: Machine) -> FoundBrowser:
        """The browser, once it was installed."""
        if any(self.good in text and not any(words in text for words in self.failing) for text in self.commands):
            return BROWSER
        raise BrowserNotFound("none works yet", "get one")


PLANNED = """\
0 upgraded, 18 newly installed, 0 to remove and 13 not upgraded.
Need to get 96.3 MB of archives.
After this operation, 300 MB of additional disk space will be used.
"""
APT = "env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get"
LOCK = "-o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 install --yes --no-install-recommends"
PLAYWRIGHT = "env PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000 python -m playwright install chromium"


def _machine(*programs: str, root: bool = False) -> FakeMachine:
    machine = FakeMachine(root=root)
    for program in programs:
        machine.has(f"/usr/bin/{program}")
    return machine


def test_nothing_is_installed_where_a_browser_works() -> None:
    """With a working browser no command runs and nothing is asked."""
    shell = FakeShell("never")
    assert get_browser(BrowserSettings(), _machine("apt-get", root=True), shell, check=lambda *_: BROWSER) is BROWSER
    assert (shell.commands, shell.asked, shell.said) == ([], [], [])


def test_playwrights_own_comes_first() -> None:
    """The first way is Playwright's headless shell; once it works, nothing else is tried."""
    shell = FakeShell("playwright install")
    assert get_browser(BrowserSettings(), _machine("apt-get", root=True), shell, check=shell.check) is BROWSER
    assert shell.commands == [f"{PLAYWRIGHT} --only-shell"]
    assert shell.asked == ["Chromium: about 110 MB to download"]


def test_a_window_needs_the_whole_browser() -> None:
    """With headless = false the headless shell alone would be no help, so it is not what gets installed."""
    shell = FakeShell("nothing helps")
    with pytest.raises(BrowserNotFound):
        get_browser(BrowserSettings(headless=False), _machine("apt-get", root=True), shell, check=shell.check)
    assert shell.commands[0] == PLAYWRIGHT
    assert not any("headless-shell" in command for command in shell.commands)


def test_where_only_known_programs_get_a_sandbox_chrome_is_installed() -> None:
    """On Ubuntu Playwright's own would not start with its sandbox, and Chromium's package is only a pointer to a snap."""
    shell = FakeShell("install chrome")
    machine = _machine("apt-get", "sudo")
    machine.files[Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")] = b"1\n"
    get_browser(BrowserSettings(), machine, shell, check=shell.check)
    assert shell.commands == ["sudo -n true", "sudo -n python -m playwright install chrome"]


def test_debians_package_comes_next() -> None:
    """Where Playwright's server cannot be reached, its size is told, and it comes without what is only recommended."""
    shell = FakeShell("chromium-headless-shell", failing=["playwright"])
    get_browser(BrowserSettings(), _machine("apt-get", root=True), shell, check=shell.check)
    assert shell.commands[1:] == [f"{APT} {LOCK} chromium-headless-shell"]
    assert shell.asked[1] == "chromium-headless-shell: 18 packages, 96.3 MB to download, 300 MB on disk"


def test_a_browser_that_was_installed_but_does_not_work_is_not_the_end() -> None:
    """A download that succeeds but lacks its libraries is followed by the next way, and the reason is told."""
    shell = FakeShell("chromium-headless-shell")
    get_browser(BrowserSettings(), _machine("apt-get", root=True), shell, check=shell.check)
    assert len(shell.commands) == 2
    assert "It is there, but does not work: none works yet" in shell.said


def test_a_fresh_system_gets_its_package_lists() -> None:
    """Where no package is known yet, the lists are fetched once and the packages looked for again."""
    shell = FakeShell("Dpkg::Use-Pty=0", failing=["playwright"], unknown=["chromium-headless-shell", "chromium"])
    get_browser(BrowserSettings(), _machine("apt-get", root=True), shell, check=shell.check)
    assert shell.commands[1:] == [f"{APT} update", f"{APT} {LOCK} chromium-headless-shell"]


def test_sudo_is_used_only_where_it_asks_nothing() -> None:
    """An ordinary user installs through sudo if it needs no password, and not at all otherwise."""
    shell = FakeShell("chromium-headless-shell", failing=["playwright"])
    get_browser(BrowserSettings(), _machine("apt-get", "sudo"), shell, check=shell.check)
    assert shell.commands[1:] == ["sudo -n true", f"sudo -n {APT} {LOCK} chromium-headless-shell"]
    asking = FakeShell("install --yes", failing=["playwright", "sudo"])
    with pytest.raises(BrowserNotFound, match="none works yet"):
        get_browser(BrowserSettings(), _machine("apt-get", "sudo"), asking, check=asking.check)
    assert asking.commands[1:] == ["sudo -n true"]


def test_what_the_user_does_not_want_is_not_installed() -> None:
    """A no to one way leads to the next; after a no to all of them nothing was installed."""
    some = FakeShell("chromium-headless-shell", declined=["Chromium"])
    get_browser(BrowserSettings(), _machine("apt-get", root=True), some, check=some.check)
    assert some.commands == [f"{APT} {LOCK} chromium-headless-shell"]
    none = FakeShell("never", declined=["Chromium", "chromium-headless-shell"])
    with pytest.raises(BrowserNotFound, match="none works yet"):
        get_browser(BrowserSettings(), _machine("apt-get", root=True), none, check=none.check)
    assert none.commands == []
    assert len(none.asked) == 2, "once for each way"


def test_where_nobody_can_be_asked_nothing_is_installed() -> None:
    """Without a terminal and without --yes it ends with the way to say yes."""
    shell = FakeShell("playwright", terminal=False)
    with pytest.raises(BrowserNotFound, match="nobody can be asked") as caught:
        get_browser(BrowserSettings(), _machine("apt-get", root=True), shell, check=shell.check)
    assert "--get-browser --yes" in caught.value.remedy
    assert shell.commands == []


def test_without_apt_the_message_remains() -> None:
    """On a system without apt-get only Playwright's way is tried; then the error says how to get a browser."""
    shell = FakeShell("never", failing=["playwright"])
    with pytest.raises(BrowserNotFound, match="get one"):
        get_browser(BrowserSettings(), _machine(root=True), shell, check=shell.check)
    assert len(shell.commands) == 1


@pytest.mark.parametrize("settings", [BrowserSettings(path=Path("/opt/mine")), BrowserSettings(channel="chrome")])
def test_a_named_browser_is_not_replaced(settings: BrowserSettings) -> None:
    """Where the user named a browser, installing another would be no help, so nothing is installed."""
    shell = FakeShell("never")
    with pytest.raises(BrowserNotFound):
        get_browser(settings, _machine("apt-get", root=True), shell, check=shell.check)
    assert (shell.commands, shell.asked) == ([], [])


@pytest.mark.thorough
@pytest.mark.browser
def test_the_command_does_nothing_on_a_machine_with_a_browser(temoin: Program) -> None:
    """`temoin doctor --get-browser` really starts the browser that is there, names it, and installs nothing."""
    shell = FakeShell("never")

    class Around(Surroundings):
        def shell(self, words: Language, *, yes: bool) -> FakeShell:
            return shell

    answer = temoin("doctor", "--get-browser", around=Around())
    assert answer.code == 0
    assert answer.out.startswith("A browser works: /")
    french = temoin("doctor", "--get-browser", "--lang", "fr", around=Around())
    assert "Un navigateur fonctionne\N{NO-BREAK SPACE}: /" in french.out
    assert (shell.commands, shell.asked) == ([], [])


def test_the_command_fails_clearly(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a named browser does not start, `--get-browser` ends in 2 with the reason."""

    class Around(Surroundings):
        def start(self, found: FoundBrowser, *, headless: bool) -> Probed:
            raise BrowserNotFound("it does not start: libnss3.so", "install its libraries")

    monkeypatch.setenv("TEMOIN_BROWSER__PATH", sys.executable)
    answer = temoin("doctor", "--get-browser", around=Around())
    assert answer.code == 2
    assert answer.err.startswith("Error: ")


OFFER = Offer("Chromium", "from Playwright", "about 110 MB to download", ("true",))
PRINTS = """
import sys
for step in ("Get:1 http://deb.example/debian trixie/main amd64 a [96 kB]", "Unpacking a (1.0) ...", "Setting up a (1.0) ..."):
    print(step, flush=True)
print("| 40% of 109.2 MiB")
print("W: half of it", file=sys.stderr)
print("E: Failed to fetch a", file=sys.stderr)
print("E: Failed to fetch a", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""


def at_a_terminal(command: list[str], answers: str, folder: Path, **variables: str) -> tuple[int, str]:
    """Run a program at a pseudo-terminal of 80 columns, type the answers; exit code and all that was shown."""
    ours, theirs = pty.openpty()
    environment = {"HOME": str(folder), "LANG": "en_GB.UTF-8", "TERM": "xterm", "COLUMNS": "80", **variables}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder)
    os.close(theirs)
    os.write(ours, answers.encode())
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return process.wait(60), shown.decode()


@pytest.mark.parametrize(
    ("answer", "lang", "question"),
    first(
        ("perhaps\nnon\n", "fr", "Installer\u00a0? [O/n]"),
        ("n\n", "en", "Install it? [Y/n]"),
        ("\x04", "en", "Install it? [Y/n]"),
    ),
)
def test_the_user_is_asked_at_a_terminal(answer: str, lang: str, question: str, tmp_path: Path) -> None:
    """On a machine without a browser the size is told and the question asked; after a no nothing was installed."""
    (tmp_path / "bin").mkdir()
    command = [str(Path(sys.executable).with_name("temoin")), "--lang", lang, "doctor", "--get-browser"]
    variables = {"PATH": str(tmp_path / "bin"), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "none")}
    variables["TEMOIN_BROWSER__HEADLESS"] = "true"
    if Path("/opt/google/chrome/chrome").exists():
        pytest.skip("this machine has a browser that no variable hides")
    code, shown = at_a_terminal(command, answer, tmp_path, **variables)
    assert code == 2, shown
    assert shown.count(question) == answer.count("\n") or answer == "\x04"
    assert "110 M" in " ".join(shown.split())  # French puts a space there that does not break
    assert list((tmp_path / "bin").iterdir()) == []
    assert not (tmp_path / "none").exists()


def test_without_a_terminal_nobody_is_asked(capfd: pytest.CaptureFixture[str]) -> None:
    """What is offered is told all the same; --yes is an answer that was given beforehand."""
    with pytest.raises(NobodyToAsk):
        TerminalShell(language("en"), yes=False).agrees(OFFER)
    assert TerminalShell(language("fr"), yes=True).agrees(OFFER)
    out, err = capfd.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Chromium (from Playwright): about 110 MB to download",
        "Chromium (from Playwright)\u00a0: about 110 MB to download",
    ]


def test_what_a_command_prints_is_kept_from_the_user(capfd: pytest.CaptureFixture[str]) -> None:
    """Elsewhere than on a terminal there is one line; the rest is there for whoever asks why it failed."""
    shell = TerminalShell(language("en"), yes=True)
    ended = shell.run([sys.executable, "-c", PRINTS, "3"], "Installing a", 3)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "Installing a …\n")
    assert ended.code == 3
    assert ended.trouble == "W: half of it\nE: Failed to fetch a"
    assert shell.run(["no-such-program-here"]).code == 127


def test_a_terminal_shows_one_line_of_progress(tmp_path: Path) -> None:
    """The line moves on with the steps and is gone at the end; nothing else of the command is shown."""
    code = (
        "import sys; from automation.cli.get_browser import TerminalShell\n"
        "from automation.text.language import language\n"
        "TerminalShell(language('en'), yes=True).run([sys.executable, '-c', sys.argv[1], '0'], 'Installing a', 3)"
    )
    ended, shown = at_a_terminal(
        [sys.executable, "-c", code, PRINTS], "", tmp_path, PYTHONPATH=str(Path(__file__).parents[2])
    )
    assert ended == 0, shown
    assert "Installing a" in shown
    assert "Unpacking" not in shown
    assert shown.count("\n") <= 1


def test_trouble_without_any_sign_is_the_end_of_what_was_said() -> None:
    """A command that fails in words of its own is quoted with its last lines."""
    assert Ended(1, "one\ntwo\nthree\n").trouble == "two\nthree"


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("apt-get") is None, reason="this system has no apt-get")
def test_apt_says_what_would_come_and_installs_nothing() -> None:
    """Number and sizes are those of the system's own apt-get; a package that it does not know is no offer."""
    shell = TerminalShell(language("en"), yes=True)
    apt = Apt((), shell)
    assert apt.offer("no-such-package-anywhere") is None
    before = shell.run(["dpkg-query", "--show"]).output
    absent = next(name for name in ("hello", "sl", "cowsay", "figlet", "cmatrix") if f"{name}\t" not in before)
    offer = apt.offer(absent)
    if offer is None:
        pytest.skip("apt-get has no lists of packages here")
    assert offer.size.split(",")[0].split()[1] in {"package", "packages"}
    assert "to download" in offer.size
    assert offer.command[-2:] == ("--no-install-recommends", absent)
    assert shell.run(["dpkg-query", "--show"]).output == before
    french = Apt((), TerminalShell(language("fr"), yes=True)).offer(absent)
    assert french is not None
    assert "à télécharger" in french.size
    assert "\u202fMo" in french.size or "\u202fko" in french.size or "\u00a0Mo" in french.size


def test_apt_is_not_used_where_it_would_ask_for_a_password() -> None:
    """An ordinary user without sudo has no way to install packages."""

    class Ordinary(ThisMachine):
        def __init__(self) -> None:
            super().__init__()
            self.root = False

        def on_path(self, name: str) -> Path | None:
            return None if name == "sudo" else Path("/usr/bin") / name

    assert Apt.of(Ordinary(), TerminalShell(language("en"), yes=True)) is None


def _at_a_screen(*, root: bool = True) -> FakeMachine:
    machine = _machine("apt-get", root=root).has(SHELL)
    machine.variables["DISPLAY"] = ":0"
    return machine


def _found(shell: FakeShell) -> Callable[[BrowserSettings, Machine], FoundBrowser]:
    """What the finder finds; a command that installs a whole browser puts it there."""

    def check(settings: BrowserSettings, machine: Machine) -> FoundBrowser:
        assert isinstance(machine, FakeMachine)
        if PLAYWRIGHT in shell.commands:
            machine.has(FULL)
        return find_browser(settings, machine)

    return check


def test_at_a_screen_the_whole_browser_is_offered() -> None:
    """With the headless shell alone, what is lacking is said; after a yes, windows can be shown."""
    shell = FakeShell("")
    found = get_browsers(BrowserSettings(), _at_a_screen(), shell, check=_found(shell))
    assert (found.path, found.headless_only) == (FULL, False)
    assert shell.commands == [PLAYWRIGHT]
    assert "To sign in to an account, a window has to open" in shell.said[0]


@pytest.mark.parametrize("terminal", [True, False])
def test_whoever_wants_no_window_checks_all_the_same(terminal: bool) -> None:
    """After a no, or where nobody can be asked, the headless shell stays what checks are made with."""
    shell = FakeShell("", declined=["Chromium", "chromium"], terminal=terminal)
    found = get_browsers(BrowserSettings(), _at_a_screen(), shell, check=_found(shell))
    assert (found.path, shell.commands) == (SHELL, [])


def test_without_a_screen_no_window_is_offered() -> None:
    """The headless shell is all that such a machine can use."""
    machine, shell = _at_a_screen(), FakeShell("")
    machine.variables.clear()
    assert get_browsers(BrowserSettings(), machine, shell, check=_found(shell)).path == SHELL
    assert shell.asked == []
