"""What a person said that they saw is told in one and the same way by the window, the history and the reports."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from automation.core.results import Outcome, Result
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import to_json
from automation.storage.books import AnswerBook
from automation.storage.sqlite import SqliteHistory
from automation.text.language import language
from automation.web.cards import Card, Deed
from automation.web.desk import Desk
from tests.builders import a_document, a_result
from tests.cli.conftest import Program

EVIDENCE = Path("temoin-evidence")
NAME = "atelier-facebook"
NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One account with a saved session, of which an objection is expected."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "data" / "temoin" / "sessions").mkdir(parents=True)
    (tmp_path / "data" / "temoin" / "sessions" / f"{NAME}.age").touch()
    config = Path("temoin.toml")
    config.write_text(
        f'[[accounts]]\nname = "{NAME}"\nflow = "facebook.ai_objection"\nidentity = "100080000000000"\n'
        'expect = "objected"\n'
    )
    return Desk(config)


def _checked(days_ago: int, outcome: Outcome) -> None:
    """A run that could not read the account, kept as `temoin check` keeps it."""
    at = NOW - timedelta(days=days_ago)
    result: Result = replace(
        a_result(NAME, Verdict.UNKNOWN, reason=Reason.NOT_RECOGNISED, bundle=None),
        expect=Verdict.OBJECTED, outcome=outcome, started_at=at, finished_at=at,
    )  # fmt: skip
    document = a_document(result)
    folder = EVIDENCE / f"run-{days_ago}"
    run = replace(document.run, id=folder.name, output=str(folder), started_at=at, finished_at=at)
    document = replace(document, run=run)
    folder.mkdir(parents=True)
    (folder / "results.json").write_text(to_json(document))
    with SqliteHistory(EVIDENCE / "history.sqlite3") as history:
        history.record(document)


def _said(days_ago: int) -> str:
    book, at = AnswerBook(EVIDENCE), NOW - timedelta(days=days_ago)
    return book.add(NAME, Verdict.OBJECTED, seen="a mail", by="Lou Dupont", until=date.max, now=at).id


def _card(desk: Desk) -> Card:
    (card,) = desk.cards(desk.settings(), language("en")).cards
    return card


def _told(temoin: Program) -> tuple[str, str]:
    """The history's kind of change, and the report in short."""
    (entry,) = json.loads(temoin("history", "--json").out)["entries"]
    return entry["change"]["kind"], temoin("report", "--format", "markdown", "--output", "-").out


def test_before_the_next_check_nothing_has_moved(desk: Desk, temoin: Program) -> None:
    """The account is still open in all three; the card shows who said what, and offers the check that counts it."""
    _checked(2, Outcome.INCOMPLETE)
    _said(1)
    card = _card(desk)
    assert (card.outcome, card.deed, card.is_to_be_counted) == ("incomplete", Deed.CHECK, True)
    assert card.said is not None
    assert card.said.by == "Lou Dupont"
    kind, report = _told(temoin)
    assert kind == "new"
    assert "0 as wanted · 0 not as wanted · 1 still open" in report


def test_once_it_counts_all_three_say_that_a_person_settled_it(
    desk: Desk, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No card asks for anything, no history calls it put right, and no report counts it as read."""
    monkeypatch.setenv("COLUMNS", "200")
    _checked(3, Outcome.INCOMPLETE)
    _said(2)
    _checked(1, Outcome.OK)
    card = _card(desk)
    assert (card.outcome, card.deed, card.is_to_be_counted) == ("settled", Deed.NOTHING, False)
    assert desk.cards(desk.settings(), language("en")).tally["settled"] == 1
    kind, report = _told(temoin)
    assert kind == "changed"
    assert "0 as wanted · 0 not as wanted · 0 still open · 1 settled by a person" in report
    assert "1 account: 1 settled by a person" in report
    assert "nothing to do now" in report
    shown = temoin("history").out
    assert "Settled by a person" in shown
    assert "before: Still open" in shown
    assert "Rétabli" not in temoin("--lang", "fr", "history").out


def test_a_word_that_was_taken_back_asks_for_a_check(desk: Desk) -> None:
    """The last check counted it, the next one will not: the card says so instead of resting on it."""
    _checked(3, Outcome.INCOMPLETE)
    number = _said(2)
    _checked(1, Outcome.OK)
    AnswerBook(EVIDENCE).withdraw(number, by="Lou Dupont")
    card = _card(desk)
    assert (card.deed, card.said, card.is_to_be_counted) == (Deed.CHECK, None, True)
