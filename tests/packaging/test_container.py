"""
The container's recipe: whom it runs as, what gets into it, and that its commands do what they say.

Real: the recipe's shell, read by shellcheck and run where it needs no other system; the health check, run in the fresh
environment; where Docker or Podman is there and can get Debian's image, the container itself.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.cli.schedule.linting import shell_faults
from tests.packaging.conftest import ROOT, Fresh

pytestmark = pytest.mark.rare

RECIPE = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
STEPS = [(word, text.replace("\\\n", " ")) for word, text in re.findall(r"(?ms)^([A-Z]+) (.*?[^\\])$", RECIPE)]


def of(word: str) -> list[str]:
    """Every step of that name."""
    return [text for name, text in STEPS if name == word]


def test_it_runs_as_nobody_in_particular() -> None:
    """The last user is a number that is not the superuser's, made by the recipe, and owns the two volumes alone."""
    assert of("USER") == ["10001"]
    final = of("RUN")[-1]
    assert "useradd --uid 10001" in final
    assert "--owner 10001 --mode 0700 /data /evidence" in final
    assert json.loads(of("VOLUME")[0]) == ["/data", "/evidence"]
    assert STEPS.index(("USER", "10001")) > max(STEPS.index(("RUN", text)) for text in of("RUN"))


def test_its_shell_is_right(tmp_path: Path) -> None:
    """Shellcheck finds nothing in its commands."""
    scripts = []
    for number, text in enumerate(of("RUN")):
        scripts.append(tmp_path / f"{number}.sh")
        scripts[-1].write_text(text)
    assert shell_faults(*scripts, shell="sh") == ""


@pytest.mark.parametrize(
    "path",
    [".env", "temoin.toml", ".git/config", "temoin-evidence/x/results.json", "sessions/a.age", ".venv/bin/python"],
)
def test_nothing_private_gets_into_it(path: str) -> None:
    """What the build is shown is a list of what an installation needs; secrets, sessions and evidence are not on it."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*", "everything is left out that is not let in"
    let_in = [line[1:] for line in lines if line.startswith("!")]
    assert not any(fnmatch(path, pattern) or path.startswith(f"{pattern}/") for pattern in let_in)
    assert not re.search(r"SECRET|PASSWORD|_KEY", RECIPE)


def test_what_it_needs_gets_into_it() -> None:
    """Every file that the installation is built from is let in."""
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    assert {"automation", "flows", "pyproject.toml", "requirements", "README.md", "LICENSE"} == let_in
    assert all((ROOT / name).exists() for name in let_in)


@pytest.mark.browser
def test_its_health_check_can_fail(fresh: Fresh, tmp_path: Path) -> None:
    """The health check is well with a browser and a place to write, and ill without either."""
    words = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    assert words[0] == "temoin"
    assert json.loads(of("ENTRYPOINT")[0]) == ["temoin"]
    assert fresh.temoin(tmp_path, *words[1:]).returncode == 0
    assert fresh.temoin(tmp_path, *words[1:], TEMOIN_BROWSER__PATH="/nowhere/chromium").returncode == 2
    assert fresh.temoin(tmp_path, *words[1:], TEMOIN_OUTPUT="/proc/evidence").returncode == 2


@pytest.fixture(scope="module")
def container() -> Iterator[list[str]]:
    """The command that runs the image, built as documented; skipped without an engine that can get Debian's image."""
    engine = next((name for name in ("docker", "podman") if _answers(name, "info")), None)
    if engine is None:
        pytest.skip("neither Docker nor Podman is there")
    base = "debian:trixie-slim"
    if not _answers(engine, "image", "inspect", base) and not _answers(engine, "pull", "--quiet", base):
        pytest.skip(f"{engine} cannot get {base}")
    tag = "temoin-under-test"
    built = subprocess.run([engine, "build", "--tag", tag, "."], cwd=ROOT, capture_output=True, text=True, check=False)
    if any(sign in built.stdout + built.stderr for sign in _NO_NETWORK):
        pytest.skip(f"containers of {engine} cannot reach the package registries here")
    assert built.returncode == 0, built.stderr[-3000:]
    yield [engine, "run", "--rm", "--security-opt", "label=disable", tag]
    subprocess.run([engine, "image", "rm", "--force", tag], check=False, capture_output=True)


_NO_NETWORK = ("Could not fetch URL", "Failed to fetch", "Temporary failure")


def _answers(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=300).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def profile() -> Path | None:
    """The engine's usual profile on this machine, where it is kept as a file."""
    return next((path for path in [Path("/usr/share/containers/seccomp.json")] if path.exists()), None)


@pytest.mark.timeout(900)
def test_the_container_is_locked_down_and_keeps_the_sandbox(container: list[str], tmp_path: Path) -> None:
    """As documented, read-only and without capabilities, the browser starts in its sandbox, and the demo writes nothing."""
    usual = profile()
    if usual is None:
        pytest.skip("no copy of the engine's usual seccomp profile to change")
    page = (ROOT / "docs" / "container.md").read_text(encoding="utf-8")
    (change,) = re.findall(r"(?s)python3 -c '\n(.*?)' > temoin-seccomp.json", page)
    changed = subprocess.run([sys.executable, "-c", change], input=usual.read_bytes(), capture_output=True, check=True)
    (tmp_path / "temoin-seccomp.json").write_bytes(changed.stdout)
    (command,) = (block for block in re.findall(r"(?s)```sh\n(.*?)```", page) if "--read-only" in block)
    options = shlex.split(command.partition("docker run --rm --init")[2].partition("--volume")[0].replace("\\\n", " "))
    *run, tag = container
    demo = [*run, *options, tag, "demo", "--at-most", "1", "--json", "--output", "/evidence/demo"]
    answer = subprocess.run(demo, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr[-3000:]
    (result,) = json.loads(answer.stdout)["results"]
    assert (result["verdict"], result["guard"]["writes_let_through"]) == ("not_objected", 0)
    environment = result["environment"]
    assert environment["sandbox"]
    assert "--no-sandbox" not in environment["provenance"]["command_line"]


def test_the_documented_run_is_locked_down() -> None:
    """The documented command is read-only, without capabilities, and keeps the browser's sandbox on."""
    page = (ROOT / "docs" / "container.md").read_text(encoding="utf-8")
    command = next(block for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "--read-only" in block)
    words = shlex.split(command.replace("\\\n", " ").replace("$PWD", "."))
    for word in ("--read-only", "no-new-privileges", "seccomp=temoin-seccomp.json", "ALL"):
        assert word in words
    assert "--privileged" not in page
    assert "--no-sandbox" not in page
