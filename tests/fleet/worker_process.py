"""A worker of its own process, to be killed: `worker_process.py '{"url": …}'`. Its visits seal bundles, no browser."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from automation.app import logs
from automation.core.results import RunDocument
from automation.fleet.store import Store
from automation.fleet.worker import Visits, Worker
from automation.storage.postgres import DatabaseAddress
from tests.evidence.building import Place as Evidence
from tests.fleet.building import FAST, sealed_visit


class Told:
    """A file to which every process appends what it begins and ends; lines are whole."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def tell(self, what: str, account: str, run: str) -> None:
        """One line: what, account, run, process, moment."""
        os.write(self._file, f"{what} {account} {run} {os.getpid()} {time.monotonic():.4f}\n".encode())


def main(text: str) -> None:
    """Work until told to stop."""
    given = json.loads(text)
    logs.configure("INFO")
    evidence = Evidence(Path(given["evidence"]))
    told = Told(Path(given["told"]))
    takes_s = given.get("takes_s", 0.1)

    async def visit(account: str, run: str) -> RunDocument:
        told.tell("begin", account, run)
        try:
            await asyncio.sleep(takes_s)
            return await sealed_visit(evidence, account, run)
        finally:
            told.tell("end", account, run)

    visits = Visits(visit, Store(given["store"]), evidence.root, contexts=given.get("contexts", 2))
    worker = Worker(
        DatabaseAddress(given["url"]),
        visits if given.get("visits", True) else None,
        given.get("upkeep", True),
        rules=FAST,
    )
    asyncio.run(worker.run())


if __name__ == "__main__":
    main(sys.argv[1])
