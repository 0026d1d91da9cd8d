"""
Files beside the evidence that only ever grow: a JSON object a line, each on the disk before anybody relies on it.

`cases/cases.jsonl`: a line for the consent, written before anything can leave; a line just before the request leaves; a
line for what came after it, and for each word of the service. `answers/answers.jsonl`: a line an answer of a person, a
line a withdrawal; a file that was handed in lies beside it under its own SHA-256. `foreign/readings.jsonl`: what other
programs read. `given/given.jsonl`: to whom a report was given, and when.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from automation.core.cases import SCHEMA, Case, CaseEvent, CaseSource, CaseState
from automation.core.errors import ConfigurationError, OutputError
from automation.core.policy import AnswerFile, ForeignReading, Statement
from automation.core.records import BundleRef
from automation.core.results import Filing, Outcome
from automation.core.verdicts import Verdict
from automation.storage.files import append_line, write_whole, writing

_LOCK_S = 10.0


class LineBook:
    """One such file, for one process at a time; each line repeats the name and version of its schema."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path, self._schema = path, schema

    def read(self, take: Callable[[Mapping[str, Any]], None]) -> None:
        """
        Hand over every line, the oldest first; one without its end was never confirmed to anybody and is left out.

        Raises ConfigurationError where the file cannot be read, or a line is of another version or none, as a
        ValueError, KeyError or TypeError of `take` says.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{self._path}: cannot be read ({error})", "Correct its permissions or restore it from a copy."
            ) from None
        for number, line in enumerate(lines, 1):
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

    def append(self, plain: Mapping[str, Any]) -> None:
        """Add one line, on the disk when this returns, or OutputError; what a broken-off write left is cut first."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - most commands only read

        with writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_S):
                    line = json.dumps({"schema": self._schema, **plain}, ensure_ascii=False)
                    append_line(self._path, line.encode(), mode=0o600)
            except Timeout:
                raise OutputError(f"{self._path}: another process holds it", "Wait for it, and try again.") from None


CASES = "cases"


class CaseBook:
    """The cases of one evidence folder."""

    def __init__(self, root: Path) -> None:
        self._book = LineBook(root / CASES / "cases.jsonl", SCHEMA)

    def cases(self) -> tuple[Case, ...]:
        """All cases, the oldest first; ConfigurationError where the file cannot be read."""
        found: dict[str, Case] = {}
        self._book.read(partial(_take_case, found))
        return tuple(found.values())

    def begin(self, account: str, flow: str, form_id: str, *, by: str, at: datetime | None = None) -> str:
        """Keep that a person agreed, before anything can leave; the case's number. Raises as `cases`; OutputError."""
        self.cases()  # a book that cannot be read is not written on
        number = secrets.token_hex(4)
        event = CaseEvent(CaseState.RELEASED, at or datetime.now(UTC), CaseSource.FILING, by)
        self._book.append({"id": number, "account": account, "flow": flow, "form_id": form_id, **_event_line(event)})
        return number

    def leaving(self, number: str, at: datetime) -> None:
        """Keep that the request is about to leave; on the disk when this returns, or OutputError."""
        self.move(number, CaseEvent(CaseState.FILED, at, CaseSource.FILING))

    def details(self, number: str, filing: Filing) -> None:
        """Keep what the service's page said after it. Raises OutputError where it cannot be written."""
        self._book.append({"id": number, "reference": filing.reference, "promise": filing.promise})

    def sealed(self, number: str, bundle: BundleRef) -> None:
        """Keep which bundle shows the filing. Raises OutputError where it cannot be written."""
        self._book.append({"id": number, "bundle": bundle.path, "seal": bundle.envelope_sha256})

    def move(self, number: str, event: CaseEvent) -> None:
        """Keep what happened to a case. Raises OutputError where it cannot be written."""
        self._book.append({"id": number, **_event_line(event)})


def _take_case(found: dict[str, Case], plain: Mapping[str, Any]) -> None:
    number = str(plain["id"])
    if "account" in plain:
        found[number] = Case(
            number, str(plain["account"]), str(plain["flow"]), str(plain["form_id"]), (_event_of(plain),)
        )
        return
    case = found[number]
    if "state" in plain:
        case = replace(case, events=(*case.events, _event_of(plain)))
    elif "bundle" in plain:
        last = [n for n, event in enumerate(case.events) if event.source is CaseSource.FILING][-1]
        shown = replace(case.events[last], bundle=str(plain["bundle"]), seal=str(plain["seal"]))
        case = replace(case, events=(*case.events[:last], shown, *case.events[last + 1 :]))
    else:
        case = replace(case, reference=str(plain["reference"]), promise=str(plain["promise"]))
    found[number] = case


def _event_line(event: CaseEvent) -> dict[str, str]:
    plain = {"state": event.state.value, "at": event.at.astimezone(UTC).isoformat(), "source": event.source.value}
    more = {"by": event.by, "note": event.note, "bundle": event.bundle, "seal": event.seal}
    return {**plain, **{name: text for name, text in more.items() if text}}


def _event_of(plain: Mapping[str, Any]) -> CaseEvent:
    more = (str(plain.get(name, "")) for name in ("by", "note", "bundle", "seal"))
    return CaseEvent(CaseState(plain["state"]), _moment(plain["at"]), CaseSource(plain["source"]), *more)


ANSWER_SCHEMA = "temoin.answer/1"
ANSWERS = "answers"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


class AnswerBook:
    """The answers of people in one evidence folder."""

    def __init__(self, root: Path) -> None:
        self._folder = root / ANSWERS
        self._book = LineBook(self._folder / "answers.jsonl", ANSWER_SCHEMA)

    def answers(self) -> tuple[Statement, ...]:
        """All answers, oldest first, with what was withdrawn marked so; ConfigurationError where it cannot be read."""
        found: dict[str, Statement] = {}

        def take(plain: Mapping[str, Any]) -> None:
            if plain["kind"] == "withdrawal":
                at = _moment(plain["at"])
                found[plain["id"]] = replace(found[plain["id"]], withdrawn_at=at, withdrawn_by=str(plain["by"]))
            else:
                found[plain["id"]] = _answer(plain)

        self._book.read(take)
        return tuple(found.values())

    def add(
        self,
        account: str,
        verdict: Verdict,
        *,
        seen: str,
        by: str,
        until: date,
        file: Path | None = None,
        now: datetime | None = None,
    ) -> Statement:
        """
        Keep an answer; it is on the disk when this returns.

        Args:
            account: its name.
            verdict: what the person says; one that is an answer.
            seen: what they saw, in their words.
            by: their name.
            until: last day on which it may count; not before today.
            file: what they hand in; it is copied.
            now: the moment; None for the present one.

        Raises:
            ConfigurationError: something of it makes no sense, or the file cannot be read.
            OutputError: it cannot be written; there is no answer then.
        """
        at = (now or datetime.now(UTC)).astimezone(UTC)
        _refuse_nonsense(verdict, seen, by, until, at.date())
        self.answers()  # a book that cannot be read is not written on
        kept = self._hand_in(file) if file else None
        answer = Statement(secrets.token_hex(4), account, verdict, seen.strip(), by.strip(), at, until, kept)
        self._book.append(_answer_line(answer))
        return answer

    def withdraw(self, number: str, *, by: str, now: datetime | None = None) -> Statement:
        """Take back an answer, which stays in the book, marked so; ConfigurationError if it is none; OutputError."""
        answer = next((one for one in self.answers() if one.id == number), None)
        if answer is None or answer.withdrawn_at is not None:
            raise ConfigurationError(
                f'"{number}" was withdrawn before' if answer else f'"{number}" is no answer\'s number',
                "`temoin answer list` shows the numbers of all answers.",
            )
        at = (now or datetime.now(UTC)).astimezone(UTC)
        self._book.append({"kind": "withdrawal", "id": number, "by": by.strip(), "at": at.isoformat()})
        return replace(answer, withdrawn_at=at, withdrawn_by=by.strip())

    def is_intact(self, file: AnswerFile) -> bool:
        """Whether what was handed in is still there, byte for byte."""
        try:
            return hashlib.sha256((self._folder / file.path).read_bytes()).hexdigest() == file.sha256
        except OSError:
            return False

    def _hand_in(self, file: Path) -> AnswerFile:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"{file}: cannot be read ({error.strerror or error})", "Name the screenshot or message with --file."
            ) from None
        digest = hashlib.sha256(data).hexdigest()
        target = self._folder / f"{digest}{file.suffix.lower() if _SUFFIX.fullmatch(file.suffix) else ''}"
        with writing(target):
            self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(target, data, shared=True)
        return AnswerFile(file.name, target.name, digest, len(data))


def _refuse_nonsense(verdict: Verdict, seen: str, by: str, until: date, today: date) -> None:
    if not verdict.is_answer:
        known = ", ".join(each for each in Verdict if each.is_answer)
        raise ConfigurationError(f'"{verdict}" is no answer that a person can give', f"Use one of {known}.")
    for name, text in (("--seen", seen), ("--by", by)):
        if not text.strip():
            raise ConfigurationError(f"{name} is empty", "An answer says who saw what.")
    if until < today:
        raise ConfigurationError(
            f"--until {until} is over", "Give the last day on which the answer may count, such as in six months."
        )


def _answer_line(answer: Statement) -> dict[str, Any]:
    plain = {"kind": "answer", **asdict(answer), "at": answer.at.isoformat(), "until": answer.until.isoformat()}
    del plain["withdrawn_at"], plain["withdrawn_by"]  # a line of its own
    return plain


def _answer(plain: Mapping[str, Any]) -> Statement:
    if plain["kind"] != "answer":
        raise ValueError(f"kind {str(plain['kind'])[:40]!r}")
    file = None
    if there := plain["file"]:
        name, path, digest = (str(there[key]) for key in ("name", "path", "sha256"))
        if path != Path(path).name:
            raise ValueError("a file outside the folder of answers")
        file = AnswerFile(name, path, digest, int(there["size_bytes"]))
    number, account, seen, by = (str(plain[key]) for key in ("id", "account", "seen", "by"))
    until = date.fromisoformat(plain["until"])
    return Statement(number, account, Verdict(plain["verdict"]), seen, by, _moment(plain["at"]), until, file)


class ForeignBook:
    """What other programs read of a tenant, for one evidence folder."""

    def __init__(self, root: Path) -> None:
        self._book = LineBook(root / "foreign" / "readings.jsonl", "temoin.foreign/1")

    def readings(self) -> tuple[ForeignReading, ...]:
        """The newest of each check and tenant; ConfigurationError where it cannot be read."""
        found: dict[tuple[str, str], ForeignReading] = {}

        def take(plain: Mapping[str, Any]) -> None:
            tool, check, tenant, said, digest = (str(plain[k]) for k in ("tool", "check", "tenant", "said", "sha256"))
            reading = ForeignReading(tool, check, tenant, Outcome(plain["outcome"]), said, _moment(plain["at"]), digest)
            before = found.get((check, tenant))
            if before is None or before.at <= reading.at:
                found[check, tenant] = reading

        self._book.read(take)
        return tuple(found.values())

    def add(self, readings: tuple[ForeignReading, ...]) -> None:
        """Keep some. Raises as `readings`; OutputError where they cannot be written."""
        self.readings()
        for reading in readings:
            self._book.append({**asdict(reading), "at": reading.at.isoformat()})


class GivenBook:
    """The reports of one evidence folder that were given to somebody."""

    def __init__(self, root: Path) -> None:
        self._book = LineBook(root / "given" / "given.jsonl", "temoin.given/1")

    def last(self, client: str) -> datetime | None:
        """Up to when the last one for a client told; None for the first. ConfigurationError: it cannot be read."""
        moments: list[datetime] = []
        self._book.read(lambda plain: moments.extend([_moment(plain["until"])] * (plain["client"] == client)))
        return max(moments, default=None)

    def add(self, client: str, until: datetime) -> None:
        """Keep that a report on what was read up to a moment was given. Raises OutputError."""
        self._book.append({"client": client, "until": until.isoformat(), "at": datetime.now(UTC).isoformat()})


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return at.astimezone(UTC)
