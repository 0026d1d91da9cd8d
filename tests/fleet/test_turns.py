"""Whose turn it is: enrolling, budgets, cool-downs and leases. The database is real; time passes by changing rows."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from automation.core.accounts import SignInMethod
from automation.core.errors import FleetError
from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.fleet import claims
from automation.fleet.claims import Rules
from automation.fleet.enrolling import Enrolment, enroll, release, retire
from automation.fleet.status import status
from automation.fleet.store import StoredBundle
from automation.fleet.upkeep import reap
from automation.storage.postgres import PostgresHistory, connect
from tests.builders import a_document, a_result, an_account
from tests.fleet.building import FAST, AFleet

HOUR = Rules(cooling_s=(3600.0, 7200.0), complaint_s=900.0)
STORED = StoredBundle("s3://evidence/ledger-1/run/bundle.tar", "0" * 64)
_JOBS = "SELECT lock FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"


def jobs(fleet: AFleet) -> list[str]:
    """Accounts that are queued, in order."""
    return [lock for (lock,) in fleet.ask(_JOBS)]


def start(fleet: AFleet, account: str) -> int:
    """A worker takes an account's job from the queue; the job's number."""
    return int(
        fleet.one(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = %s AND status = 'todo' RETURNING id", account
        )
    )


def end(fleet: AFleet, job: int, how: str = "succeeded") -> None:
    """A worker tells the queue that it ended a job."""
    fleet.ask("SELECT procrastinate_finish_job_v1(%s, %s, false)", job, how)


def begin(fleet: AFleet, account: str = "a", rules: Rules = HOUR) -> claims.Claim:
    """The account's turn comes, and a worker claims it."""
    fleet.present()
    fleet.dispatch()
    claim = claims.claim(fleet.connection, start(fleet, account), account, "worker-1", rules)
    assert claim is not None
    return claim


def finish(fleet: AFleet, claim: claims.Claim, rules: Rules = HOUR, **changes: Any) -> None:
    """The visit ends with evidence; the changes are those of its result."""
    result = a_result(claim.account, **{"verdict": Verdict.OBJECTED, **changes})
    document = a_document(result, id=claim.run, output=f"evidence/{claim.run}")
    claims.commit(fleet.connection, fleet.place, claim.run, document, STORED, rules)
    for (job,) in fleet.ask("SELECT job FROM visits WHERE run = %s", claim.run):
        end(fleet, job)


def account(fleet: AFleet, name: str = "a") -> dict[str, Any]:
    """An account's row, moments as seconds from now."""
    ((due, leased, cools, losses, waits_for),) = fleet.ask(
        "SELECT extract(epoch FROM due_at - now())::float8, leased_until > now(), "
        "CASE WHEN cools_until > now() THEN extract(epoch FROM cools_until - now())::float8 END, losses, waits_for "
        "FROM accounts WHERE name = %s",
        name,
    )
    return {"due_s": due, "leased": leased, "cools_s": cools, "losses": losses, "waits_for": waits_for}


def test_due_accounts_become_jobs_once(fleet: AFleet) -> None:
    """Each account that is due is queued, with its own lock and without a date; a second round adds nothing."""
    fleet.present()
    fleet.enroll("a", "b", "c")
    assert fleet.dispatch() == 3
    assert fleet.dispatch() == 0
    assert jobs(fleet) == ["a", "b", "c"]
    assert fleet.ask("SELECT DISTINCT queue_name, scheduled_at, args ->> 'service' FROM procrastinate_jobs") == [
        ("visits.main", None, "facebook")
    ]
    assert fleet.one("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE '%%1000%%'") == 0, "no identity"


def test_nothing_is_queued_for_nobody(fleet: AFleet) -> None:
    """A pool whose workers went silent gets no jobs, and those that wait there are taken back; others go on."""
    fleet.present("desk")
    fleet.present("gone", ago_s=60)
    fleet.enroll("a", pool="gone")
    fleet.enroll("b", pool="desk")
    fleet.dispatch()
    assert jobs(fleet) == ["b"]
    fleet.present("desk", ago_s=60)
    assert reap(fleet.connection, fleet.queue, (), FAST).taken_back == 1
    assert jobs(fleet) == []
    fleet.present("desk")
    assert fleet.dispatch() == 1


def test_two_dispatchers_queue_each_account_once(fleet: AFleet) -> None:
    """Dispatchers that act at the same moment give each account one job."""
    fleet.present()
    fleet.enroll(*(f"account-{number:03d}" for number in range(200)))

    def many() -> None:
        with connect(fleet.place) as connection:
            for _ in range(5):
                AFleet(fleet.place, connection, fleet.queue).dispatch()

    threads = [threading.Thread(target=many) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fleet.dispatch()
    assert sorted(jobs(fleet)) == [f"account-{number:03d}" for number in range(200)]


def test_a_dispatcher_that_dies_has_not_acted(fleet: AFleet) -> None:
    """Its jobs are one transaction: cut anywhere, none of them is there."""
    fleet.present()
    fleet.enroll("a", "b", per_hour=10)
    with pytest.raises(ZeroDivisionError), fleet.connection.transaction():  # noqa: PT012 - one act
        assert fleet.dispatch() == 2
        _ = 1 / 0
    assert jobs(fleet) == []
    assert fleet.dispatch() == 2


def test_a_budget_is_kept_over_any_stretch_of_time(fleet: AFleet) -> None:
    """
    However workers keep up, at most `burst + rate x time` visits of a service begin in any stretch of time.

    Hours pass by setting the bucket's moment back; for one of them the workers are away and jobs pile up.
    """
    fleet.enroll(*(f"f-{number}" for number in range(60)), per_hour=6)
    fleet.enroll(*(f"i-{number}" for number in range(60)), per_hour=12, service="instagram")
    begun: list[tuple[int, str]] = []
    for minute in range(0, 240, 5):
        fleet.present()  # else a busy machine takes longer than a worker may be silent
        fleet.ask("UPDATE services SET filled_at = filled_at - interval '5 minutes' RETURNING 1")
        fleet.dispatch()
        assert len(jobs(fleet)) <= 4, "no more wait than may begin"
        if not 60 <= minute < 120:
            for name in jobs(fleet):
                end(fleet, job := start(fleet, name))
                if claims.claim(fleet.connection, job, name, "worker-1", HOUR):
                    begun.append((minute, name))
    for service, rate in (("f", 6), ("i", 12)):
        moments = [minute for minute, name in begun if name.startswith(service)]
        assert len(moments) >= rate * 2, "the budget is used"
        for first in range(len(moments)):
            for last in range(first, len(moments)):
                assert last - first + 1 <= 2 + rate * (moments[last] - moments[first]) / 60 + 0.01


def test_jobs_beyond_the_budget_come_to_nothing(fleet: AFleet) -> None:
    """Whatever is in the queue, a visit begins only with a token; without one, the account keeps its turn."""
    fleet.enroll("a", "b", "c", per_hour=6)
    got = [claims.claim(fleet.connection, number, name, "worker-1", HOUR) for number, name in enumerate("abc")]
    assert [claim is not None for claim in got] == [True, True, False]
    row = account(fleet, "c")
    assert (row["leased"], row["cools_s"], row["waits_for"]) == (False, None, None)
    assert row["due_s"] <= 0


def test_a_second_try_is_paid_for(fleet: AFleet) -> None:
    """A visit that had to begin twice costs two tokens."""
    fleet.enroll("a", per_hour=6)
    claim = begin(fleet)
    before = fleet.one("SELECT tokens FROM services")
    finish(fleet, claim, reason=Reason.TIMEOUT, attempts=2)
    assert fleet.one("SELECT tokens FROM services") == before - 1


def test_an_account_is_claimed_once(fleet: AFleet) -> None:
    """While a visit is or may be under way, nobody else gets the account, whatever the queue says."""
    fleet.enroll("a")
    first = begin(fleet)
    assert claims.claim(fleet.connection, 999, "a", "worker-2", HOUR) is None
    fleet.ask("UPDATE visits SET outcome = 'lost', finished_at = now() RETURNING 1")
    assert claims.claim(fleet.connection, 999, "a", "worker-2", HOUR) is None, "its worker may be there still"
    fleet.ask("UPDATE accounts SET leased_until = now() RETURNING 1")
    second = claims.claim(fleet.connection, 999, "a", "worker-2", HOUR)
    assert second is not None
    assert second.run != first.run


def test_workers_that_claim_at_the_same_moment(fleet: AFleet) -> None:
    """Of many that claim one account at once, one gets it."""
    fleet.enroll("a")
    got: list[claims.Claim | None] = []

    def one(number: int) -> None:
        with connect(fleet.place) as connection:
            got.append(claims.claim(connection, number, "a", f"worker-{number}", HOUR))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claim is not None for claim in got) == 1


def test_a_good_visit_is_due_again_at_its_hour(fleet: AFleet) -> None:
    """The next turn is a whole number of intervals after the last, so the hour of the day does not wander."""
    fleet.enroll("a", every=timedelta(hours=24))
    fleet.ask("UPDATE accounts SET due_at = now() - interval '50 hours' RETURNING 1")
    finish(fleet, begin(fleet))
    row = account(fleet)
    assert row["due_s"] == pytest.approx(22 * 3600, abs=60)
    assert (row["leased"], row["cools_s"], row["losses"], row["waits_for"]) == (False, None, 0, None)
    with PostgresHistory(fleet.place) as history:
        (entry,) = history.timeline("a")
    assert entry.change.now.verdict is Verdict.OBJECTED


def test_committing_twice_is_committing_once(fleet: AFleet) -> None:
    """A worker that lost the answer to its commit may say it again."""
    fleet.enroll("a")
    claim = begin(fleet)
    finish(fleet, claim)
    due = account(fleet)["due_s"]
    finish_again = a_document(a_result("a", Verdict.OBJECTED), id=claim.run, output=f"evidence/{claim.run}")
    claims.commit(fleet.connection, fleet.place, claim.run, finish_again, STORED, HOUR)
    assert account(fleet)["due_s"] == pytest.approx(due, abs=5)
    with PostgresHistory(fleet.place) as history:
        assert len(history.timeline("a")) == 1


def test_nothing_is_done_without_its_evidence(fleet: AFleet) -> None:
    """The table itself refuses a visit that is done and has no evidence."""
    fleet.enroll("a")
    claim = begin(fleet)
    with pytest.raises(psycopg.errors.CheckViolation):
        fleet.ask("UPDATE visits SET outcome = 'done', finished_at = now() WHERE run = %s RETURNING 1", claim.run)


@pytest.mark.parametrize(
    "reason", [Reason.LOGIN_REQUIRED, Reason.CHALLENGE, Reason.WRONG_ACCOUNT, Reason.GUARD_BLOCKED]
)
def test_what_needs_a_person_waits_for_one(fleet: AFleet, reason: Reason) -> None:
    """An account that would only meet the same again is left alone until somebody says to go on."""
    fleet.enroll("a", every=timedelta(microseconds=1))
    finish(fleet, begin(fleet), reason=reason)
    assert account(fleet)["waits_for"] == reason.value
    assert fleet.dispatch() == 0
    assert [one.account for one in status(fleet.connection).waiting] == ["a"]
    release(fleet.connection, ["a"])
    assert fleet.dispatch() == 1


@pytest.mark.parametrize("reason", [Reason.NOT_RECOGNISED, Reason.TIMEOUT, Reason.LOCALE_UNCOVERED])
def test_other_reasons_wait_for_the_next_turn(fleet: AFleet, reason: Reason) -> None:
    """What a flow could not read is no trouble of the account."""
    fleet.enroll("a")
    finish(fleet, begin(fleet), reason=reason)
    row = account(fleet)
    assert (row["waits_for"], row["cools_s"], row["losses"]) == (None, None, 0)
    assert row["due_s"] > 0


def test_a_service_that_complains_is_left_alone(fleet: AFleet) -> None:
    """`rate_limited` stops all visits of the service, for longer each time; an answer ends the row."""
    fleet.enroll("a", "b", "c", "d")
    for name, minutes in (("a", 15), ("b", 30)):
        claim = begin(fleet, name)
        waiting = jobs(fleet)
        finish(fleet, claim, reason=Reason.RATE_LIMITED)
        cools_s = fleet.one("SELECT extract(epoch FROM cools_until - now())::float8 FROM services")
        assert cools_s == pytest.approx(minutes * 60, abs=5)
        assert fleet.dispatch() == 0
        assert claims.claim(fleet.connection, 10_000, waiting[0], "w", HOUR) is None, "nor those that are queued"
        fleet.ask("UPDATE services SET cools_until = now() RETURNING 1")
    assert account(fleet, "a")["waits_for"] is None
    finish(fleet, begin(fleet, "c"))
    assert fleet.one("SELECT complaints FROM services") == 0


def test_a_suspected_program_stops_the_service_and_waits_for_a_person(fleet: AFleet) -> None:
    """Where a service suspects a program, every visit of it pauses, and the account waits."""
    fleet.enroll("a")
    finish(fleet, begin(fleet), reason=Reason.CHALLENGE, challenge=ChallengeKind.AUTOMATED)
    assert account(fleet)["waits_for"] == "challenge"
    assert fleet.one("SELECT cools_until > now() FROM services")


@pytest.mark.parametrize("how", ["silent", "browser"])
def test_a_poisoned_account_ends_up_with_a_person(fleet: AFleet, how: str) -> None:
    """One that always kills its worker, or only its browser, cools down longer each time and is then set aside."""
    fleet.enroll("a", every=timedelta(microseconds=1))
    for losses, cools_s in ((1, 3600), (2, 7200), (3, 7200)):
        claim = begin(fleet)
        if how == "browser":
            finish(fleet, claim, reason=Reason.BROWSER_LOST, attempts=2)
        else:
            job = fleet.one("SELECT job FROM visits WHERE run = %s", claim.run)
            assert reap(fleet.connection, fleet.queue, [job], HOUR).lost == ("a",)
            end(fleet, job, "failed")
        row = account(fleet)
        assert (row["losses"], row["cools_s"]) == (losses, pytest.approx(cools_s, abs=5))
        assert fleet.dispatch() == 0
        fleet.ask("UPDATE accounts SET cools_until = now(), leased_until = now() RETURNING 1")
    assert account(fleet)["waits_for"] == ("browser_lost" if how == "browser" else "lost")
    assert fleet.dispatch() == 0


def test_a_lost_visit_keeps_its_lease_and_is_never_reported_done(fleet: AFleet) -> None:
    """A worker that went silent may be at the account still: until its lease ends, nobody else goes there."""
    fleet.enroll("a")
    claim = begin(fleet)
    job = fleet.one("SELECT job FROM visits WHERE run = %s", claim.run)
    assert reap(fleet.connection, fleet.queue, (), HOUR).lost == (), "it is not silent"
    assert reap(fleet.connection, fleet.queue, [job], HOUR).lost == ("a",)
    assert account(fleet)["leased"]
    assert fleet.ask("SELECT outcome, evidence FROM visits") == [("lost", None)]


def test_a_worker_that_was_thought_dead_still_counts(fleet: AFleet) -> None:
    """Evidence that comes after its visit was given up is kept, and the account is as if nothing had happened."""
    fleet.enroll("a")
    claim = begin(fleet)
    job = fleet.one("SELECT job FROM visits WHERE run = %s", claim.run)
    reap(fleet.connection, fleet.queue, [job], HOUR)
    end(fleet, job, "failed")
    result = a_document(a_result("a", Verdict.OBJECTED), id=claim.run, output=f"evidence/{claim.run}")
    claims.commit(fleet.connection, fleet.place, claim.run, result, STORED, HOUR)
    row = account(fleet)
    assert (row["losses"], row["cools_s"], row["leased"]) == (0, None, False)
    assert fleet.ask("SELECT outcome, evidence FROM visits") == [("done", STORED.url)]


def test_late_evidence_does_not_end_anothers_lease(fleet: AFleet) -> None:
    """Where the account is visited anew meanwhile, late evidence counts, and the new visit keeps its account."""
    fleet.enroll("a")
    late = begin(fleet)
    fleet.ask("UPDATE visits SET outcome = 'lost', finished_at = now() RETURNING 1")
    fleet.ask("UPDATE accounts SET leased_until = now() RETURNING 1")
    assert claims.claim(fleet.connection, 999, "a", "worker-2", HOUR) is not None
    document = a_document(a_result("a", Verdict.OBJECTED), id=late.run, output=f"evidence/{late.run}")
    claims.commit(fleet.connection, fleet.place, late.run, document, STORED, HOUR)
    assert account(fleet)["leased"]


def test_a_visit_that_nobody_ends_is_found(fleet: AFleet) -> None:
    """A worker that lives and never ends its visit: after the lease it is lost, and its job is ended."""
    fleet.enroll("a")
    claim = begin(fleet)
    fleet.ask("UPDATE visits SET leased_until = now() RETURNING 1")
    assert reap(fleet.connection, fleet.queue, (), HOUR).lost == ("a",)
    fleet.ask("UPDATE visits SET finished_at = now() - interval '1 hour' WHERE run = %s RETURNING 1", claim.run)
    assert len(reap(fleet.connection, fleet.queue, (), HOUR).jobs) == 1


def test_a_job_that_was_fetched_and_never_begun_is_found(fleet: AFleet) -> None:
    """A worker that took a job and could not say so: the job is ended, and the account is due as before."""
    fleet.present()
    fleet.enroll("a")
    fleet.dispatch()
    job = start(fleet, "a")
    assert reap(fleet.connection, fleet.queue, (), FAST).jobs == ()
    fleet.ask("UPDATE procrastinate_events SET at = now() - interval '1 hour' RETURNING 1")
    assert reap(fleet.connection, fleet.queue, (), FAST).jobs == (job,)
    end(fleet, job, "failed")
    assert fleet.dispatch() == 1


def test_a_machines_own_fault_costs_the_account_nothing(fleet: AFleet) -> None:
    """No browser, no key, a full disk: the account keeps its turn, for another worker."""
    fleet.enroll("a")
    claim = begin(fleet)
    claims.fail(fleet.connection, claim.run, "no browser", HOUR, blameless=True)
    row = account(fleet)
    assert (row["losses"], row["cools_s"], row["leased"]) == (0, None, False)
    assert row["due_s"] <= 0


@pytest.mark.parametrize(("ahead", "words"), [(31, "ahead of"), (-31, "behind")])
def test_a_wrong_clock_is_refused(fleet: AFleet, ahead: int, words: str) -> None:
    """A worker whose clock is far from the database's visits nobody: its times would be in the evidence."""
    assert abs(claims.require_true_clock(fleet.connection, HOUR)) < 5
    with pytest.raises(FleetError, match=words):
        claims.require_true_clock(fleet.connection, HOUR, lambda: claims.utc_now() + timedelta(seconds=ahead))


def test_passwords_need_a_choice(fleet: AFleet) -> None:
    """An account that signs in by password is refused, and none of the others comes in either, unless it was chosen."""
    accounts = [an_account("a"), an_account("b", sign_in=SignInMethod.PASSWORD)]
    with pytest.raises(FleetError, match="b: "):
        enroll(fleet.connection, accounts, Enrolment(timedelta(days=1)), {"facebook": 60})
    assert fleet.ask("SELECT name FROM accounts") == []
    enroll(fleet.connection, accounts, Enrolment(timedelta(days=1), passwords=True), {"facebook": 60})
    assert len(fleet.ask("SELECT name FROM accounts")) == 2


def test_enrolling_again_keeps_turns_and_past(fleet: AFleet) -> None:
    """Known accounts keep their turn, unless a shorter interval makes it earlier; retiring takes one out."""
    fleet.enroll("a", "b")
    finish(fleet, begin(fleet))
    fleet.enroll("a", "b", "c")
    assert account(fleet)["due_s"] == pytest.approx(24 * 3600, abs=60)
    fleet.enroll("a", every=timedelta(hours=1))
    assert account(fleet)["due_s"] == pytest.approx(3600, abs=60)
    assert retire(fleet.connection, ["a", "nobody"]) == ("a",)
    assert fleet.one("SELECT count(*) FROM visits WHERE account = 'a'") == 1


def test_a_retired_account_is_not_visited(fleet: AFleet) -> None:
    """A job that was queued before its account was taken out comes to nothing."""
    fleet.present()
    fleet.enroll("a")
    fleet.dispatch()
    retire(fleet.connection, ["a"])
    assert claims.claim(fleet.connection, start(fleet, "a"), "a", "w", HOUR) is None


def test_status_counts_each_account_where_it_stands(fleet: AFleet, tmp_path: Path) -> None:
    """Due, queued, being visited, cooling, waiting: each account is counted once, and the longest wait is told."""
    del tmp_path
    fleet.enroll("busy", "cooling", "queued", "waiting", "done")
    fleet.present()
    claim_done = begin(fleet, "done")
    finish(fleet, claim_done)
    claims.claim(fleet.connection, start(fleet, "busy"), "busy", "w", HOUR)
    for name in ("cooling", "waiting"):
        end(fleet, start(fleet, name))
    fleet.ask("UPDATE accounts SET cools_until = now() + interval '1 hour' WHERE name = 'cooling' RETURNING 1")
    fleet.ask("UPDATE accounts SET waits_for = 'two_factor' WHERE name = 'waiting' RETURNING 1")
    fleet.enroll("due")
    fleet.ask("UPDATE accounts SET due_at = now() - interval '1 hour' WHERE name = 'due' RETURNING 1")
    found = status(fleet.connection)
    (service,) = found.services
    counted = (service.due, service.queued, service.visiting, service.cooling, service.waiting_for_a_person)
    assert counted == (1, 1, 1, 1, 1)
    assert service.accounts == 6
    assert service.overdue_s == pytest.approx(3600, abs=5)
    assert service.begun_last_hour == 2
    assert (found.done, found.failed, found.lost) == (1, 0, 0)
    assert [(worker.pool, worker.silent) for worker in found.workers] == [("main", False)]
