"""
What a process and all it started use: CPU seconds by kind of program, and memory (Linux only).

Memory is PSS: what several processes share is counted once. A process that ends is counted as it was last seen, so
up to a fifth of a second of its time may be missing.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Self

_EVERY_S = 0.2
_MEMORY_EVERY = 5
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
PROGRAM, DRIVER = "program", "driver"
MAIN, RENDERER, GPU, NETWORK, OTHER = (f"browser: {kind}" for kind in ("main", "pages", "drawing", "network", "other"))
PARTS = (PROGRAM, DRIVER, MAIN, RENDERER, GPU, NETWORK, OTHER)
_TYPES = {"renderer": RENDERER, "gpu-process": GPU}
"""Chromium's `--type` of a process; its network service is one of its utilities."""


class Usage:
    """Watches the tree of one process while it is entered."""

    def __init__(self, root: int | None = None, *, leave_out: frozenset[int] = frozenset()) -> None:
        self._root = root or os.getpid()
        self._leave_out = leave_out
        self._seen: dict[int, tuple[str, float]] = {}
        self._before: dict[int, float] = {}
        self._part_of: dict[int, str] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._own_s = 0.0
        """What looking at all this takes itself."""
        self.peak_mb = 0.0
        self.memory: list[tuple[float, float]] = []
        """Seconds since the start and MB, each second."""
        self.own_memory: list[tuple[float, float]] = []
        """The same of the root process alone."""
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._before = {pid: cpu for pid, (_, cpu) in self._tree().items()}
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look(memory=True)

    @property
    def cpu_s(self) -> dict[str, float]:
        """Kind of program (`python`, `driver`, `browser`) → CPU seconds since the start."""
        found: dict[str, float] = defaultdict(float)
        for pid, (kind, cpu) in self._seen.items():
            found[kind] += cpu - self._before.get(pid, 0.0)
        if self._root == os.getpid():
            found["python"] -= self._own_s
        return dict(found)

    @property
    def cpu_by_part(self) -> dict[str, float]:
        """One of `PARTS` → CPU seconds since the start."""
        found: dict[str, float] = defaultdict(float)
        for pid, (_, cpu) in self._seen.items():
            found[self._part_of.get(pid, OTHER)] += cpu - self._before.get(pid, 0.0)
        if self._root == os.getpid():
            found[PROGRAM] -= self._own_s
        return dict(found)

    @property
    def total_cpu_s(self) -> float:
        """All of them together."""
        return sum(self.cpu_s.values())

    def _watch(self) -> None:
        turn = 0
        while not self._stop.wait(_EVERY_S):
            self._look(memory=turn % _MEMORY_EVERY == 0)
            self._own_s = time.thread_time()
            turn += 1

    def _look(self, *, memory: bool) -> None:
        tree = self._tree()
        self._seen.update(tree)
        for pid, (kind, _) in tree.items():
            if self._part_of.get(pid) in {None, MAIN}:  # a zygote's child gets its type after it was forked
                self._part_of[pid] = _part(pid, kind)
        if memory:
            at, used = round(time.monotonic() - self._began, 1), sum(map(_pss_mb, tree))
            self.memory.append((at, round(used, 1)))
            self.own_memory.append((at, round(_pss_mb(self._root), 1)))
            self.peak_mb = max(self.peak_mb, used)

    def _tree(self) -> dict[int, tuple[str, float]]:
        """Process id → kind and CPU seconds so far, for the root and all below it."""
        parents: dict[int, tuple[int, str, float]] = {}
        for folder in _PROC.iterdir():
            if folder.name.isdigit():
                try:
                    name, fields = _stat(folder)
                except (OSError, ValueError):
                    continue
                parents[int(folder.name)] = (int(fields[1]), name, (int(fields[11]) + int(fields[12])) / _TICKS)
        found = {self._root}
        while (
            more := {pid for pid, (parent, _, _) in parents.items() if parent in found and pid not in self._leave_out}
            - found
        ):
            found |= more
        return {pid: (_kind(parents[pid][1]), parents[pid][2]) for pid in found if pid in parents}


def _stat(folder: Path) -> tuple[str, list[str]]:
    name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
    return name, rest.split()


def _kind(name: str) -> str:
    if name.startswith(("python", "temoin", "pytest")):
        return "python"
    return "driver" if name.startswith(("node", "MainThread")) else "browser"


def _part(pid: int, kind: str) -> str:
    if kind != "browser":
        return PROGRAM if kind == "python" else DRIVER
    try:
        line = (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return OTHER
    _, found, rest = line.partition("--type=")
    if not found:
        return MAIN
    if "--utility-sub-type=network" in line:
        return NETWORK
    return _TYPES.get(rest.split(" ")[0], OTHER)


def _pss_mb(pid: int) -> float:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
