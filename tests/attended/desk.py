"""
A person at their desk who files an objection: a terminal of their own, a screen, a real mouse and real keys.

Real: the program in a process of its own on a pseudo-terminal, the browser's window, X, the guard, TLS, the replica's
server and its count of writes. Not real: the services.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from automation.authoring.replica import Actor, Replica, ReplicaSite
from automation.browser.environment import record as provenance
from automation.core.accounts import subject
from automation.session.saved import SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key
from tests.attended.hostile import SUBMISSION
from tests.session.screen import Person
from tests.turns import HANGING_S

IDENTITY_KEY = "0123456789abcdef-of-a-test"
SUBMITS = {"useCometSupportFormSubmitMutation", SUBMISSION}
ACCOUNT = "probe"
HELD = "anything else keeps it here"
"""How the terminal ends what it shows of a request that is held."""


@dataclass
class AttendedDesk:
    """One account with a saved session, and the program on a terminal."""

    replica: Replica
    site: ReplicaSite
    folder: Path
    person: Person
    key: str = field(default_factory=lambda: new_key()[0])
    said: str = ""
    process: asyncio.subprocess.Process | None = None
    terminal: int = -1

    def configure(self, *actors: Actor, more: str = "", expect: str = "") -> None:
        """Write the configuration, and put a session of each account into the vault."""
        hosts = "\n".join(f'"{host}" = "{address}"' for host, address in self.replica.replica_map.items())
        accounts = ""
        for actor in actors:
            name = ACCOUNT if actor is actors[0] else f"{ACCOUNT}-{actor.scenario.replace('_', '-')}"
            accounts += (
                f'[[accounts]]\nname = "{name}"\nflow = "{actor.flow}"\nidentity = "{actor.identity}"\nregion = "FR"\n'
            )
            accounts += f'expect = "{expect}"\n' if expect else ""
            self._vault.store(
                SavedSession(
                    name,
                    actor.flow.partition(".")[0],
                    subject(actor.identity, IDENTITY_KEY.encode()),
                    datetime.now(UTC),
                    None,
                    self.site.storage_state(actor),
                )
            )
        (self.folder / "temoin.toml").write_text(
            f'{more}\n[browser]\ntimeout_s = 30\nreplica_spki = ["{self.replica.spki}"]\n'
            f"[browser.replica_map]\n{hosts}\n{accounts}"
        )

    @property
    def _vault(self) -> Vault:
        return Vault(self.folder / "data" / "temoin" / "sessions", open_key(SecretStr(self.key)))

    @property
    def environment(self) -> dict[str, str]:
        """Of somebody at a desk, wherever this runs."""
        mine = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("TEMOIN_") and name not in provenance._CI and name != "CI"
        }
        return {
            **mine,
            "DISPLAY": self.person.display,
            "LANG": "en_GB.UTF-8",
            "COLUMNS": "400",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "TEMOIN_VAULT_KEY": self.key,
            "TEMOIN_IDENTITY_KEY": IDENTITY_KEY,
        }

    async def start(self, *arguments: str, **variables: str) -> asyncio.subprocess.Process:
        """Start the program on a terminal; what it says is gathered in `said`."""
        self.terminal, theirs = os.openpty()
        os.set_blocking(self.terminal, False)
        self.said = ""
        if arguments[0] == "object":  # who files was asked for before
            (self.folder / "data" / "temoin" / "name.txt").write_text("Rita Gallo\n")
        process = self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "automation",
            *arguments,
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        asyncio.get_running_loop().add_reader(self.terminal, self._read)
        return process

    def _read(self) -> None:
        try:
            data = os.read(self.terminal, 65536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self.terminal)
        self.said += data.decode(errors="replace").replace("\r\n", "\n")

    def types(self, line: str) -> None:
        """Type a line into the terminal."""
        os.write(self.terminal, f"{line}\n".encode())

    async def hears(self, words: str, limit_s: float = HANGING_S, *, times: int = 1) -> None:
        """Wait until the program has said something so often."""
        for _ in range(int(limit_s * 10)):
            if self.said.count(words) >= times:
                return
            if self.process is not None and self.process.returncode is not None:
                break
            await asyncio.sleep(0.1)
        assert self.said.count(words) >= times, f"never said {words!r}:\n{self.said}"

    async def ends(self, limit_s: float = HANGING_S) -> int:
        """Wait for the program's end; its exit code."""
        assert self.process is not None
        async with asyncio.timeout(limit_s):
            return await self.process.wait()

    async def act(self, *deeds: Callable[[], object]) -> None:
        """Let the person act, one thing after another, while the replica goes on serving."""
        for deed in deeds:
            await asyncio.to_thread(deed)

    # -- the window -----------------------------------------------------------------------------------------

    async def sees_outline(self) -> tuple[int, int]:
        """Wait until the button is outlined and stands still."""
        return await asyncio.to_thread(self.person.find_outlined)

    async def press_button(self, times: int = 1) -> None:
        """Move the mouse to the outlined button and press it."""
        await self.act(lambda: self.person.press_outlined(times))

    async def lets_on(self, times: int = 1) -> None:
        """See the request that is held, and type the account's name once more."""
        await self.hears(HELD, times=times)
        self.types(ACCOUNT)

    # -- what came of it ------------------------------------------------------------------------------------

    @property
    def submitted(self) -> list[str]:
        """What arrived at the server as a submission."""
        return [w.operation or w.path for w in self.replica.writes if w.operation in SUBMITS or w.path in SUBMITS]

    @property
    def other_writes(self) -> list[Any]:
        """Every other write that arrived: there may be none, ever."""
        return [w for w in self.replica.writes if w.operation not in SUBMITS and w.path not in SUBMITS]

    def results(self) -> list[Mapping[str, Any]]:
        """The results of all runs, oldest first."""
        found = sorted((self.folder / "temoin-evidence").glob("*/results.json"))
        return [one for path in found for one in json.loads(path.read_text())["results"]]

    def cases(self) -> list[Mapping[str, Any]]:
        """The lines of the book of cases."""
        path = self.folder / "temoin-evidence" / "cases" / "cases.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    async def stop(self) -> None:
        """End what a failed test left."""
        if self.process is not None and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()
        if self.terminal >= 0:
            asyncio.get_running_loop().remove_reader(self.terminal)
            os.close(self.terminal)
