"""Where things stand: the line of each key of a TOML file, and of each variable of a `.env` file."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from automation.core.errors import ConfigurationError

KeyPath = tuple[str | int, ...]
"""Such as `("accounts", 1, "flow")`."""


def read_text(path: Path) -> str:
    """Read a configuration file. Raises ConfigurationError: it is missing, a folder, not readable, or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path}: there is no such file.", "Name your configuration with --config, or create this file."
        ) from None
    except IsADirectoryError:
        raise ConfigurationError(f"{path}: this is a folder, not a file.", "Name the file inside it.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: this file is not UTF-8 text.", "Save it again as UTF-8.") from None
    except OSError as error:
        raise ConfigurationError(
            f"{path}: this file cannot be read ({error.strerror}).", "Give yourself the right to read it."
        ) from None


_SECRET_ENDS = ("_KEY", "PASSWORD", "SECRET", "TOKEN", "USERNAME", "DATABASE", "URLS")
_HIDDEN: dict[str, str] = {}
"""Secrets of the environment that this process began with, once they were taken out of it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable and where it was set."""

    name: str
    value: str = field(repr=False)
    place: str
    """`environment` or `.env:3`."""

    @property
    def where(self) -> str:
        """For the start of a message."""
        return f"{self.name} (in the environment)" if self.place == "environment" else f"{self.place}: {self.name}"


def is_secret(name: str) -> bool:
    """Whether a variable of ours holds what no child process needs: passwords, user names, codes, keys."""
    upper = name.upper()
    return upper.startswith("TEMOIN_") and (upper.startswith("TEMOIN_SECRETS__") or upper.endswith(_SECRET_ENDS))


def hide_secrets_from_children() -> None:
    """
    Take the secrets out of this process's environment, which every child inherits, and keep them for the configuration.

    Node, the browser and what Python asks of a compiler need none of them. Called once, before anything is started.
    """
    for name in [name for name in os.environ if is_secret(name)]:
        _HIDDEN[name] = os.environ.pop(name)


@contextmanager
def secrets_hidden() -> Iterator[None]:
    """The same for a while, in a process that is not ours alone: what is started meanwhile inherits none of them."""
    before = {name: value for name, value in os.environ.items() if is_secret(name)}
    hide_secrets_from_children()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ[name] = value
            del _HIDDEN[name]


def variables(prefix: str, env_files: list[Path], environment: Mapping[str, str] | None = None) -> dict[str, Variable]:
    """
    All variables with a prefix, by upper-case name; the environment wins, then the first file that sets it.

    Values of a file are taken as they stand: `${…}` is not expanded, because passwords may contain it.
    Empty ones count as not set.

    Raises ConfigurationError: a file cannot be read, or a line of it is not `NAME=value`.
    """
    found: dict[str, Variable] = {}
    for name, value in ({**_HIDDEN, **os.environ} if environment is None else environment).items():
        if name.upper().startswith(prefix) and value:
            found[name.upper()] = Variable(name.upper(), value, "environment")
    for path in env_files:
        with_lines = _env_file(path, prefix)
        found = with_lines | found
    return found


def _env_file(path: Path, prefix: str) -> dict[str, Variable]:
    found: dict[str, Variable] = {}
    for binding in parse_stream(StringIO(read_text(path))):
        written = binding.original.string
        line = binding.original.line + len(written) - len(written.lstrip("\n"))
        if binding.error:
            raise ConfigurationError(
                f"{path}:{line}: this line is not NAME=value.",
                "Write one variable a line; put a value with spaces, quotes or # in single quotes.",
            )
        if binding.key and binding.value and binding.key.upper().startswith(prefix):
            found[binding.key.upper()] = Variable(binding.key.upper(), binding.value, f"{path}:{line}")
    return found


def nameless_lines(path: Path) -> tuple[int, ...]:
    """
    Lines of a `.env`, from 1, that hold a word and no `NAME=`: they set nothing. `export NAME` is the shell's own.

    Raises ConfigurationError: the file cannot be read.
    """
    found = []
    for binding in parse_stream(StringIO(read_text(path))):
        written = binding.original.string
        word = written.lstrip()
        if binding.key and binding.value is None and not binding.error and not word.startswith("export "):
            found.append(binding.original.line + written[: len(written) - len(word)].count("\n"))
    return tuple(found)


def lines_of(text: str) -> dict[KeyPath, int]:
    """
    The line, counted from 1, of every key, table and array element of a TOML text that `tomllib` accepts.

    `tomllib` keeps no places, and a message without its line is of little use.
    """
    scanner = _Scanner(text)
    with suppress(IndexError, ValueError):  # not TOML after all: what was found so far is still right
        scanner.document()
    return scanner.lines


class _Scanner:
    """A single pass over TOML that already parsed: it follows the shape and decodes nothing but keys."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n") + "\n\0"
        self.at = 0
        self._ends = [found.start() for found in re.finditer("\n", self.text)]
        self.lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self._blank(newlines=True)
            if self.text[self.at] == "\0":
                return
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        start = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        keys = self._key()
        self.at = self.text.index("]", self.at) + (2 if double else 1)
        path: KeyPath = ()
        for number, key in enumerate(keys, 1):
            path = (*path, key)
            if number == len(keys) and double:
                self._counts[path] = self._counts.get(path, -1) + 1
                self._note(path, start)
            if path in self._counts:
                path = (*path, self._counts[path])
            self._note(path, start)
        return path

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = table
        for key in self._key():
            path = (*path, key)
            self._note(path, start)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._blank()
        char = self.text[self.at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._list(path, "]")
        elif char == "{":
            self._list(path, "}")
        else:
            while self.text[self.at] not in ",]}#\n\0":
                self.at += 1

    def _list(self, path: KeyPath, closing: str) -> None:
        self.at += 1
        number = 0
        while True:
            self._blank(newlines=True)
            if self.text[self.at] == closing:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "}":
                self._pair(path)
            else:
                before = self.at
                self._note((*path, number), before)
                self._value((*path, number))
                if self.at == before:
                    raise ValueError("not TOML")  # untold: tomllib said so before
                number += 1

    def _key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._blank()
            start = self.at
            if self.text[self.at] in "\"'":
                self._string()
                keys.append(self.text[start + 1 : self.at - 1])
            else:
                while self.text[self.at].isalnum() or self.text[self.at] in "-_":
                    self.at += 1
                keys.append(self.text[start : self.at])
            self._blank()
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(mark)
        while not self.text.startswith(mark, self.at):
            self.at += 2 if self.text[self.at] == "\\" and quote == '"' else 1
        self.at += len(mark)
        while len(mark) == 3 and self.text[self.at] == quote:  # """a""""" ends with quotes of its own
            self.at += 1

    def _blank(self, *, newlines: bool = False) -> None:
        while self.text[self.at] in (" \t\n" if newlines else " \t") or self.text[self.at] == "#":
            if self.text[self.at] == "#":
                self.at = self.text.index("\n", self.at)
                if not newlines:
                    return
            else:
                self.at += 1

    def _note(self, path: KeyPath, at: int) -> None:
        self.lines.setdefault(path, bisect_left(self._ends, at) + 1)
