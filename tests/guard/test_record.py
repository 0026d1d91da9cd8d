"""The record tells all and shows nothing secret."""

from __future__ import annotations

from automation.guard import ANSWER_FAILED, Allow, Guard, GuardPolicy, Phase, Refuse
from automation.guard.record import DISTINCT_MAX, Log
from tests.guard.builders import HOSTILE, a_request

SECRET = "s3cret" * 12


def test_it_holds_no_query_body_header_or_token() -> None:
    """Neither queries, bodies and headers nor long parts of a path come into the record."""
    log = Log()
    request = a_request("POST", f"https://a.test/x/{SECRET}/y?q={SECRET}", SECRET, headers={"x-a": SECRET})
    log.add(Phase.CHECK, request, Refuse("write"))
    record = log.record("passed")
    assert SECRET not in repr(record)
    assert record.requests[0].path == "/x/…/y"


def test_alike_requests_are_counted_together() -> None:
    """Three of one kind are one entry with a count, in the list and by rule."""
    log = Log()
    for _ in range(3):
        log.add(Phase.CHECK, a_request("GET", "https://a.test/"), Allow("get", reads=True))
    log.add(Phase.CHECK, a_request("POST", "https://a.test/"), Refuse("write"))
    record = log.record("passed")
    assert [(entry.rule, entry.count) for entry in record.requests] == [("get", 3), ("write", 1)]
    assert [(rule.phase, rule.rule, rule.count) for rule in record.allowed] == [("check", "get", 3)]
    assert [(rule.phase, rule.rule, rule.count) for rule in record.blocked] == [("check", "write", 1)]


def test_sign_in_writes_are_counted_apart_from_writes_let_through() -> None:
    """Signing in needs writes; one that passes in a check is a write let through."""
    log = Log()
    log.add(Phase.SESSION, a_request("POST", "https://a.test/login"), Allow("sign_in", reads=False))
    assert (log.record("").sign_in_requests, log.record("").writes_let_through) == (1, 0)
    log.add(Phase.CHECK, a_request("POST", "https://a.test/login"), Allow("sign_in", reads=False))
    assert (log.record("").sign_in_requests, log.record("").writes_let_through) == (1, 1)


def test_a_leak_is_a_write_let_through() -> None:
    """What left unasked is counted, whatever it was, and closes the guard."""
    guard = Guard(GuardPolicy.parse(HOSTILE))
    guard.leaked(a_request("GET", "https://a.test/"))
    record = guard.record()
    assert (record.writes_let_through, record.allowed[0].rule, guard.breached) == (1, "undecided", True)


def test_the_list_is_bounded_and_says_so() -> None:
    """A page cannot fill the evidence; the counts go on, and the cut is told."""
    log = Log()
    for number in range(DISTINCT_MAX + 5):
        log.add(Phase.CHECK, a_request("GET", f"https://a.test/{number}"), Refuse("write"))
    record = log.record("")
    assert len(record.requests) == DISTINCT_MAX
    assert record.truncated
    assert record.blocked[0].count == DISTINCT_MAX + 5


def test_since_gives_what_came_after_a_mark() -> None:
    """A reader can ask what happened since it began, failed answers among it."""
    log = Log()
    log.add(Phase.CHECK, a_request("GET", "https://a.test/1"), Allow("get", reads=True))
    mark = log.mark()
    assert log.since(mark) == ()
    entry = log.add(Phase.CHECK, a_request("GET", "https://a.test/2"), Allow("get", reads=True))
    log.answered(entry, 0)
    assert [(e.path, e.rule, e.allowed) for e in log.since(mark)] == [("/2", "get", True), ("/2", ANSWER_FAILED, True)]
    assert [e.path for e in log.since(0)] == ["/1", "/2", "/2"]


def test_a_failed_answer_is_not_counted_as_a_request() -> None:
    """One request stays one, though its answer failed."""
    log = Log()
    log.answered(log.add(Phase.CHECK, a_request("GET", "https://a.test/"), Allow("get", reads=True)), 0)
    assert [rule.count for rule in log.record("").allowed] == [1]


def test_odd_methods_are_not_quoted() -> None:
    """A page chooses the method's name; the record does not repeat it."""
    log = Log()
    log.add(Phase.CHECK, a_request("HELLO", "https://a.test/"), Refuse("write"))
    assert log.record("").requests[0].method == "other"


def test_the_added_header_is_told() -> None:
    """The one thing that the guard changes in a page is part of the record."""
    assert Log().record("").added_policy == "Content-Security-Policy: connect-src https: data: blob:"


def test_phases_are_listed_in_order() -> None:
    """The record says which phases there were."""
    log = Log()
    for phase in (Phase.SESSION, Phase.CHECK, Phase.CHECK):
        log.enter(phase)
    assert log.record("").phases == ("session", "check")
