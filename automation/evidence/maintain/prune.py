"""Removing old bundles by intent: each leaves a line in the ledger, so that nobody takes it for a hole."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path

from automation.errors import BundleError, ConfigurationError
from automation.evidence.formats import names
from automation.evidence.formats.encoding import sha256_of
from automation.evidence.formats.ledger import Ledger
from automation.evidence.formats.ledger_line import REMOVED
from automation.evidence.keys.signing import Keys
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain import Chain, LedgerPosition
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.faults import VerifyCode
from automation.evidence.verify.findings import Finding, Verification
from automation.storage.files import writing

_LEFT_OVER = timedelta(days=1)
_KEEP = re.compile(r"([1-9][0-9]{0,5})(d)?")


@dataclass(frozen=True, slots=True)
class Keep:
    """What stays: the newest `count` of each account, or all that are younger than `age`."""

    count: int = 1
    """At least one of each account always stays."""
    age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pruning:
    """What goes, or went."""

    bundles: tuple[str, ...]
    """Paths relative to the evidence folder, oldest first."""
    left_over: tuple[str, ...]
    """Unfinished folders of checks that died."""
    altered: tuple[str, ...] = ()
    """Paths of bundles that are old, and stay with all that came after them: they are not as they were sealed."""


def parse_keep(text: str) -> Keep:
    """
    Read `90d` (days) or `12` (bundles of each account).

    Raises:
        ConfigurationError: it is neither.
    """
    match = _KEEP.fullmatch(text.strip())
    if match is None:
        raise ConfigurationError(
            f"--keep {text}: neither a number of bundles nor of days", "Write 12 for twelve of each account, or 90d."
        )
    number = int(match[1])
    return Keep(age=timedelta(days=number)) if match[2] else Keep(count=number)


def plan(ledger: Ledger, keep: Keep, at: datetime) -> Pruning:
    """
    What would go: of each account the oldest, and none that came after one that stays.

    Only what the ledger knows, and what still is what the ledger knows.

    Raises:
        BundleError: the ledger is damaged.
    """
    chain = read_chain(ledger.root, None)
    left_over = tuple(_left_over(ledger.root, at, chain))
    if chain is None:
        return Pruning((), left_over)
    if any(finding.where.startswith(ledger.path.name) for finding in chain.findings):
        raise BundleError(
            f"{ledger.path}: the ledger is damaged, so nothing is removed", "Run `temoin verify` on this folder."
        )
    by_account: dict[str, list[LedgerPosition]] = defaultdict(list)
    for place in chain.places.values():
        match = names.BUNDLE.fullmatch(place.bundle.rpartition("/")[2])
        if match and place.envelope_sha256 not in chain.removed and _is(ledger.root, place):
            by_account[match[1]].append(place)
    gone: set[str] = set()
    altered = []
    for places in by_account.values():
        for place in takewhile(partial(_is_old, keep, at), places[: -keep.count]):
            if any(_would_be_washed_away(verify_bundle(ledger.root / place.bundle, None, chain=chain))):
                altered.append(place.bundle)
                break
            gone.add(place.bundle)
    in_order = tuple(place.bundle for place in chain.places.values() if place.bundle in gone)
    return Pruning(in_order, left_over, tuple(altered))


def prune(ledger: Ledger, keys: Keys, planned: Pruning) -> None:
    """
    Remove what was planned, each with its line in the ledger first on disk.

    Raises:
        OutputError: something cannot be removed; what went before has its line.
        BundleError: the ledger is damaged.
    """
    for bundle in planned.bundles:
        folder = ledger.root / bundle
        gone = folder.with_name(f"{folder.name}{names.PARTIAL}")
        with ledger.locked(keys) as tip:
            key = keys.signing()
            digest = sha256_of(folder / names.ENVELOPE)

            def act(folder: Path = folder, gone: Path = gone) -> None:
                with writing(folder):
                    folder.rename(gone)

            ledger.append(tip.next(bundle, digest, REMOVED), key, act)
        with writing(gone):
            shutil.rmtree(gone)
    for path in planned.left_over:
        with writing(ledger.root / path):
            shutil.rmtree(ledger.root / path)


def _is(root: Path, place: LedgerPosition) -> bool:
    """Whether the bundle is there, and not behind a link: what lies elsewhere is not this folder's to remove."""
    folder = root / place.bundle
    envelope = folder / names.ENVELOPE
    here = folder.resolve() == root.resolve() / place.bundle
    return here and envelope.is_file() and sha256_of(envelope) == place.envelope_sha256


def _would_be_washed_away(found: Verification) -> Iterator[Finding]:
    """Faults of a bundle that nobody would see any more once it was removed by intent."""
    return (one for one in found.findings if one.fault.code in {VerifyCode.ALTERED, VerifyCode.UNREADABLE})


def _is_old(keep: Keep, at: datetime, place: LedgerPosition) -> bool:
    return keep.age is None or _sealed(place) < at - keep.age


def _sealed(place: LedgerPosition) -> datetime:
    return datetime.strptime(place.bundle.rpartition("/")[2][:18], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)


def _left_over(root: Path, at: datetime, chain: Chain | None) -> list[str]:
    found = (path for depth in ("*", "*/*", "*/*/*") for path in root.glob(f"{depth}{names.PARTIAL}"))
    return sorted(
        path.relative_to(root).as_posix()
        for path in found
        if path.is_dir()
        and path.resolve() == root.resolve() / path.relative_to(root)
        and datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - _LEFT_OVER
        and not _holds_what_was_sealed(path, chain)
    )


def _holds_what_was_sealed(unfinished: Path, chain: Chain | None) -> bool:
    """Whether somebody called sealed evidence unfinished: its seal is one of which the ledger tells."""
    runs = {run.envelope_sha256 for run in chain.runs.values()} if chain else set()
    seals = {envelope for _, envelope in chain.seals if envelope not in chain.removed} if chain else set()
    sealed = (*unfinished.rglob(Path(names.ENVELOPE).name), *unfinished.rglob(names.RUN_DOCUMENT))
    return any(chain is None or sha256_of(path) in runs | seals for path in sealed if path.is_file())
