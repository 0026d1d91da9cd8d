"""
The answers of people, kept beside the evidence.

`answers/answers.jsonl` in the evidence folder only ever grows: a line an answer, a line a withdrawal. A file that was
handed in lies beside it under its own SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automation.core.errors import ConfigurationError
from automation.core.policy import AnswerFile, Statement
from automation.core.verdicts import Verdict
from automation.storage.files import write_whole, writing
from automation.storage.line_book import LineBook

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "temoin.answer/1"
FOLDER = "answers"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


class AnswerBook:
    """
    The answers of one evidence folder.

    Args:
        root: the evidence folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER
        self._book = LineBook(self._folder / "answers.jsonl", SCHEMA)

    def answers(self) -> tuple[Statement, ...]:
        """
        All answers, oldest first, with what was withdrawn marked so.

        Raises:
            ConfigurationError: a line is damaged or of another version, or the file cannot be read.
        """
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
        _check(verdict, seen, by, until, at.date())
        self.answers()  # a book that cannot be read is not written on
        kept = self._hand_in(file) if file else None
        answer = Statement(secrets.token_hex(4), account, verdict, seen.strip(), by.strip(), at, until, kept)
        self._book.append(_plain(answer))
        return answer

    def withdraw(self, number: str, *, by: str, now: datetime | None = None) -> Statement:
        """
        Take an answer back. It stays in the book, marked as withdrawn.

        Raises:
            ConfigurationError: there is no such answer, or it was withdrawn before.
            OutputError: it cannot be written.
        """
        answer = next((one for one in self.answers() if one.id == number), None)
        if answer is None or answer.withdrawn_at is not None:
            what = "was withdrawn before" if answer else "is no answer's number"
            raise ConfigurationError(f'"{number}" {what}', "`temoin answer list` shows the numbers of all answers.")
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
        suffix = file.suffix.lower() if _SUFFIX.fullmatch(file.suffix) else ""
        target = self._folder / f"{digest}{suffix}"
        with writing(target):
            self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(target, data, shared=True)
        return AnswerFile(file.name, target.name, digest, len(data))


def _check(verdict: Verdict, seen: str, by: str, until: date, today: date) -> None:
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


def _plain(answer: Statement) -> dict[str, Any]:
    file = answer.file
    return {
        "kind": "answer",
        "id": answer.id,
        "account": answer.account,
        "verdict": answer.verdict.value,
        "seen": answer.seen,
        "by": answer.by,
        "at": answer.at.isoformat(),
        "until": answer.until.isoformat(),
        "file": file and {"name": file.name, "path": file.path, "sha256": file.sha256, "size_bytes": file.size_bytes},
    }


def _answer(plain: Mapping[str, Any]) -> Statement:
    file = plain["file"]
    if plain["kind"] != "answer":
        raise ValueError(f"kind {str(plain['kind'])[:40]!r}")
    return Statement(
        id=str(plain["id"]),
        account=str(plain["account"]),
        verdict=Verdict(plain["verdict"]),
        seen=str(plain["seen"]),
        by=str(plain["by"]),
        at=_moment(plain["at"]),
        until=date.fromisoformat(plain["until"]),
        file=file and AnswerFile(str(file["name"]), _name(file["path"]), str(file["sha256"]), int(file["size_bytes"])),
    )


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return at.astimezone(UTC)


def _name(text: object) -> str:
    """A file's name inside the folder of answers; nothing that leads out of it."""
    if str(text) != Path(str(text)).name:
        raise ValueError("a file outside the folder of answers")
    return str(text)
