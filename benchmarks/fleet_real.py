"""Real visits for the fleet under trial: stand-ins that a thread serves, sessions in each machine's vault, browsers."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import SecretStr

import flows as shipped
from automation.authoring.replica import Actor, Replica, load_site
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Verdict
from automation.session.phase import Means
from automation.session.saved import SavedSession
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import new_key, open_key
from automation.visit import runner

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from automation.core.results import RunDocument
    from tests.evidence.building import Place as Evidence

SERVICES = ("facebook", "instagram")
_KEY = b"identity key of the fleet under trial"


class StandIns:
    """
    The stand-ins of both services, and accounts of people whom they know.

    Args:
        folder: of the trial.
        accounts: how many; each is one of the few people that the stand-ins know, under a name of its own.
    """

    def __init__(self, folder: Path, accounts: int) -> None:
        self._folder = folder
        self._sites = {service: load_site(service) for service in SERVICES}
        people = [actor for site in self._sites.values() for actor in site.cast if _answers(actor)]
        self.people = {f"real-{number:04d}": people[number % len(people)] for number in range(accounts)}
        self.accounts = [_account(name, actor) for name, actor in self.people.items()]
        self._loop = asyncio.new_event_loop()
        self._replica = Replica(list(self._sites.values()))
        self._secret, _ = new_key()

    def __enter__(self) -> Self:
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._call(self._replica.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._replica.__aexit__(kind, error, trace))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def arguments(self, folder: Path) -> dict[str, Any]:
        """What a machine's worker has to know; its vault gets every session."""
        vault = Vault(folder / "data" / "sessions", open_key(SecretStr(self._secret)))
        for name, actor in self.people.items():
            state: Any = self._sites[actor.service].storage_state(actor)
            owner = subject(actor.identity, _KEY)
            vault.store(SavedSession(name, actor.service, owner, datetime.now(UTC), None, state))
        return {
            "map": self._replica.replica_map,
            "spki": self._replica.spki,
            "vault": self._secret,
            "people": {name: [actor.service, actor.username] for name, actor in self.people.items()},
        }

    def wrong(self, verdicts: Mapping[str, str]) -> list[str]:
        """Accounts that got another answer than the stand-in shows."""
        return [
            f"{name} ({actor.scenario}, {actor.locale}): {verdicts[name]}"
            for name, actor in self.people.items()
            if name in verdicts and Verdict(verdicts[name]).is_answer and verdicts[name] != actor.verdict
        ]

    def writes(self) -> list[str]:
        """Writes that reached a stand-in."""
        return [str(write) for write in self._replica.writes]

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


def real_visit(given: Mapping[str, Any], evidence: Evidence) -> Callable[[str, str], Awaitable[RunDocument]]:
    """What looks at one account in a browser, as `temoin fleet work` does."""
    cast = {(s, actor.username): actor for s in SERVICES for actor in load_site(s).cast}
    accounts = {name: _account(name, cast[tuple(who)]) for name, who in given["people"].items()}
    data = evidence.folder / "data"
    vault = Vault(data / "sessions", open_key(SecretStr(given["vault"])))
    plan = runner.RunPlan(
        accounts=(),
        flows=shipped.load(),
        browser=BrowserSettings(replica_map=given["map"], replica_spki=(given["spki"],), timeout_s=30.0),
        output=evidence.root,
        identity_key=_KEY,
        means=Means(vault, Cooldown(data / "cooldown")),
        sealer=evidence.sealer,
    )
    return lambda name, run: runner.run(replace(plan, accounts=[accounts[name]], run_id=run))


def _answers(actor: Actor) -> bool:
    """Somebody whose session holds and whom the flow can read to the end."""
    return actor.demo and Verdict(actor.verdict).is_answer and actor.kind == "profile"


def _account(name: str, actor: Actor) -> Account:
    return Account(name, actor.flow, actor.owner, actor.identity, sign_in=SignInMethod.SESSION)
