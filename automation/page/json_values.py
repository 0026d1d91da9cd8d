"""The JSON that a page carries or was answered: going through it, and reading what inline scripts assign to a name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any


def walk(value: Any) -> Iterator[Any]:
    """Every value in a piece of JSON, the piece itself first; without recursion, so depth does no harm."""
    stack = [value]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, dict):
            stack.extend(reversed(list(current.values())))
        elif isinstance(current, list):
            stack.extend(reversed(current))


_ASSIGNMENT = re.compile(
    r"""(?:^|[\s;{},(])(?P<name>[\w$]{1,60}(?:\.[\w$]{1,60}|\[(?:"[\w$.-]+"|'[\w$.-]+')\])*)\s*=\s*"""
    r"""(?:(?P<open>[{\[])|JSON\.parse\(\s*(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))"""
)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_MOST = 200
"""Assignments looked at in one script: code assigns far more often than data is handed over."""
_LONGEST_LITERAL = 200_000
"""Of a literal with single quotes; longer ones are bundled code."""


def assigned(script: str) -> Iterator[tuple[str, Any]]:
    """
    The last part of each name that a script assigns JSON to, and the value; what is no JSON is passed over.

    Quotes may be single, as scripts write them; nothing is run.
    """
    at, looked = 0, 0
    decoder = json.JSONDecoder()
    while looked < _MOST and (found := _ASSIGNMENT.search(script, at)):
        looked += 1
        name, at = _last_part(found["name"]), found.end()
        if found["quoted"]:
            value = _parsed(_unquoted(found["quoted"]))
        else:
            start = found.start("open")
            try:
                value, at = decoder.raw_decode(script, start)
            except (json.JSONDecodeError, RecursionError):
                value = _parsed(_double_quoted(script, start))
        if isinstance(value, dict | list) and value:
            yield name, value


def _last_part(name: str) -> str:
    found = re.search(r"\[[\"']([^\]]+)[\"']\]$|([^.\]]+)$", name)
    return (found[1] or found[2]) if found else name


def _unquoted(literal: str) -> str:
    body = literal[1:-1]
    if literal[0] == "'":
        body = body.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{body}"'))
    except json.JSONDecodeError:
        return ""


def _double_quoted(script: str, start: int) -> str:
    """The literal that begins here with its single quotes made double; empty where it has no end."""
    if script[start + 1 : start + 80].lstrip()[:1] != "'":  # code, as most of what is assigned
        return ""
    literal = script[start : _end_of(script, start)]
    return _QUOTED.sub(lambda m: json.dumps(m[1].replace("\\'", "'")), literal) if '"' not in literal else ""


def _end_of(script: str, start: int) -> int:
    """Where the literal that begins here ends; its beginning where it does not end."""
    depth, quote, at = 0, "", start
    while at < min(len(script), start + _LONGEST_LITERAL):
        letter = script[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"`":
            quote = letter
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return start


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (json.JSONDecodeError, RecursionError):
        return None
