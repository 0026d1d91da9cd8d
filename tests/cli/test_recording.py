"""`temoin flow record` and `verify` where nobody sits, or nothing could be meant: refused before a window opens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from automation.browser.environment import record as provenance
from automation.cli.record import Recorded, tell_written, warn_without_key
from automation.config import Settings
from automation.core.verdicts import Reason, Verdict
from automation.session.vault_keys import new_key
from automation.text.language import language
from tests.cli.conftest import Program

RECORD = ("flow", "record", "acme.ai_training", "--url", "https://www.acme.example/settings")
VERIFY = ("flow", "verify", "probe")


@pytest.mark.parametrize("command", [RECORD, VERIFY], ids=["record", "verify"])
def test_ci_has_nobody(
    command: tuple[str, ...], temoin: Program, monkeypatch: pytest.MonkeyPatch, at_a_desk: None
) -> None:
    """A job of a CI service is refused with its name."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    temoin(*command).ended(2, "a job of GitHub Actions")


@pytest.mark.parametrize("command", [RECORD, VERIFY], ids=["record", "verify"])
def test_a_pipe_is_no_terminal(command: tuple[str, ...], temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal nothing could be asked."""
    for name in provenance._CI:
        monkeypatch.delenv(name, raising=False)
    temoin(*command, piped="1\n1\n").ended(2, "asks you in the terminal")


def test_without_a_screen(temoin: Program, monkeypatch: pytest.MonkeyPatch, at_a_desk: None) -> None:
    """Where no window can be shown, that is said."""
    if sys.platform != "linux":
        pytest.skip("other systems always have a screen")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    answer = temoin(*RECORD)
    answer.ended(2, "no screen", "write the files by hand: docs/add-a-service.md")
    assert "headless" not in answer.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("record", "Acme"), "no name of a flow"),
        (("record", "acme.ai"), "no address of a page"),
        (("record", "acme.ai", "--url", "http://acme.example/"), "no address of a page"),
        (("record", "acme.ai", "--form"), "no address of a page"),
        (("record", "linkedin.ai_training", "--form"), "a setting that one control shows, and no form"),
        (("record", "facebook.ai_objection", "--account", "probe"), "is an account at x"),
        (("record", "linkedin.ai_training", "--account", "probe"), "is an account at x"),
        (("verify", "x.ai_training"), "flow_paths names none"),
        (("verify", "linkedin.ai_training"), "one account is needed, and there is none"),
    ],
)
def test_wrong_use_is_told(
    arguments: tuple[str, ...], says: str, temoin: Program, tmp_path: Path, at_a_desk: None
) -> None:
    """What cannot be meant ends in 2 with one message, and leaves no file behind."""
    (tmp_path / "temoin.toml").write_text(
        '[[accounts]]\nname = "probe"\nflow = "x.ai_training"\nidentity = "7"\nsign_in = "session"\n'
    )
    answer = temoin("flow", *arguments)
    assert answer.code == 2, answer.err
    assert says in answer.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "temoin.toml"]


@pytest.mark.usefixtures("no_keyring")
def test_a_machine_that_could_keep_no_session_is_told_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    """Who has recorded a setting learns before signing in that a key is needed, and how to make one."""
    warn_without_key(Settings(), language("en"))
    told = capsys.readouterr().err
    assert "Before `temoin account login`: this machine has no keyring" in told
    assert "TEMOIN_VAULT_KEY=$(temoin account key new)" in told
    warn_without_key(Settings(vault_key=SecretStr(new_key()[0])), language("en"))
    assert capsys.readouterr().err == ""


def test_what_was_left_open_names_the_file_that_opens_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Only where the trial read the recorded page and each refusal has its line, these are said to be enough."""
    site, answer = Path("flows-of-ours/acme/site.toml"), (Verdict.UNKNOWN, Reason.GUARD_BLOCKED)
    tell_written([site], Recorded(answer, Verdict.NOT_OBJECTED, lines_offered=True), site, language("en"))
    told = capsys.readouterr()
    assert told.out == f"{site}\n"
    assert "The page was read as: unknown (guard_blocked)" in told.err
    assert f"shows not_objected: with the lines above in {site}, a check can read it." in told.err
    for found in (Recorded(answer, None, lines_offered=True), Recorded(answer, Verdict.OBJECTED, lines_offered=False)):
        tell_written([site], found, site, language("en"))
        assert "lines above" not in capsys.readouterr().err
