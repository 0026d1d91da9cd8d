"""Results that were written earlier: read one at a time, since a run of ten thousand accounts fits no small memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automation.core.errors import ConfigurationError
from automation.core.results import Outcome, Result, Run, exit_code_of, outcome_of
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import check_schema, from_json, read_result, read_run, result_text
from automation.reports.background import FULL_UP_TO
from automation.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME = "results.json"
"""What a run's folder calls them."""
SPOOL = "results.partial.jsonl"
"""In the run's folder while the run is under way: a result a line, in the order in which they came."""
_OPENING = b'"results": ['
_FIRST = b"\n    {"
_BETWEEN = b"\n    },\n"
_END = b"\n    }"
_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
_LARGEST_RESULT_BYTES = 32_000_000
_LARGEST_DOCUMENT_BYTES = 256_000_000
"""Where it is spelt otherwise than `to_json` does, and has to be read whole."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as a file holds it."""

    path: Path
    run: Run
    results: Callable[[], Iterator[Result]] = field(repr=False)
    """
    Reads the results, in the order in which they were written; it can be called again.

    Raises ConfigurationError where one does not follow the schema, or the file ends in the middle.
    """


def open_stored(path: Path) -> StoredRun:
    """
    Open the results of a run.

    Args:
        path: the file, or the run's folder that holds it.

    Raises:
        ConfigurationError: there is no such file, it cannot be read, or it holds no results of a known schema.
    """
    file = path / NAME if path.is_dir() else path
    with _reading(file), file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        run = _run_of(head)
        if run is not None:
            return StoredRun(file, run, lambda: _one_by_one(file, head.index(_OPENING) + len(_OPENING)))
        rest = stream.read(_LARGEST_DOCUMENT_BYTES)
        if len(rest) == _LARGEST_DOCUMENT_BYTES:
            raise ConfigurationError("larger than any results", "Name a file that temoin check --json wrote.")
        document = from_json((head + rest).decode("utf-8-sig"))
        return StoredRun(file, document.run, lambda: iter(document.results))


def open_all(
    files: Iterable[Path], unread: Callable[[ConfigurationError], object] = lambda _error: None
) -> Iterator[StoredRun]:
    """The runs in these files; the error of one that cannot be read goes to `unread`, and the file is passed over."""
    for file in files:
        try:
            yield open_stored(file)
        except ConfigurationError as error:
            unread(error)


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
    for _, piece in _cut(file, start):
        with _reading(file):
            yield read_result(piece)


def _cut(file: Path, start: int) -> Iterator[tuple[int, bytes]]:
    """Cut the list of results where one ends and the next begins: no text of a result can hold a line break."""
    with _reading(file), file.open("rb") as stream:
        stream.seek(start)
        rest, at = b"", start
        while chunk := stream.read(_CHUNK_BYTES):
            *pieces, rest = (rest + chunk).split(_BETWEEN)
            if len(rest) > _LARGEST_RESULT_BYTES:
                raise ConfigurationError("a result is larger than any", "Name a file that temoin check --json wrote.")
            for piece in pieces:
                yield at, piece + _END
                at += len(piece) + len(_BETWEEN)
        last = rest.rpartition(b"]")[0]
        if b"".join(rest[len(last) :].split()) != b"]}":
            raise ConfigurationError("the results end in the middle", "Check again, or name a file that is whole.")
        if last.strip():
            yield at, last


@dataclass(frozen=True, slots=True)
class IndexedResult:
    """What a list of thousands of accounts needs of one result, and where the whole of it stands."""

    account: str
    flow: str
    verdict: Verdict
    outcome: Outcome
    is_settled: bool
    """As `Result.is_settled`."""
    at: datetime
    """When the check finished; aware, UTC."""
    whose: int
    """Stands for the setting, for who was signed in, and for a stand-in or the real service."""
    reading: int
    """Stands for what was read of the setting, however it was judged; 0 for nothing."""
    is_unread: bool
    """Whether it leaves the answer before it as it was: nothing was read, or `strict` let what was read not count."""
    looks: frozenset[str]
    """Ids of the looks that it rests on."""
    file: Path
    start: int
    """First byte of it in the file."""
    size: int
    """Bytes."""

    def read(self) -> Result:
        """
        The result in full.

        Raises:
            ConfigurationError: the file is another one by now, or cannot be read.
        """
        with _reading(self.file), self.file.open("rb") as stream:
            stream.seek(self.start)
            return read_result(stream.read(self.size))


def index_of(stored: StoredRun) -> Iterator[IndexedResult]:
    """
    The results of a run, without holding any of them.

    Raises:
        ConfigurationError: a result cannot be read, or the file is not spelt as `temoin check` spells it.
    """
    with _reading(stored.path):
        with stored.path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        if _run_of(head) is None:
            raise ConfigurationError("these results were not written by temoin check", "Check again.")
        for start, piece in _cut(stored.path, head.index(_OPENING) + len(_OPENING)):
            try:
                yield _indexed(json.loads(piece), stored.path, start, len(piece))
            except (ValueError, KeyError, TypeError):
                raise ConfigurationError(
                    "a result cannot be read", "Check again, or name a file that is whole."
                ) from None


def _indexed(found: Mapping[str, Any], file: Path, start: int, size: int) -> IndexedResult:
    account, flow, outcome = str(found["account"]), str(found["flow"]), Outcome(str(found["outcome"]))
    verdict, reason = Verdict(str(found["verdict"])), Reason(str(found["reason"])) if found["reason"] else None
    expect = Verdict(str(found["expect"])) if found["expect"] else None
    signals = frozenset((one["name"], one.get("kind"), one.get("wording")) for one in found["signals"])
    unread = reason is Reason.STALE_FLOW if signals else reason is not None and reason.reads_nothing
    return IndexedResult(
        account=account,
        flow=flow,
        verdict=verdict,
        outcome=outcome,
        is_settled=outcome is Outcome.OK and outcome_of(verdict, expect) is Outcome.INCOMPLETE,
        at=datetime.fromisoformat(found["finished_at"]),
        whose=hash((flow, found["subject"], found["environment"]["stand_in"])),
        reading=hash(signals) if signals else 0,
        is_unread=unread and not found["guard"]["writes_let_through"],
        looks=frozenset(one["look"] for one in found.get("looks", ())),
        file=file,
        start=start,
        size=size,
    )


def lines_of(
    runs: Iterable[Iterable[IndexedResult]], wanted: Mapping[str, str]
) -> dict[str, tuple[IndexedResult, ...]]:
    """
    Account → its results, newest first, down to the newest that read anything.

    Args:
        runs: what each holds, the newest first; no more of them is taken than is needed.
        wanted: account → the flow that its results are to be of.
    """
    lines: dict[str, tuple[IndexedResult, ...]] = {}
    left = dict(wanted)
    for run in runs:
        for name, one in {one.account: one for one in run}.items():
            if left.get(name) == one.flow:
                lines[name] = (*lines.get(name, ()), one)
                if not one.is_unread:
                    del left[name]
        if not left:
            break
    return lines


def last_known(line: Sequence[IndexedResult], looks: Container[str]) -> IndexedResult | None:
    """
    The answer that still is the last one, although nothing was read since; None where the newest result read anything.

    What `strict` let not count has to be what the answer was read from. An answer of another person's session, or one
    that rests on a look that is not among these `looks` any more, is nobody's.
    """
    *unread, answer = line
    stands = all(one.whose == answer.whose and one.reading in {0, answer.reading} for one in unread)
    stands = stands and all(look in looks for look in answer.looks)
    return answer if unread and stands and answer.verdict.is_answer else None


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


def newest_of_each(
    runs: Sequence[StoredRun], wanted: Container[str] | None = None
) -> Iterator[tuple[StoredRun, Result]]:
    """
    The newest result of each account, with the run that it is from; newest run first, in each run as written.

    Args:
        runs: in any order.
        wanted: names of accounts; None for all.

    Raises:
        ConfigurationError: a result cannot be read.
    """
    seen: set[str] = set()
    for stored in sorted(runs, key=lambda stored: stored.run.finished_at, reverse=True):
        found = set()
        for result in stored.results():
            if result.account not in seen and (wanted is None or result.account in wanted):
                found.add(result.account)
                yield stored, result
        seen |= found


def brief(result: Result) -> Result:
    """The same without what only a page in full shows, so that thousands of them need little memory."""
    bare = replace(result, form=None, signals=(), exposure=(), steps=(), evidence=(), timings=())
    guard = replace(result.guard, allowed=(), blocked=(), requests=())
    return replace(bare, guard=guard, environment=replace(result.environment, provenance=None))


def one_run(runs: Sequence[StoredRun], results: Sequence[Result], output: str) -> Run:
    """
    The run that a report over several runs speaks of: from the first to the last of them.

    Args:
        runs: at least one.
        results: those of the report; the exit code is theirs.
        output: the folder below which all evidence lies.
    """
    if len(runs) == 1:
        return replace(runs[0].run, output=output)
    ordered = sorted((stored.run for stored in runs), key=lambda run: run.finished_at)
    return Run(
        id=f"{ordered[0].id} – {ordered[-1].id}",
        started_at=min(run.started_at for run in ordered),
        finished_at=ordered[-1].finished_at,
        temoin=", ".join(dict.fromkeys(run.temoin for run in ordered)),
        strict=all(run.strict for run in ordered),
        exit_code=int(exit_code_of(tuple(results))),
        output=output,
        stand_in=any(run.stand_in for run in ordered),
        operator=", ".join(dict.fromkeys(run.operator for run in ordered if run.operator)),
        case=", ".join(dict.fromkeys(run.case for run in ordered if run.case)),
        ledger_end=ordered[-1].ledger_end,
    )


class ResultSpool:
    """
    The results of one run, in a file until all are there.

    Args:
        accounts: how many there will be; few stay in memory as they are, so that thousands need little memory.
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
        self._path = folder / SPOOL
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
