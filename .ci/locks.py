"""
Write and check the lock files in `requirements/`.

There is one file for each thing that is installed by itself: what installs the rest (`installer`), what builds Témoin
(`build`), what it needs to run (`base`), what each extra adds to that (`notify`, `fleet`, `replay`) and what
working on it adds (`dev`). Together they are complete, so they are installed without resolving anything:
`pip install --no-deps --require-hashes`.

`write` chooses the newest versions (`--keep`: changes as few as it can); `check` compares the files with
`pyproject.toml`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
BASE, BUILD, DEV, INSTALLER = "base", "build", "dev", "installer"
BEFORE = {INSTALLER, BUILD}
"""Installed before anything else, so each is whole by itself."""
LAST_WHEELS = ("cryptography<49 ; sys_platform == 'darwin' and platform_machine == 'x86_64'",)
"""Releases that are the last ones with a wheel for a system; without it, an installation there needs a compiler."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[^\]]*\])?==([^ ;\\]+)\s*(?:;\s*([^\\\n]*[^\\\n ]))?")
_COMPILE = (
    *("pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-strip-extras"),
    *("--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "--project", str(ROOT)),
)


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked package, as a block of a lock file holds it."""

    name: str
    """In its canonical form."""
    version: Version
    marker: str
    block: str


def pins(lock: str) -> Iterator[Pin]:
    """The packages of a lock file, in order; a block that is no pinned package is left to `problems`."""
    for block in _blocks(lock):
        if match := _PIN.match(block):
            yield Pin(canonicalize_name(match[1]), Version(match[3]), match[4] or "", block)


def _blocks(lock: str) -> list[str]:
    lines = "\n".join(line for line in lock.splitlines() if not line.startswith("#"))
    return [block for block in re.split(r"\n(?=\S)", lines) if block.strip()]


def read(folder: Path = FOLDER) -> dict[str, str]:
    """Name of each lock file without its ending → its text."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.lock"))}


def wanted(project: Mapping[str, Any]) -> dict[str, list[str]]:
    """Name of each lock file → what `pyproject.toml` asks for there."""
    groups: dict[str, list[Any]] = project["dependency-groups"]
    others = [entry for name in groups.keys() - BEFORE for entry in groups[name] if isinstance(entry, str)]
    return {
        INSTALLER: list(groups[INSTALLER]),
        BUILD: [*project["build-system"]["requires"], *groups[BUILD]],
        BASE: list(project["project"]["dependencies"]),
        **project["project"]["optional-dependencies"],
        DEV: others,
    }


def problems(project: Mapping[str, Any], locks: Mapping[str, str]) -> list[str]:
    """What does not fit; empty when all is well."""
    found = [f"{name}.lock is missing." for name in wanted(project) if name not in locks]
    found += [f"{name}.lock belongs to nothing in pyproject.toml." for name in locks if name not in wanted(project)]
    for name, lock in locks.items():
        for block in _blocks(lock):
            first = block.splitlines()[0]
            if not _PIN.match(block):
                found.append(f"{name}.lock has a line that is no pinned package: {first}")
            elif "--hash=sha256:" not in block:
                found.append(f"{name}.lock: {first} is locked without a hash.")
        if "://" in lock:
            found.append(f"{name}.lock names an address; lock without one, so that it works with any mirror.")
    versions: dict[tuple[str, str], set[Version]] = {}
    for pin in (pin for lock in locks.values() for pin in pins(lock)):
        versions.setdefault((pin.name, pin.marker), set()).add(pin.version)
    found += [f"{name} is locked to {len(those)} versions." for (name, _), those in versions.items() if len(those) > 1]
    for name, requirements in wanted(project).items():
        there = {pin.name: pin.version for part in {name, BASE} for pin in pins(locks.get(part, ""))}
        for requirement in map(Requirement, requirements):
            version = there.get(canonicalize_name(requirement.name))
            if version is None:
                found.append(f"{requirement} is not locked in {name}.lock.")
            elif not requirement.specifier.contains(version, prereleases=True):
                found.append(f"{requirement} is locked to {version}, which does not satisfy it.")
    return found


def write(project: Mapping[str, Any], *, keep: bool) -> None:
    """Lock everything at once, so that each package has one version, then cut it into the files."""
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.lock"
        everything = [text for requirements in wanted(project).values() for text in requirements]
        if keep:
            whole.write_text("\n".join(read().values()), encoding="utf-8")  # uv prefers what its output holds already
        limits = Path(scratch) / "limits.txt"
        limits.write_text("\n".join(LAST_WHEELS), encoding="utf-8")
        _compile(everything, whole, "--constraint", str(limits), *([] if keep else ["--upgrade"]))
        FOLDER.mkdir(exist_ok=True)
        base: set[str] = set()
        for name, requirements in sorted(wanted(project).items(), key=lambda one: one[0] != BASE):
            part = Path(scratch) / f"{name}.lock"
            extends = [] if name in BEFORE else wanted(project)[BASE]
            _compile([*requirements, *extends], part, "--constraint", str(whole))
            blocks = _blocks(part.read_text(encoding="utf-8"))
            new = [block for block in blocks if name in {BASE, *BEFORE} or block not in base]
            base = base or set(blocks)
            (FOLDER / part.name).write_text("\n".join(new) + "\n", encoding="utf-8")


def _compile(requirements: list[str], target: Path, *options: str) -> None:
    source = target.with_suffix(".in")
    source.write_text("\n".join(requirements), encoding="utf-8")
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, *_COMPILE, *options, str(source), "--output-file", str(target)], check=True)  # noqa: S603 - our own tool


def main() -> int:
    """Write the files where asked to; say what is wrong with them, or that nothing is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("write", "check"))
    parser.add_argument("--keep", action="store_true", help="keep the locked versions where pyproject.toml allows it")
    given = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if given.what == "write":
        write(project, keep=given.keep)
    found = problems(project, read())
    for problem in found:
        sys.stderr.write(f"requirements: {problem}\n")
    if found:
        sys.stderr.write("  → Run `make lock` and commit the result.\n")
        return 1
    sys.stdout.write("The lock files fit pyproject.toml.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
