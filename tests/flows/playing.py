"""Accounts of stand-ins through the whole check, a few side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import flows
from automation.authoring.replica import Replica, ReplicaSite, Write
from automation.core.accounts import Account
from automation.core.results import Result
from automation.core.settings import BrowserSettings
from automation.session.means import Credentials, Means
from automation.visit import runner
from tests.builders import a_sealer

KEY = b"key of a test"
_CONCURRENCY = 3
"""A visit takes about a third of a core, and other tests run beside: with more, a page may take longer than is waited."""


@dataclass(frozen=True)
class Played:
    """What a whole cast of made-up accounts led to."""

    results: Mapping[str, Result]
    writes: tuple[Write, ...]
    faults: tuple[str, ...]
    """Pages that a stand-in could not make."""
    tries: Mapping[str, int]
    """User name → how often its password was sent."""
    folder: Path


async def play(
    folder: Path,
    sites: Sequence[ReplicaSite],
    accounts: Sequence[Account],
    means: Means,
    credentials: Mapping[str, Credentials] | None = None,
) -> Played:
    """Check these accounts at their stand-ins."""
    async with Replica(sites) as replica:
        plan = runner.RunPlan(
            accounts=accounts,
            flows=flows.load(),
            browser=BrowserSettings(
                replica_map=replica.replica_map, replica_spki=(replica.spki,), concurrency=_CONCURRENCY, timeout_s=30.0
            ),
            output=folder,
            identity_key=KEY,
            means=means,
            sealer=a_sealer(folder, folder.with_name("data")),
            credentials=credentials or {},
        )
        document = await runner.run(plan)
        return Played(
            {result.account: result for result in document.results},
            tuple(replica.writes),
            tuple(replica.faults),
            dict(replica.sign_in_tries),
            Path(document.run.output),
        )
