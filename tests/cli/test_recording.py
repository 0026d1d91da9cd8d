"""`temoin flows record` and `verify` where nobody sits, or nothing could be meant: refused before a window opens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from automation.browser.environment import record as provenance

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

RECORD = ("flows", "record", "acme.ai_training", "--url", "https://www.acme.example/settings")
VERIFY = ("flows", "verify", "probe")


@pytest.mark.parametrize("command", [RECORD, VERIFY], ids=["record", "verify"])
def test_ci_has_nobody(
    command: tuple[str, ...], temoin: Program, monkeypatch: pytest.MonkeyPatch, at_a_desk: None
) -> None:
    """A job of a CI service is refused with its name."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    answer = temoin(*command)
    assert answer.code == 2
    assert "a job of GitHub Actions" in answer.err


@pytest.mark.parametrize("command", [RECORD, VERIFY], ids=["record", "verify"])
def test_a_pipe_is_no_terminal(command: tuple[str, ...], temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal nothing could be asked."""
    for name in provenance._CI:
        monkeypatch.delenv(name, raising=False)
    answer = temoin(*command, piped="1\n1\n")
    assert answer.code == 2
    assert "asks you in the terminal" in answer.err


def test_without_a_screen(temoin: Program, monkeypatch: pytest.MonkeyPatch, at_a_desk: None) -> None:
    """Where no window can be shown, that is said."""
    if sys.platform != "linux":
        pytest.skip("other systems always have a screen")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    answer = temoin(*RECORD)
    assert answer.code == 2
    assert "no screen" in answer.err


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
        (("verify", "linkedin.ai_training"), "one account is needed, and there are: none"),
    ],
)
def test_wrong_use_is_told(
    arguments: tuple[str, ...], says: str, temoin: Program, tmp_path: Path, at_a_desk: None
) -> None:
    """What cannot be meant ends in 2 with one message, and leaves no file behind."""
    (tmp_path / "temoin.toml").write_text(
        '[[accounts]]\nname = "probe"\nflow = "x.ai_training"\nidentity = "7"\nsign_in = "session"\n'
    )
    answer = temoin("flows", *arguments)
    assert answer.code == 2, answer.err
    assert says in answer.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "temoin.toml"]
