"""A visit to a setting, page after page, without a browser: the pages are outlines, and what was asked for is noted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.browser.capture import NoFiles
from automation.core.errors import SignInNeeded, SiteUnreachable
from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.flow import Flow
from automation.page import Box, PageView
from automation.page.read_page import MissedRequest
from automation.visit.conclusion import judge
from automation.visit.objection import read
from automation.visit.reader import Reader, Sight, SignedInAccount, VisitLog
from tests.reading.outline import Part, el, page
from tests.visit.source import WrittenPages

ADDRESS = "https://copilot.microsoft.com/"
ME = SignedInAccount("lou@atelier.example", confirmed="2026-11-20")
LABEL = "Training on conversation activity"
HOME = page(
    el("button", "Lou Bernard", title="Profile", aria_haspopup="menu"), el("main", el("h1", "Hello")), url=ADDRESS
)
MENU = page(el("button", "Account", role="menuitem"), el("button", "Privacy", role="menuitem"), url=ADDRESS)


def panel(*more: Part) -> PageView:
    """The panel in which the setting stands, off."""
    row = el("div", el("div", LABEL), el("button", "", role="switch", aria_checked="false"))
    return page(el("div", el("h2", "Privacy"), row, *more, role="dialog", name="Privacy"), url=ADDRESS)


class Visit:
    """A reader on pages that a test writes."""

    def __init__(self, flow: Flow, *views: PageView, **others: tuple[PageView, ...]) -> None:
        self.flow = flow
        surfaces = {"setting": views} | others
        self.source = WrittenPages({flow.surfaces[name].urls[0]: shown for name, shown in surfaces.items()})
        log = VisitLog.of(flow, ME)
        self.reader = Reader(Sight(self.source, NoFiles()), flow, ME, log)

    async def verdict(self) -> Verdict:
        """Read, and judge."""
        return judge(await read(self.reader, self.flow, ""), self.flow.states).verdict


@pytest.fixture
def flow(flows: dict[str, Flow]) -> Flow:
    """A setting without an address of its own."""
    return flows["microsoft_copilot.text"]


async def test_the_way_leads_through_the_menu_of_the_account(flow: Flow) -> None:
    """The menu bears its holder's name, and says what it is by its tooltip; the panel is then read twice."""
    visit = Visit(flow, *(HOME, MENU, panel()) * 2)
    assert await visit.verdict() is Verdict.OBJECTED
    way = ["follow Lou Bernard", "follow Privacy"]
    assert [step for step in visit.source.asked if step.startswith("follow")] == way * 2


def folded(*inside: Part, opened: str = "", shut: tuple[str, ...] = ("Content preferences",)) -> PageView:
    """A page beside a menu, with sections that are opened by a press."""
    menu = el("nav", el("a", "Account", href="/settings"), el("a", "Privacy", href="/settings/privacy-policy"))
    buttons = [el("button", name, aria_expanded=str(name == opened).lower()) for name in shut]
    return page(
        menu, el("main", el("h1", "Your choices"), *buttons, *inside), url="https://www.quora.com/settings/privacy"
    )


@pytest.mark.parametrize(
    ("shut", "pressed"),
    [
        (
            ("Inbox preferences", "Content preferences"),
            ["Content preferences"],
        ),  # and not the link "Privacy" of the menu
        (("Content preferences", "Privacy"), []),
        ((), ["Privacy"]),
    ],
)
async def test_a_section_that_says_that_it_is_shut_is_opened_before_a_link_of_its_name(
    flows: dict[str, Flow], shut: tuple[str, ...], pressed: list[str]
) -> None:
    """One section is opened and read; where two might be it, neither is pressed."""
    label = "Allow large language models to be trained on your content"
    row = el("div", el("div", label), el("button", "", role="switch", aria_checked="false"))
    before, after = folded(shut=shut), folded(row, shut=shut, opened=pressed[0] if pressed else "")
    visit = Visit(flows["quora.ai_training"], *((before, before, after) * 2 if pressed and shut else (before,)))
    assert await visit.verdict() is (Verdict.OBJECTED if pressed and shut else Verdict.UNKNOWN)
    follows = [step.removeprefix("follow ") for step in visit.source.asked if step.startswith("follow")]
    assert follows == pressed * (2 if shut else 1)


async def test_what_cannot_be_scrolled_away_is_seen_in_a_taller_window(flow: Flow) -> None:
    """A box that is fixed over the end of a page covers its last row until there is more room."""
    free = panel(el("aside", el("p", "Get the app"), role="note"))
    control = next(node for node in free.nodes if node.role == "switch")
    nodes = tuple(replace(n, opaque=True, paint=9, box=control.box) if n.role == "note" else n for n in free.nodes)
    under = replace(free, nodes=nodes)
    away = replace(free, nodes=tuple(replace(n, box=Box(0, 900, 9, 9)) if n.role == "note" else n for n in nodes))
    visit = Visit(flow, *(under, under, away) * 2)
    assert await visit.verdict() is Verdict.OBJECTED
    assert visit.source.asked.count("taller") == 2


@pytest.mark.parametrize(
    ("view", "kind", "reason"),
    [
        (page(el("main", el("h1", "Hi there"), el("button", "Sign in")), url=ADDRESS), None, Reason.LOGIN_REQUIRED),
        (
            page(el("p", "Verify you are human"), title="Just a moment...", url=ADDRESS),
            ChallengeKind.CAPTCHA,
            Reason.CHALLENGE,
        ),
    ],
)
async def test_a_page_in_front_of_the_setting_ends_the_visit_with_what_it_asks_for(
    flow: Flow, view: PageView, kind: ChallengeKind | None, reason: Reason
) -> None:
    """The answer is that a person has to go on, and why; never that the page is unknown."""
    with pytest.raises(SignInNeeded) as caught:
        await Visit(flow, view).verdict()
    assert (caught.value.kind, caught.value.reason) == (kind, reason)


async def test_a_page_that_never_came_says_so(flow: Flow) -> None:
    """An empty page is a failure of the service, whatever words its language lacks."""
    with pytest.raises(SiteUnreachable, match="it is empty"):
        await Visit(flow, page(url=ADDRESS)).verdict()


def in_words(state: str, *more: Part, holder: str = "Privacy") -> PageView:
    """A page that only tells the state, with what leads on."""
    entry = el("dl", el("dt", LABEL), el("dd", state))
    return page(el("main", el("h2", holder), entry, *more), url=ADDRESS)


WAY = el("button", "Account", role="menuitem"), el("button", "Privacy", role="menuitem")


async def test_a_state_in_words_counts_where_no_control_is(flow: Flow) -> None:
    """It is read twice, as a control is, and the picture is taken of the words."""
    assert await Visit(flow, in_words("Off")).verdict() is Verdict.OBJECTED
    assert await Visit(flow, in_words("On")).verdict() is Verdict.NOT_OBJECTED
    changed = [in_words("Off")] * 2 + [in_words("On")]
    assert await Visit(flow, *changed).verdict() is Verdict.UNKNOWN


async def test_a_control_behind_the_words_comes_first(flow: Flow) -> None:
    """An overview tells the state and leads on: the way is gone to its end; where both differ, neither counts."""
    visit = Visit(flow, *(in_words("Off", *WAY), panel()) * 2)
    assert await visit.verdict() is Verdict.OBJECTED
    assert "follow Privacy" in visit.source.asked
    other = Visit(flow, *(in_words("On", *WAY), panel()) * 2)
    assert await other.verdict() is Verdict.UNKNOWN


async def test_where_no_control_comes_behind_the_words_they_are_gone_back_to(flow: Flow) -> None:
    """What the way leads to shows nothing: the page that told the state is opened again."""
    empty = page(el("main", el("h2", "Privacy"), el("p", "More soon.")), url=ADDRESS)
    told = in_words("Off", *WAY)
    visit = Visit(flow, *(told, empty, empty, empty, told) * 2, told)
    assert await visit.verdict() is Verdict.OBJECTED


CONTENT = "Allow large language models to be trained on your content"


@pytest.mark.parametrize(
    ("shut", "verdict"),
    [
        ((el("button", CONTENT, aria_expanded="false"),), Verdict.OBJECTED),
        ((el("h3", el("button", el("span", CONTENT), aria_expanded="false")),), Verdict.OBJECTED),
        ((el("button", CONTENT, aria_expanded="false"),) * 2, Verdict.UNKNOWN),
        ((el("button", CONTENT, aria_expanded="false", aria_haspopup="menu"),), Verdict.UNKNOWN),
        ((el("button", f"{CONTENT}?", aria_expanded="false"),), Verdict.UNKNOWN),
        ((el("form", el("button", CONTENT, aria_expanded="false")),), Verdict.UNKNOWN),
        ((el("button", CONTENT),), Verdict.UNKNOWN),
    ],
)
async def test_an_expander_called_as_the_setting_is_opened(
    flows: dict[str, Flow], shut: tuple[Part, ...], verdict: Verdict
) -> None:
    """The switch comes with it; nothing else of that name is pressed, and never one of two."""
    address = "https://www.quora.com/settings/privacy"
    heading = el("h1", "Content preferences")
    row = el("label", el("span", CONTENT), el("input", role="switch", name=CONTENT, ticked=False))
    before = page(el("main", heading, *shut), url=address)
    after = page(el("main", heading, el("button", CONTENT, aria_expanded="true"), row), url=address)
    visit = Visit(flows["quora.ai_training"], *((before, before, after) * 2 if verdict.is_answer else (before,)))
    assert await visit.verdict() is verdict
    assert any(step.startswith("follow") for step in visit.source.asked) is verdict.is_answer


@pytest.mark.parametrize(
    ("inside", "kind", "reason"),
    [
        ((el("h1", "Verify you are human"), el("p", "Solve the puzzle.")), ChallengeKind.CAPTCHA, Reason.CHALLENGE),
        ((el("h1", "Hi there"), el("button", "Log in")), None, Reason.LOGIN_REQUIRED),
    ],
)
async def test_what_stands_in_front_of_the_list_of_blogs_ends_the_visit(
    flows: dict[str, Flow], inside: tuple[Part, ...], kind: ChallengeKind | None, reason: Reason
) -> None:
    """A front page that names no blog may be no front page: then a person has to go on, and not to list the blogs."""
    with pytest.raises(SignInNeeded) as caught:
        await Visit(
            flows["tumblr.third_party_sharing"], page(el("main", *inside), url="https://www.tumblr.com/")
        ).verdict()
    assert (caught.value.kind, caught.value.reason) == (kind, reason)


async def test_a_front_page_without_blogs_is_no_wall(flows: dict[str, Flow]) -> None:
    """Nothing is asked for there: which blogs there are is then not known."""
    front = page(el("main", el("h1", "For you"), el("p", "Fog on the moor.")), url="https://www.tumblr.com/")
    assert await Visit(flows["tumblr.third_party_sharing"], front).verdict() is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("inside", "failed"),
    [
        ((el("h1", "Something went wrong"), el("p", "Try reloading.")), True),
        ((el("h2", "Privacy"), el("div", el("p", LABEL), el("p", "We could not load this setting."))), True),
        ((el("div", "An error occurred.", role="alert"), el("h2", "Privacy")), True),
        ((el("h2", "Privacy"), el("p", "Here you decide what happens if something is not saved by hand.")), False),
        ((el("h2", "Privacy"), el("p", "Conversations are not used.")), False),
    ],
)
async def test_a_page_that_says_that_it_failed_is_tried_again(
    flow: Flow, inside: tuple[Part, ...], failed: bool
) -> None:
    """It answered, and not with the setting: nobody learns from it whether the setting is there."""
    visit = Visit(flow, page(el("main", *inside), url=ADDRESS))
    if not failed:
        assert await visit.verdict() is Verdict.UNKNOWN
        return
    with pytest.raises(SiteUnreachable, match="it says that something failed") as caught:
        await visit.verdict()
    assert caught.value.reason is Reason.TIMEOUT


async def test_a_page_that_failed_because_the_guard_refused_what_it_asked_for_says_so(flow: Flow) -> None:
    """To try it again is no use: the guard would refuse the same, and that is what the reader has to know."""
    visit = Visit(flow, page(el("main", el("h1", "Something went wrong")), url=ADDRESS))
    visit.source.missed = (MissedRequest("POST", "claude.ai", "/api/settings", refused=True),)
    assert await visit.verdict() is Verdict.UNKNOWN


async def test_where_a_setting_has_two_pages_the_other_one_is_still_read(flows: dict[str, Flow]) -> None:
    """One that says that it failed may be the one that a plan does not have."""
    failed = page(el("main", el("p", "Something went wrong.")), url="https://account.grammarly.com/security/privacy")
    switch = el("button", "", role="switch", aria_checked="false")
    row = el("div", el("p", "Product Improvement & Training"), switch)
    told = page(el("main", el("h1", "Data Settings"), row), url="https://account.grammarly.com/admin/data_settings")
    assert await Visit(flows["grammarly.ai_training"], failed, team=(told,)).verdict() is Verdict.OBJECTED


async def test_an_organisations_page_that_says_that_it_failed_is_tried_again(flows: dict[str, Flow]) -> None:
    """It is the only one there is, as long as the account names none."""
    failed = page(
        el("main", el("h2", "Access"), el("p", "We could not load this setting.")), url="https://app.hubspot.com/"
    )
    with pytest.raises(SiteUnreachable, match="it says that something failed"):
        await Visit(flows["hubspot.ai_training"], failed).verdict()
