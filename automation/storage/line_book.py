"""A file that only ever grows: a JSON object a line, each on the disk before anybody relies on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from automation.core.errors import ConfigurationError, OutputError
from automation.storage.files import append_line, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_LOCK_S = 10.0


class LineBook:
    """
    One such file, for one process at a time.

    Args:
        path: where it lies; its folder is made with the first line.
        schema: name and version of its lines, which each of them repeats.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._path, self._schema = path, schema

    def read(self, take: Callable[[Mapping[str, Any]], None]) -> None:
        """
        Hand over every line, the oldest first; one without its end was never confirmed to anybody and is left out.

        Args:
            take: gets a line; its ValueError, KeyError or TypeError says that it is none.

        Raises:
            ConfigurationError: a line is damaged or of another version, or the file cannot be read.
        """
        for number, line in enumerate(self._lines(), 1):
            try:
                plain = json.loads(line)
                if plain["schema"] != self._schema:
                    raise ValueError(f"schema {str(plain['schema'])[:40]!r}")
                take(plain)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise ConfigurationError(
                    f"{self._path}:{number}: this version cannot read this line ({error})",
                    "Restore the file from a copy, or use the version of Témoin that wrote it. Nothing was changed.",
                ) from None

    def _lines(self) -> list[str]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{self._path}: cannot be read ({error})", "Correct its permissions or restore it from a copy."
            ) from None
        return text.split("\n")[:-1]

    def append(self, plain: Mapping[str, Any]) -> None:
        """
        Add one line, on the disk when this returns; what an interrupted write left behind is cut off first.

        Raises:
            OutputError: it cannot be written, or another process holds the file.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - most commands only read

        with writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_S):
                    line = json.dumps({"schema": self._schema, **plain}, ensure_ascii=False)
                    append_line(self._path, line.encode(), mode=0o600)
            except Timeout:
                raise OutputError(f"{self._path}: another process holds it", "Wait for it, and try again.") from None
