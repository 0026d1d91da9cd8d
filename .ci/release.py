"""
What a release needs beside the archives: the bill of materials, and the digests of everything that is published.

`sbom` installs the wheel as locked into an environment of its own and lists what is there; `finish` refuses a version
that the changelog does not know as released, and writes `dist/SHA256SUMS`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUMS = "SHA256SUMS"
_TOOLS = Path(sys.executable).parent


def version() -> str:
    """Témoin's version, from its one place."""
    text = (ROOT / "automation" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if not found:
        raise SystemExit("automation/__init__.py: there is no __version__ in it.")
    return found[1]


def install(wheel: Path, environment: Path) -> Path:
    """Install a wheel as locked into a new environment without pip; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)  # noqa: S603 - our own
    python = next(environment.glob("[bS]*/python*"))
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check"]
    locked = ["install", "--no-deps", "--require-hashes", "-r", ROOT / "requirements" / "base.lock"]
    for command in (locked, ["install", "--no-deps", wheel], ["check"]):
        subprocess.run([*pip, *command], check=True)  # noqa: S603 - our own wheel
    return python


def write_sbom(environment: Path, target: Path) -> None:
    """List what an environment holds, in CycloneDX 1.6; the same bytes from the same versions."""
    command = [
        *(str(_TOOLS / "cyclonedx-py"), "environment", str(environment), "--pyproject", str(ROOT / "pyproject.toml")),
        *("--output-reproducible", "--output-file", str(target)),
    ]
    subprocess.run(command, check=True)  # noqa: S603 - our own tool


def problems(changelog: str, release: str) -> list[str]:
    """Why this version cannot be published; empty when it can."""
    heading = re.search(r"^## (\S+?),? (.*)$", changelog, re.MULTILINE)
    if not heading or heading[1] != release:
        return [f"CHANGELOG.md does not begin with {release}, the version in automation/__init__.py."]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", heading[2]):
        return [f"CHANGELOG.md says of {release}: {heading[2]}. Write the day: ## {release}, 2026-12-01"]
    return []


def sums(folder: Path) -> str:
    """Digest and name of every file, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def main() -> int:
    """Do the one or the other; what is wrong goes to stderr."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("sbom", "finish"))
    what, dist = parser.parse_args().what, ROOT / "dist"
    if what == "sbom":
        (wheel,) = dist.glob(f"temoin-{version()}-*.whl")
        with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
            install(wheel, Path(folder) / "environment")
            write_sbom(Path(folder) / "environment", dist / f"temoin-{version()}.cdx.json")
        return 0
    found = problems((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version())
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    if not found:
        (dist / SUMS).write_text(sums(dist), encoding="utf-8")
        sys.stdout.write((dist / SUMS).read_text(encoding="utf-8"))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
