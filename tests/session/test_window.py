"""
`temoin account login` and `temoin check --attended` as a person uses them.

The program runs in a process of its own, with its window on a screen, and somebody sits before it who sees pixels
and moves the real mouse and keys of that screen.

Real: the program, the browser's window, X, the guard, TLS, the replica's server, the vault. Not real: the services.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest

from automation.authoring.replica import Actor, Replica
from automation.browser.environment import record as provenance
from automation.cli import app
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key
from tests.session.playing import SITES, actor_of, cookies_of
from tests.session.screen import Person, screen
from tests.turns import HANGING_S, until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Somebody before a screen."""
    with screen() as before_it:
        yield before_it


@dataclass
class Desk:
    """A configuration with one account, and the program that is started in it."""

    replica: Replica | None
    """None where the test has a server of its own."""
    folder: Path
    person: Person
    key: str = field(default_factory=lambda: new_key()[0])
    said: list[str] = field(default_factory=list)
    process: asyncio.subprocess.Process | None = None

    def configure(self, actor: Actor, sign_in: str = "session") -> None:
        """Write the configuration of one account, called `probe`."""
        assert self.replica is not None
        hosts = "\n".join(f'"{host}" = "{address}"' for host, address in self.replica.replica_map.items())
        (self.folder / "temoin.toml").write_text(
            f'[browser]\ntimeout_s = 30\nreplica_spki = ["{self.replica.spki}"]\n[browser.replica_map]\n{hosts}\n'
            f'[[accounts]]\nname = "probe"\nflow = "{actor.flow}"\nidentity = "{actor.identity}"\nsign_in = "{sign_in}"\n'
        )

    def vault(self) -> Vault:
        """What the program keeps its sessions in."""
        from pydantic import SecretStr

        return Vault(self.folder / "data" / "temoin" / "sessions", open_key(SecretStr(self.key)))

    async def start(self, *arguments: str, **secrets: str) -> asyncio.subprocess.Process:
        """Start the program; what it says is gathered in `said`."""
        mine = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("TEMOIN_") and name not in provenance._CI  # she sits at a desk, wherever this runs
        }
        process = self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "automation",
            *arguments,
            cwd=self.folder,
            env={
                **mine,
                "DISPLAY": self.person.display,
                "LANG": "en_GB.UTF-8",
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "XDG_DATA_HOME": str(self.folder / "data"),
                "TEMOIN_VAULT_KEY": self.key,
                **secrets,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._listening = asyncio.create_task(self._listen(process))
        return process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode())

    async def ends(self, process: asyncio.subprocess.Process, limit_s: float = HANGING_S) -> int:
        """Wait for the program's end; its exit code."""
        async with asyncio.timeout(limit_s):
            await self._listening
            return await process.wait()

    async def hears(self, words: str) -> None:
        """Wait until the program has said something."""
        await until(lambda: any(words in line for line in self.said))

    async def act(self, *deeds: Callable[[], object]) -> None:
        """Let the person act, one thing after another, while the replica goes on serving."""
        for deed in deeds:
            await asyncio.to_thread(deed)

    async def sign_in(self, actor: Actor) -> None:
        """Wait for the login page, and give name and password by keys."""
        someone = self.person
        await self.act(
            someone.wait_until_drawn,
            someone.touch_page,
            lambda: someone.press("Tab"),
            lambda: someone.write(actor.username),
            lambda: someone.press("Tab"),
            lambda: someone.write(actor.password),
            lambda: someone.press("Return"),
        )

    async def answer(self, text: str) -> None:
        """Give what a page with one field asks for."""
        someone = self.person
        await self.act(
            someone.wait_until_drawn,
            someone.touch_page,
            lambda: someone.press("Tab"),
            lambda: someone.write(text),
            lambda: someone.press("Return"),
        )


@pytest.fixture
async def desk(tmp_path: Path, person: Person) -> AsyncIterator[Desk]:
    """A stand-in of Facebook without a cookie dialog, and a place to work."""
    async with Replica([SITES["facebook"].having(cookie_dialog=False)]) as replica:
        desk = Desk(replica, tmp_path, person)
        yield desk
        if desk.process is not None and desk.process.returncode is None:  # only after a test that failed
            desk.process.kill()
            await desk.process.wait()


@pytest.mark.thorough
async def test_a_person_signs_in_first_as_somebody_else(desk: Desk) -> None:
    """
    Somebody else's session is noticed and dropped; the right one, second factor and all, is sealed and kept.

    The program names nobody, and what the window offers after signing in is not taken up.
    """
    actor, other = actor_of("facebook", "remember_browser"), actor_of("facebook", "open")
    desk.configure(actor)
    process = await desk.start("account", "login", "probe")
    await desk.hears("Sign in to Facebook")
    await desk.sign_in(other)
    await desk.hears("another account than probe")
    await desk.act(lambda: desk.person.wait_until(lambda: desk.replica.pages_served["www.facebook.com/login/"] >= 2))
    await desk.sign_in(actor)
    await desk.hears("code of the second factor")
    await desk.answer(pyotp.TOTP(str(actor.totp_secret)).now())
    assert await desk.ends(process) == 0, desk.said
    saved = desk.vault().load("probe")
    assert cookies_of(saved.storage_state)["c_user"] == actor.identity
    assert saved.used_at is None
    assert desk.replica.writes == []
    assert not [entry for entry in desk.replica.sign_ins if "Remember" in entry.operation]
    everything = "".join(desk.said)
    for private in (actor.identity, other.identity, actor.username, other.username, actor.password, other.password):
        assert private not in everything


async def test_a_closed_window_stores_nothing(desk: Desk) -> None:
    """Who closes the window gets exit code 3, a sentence, and no session."""
    desk.configure(actor_of("facebook", "open"))
    process = await desk.start("account", "login", "probe")
    await desk.hears("Sign in to Facebook")
    await desk.act(desk.person.wait_until_still, desk.person.close_window)
    assert await desk.ends(process) == 3
    assert any("the window was closed" in line for line in desk.said)
    assert desk.vault().entries() == ()


@pytest.mark.thorough
async def test_an_interrupted_login_stores_nothing(desk: Desk) -> None:
    """Ctrl-C ends it with 130, and there is no session."""
    desk.configure(actor_of("facebook", "open"))
    process = await desk.start("account", "login", "probe")
    await desk.hears("Sign in to Facebook")
    process.send_signal(signal.SIGINT)
    assert await desk.ends(process) == 130
    assert desk.vault().entries() == ()


@pytest.mark.thorough
async def test_a_check_goes_on_from_a_captcha(desk: Desk) -> None:
    """`check --attended` shows its window at the captcha; the person solves it, and the check reads on in safety."""
    actor = actor_of("facebook", "captcha")
    desk.configure(actor, sign_in="password")
    secrets = {
        "TEMOIN_SECRETS__PROBE__USERNAME": actor.username,
        "TEMOIN_SECRETS__PROBE__PASSWORD": actor.password,
    }
    process = await desk.start("check", "--attended", "--json", **secrets)
    await desk.hears("a test that only people pass")
    await desk.answer(actor.answer)
    await desk.ends(process)
    result = "".join(desk.said)
    assert '"verdict": "not_objected"' in result, result[-3000:]
    assert desk.replica.writes == []
    assert desk.replica.sign_in_tries[actor.username] == 1


def test_without_a_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no window can be shown, that is said before anything is started, with what to do instead."""
    if sys.platform != "linux":
        pytest.skip("other systems always have a screen")
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "temoin.toml").write_text(
        '[[accounts]]\nname = "probe"\nflow = "facebook.ai_objection"\nidentity = "1"\n'
    )
    for arguments in (["account", "login", "probe"], ["check", "--attended"]):
        with pytest.raises(SystemExit) as ended:
            app(arguments, prog_name="temoin")
        assert ended.value.code == 2
        said = capsys.readouterr().err
        assert "no screen" in said
        assert "temoin account export" in said


def test_in_ci_nobody_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A CI job that has a screen has no person: `check --attended` is refused before anything is started."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISPLAY", ":99")
    for name in provenance._CI:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITLAB_CI", "true")
    (tmp_path / "temoin.toml").write_text(
        '[[accounts]]\nname = "probe"\nflow = "facebook.ai_objection"\nidentity = "1"\n'
    )
    with pytest.raises(SystemExit) as ended:
        app(["check", "--attended"], prog_name="temoin")
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "a job of GitLab CI" in said
    assert "temoin account export" in said
    assert not (tmp_path / "temoin-evidence").exists()
