"""Results that were written earlier, read again one at a time: a run of ten thousand accounts fits no small memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from automation.errors import ConfigurationError
from automation.reports.as_json import check_schema, from_json, read_result, read_run
from automation.results import Result, Run

NAME = "results.json"
"""What a run's folder calls them."""
_OPENING = b'"results": ['
_FIRST = b"\n    {"
_BETWEEN = b"\n    },\n"
_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """One run as a file holds it."""

    path: Path
    run: Run
    results: Callable[[], Iterator[Result]] = field(repr=False)
    """
    Reads the results, in the order in which they were written; it can be called again.

    Raises ConfigurationError where one does not follow the schema, or the file ends in the middle.
    """


def open_stored(path: Path) -> Stored:
    """
    Open the results of a run.

    Args:
        path: the file, or the run's folder that holds it.

    Raises:
        ConfigurationError: there is no such file, it cannot be read, or it holds no results of a known schema.
    """
    file = path / NAME if path.is_dir() else path
    with _reading(file):
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            run = _run_of(head)
            if run is not None:
                return Stored(file, run, lambda: _one_by_one(file, head.index(_OPENING) + len(_OPENING)))
            document = from_json((head + stream.read()).decode("utf-8-sig"))
        return Stored(file, document.run, lambda: iter(document.results))


def _run_of(head: bytes) -> Run | None:
    """The run, where the file is spelt as `to_json` spells it: `schema`, `run`, and then one result after another."""
    before, found, after = head.partition(_OPENING)
    if not found or not after.startswith((_FIRST, b"]")):
        return None
    try:
        plain = json.loads(before + _OPENING + b"]}")
    except ValueError:
        return None
    if set(plain) != {"schema", "run", "results"}:
        return None
    check_schema(plain["schema"])
    return read_run(plain["run"])


def _one_by_one(file: Path, start: int) -> Iterator[Result]:
    """Cut the list of results where one ends and the next begins: no text of a result can hold a line break."""
    with _reading(file), file.open("rb") as stream:
        stream.seek(start)
        rest = b""
        while chunk := stream.read(_CHUNK_BYTES):
            *pieces, rest = (rest + chunk).split(_BETWEEN)
            for piece in pieces:
                yield read_result(piece + b"}")
        last, closed, _ = rest.rpartition(b"]")
        if not closed or rest[len(last) :].split() != [b"]", b"}"]:
            raise ConfigurationError("the results end in the middle", "Check again, or name a file that is whole.")
        if last.strip():
            yield read_result(last)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Name the file in whatever goes wrong with it."""
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error.message}", error.remedy) from None
    except FileNotFoundError:
        raise ConfigurationError(
            f"{file}: there are no results here", "Name the folder of a run, or a file that temoin check --json wrote."
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file}: this is not UTF-8 text", "Name a file with results.") from None
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error.strerror or error})", "Give yourself the right to read it."
        ) from None
