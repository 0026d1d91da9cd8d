"""
Installing for the user: what is told, asked and shown.

Real: the terminal (a pseudo-terminal), the program started in it, apt-get where the system has it. Nothing is installed.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from automation.browser.environment.machine import ThisMachine
from automation.cli.get_browser import Apt, Ended, NobodyToAsk, Offer, TerminalShell
from automation.text.language import language
from tests.tiers import first

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
