"""
Check that `requirements.lock` fits `pyproject.toml`.

Every requirement is locked to a version that satisfies it, every locked package carries hashes, and no address
of a registry is written down, so that the lock works with any mirror.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)")


def problems(project: dict[str, Any], lock: str) -> list[str]:
    """What does not fit; empty when all is well."""
    pins: dict[str, Version] = {}
    found: list[str] = []
    for block in re.split(r"\n(?=\S)", "\n".join(line for line in lock.splitlines() if not line.startswith("#"))):
        match = _PIN.match(block)
        if match:
            pins[canonicalize_name(match[1])] = Version(match[2])
            if "--hash=sha256:" not in block:
                found.append(f"{match[1]} is locked without a hash.")
        elif block.strip():
            found.append(f"the lock has a line that is no pinned package: {block.splitlines()[0]}")
    if "://" in lock:
        found.append("the lock names an address; lock without one, so that it works with any mirror.")
    for requirement in _requirements(project):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            found.append(f"{requirement} is not locked.")
        elif not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{requirement} is locked to {version}, which does not satisfy it.")
    return found


def _requirements(project: dict[str, Any]) -> list[Requirement]:
    listed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    groups = (project.get("dependency-groups", {}), project["project"].get("optional-dependencies", {}))
    for group in (requirements for table in groups for requirements in table.values()):
        listed += group
    return [Requirement(text) for text in listed]


def main() -> int:
    """Say what is wrong, or that nothing is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = problems(project, (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    for problem in found:
        sys.stderr.write(f"requirements.lock: {problem}\n")
    if found:
        sys.stderr.write("  → Run `make lock` and commit the result.\n")
        return 1
    sys.stdout.write("requirements.lock fits pyproject.toml.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
