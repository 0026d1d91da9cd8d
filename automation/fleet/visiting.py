"""One job: take the account, visit it, bring the evidence into the store, and only then say that it is done."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from loguru import logger

from automation.core.errors import ConfigurationError, FleetError, HistoryError, OutputError, TemoinError
from automation.core.results import RunDocument
from automation.fleet import claims
from automation.fleet.pending_uploads import PendingUploads, sealed_in
from automation.storage.postgres import DatabaseAddress, PostgresHistory, connect

if TYPE_CHECKING:
    from automation.fleet.claims import Claim, Rules
    from automation.fleet.store import Store

_LONGEST_PAUSE_S = 15.0
_Answer = TypeVar("_Answer")
Visit = Callable[[str, str], Awaitable[RunDocument]]
"""Visits the account of this name under this run id; the run's folder lies in the evidence folder."""


class NotKnownHere(TemoinError):
    """This worker's configuration does not have the account."""


class NoEvidence(TemoinError):
    """A visit ended without a bundle, by a fault of our own; it is never reported as done."""


class Visiting:
    """
    The visits of one worker.

    Args:
        place: the fleet's database.
        store: where evidence goes.
        root: this machine's evidence folder; what is committed is removed from it.
        visit: looks at one account.
        worker: this worker's name.
        contexts: how many visits run side by side.
        rules: how long things may take.
        finish: finishes what a crash left undone in that folder's ledger.
    """

    def __init__(
        self,
        place: DatabaseAddress,
        store: Store,
        root: Path,
        visit: Visit,
        worker: str,
        contexts: int,
        rules: Rules,
        finish: Callable[[], None] = lambda: None,
    ) -> None:
        self._place, self._store, self._root, self._visit = place, store, root, visit
        self._worker, self._rules = worker, rules
        self._threads = ThreadPoolExecutor(contexts + 1, thread_name_prefix="fleet")
        self._pending = PendingUploads(place, store, root, worker, rules, finish)
        self._mine: set[str] = set()
        self.fatal: asyncio.Future[TemoinError] = asyncio.get_running_loop().create_future()
        """What keeps this machine from visiting anybody, once that is so."""

    async def visit(self, job: int, account: str) -> None:
        """
        Do one job. What goes wrong with it is in the tables, and raised for the queue.

        Raises TemoinError: there is no evidence of this visit, or it is still on this machine's disk.
        """
        claim = await self._claimed(job, account)
        if claim is None:
            logger.info("this account is not due any more")
            return
        self._mine.add(claim.run)
        try:
            with logger.contextualize(run=claim.run, account=account):
                document = await self._looked_at(claim)
                await self._keep(claim, document)
        finally:
            self._mine.discard(claim.run)

    async def resume_pending_uploads(self) -> None:
        """Bring into the store what an earlier, killed worker or a store that was away left on this disk."""
        await self._in_thread(lambda: self._pending.bring(frozenset(self._mine)))

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _claimed(self, job: int, account: str) -> Claim | None:
        def taken() -> Claim | None:
            with connect(self._place) as connection:
                claims.require_true_clock(connection, self._rules)
                return claims.claim(connection, job, account, self._worker, self._rules)

        try:
            return await self._in_thread(taken)
        except claims.ClockSkewed as error:
            self._stop_for(error)
            raise

    async def _looked_at(self, claim: Claim) -> RunDocument:
        """The result; where there is none, the visit is ended here."""
        async with AsyncExitStack() as ending:
            ending.push_async_exit(partial(self._ended, claim))
            async with asyncio.timeout(self._rules.visit_s):
                return await self._visit(claim.account, claim.run)

    async def _ended(self, claim: Claim, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Say why there is no result; where the visit was broken off, its lease runs out."""
        match error:
            case TimeoutError():
                await self._failed(claim, f"the visit did not end within {self._rules.visit_s:g} s")
            case ConfigurationError() | OutputError():  # no browser, no key, a full disk: so for every account
                await self._failed(claim, error.message, blameless=True)
                self._stop_for(error)
            case NotKnownHere():
                await self._failed(claim, error.message)
            case Exception():
                await self._failed(claim, f"internal fault: {type(error).__name__}")

    async def _keep(self, claim: Claim, document: RunDocument) -> None:
        """
        Upload and commit; again and again while the store or the database is away, until the time for it is over.

        Raises TemoinError: it did not work; sealed evidence stays on the disk, for `PendingUploads`.
        """
        (result,) = document.results
        if result.bundle is None:
            await self._in_thread(lambda: self._record_only(document))
            await self._failed(claim, result.because)
            raise NoEvidence(f"{claim.account}: there is no evidence of this visit ({result.because})")
        folder = self._root / claim.run

        def kept() -> None:
            stored = {bundle.name: self._store.put_bundle(bundle, self._root) for bundle in sealed_in(folder)}
            with connect(self._place) as connection:
                proof = stored[Path(result.bundle.path if result.bundle else "").name]
                claims.commit(connection, self._place, claim.run, document, proof, self._rules)
            shutil.rmtree(folder, ignore_errors=True)
            self._pending.keep_ledger()

        until = asyncio.get_running_loop().time() + self._rules.upload_s
        pause_s = 1.0
        while True:
            try:
                await self._in_thread(kept)
            except (FleetError, HistoryError) as error:
                logger.warning("{}", error.message)
                if asyncio.get_running_loop().time() + pause_s > until:
                    raise
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            else:
                return

    def _record_only(self, document: RunDocument) -> None:
        with PostgresHistory(self._place) as history:
            history.record(document)

    async def _failed(self, claim: Claim, message: str, *, blameless: bool = False) -> None:
        """Say so in the tables; where the database is away the lease runs out, and the reaper says it."""

        def said() -> None:
            with connect(self._place) as connection:
                claims.fail(connection, claim.run, message, self._rules, blameless=blameless)

        try:
            await self._in_thread(said)
        except FleetError as error:
            logger.warning("{}", error.message)

    def _stop_for(self, error: TemoinError) -> None:
        if not self.fatal.done():
            self.fatal.set_result(error)

    async def _in_thread(self, work: Callable[[], _Answer]) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
