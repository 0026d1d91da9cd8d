"""The doctor says what is there, what is missing, and how to get it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.async_api import Error

from automation.app import doctor
from automation.app.setup import data_folder
from automation.browser import probe as browser_probe
from automation.browser.finder import FoundBrowser, find_browser
from automation.browser.probe import probe
from automation.browser.start import cause_in, remedy_for
from automation.config.installation import ways_to_add
from automation.core.errors import BrowserNotFound
from automation.core.settings import BrowserSettings
from automation.session.vault_keys import new_key
from automation.text.language import language
from tests.browser.test_finder import CHROME, SHELL, FakeMachine
from tests.cli.around import Around
from tests.cli.conftest import Program


def _findings(temoin: Program, around: Around | None = None) -> dict[str, dict[str, Any]]:
    answer = temoin("doctor", "--json", around=around or Around())
    return {finding["name"]: finding for finding in json.loads(answer.out)["findings"]}


@pytest.mark.browser
async def test_the_browser_is_really_started() -> None:
    """The probe starts the browser that was found, learns its version from itself, and sees Latin fonts."""
    found = find_browser(BrowserSettings())
    probed = await probe(found)
    assert probed.version.split(".")[0].isdigit()
    assert "latin" not in probed.missing_scripts
    assert set(probed.missing_scripts) <= set(browser_probe.SCRIPTS)


@pytest.mark.thorough
@pytest.mark.browser
async def test_characters_that_no_font_has_are_missed() -> None:
    """A writing system that no machine has fonts for is reported, so the others are really looked at."""
    probed = await probe(find_browser(BrowserSettings()), scripts={"latin": "Àé", "nothing": "\U000f0000"})
    assert probed.missing_scripts == ("nothing",)


@pytest.mark.browser
async def test_a_program_that_is_no_browser_does_not_start(tmp_path: Path) -> None:
    """Something that answers `--version` like Chromium but does not start is told from a browser."""
    path = tmp_path / "chromium"
    path.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo Chromium 150.0.0.1 && exit\n'
        "echo 'chromium: error while loading shared libraries: libnss3.so: cannot open' >&2\nexit 127\n"
    )
    path.chmod(0o755)
    with pytest.raises(BrowserNotFound) as caught:
        await probe(find_browser(BrowserSettings(path=path)))
    assert "libnss3.so" in caught.value.message
    assert "install-deps" in caught.value.remedy


REPORT = """BrowserType.launch: Target page, context or browser has been closed
Browser logs:

<launching> /opt/chrome --headless --no-sandbox --disable-features=SandboxThing
<launched> pid=7
[pid=7][err] {line}
Call log:
  - <launching> /opt/chrome --no-sandbox
  - [pid=7][err] {line}
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/opt/chrome: error while loading shared libraries: libnss3.so: cannot open", "install-deps"),
        ("FATAL:zygote_host.cc(126)] No usable sandbox! Update your kernel", "user namespaces"),
        ("FATAL:zygote_host_impl_linux.cc:254] Failed to receive hello message from zygote", "docs/container.md"),
        ("ERROR:ozone_platform_x11.cc(240)] Missing X server or $DISPLAY", "browser.headless = true"),
        ("Trace/breakpoint trap", "browser.path"),
    ],
)
def test_why_a_browser_does_not_start_is_told(line: str, words: str) -> None:
    """Out of Playwright's long report comes the line that matters, and the remedy that fits it."""
    cause = cause_in(REPORT.format(line=line))
    assert cause == line if words != "browser.path" else cause.startswith("BrowserType.launch")
    assert words in remedy_for(cause)


@pytest.mark.browser
async def test_a_browser_that_hangs_is_given_up(tmp_path: Path) -> None:
    """A program that starts and says nothing is given up after a while, with a remedy."""
    path = tmp_path / "chromium"
    path.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Chromium 150.0.0.1 && exit\nexec sleep 30\n')
    path.chmod(0o755)
    with pytest.raises(BrowserNotFound, match="did not start within 1 s"):
        await probe(find_browser(BrowserSettings(path=path)), limit_s=1.0)


def test_a_machine_that_has_everything(temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything there the doctor ends in 0, names what it found, and leaves nothing behind."""
    monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    around = Around()
    around.machine = FakeMachine().has(CHROME)
    around.machine.variables["DISPLAY"] = ":99"
    (tmp_path / "temoin.toml").write_text(
        'output = "deep/proofs"\n[[accounts]]\nname="a"\nflow="facebook.ai_objection"\nidentity="1"\n'
    )
    findings = _findings(temoin, around)
    assert list(findings) == ["python", "browser", "fonts", "output", "configuration", "key", "sessions", "screen"]
    assert {finding["state"] for finding in findings.values()} <= {"ok", "note"}
    assert "159.0.1.2" in findings["browser"]["found"]
    assert "1 account" in findings["configuration"]["found"]
    temoin("doctor", around=around).ended(0, out=("Everything is ready.",))
    assert [path.name for path in tmp_path.iterdir()] == ["temoin.toml"]


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
def test_secrets_that_others_may_read_are_told(
    temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.env` or a signing key that is open to this machine's other users is named with what closes it."""
    (tmp_path / "temoin.toml").write_text('output = "proofs"\n')
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "kept"))
    key = data_folder() / "keys" / "0.key"
    key.parent.mkdir(parents=True)
    for path in (tmp_path / ".env", key):
        path.write_text("")
        path.chmod(0o644)
        found = _findings(temoin)["permissions"]
        assert (found["state"], path.name in found["found"]) == ("note", True)
        assert found["remedy"].startswith("chmod 600 ")
        path.chmod(0o600)
        assert "permissions" not in _findings(temoin)


def test_a_missing_configuration_is_only_a_note(temoin: Program) -> None:
    """The demo needs no configuration, so a folder without one is nothing that is missing."""
    assert _findings(temoin)["configuration"]["state"] == "note"
    assert temoin("doctor", around=Around()).code == 0


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize("configuration", [None, "strict = false\n"])
@pytest.mark.parametrize(
    ("key", "screen", "lacking"),
    [(False, False, {"key", "screen"}), (True, False, {"screen"}), (False, True, {"key"}), (True, True, set())],
)
def test_what_the_first_account_needs_is_looked_at_before_it_is_there(
    key: bool, screen: bool, lacking: set[str], configuration: str | None, temoin: Program, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Without an account the place of the key and the screen are looked at, and no "ready" is said that is none."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", ":99")
    if key:
        monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    if configuration is not None:
        (tmp_path / "temoin.toml").write_text(configuration)
    findings = _findings(temoin)
    assert {name for name in ("key", "screen") if findings[name]["state"] == "note"} == lacking
    answer = temoin("doctor", around=Around())
    assert answer.code == 0
    assert ("Everything is ready." in answer.out) == (not lacking)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("browsr = 1", "temoin.toml:1: unknown key"),
        ('[[accounts]]\nname="a"\nflow="facebook.ai"\nidentity="1"\n', "unknown flow"),
    ],
)
def test_a_wrong_configuration_is_found(text: str, words: str, temoin: Program, tmp_path: Path) -> None:
    """A mistake in the configuration is one finding among the others, with its line and remedy, and ends in 2."""
    (tmp_path / "temoin.toml").write_text(text)
    findings = _findings(temoin)
    assert findings["configuration"]["state"] == "missing"
    assert words in findings["configuration"]["found"]
    assert findings["configuration"]["remedy"]
    assert "159.0.1.2" in findings["browser"]["found"]
    assert temoin("doctor", around=Around()).code == 2


def test_even_a_wrong_environment_is_survived(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the environment itself is wrong, the rest of the machine is still looked at."""
    monkeypatch.setenv("TEMOIN_BROWSER__CONCURRENCY", "many")
    findings = _findings(temoin)
    assert "TEMOIN_BROWSER__CONCURRENCY" in findings["configuration"]["found"]
    assert findings["browser"]["state"] in {"ok", "note"}


def test_a_browser_that_is_not_there_is_found_missing(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configured browser that does not exist is named, with the ways to another."""
    monkeypatch.setenv("TEMOIN_BROWSER__PATH", "/nowhere/chrome")
    temoin("doctor").ended(
        2, out=("✗", "/nowhere/chrome", "apt-get install chromium-headless-shell", "1 thing is missing.")
    )


@pytest.mark.parametrize(
    ("missing", "lang", "names", "code"),
    [
        (("thai", "emoji"), "en", "Thai, Emoji", 0),
        (("latin",), "en", "Latin", 2),
        (("devanagari", "korean"), "fr", "dévanagari, coréen", 0),
    ],
)
def test_missing_fonts(missing: tuple[str, ...], lang: str, names: str, code: int, temoin: Program) -> None:
    """Without Latin letters no picture can be read; other scripts are a note with the packages to install."""
    temoin("--lang", lang, "doctor", around=Around(missing_scripts=missing)).ended(code, out=(names, "fonts-noto"))


def test_a_folder_that_cannot_be_written_to(temoin: Program) -> None:
    """An output folder that takes no file, and one with hardly any room, are told before a check needs them."""
    finding = _findings(temoin, Around(free_bytes=OSError(30, "Read-only file system")))["output"]
    assert finding["state"] == "missing"
    assert "Read-only file system" in finding["found"]
    finding = _findings(temoin, Around(free_bytes=1_000_000))["output"]
    assert (finding["state"], finding["remedy"]) == ("note", "Free some space: a check takes a few MB.")


def test_an_old_python_is_named(temoin: Program) -> None:
    """A Python that is too old says which one is needed."""
    finding = _findings(temoin, Around(python=(3, 10)))["python"]
    assert finding["state"] == "missing"
    assert finding["remedy"].startswith(
        "Install Python 3.11 or newer.\n    Debian, Ubuntu: sudo apt-get install python3"
    )


def test_the_doctor_speaks_french(temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked in French, by option or configuration, the doctor answers in French."""
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    around = Around(free_bytes=5_000_000_000)
    answer = temoin("--lang", "fr", "doctor", around=around)
    assert "Tout est prêt." in answer.out
    assert "Pas de temoin.toml ici" in answer.out
    assert temoin("doctor", "--lang", "fr", around=around).out == answer.out
    (tmp_path / "temoin.toml").write_text('lang = "fr"')
    assert "temoin.toml\u00a0: 0 compte" in temoin("doctor", around=around).out


SESSION_ACCOUNT = '[[accounts]]\nname="a"\nflow="facebook.ai_objection"\nidentity="1"\nsign_in="session"\n'


@pytest.mark.usefixtures("no_keyring")
def test_sessions_need_a_key(temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a keyring or TEMOIN_VAULT_KEY the key is missing; with it, who has not signed in yet is a note."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "temoin.toml").write_text(SESSION_ACCOUNT)
    missing = _findings(temoin)["key"]
    assert missing["state"] == "missing"
    assert "temoin account key new" in missing["remedy"]
    assert "gnome-keyring" in missing["remedy"]
    assert temoin("doctor", around=Around()).code == 2
    monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    findings = _findings(temoin)
    assert findings["key"]["state"] == "ok"
    assert (findings["sessions"]["state"], findings["sessions"]["remedy"]) == ("note", "temoin account login a")
    (tmp_path / "data" / "temoin" / "sessions").mkdir(parents=True)
    (tmp_path / "data" / "temoin" / "sessions" / "a.age").touch()
    assert _findings(temoin)["sessions"]["state"] == "ok"
    assert temoin("--lang", "fr", "doctor", around=Around()).code == 0


def test_an_extra_that_is_configured_must_be_there(
    temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is configured and not installed is missing, with the way to install it; what is not configured is no matter."""
    (tmp_path / "temoin.toml").write_text("strict = false\n")
    assert "notify" not in _findings(temoin)
    monkeypatch.setenv("TEMOIN_NOTIFICATIONS__URLS", '["json://localhost"]')
    assert _findings(temoin)["notify"]["state"] == "ok"
    finding = _findings(temoin, Around(without="apprise"))["notify"]
    assert finding["state"] == "missing"
    assert finding["remedy"].splitlines() == list(ways_to_add("notify"))


def test_a_missing_password_hides_nothing_else(
    temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a password is missing, the rest of the configuration is still looked at."""
    monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    (tmp_path / "temoin.toml").write_text(
        SESSION_ACCOUNT + '[[accounts]]\nname="b"\nflow="facebook.ai_objection"\nidentity="2"\nsign_in="password"\n'
    )
    findings = _findings(temoin)
    assert "TEMOIN_SECRETS__B__PASSWORD" in findings["configuration"]["found"]
    assert findings["sessions"]["remedy"] == "temoin account login a"


@pytest.mark.parametrize(
    ("system", "words"),
    [("linux", "apt-get install fonts-noto"), ("darwin", "brew install --cask font"), ("win32", "Optional features")],
)
def test_each_system_has_its_way(system: str, words: str) -> None:
    """Fonts, Python and the keyring are got in another way on each system, and only that way is said."""
    around = Around(python=(3, 10))
    around.machine.system = system
    remedy = doctor._fonts(("thai",), around.machine, language("en")).remedy
    assert words in remedy
    assert len(remedy.splitlines()) == 2
    way = doctor._python(around, language("fr")).remedy.splitlines()[1]
    assert {"linux": "apt-get", "darwin": "brew", "win32": "winget"}[system] in way


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_gets_its_completion(shell: str, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script for each shell is printed, and asks the program itself."""
    # Typer looks for a shell among the processes above, and a run without a terminal may have none.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    temoin("--show-completion", shell).ended(0, out=("_TEMOIN_COMPLETE",))


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("bash") is None, reason="this machine has no bash")
def test_bash_completes() -> None:
    """In a real bash, the beginning of a command is completed by the program."""
    program = Path(sys.executable).with_name("temoin")
    script = (
        f'source <("{program}" --show-completion bash)\n'
        f'COMP_WORDS=(temoin sch); COMP_CWORD=1; _temoin_completion "{program}"; echo "${{COMPREPLY[@]}}"\n'
    )
    answer = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["schedule"]


@pytest.mark.thorough
async def test_a_browser_that_ends_at_once_is_told(tmp_path: Path) -> None:
    """One that starts and is gone when it is asked for a page is no fault of Témoin's, and another may do."""

    async def gone() -> None:
        raise Error("Target page, context or browser has been closed")

    async def nothing() -> None:
        pass

    async def started(*_: object, **__: object) -> Any:
        return SimpleNamespace(new_page=gone, close=nothing)

    found = FoundBrowser(tmp_path / "chromium", None, "system", "150.0.1.2", sandbox=True, why="")
    with pytest.raises(BrowserNotFound, match="ends at once: Target page") as caught:
        await probe(found, start=started)
    assert caught.value.remedy


def test_a_line_of_env_without_a_name_is_told_unseen(temoin: Program, tmp_path: Path) -> None:
    """The doctor and each command that reads the file name the line, and never what stands in it."""
    key = new_key()[0]
    (tmp_path / ".env").write_text(f"TEMOIN_LANG=en\n{key}\n")
    finding = _findings(temoin)["variables"]
    assert (finding["state"], finding["found"]) == ("note", ".env, line 2 has no NAME=, and is passed over.")
    doctor, other = temoin("doctor", around=Around()), temoin("account", "list")
    assert doctor.out.count("line 2 has no NAME=") == 1
    assert "NAME=" not in doctor.err
    assert other.err.count("! .env, line 2 has no NAME=") == 1
    assert "il y manque NOM=" in temoin("account", "list", "--lang", "fr").err
    (tmp_path / "temoin.toml").write_text(SESSION_ACCOUNT.replace("session", "password"))
    assert "line 2 has no NAME=" in temoin("check").err, "what it lacks may be in that line"
    assert key not in doctor.out + doctor.err + other.out + other.err


@pytest.mark.parametrize(
    ("program", "display", "lacking", "said"),
    [
        (CHROME, ":0", "", "Everything is ready."),
        (SHELL, ":0", "window", "Accounts of yours need what is marked with !"),
        (SHELL, "", "screen", "Accounts of yours need what is marked with !"),
        (None, ":0", "window", "1 thing is missing."),
    ],
)
def test_reading_and_showing_are_two_needs(
    program: Path | None, display: str, lacking: str, said: str, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A headless shell checks, and nobody signs in with it: what is lacking is named with the way to it."""
    monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    around, machine = Around(), FakeMachine()
    around.machine = machine.has(program) if program else machine
    machine.variables["DISPLAY"] = display
    answer = temoin("doctor", "--json", around=around)
    findings = {finding["name"]: finding for finding in json.loads(answer.out)["findings"]}
    assert (findings["browser"]["state"] == "ok") == (program is not None)
    assert [name for name in ("window", "screen") if findings.get(name, {}).get("state") == "note"] == [lacking][
        : len(lacking)
    ]
    assert said in temoin("doctor", around=around).out
    if lacking:
        assert {"window": "install chromium\n", "screen": "account import"}[lacking] in findings[lacking]["remedy"]
    if program:
        got = temoin("doctor", "--get-browser", around=around).out
        assert ("accounts cannot be signed in to here" in got) == bool(lacking)
