"""
What a reader goes to, refuses and notes. No browser: the pages are written out.

How a live tab is waited for and pictured is in tests/browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from automation.browser.capture import NoFiles
from automation.browser.capture.camera import FocusOf
from automation.browser.capture.record import Filed
from automation.core.errors import PageChanged, WriteAttempted
from automation.flow import Flow
from automation.page import PageView
from automation.visit.reader import Reader, Sight, SignedInAccount, VisitLog
from tests.visit.source import WrittenPages, a_view

HOME, INBOX = "https://www.facebook.com/", "https://www.facebook.com/support/"
ME = SignedInAccount("100080000000001")


class Asked(NoFiles):
    """Files nothing, and notes of which steps only known words were to stay."""

    def __init__(self) -> None:
        self.bare: dict[str, bool] = {}

    async def step(
        self, number: int, name: str, view: PageView | None, focus_of: FocusOf, *, bare: bool = False
    ) -> Filed | None:
        """Note it."""
        self.bare[name] = bare
        return None


class Tab:
    """A reader on pages that a test writes, and what it is made of."""

    def __init__(self, flow: Flow, **pages: Sequence[PageView]) -> None:
        self.source = WrittenPages({{"home": HOME, "inbox": INBOX}[name]: views for name, views in pages.items()})
        self.log = VisitLog.of(flow, ME)
        self.files = Asked()
        self.reader = Reader(Sight(self.source, self.files), flow, ME, self.log)


@pytest.fixture
def flow(flows: dict[str, Flow]) -> Flow:
    """A form that is answered in an inbox."""
    return flows["facebook.ai_objection"]


@pytest.mark.parametrize("url", ["https://evil.example/support/1", "https://www.facebook.com/settings/", f"{HOME}?a=1"])
async def test_only_addresses_of_the_surface_are_opened(flow: Flow, url: str) -> None:
    """Another host, another page and another query are refused before anything is asked for."""
    tab = Tab(flow, inbox=[a_view(INBOX)])
    with pytest.raises(WriteAttempted):
        await tab.reader.open("support_inbox", url=url)
    assert tab.source.asked == []


@pytest.mark.parametrize("role", ["switch", "checkbox", "textbox"])
async def test_a_node_that_does_more_than_show_more_is_not_followed(flow: Flow, role: str) -> None:
    """A switch is never pressed, whoever asks for it."""
    tab = Tab(flow, home=[a_view(HOME, (role, "AI training"))])
    page = await tab.reader.open("home")
    with pytest.raises(WriteAttempted):
        await tab.reader.reveal_node(page.view.nodes[1], "home")
    assert tab.source.asked == [f"go {HOME}"]


@pytest.mark.parametrize(
    ("surface", "url", "bare"),
    [
        ("home", HOME, True),
        ("support_inbox", INBOX, False),
        ("home", "https://www.facebook.com/checkpoint/1501092823525282/", False),
        ("home", "https://www.facebook.com/login/", False),
    ],
)
async def test_where_a_visit_begins_is_no_evidence(flow: Flow, surface: str, url: str, *, bare: bool) -> None:
    """A feed is covered, whatever the step is called; an inbox, or a page that asks for something, is evidence."""
    tab = Tab(flow, home=[a_view(url)], inbox=[a_view(url)])
    await tab.reader.open(surface)
    await tab.reader.capture("stopped")
    assert tab.files.bare == {"stopped": bare}


async def test_the_holder_goes_by_the_names_that_stand_beside_the_accounts_id(flow: Flow) -> None:
    """What an earlier page called the account counts in a thread, too; another id's name and the service's do not."""
    data = '{"user": {"pk": "100080000000001", "username": "ada_l", "full_name": "Ada Lovelace"}, "friend": {"pk": "7", "name": "Bo"}}'
    home = replace(a_view(HOME), scripts=(data,))
    inbox = replace(
        a_view(INBOX),
        scripts=('{"id": "100080000000001", "name": "Meta"}', '{"recipient_id": "100080000000001", "name": "Jo"}'),
    )
    tab = Tab(flow, home=[home], inbox=[inbox])
    await tab.reader.open("home")
    with suppress(PageChanged):
        await tab.reader.check_account()
    page = await tab.reader.open("support_inbox")
    speakers = tab.reader.speakers(page.view)
    assert speakers.holder == {"ada_l", "ada lovelace"}
    assert "meta" in speakers.service


async def test_a_step_without_files_is_still_a_step(flow: Flow) -> None:
    """It says where it was taken, and that there is no picture."""
    tab = Tab(flow, home=[a_view(HOME, lang="fr")])
    await tab.reader.open("home", fresh=True)
    step = await tab.reader.capture("home", note="a test")
    assert (step.number, step.surface, step.url, step.locale, step.picture) == (1, "home", HOME, "fr", None)
    assert (tab.reader.steps, tab.log.redactions) == ((step,), [])
    assert tab.source.asked == ["leave", f"go {HOME}"]
    actions = [line.split('"action":"')[1].split('"')[0] for line in tab.log.journal.lines(None).decode().splitlines()]
    assert actions == ["leave", "open", "picture"]


@pytest.mark.parametrize(
    ("later", "again"),
    [("no requests", False), ("we will honour your objection", True)],
)
async def test_a_background_tab_that_changed_is_read_anew(flow: Flow, later: str, *, again: bool) -> None:
    """Only a page that shows the same as when it was scrolled is believed without scrolling it once more."""
    views = [a_view(INBOX, ("heading", "no requests")), a_view(INBOX, ("heading", later))]
    tab = Tab(flow, inbox=views)
    await tab.reader.load_behind("support_inbox")
    await tab.reader.scroll_for_later("support_inbox")
    page = await tab.reader.read_later("support_inbox", 5.0)
    assert page.view.nodes[1].name == later
    assert tab.source.asked == [f"go {INBOX}", "front", "scroll", "front", "pause", *(["scroll"] if again else [])]
    assert tab.log.in_front is tab.reader


async def test_a_background_tab_that_goes_on_showing_the_same_is_scrolled_once(flow: Flow) -> None:
    """From then on it counts; one that shows something else meanwhile is scrolled anew, and counts from then."""
    same, more = (a_view(INBOX, ("heading", name)) for name in ("no requests", "one request"))
    tab = Tab(flow, inbox=[same, same, more, more])
    await tab.reader.load_behind("support_inbox")
    await tab.reader.scroll_for_later("support_inbox")
    await tab.reader.scroll_for_later("support_inbox")
    assert tab.source.asked.count("scroll") == 1
    await tab.reader.scroll_for_later("support_inbox")
    assert tab.source.asked.count("scroll") == 2
    await tab.reader.read_later("support_inbox", 5.0)
    assert tab.source.asked[-2:] == ["front", "pause"]


async def test_nothing_is_said_of_a_page_that_was_not_opened(flow: Flow) -> None:
    """Without a page there is neither a state nor an account, and no second tab where none can be opened."""
    reader = Tab(flow).reader
    with pytest.raises(PageChanged, match="no page is open"):
        reader.switch("control.label")
    with pytest.raises(PageChanged, match="no page is open"):
        await reader.check_account()
    assert await reader.open_background_tab() is None
