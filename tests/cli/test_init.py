"""`temoin account add`: asked and answered in the terminal; the window itself is played in `ui/test_first_run.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from automation.cli import app
from automation.config import load
from automation.session.newcomer import Newcomer
from automation.session.person import SignedIn


class Window:
    """Who signs in, one after another; None: somebody closes the window."""

    def __init__(self, *people: str | None) -> None:
        self._people = iter(people)

    async def __call__(self, *_arguments: Any) -> Newcomer:
        """The next one."""
        from automation.core.errors import SignInNeeded

        identity = next(self._people)
        if identity is None:
            raise SignInNeeded("the window was closed before the account was signed in", "Start again.")
        return Newcomer(identity, ("Claire Martin",), b"", SignedIn({"cookies": [], "origins": []}))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at_a_desk: None) -> Any:
    """Somebody at a terminal with a screen, who types these lines."""
    from pyrage import x25519

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", str(x25519.Identity.generate()))

    def play(window: Window, *lines: str, command: tuple[str, ...] = ("account", "add")) -> Any:
        return CliRunner().invoke(app, command, input="".join(f"{line}\n" for line in lines), obj=window)

    return play


def test_two_accounts_from_an_empty_folder(answer: Any) -> None:
    """Names are made up, an owner is offered again, a Page is asked for where it matters; the end names what is next."""
    window = Window("100083456712345", "17841412345098001")
    first = ("facebook: obj", "Atelier Dupont", "1", "y", "y", "y")
    ended = answer(window, *first, "instagram", "", "2", "Atelier Dupont, luthier", "n", "y", "n")
    assert ended.exit_code == 0, ended.output
    accounts = {account.name: account for account in load(for_signing_in=False).accounts}
    assert list(accounts) == ["atelier-dupont-facebook", "atelier-dupont-instagram"]
    page = accounts["atelier-dupont-instagram"]
    assert (page.identity, page.page, page.owner, page.expect) == (
        *("17841412345098001", "Atelier Dupont, luthier", "Atelier Dupont"),
        None,
    )
    assert accounts["atelier-dupont-facebook"].expect is not None
    assert "temoin check" in ended.output


def test_somebody_else_and_nobody_leave_no_trace(answer: Any) -> None:
    """A no opens the window anew, a closed window ends it, and nothing is written."""
    ended = answer(Window("100083456712345", None), "facebook: obj", "Atelier", "1", "y", "n", "n")
    assert ended.exit_code == 0, ended.output
    assert "the window was closed" in ended.output
    assert not Path("temoin.toml").exists()


def test_login_without_a_file_begins_it(answer: Any) -> None:
    """Who starts with `temoin account login` in an empty folder is asked, not refused."""
    ended = answer(
        Window("100083456712345"),
        "facebook: obj",
        "Atelier",
        "1",
        "y",
        "y",
        "n",
        command=("account", "login", "atelier"),
    )
    assert ended.exit_code == 0, ended.output
    assert load(for_signing_in=False).accounts[0].name == "atelier-facebook"


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_a_private_file_is_offered(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the sessions goes into a `.env` of this user's after a yes, and the session opens with it."""
    monkeypatch.delenv("TEMOIN_VAULT_KEY")
    ended = answer(Window("100083456712345"), "y", "facebook: obj", "Atelier", "1", "y", "y", "n")
    assert ended.exit_code == 0, ended.output
    assert Path(".env").stat().st_mode & 0o777 == 0o600
    assert "AGE-SECRET-KEY" not in ended.output
    from automation.app.setup import vault_of

    assert vault_of(load(for_signing_in=False)).load("atelier-facebook").service == "facebook"
