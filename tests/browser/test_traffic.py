"""Whose answer it is: what an earlier page asked for says nothing of the present one, however late it ends."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.async_api import Error, Page

import flows
from automation.browser.traffic import Traffic
from automation.flow.reads import ReadRules
from automation.guard import GuardPolicy
from automation.page.read_page import DataResponse
from tests.turns import everything_ready

READ = "SupportInboxQuery"
RULES = ReadRules(name_headers=("x-read-name",))


class Tab:
    """A page that tells what it is told to."""

    main_frame = None

    def __init__(self) -> None:
        self._listeners: dict[str, Callable[[Any], None]] = {}

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        """Remember who listens."""
        self._listeners[event] = listener

    def tell(self, event: str, about: Any) -> None:
        """Tell of an event."""
        self._listeners[event](about)


class Read:
    """A data request of a page, and the answer to it; `body` None: the browser has it no more."""

    method, resource_type, post_data, url, status = "POST", "fetch", "", "https://a.test/", 200
    redirected_from: Read | None = None
    failure: str | None = "net::ERR_FAILED"

    def __init__(self, body: dict[str, Any] | None = None) -> None:
        self.headers = {"x-read-name": READ}
        self._body = body
        self.request = self

    def is_navigation_request(self) -> bool:
        """It is none."""
        return False

    async def body(self) -> bytes:
        """The answer's body, a moment later."""
        await asyncio.sleep(0)
        if self._body is None:
            raise Error("No resource with given identifier found")
        return json.dumps(self._body).encode()


def listening(clock: Callable[[], float] = time.monotonic) -> tuple[Traffic, Tab]:
    """Somebody who listens to a page."""
    traffic, tab = Traffic(frozenset({READ}), rules=RULES, clock=clock), Tab()
    traffic.listen(cast("Page", tab))
    return traffic, tab


async def test_a_read_that_a_page_left_behind_is_not_the_next_ones() -> None:
    """Begun before the next page was opened and failed, answered or lost after it: none of it counts."""
    traffic, tab = listening()
    failed, late, lost, reading = Read(), Read({"items": []}), Read(), Read({"items": []})
    for read in (failed, late, lost, reading):
        tab.tell("request", read)
    tab.tell("response", reading)
    traffic.reset()
    tab.tell("requestfailed", failed)
    tab.tell("response", late)
    tab.tell("response", lost)
    await everything_ready()
    assert traffic.answers == []
    assert traffic.waiting == 0


async def test_the_pages_own_reads_count_whatever_came_of_them() -> None:
    """An answer, a failure, and an answer whose body is gone."""
    traffic, tab = listening()
    traffic.reset()
    answered, failed, lost = Read({"items": []}), Read(), Read()
    for read in (answered, failed, lost):
        tab.tell("request", read)
    assert traffic.waiting == 3
    tab.tell("response", answered)
    tab.tell("requestfinished", answered)
    tab.tell("requestfailed", failed)
    tab.tell("response", lost)
    tab.tell("requestfinished", lost)
    assert traffic.waiting == 2, "their bodies are still being read"
    await everything_ready()
    assert traffic.waiting == 0
    assert sorted(traffic.answers, key=lambda answer: answer.status or 0) == [
        DataResponse(READ, None), DataResponse(READ, None), DataResponse(READ, 200, {"items": []}),
    ]  # fmt: skip


class Asked(Read):
    """A request of a page; `failure` says why it came to nothing."""

    def __init__(self, method: str, url: str, kind: str = "fetch", body: str = "", **more: Any) -> None:
        super().__init__({})
        self.method, self.url, self.resource_type, self.post_data, self.headers = method, url, kind, body, {}
        self.status, self.failure = more.get("status", 200), more.get("failure")


class Document(Asked):
    """A request for the tab's own document."""

    frame = SimpleNamespace(parent_frame=None)

    def __init__(self) -> None:
        super().__init__("GET", "https://a.test/", "document")

    def is_navigation_request(self) -> bool:
        """It is one."""
        return True


REFUSED = "net::ERR_BLOCKED_BY_CLIENT"
QUERY = '{"operationName": "DataContribution", "query": "query DataContribution { on }"}'
MUTATION = '{"operationName": "Seen", "query": "mutation Seen { done }"}'


@pytest.mark.parametrize(
    ("asked", "missed"),
    [
        (Asked("GET", "https://a.test/api/me", status=500), "again"),
        (Asked("GET", "https://a.test/api/me", status=403), "again"),
        (Asked("GET", "https://a.test/api/me", status=404), "missed"),
        (Asked("GET", "https://a.test/api/me", failure="net::ERR_CONNECTION_RESET"), "again"),
        (Asked("GET", "https://a.test/api/me", failure="net::ERR_ABORTED"), ""),
        (Asked("GET", "https://a.test/track/event", status=500), ""),
        (Asked("GET", "https://a.test/api/settings/events", status=500), "again"),
        (Asked("GET", "https://elsewhere.test/api/me", failure=REFUSED), "refused"),
        (Asked("GET", "https://counter.test/api/1/me", failure=REFUSED), ""),
        (Asked("GET", "https://counter.test/tags.js", "script", failure=REFUSED), ""),
        (Asked("GET", "https://a.test/app.js?action=go", "script", failure=REFUSED), "refused"),
        (Asked("GET", "https://a.test/app.js?action=go", "script", failure=f"{REFUSED}.Inspector"), "refused"),
        (Asked("GET", "https://a.test/picture", "image", status=500), ""),
        (Asked("GET", "https://a.test/stream", "eventsource", failure=REFUSED), "refused"),
        (Asked("POST", "https://a.test/gateway/api/graphql", body=QUERY, failure=REFUSED), "refused"),
        (Asked("POST", "https://a.test/gateway/api/graphql", body=MUTATION, failure=REFUSED), ""),
        (Asked("POST", "https://a.test/graphql/x1/UpdateLastActive", failure=REFUSED), ""),
        (Asked("POST", "https://a.test/_/Data/batchexecute", body="f.req=1", failure=REFUSED), "refused"),
        (Asked("POST", "https://a.test/c/start", body="{}", failure=REFUSED), "refused"),
        (Asked("POST", "https://a.test/actions/server-request", body="{}", failure=REFUSED), "refused"),
        (Asked("POST", "https://a.test/api/event_logging/batch", body="{}", failure=REFUSED), ""),
        (Asked("POST", "https://a.test/ces/v1/t", body="{}", failure=REFUSED), ""),
        (Asked("POST", "https://a.test/counted/7", body="{}", failure=REFUSED), ""),
        (Asked("POST", "https://a.test/beat", "ping", body="{}", failure=REFUSED), ""),
        (Asked("POST", "https://a.test/seen", body="x=1", failure=REFUSED), ""),
        (Asked("PUT", "https://a.test/api/settings", body="{}", failure=REFUSED), ""),
    ],
)
def test_a_page_that_missed_its_data_is_told_from_one_that_could_not_count_its_visitors(
    asked: Asked, missed: str
) -> None:
    """
    What was not answered, or the guard refused, counts unless it counts visitors or writes; it is told by its name.

    Only what may still come is waited for.
    """
    rules = ReadRules(questions=("*/batchexecute",))
    traffic = Traffic(
        frozenset(),
        reports=lambda path, _query: path.startswith("/counted/"),
        stands_by=lambda host: host == "counter.test",
        rules=rules,
    )
    tab = Tab()
    traffic.listen(cast("Page", tab))
    tab.tell("request", asked)
    tab.tell("requestfailed" if asked.failure else "response", asked)
    assert bool(traffic.missed) is (missed != "") is not traffic.has_all_data
    assert traffic.missed.may_come is (missed == "again")
    address = asked.url.removeprefix("https://").partition("?")[0]
    assert [(str(one), one.refused) for one in traffic.unanswered] == (
        [(f"{asked.method} {address}", missed == "refused")] if missed else []
    )


@pytest.mark.parametrize(
    ("path", "missed"),
    [("/ws/settings", True), ("/ws/prefs", True), ("/ws/account-state", True), ("/sync", True), ("/ws/chat", False),
     ("/socket.io/", False), ("/_sockets/u/481/ws", False), ("/v2/notifications/a81c", False), ("/", False)],
)  # fmt: skip
def test_a_socket_that_is_no_everyday_one_leaves_a_page_without_its_data(path: str, missed: bool) -> None:
    """No socket is ever opened; what is neither news nor talk may have brought the state. Another document begins anew."""
    wanted: list[tuple[str, str]] = []
    traffic, tab = Traffic(frozenset(), sockets=lambda: wanted), Tab()
    traffic.listen(cast("Page", tab))
    wanted.append(("ws.a.test", path))
    assert [str(one) for one in traffic.unanswered] == ([f"WebSocket ws.a.test{path}"] if missed else [])
    tab.tell("request", Document())
    assert traffic.has_all_data


def test_an_answer_that_has_begun_is_not_waited_for_forever() -> None:
    """A page that sends and forgets never reads the answer: the browser never calls it finished. An error is over."""
    now = 1000.0
    traffic, tab = listening(lambda: now)
    kept, refused, silent = (Asked("GET", f"https://a.test/{n}", status=s) for n, s in ((1, 200), (2, 404), (3, 200)))
    for asked in (kept, refused, silent):
        tab.tell("request", asked)
    tab.tell("response", kept)
    tab.tell("response", refused)
    assert traffic.waiting == 2
    now += 3.1
    assert traffic.waiting == 1


def test_a_second_try_that_is_answered_makes_good_for_the_first() -> None:
    """Pages ask again; what a document missed counts until another one is loaded, whatever is unfolded on it."""
    traffic, tab = listening()
    for status, missed in ((500, True), (503, True), (200, False), (500, True)):
        again = Asked("GET", "https://a.test/api/me", status=status)
        tab.tell("request", again)
        tab.tell("response", again)
        assert bool(traffic.missed) is missed
    traffic.reset()
    assert traffic.missed
    tab.tell("request", Document())
    assert not traffic.missed


def test_a_question_that_a_page_broke_off_after_waiting_was_needed() -> None:
    """A page with a time limit of its own shows its default then; what it leaves at once, or had begun to read, it may."""
    moments: list[float] = []
    for began, later, missed in ((False, 3.0, True), (False, 0.2, False), (True, 3.0, False)):
        moments.append(0.0)
        traffic, tab = listening(lambda: moments[-1])
        asked = Asked("GET", "https://a.test/api/me", failure="net::ERR_ABORTED")
        tab.tell("request", asked)
        if began:
            tab.tell("response", asked)
        moments.append(later)
        tab.tell("requestfailed", asked)
        assert bool(traffic.missed) is missed
    traffic, tab = listening()
    earlier = Asked("GET", "https://a.test/api/me", failure="net::ERR_ABORTED")
    tab.tell("request", earlier)
    tab.tell("request", Document())
    tab.tell("requestfailed", earlier)
    assert not traffic.missed


def test_a_question_that_is_led_to_the_sign_in_has_no_answer() -> None:
    """A page whose session has run out for its data alone still looks whole; it is told by what it asked for."""
    for path, missed in (("/login", ["GET a.test/api/me"]), ("/api/v2/me", [])):
        traffic, tab = Traffic(frozenset(), signs_in=lambda path: path == "/login"), Tab()
        traffic.listen(cast("Page", tab))
        asked, led = (Asked("GET", f"https://a.test{where}") for where in ("/api/me", path))
        asked.status = 302
        led.redirected_from = asked
        for request in (asked, led):
            tab.tell("request", request)
            tab.tell("response", request)
        assert [str(one) for one in traffic.unanswered] == missed


def test_reports_on_the_visitor_are_not_waited_for() -> None:
    """A page that counts its visitors every few seconds comes to rest all the same; whatever else it asks is waited for."""
    policy = GuardPolicy.parse(flows.load()["facebook.ai_objection"].site.tables)
    traffic, tab = Traffic(frozenset(), reports=policy.is_telemetry), Tab()
    traffic.listen(cast("Page", tab))
    for path, waiting in (
        ("/ajax/bz", 0),
        ("/ajax/bnzai", 0),
        ("/ajax/navigation/", 1),
        ("/api/graphql/", 2),
        ("/x", 3),
    ):
        asked = Read()
        asked.url, asked.headers = f"https://www.facebook.com{path}?__a=1", {}
        tab.tell("request", asked)
        assert traffic.waiting == waiting, path


def test_a_chore_that_is_told_by_its_query_is_not_missed() -> None:
    """Of one path that serves many ends, what the service's file calls a chore is left out, and all else may be data."""
    tables = {"hosts": ["a.test"], "guard": {"telemetry_query": ["action=speed-test"]}}
    for query, missed in (("action=speed-test&test=1", []), ("Action=Speed-Test", []), ("action=settings", ["/ajax"])):
        traffic, tab = Traffic(frozenset(), reports=GuardPolicy.parse(tables).is_telemetry), Tab()
        traffic.listen(cast("Page", tab))
        asked = Asked("GET", f"https://a.test/ajax?{query}")
        asked.failure = "net::ERR_BLOCKED_BY_CLIENT"
        tab.tell("request", asked)
        tab.tell("requestfailed", asked)
        assert [one.path for one in traffic.unanswered] == missed, query


def test_a_page_whose_answer_still_flows_is_not_fed() -> None:
    """An answer of unknown length that has begun may yet change the page; one of known length was whole when sent."""
    for length, fed in (({}, False), ({"content-length": "14"}, True)):
        traffic, tab = listening()
        asked = Asked("GET", "https://a.test/api/settings")
        asked.headers = length
        tab.tell("request", asked)
        tab.tell("response", asked)
        assert traffic.has_all_data is fed
        tab.tell("requestfinished", asked)
        assert traffic.has_all_data
    counting = Asked("GET", "https://a.test/track/event")
    tab.tell("request", counting)
    tab.tell("response", counting)
    assert traffic.has_all_data
