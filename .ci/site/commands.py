"""The command line as Markdown: every command with its usage, words, arguments and options, from the program itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
import typer.main
from schema_tables import cell

from automation import cli


def page() -> str:
    """All commands, in the order in which `temoin --help` lists them."""
    root = typer.main.get_command(cli.app)
    parts = ["# Commands\n\nEvery command and option, written out from the program. `--help` shows the same."]
    parts += [_section(command, context) for command, context in _walk(root, None, "temoin")]
    return "\n\n".join(parts)


def exit_codes() -> list[tuple[str, str]]:
    """Command → what it says of its own exit codes, for those that have some."""
    root = typer.main.get_command(cli.app)
    return [
        (context.command_path, " ".join(paragraph.split()))
        for command, context in _walk(root, None, "temoin")
        for paragraph in (command.help or "").split("\n\n")
        if "Exit code" in paragraph
    ]


def _walk(command: Any, parent: Any, name: str) -> Iterator[tuple[Any, Any]]:
    if command.hidden:
        return
    context = typer.Context(command, info_name=name, parent=parent)
    yield command, context
    for inner in getattr(command, "commands", {}).values():
        yield from _walk(inner, context, inner.name)


def _section(command: Any, context: Any) -> str:
    path = context.command_path
    usage = " ".join(command.get_usage(context).split()).removeprefix("Usage: ")
    parts = [f"{'##' if path.count(' ') < 2 else '###'} {path} {{ #{path.replace(' ', '-')} }}", _prose(command.help)]
    parts.append(f"```text\n{usage}\n```")
    for title, options in (("Argument", False), ("Option", True)):
        rows = [_row(p, context) for p in command.params if p.opts[0].startswith("-") == options and not _usual(p)]
        if rows:
            parts.append("\n".join([f"| {title} | meaning |", "|---|---|", *rows]))
    return "\n\n".join(part for part in parts if part)


def _usual(parameter: Any) -> bool:
    return parameter.name == "help" or getattr(parameter, "hidden", False)


def _row(parameter: Any, context: Any) -> str:
    names, meaning = parameter.get_help_record(context) or (parameter.name, "")
    return f"| `{names.replace('|', chr(92) + '|')}` | {cell(_code(meaning))} |"


def _prose(text: str | None) -> str:
    return "\n\n".join(
        " ".join(_code(paragraph).split()).replace("<", "&lt;") for paragraph in (text or "").split("\n\n")
    )


def _code(text: str) -> str:
    """Options and variables in a sentence are set as code."""
    return re.sub(r"(?<![`\w-])(--[a-z][a-z-]+|TEMOIN_[A-Z_]+)(?!`)", r"`\1`", text)
