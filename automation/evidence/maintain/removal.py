"""
Removing evidence: what is old, or what somebody decided should go (Article 17 GDPR).

Each removal leaves a line in the ledger, so that nobody takes it for a hole.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from automation.core.errors import BundleError, ConfigurationError
from automation.evidence.formats import names
from automation.evidence.formats.ledger_line import REMOVED, Removal
from automation.evidence.formats.signed import sha256_of
from automation.evidence.keys.timestamps import Stamp
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.findings import Fault, Finding, Verification, VerifyCode
from automation.evidence.verify.opened import not_as_sealed
from automation.evidence.verify.reading import Budget, Source, Stop
from automation.evidence.write.sealer import Sealer, token_files
from automation.storage.files import sync_folder, write_whole, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.evidence.formats.ledger import Ledger
    from automation.evidence.keys.signing import Keys
    from automation.evidence.keys.trust import Trust
    from automation.evidence.verify.chain import Chain, LedgerPosition

_OF_A_RUN = frozenset({names.RESULTS, names.RUN_LEDGER, names.RUN_HEAD})
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
        raise _damaged(ledger)
    by_account: dict[str, list[LedgerPosition]] = defaultdict(list)
    for place in chain.places.values():
        account = _account_of(place.bundle)
        if account and place.envelope_sha256 not in chain.removed and _is(ledger.root, place):
            by_account[account].append(place)
    gone: set[str] = set()
    altered = []
    for places in by_account.values():
        for place in takewhile(partial(_is_old, keep, at), places[: -keep.count]):
            if any(_would_be_washed_away(_verified(ledger, place, chain))):
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
        _remove(ledger, keys, bundle)
    for path in planned.left_over:
        with writing(ledger.root / path):
            shutil.rmtree(ledger.root / path)


def plan_removal(ledger: Ledger, *, account: str = "", run: str = "", trust: Trust | None = None) -> tuple[str, ...]:
    """
    What would go so that nothing here tells of an account, or of a run.

    Of an account: its bundles, and the results and reports of every run in which it stands. Of a run: all of it.

    Args:
        ledger: of the evidence folder.
        account: its name; empty for a run.
        run: name of its folder; empty for an account.
        trust: whose ledger it may be.

    Returns:
        Paths as the ledger has them: bundles, and run documents.

    Raises:
        BundleError: the ledger is damaged, or a key that nobody knows signed its end.
    """
    chain = read_chain(ledger.root, trust)
    if chain is None or chain.findings:
        raise _damaged(ledger)
    bundles = [
        place.bundle
        for place in chain.places.values()
        if place.envelope_sha256 not in chain.removed
        and (place.bundle.startswith(f"{run}/") if run else _account_of(place.bundle) == account)
        and _is(ledger.root, place)
    ]
    runs = {run} if run else {path.partition("/")[0] for path in bundles}
    documents = [
        path
        for path, place in chain.runs.items()
        if path.partition("/")[0] in runs
        and place.envelope_sha256 not in chain.removed
        and (ledger.root / path).is_file()
    ]
    return (*bundles, *documents)


def remove_decided(ledger: Ledger, keys: Keys, paths: Iterable[str], why: Removal) -> None:
    """
    Remove what `plan_removal` names; the ledger's line says whose decision it was, when and why.

    Raises:
        OutputError: something cannot be removed; what went before has its line.
        BundleError: the ledger is damaged.
    """
    for path in paths:
        _remove(ledger, keys, path, why)


def _remove(ledger: Ledger, keys: Keys, path: str, why: Removal | None = None) -> None:
    """A bundle, or what seals a run with its results and reports: out of sight, then its line, then off the disk."""
    place = ledger.root / path
    is_run = place.name == names.RUN_DOCUMENT
    gone = place.with_name(f"{place.name}{names.PARTIAL}")
    with ledger.locked(keys) as tip:
        key = keys.signing()
        digest = sha256_of(place if is_run else place / names.ENVELOPE)

        def act() -> None:
            with writing(place):
                place.rename(gone)

        ledger.append(tip.next(path, digest, REMOVED, removal=why), key, act)
    with writing(gone):
        if not is_run:
            shutil.rmtree(gone)
            return
        gone.unlink()
        for file in place.parent.iterdir():
            if file.is_file() and (file.name in _OF_A_RUN or names.REPORT.fullmatch(file.name) or _is_token(file.name)):
                file.unlink()
        if not any(place.parent.iterdir()):
            place.parent.rmdir()


def _damaged(ledger: Ledger) -> BundleError:
    why = f"{ledger.path}: the ledger is damaged, so nothing is removed"
    return BundleError(why, "Run `temoin verify` on this folder.")


def _is_token(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in (names.RUN_TOKEN, names.HEAD_TOKEN))


def _account_of(bundle: str) -> str:
    match = names.BUNDLE.fullmatch(bundle.rpartition("/")[2])
    return match[1] if match else ""


def _verified(ledger: Ledger, place: LedgerPosition, chain: Chain) -> Verification:
    return verify_bundle(ledger.root / place.bundle, None, chain=chain, budget=Budget(ends=False))


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


@dataclass(frozen=True, slots=True)
class Restamped:
    """What came of one bundle."""

    path: str
    state: str
    """`stamped`, `already`, `unanswered`, or `refused`: it does not verify, and a stamp would lend it weight."""
    stamps: tuple[Stamp, ...] = ()
    detail: str = ""


def restamp(folder: Path, sealer: Sealer, trust: Trust | None) -> Restamped:
    """
    Ask the authorities that have not stamped this bundle to stamp it now. Their time is the honest bound.

    The tokens stand beside the seal and change nothing that was sealed. A pair of files that a crash left incomplete
    counts as absent. Raises OutputError: the tokens cannot be written.
    """
    wanted = [authority for authority in sealer.authorities if not _has(folder, authority.name)]
    ours = {names.closing_token(a.name, suffix) for a in wanted for suffix in ("tsq", "tsr")}
    for finding in not_as_sealed(folder, trust):
        if not (finding.fault is Fault.FILE_MISSING and finding.where in ours):  # else a crash tore the pair
            return Restamped(str(folder), "refused", detail=f"{finding.fault.value} {finding.where}".strip())
    if not wanted:
        return Restamped(str(folder), "already")
    try:
        envelope = Source(folder).read(names.ENVELOPE)
    except Stop as stop:
        return Restamped(str(folder), "refused", detail=stop.finding.fault.value)
    stamps = Sealer(sealer.keys, wanted, sealer.ledger).stamps(envelope)
    for path, data in token_files(stamps, names.closing_token).items():
        beside = folder.parent / f".{folder.name}.{Path(path).name}"  # in the bundle it would be a file too many
        write_whole(beside, data, shared=True)
        with writing(folder / path):
            beside.replace(folder / path)
    with writing(folder):
        sync_folder(folder / "seal")
    return Restamped(str(folder), "stamped" if stamps else "unanswered", stamps)


def _has(folder: Path, authority: str) -> bool:
    return all((folder / names.closing_token(authority, suffix)).is_file() for suffix in ("tsq", "tsr"))
