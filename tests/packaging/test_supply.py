"""
What Témoin is built on: no known vulnerability, no licence that forbids, and a check that says when it could not check.

Real: pip-audit, the lock, the installed packages' own metadata. Not real: the advisory database, a server on loopback.
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.answering import Asked, answering
from tests.turns import HANGING_S

ROOT = Path(__file__).resolve().parents[2]
LOCK = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "requirements").glob("*.lock")))


def program(name: str) -> dict[str, Any]:
    """What a program of the workshop holds."""
    return runpy.run_path(str(ROOT / ".ci" / name), run_name=Path(name).stem)


@contextmanager
def advisory_database(vulnerable: dict[str, str]) -> Iterator[str]:
    """An advisory database in OSV's form that knows something against these `name==version`; its address."""

    def answer(request: Asked) -> tuple[int, bytes]:
        asked = json.loads(request.body)
        name = asked["package"]["name"]
        advisory = vulnerable.get(f"{name}=={asked['version']}")
        events = [{"introduced": "0"}, {"fixed": "99.0"}]
        affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
        found = {"vulns": [{"id": advisory, "summary": "bad", "affected": [affected]}]} if advisory else {}
        return 200, json.dumps(found).encode()

    with answering(answer) as address:
        yield f"{address}/v1/query"


def audit(lock: Path, address: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The check as `make audit` runs it, with another database."""
    command = [sys.executable, ROOT / ".ci" / "audit.py", "--lock", lock, "--osv-url", address, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANGING_S)


CANARY = {"jinja2==2.10": "PYSEC-2019-217"}


def a_lock(folder: Path, *names: str) -> Path:
    """Some locked packages as the lock holds them, hashes and all; one of them is for Windows alone."""
    blocks = [re.search(rf"^{name}==.*?(?=^\S|\Z)", LOCK, re.MULTILINE | re.DOTALL) for name in names]
    path = folder / "requirements.lock"
    path.write_text("".join(block[0] for block in blocks if block), encoding="utf-8")
    return path


@pytest.mark.thorough
def test_a_known_vulnerability_fails(tmp_path: Path) -> None:
    """A locked version that the database knows is named with its advisory and its remedy, and the check fails."""
    lock = a_lock(tmp_path, "loguru", "pyotp", "win32-setctime")
    version = re.search(r"^loguru==(\S+)", LOCK, re.MULTILINE)
    assert version
    with advisory_database({**CANARY, f"loguru=={version[1]}": "PYSEC-2026-1"}) as address:
        answer = audit(lock, address)
    assert answer.returncode == 1, answer.stderr
    assert f"loguru {version[1]}: PYSEC-2026-1, fixed in 99.0" in answer.stderr
    assert "make lock" in answer.stderr


@pytest.mark.thorough
def test_a_clean_lock_passes(tmp_path: Path) -> None:
    """Where the database knows something against the canary and nothing against the lock, all is well."""
    with advisory_database(CANARY) as address:
        answer = audit(a_lock(tmp_path, "loguru", "pyotp"), address)
    assert (answer.returncode, answer.stdout) == (0, "Known vulnerabilities: none in the locked versions.\n")


@pytest.mark.thorough
@pytest.mark.parametrize("database", ["away", "empty"])
def test_not_checked_is_never_green_in_silence(database: str, tmp_path: Path) -> None:
    """A database that is away, or that knows nothing even against the canary: NOT CHECKED, and a fault for a release."""
    lock = a_lock(tmp_path, "loguru")
    with advisory_database({}) as address:
        where = "http://127.0.0.1:9/v1/query" if database == "away" else address
        answer, required = audit(lock, where), audit(lock, where, "--required")
    assert (answer.returncode, required.returncode) == (0, 1)
    for said in (answer.stderr, required.stderr):
        assert "NOT CHECKED" in said
        assert "127.0.0.1 cannot be reached" in said if database == "away" else "its silence means nothing" in said
        assert len(said.splitlines()) == 1
    assert answer.stdout == ""


def test_an_accepted_advisory_is_accepted_until_its_day() -> None:
    """An advisory with a reason passes through its last day, and fails after it."""
    checked = program("audit.py")
    known = checked["Advisory"]("loguru 1.0", ("PYSEC-2026-1", "CVE-2026-1"), ())
    accepted = {"CVE-2026-1": ("only on Windows 95", date(2027, 1, 31))}
    find = partial(checked["problems"], [Path("x")], look_up=lambda *_: [known], accepted=accepted)
    assert find(date(2027, 1, 31)) == []
    assert find(date(2027, 2, 1)) == ["loguru 1.0: PYSEC-2026-1 = CVE-2026-1, not fixed yet"]


def test_every_licence_is_allowed() -> None:
    """Each locked package names a licence under which Témoin may use and pass it on."""
    licences = program("licences.py")
    names = licences["locked"](LOCK)
    assert len(names) > 50
    assert licences["problems"](names) == []


def test_what_is_not_installed_everywhere_is_known_by_hand() -> None:
    """The answer is the same with every Python and on every system: no licence is only known where it is installed."""
    licences = program("licences.py")
    markers: dict[str, set[str]] = {}
    for pin in program("locks.py")["pins"](LOCK):
        markers.setdefault(pin.name, set()).add(pin.marker)
    partly = {
        name
        for name, those in markers.items()
        if len(those) == 1 and re.search("sys_platform|python_full_version", those.pop())
    }
    assert {"zipp", "win32-setctime", "jeepney"} <= partly
    assert partly <= set(licences["BY_HAND"])
    assert licences["problems"](partly, lambda _: None) == []


def said(**fields: str) -> Message:
    """A package's own words."""
    message = Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        (said(License_Expression="MIT OR GPL-3.0-only"), ""),
        (said(License="Apache 2.0"), ""),
        (said(Classifier="License :: OSI Approved :: MIT License"), ""),
        (said(License="see file", Classifier="License :: OSI Approved :: ISC License (ISCL)"), ""),
        (said(License_Expression="MIT AND GPL-3.0-only"), "not among the allowed"),
        (said(License_Expression="AGPL-3.0-or-later"), "not among the allowed"),
        (said(License_Expression="(MIT OR ISC) AND AGPL-3.0-only"), "not among the allowed"),
        (said(Classifier="License :: OSI Approved :: GNU General Public License v3 (GPLv3)"), "not known"),
        (said(License="all mine"), "not known"),
        (said(), "not known"),
        (None, "not known"),
    ],
)
def test_what_counts_as_allowed(metadata: Message | None, words: str) -> None:
    """A choice is enough, every part of a sum is needed, and a licence that nobody can name is looked at by a person."""
    found = "\n".join(program("licences.py")["problems"](["somebody"], lambda _: metadata))
    assert words in found
    assert bool(found) == bool(words)
