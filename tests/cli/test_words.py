"""The words of the command line: each under its heading, each old one still good, and none of them in a text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from automation.cli import app
from automation.cli.commands import COMMANDS, RENAMED
from tests.cli.conftest import Program
from tests.documents import ACCOUNTS, ROOT
from tests.turns import HANGING_S

HEADINGS = {
    "For everybody": ["ui", "demo", "doctor", "account", "check", "report", "look", "object", "history"],
    "Evidence": ["verify", "evidence"],
    "Services": ["flow", "registry"],
    "By itself": ["schedule", "fleet", "mcp"],
}


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A command and all that are in it, each with the words that lead there."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, (*path, name))


def test_the_help_has_four_headings(temoin: Program) -> None:
    """Each word stands below its heading, on one line of at most 80 columns, in both languages; no hidden one does."""
    english, french = temoin("--help").out, temoin("--lang", "fr", "--help").out
    found = dict(re.findall(r"^([A-Z][a-z ]+):\n((?:  \w.*\n)+)", english, re.MULTILINE))
    listed = {heading: re.findall(r"^  (\w+)  ", lines, re.MULTILINE) for heading, lines in found.items()}
    assert {heading: listed[heading] for heading in HEADINGS} == HEADINGS
    for words in ("Pour tous", "Preuves", "Services", "En autonomie"):
        assert f"\n{words} :\n" in french
    assert max(map(len, (english + french).splitlines())) <= 80


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_word_still_works(old: str, new: str, temoin: Program) -> None:
    """It answers as the new one does, with one line of hint on standard error, and stands in no help."""
    before, now = temoin(*old.split(), "--help"), temoin(*new.split(), "--help")
    assert now.code == 0
    assert now.err == ""
    if old not in COMMANDS:
        assert (before.code, before.out) == (0, now.out)
        assert before.err == f"`temoin {old}` is now `temoin {new}`\n"
    if old.partition(" ")[0] not in COMMANDS:
        assert not re.search(rf"^  {old.partition(' ')[0]} ", temoin("--help").out, re.MULTILINE)


def test_the_hint_names_what_was_called(temoin: Program) -> None:
    """A whole group that was renamed, options before the word, an account after it; in the language of the call."""
    assert temoin("-v", "session", "list").err == "`temoin session list` is now `temoin account list`\n"
    told = temoin("--lang", "fr", "keys", "identity", "set", piped="x")
    told.ended(2, "`temoin keys identity set` est devenu `temoin evidence key identity set`")
    temoin("object", "somebody").ended(2, "`temoin object` is now `temoin object file`")
    assert "is now" not in temoin("object", "list").err
    assert temoin("object").code == 2


_BASE_INSTALL = """
import sys
for extra in ("apprise", "fsspec", "mcp", "procrastinate", "psycopg", "s3fs", "warcio"):
    sys.modules[extra] = None
from typer.main import get_command
from typer.testing import CliRunner
from automation.cli import app
from tests.cli.test_words import walk
asked = [*(" ".join((*path, "--help")) for path, _ in walk(get_command(app))), "history", "schedule cron"]
asked += ["history --fleet", "fleet status", "fleet enqueue", "fleet migrate", "fleet work", "fleet retire x"]
for line in asked:
    answer = CliRunner().invoke(app, line.split())
    if answer.exit_code not in (0, 2) or (line.endswith("--help") and answer.exit_code):
        print(line, answer.output)
print(len(asked))
"""


def test_every_command_is_there_without_extras(tmp_path: Path) -> None:
    """Where only what every installation has is installed, each command can be asked, and the history, too."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path)}
    environment["TEMOIN_FLEET__DATABASE"] = "postgresql://nobody@127.0.0.1:1/none"
    command = [sys.executable, "-c", _BASE_INSTALL]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.strip().isdigit(), ended.stdout
    assert int(ended.stdout) > 70


def test_what_lists_has_json() -> None:
    """Every command that lists something can say it to a program, and every one of a person's words takes `--by`."""
    options = {
        " ".join(path): {name for parameter in command.params for name in parameter.opts}
        for path, command in walk(get_command(app))
    }
    lists = [path for path in options if path.endswith((" list", "history show", "status", "stale", "registry check"))]
    assert len(lists) >= 9
    assert [path for path in lists if "--json" not in options[path]] == []
    said = ("account accept", "look at", "look revoke", "look import", "object file", "object confirm")
    assert [path for path in (*said, "evidence remove", "answer record") if "--by" not in options[path]] == []


_TEXTS = ("automation/**/*.py", "automation/**/*.yml", "automation/**/*.j2", "automation/**/*.po", "flows/**/*.toml")
_PAGES = (
    "docs/**/*.md",
    "skills/**/*.md",
    "*.md",
    "templates/*",
    "action.yml",
    "compose.yaml",
    ".env.example",
    "Dockerfile",
)
_OLD = re.compile(
    r"(?<![\w/.-])temoin[\"'`]? (?:(?:-v|--lang \w+) )*(?:"
    + "|".join(old for old in RENAMED if old not in COMMANDS and old != "words")
    + r"|object (?!file|list|confirm|letter|mail|-))\b(?!-)"
)


def test_no_text_names_an_old_word() -> None:
    """Messages in both languages, pages, templates and the skill call commands as they are called today."""
    found = []
    for path in (path for pattern in (*_TEXTS, *_PAGES) for path in ROOT.glob(pattern)):
        flat = re.sub(r"\s+", " ", re.sub(r"\"\s*\n\s*f?\"", "", path.read_text(encoding="utf-8")))
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in _OLD.finditer(flat)]
    assert found == []


def _completed(line: str, folder: Path) -> list[str]:
    """What the shell is offered for the last word of a line."""
    environment = {**os.environ, "_TEMOIN_COMPLETE": "complete_bash", "COMP_WORDS": line, "PYTHONPATH": str(ROOT)}
    environment["COMP_CWORD"] = str(len(line.split(" ")) - 1)
    code = "from automation.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False,
        timeout=HANGING_S,
    )  # fmt: skip
    assert ended.stderr == ""
    return ended.stdout.split()


def test_the_shell_completes_accounts_and_flows(tmp_path: Path) -> None:
    """Names of the configuration, flows that are here, and the words themselves; nothing where it cannot be read."""
    (tmp_path / "temoin.toml").write_text(ACCOUNTS)
    assert _completed("temoin check atelier-f", tmp_path) == ["atelier-facebook"]
    assert _completed("temoin account login atelier", tmp_path) == ["atelier-facebook", "atelier-instagram"]
    assert _completed("temoin session forget atelier-i", tmp_path) == ["atelier-instagram"]
    assert _completed("temoin flow show chatgpt", tmp_path) == ["chatgpt.ai_training"]
    assert _completed("temoin hist", tmp_path) == ["history"]
    (tmp_path / "temoin.toml").write_text("nonsense")
    assert _completed("temoin check atelier", tmp_path) == []
