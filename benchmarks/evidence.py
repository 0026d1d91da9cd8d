"""
What sealing and verifying cost: `python benchmarks/evidence.py`.

Bundles of the size of a real check (eight pictures of 90 kB, snapshots, a result) are sealed and verified without
authorities, whose round trips belong to the network. Medians, for a machine that does other things too. Targets:
sealing ≤ 0.5 s and ≤ 1 MB, verifying ≤ 0.2 s; a thousand bundles in runs of twenty, with sealed results that are
compared with them, at ≤ 10 ms each, in linear time and flat memory.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from automation.evidence import BundleWriter, Keys, Ledger, Sealer, result_json
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Fault, Verification
from automation.evidence.write.sealer import seal_run
from automation.evidence.write.secret_scan import SIGNATURE
from automation.reports.as_json import to_json
from automation.reports.stored import open_stored
from tests.builders import a_document, a_result, a_step

if TYPE_CHECKING:
    from automation.core.results import Result

SEAL_S, VERIFY_S, SIZE_BYTES = 0.5, 0.2, 1_000_000
EACH_S, A_RUN = 0.010, 20
PICTURES, PICTURE_BYTES, SNAPSHOT_BYTES = 8, 90_000, 15_000
MANY = 1000
ROUNDS = 9
LINE_BYTES = 700
"""What may stay in memory for each line of the ledger: its digests, its name, and what it tells of stamps."""
TABLE_BYTES = 2_500_000
"""Python's table of interned strings, to which each part of a path is added: made anew once in some hundred bundles."""


def a_picture(content: bytes) -> bytes:
    """A file with the chunks of a PNG; nobody looks at it."""
    parts = ((b"IHDR", bytes(13)), (b"IDAT", content), (b"IEND", b""))
    chunks = (len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4) for kind, body in parts)
    return SIGNATURE + b"".join(chunks)


async def one(
    sealer: Sealer, run: str, noise: random.Random, picture_bytes: int, account: str = "atelier-facebook"
) -> tuple[Result, float]:
    """Seal one bundle; its result, and the seconds that opening and publishing took."""
    began = time.perf_counter()
    bundle = await BundleWriter.open(sealer.ledger.root / run, account, sealer)
    spent = time.perf_counter() - began
    steps = []
    for number in range(1, PICTURES + 1):
        picture = bundle.add(
            f"pictures/{number:02d}.png", a_picture(noise.randbytes(picture_bytes)), "picture", "image/png"
        )
        bundle.add(f"snapshots/{number:02d}.yml", noise.randbytes(SNAPSHOT_BYTES // 2), "accessibility", "text/yaml")
        steps.append(a_step(number, at=datetime.now(UTC), picture=picture.path))
    now = datetime.now(UTC)
    result = a_result(account, steps=tuple(steps), started_at=now, finished_at=now, bundle=None)
    signals = tuple(replace(signal, picture=steps[0].picture) for signal in result.signals)
    result = replace(result, evidence=bundle.artifacts, signals=signals)
    bundle.add("result.json", result_json(result).encode(), "result", "application/json")
    began = time.perf_counter()
    reference = await bundle.publish(verdict=result.verdict, outcome=result.outcome)
    return replace(result, bundle=reference), spent + time.perf_counter() - began


def verified(root: Path, keys: Keys) -> tuple[float, int, int]:
    """Seconds, bundles and the peak of Python's memory in bytes of verifying a folder."""
    began = time.process_time()  # on a busy machine the wall's clock says little about growth
    count = _examined(root, keys)
    spent = time.process_time() - began
    tracemalloc.start()
    _examined(root, keys)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return spent, count, peak


def _examined(root: Path, keys: Keys) -> int:
    """Verify a folder that must be in order; how many bundles it holds."""
    count = 0
    for found in examine(root, keys.trust(), open_run=open_stored):
        count += isinstance(found, Verification)
        if {finding.fault for finding in found.findings} - {Fault.UNSTAMPED}:
            raise SystemExit(f"{found.path}: {found.findings}")
    return count


def a_run(sealer: Sealer, number: int, count: int, noise: random.Random) -> None:
    """Seal a run of small bundles, its results and their document."""
    accounts = (f"account-{at}" for at in range(count))
    results = tuple(asyncio.run(one(sealer, f"run-{number}", noise, 2000, account))[0] for account in accounts)
    folder = sealer.ledger.root / f"run-{number}"
    (folder / "results.json").write_text(to_json(a_document(*results, id=folder.name, output=str(folder))))
    seal_run(folder, sealer)


def main() -> int:
    """Measure, print, and fail where a target is missed."""
    noise = random.Random(7)
    missed = []
    with tempfile.TemporaryDirectory() as name:
        keys = Keys(Path(name) / "keys")
        sealer = Sealer(keys, (), Ledger(Path(name) / "one"))
        sealing, busy = [], time.process_time()
        for number in range(ROUNDS):
            result, spent = asyncio.run(one(sealer, f"run-{number}", noise, PICTURE_BYTES))
            sealing.append(spent)
        folder = sealer.ledger.root / f"run-{ROUNDS - 1}" / (result.bundle.path if result.bundle else "")
        busy = (time.process_time() - busy) / ROUNDS
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        verifications = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            list(examine(folder, keys.trust()))
            verifications.append(time.perf_counter() - began)
        verifying = statistics.median(verifications)
        trust = Path(name) / "trust.json"
        trust.write_text(keys.trust().text())
        began = time.perf_counter()
        program = [
            sys.executable,
            "-m",
            "automation",
            "verify",
            str(folder),
            "--trust",
            str(trust),
            "--allow-unstamped",
        ]
        subprocess.run(program, check=True, capture_output=True)
        whole = time.perf_counter() - began
        median = statistics.median(sealing)
        print(f"seal: {median:.3f} s, median of {ROUNDS} ({busy:.3f} s of processor), {size / 1e6:.2f} MB")
        print(f"verify: {verifying:.3f} s; the whole program {whole:.2f} s")
        missed += ["sealing"] * (median > SEAL_S) + ["size"] * (size > SIZE_BYTES)
        missed += ["verifying"] * (verifying > VERIFY_S)
        each: dict[int, tuple[float, int]] = {}
        for many in (MANY // 5, MANY):
            sealer = Sealer(keys, (), Ledger(Path(name) / str(many)))
            for number in range(many // A_RUN):
                a_run(sealer, number, A_RUN, noise)
            verified(sealer.ledger.root, keys)  # once for what libraries keep after their first work
            spent, count, peak = verified(sealer.ledger.root, keys)
            each[many] = (spent / count, peak)
            print(f"{count} bundles: {spent:.2f} s, {1000 * spent / count:.2f} ms each, peak {peak / 1e6:.2f} MB")
        few, lot = each[MANY // 5], each[MANY]
        missed += ["each"] * (lot[0] > EACH_S)
        missed += ["linear time"] * (lot[0] > 1.5 * few[0]) + ["flat memory"] * (
            lot[1] > few[1] + MANY * LINE_BYTES + TABLE_BYTES
        )
    print("missed: " + ", ".join(missed) if missed else "all targets met")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
