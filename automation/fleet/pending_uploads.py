"""Evidence on a worker's disk that was never committed: its process was killed, or the store or database was away."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from loguru import logger

from automation import __version__
from automation.core.errors import BundleError, FleetError, HistoryError, OutputError
from automation.core.records import BundleRef
from automation.core.results import Result, Run, RunDocument, exit_code_of
from automation.evidence.formats import names
from automation.evidence.formats.result_file import BrokenSchema, UnknownSchema, read_result
from automation.evidence.formats.signed import sha256_of
from automation.fleet import claims
from automation.storage.postgres import DatabaseAddress, connect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from automation.fleet.claims import Rules
    from automation.fleet.store import Store

_LEDGER_EVERY_S = 60.0


class PendingUploads:
    """
    What one machine still owes the fleet.

    Args:
        place: the fleet's database.
        store: where evidence goes.
        root: this machine's evidence folder.
        worker: this worker's name.
        rules: how long things may take.
        finish: finishes what a crash left undone in the folder's ledger, by which the store names it.
    """

    def __init__(
        self,
        place: DatabaseAddress,
        store: Store,
        root: Path,
        worker: str,
        rules: Rules,
        finish: Callable[[], None] = lambda: None,
    ) -> None:
        self._place, self._store, self._root, self._worker, self._rules = place, store, root, worker, rules
        self._finish = finish
        self._ledger_kept_at = float("-inf")
        self._one_at_a_time = threading.Lock()

    def bring(self, busy: Collection[str]) -> int:
        """
        Upload and commit what was left, and remove what is committed; how many visits are done now.

        Args:
            busy: runs that this worker has in hand.
        """
        folders = {folder.name: folder for folder in _folders(self._root) if folder.name not in busy}
        if not folders:
            return 0
        try:
            self._finish()
            with connect(self._place) as connection:
                owed = connection.execute(
                    "SELECT run, outcome = 'done', leased_until <= now() FROM visits"
                    " WHERE run = ANY(%s) AND (outcome IS NOT NULL OR leased_until <= now() OR worker = %s)",
                    (list(folders), self._worker),
                ).fetchall()
            done = 0
            for run, committed, over in owed:
                brought = not committed and self._bring(folders[run])
                done += brought
                if committed or brought or (over and not sealed_in(folders[run])):
                    shutil.rmtree(folders[run], ignore_errors=True)
            self.keep_ledger(at_once=done > 0)
        except (FleetError, HistoryError, OutputError, BundleError) as error:
            logger.warning("evidence waits on this machine's disk: {}", error.message)
            return 0
        except OSError as error:
            logger.error("evidence on this machine's disk cannot be read: {}", error)
            return 0
        return done

    def keep_ledger(self, *, at_once: bool = False) -> None:
        """
        Keep a copy of the ledger in the store, at most once a minute unless `at_once`.

        Raises StoreUnavailable: it is not there for certain.
        """
        with self._one_at_a_time:
            if at_once or time.monotonic() - self._ledger_kept_at > _LEDGER_EVERY_S:
                self._store.put_ledger(self._root)
                self._ledger_kept_at = time.monotonic()

    def _bring(self, folder: Path) -> bool:
        """Upload and commit one run; False where there is nothing to prove it."""
        document = _document(folder)
        if document is None:
            return False
        stored = {bundle.name: self._store.put_bundle(bundle, self._root) for bundle in sealed_in(folder)}
        (result,) = document.results
        with connect(self._place) as connection:
            proof = stored[result.bundle.path if result.bundle else ""]
            claims.commit(connection, self._place, folder.name, document, proof, self._rules)
        logger.info("evidence of {} that was left on this disk is in the store now", folder.name)
        return True


def sealed_in(folder: Path) -> list[Path]:
    """The sealed bundles of a run; each try of a visit leaves one."""
    return [path for path in _folders(folder) if (path / names.ENVELOPE).is_file()]


def _document(folder: Path) -> RunDocument | None:
    """The run as its newest bundle tells it; None where nothing was sealed."""
    read = [result for bundle in sealed_in(folder) if (result := _result(bundle)) is not None]
    if not read:
        return None
    newest = max(read, key=lambda result: result.finished_at)
    run = Run(
        id=folder.name,
        started_at=newest.started_at,
        finished_at=newest.finished_at,
        temoin=__version__,
        strict=False,
        exit_code=int(exit_code_of((newest,))),
        output=str(folder),
        stand_in=newest.environment.stand_in,
    )
    return RunDocument(run, (newest,))


def _result(bundle: Path) -> Result | None:
    try:
        result = read_result((bundle / names.RESULT).read_bytes())
        manifest = sha256_of(bundle / names.MANIFEST)
    except (OSError, UnknownSchema, BrokenSchema) as error:
        logger.warning("{}: this bundle cannot be read ({})", bundle, error)
        return None
    return replace(result, bundle=BundleRef(bundle.name, manifest))


def _folders(place: Path) -> Iterator[Path]:
    try:
        return iter(sorted(path for path in place.iterdir() if path.is_dir() and not path.name.endswith(names.PARTIAL)))
    except OSError:
        return iter(())
