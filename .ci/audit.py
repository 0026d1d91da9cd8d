"""
Ask the advisory database whether a locked version has a known vulnerability.

It first asks about a version that is known to be vulnerable: only a database that names it is believed. Where it
cannot be reached, as in a closed network, that is said plainly, and nothing counts as checked; `--required`, for a
release, makes that a fault.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
CANARY = "jinja2==2.10"
"""CVE-2019-10906, and others since."""
ACCEPTED: dict[str, tuple[str, date]] = {}
"""Id of an advisory → why it does not concern us, and until when that may be thought."""
_PATIENCE_S = 300


class NotChecked(Exception):
    """The database gave no answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """One known vulnerability of a locked version."""

    package: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        remedy = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "not fixed yet"
        return f"{self.package}: {' = '.join(self.ids)}, {remedy}"


def advisories(requirements: Sequence[Path], *options: str) -> list[Advisory]:
    """
    What the database knows against these versions.

    Raises:
        NotChecked: it could not be reached, or left one of them out.
    """
    command = [
        str(Path(sys.executable).with_name("pip-audit")),
        *(word for path in requirements for word in ("--requirement", str(path))),
        *("--disable-pip", "--no-deps"),
        *("--vulnerability-service", "osv", "--timeout", "15", *options),
        *("--format", "json", "--progress-spinner", "off"),
    ]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_S)  # noqa: S603 - our own tool
    except subprocess.TimeoutExpired:
        raise NotChecked("it took too long to answer") from None
    try:
        listed: list[dict[str, Any]] = json.loads(answer.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise NotChecked(_in_short(answer.stderr)) from None
    if left_out := [entry["name"] for entry in listed if "skip_reason" in entry]:
        raise NotChecked(f"it left out {', '.join(left_out[:5])}")
    return [
        Advisory(f"{entry['name']} {entry['version']}", (found["id"], *found["aliases"]), tuple(found["fix_versions"]))
        for entry in listed
        for found in entry["vulns"]
    ]


def _in_short(trouble: str) -> str:
    """The host that was not reached, else the last line of what went wrong."""
    if host := re.search(r"host='([^']+)'", trouble):
        return f"{host[1]} cannot be reached"
    return (trouble.strip().splitlines() or ["nothing at all"])[-1][:200]


def problems(
    locks: Sequence[Path],
    today: date,
    *options: str,
    look_up: Callable[..., Sequence[Advisory]] = advisories,
    accepted: Mapping[str, tuple[str, date]] = ACCEPTED,
) -> list[str]:
    """
    What is known against the locked versions and was not accepted; empty when all is well.

    Raises:
        NotChecked: the database cannot be reached or believed.
    """
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary.txt"
        canary.write_text(CANARY)
        if not look_up([canary], *options):
            raise NotChecked(f"it knows nothing against {CANARY}, so its silence means nothing")
    found = []
    for advisory in look_up(locks, *options):
        days = [accepted[name][1] for name in advisory.ids if name in accepted]
        if not any(until >= today for until in days):
            found.append(str(advisory))
    return found


def main() -> int:
    """Say what is known, that nothing is, or that nobody could be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--required", action="store_true", help="not to be able to check is a fault")
    parser.add_argument("--lock", type=Path, action="append", help="the locked versions; usual: all of requirements")
    parser.add_argument("--osv-url", help="the advisory database, where it is a mirror")
    given = parser.parse_args()
    options = ("--osv-url", given.osv_url) if given.osv_url else ()
    try:
        found = problems(given.lock or LOCKS, datetime.now(UTC).date(), *options)
    except NotChecked as why:
        sys.stderr.write(f"! Known vulnerabilities: NOT CHECKED. The advisory database gave no answer: {why}\n")
        return 1 if given.required else 0
    for problem in found:
        sys.stderr.write(f"requirements: {problem}\n")
    if found:
        sys.stderr.write(
            "  → Run `make lock`; where there is no fix, say in .ci/audit.py why it does not concern us.\n"
        )
        return 1
    sys.stdout.write("Known vulnerabilities: none in the locked versions.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
