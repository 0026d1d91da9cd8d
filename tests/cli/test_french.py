"""
Under `--lang fr` nobody reads English: help of every command, calls that cannot be read, errors, the log.

What others write (pydantic, Python's reader of TOML, the system) gets into our errors as their values, where no
extraction of sentences finds it: so each is provoked here.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from loguru import logger
from pydantic_core._pydantic_core import list_all_errors

import flows
from automation.cli import app, settings
from automation.config import load, shape
from automation.core.errors import ConfigurationError
from automation.core.verdicts import Verdict
from automation.text.catalogue import rule_of
from automation.text.language import language
from tests.cli.conftest import Program
from tests.web.seeded import seed


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*path, name))


def _sentences(command: Any) -> set[str]:
    """What the program says of a command in English, as paragraphs."""
    texts = [command.help or "", command.short_help or "", command.epilog or ""]
    texts += [getattr(parameter, "help", None) or "" for parameter in command.params]
    return {" ".join(paragraph.split()) for text in texts for paragraph in text.split("\n\n") if paragraph.strip()}


@pytest.mark.thorough
def test_the_help_of_every_command_is_french(temoin: Program) -> None:
    """No sentence, heading or note of the English help is left on a French page; options stay as they are."""
    commands = dict(_commands(typer.main.get_command(app)))
    assert len(commands) > 40
    for path, command in commands.items():
        page = temoin("--lang", "fr", *path, "--help").out
        flat = re.sub(r"[-\s]+", "", page)
        left = [text for text in _sentences(command) if re.sub(r"[-\s]+", "", text) in flat and " " in text]
        assert left == [], path
        assert not re.search(r"^(Usage|Commands):|\[default: |\[required\]|Show this message", page, re.MULTILINE), path
        assert "Utilisation" in page


def test_english_stays_english(temoin: Program) -> None:
    """After a French page the same program writes an English one."""
    temoin("--lang", "fr", "check", "--help")
    assert temoin("check", "--help").out.startswith("Usage: temoin check")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check",), "Erreur : il n’y a pas de temoin.toml dans ce dossier."),
        (("check", "--lang", "fr"), "Erreur : il n’y a pas de temoin.toml dans ce dossier."),
        (("report", "nowhere"), "Erreur : "),
        (("check", "--unknown"), "Erreur : L’option --unknown n’existe pas"),
        (("chek",), "Erreur : La commande « chek » n’existe pas."),
        ((), "Erreur : Il manque la commande."),
        (("demo", "--at-most", "many"), "Ce n’est pas un nombre entier."),
        (("answer", "someone"), "Erreur : "),
        (("report", "--format", "pfd"), "« pfd » ne fait pas partie de 'html'"),
        (("import",), "Il manque l’argument « tool ». Choisissez parmi :"),
        (("evidence", "pack", "x", "--output", "y.zip"), "n’est pas transmis : aucune preuve ici : "),
    ],
)
def test_what_goes_wrong_is_told_in_french(temoin: Program, arguments: tuple[str, ...], words: str) -> None:
    """Errors, their remedies and calls that cannot be read."""
    answer = temoin("--lang", "fr", *arguments)
    told = answer.err.replace("\u00a0", " ")
    assert words in told
    assert not re.search(r"\b(the|there|this|with|Name|Error|Usage|Try)\b", told), told


def test_a_wrong_configuration_is_told_in_french(temoin: Program) -> None:
    """Several problems at once, each with its place and remedy, and a suggestion."""
    Path("temoin.toml").write_text('[[account]]\nname = "x y"\nflow = "facebook"\n[browser]\nheadles = true\n')
    told = temoin("--lang", "fr", "check").err.replace("\u00a0", " ")
    for words in ("table inconnue `[[account]]`", "« [[accounts]] » ?", "clé inconnue `headles`", "« headless » ?"):
        assert words in told
    assert not re.search(r"\b(the|there|this|with|Known|wrong)\b", told), told


_ENGLISH = re.compile(
    r"\b(the|there|this|with|should|valid|expected|invalid|must|known|none|use|write|is|at least|than|less|greater|equal"
    r"|number|string|list|dictionary|boolean|integer|error|unable|characters?|items?|missing|cannot|correct|not)\b",
    re.IGNORECASE,
)
_AS_WRITTEN = re.compile(r"« [^»]*»|`[^`]*`|\"[^\"]*\"|\[\[?\w+]]?|(?<= : )[\w, ]+\.$", re.MULTILINE)
"""What is quoted, or lists names, is the same in every language."""
_VALUES = (
    "-1", "99999999", "1.5", "inf", '"x"', '""', "true", "[]", "[1]", '[""]', "{}", "{a = 1}", '{a = ""}', "{a = []}",
    "2026-01-01",
)  # fmt: skip
_ACCOUNT = {"name": '"a"', "flow": '"facebook.ai_objection"', "identity": '"100080000000007"'}
_EXCEPTION = {"account": '"a"', "verdict": '"refused"', "reason": '"r"', "owner": '"o"', "until": "2027-01-01"}


def _wrong_configurations() -> Iterator[str]:
    """Each key of each table with values of every kind, and each key of a list's entry left out."""
    for table, keys in shape.TABLE_KEYS.items():
        yield from (f"[{table}]\n{key} = {value}\n" for key in (*keys, "unknown") for value in _VALUES)
    yield from (f"{key} = {value}\n" for key in shape.TOP_KEYS for value in _VALUES)
    for name, entry in (("accounts", _ACCOUNT), ("exceptions", _EXCEPTION)):
        before = "" if name == "accounts" else _entry("accounts", _ACCOUNT)
        for key in shape.LISTS[name].model_fields:
            yield before + _entry(name, {other: value for other, value in entry.items() if other != key})
            yield from (before + _entry(name, {**entry, key: value}) for value in _VALUES)


def _entry(name: str, values: dict[str, str]) -> str:
    return f"[[{name}]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


_NO_TOML = (
    "a", "a =", "a = x", "= 1", "a = 'x", 'a = "x', "[a", "[[a]", "a = [1", "a = {b", "a = 1\na = 2", "[a]\n[a]", "a = 1 b",
    "a = 2026-13-01", 'a = "\\x"', 'a = "\\ud800"', "a = 'b\n'", "a = 1\n[a]\nb = 1", "a = {b = 1, b = 2}",
    "a.b = 1\na.b.c = 2", "[[a]]\n[a]", "a = {b = 1}\na.c = 2", "a\x01 = 1",
)  # fmt: skip


@pytest.mark.thorough
def test_no_wrong_value_is_told_in_english(tmp_path: Path) -> None:
    """Neither pydantic's words nor Python's about TOML are shown: whatever is wrong, and wherever it stands."""
    words, file, left = language("fr"), tmp_path / "temoin.toml", set[str]()
    told = 0
    for text in (*_wrong_configurations(), *_NO_TOML):
        file.write_text(text)
        try:
            load(file, for_signing_in=False)
        except ConfigurationError as error:
            said = f"{words.said(error.message)}\n{words.said(error.remedy)}".replace("\u00a0", " ")
            told += 1
            left |= {said for match in _ENGLISH.finditer(_AS_WRITTEN.sub("", said.replace(str(file), ""))) if match}
    assert told > 500
    assert left == set()


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        ("flow.toml", 'id = 1\nrevision = "2026-11-25"\n'),
        ("flow.toml", 'id = "ours.ai_training"\nrevision = "2026-11-25"\nno_such_key = 1\n'),
        ("site.toml", 'name = 1\nhosts = "x"\n'),
        ("labels.toml", '[[switch.en]]\nnames = "x"\n'),
    ],
)
def test_no_wrong_flow_is_told_in_english(file: str, wrong: str, temoin: Program) -> None:
    """An author's files: what pydantic says of them is said in our words."""
    for name, copy in (("quora", "ours"), ("declared", "declared")):
        shutil.copytree(Path(flows.__file__).with_name(name), f"own/{copy}")
    next(Path("own/ours").rglob(file)).write_text(wrong)
    answer = temoin("--lang", "fr", "flow", "check", "--flow-path", "own")
    told = next(line for line in (answer.out + answer.err).splitlines() if file in line)
    assert not re.search(r"\b(Input|Value|should|valid|required|permitted|Field|is|not)\b", told), told


@pytest.mark.parametrize("kind", [error["type"] for error in list_all_errors()])
def test_every_rule_of_the_parser_has_words_of_ours(kind: str) -> None:
    """Whatever kind of error a later version of the shapes brings up, its words are in the catalogue."""
    (detail,) = [error for error in list_all_errors() if error["type"] == kind]
    rule = rule_of({"type": kind, "ctx": detail["example_context"] or {}, "msg": "never shown"})
    assert "%(" not in rule
    assert language("fr").said(rule) != rule


@pytest.mark.parametrize(
    "code",
    [
        "ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "ENOTEMPTY", "EEXIST", "ENAMETOOLONG", "EROFS", "ENOSPC", "EDQUOT",
        "EIO", "EMFILE", "ELOOP", "EBUSY", "EAGAIN", "EINVAL", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH",
        "EHOSTUNREACH", "ENOEXEC",
    ],
)  # fmt: skip
def test_what_the_system_says_is_french(code: str) -> None:
    """As the reason in a sentence of ours, and as Python itself writes it."""
    why = os.strerror(getattr(errno, code))
    said = language("fr").said(f"mail.png: cannot be read ({why})")
    assert why not in said
    assert why not in language("fr").said(
        f"mail.png: cannot be read ({OSError(getattr(errno, code), why, 'mail.png')})"
    )


@pytest.mark.parametrize(
    "text", ["", "{", '{"a" 1}', '{"a": 1 "b"}', "[1 2]", '"a', '"\\x"', '"\\uZ"', '"\n"', "1 2", '{"a": 1,}']
)
def test_what_python_says_of_json_is_french(text: str) -> None:
    """Results, and other files that a program writes, may be cut off or changed by hand."""
    with pytest.raises(ValueError, match="char") as caught:
        json.loads(text)
    said = language("fr").said(f"the results are not JSON: {caught.value}")
    assert not re.search(r"Expecting|Illegal|Unterminated|Invalid|Extra|line \d|column|starting", said), said


def test_a_group_without_a_command_answers_with_its_french_help(temoin: Program) -> None:
    """Of each group that does nothing by itself; a call that is too short is told with code 2."""
    groups = {path: group for path, group in _commands(typer.main.get_command(app)) if getattr(group, "commands", None)}
    bare = {path: group for path, group in groups.items() if path and group.no_args_is_help}
    assert {"flow", "evidence", "account", "schedule"} <= {path[0] for path in bare}
    for path, group in bare.items():
        answer = temoin("--lang", "fr", *path)
        assert answer.code == 2
        flat = re.sub(r"[-\s]+", "", answer.err)
        assert [text for text in _sentences(group) if re.sub(r"[-\s]+", "", text) in flat and " " in text] == [], path
        assert not re.search(r"Usage|Commands:|Missing|Show this|Erreur", answer.err), path
        assert "Utilisation" in answer.err
        assert "Commandes" in answer.err


def test_what_authors_read_is_french(temoin: Program) -> None:
    """The files of the flows, what one of them needs, and the list of all: headings, notes and exceptions."""
    shown = temoin("--lang", "fr", "flow", "show", "chatgpt.ai_training").out
    for words in ("révision", "Commande", "signifie", "États", "demande", "interdit"):
        assert words in shown
    assert not re.search(r"\b(needs|forbids|States|Control|means|known|revision)\b", shown), shown
    checked = temoin("--lang", "fr", "flow", "check").out.replace("\u00a0", " ")
    assert "facebook.ai_objection: objected peut être lu en : en, es, it" in checked
    assert "chatgpt.ai_training: fr : il manque value.on" in checked
    assert "Tous les parcours sont en ordre." in checked
    assert not re.search(r"\b(can be|lacks|never|words that|verbs)\b", checked), checked
    assert "pt sauf" in temoin("--lang", "fr", "flow", "list").out


def test_what_is_said_beside_a_report_is_french(temoin: Program, tmp_path: Path) -> None:
    """Where `--lang` follows the command's name, warnings speak that language as well as the report does."""
    seed(tmp_path, tmp_path / "data")
    told = temoin("report", "--since", "2099-01-01", "--lang", "fr").err.replace("\u00a0", " ")
    assert told.startswith("Erreur : ")
    assert not re.search(r"\b(the|there|have|here|answers)\b", told), told


@pytest.mark.parametrize("command", ["cron", "systemd", "launchd", "task-scheduler", "github", "gitlab", "alarm"])
def test_a_schedule_speaks_french(temoin: Program, command: str) -> None:
    """Its comments, descriptions and messages; what machines read is the same in both languages."""
    Path("temoin.toml").write_text(
        '[[accounts]]\nname = "a"\nflow = "facebook.ai_objection"\nidentity = "100080000000007"\n'
        '[[accounts]]\nname = "b"\nflow = "x.ai_training"\nidentity = "1800080000000007"\nsign_in = "password"\n'
    )
    english = temoin("schedule", command).out.splitlines()
    french = temoin("schedule", command, "--lang", "fr").out.splitlines()
    assert len(english) == len(french)
    calls, prose = (
        re.compile(r"\b(temoin|pip|launchctl|schtasks|systemctl) .*"),
        re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b"),
    )
    assert [line for line in english if prose.search(calls.sub("", line))]
    assert [line for line in french if line in english and prose.search(calls.sub("", line))] == []
    assert not re.search(r"\b(the|this|Written|Keep|whoever|below)\b", "\n".join(set(french) - set(english)))


@pytest.mark.parametrize(
    "arguments", [("--lang", "fr", "history"), ("history", "--lang", "fr"), ("history", "--lang=fr"), ("history",)]
)
def test_the_log_speaks_the_language_of_the_call(
    arguments: tuple[str, ...], temoin: Program, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever `--lang` stands in it; without it, as the locale says."""
    if "fr" not in " ".join(arguments):
        monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    Path("temoin.toml").touch()
    temoin(*arguments)
    logger.info("{} {}", Verdict.OBJECTED, "")
    assert "Opposition en place" in capsys.readouterr().err


def test_the_log_is_french(temoin: Program, capsys: pytest.CaptureFixture[str]) -> None:
    """From INFO on; verdicts go by their French names, details below INFO stay as they are."""
    Path("temoin.toml").write_text('lang = "fr"\n')
    settings.load_settings(None)
    logger.info("{} {}", Verdict.NEEDS_HUMAN, "challenge")
    logger.warning("evidence waits on this machine's disk: {}", "a: b")
    told = capsys.readouterr().err.replace("\u00a0", " ")
    assert "Intervention requise challenge" in told
    assert "des preuves attendent sur le disque de cette machine : a: b" in told
