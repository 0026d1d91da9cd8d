"""The workshop: what the tree must not hold, and that its documents say what is so."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from automation.config import load
from automation.config.shape import PLAIN_VARIABLES, SECRET_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_FR = (ROOT / "README.fr.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:(?:work|root|builds|mnt)(?:/\w|(?=[\s\"'`),]|$))|tmp/\w)|/home/(?!lou\b)\w+|/Users/\w+|[A-Z]:\\Users"
)
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted|registry\.npmjs|npmjs\.(?:org|com)/|(?<!no-emit-)index-url|extra-index|artifactory|nexus\d?\.|simple/$",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|lorem ipsum)\b|\braise NotImplementedError\b")
# Names of services whose settings are read (Copilot, Claude) are the product's own subject.
ABOUT_THE_WORK = re.compile(r"\b(?:AI assistant|language model|chatbot|as an AI)\b", re.IGNORECASE)
VAGUE_NAMES = re.compile(
    r"^class \w*(?:Manager|Helper|Handler|Utils?)\b(?!\(logging)|^def \w*_(?:helper|util)\b", re.MULTILINE
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


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATHS, "see /" + "work/main/x.py"),
        (MACHINE_PATHS, 'cd "/root"'),
        (MACHINE_PATHS, "/home/jim/project"),
        (MACHINE_PATHS, "out = /tmp/x"),
        (REGISTRIES, "https://files.pythonhosted.org/x"),
        (REGISTRIES, "--index-url x"),
        (FORBIDDEN, "# TODO later"),
        (FORBIDDEN, "    raise NotImplementedError"),
        (VAGUE_NAMES, "class BrowserManager:"),
    ],
)
def test_the_search_finds_what_it_looks_for(pattern: re.Pattern[str], text: str) -> None:
    """The patterns of these tests match what they are meant to forbid, so that finding nothing means something."""
    assert pattern.search(text)


def test_no_file_names_a_registry() -> None:
    """Packages may come from any mirror: no address of a registry is written down."""
    assert _places(REGISTRIES) == []


def test_nothing_is_left_to_be_done() -> None:
    """No note about unfinished work stands in the code."""
    assert _places(FORBIDDEN, besides=("LICENSE",)) == []


def test_nothing_tells_how_it_was_written() -> None:
    """The tree speaks about the product, not about its making."""
    assert _places(ABOUT_THE_WORK) == []


def test_names_say_what_a_thing_is() -> None:
    """No class or function is called by a word that fits anything; `logging` has its own word for handlers."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0].strip()}"
        for path, text in _texts().items()
        if path.suffix == ".py"
        for match in VAGUE_NAMES.finditer(text)
    ]
    assert found == []


def test_modules_stay_readable() -> None:
    """No module of the product grows beyond what one reads in one go."""
    longest = {
        path.relative_to(ROOT).as_posix(): len(text.splitlines())
        for path, text in _texts().items()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"automation", "flows"}
    }
    assert {name: lines for name, lines in longest.items() if lines > 400} == {}


def test_every_test_states_its_promise() -> None:
    """Each test has a docstring that says what it promises."""
    import ast

    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, text in _texts().items()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] == "tests"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


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
            "automation/config/outgoing_proxy.py",
            "automation/browser/start.py",  # reads none: it hands them on to the browser, but for some
            "automation/browser/environment/machine.py",
            "automation/text/catalogue.py",  # the language, which is wanted before any setting is read
            "automation/cli/shared/logs.py",  # reads none: it takes DEBUG away, by which Playwright's driver would print what is typed
        }
    )


# The documents


def _program(name: str) -> dict[str, Any]:
    return runpy.run_path(str(ROOT / ".ci" / name), run_name="checked")


@pytest.mark.parametrize(("readme", "lang"), [(README, "en"), (README_FR, "fr")], ids=["en", "fr"])
def test_the_readme_says_what_is_so(readme: str, lang: str) -> None:
    """Help, make words, commands, configurations, exit codes and links in both README files are those of the program."""
    assert _program("check_readme.py")["problems"](readme, lang=lang) == []


def test_both_readmes_say_the_same() -> None:
    """Sections, commands, configuration, verdicts, exit codes and pictures of README.md are those of README.fr.md."""
    assert _program("check_readme.py")["differences"](README, README_FR) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("## Les commandes", "### Les commandes", "its heading's level number 7"),
        ("temoin report --format csv", "temoin report --format pdf", "its block of commands number 7"),
        ('owner    = "Atelier Dupont"', 'owner    = "Atelier Durand"', "its configuration number 1"),
        ("| `pending` |", "| `en_attente` |", "its first cell of a table number 3"),
        ("pictures/window.fr", "pictures/report.fr", "its picture number 2"),
        ("[English](README.md)", "English", "it does not lead to README.md"),
    ],
)
def test_a_readme_that_drifts_is_noticed(old: str, new: str, words: str) -> None:
    """What one language says otherwise than the other is found, whatever kind of thing it is."""
    assert old in README_FR
    found = "\n".join(_program("check_readme.py")["differences"](README, README_FR.replace(old, new)))
    assert words in found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  demo      Show", "  demo      Display", "temoin --help"),
        ("make test ", "make tests ", "`make tests` does not exist"),
        ("temoin report --format ", "temoin report --formats ", "no option --formats"),
        ("temoin doctor ", "temoin nurse ", "`temoin nurse` is no command"),
        ('expect   = "objected"', 'expect   = "objectid"', "is refused"),
        ("| 3 | incomplete", "| 5 | incomplete", "exit codes"),
        ("](LICENSE)", "](LICENCE)", "its link to LICENCE"),
    ],
)
def test_a_wrong_readme_is_noticed(old: str, new: str, words: str) -> None:
    """Each kind of mistake that README.md could hold is found."""
    assert old in README
    found = "\n".join(_program("check_readme.py")["problems"](README.replace(old, new)))
    assert words in found


def test_the_locks_fit_the_project() -> None:
    """Everything that pyproject.toml asks for is locked, with hashes and without an address."""
    locks = _program("locks.py")
    assert locks["problems"](PROJECT, locks["read"]()) == []


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


def test_every_make_word_is_documented() -> None:
    """Plain `make` lists every word that it knows, and each is declared as no file."""
    documented = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert documented == _words_of_make() == set(phony[1].split())


@pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")
def test_make_alone_lists_its_words() -> None:
    """`make` without a word does nothing but list them, each with what it does."""
    answer = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True
    )
    assert {line.split()[1] for line in answer.stdout.splitlines()} == _words_of_make()


@pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")
@pytest.mark.parametrize("python", ["", "false"])
def test_a_python_that_will_not_do_is_said_clearly(python: str, tmp_path: Path) -> None:
    """Without a Python that is new enough and can make environments, `make env` says what to install and stops."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/build.lock", "requirements/base.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    answer = subprocess.run(
        ["make", "-C", str(tmp_path), "env", f"PYTHON={python}"], capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    assert "Témoin needs Python 3.11 or newer" in answer.stderr
    assert "apt-get install python3 python3-venv" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_ci_runs_what_everybody_runs() -> None:
    """The program that CI calls is executable, stops at the first fault, and calls `make check` and nothing else."""
    path = ROOT / ".ci" / "run"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert os.access(path, os.X_OK)
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make check"]


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


def test_every_dependency_has_its_reason() -> None:
    """Each library that is declared is named on the page of reasons."""
    page = (ROOT / "docs/decisions/2026-11-25-dependencies.md").read_text(encoding="utf-8")
    groups = PROJECT["dependency-groups"].values()
    listed = [*PROJECT["project"]["dependencies"], *(text for group in groups for text in group)]
    assert [name for text in listed if (name := re.split(r"[>=<~ \[]", text)[0]) not in page] == []


def test_every_decision_is_listed() -> None:
    """The list of decisions names every page, and every page begins with its date."""
    folder = ROOT / "docs/decisions"
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    listed = set(re.findall(r"\]\(([^)]+)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert pages == listed
    assert all((folder / page).read_text(encoding="utf-8").startswith(f"# {page[:10]}: ") for page in pages)
