"""Results of a run that is under way: written as they come, so that thousands of them need little memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reports.as_json import read_result, result_text
from automation.reports.background import FULL_UP_TO
from automation.reports.stored import brief
from automation.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from automation.core.results import Result

NAME = "results.partial.jsonl"
"""In the run's folder while the run is under way: a result a line, in the order in which they came."""


class ResultSpool:
    """
    The results of one run, in a file until all are there.

    Args:
        accounts: how many there will be; few stay in memory as they are.
    """

    def __init__(self, accounts: int) -> None:
        self._are_many = accounts > FULL_UP_TO
        self._places: dict[str, tuple[int, int]] = {}
        """Account → first byte and bytes of its line."""
        self._path: Path | None = None
        self._end = 0

    def keep(self, folder: Path, result: Result) -> Result:
        """
        Write a result down; what is to be held of it in memory.

        Args:
            folder: the run's.
            result: as it came.

        Raises:
            OutputError: it cannot be written.
        """
        self._path = folder / NAME
        line = result_text(result).encode() + b"\n"
        with writing(self._path), self._path.open("ab") as file:
            file.write(line)
        self._places[result.account] = self._end, len(line)
        self._end += len(line)
        return replace(brief(result), form=result.form) if self._are_many else result  # the history keeps forms

    def in_full(self, results: Iterable[Result]) -> Iterator[Result]:
        """These results as they came, one at a time."""
        for result in results:
            place = self._places.get(result.account)
            if not self._are_many or place is None or self._path is None:
                yield result
                continue
            with self._path.open("rb") as file:
                file.seek(place[0])
                yield read_result(file.read(place[1]))

    def close(self) -> None:
        """Remove the file: `results.json` holds all of it by now."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
