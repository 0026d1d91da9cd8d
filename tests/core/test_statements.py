"""What people say: kept, copied, withdrawn, expired, contradicted; files and processes are real."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from automation.core.errors import ConfigurationError, OutputError
from automation.core.policy import Statement, in_force
from automation.core.results import Outcome
from automation.core.verdicts import Verdict
from automation.storage.books import AnswerBook
from automation.storage.changes import Standing
from tests.builders import A_MOMENT

TODAY = A_MOMENT.date()
UNTIL = TODAY + timedelta(days=90)
NAME = "atelier-facebook"


@pytest.fixture
def book(tmp_path: Path) -> AnswerBook:
    """An empty book beside the evidence."""
    return AnswerBook(tmp_path)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Where the answers are written."""
    return tmp_path / "answers" / "answers.jsonl"


def said(book: AnswerBook, verdict: Verdict = Verdict.OBJECTED, **changes: object) -> Statement:
    """Lou says what she saw."""
    given: dict[str, object] = {
        "seen": "The mail of Meta",
        "by": "Lou Dupont",
        "until": UNTIL,
        "now": A_MOMENT,
        **changes,
    }
    return book.add(NAME, verdict, **given)  # type: ignore[arg-type]


def test_an_answer_comes_back_as_it_was_given(book: AnswerBook, tmp_path: Path) -> None:
    """Who, what, when, until when and the file, in a book that another call opens."""
    shot = tmp_path / "My Screen.PNG"
    shot.write_bytes(b"\x89PNG pixels")
    answer = said(book, seen=" « Votre opposition »\nétait honorée \u202e", file=shot)
    (back,) = AnswerBook(tmp_path).answers()
    assert back == answer
    assert (back.account, back.verdict, back.by, back.at, back.until) == (
        NAME,
        Verdict.OBJECTED,
        "Lou Dupont",
        A_MOMENT,
        UNTIL,
    )
    assert back.seen == "« Votre opposition »\nétait honorée \u202e"
    assert back.file is not None
    assert (back.file.name, back.file.size_bytes) == ("My Screen.PNG", 11)
    assert back.file.sha256 == hashlib.sha256(b"\x89PNG pixels").hexdigest()
    kept = tmp_path / "answers" / back.file.path
    assert kept.read_bytes() == shot.read_bytes()
    assert book.is_intact(back.file)
    kept.write_bytes(b"\x89PNG pixelz")
    assert not book.is_intact(back.file)
    kept.unlink()
    assert not book.is_intact(back.file)


def test_the_book_only_grows(book: AnswerBook, lines: Path) -> None:
    """A second answer and a withdrawal leave every byte of before in its place."""
    first = said(book)
    before = lines.read_bytes()
    said(book, Verdict.REFUSED)
    book.withdraw(first.id, by="Max", now=A_MOMENT + timedelta(days=1))
    assert lines.read_bytes().startswith(before)
    withdrawn, other = book.answers()
    assert (withdrawn.id, withdrawn.withdrawn_by, withdrawn.withdrawn_at) == (
        first.id,
        "Max",
        A_MOMENT + timedelta(days=1),
    )
    assert other.withdrawn_at is None
    assert lines.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", ["nothing", ""])
def test_only_what_stands_can_be_withdrawn(book: AnswerBook, number: str) -> None:
    """A number that is none, or was withdrawn before, is told."""
    answer = said(book)
    with pytest.raises(ConfigurationError, match="is no answer's number"):
        book.withdraw(number, by="Lou")
    book.withdraw(answer.id, by="Lou")
    with pytest.raises(ConfigurationError, match="was withdrawn before"):
        book.withdraw(answer.id, by="Lou")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": Verdict.UNKNOWN}, "no answer that a person can give"),
        ({"seen": "  "}, "--seen is empty"),
        ({"by": ""}, "--by is empty"),
        ({"until": TODAY - timedelta(days=1)}, "is over"),
        ({"file": Path("nowhere.png")}, "nowhere.png: cannot be read"),
        ({"file": Path()}, "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(book: AnswerBook, lines: Path, changes: dict[str, object], words: str) -> None:
    """Each mistake is one message, and nothing is written."""
    with pytest.raises(ConfigurationError, match=words):
        said(book, **changes)  # type: ignore[arg-type]
    assert not lines.exists()


def test_an_answer_counts_through_its_last_day(book: AnswerBook) -> None:
    """On the last day it is in force, the day after not; a withdrawn one never is."""
    answer = said(book)
    assert in_force([answer], UNTIL, {}) == (answer,)
    assert in_force([answer], UNTIL + timedelta(days=1), {}) == ()
    assert in_force([replace(answer, withdrawn_at=A_MOMENT)], TODAY, {}) == ()


@pytest.mark.parametrize(
    ("verdict", "days", "stays"),
    [
        (Verdict.NOT_OBJECTED, 1, False),
        (Verdict.REFUSED, 1, False),
        (Verdict.OBJECTED, 1, True),
        (Verdict.PENDING, 1, True),
        (Verdict.NOT_OBJECTED, -1, True),
    ],
)
def test_what_was_read_later_contradicts_it(book: AnswerBook, verdict: Verdict, days: int, stays: bool) -> None:
    """Another answer read after the person had spoken ends it; the same one, `pending` or an earlier one does not."""
    answer = said(book)
    read = Standing(verdict, None, Outcome.OK, A_MOMENT + timedelta(days=days), "run")
    assert in_force([answer], TODAY, {NAME: read}) == ((answer,) if stays else ())
    assert in_force([answer], TODAY, {"another": read}) == (answer,)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("temoin.answer/1", "temoin.answer/2"),
        lambda text: text.replace('"objected"', '"perhaps"'),
        lambda text: text.replace('"kind": "answer"', '"kind": "wish"'),
        lambda text: text.replace('"until"', '"till"'),
        lambda text: text.replace("+00:00", ""),
        lambda text: text.replace('"file": null', '"file": {"name": "a", "path": "../a", "sha256": "", "size_bytes": 1}'),
        lambda text: "{\n",
        lambda text: "[]\n",
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named(book: AnswerBook, lines: Path, spoil: Callable[[str], str]) -> None:
    """A damaged line or one of a later version is told by its number; nothing is read past it or written after it."""
    said(book)
    good = lines.read_text()
    lines.write_text(good + spoil(good))
    before = lines.read_bytes()
    for attempt in (book.answers, lambda: said(book)):
        with pytest.raises(ConfigurationError, match=r"answers\.jsonl:2: "):
            attempt()
    assert lines.read_bytes() == before


def test_an_interrupted_line_does_not_count_and_does_no_harm(book: AnswerBook, lines: Path) -> None:
    """What a killed process left without its end was never confirmed; the next answer takes its place."""
    first = said(book)
    with lines.open("ab") as file:
        file.write(b'{"schema": "temoin.answer/1", "kind": "ans')
    assert book.answers() == (first,)
    second = said(book)
    assert book.answers() == (first, second)
    assert all(json.loads(line) for line in lines.read_text().splitlines())


def test_a_full_disk_leaves_the_book_as_it_was(book: AnswerBook, lines: Path) -> None:
    """Where the system refuses to let the file grow, there is no answer and no part of one; the system is real."""
    first = said(book)
    before = lines.read_bytes()
    program = (
        "import resource, signal, sys; from pathlib import Path; from datetime import date\n"
        "from automation.storage.books import AnswerBook; from automation.core.verdicts import Verdict\n"
        "from automation.core.errors import OutputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 50},) * 2)\n"
        "try:\n"
        "    AnswerBook(Path(sys.argv[1])).add('a', Verdict.OBJECTED, seen='s' * 90, by='b', until=date.max)\n"
        "except OutputError as error:\n"
        "    sys.exit(str(error))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(lines.parents[1])], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "answers.jsonl: cannot be written" in ended.stderr
    assert lines.read_bytes() == before
    assert book.answers() == (first,)


def test_two_people_at_once_lose_nothing(book: AnswerBook, tmp_path: Path) -> None:
    """Answers from several processes at the same time are all there, each in its line."""
    program = (
        "import sys; from pathlib import Path; from datetime import date\n"
        "from automation.storage.books import AnswerBook; from automation.core.verdicts import Verdict\n"
        "for number in range(20):\n"
        "    AnswerBook(Path(sys.argv[1])).add('a', Verdict.OBJECTED, seen=str(number), by=sys.argv[2], until=date.max)\n"
    )
    people = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name]) for name in ("Lou", "Max")]
    assert [person.wait() for person in people] == [0, 0]
    assert sorted((one.by, int(one.seen)) for one in book.answers()) == [
        (n, i) for n in ("Lou", "Max") for i in range(20)
    ]


def test_a_book_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where the folder of answers cannot be made, the message says which."""
    (tmp_path / "answers").write_text("")
    with pytest.raises((OutputError, ConfigurationError), match=r"answers\.jsonl: cannot be"):
        said(AnswerBook(tmp_path))


def test_the_last_possible_day_is_one(book: AnswerBook) -> None:
    """An answer may count for ever."""
    answer = said(book, until=date.max)
    assert answer.stands(date.max)
