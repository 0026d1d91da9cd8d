"""
Installing still works, and installs the same, after everything that Témoin is built on was published anew.

Real: the Makefile, the action's and the container's own commands, pip as Python brings it and the newest one, every
locked release. Not real: the index, a folder on loopback that offers a made-up later release of each of them, which
breaks what it is installed into.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from tests.answering import showing
from tests.packaging.conftest import ROOT
from tests.packaging.test_container import of

pytestmark = [pytest.mark.installs, pytest.mark.timeout(900)]
LOCKS: dict[str, Any] = runpy.run_path(str(ROOT / ".ci" / "locks.py"), run_name="looked at")
LATER = "9999.0"
EXTRAS = sorted(
    {
        extra
        for lock in LOCKS["read"]().values()
        for listed in re.findall(r"\[([^\]]+)\]==", lock)
        for extra in listed.split(", ")
    }
)


def later_release(folder: Path, name: str) -> Path:
    """A wheel that has every extra and breaks the import of its package."""
    plain, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{LATER}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {LATER}\n"
    files = {
        f"{plain}/__init__.py": f"raise ImportError('{name} {LATER} was installed')\n",
        f"{info}/METADATA": metadata + "".join(f"Provides-Extra: {extra}\n" for extra in EXTRAS),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: made up\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    wheel = folder / f"{plain}-{LATER}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        record = f"{info}/RECORD,,\n"
        for path, text in files.items():
            archive.writestr(path, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{path},sha256={digest},{len(text.encode())}\n"
        archive.writestr(f"{info}/RECORD", record)
    return wheel


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an index with every locked release for this machine, and a later one of each (PEP 503)."""
    folder = tmp_path_factory.mktemp("index")
    files = folder / "files"
    locks = [word for path in sorted((ROOT / "requirements").glob("*.lock")) for word in ("-r", str(path))]
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", "--use-pep517"]
    subprocess.run([*download, "--require-hashes", "--dest", files, *locks], check=True)
    names = {pin.name for lock in LOCKS["read"]().values() for pin in LOCKS["pins"](lock)}
    for name in names:
        later_release(files, name)
    pages: dict[str, list[str]] = {}
    for file in sorted(files.iterdir()):
        name = canonicalize_name(file.name.split("-")[0])
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        pages.setdefault(name, []).append(f'<a href="/files/{file.name}#sha256={digest}">{file.name}</a>')
    for name, links in pages.items():
        (folder / "simple" / name).mkdir(parents=True)
        (folder / "simple" / name / "index.html").write_text("<!DOCTYPE html>\n" + "<br>\n".join(links))
    with showing(folder) as address:
        yield f"{address}/simple/"


def only_from(index: str, home: Path) -> dict[str, str]:
    """The variables of a machine that knows this index and nothing else, and keeps nothing."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_COMPILE": "0",  # compiling takes a third of the time, and nothing here is run twice
    }


def clone(target: Path) -> Path:
    """The tree as a clone would hold it, without its history."""
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    for name in subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def run(*command: str | Path, place: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, check=False)


def installed(python: Path) -> dict[str, str]:
    """Name of each package of an environment → its version."""
    code = (
        "import importlib.metadata as m, re\n"
        "for d in m.distributions(): print(re.sub(r'[-_.]+', '-', d.name).lower(), d.version)"
    )
    answer = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return dict(line.split() for line in answer.stdout.splitlines())


def locked(*names: str) -> dict[str, str]:
    """Name of each package that these lock files have for this machine → its version."""
    found = {}
    for pin in (pin for name in names for pin in LOCKS["pins"](LOCKS["read"]()[name])):
        if not pin.marker or Marker(pin.marker).evaluate():
            found[pin.name] = str(pin.version)
    return found


@pytest.mark.parametrize("pip", ["as Python brings it", "the newest"])
def test_a_clone_installs(index: str, pip: str, tmp_path: Path) -> None:
    """`make env` in an empty folder installs exactly what is locked, extras alone before it too, and the program runs."""
    place = clone(tmp_path / "clone")
    subprocess.run([sys.executable, "-m", "venv", place / ".venv"], check=True)
    if pip == "the newest":
        newest = [place / ".venv/bin/python", "-m", "pip", "install", "--quiet", "--upgrade", "pip"]
        subprocess.run(newest, check=True)
        answer = run("make", "extras", "EXTRAS=notify", place=place, **only_from(index, tmp_path))
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert locked("base", "notify").items() <= installed(place / ".venv" / "bin" / "python").items()
    answer = run("make", "env", place=place, **only_from(index, tmp_path))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    there = installed(place / ".venv" / "bin" / "python")
    assert {name: there.get(name) for name in locked(*LOCKS["read"]())} == locked(*LOCKS["read"]())
    assert run(place / ".venv/bin/temoin", "--version", place=place, HOME=str(tmp_path)).stdout.startswith("temoin ")


def test_less_care_would_break(index: str, tmp_path: Path) -> None:
    """
    The controls: what the Makefile once did fails at this index, in both of its ways.

    A package that is asked for with an extra (`coverage[toml]` by `pytest-cov`) is resolved anew by older pips where the
    lock names it without; and what is published as source only is built by whatever builder is the newest.
    """
    locks = LOCKS["read"]()
    blocks = {(pin.name, pin.marker): pin.block for pin in LOCKS["pins"](locks["base"] + locks["dev"])}
    source, others = tmp_path / "source.lock", tmp_path / "others.lock"
    source.write_text(blocks.pop(("bagit", "")))
    del blocks["dkimpy", ""]  # published as source only, too
    others.write_text("\n".join(re.sub(r"^([\w.-]+)\[[^\]]*\]", r"\1", block) for block in blocks.values()))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    pip = [tmp_path / "env/bin/python", "-m", "pip", "install", "--dry-run"]
    variables = only_from(index, tmp_path)
    answer = run(*pip, "--no-deps", "--require-hashes", "-r", source, place=tmp_path, **variables)
    assert answer.returncode != 0
    assert re.search(f"setuptools {LATER} was installed|Cannot import 'setuptools.build_meta'", answer.stderr)
    assert f"Would install coverage-{LATER}" in run(*pip, "coverage[toml]", place=tmp_path, **variables).stdout
    if _pip_version(tmp_path / "env") < (23, 3):
        answer = run(*pip, "--require-hashes", "-r", others, place=tmp_path, **variables)
        assert re.search(r"must have their versions pinned with ==(?s:.*)\w\[\w", answer.stderr)


def _pip_version(environment: Path) -> tuple[int, ...]:
    return tuple(map(int, installed(environment / "bin" / "python")["pip"].split(".")[:2]))


def test_the_container_is_built_as_locked(index: str, tmp_path: Path) -> None:
    """The recipe's own commands put the locked versions and the program into its environment, and no builder."""
    place = clone(tmp_path / "src")
    command = next(text for text in of("RUN") if "/opt/temoin" in text)
    for path in ("/build", "/wheels", "/opt/temoin"):
        command = re.sub(rf"(?<![\w$]){path}\b", f"{tmp_path}{path}", command)
    (tmp_path / "opt").mkdir()
    answer = run("sh", "-ec", command, place=place, EXTRAS="notify", **only_from(index, tmp_path))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    there = installed(tmp_path / "opt/temoin/bin/python")
    assert there.pop("temoin")
    assert there == locked("base", "notify")


def test_the_action_installs_as_locked(index: str, tmp_path: Path) -> None:
    """The action's own step makes an environment with the locked versions; the browser is not looked for here."""
    place = clone(tmp_path / "action")
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    (step,) = (step for step in action["runs"]["steps"] if step.get("name") == "Install Témoin and a browser")
    script, browser, _ = step["run"].partition('"$RUNNER_TEMP/temoin/bin/temoin" doctor')
    assert browser
    variables = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(place), **only_from(index, tmp_path)}
    answer = run("bash", "-eo", "pipefail", "-c", script, place=tmp_path, **variables)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    there = installed(tmp_path / "temoin/bin/python")
    assert locked("installer", "base", "build").items() <= there.items()
    assert there["temoin"]
