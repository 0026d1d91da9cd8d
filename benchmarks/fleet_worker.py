"""A machine of the fleet under trial: its folder, and its worker process, which can be killed and started again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automation.app import logs
from automation.evidence.formats.ledger import LEDGER
from automation.fleet.claims import Rules
from automation.fleet.store import Store
from automation.fleet.worker import Visits, Worker
from automation.storage.postgres import DatabaseAddress
from benchmarks.fleet_real import real_visit
from tests.evidence.building import Place as Evidence
from tests.fleet.building import sealed_visit
from tests.fleet.worker_process import Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.results import RunDocument

RULES = Rules(
    visit_s=20.0, upload_s=30.0, margin_s=5.0, heartbeat_s=2.0, silent_s=12.0, dispatch_s=1,
    cooling_s=(5.0, 10.0, 20.0), pending_s=5.0,
)  # fmt: skip
"""A fleet in a hurry; the proportions are those of the usual one."""
REAL_RULES = replace(RULES, visit_s=240.0)
"""With browsers, on a machine that does much else."""


class Machine:
    """One machine: what is on its disk outlasts its processes."""

    def __init__(self, name: str, folder: Path, arguments: dict[str, Any], environment: Mapping[str, str]) -> None:
        self.name, self.folder, self.arguments, self._environment = name, folder, arguments, environment
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)

    @property
    def ledger(self) -> Path:
        """The ledger of its evidence folder."""
        return self.folder / "evidence" / LEDGER

    def on_disk(self) -> list[Path]:
        """Runs that are still on its disk."""
        root = self.folder / "evidence"
        return [path for path in root.iterdir() if path.is_dir()] if root.exists() else []

    def start(self) -> None:
        """Start its worker."""
        given = {**self.arguments, "folder": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.fleet_worker", json.dumps(given)],
                stdout=log, stderr=log, env={**os.environ, **self._environment},
            )  # fmt: skip

    def look_after(self) -> bool:
        """Start its worker again if it ended by itself, as a service manager does; whether it had."""
        ended = self._process is not None and self._process.poll() is not None
        if ended:
            self.start()
        return ended

    def send(self, number: signal.Signals) -> None:
        """Send its worker a signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> int:
        """`kill -9`; the process that it was."""
        assert self._process is not None
        process, self._process = self._process, None
        process.kill()
        process.wait()
        return process.pid

    def end(self) -> None:
        """Tell it to stop, and insist after a while."""
        if self._process is None:
            return
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


def main(text: str) -> None:
    """Work until told to stop."""
    given = json.loads(text)
    logs.configure("INFO")
    evidence = Evidence(Path(given["folder"]))
    told = Told(Path(given["told"]))
    look = real_visit(given["real"], evidence) if "real" in given else None

    async def visit(account: str, run: str) -> RunDocument:
        told.tell("begin", account, run)
        try:
            if look is not None:
                return await look(account, run)
            await asyncio.sleep(random.uniform(0.2, 1.0))
            return await sealed_visit(evidence, account, run)
        finally:
            told.tell("end", account, run)

    visits = Visits(visit, Store(given["store"]), evidence.root, contexts=given["contexts"])
    rules = REAL_RULES if given["slow"] else RULES
    worker = Worker(
        DatabaseAddress(given["url"]), visits if given["visits"] else None, upkeep=not given["visits"], rules=rules
    )
    asyncio.run(worker.run())


if __name__ == "__main__":
    main(sys.argv[1])
