"""
What benchmarks look at: the stand-in of Facebook, served by a process of its own, and made-up accounts on it.

The process is left out of what is measured. Every page and answer takes 20 ms longer than it would.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, os.environ.get("TEMOIN_BENCH_ROOT") or str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from pydantic import SecretStr

import flows as shipped
from automation.authoring.replica import Actor, Replica, load_site
from automation.config import AccountSecrets
from automation.core.accounts import Account, AccountKind, SignInMethod, subject
from automation.core.settings import BrowserSettings
from automation.session.saved import SavedSession
from automation.visit.runner import RunPlan
from tests.builders import a_sealer, some_means

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
LATENCY_S = 0.02
SITE = load_site("facebook")
OPEN = next(actor for actor in SITE.cast if (actor.scenario, actor.locale) == ("open", "en-GB"))
"""Nothing was filed yet: the longest way, with two readings of the inbox."""
_KEY = b"the benchmarks' accounts are made up"
_CROWD = 200
"""People of one scenario whom the stand-in knows: entries of one person are visited one after the other."""


def somebody(actor: Actor, number: int) -> Actor:
    """The like of somebody, under another name and identity; the first is the one of the stand-in itself."""
    number %= _CROWD
    if not number:
        return actor
    return replace(actor, username=f"{number}.{actor.username}", identity=str(int(actor.identity) + 10**9 + number))


def _crowd() -> tuple[Actor, ...]:
    return (*SITE.cast, *(somebody(OPEN, number) for number in range(1, _CROWD)))


@dataclass(frozen=True)
class StandIn:
    """Where it listens, and its process."""

    replica_map: dict[str, str]
    spki: str
    pid: int


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Serve it until the block ends."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__)), "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None or process.stdin is None:
            raise SystemExit("no stand-in")
        told = json.loads(process.stdout.readline())
        try:
            yield StandIn(told["map"], told["spki"], process.pid)
        finally:
            process.stdin.close()


def plan(
    served: StandIn, folder: Path, accounts: int, *, saved: bool = False, concurrency: int = 1, actor: Actor = OPEN
) -> RunPlan:
    """
    So many accounts of the same scenario.

    Args:
        served: by whom.
        folder: for the evidence and the data of this machine.
        accounts: how many.
        saved: with saved sessions; else each signs in.
        concurrency: how many side by side.
        actor: which scenario.
    """
    way = SignInMethod.SESSION if saved else SignInMethod.PASSWORD
    crowd = {f"account-{number}": somebody(actor, number) for number in range(accounts)}
    people = [
        Account(name, one.flow, one.owner, one.identity, AccountKind(one.kind), sign_in=way)
        for name, one in crowd.items()
    ]
    means = some_means(folder / "data")
    if saved:
        now = datetime.now(UTC)
        for account in people:
            state, name = SITE.storage_state(crowd[account.name]), account.name
            means.vault.store(SavedSession(name, "facebook", subject(account.identity, _KEY), now, None, state))
    return RunPlan(
        accounts=people,
        flows=shipped.find(only={actor.flow}).flows,
        browser=BrowserSettings(
            replica_map=served.replica_map, replica_spki=(served.spki,), concurrency=concurrency, timeout_s=30.0
        ),
        output=folder / "evidence",
        identity_key=_KEY,
        means=means,
        sealer=a_sealer(folder / "evidence", folder / "data"),
        credentials={
            name: AccountSecrets(SecretStr(one.username), SecretStr(one.password)) for name, one in crowd.items()
        },
    )


def one_of(whole: RunPlan, number: int) -> RunPlan:
    """The same plan for one of its accounts alone."""
    return replace(whole, accounts=[whole.accounts[number]])


@contextmanager
def folder() -> Iterator[Path]:
    """A place that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        yield Path(place)


def load() -> str:
    """How busy the machine was during the last minute: figures from a busy one are only good for ratios."""
    return f"load {Path('/proc/loadavg').read_text().split()[0]}"


async def _serve() -> None:
    async with Replica([replace(SITE, cast=_crowd())], latency_s=LATENCY_S) as replica:
        print(json.dumps({"map": replica.replica_map, "spki": replica.spki}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
