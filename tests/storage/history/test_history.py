"""What every history promises, whatever it is kept in: one suite, run for each backend. The database is real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.storage.changes import ChangeKind, FormChange, FormChangeKind
from automation.storage.history import History
from automation.storage.history_rows import recorded
from tests.builders import A_DIGEST, A_MOMENT, a_field, a_form, a_result
from tests.storage.history.histories import BACKENDS, days_of, on_day

NAME = "atelier-facebook"
YES, NO, LOST = Verdict.OBJECTED, Verdict.NOT_OBJECTED, Verdict.UNKNOWN


@pytest.fixture(params=BACKENDS)
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[History]:
    """An empty history of each backend."""
    with BACKENDS[request.param](tmp_path) as opened:
        yield opened


def kinds(history: History, account: str = NAME) -> list[ChangeKind]:
    """What changed, from result to result."""
    return [entry.change.kind for entry in history.timeline(account)]


def test_an_entry_says_what_its_result_said(history: History) -> None:
    """What is kept of a result comes back as it was, with the way to its bundle from the evidence folder."""
    result = a_result(reason=Reason.CHALLENGE, page="Café « Zoé »", locale="fr-FR", because="a puzzle \u202e <b>")
    history.record(on_day(0, result))
    (entry,) = history.latest()
    assert (entry.account, entry.owner, entry.page, entry.locale) == (NAME, "Atelier Dupont", "Café « Zoé »", "fr-FR")
    assert (entry.because, entry.because_key) == (result.because, "challenge")
    assert (entry.bundle, entry.manifest_sha256) == (f"run-0/{NAME}", A_DIGEST)
    now = entry.change.now
    assert (now.verdict, now.reason, now.outcome) == (Verdict.NEEDS_HUMAN, Reason.CHALLENGE, Outcome.INCOMPLETE)
    assert (now.at, now.run) == (A_MOMENT, "run-0")
    assert now.at.utcoffset() == timedelta(0)


def test_how_long_sessions_of_a_service_lasted(history: History) -> None:
    """From the first answer to where the service wanted a sign-in again; one that a person took away tells nothing."""
    ended = a_result(reason=Reason.LOGIN_REQUIRED)
    gone = replace(ended, because_key="no_session")
    for day, result in ((0, a_result(verdict=YES)), (9, a_result(reason=Reason.TIMEOUT)), (30, ended), (31, ended)):
        history.record(on_day(day, result))
    for day, result in ((40, a_result(verdict=YES)), (41, gone), (50, a_result(verdict=YES)), (60, ended)):
        history.record(on_day(day, result))
    history.record(on_day(0, a_result("b", YES), stand_in=True))
    history.record(on_day(5, a_result("b", reason=Reason.LOGIN_REQUIRED), stand_in=True))
    assert history.sessions_lasted() == {"facebook": (timedelta(days=30), timedelta(days=10))}


def test_recording_says_what_changed(history: History) -> None:
    """Recording a run answers, by account, with the change against what was known before."""
    first = history.record(on_day(0, a_result("a", YES), a_result("b", NO)))
    assert {account: change.kind for account, change in first.items()} == {"a": ChangeKind.NEW, "b": ChangeKind.NEW}
    second = history.record(on_day(1, a_result("a", NO), a_result("b", NO), a_result("c", YES)))
    assert {account: change.kind for account, change in second.items()} == {
        "a": ChangeKind.REGRESSED, "b": ChangeKind.STILL, "c": ChangeKind.NEW,
    }  # fmt: skip
    assert second["a"].previous == first["a"].now
    assert second["b"].since == A_MOMENT
    assert [entry.change for entry in history.latest()] == [second["a"], second["b"], second["c"]]


def test_a_loss_hidden_by_timeouts_is_told(history: History) -> None:
    """Objected, then unreadable for days, then not objected: the last is `regressed`, against the last answer."""
    days_of(history, YES, LOST, LOST, NO)
    *_, last = history.timeline(NAME)
    assert kinds(history) == [ChangeKind.NEW, ChangeKind.BECAME_UNKNOWN, ChangeKind.STILL, ChangeKind.REGRESSED]
    assert last.change.previous is not None
    assert last.change.previous.verdict is LOST
    assert last.change.last_answer is not None
    assert (last.change.last_answer.verdict, last.change.last_answer.at) == (YES, A_MOMENT)


def test_recording_twice_is_recording_once(history: History) -> None:
    """A run that is recorded again changes nothing and gets the same answer."""
    days_of(history, YES)
    run = on_day(1, a_result(verdict=NO))
    first = history.record(run)
    before = history.timeline(NAME)
    assert history.record(run) == first
    assert history.timeline(NAME) == before


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_arrival_does_not_matter(history: History, order: tuple[int, ...]) -> None:
    """Results that are recorded late take their place: changes, since and form changes are as if they came in time."""
    form = a_form(fields=(a_field(), a_field("Country", role="country")), fingerprint="other")
    runs = [
        on_day(0, a_result(verdict=NO)),
        on_day(1, a_result(reason=Reason.TIMEOUT)),
        on_day(2, a_result(verdict=NO, form=form)),
        on_day(3, a_result(verdict=YES)),
    ]
    for number in order:
        history.record(runs[number])
    line = [entry.change for entry in history.timeline(NAME)]
    assert [change.kind for change in line] == [
        ChangeKind.NEW, ChangeKind.BECAME_UNKNOWN, ChangeKind.RECOVERED, ChangeKind.FIXED,
    ]  # fmt: skip
    assert [(change.since - A_MOMENT).days for change in line] == [0, 1, 0, 3]
    assert [change.previous and change.previous.run for change in line] == [None, "run-0", "run-1", "run-2"]
    assert [change.last_answer and change.last_answer.run for change in line] == [None, "run-0", "run-0", "run-2"]
    assert [bool(change.form_changes) for change in line] == [False, False, True, False]


def test_form_changes_are_found_and_only_in_one_language(history: History) -> None:
    """A new required field is told on its day; the same form in another language is no change."""
    gained = a_form(fields=(*a_form().fields, a_field("Country", kind="select", role="country")), fingerprint="2")
    german = a_form(fields=(a_field("E-Mail-Adresse"),), fingerprint="3")
    history.record(on_day(0, a_result(verdict=NO)))
    history.record(on_day(1, a_result(verdict=NO, form=german, locale="de-DE")))
    history.record(on_day(2, a_result(verdict=NO, form=gained)))
    history.record(on_day(3, a_result(verdict=NO, form=gained)))
    changes = [entry.change.form_changes for entry in history.timeline(NAME)]
    added = FormChange(FormChangeKind.ADDED, "Country", required=True)
    assert changes == [(), (), (added,), ()]


def test_what_cannot_be_compared_is_not(history: History) -> None:
    """Another flow, another signed-in account or a stand-in begins anew; a failed check joins the account's newest."""
    history.record(on_day(0, a_result(verdict=YES)))
    history.record(on_day(1, a_result(verdict=NO, subject="somebody else")))
    history.record(on_day(2, a_result(verdict=NO, flow="facebook.other")))
    history.record(on_day(3, a_result(verdict=NO), stand_in=True))
    history.record(on_day(4, a_result(reason=Reason.NOT_RECOGNISED, subject="")))
    history.record(on_day(5, a_result(verdict=YES)))
    assert kinds(history) == [
        ChangeKind.NEW, ChangeKind.NEW, ChangeKind.NEW, ChangeKind.NEW, ChangeKind.BECAME_UNKNOWN, ChangeKind.STILL,
    ]  # fmt: skip
    assert [(entry.flow, entry.stand_in, entry.change.now.run) for entry in history.latest()] == [
        ("facebook.ai_objection", False, "run-5"),
        ("facebook.ai_objection", True, "run-3"),
        ("facebook.other", False, "run-2"),
    ]


def test_an_account_that_began_with_a_fault_goes_on(history: History) -> None:
    """A first check that failed before anybody was signed in, and the next one that worked, are one line."""
    history.record(on_day(0, a_result(reason=Reason.NOT_RECOGNISED, subject="")))
    history.record(on_day(1, a_result(verdict=YES)))
    assert kinds(history) == [ChangeKind.NEW, ChangeKind.RECOVERED]


def test_timelines_of_many_accounts(history: History) -> None:
    """Several pasts at once, oldest first, without accounts that were never recorded."""
    days_of(history, YES, NO, account="a")
    history.record(on_day(5, a_result("b", YES)))
    found = history.timelines(["a", "b", "nobody"])
    assert {account: [change.now.verdict for change in line] for account, line in found.items()} == {
        "a": [YES, NO],
        "b": [YES],
    }
    assert found["a"] == tuple(entry.change for entry in history.timeline("a"))


def test_since_a_moment(history: History) -> None:
    """Results of that moment and later, of all accounts or of one, oldest first."""
    days_of(history, YES, NO, YES)
    history.record(on_day(1.5, a_result("b", YES)))
    moment = A_MOMENT + timedelta(days=1)
    assert [entry.change.now.run for entry in history.since(moment)] == ["run-1", "run-1.5", "run-2"]
    assert [entry.change.now.run for entry in history.timeline(NAME, moment)] == ["run-1", "run-2"]
    assert history.since(A_MOMENT + timedelta(days=9)) == ()


def test_by_day_carries_each_account_on(history: History) -> None:
    """For each day with a check, where every account stood in the end: checked that day or not, the last one counts."""
    history.record(on_day(0, a_result("a", NO), a_result("b", YES)))
    history.record(on_day(0.1, a_result("a", YES)))
    history.record(on_day(2, a_result("b", YES)))
    history.record(on_day(3, a_result("b", NO)))
    history.record(on_day(3, a_result("c", NO), stand_in=True))
    first, second, third = history.by_day()
    assert [(day.day - A_MOMENT.date()).days for day in (first, second, third)] == [0, 2, 3]
    assert first.verdicts == second.verdicts == {YES: 2}
    assert third.verdicts == {YES: 1, NO: 1}
    assert third.outcomes == {Outcome.OK: 1, Outcome.FINDING: 1}
    assert [day.verdicts for day in history.by_day(["b"])] == [{YES: 1}, {YES: 1}, {NO: 1}]
    assert [day.verdicts for day in history.by_day(stand_in=True)] == [{NO: 1}]


def test_replacing_is_all_or_nothing(history: History) -> None:
    """New results take the place of all old ones; if they cannot be read to their end, the old ones are still there."""
    days_of(history, YES, NO)
    before = history.timeline(NAME)

    def failing() -> Iterator[object]:
        yield from recorded(on_day(7, a_result("b", YES)))
        raise RuntimeError("the disk with the evidence is gone")

    with pytest.raises(RuntimeError):
        history.replace(failing())  # type: ignore[arg-type]
    assert history.timeline(NAME) == before
    assert history.replace(recorded(on_day(7, a_result("b", YES)))) == 1
    assert history.timeline(NAME) == ()
    assert [entry.account for entry in history.latest()] == ["b"]


def test_replacing_gives_what_recording_gave(history: History) -> None:
    """The same results, in any order, make the same history."""
    days_of(history, YES, LOST, NO, YES)
    before = history.timeline(NAME)
    runs = [on_day(day, a_result(verdict=verdict)) for day, verdict in enumerate((YES, LOST, NO, YES))]
    history.replace(one for run in reversed(runs) for one in recorded(run))
    assert history.timeline(NAME) == before


def test_a_run_without_results_is_no_trouble(history: History) -> None:
    """Nothing checked, nothing recorded; an empty history answers everything with nothing."""
    assert history.record(on_day(0)) == {}
    assert history.latest() == history.by_day() == history.since(A_MOMENT) == history.timeline(NAME) == ()


def test_a_run_is_kept_as_a_whole(history: History) -> None:
    """A result that cannot be written takes the run's others with it: there is never half a run."""
    broken = replace(a_result("b"), locale=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"NOT NULL|null"):
        history.record(on_day(0, a_result("a"), broken))
    assert history.latest() == ()
