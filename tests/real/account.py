"""
One account of a real application, and its user: a configuration, a terminal, a screen, a mouse and keys.

Real: the program in a process of its own, its windows on a screen, the guard, TLS, the vault, the sealed evidence.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key
from tests.authoring.recorder.desk import Desk
from tests.real.applications import PASSWORD
from tests.real.serving import Asked, Served
from tests.session.screen import Person

FLOWS = Path(__file__).parent / "flows"


@dataclass(frozen=True)
class Checked:
    """What one check came to, and what it asked the application for."""

    code: int
    result: Mapping[str, Any]
    asked: Sequence[Asked]

    @property
    def answer(self) -> tuple[str, str | None, str | None]:
        """Verdict, reason, challenge."""
        return self.result["verdict"], self.result["reason"], self.result["challenge"]


@dataclass
class UserAtDesk:
    """Somebody with one account, and `temoin` on a terminal."""

    desk: Desk
    served: Served
    flow: str
    identity: str
    key: str = field(default_factory=lambda: new_key()[0])

    @property
    def account(self) -> str:
        """Its name in the configuration, and everywhere."""
        return account_of(self.flow)

    @property
    def vault(self) -> Vault:
        """Where the sessions are kept."""
        return Vault(self.desk.folder / "data" / "temoin" / "sessions", open_key(SecretStr(self.key)))

    def configure(self, flows: Path, *others: str) -> None:
        """Write the configuration, with a folder of flows of the user's own beside it; others of them are accounts, too."""
        shutil.copytree(flows, self.desk.folder / "flows-of-ours" / flows.name, dirs_exist_ok=True)
        self.desk.variables = {"TEMOIN_VAULT_KEY": self.key, "TEMOIN_IDENTITY_KEY": "0123456789abcdef-of-a-test"}
        (self.desk.folder / "temoin.toml").write_text(
            f'flow_paths = ["flows-of-ours"]\n[browser]\ntimeout_s = 30\nreplica_spki = ["{self.served.spki}"]\n'
            f'[browser.replica_map]\n"{self.served.host}" = "{self.served.address}"\n'
            + "".join(
                f'[[accounts]]\nname = "{account_of(flow)}"\nflow = "{flow}"\nidentity = "{self.identity}"\n'
                'expect = "objected"\n'
                for flow in (self.flow, *others)
            )
        )

    async def sign_in(self, name: str, *, field: str = "", is_asked: bool = True) -> None:
        """
        Sign in by keys in the window of `temoin account login`, and say that it is done.

        Args:
            name: what the form wants.
            field: what stands before the field for it; without that the form takes the keys at once.
            is_asked: whether the pages leave it to the user to confirm the account.
        """
        someone, desk = self.desk.person, self.desk
        await desk.start("account", "login", self.account)
        await desk.hears("Sign in to ")
        if field:
            await desk.act(lambda: someone.seek(field), lambda: someone.press("Tab"))
        await desk.act(
            someone.wait_until_still, lambda: someone.write(name), lambda: someone.press("Tab"),
            lambda: someone.write(PASSWORD), lambda: someone.press("Return"), someone.wait_until_still,
        )  # fmt: skip
        await desk.hears("go to the tab called Témoin")
        await desk.act(lambda: someone.press("ctrl+1"), someone.wait_until_still)
        await desk.act(someone.touch_page, lambda: someone.press("Tab", "Return"))
        if is_asked:
            await desk.hears("is what it shows your account")
            await desk.act(someone.wait_until_still, someone.touch_page, lambda: someone.press("Tab", "Return"))
        assert await desk.ends() == 0, desk.said

    async def check(self, flow: str = "") -> Checked:
        """Check the account, as its user does; or the one of another flow."""
        start = len(self.served.asked)
        await self.desk.start("check", account_of(flow or self.flow))
        code = await self.desk.ends()
        results = self.results()
        assert results, self.desk.said
        return Checked(code, results[-1], tuple(self.served.asked[start:]))

    def results(self) -> Sequence[Mapping[str, Any]]:
        """The results of all runs, oldest first."""
        found = sorted((self.desk.folder / "temoin-evidence").glob("*/results.json"))
        return [one for path in found for one in json.loads(path.read_text())["results"]]

    def take_over(self, cookies: Sequence[Mapping[str, Any]]) -> None:
        """Let the saved session hold other cookies, as where somebody else has signed in since."""
        saved = self.vault.load(self.account)
        self.vault.store(
            replace(saved, storage_state={**saved.storage_state, "cookies": [dict(one) for one in cookies]})
        )


def account_of(flow: str) -> str:
    """What the account of a flow is called."""
    return flow.replace(".", "-").replace("_", "-")


@asynccontextmanager
async def at_desk(person: Person, folder: Path, served: Served, flow: str, identity: str) -> AsyncIterator[UserAtDesk]:
    """A desk in an empty folder; what a failed test leaves there is ended."""
    desk = Desk(person, folder)
    try:
        yield UserAtDesk(desk, served, flow, identity)
    finally:
        await desk.leave()
