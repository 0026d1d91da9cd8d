"""`temoin history` and `temoin answer`, called as a person does; databases, files and sealed bundles are real."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from automation.app import check as past
from automation.app.setup import data_folder
from automation.config import load
from automation.core.results import ExitCode
from automation.core.verdicts import Reason, Verdict
from automation.evidence import Keys, Ledger, Sealer
from automation.evidence.write.sealer import seal_run
from automation.reports.as_json import to_json
from automation.session.vault_keys import new_key
from automation.storage.books import AnswerBook
from automation.storage.sqlite import SqliteHistory
from tests import json_schemas
from tests.builders import A_MOMENT, a_field, a_form, a_result, a_run
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


def test_history_never_says_less_than_was_known(temoin: Program) -> None:
    """A session that had ended leaves the last answer with its day; what was read and not understood takes its place."""
    sealer = Sealer(Keys(data_folder() / "keys"), (), Ledger(EVIDENCE))
    for day, result, told in (
        (0, a_result(verdict=Verdict.NOT_OBJECTED, bundle=None), False),
        (1, a_result(reason=Reason.LOGIN_REQUIRED, signals=(), bundle=None), True),
        (2, a_result(reason=Reason.NOT_RECOGNISED, bundle=None), False),
    ):
        document = on_day(day, result)
        run = EVIDENCE / document.run.id
        run.mkdir(parents=True)
        (run / "results.json").write_text(to_json(document))
        seal_run(run, sealer)
        with SqliteHistory(DATABASE) as history:
            history.record(document)
        english, french = (temoin("history", "--lang", lang).out for lang in ("en", "fr"))
        assert ("25 Nov 2026" in english) is (day < 2)
        assert ("the session has ended" in " ".join(english.split())) is told
        assert ("la session" in " ".join(french.split())) is told
        assert ("Not as wanted" in english) is (day < 2)


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
    json_schemas.follow(plain, json.loads(temoin("flow", "schema", "history").out))
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
    temoin("history", "atelier-facebok").ended(2, 'Did you mean "atelier-facebook"?')
    assert not EVIDENCE.exists()


@pytest.mark.parametrize("words", [("--since", "yesterday"), ("--since", "2026-02-30")])
def test_a_day_that_is_none(temoin: Program, words: tuple[str, ...]) -> None:
    """A day that cannot be is told with the option and the right spelling."""
    temoin("history", *words).ended(2, "is no day", "--since")


def test_a_damaged_history_is_made_again(temoin: Program) -> None:
    """Asked for the past, it names the way out; the rebuild keeps the damaged file and reads the sealed evidence."""
    sealed_run(Place(Path("place")), "run-1", a_result(verdict=Verdict.OBJECTED))
    root = Path("place/evidence")
    (root / "history.sqlite3").write_bytes(b"not a database, but kept" * 50)
    temoin("history", "--output", str(root)).ended(2, "temoin history rebuild")
    temoin("history", "rebuild", "--output", str(root)).ended(0, out=("1 result of 1 run",))
    (kept,) = root.glob("history.sqlite3.damaged-*")
    assert kept.read_bytes().startswith(b"not a database")
    assert "Objected" in temoin("history", "--output", str(root)).out


def test_a_rebuild_that_misses_something_says_so(temoin: Program) -> None:
    """Evidence that cannot be read is named, the rest is kept, and the exit code is 3."""
    sealed_run(Place(Path("place")), "run-1", a_result(verdict=Verdict.OBJECTED))
    (Path("place/evidence/run-1/results.json")).write_text("{")
    temoin("history", "rebuild", "--output", "place/evidence", "--lang", "fr").ended(
        3, "results.json", out=("1 résultat de",)
    )
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
    temoin("answer", "withdraw", number, "--by", "Max", "--lang", "fr").ended(
        0, out=("dit par Lou Dupont le", "retirée par Max")
    )
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
    temoin("answer", "record", "--seen", "a mail", "--by", "Lou", "--until", _until(), *words).ended(2, said)
    assert "No answer" in temoin("answer", "list").out


def test_nothing_said_shows_how(temoin: Program) -> None:
    """`temoin answer` alone says what is missing, and that it will go."""
    temoin("answer").ended(2, "`temoin answer` will go", "Usage: temoin answer record", "Missing argument")


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


ACCOUNTS = """
[[accounts]]
name = "{0}"
flow = "facebook.ai_objection"
identity = "1000{0}"
"""


def configure(*names: str, head: str = "") -> None:
    """A temoin.toml with these accounts."""
    Path("temoin.toml").write_text(head + "".join(ACCOUNTS.format(name) for name in names))


def store(
    name: str, age: timedelta, *, folder: str = "temoin-evidence", stand_in: bool = False, **changes: object
) -> None:
    """A run with one result, so long ago."""
    from automation.core.results import RunDocument

    at = datetime.now(UTC) - age
    result = replace(a_result(), account=name, started_at=at, finished_at=at, **changes)  # type: ignore[arg-type]
    place = Path(folder) / f"run-{name}-{age.total_seconds():g}"
    place.mkdir(parents=True)
    run = a_run(started_at=at, finished_at=at, stand_in=stand_in)
    (place / "results.json").write_text(to_json(RunDocument(run, (result,))))


def test_who_has_a_new_result_is_not_named(temoin: Program) -> None:
    """Nothing is printed, and 0, as long as each account has a result that is new enough, whichever run it is from."""
    configure("one", "two")
    store("one", timedelta(days=30))
    store("one", timedelta(days=2))
    store("two", timedelta(days=9))
    answer = temoin("history", "stale")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_who_has_none_is_named(temoin: Program) -> None:
    """Too old, never, only on a stand-in: each is named with the last day, and the exit code is 3."""
    configure("one", "two", "three", "four")
    store("one", timedelta(days=11))
    store("two", timedelta(hours=1))
    store("three", timedelta(hours=1), stand_in=True)
    answer = temoin("history", "stale", "--older-than", "10d")
    assert answer.code == ExitCode.INCOMPLETE
    assert [line.partition(":")[0] for line in answer.out.splitlines()] == ["one", "three", "four"]
    assert "last result on " in answer.out
    assert "four: no result" in answer.out
    assert "aucun résultat" in temoin("--lang", "fr", "history", "stale").out


def test_an_unknown_is_a_result_but_no_answer(temoin: Program) -> None:
    """A run that came to `unknown` has run; with `--answered` only an answer counts."""
    configure("one")
    store("one", timedelta(hours=1), verdict=Verdict.UNKNOWN, reason=Reason.TIMEOUT)
    assert temoin("history", "stale").code == ExitCode.OK
    assert temoin("history", "stale", "--answered").code == ExitCode.INCOMPLETE


def test_copies_elsewhere_count(temoin: Program) -> None:
    """Folders and files that are named are looked at instead; a damaged file is said and is no result."""
    configure("one")
    store("one", timedelta(hours=1), folder="copy")
    assert temoin("history", "stale").code == ExitCode.USAGE, "the configured folder is not there"
    assert temoin("history", "stale", "copy").code == ExitCode.OK
    (file,) = Path("copy").rglob("results.json")
    assert temoin("history", "stale", str(file)).code == ExitCode.OK
    file.write_text(file.read_text()[:-40])
    answer = temoin("history", "stale", "copy")
    assert (answer.code, answer.out) == (ExitCode.INCOMPLETE, "one: no result\n")
    assert str(file) in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["history", "stale", "--older-than", "soon"], "36h, 10d, 2w"),
        (["history", "stale", "--older-than", "0d"], "36h, 10d, 2w"),
        (["schedule", "alarm", "--older-than", "x"], "36h, 10d, 2w"),
        (["schedule", "cron", "--at", "25:00"], "--at 06:17"),
        (["schedule", "github", "--evidence-for", "age1nobody"], "age1… whole"),
        (["schedule", "github", "--evidence-for", "AGE-SECRET-KEY-1QQ"], "it is not repeated here"),
        (["schedule", "gitlab", "--heartbeat", "http://example.org"], "https address"),
        (["schedule", "gitlab", "--heartbeat", "https://example.org/'; rm -r ."], "https address"),
        (["schedule", "cron", "nobody"], 'no account "nobody"'),
        (["schedule", "github", "--every", "hour"], "day"),
        (["evidence", "pack", "--for", "age1", "-o", "x"], "age1… whole"),
        (["evidence", "unpack", "gone", "-o", "x", "--identity-file", "gone-too"], "gone-too: cannot be read"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], words: str, temoin: Program) -> None:
    """A wrong length, time, key, address or account: one message with what to write instead, exit code 2, no file."""
    configure("one")
    answer = temoin(*arguments)
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert words in answer.err
    assert "QQ" not in answer.err


def test_a_schedule_without_accounts_is_refused(temoin: Program) -> None:
    """A file that would check nothing is not printed."""
    Path("temoin.toml").write_text("strict = false\n")
    for kind in ("github", "gitlab", "cron", "systemd", "alarm"):
        answer = temoin("schedule", kind)
        assert (answer.code, answer.out) == (ExitCode.USAGE, "")
        assert "nothing would be checked" in answer.err
    assert temoin("history", "stale").code == ExitCode.USAGE


def test_a_schedule_is_printed_and_nothing_else(temoin: Program) -> None:
    """Standard output is the file; beside it is said what is left to do: who may open the evidence, and what is installed."""
    Path("sub").mkdir()
    configure("one")
    Path("temoin.toml").rename("sub/mine.toml")
    answer = temoin("schedule", "github", "--config", "sub/mine.toml", "--at", "6:17", "--every", "month")
    assert answer.code == 0
    assert answer.out.startswith("# Written by `temoin schedule github`")
    assert 'CONFIG: "sub/mine.toml"' in answer.out
    assert '- cron: "17 6 ' in answer.out
    assert "temoin account key show" in answer.err
    _, public = new_key()
    kept = temoin("schedule", "gitlab", "--config", "sub/mine.toml", "--evidence-for", public, "--keep-days", "3")
    assert kept.code == 0
    assert kept.err.startswith("! Fill in git+https://HOST/OWNER/temoin@COMMIT")
    assert "'temoin @ git+https://HOST/OWNER/temoin@COMMIT'" in kept.out
    wheel = "./temoin-0.1.0-py3-none-any.whl"
    words = ("--config", "sub/mine.toml", "--evidence-for", public)
    named = temoin("schedule", "gitlab", *words, "--package", wheel)
    assert (named.code, named.err) == (0, "")
    assert f"--root-user-action ignore {wheel}" in named.out
    assert "slim" in named.out, "a wheel needs no git"
    assert f"--for {public}" in kept.out
    assert "expire_in: 3 days" in kept.out
    cron = temoin("schedule", "cron", "one", "--config", "sub/mine.toml")
    assert f"cd {Path('sub').absolute()} &&" in cron.out
    assert "check one --config mine.toml" in cron.out


def test_the_units_are_written_where_systemd_looks(temoin: Program) -> None:
    """With a folder, both files lie in it, and their paths are printed."""
    configure("one")
    answer = temoin("schedule", "systemd", "--output", "units/user")
    assert answer.out.splitlines() == ["units/user/temoin.service", "units/user/temoin.timer"]
    assert "ExecStart=/" in Path("units/user/temoin.service").read_text()
    assert "OnCalendar=" in Path("units/user/temoin.timer").read_text()
