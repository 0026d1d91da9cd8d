"""`temoin history` and `temoin answer`, called as a person does; databases, files and sealed bundles are real."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from automation.app import check as past
from automation.config import load
from automation.core.verdicts import Reason, Verdict
from automation.storage.history import SqliteHistory
from automation.storage.statements import AnswerBook
from tests import json_schemas
from tests.builders import A_MOMENT, a_field, a_form, a_result
from tests.cli.conftest import Program
from tests.storage.history.histories import on_day
from tests.storage.history.test_rebuild import Place, sealed_run

EVIDENCE = Path("temoin-evidence")
DATABASE = EVIDENCE / "history.sqlite3"
CONFIG = """
[[accounts]]
name = "atelier-facebook"
flow = "facebook.ai_objection"
identity = "100080000000000"
sign_in = "password"
"""


@pytest.fixture
def recorded() -> None:
    """Two accounts over three days: one lost its objection behind a timeout, and its form gained a field."""
    gained = a_form(fields=(*a_form().fields, a_field("Country", role="country")), fingerprint="2")
    with SqliteHistory(DATABASE) as history:
        history.record(on_day(0, a_result(verdict=Verdict.OBJECTED, form=a_form()), a_result("b", Verdict.OBJECTED)))
        history.record(on_day(1, a_result(reason=Reason.TIMEOUT), a_result("b", Verdict.OBJECTED)))
        history.record(on_day(2, a_result(verdict=Verdict.NOT_OBJECTED, form=gained)))


@pytest.mark.usefixtures("recorded")
def test_history_alone_shows_where_each_account_stands(temoin: Program) -> None:
    """One line an account: its last answer, since when, and what changed; the words are those of the reports."""
    answer = temoin("history")
    assert answer.code == 0
    first, second = [line for line in answer.out.splitlines() if "2026-11-2" in line]
    assert "atelier-facebook" in first
    assert "Not objected" in first
    assert "2026-11-27" in first
    assert "before:" in answer.out
    assert "2026-11-26" in second
    assert "25 Nov 2026" in second


@pytest.mark.usefixtures("recorded")
def test_the_past_of_one_account(temoin: Program) -> None:
    """All its results, oldest first, and what changed in the form; in French too."""
    english, french = temoin("history", "atelier-facebook"), temoin("history", "atelier-facebook", "--lang", "fr")
    lines = [line for line in english.out.splitlines() if "2026-11-2" in line]
    assert [line.split()[-2] for line in lines] == ["2026-11-25", "2026-11-26", "2026-11-27"]
    assert "“Country”" in " ".join(english.out.split())
    assert "« Country »" in " ".join(french.out.replace("\u00a0", " ").split())
    assert "Changement" in french.out


@pytest.mark.usefixtures("recorded")
def test_since_a_day(temoin: Program) -> None:
    """Only results of that day and later, of all accounts or of one."""
    everything = json.loads(temoin("history", "--since", "2026-11-26", "--json").out)["entries"]
    assert [entry["change"]["now"]["run"] for entry in everything] == ["run-1", "run-1", "run-2"]
    one = json.loads(temoin("history", "atelier-facebook", "--since", "2026-11-27", "--json").out)["entries"]
    assert [entry["change"]["kind"] for entry in one] == ["regressed"]


@pytest.mark.usefixtures("recorded")
def test_json_is_the_only_output(temoin: Program) -> None:
    """The entries with their changes, moments in UTC, and a name for the schema; nothing beside."""
    answer = temoin("history", "--json")
    plain = json.loads(answer.out)
    assert answer.err == ""
    json_schemas.follow(plain, json.loads(temoin("schema", "history").out))
    assert plain["schema"] == "temoin.history/1"
    entry = plain["entries"][0]
    assert entry["change"]["now"]["at"] == "2026-11-27T07:30:12.345678Z"
    assert entry["change"]["last_answer"]["verdict"] == "objected"
    assert entry["change"]["form_changes"] == [{"kind": "added", "label": "Country", "required": True, "before": ""}]
    assert entry["bundle"] == "run-2/atelier-facebook"


def test_without_a_past(temoin: Program) -> None:
    """Nothing recorded is no fault, makes no file, and is said; an account that nobody knows is one."""
    Path("temoin.toml").write_text(CONFIG)
    assert "No result" in temoin("history").out
    assert json.loads(temoin("history", "--json").out)["entries"] == []
    assert temoin("history", "atelier-facebook").code == 0
    wrong = temoin("history", "atelier-facebok")
    assert wrong.code == 2
    assert 'Did you mean "atelier-facebook"?' in wrong.err
    assert not EVIDENCE.exists()


@pytest.mark.parametrize("words", [("--since", "yesterday"), ("--since", "2026-02-30")])
def test_a_day_that_is_none(temoin: Program, words: tuple[str, ...]) -> None:
    """A day that cannot be is told with the option and the right spelling."""
    answer = temoin("history", *words)
    assert answer.code == 2
    assert "is no day" in answer.err
    assert "--since" in answer.err


def test_a_damaged_history_is_made_again(temoin: Program) -> None:
    """Asked for the past, it names the way out; the rebuild keeps the damaged file and reads the sealed evidence."""
    sealed_run(Place(Path("place")), "run-1", a_result(verdict=Verdict.OBJECTED))
    root = Path("place/evidence")
    (root / "history.sqlite3").write_bytes(b"not a database, but kept" * 50)
    refused = temoin("history", "--output", str(root))
    assert refused.code == 2
    assert "temoin history rebuild" in refused.err
    rebuilt = temoin("history", "rebuild", "--output", str(root))
    assert rebuilt.code == 0
    assert "1 result of 1 run" in rebuilt.out
    (kept,) = root.glob("history.sqlite3.damaged-*")
    assert kept.read_bytes().startswith(b"not a database")
    assert "Objected" in temoin("history", "--output", str(root)).out


def test_a_rebuild_that_misses_something_says_so(temoin: Program) -> None:
    """Evidence that cannot be read is named, the rest is kept, and the exit code is 3."""
    sealed_run(Place(Path("place")), "run-1", a_result(verdict=Verdict.OBJECTED))
    (Path("place/evidence/run-1/results.json")).write_text("{")
    answer = temoin("history", "rebuild", "--output", "place/evidence", "--lang", "fr")
    assert answer.code == 3
    assert "results.json" in answer.err
    assert "1 résultat de" in answer.out
    missing = temoin("history", "rebuild", "--output", "nowhere")
    assert (missing.code, Path("nowhere").exists()) == (2, False)


def _until(days: int = 30) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def test_an_answer_is_recorded_listed_and_withdrawn(temoin: Program) -> None:
    """It is shown as said by whom and when, with its file's digest; no password is asked for; withdrawing leaves it listed."""
    Path("temoin.toml").write_text(CONFIG)
    Path("shot.png").write_bytes(b"pixels")
    words = (
        "answer",
        "atelier-facebook",
        "objected",
        "--seen",
        "Meta's mail",
        "--until",
        _until(),
        "--by",
        "Lou Dupont",
    )
    given = temoin(*words, "--file", "shot.png")
    assert given.code == 0, given.err
    assert "Objected, said by Lou Dupont on " in given.out
    assert "shot.png, SHA-256 " in given.out
    number = given.out.split()[0]
    assert temoin("answer", "list").out == given.out
    french = temoin("answer", "withdraw", number, "--by", "Max", "--lang", "fr")
    assert french.code == 0
    assert "dit par Lou Dupont le" in french.out
    assert "retirée par Max" in french.out
    (plain,) = json.loads(temoin("answer", "list", "--json").out)["answers"]
    assert plain["withdrawn_by"] == "Max"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("atelier-facebok", "objected"), 'Did you mean "atelier-facebook"?'),
        (("atelier-facebook", "objectd"), 'Did you mean "objected"?'),
        (("atelier-facebook", "unknown"), "no answer that a person can give"),
        (("atelier-facebook", "objected", "--file", "nowhere.png"), "nowhere.png: cannot be read"),
        (("atelier-facebook", "objected", "--until", "soon"), "--until 2027-01-31"),
        (("atelier-facebook", "objected", "--until", "2020-01-01"), "is over"),
    ],
)
def test_an_answer_that_makes_no_sense(temoin: Program, words: tuple[str, ...], said: str) -> None:
    """Each slip is one message with exit code 2, and nothing is recorded."""
    Path("temoin.toml").write_text(CONFIG)
    answer = temoin("answer", "record", "--seen", "a mail", "--until", _until(), *words)
    assert answer.code == 2
    assert said in answer.err
    assert "No answer" in temoin("answer", "list").out


def test_nothing_said_shows_how(temoin: Program) -> None:
    """`temoin answer` alone shows its help."""
    assert "withdraw" in temoin("answer").out + temoin("answer").err


def test_a_check_takes_what_stands_and_leaves_its_results() -> None:
    """Recording a run gives its changes, and what was read after a person had spoken ends her answer."""
    settings = load()
    AnswerBook(EVIDENCE).add("a", Verdict.OBJECTED, seen="a mail", by="Lou", until=date.max, now=A_MOMENT)
    assert [one.by for one in past.answers_in_force(settings, EVIDENCE, A_MOMENT.date())] == ["Lou"]
    changes = past.record(on_day(1, a_result("a", Verdict.PENDING)), settings, EVIDENCE)
    assert changes["a"].now.verdict is Verdict.PENDING
    assert past.answers_in_force(settings, EVIDENCE, A_MOMENT.date()) != ()
    past.record(on_day(2, a_result("a", Verdict.NOT_OBJECTED), stand_in=True), settings, EVIDENCE)
    assert past.answers_in_force(settings, EVIDENCE, A_MOMENT.date()) != (), "a stand-in says nothing of the service"
    past.record(on_day(3, a_result("a", Verdict.NOT_OBJECTED)), settings, EVIDENCE)
    past.record(on_day(4, a_result("a", reason=Reason.TIMEOUT)), settings, EVIDENCE)
    assert past.answers_in_force(settings, EVIDENCE, A_MOMENT.date()) == ()


def test_trouble_with_the_history_costs_no_check(capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged history is told on stderr; the check goes on, without changes and without believing anybody blindly."""
    settings = load()
    AnswerBook(EVIDENCE).add("a", Verdict.OBJECTED, seen="a mail", by="Lou", until=date.max)
    DATABASE.write_bytes(b"no database" * 100)
    assert past.record(on_day(1, a_result("a")), settings, EVIDENCE) == {}
    assert past.answers_in_force(settings, EVIDENCE, date.min) == ()
    assert capsys.readouterr().err.count("temoin history rebuild") == 2
    assert DATABASE.read_bytes() == b"no database" * 100


def test_the_history_may_lie_elsewhere(temoin: Program) -> None:
    """`[history] path` decides, whatever the evidence folder."""
    Path("temoin.toml").write_text(CONFIG + '[history]\npath = "past.sqlite3"\n')
    settings = load(for_signing_in=False)
    past.record(on_day(0, a_result("a", Verdict.OBJECTED)), settings, Path("elsewhere"))
    assert Path("past.sqlite3").exists()
    assert "Objected" in temoin("history", "--output", "another").out
