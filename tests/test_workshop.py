"""The workshop: what the tree must not hold, and that its documents say what is so."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from automation.config import load
from automation.config.shape import PLAIN_VARIABLES, SECRET_PARTS

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:(?:work|root|builds|mnt)(?:/\w|(?=[\s\"'`),]|$))|tmp/\w)|/home/(?!lou\b)\w+|/Users/\w+|[A-Z]:\\Users"
)
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted|registry\.npmjs|npmjs\.(?:org|com)/|(?<!no-emit-)index-url|extra-index|artifactory|nexus\d?\.|simple/$",
    re.IGNORECASE,
)


def _tracked() -> list[Path]:
    """Every file that git keeps or would keep; all files where git is not there."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        return [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    skipped = {".venv", ".git", "__pycache__", "temoin-evidence"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)]


@cache
def _texts() -> dict[Path, str]:
    texts: dict[Path, str] = {}
    for path in _tracked():
        raw = path.read_bytes()
        if b"\0" not in raw[:8192]:
            texts[path] = raw.decode("utf-8")
    return texts


def _places(pattern: re.Pattern[str], *, besides: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, text in _texts().items()
        if path.name not in {Path(__file__).name, *besides}
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """What is in the tree works anywhere: no path of the machine it was written on; an image's own paths are its own."""
    assert _places(MACHINE_PATHS, besides=("Dockerfile",)) == []


def test_no_file_names_a_registry() -> None:
    """Packages may come from any mirror: no address of a registry is written down."""
    assert _places(REGISTRIES) == []


def test_modules_stay_readable() -> None:
    """No module of the product grows beyond what one reads in one go."""
    longest = {
        path.relative_to(ROOT).as_posix(): len(text.splitlines())
        for path, text in _texts().items()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"automation", "flows"}
    }
    assert {name: lines for name, lines in longest.items() if lines > 400} == {}


# The environment


def _example() -> list[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return re.findall(r"^(\w+)=", text, re.MULTILINE)


def test_the_example_lists_every_variable_and_no_other() -> None:
    """`.env.example` and the settings name the same variables, each once."""
    account = [f"TEMOIN_SECRETS__ATELIER_FACEBOOK__{part}" for part in SECRET_PARTS]
    assert sorted(_example()) == sorted([*PLAIN_VARIABLES, *account])


def test_the_example_is_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of `.env.example` is accepted as it is, and changes none of the usual values."""
    for name in [name for name in os.environ if name.startswith("TEMOIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    usual = load()
    shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    assert load() == usual


def test_only_the_settings_read_the_environment() -> None:
    """No other module looks at variables; the machine's own reads those of others that say on what this runs."""
    readers = {
        path.relative_to(ROOT).as_posix()
        for path, text in _texts().items()
        if path.suffix == ".py" and "automation" in path.parts and re.search(r"\bos\.(environ|getenv)\b", text)
    }
    readers = {name for name in readers if name.startswith("automation/")}
    assert (
        readers
        <= {
            "automation/config/__init__.py",
            "automation/config/source_lines.py",
            "automation/config/values.py",
            "automation/browser/start.py",  # reads none: it hands them on to the browser, but for some
            "automation/browser/environment/machine.py",
            "automation/text/catalogue.py",  # the language, which is wanted before any setting is read
            "automation/app/logs.py",  # reads none: it takes DEBUG away, by which Playwright's driver would print what is typed
        }
    )


# The documents


def _program(name: str) -> dict[str, Any]:
    return runpy.run_path(str(ROOT / ".ci" / name), run_name="checked")


LOCKED_LOGURU = re.compile(r"^loguru==\S+ \\\n(?:    --hash\S+(?: \\)?\n)+", re.MULTILINE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lock: LOCKED_LOGURU.sub("", lock), "loguru>=0.7.3 is not locked in base.lock"),
        (lambda lock: re.sub(r"^loguru==\S+", "loguru==0.1.0", lock, flags=re.MULTILINE), "does not satisfy it"),
        (lambda lock: lock.replace("--hash=sha256", "--hash=md5", 2), "is locked without a hash"),
        (lambda lock: "--index-url https://mirror.example/simple\n" + lock, "names an address"),
        (lambda lock: re.sub(r"^packaging==\S+", "packaging==1.0", lock, flags=re.MULTILINE), "to 2 versions"),
        (lambda _: None, "base.lock is missing"),
    ],
)  # fmt: skip
def test_a_wrong_lock_is_noticed(change: Callable[[str], str | None], words: str) -> None:
    """A lock that misses a package, holds an old one, lacks hashes, names an address or is not there is found."""
    locks = _program("locks.py")
    files = locks["read"]()
    files["base"] = change(files["base"])
    there = {name: text for name, text in files.items() if text is not None}
    assert words in "\n".join(locks["problems"](PROJECT, there))


def _words_of_make() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


@pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")
def test_make_alone_lists_its_words() -> None:
    """`make` without a word does nothing but list them, each with what it does."""
    answer = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True
    )
    assert {line.split()[1] for line in answer.stdout.splitlines()} == _words_of_make()


@pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")
@pytest.mark.parametrize(
    ("python", "lang", "said"),
    [("", "en", "Témoin needs Python 3.11 or newer"), ("false", "fr", "Témoin demande Python 3.11 ou plus récent")],
)
def test_a_python_that_will_not_do_is_said_clearly(python: str, lang: str, said: str, tmp_path: Path) -> None:
    """Without a Python that is new enough and can make environments, `make env` says what to install and stops."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/installer.lock", "requirements/build.lock", "requirements/base.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    answer = subprocess.run(
        ["make", "-C", str(tmp_path), "env", f"PYTHON={python}"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TEMOIN_LANG": lang},
    )
    assert answer.returncode != 0
    assert said in answer.stderr
    assert "apt-get install python3 python3-venv" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_package_runs_on_what_it_declares() -> None:
    """Every library that the product imports is declared, so that installing it is enough."""
    import ast

    extras = [text for extra in PROJECT["project"]["optional-dependencies"].values() for text in extra]
    declared = {
        re.split(r"[>=<~ \[]", text)[0].replace("-", "_").lower()
        for text in (*PROJECT["project"]["dependencies"], *extras)
    }
    imported_as = {"python_dotenv": "dotenv", "dkimpy": "dkim", "dnspython": "dns", "pillow": "PIL"}
    declared |= {name for package, name in imported_as.items() if package in declared}
    declared |= {"pytest"} if "pytest_playwright" in declared else set()  # brings it, and it alone loads our plugin
    declared |= {"markupsafe", "pydantic_core"}  # parts of Jinja and pydantic, which name them in their own interfaces
    ours = {"automation", "flows", "__future__"}
    used = {
        name.partition(".")[0]
        for path, text in _texts().items()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ours
        for node in ast.walk(ast.parse(text))
        for name in _imported(node)
    }
    assert used - sys.stdlib_module_names - ours - declared == set()


def _imported(node: Any) -> list[str]:
    import ast

    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
