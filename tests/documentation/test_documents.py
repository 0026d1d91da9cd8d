"""README and `docs/`: every command exists, every configuration loads, all JSON is JSON, no block escapes."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from automation import cli
from automation.authoring.replica.actors import load_scenarios
from automation.config import load
from automation.config.shape import TOP_KEYS
from automation.core.errors import ConfigurationError
from automation.flow.control_table import ControlTable
from automation.flow.reads import ReadRules
from automation.flow.site import Masking
from automation.guard.policy import GuardTable
from automation.text.labels import parse_labels
from tests.documents import ROOT, Block, blocks, configurations, pages, write_configuration

KINDS = {"sh", "toml", "json", "text", "ini", "python", "yaml", "xml", "html", "markdown", "dockerfile"}


# --- what blocks there are


def test_every_block_says_what_it_is() -> None:
    """Each block names its language, so that none escapes the tests below."""
    assert {str(block): block.kind for block in blocks() if block.kind not in KINDS} == {}


def test_no_command_hides_in_plain_text() -> None:
    """What looks like a command stands in a block that is run or marked."""
    assert [str(block) for block in blocks("text", "ini") if block.mentions_commands] == []


@pytest.mark.parametrize("mark", sorted({b.mark for b in blocks() if b.mark.startswith("run by:")}))
def test_what_others_run_is_run(mark: str) -> None:
    """A block that another test runs is in a document that this test names."""
    test = ROOT / mark.split()[2]
    text = test.read_text(encoding="utf-8")
    for block in blocks():
        if block.mark == mark:
            assert block.page.name in text, f"{test} does not speak of {block}"


def test_every_page_has_one_title() -> None:
    """A page begins with its title, so that the site and a reader of the files see the same."""
    for page in pages():
        text = re.sub(r"\A---\n.*?\n---\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        outside = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
        assert text.lstrip().startswith("# "), page
        assert len(re.findall(r"^# ", outside, re.MULTILINE)) == 1, page


def test_the_story_of_one_check_names_files_that_are_there() -> None:
    """Whoever moves a file of the story in CONTRIBUTING.md tells it anew."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    story = text.partition("\n| | file | what happens |\n")[2].partition("\nRules ")[0]
    named = re.findall(r"`([a-z_]+/[a-z_/.]*)`", story)
    assert len(named) > 12
    assert [name for name in named if not (ROOT / "automation" / name).exists()] == []


def test_each_layer_of_the_guard_names_its_tests() -> None:
    """Beside each claim of the guard's page stands at least one file of tests, and every one that it names is there."""
    text = (ROOT / "docs" / "guard.md").read_text(encoding="utf-8")
    layers = text.partition("\n|---|---|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert len(layers) > 8
    assert [layer for layer in layers if not re.search(r"`test_\w+\.py`[^|]*\|$", layer)] == []
    named = set(re.findall(r"`(test_\w+\.py)`", text))
    assert named <= {path.name for path in (ROOT / "tests" / "guard").iterdir()}


# --- configurations


@pytest.mark.parametrize("block", configurations(), ids=str)
def test_every_configuration_loads(block: Block, tmp_path: Path) -> None:
    """A piece of `temoin.toml` is accepted as it stands, together with README's accounts where it names none."""
    named = re.findall(r'^name\s*=\s*"([a-z0-9-]+)"', block.text, re.MULTILINE)
    assert set(tomllib.loads(block.text)) <= set(TOP_KEYS), f"{block}: no configuration; say which file it is part of"
    write_configuration(tmp_path, [block.text])
    settings = load(tmp_path / "temoin.toml", tmp_path / ".env")
    accounts, authorities = settings.accounts, settings.time_stamps
    assert set(named) <= {account.name for account in accounts} | {authority.name for authority in authorities}


@pytest.mark.parametrize("block", [b for b in blocks("toml") if b.mark.startswith("part of:")], ids=str)
def test_every_piece_of_a_flow_is_accepted(block: Block, tmp_path: Path) -> None:
    """A piece of a flow's files says of which file it is, and that file may say it."""
    table = tomllib.loads(block.text)
    match block.mark.removeprefix("part of: "):
        case "flow.toml":
            for key, value in table.items():
                {"control": ControlTable, "masking": Masking}[key].model_validate(value)
        case "site.toml":
            for key, value in table.items():
                {"reads": ReadRules, "guard": GuardTable}[key].model_validate(value)
        case "labels.toml":
            assert list(parse_labels(table, str(block)).keys())
        case "scenarios.toml":
            (tmp_path / "scenarios.toml").write_text(block.text, encoding="utf-8")
            assert load_scenarios(tmp_path / "scenarios.toml", "facebook.ai_objection")
        case other:
            pytest.fail(f"{block}: {other} is no file that this test knows")


@pytest.mark.parametrize("block", [b for b in blocks("python") if not b.mark.startswith("run by:")], ids=str)
async def test_every_program_runs(block: Block) -> None:
    """A piece of Python runs as it stands, its own assertions included."""
    code = compile(block.text, str(block), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    ended = eval(code, {})
    if asyncio.iscoroutine(ended):
        await ended


def test_a_wrong_configuration_is_noticed(tmp_path: Path) -> None:
    """A key that does not exist is found, so that the test above means something."""
    write_configuration(tmp_path, ['[[accounts]]\nname = "a"\nflow = "facebook.ai_objection"\nidentiti = "1"\n'])
    with pytest.raises(ConfigurationError, match="identiti"):
        load(tmp_path / "temoin.toml", tmp_path / ".env")


def test_all_json_is_json() -> None:
    """Every block of JSON parses."""
    for block in blocks("json"):
        json.loads(block.text)


# --- commands


def _commands_of(block: Block) -> Iterator[list[str]]:
    """Each call of Témoin in a block: without comments, texts that a command is given, and what becomes of its output."""
    text = re.sub(r"<<-?\s*'?(\w+)'?\n.*?^\1$", "", block.text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(?:^|\s)#.*", "", text.replace("\\\n", " "), flags=re.MULTILINE)
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&<>()\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t", True, ""
    call: list[str] = []
    for word in [*lexer, ";"]:
        if word.strip(";|&<>()\n"):
            call.append(word)
            continue
        while call and re.fullmatch(r"\w+=.*", call[0]):
            call.pop(0)
        if call and call[0].rpartition("/")[2] == "temoin":
            yield call[1:]
        call = []


@lru_cache(maxsize=1)
def _program() -> Any:
    return typer.main.get_command(cli.app)


def _unknown(words: list[str]) -> str:
    """What of a call the program does not know; empty when it knows all of it."""
    command = _program()
    options: set[str] = set()
    rest = list(words)
    while True:
        options |= {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        commands = getattr(command, "commands", None)
        if not commands or not rest:
            break
        if rest[0] in commands:
            command = commands[rest.pop(0)]
        elif default := getattr(command, "default", ""):
            command = commands[default]
        elif rest[0].startswith("-"):
            break
        else:
            return rest[0]
    return next((word for word in rest if word.startswith("--") and word.partition("=")[0] not in options), "")


@pytest.mark.parametrize("block", [b for b in blocks("sh") if "temoin" in b.text], ids=str)
def test_every_command_exists(block: Block) -> None:
    """Commands and options are the program's, also where a block cannot be run here."""
    assert {" ".join(words): unknown for words in _commands_of(block) if (unknown := _unknown(words))} == {}


@pytest.mark.parametrize(
    "page", [p for p in pages() if p.parent.name != "decisions"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_every_command_in_a_sentence_exists(page: Path) -> None:
    """What a page calls `temoin …` within its text is a command with such options; decisions tell of their own day."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    calls = [" ".join(call.split()) for call in re.findall(r"`(temoin [^`]+)`", text)]
    named = {call: re.sub(r"[…|].*|--help$", "", call).split()[1:] for call in calls}
    assert {call: unknown for call, words in named.items() if (unknown := _unknown(words))} == {}


def test_a_command_that_does_not_exist_is_noticed() -> None:
    """A command or an option that the program lacks is found, wherever in a line it stands."""
    text = "A=1 .venv/bin/temoin a --b 'c d' | x  # why\nprintf 1 > f; temoin e \\\n  --f && cat <<'EOF'\nl'i\nEOF\n"
    assert list(_commands_of(Block(ROOT, 1, "sh", "", text))) == [["a", "--b", "c d"], ["e", "--f"]]
    assert _unknown(["nurse"]) == "nurse"
    assert _unknown(["flow", "heal", "x"]) == "heal"
    assert _unknown(["check", "--jsonl"]) == "--jsonl"
    assert _unknown(["history", "atelier-facebook"]) == ""
