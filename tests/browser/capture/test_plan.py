"""What is hidden on a page, from the page as it was read. Pure: no browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from automation.browser.capture.masks import RULES, Masks
from automation.browser.capture.plan import MaskPlan, plan
from automation.browser.capture.record import masked_observation, nodes_json, outline, visible_text
from automation.core.observations import ExposureItem, Observation, Reply
from automation.core.signals import SignalName
from automation.flow import Flow
from automation.flow.site import EmbeddedId, Masking
from automation.page import Box, Node, PageView
from automation.text.labels import parse_labels
from tests.builders import a_field, a_form
from tests.reading.outline import el, page

LABELS = parse_labels(
    {
        "home": {"settings": {"en": [{"names": ["Settings & privacy"], "source": "a test"}]}},
        "form": {"submit": {"en": [{"names": ["Submit"], "source": "a test"}]}},
    },
    "test",
)
MASKING = Masking(names=(EmbeddedId(near="Person", field="name"),), links=("/me/",))
DATA = '{"viewer": {"id": "100012345678901", "full_name": "Rita Gallo", "username": "rita.gallo7"}}'


def a_view(*elements: tuple[str, str, str], scripts: tuple[str, ...] = (), **attributes: str) -> PageView:
    """
    A page of one line an element, all of them shown.

    Args:
        elements: path of roles such as `complementary/link`, tag of the innermost element, and its text.
        scripts: inline ones.
        attributes: of every innermost element.
    """
    nodes = [Node(0, -1, 0, "BODY", 1, role="RootWebArea", box=Box(0, 0, 800, 900), shown=True)]
    seen: dict[str, int] = {}
    for row, (path, tag, text) in enumerate(elements):
        parent = 0
        roles = path.split("/")
        for depth, role in enumerate(roles):
            key = "/".join(roles[: depth + 1])
            last = depth == len(roles) - 1
            if key not in seen or last:
                node = Node(
                    len(nodes), parent, 0, tag if last else "DIV", len(nodes) + 1, attributes if last else {}, role,
                    name=text if last and role in {"link", "button", "heading", "switch"} else "", block=last,
                    box=Box(0, row * 20, 400, 20), shown=True,
                )  # fmt: skip
                nodes.append(node)
                if not last:
                    seen[key] = node.index
            parent = seen.get(key, len(nodes) - 1) if not last else len(nodes) - 1
        nodes.append(
            Node(len(nodes), parent, 0, "#text", len(nodes) + 1, text=text, box=Box(0, row * 20, 400, 20), shown=True)
        )
    return PageView("https://www.example.org/", "Home of Rita Gallo", tuple(nodes), scripts)


def said(planned: MaskPlan) -> str:
    """All that is written of the page."""
    return visible_text(planned.view) + outline(planned.view) + nodes_json(planned.view).decode()


def some_masks(**changes: Any) -> Masks:
    """Rules of a visit to the account whose data the pages carry."""
    return Masks(MASKING, LABELS, ids=["100012345678901", "rita@example.org"], **changes)


FEED = (
    ("banner/link", "A", "facebookRita Gallo"),
    ("navigation/link", "A", "Settings & privacy"),
    ("navigation/link", "A", "Rosa Blum"),
    ("main/heading", "H2", "Théo Marchal"),
    ("main/generic", "DIV", "Sunday at the flea market. Who comes along?"),
    ("main/button", "DIV", "Like"),
)


def test_of_a_page_that_is_no_evidence_only_known_words_stay() -> None:
    """Posts, authors, names and whatever else a feed shows go, however it is marked up; the service's labels stay."""
    planned = plan(a_view(*FEED, scripts=(DATA,)), some_masks(), "home", bare=True)
    assert planned.view.title == "[text]"
    assert [block.text for block in planned.view.blocks(chrome=True)].count("Settings & privacy") == 1
    for text in ("Rita", "Gallo", "Rosa", "Théo", "Marchal", "flea market", "Like"):
        assert text not in said(planned), text
    covered = {cover.backend_id for cover in planned.covers if cover.rule == "covered"}
    texts = {n.backend_id for n in a_view(*FEED).nodes if n.tag == "#text" and n.text != "Settings & privacy"}
    assert covered == texts


def test_every_mask_has_a_rule_that_the_record_explains() -> None:
    """What a picture hides can be looked up in `redactions.json`."""
    planned = plan(a_view(*FEED, scripts=(DATA,)), some_masks(), "home", bare=True)
    assert {cover.rule for cover in planned.covers} | set(planned.counts) <= {*RULES, ""}


def test_on_a_page_of_evidence_the_frame_is_covered_and_the_rest_stays() -> None:
    """What stands beside the form are other people; the form's own page keeps its text but for names."""
    elements = (
        *FEED[:3],
        ("complementary/generic", "DIV", "Rosa Blum: we honour your objection"),
        ("complementary/heading", "H3", "Recent posts of your friends"),
        ("main/generic", "DIV", "Hi Rita, you can object to this."),
        ("main/button", "DIV", "Send it"),
    )
    planned = plan(a_view(*elements, scripts=(DATA,)), some_masks(), "form_a")
    text = said(planned)
    assert "Hi [name], you can object to this." in text
    assert "Send it" in text
    assert "Settings & privacy" in text
    for gone in ("Rosa", "honour your objection", "Recent posts", "Gallo"):
        assert gone not in text


def test_what_holds_the_control_that_is_read_is_no_mere_frame() -> None:
    """A service that puts its settings into an aside has its control pictured all the same."""
    view = a_view(("complementary/generic", "DIV", "Use my posts"), ("complementary/switch", "DIV", "Train on posts"))
    focus = next(node for node in view.nodes if node.role == "switch")
    assert "Use my posts" not in said(plan(view, some_masks(), "setting"))
    assert "Use my posts" in said(plan(view, some_masks(), "setting", focus=focus))


@pytest.mark.parametrize(
    "script",
    [DATA, f"window.__STATE__ = {DATA};", '{"define": [["Viewer", [], {"data": ' + DATA + "}]]}"],
)
def test_names_are_known_by_the_account_s_id(script: str) -> None:
    """Whatever a service calls the place: what stands beside the account's id is who has it."""
    masks = some_masks()
    plan(a_view(scripts=(script,)), masks, "home")
    assert masks.masked("Rita; GALLO; rita.gallo7; ritagallo") == "[name]; [name]; [name]; [name]"


def test_another_account_s_data_gives_no_parts_of_names() -> None:
    """Of others the full name is hidden; its parts are everybody's words."""
    masks = some_masks()
    other = '{"user": {"id": "100099999999999", "full_name": "Rosa Blum", "username": "rosablum"}}'
    plan(a_view(scripts=(other,)), masks, "home")
    assert masks.masked("Rosa Blum; a rosa button") == "[name]; a rosa button"


def test_what_is_nobody_s_data_gives_no_names() -> None:
    """Countries, products and settings have names too, short and full ones."""
    masks = some_masks()
    data = (
        '[{"id": "1", "shortName": "GB", "name": "United Kingdom"}, {"__typename": "Page", "name": "Atelier Dupont"}]'
    )
    plan(a_view(scripts=(data,)), masks, "form_a")
    assert masks.masked("United Kingdom, Atelier Dupont") == "United Kingdom, Atelier Dupont"


def test_a_link_to_the_account_itself_names_it() -> None:
    """Without any rule for links: its path holds the account's id."""
    masks = Masks(Masking(), LABELS, ids=["mara-vogel"])
    view = a_view(("main/link", "A", "Mara Vogel"), href="/mara-vogel")
    assert "Mara" not in said(plan(view, masks, "setting"))
    assert masks.masked("Hello there Mara") == "Hello there [name]"


def test_the_sign_in_name_is_hidden() -> None:
    """An address goes as one; what stands before its `@` goes too where it is no mere word."""
    masks = Masks(Masking(), LABELS, ids=["basilemore01@shop.example", "contact@shop.example"])
    assert masks.masked("basilemore01, BasileMore01x, contact us") == "[id], [id]x, contact us"


def test_what_a_cookie_holds_is_hidden_wherever_a_page_shows_it() -> None:
    """A service that keeps the handle in a cookie shows it too; the search for secrets would refuse the evidence."""
    masks = some_masks()
    masks.conceal(["mara-vogel-cf04"])
    view = a_view(("main/generic", "DIV", "Signed in as @mara-vogel-cf04"), content="mara-vogel-cf04")
    assert "mara-vogel-cf04" not in said(plan(view, masks, "setting"))


def test_buttons_and_lists_that_the_browser_draws_itself() -> None:
    """No highlight reaches the value of a button: the whole of it is covered."""
    view = a_view(("main/button", "INPUT", ""), type="submit", value="Continue as Rita Gallo")
    covers = plan(replace(view, scripts=(DATA,)), some_masks(), "stopped").covers
    assert [(cover.rule, cover.how) for cover in covers if cover.how == "field"] == [("name", "field")]


def test_what_is_told_of_a_visit_names_nobody_and_says_the_same() -> None:
    """Quotes, locators, labels and values lose the names; names of signals, the form's number and its country stay."""
    masks = some_masks()
    plan(a_view(scripts=(DATA,)), masks, "home")
    form = a_form(heading="Rita's form", fields=(a_field("Name of Rita Gallo", chosen="Jordan", options=("Rita",)),))
    seen = (
        replace(SignalName.REPLY_ACCEPTED.seen("inbox", quote="Hi Rita, we honour it"), locator='paragraph "Hi Rita"'),
        SignalName.FORM_ID.seen("form_a", quote="712876720715583"),
        SignalName.REPLY_UNCLEAR.seen("inbox", quote="reported facebookRita Gallo, rita@example.org"),
    )
    exposure = (ExposureItem("linked", "rita.gallo7 (Instagram)", "shown"),)
    reply = Reply("inbox", "en", seen, (), None, about=seen[0], headed=seen[2])
    observation = Observation("x.y", "1", "s", "en", seen, form, exposure=exposure, replies=(reply,))
    told = masked_observation(observation, masks)
    assert (told.replies[0].signals, told.replies[0].about) == (told.signals, told.signals[0])
    assert told.replies[0].headed == told.signals[2]
    assert told.names() == observation.names()
    assert [signal.quote for signal in told.signals] == [
        "Hi [name], we honour it", "712876720715583", "reported facebook[name], [e-mail]",
    ]  # fmt: skip
    assert told.signals[0].locator == 'paragraph "Hi [name]"'
    assert told.form is not None
    assert told.form.fields[0].chosen == "Jordan"
    assert (told.form.heading, told.form.fields[0].label, told.form.fields[0].options) == (
        "[name]'s form", "Name of [name]", ("[name]",),
    )  # fmt: skip
    assert told.exposure[0].value == "[name] (Instagram)"


def spoken(name: str, address: str, handle: str) -> dict[str, PageView]:
    """Ways in which services say who is signed in, as they are written at several of them."""
    first, settings = name.split(maxsplit=1)[0], el("main", el("h1", "Settings"))
    return {
        "a label with the address": page(
            el("a", el("img"), href="/out", aria_label=f"Google Account: {name} \n({address})")
        ),
        "the same in French": page(el("button", "", aria_label=f"Compte Google : {name} ({address})"), settings),
        "a heading with the handle": page(el("main", el("h1", f"{name} ({handle})"), el("p", "Your personal account"))),
        "a heading in two parts": page(
            el("main", el("h1", el("a", name, href=f"/{handle}"), el("span", f"({handle})")))
        ),
        "above its address": page(el("main", el("div", el("div", name), el("div", address)), el("h1", "Settings"))),
        "title and handle": page(settings, title=f"{name} (@{handle}) / X"),
    } | (
        {}
        if name.islower()
        else {
            "a menu's button": page(
                el("button", el("div", el("span", name), el("span", "Free plan")), aria_haspopup="menu", id="user-menu")
            ),
            "a button with a tooltip": page(el("button", name, title="Profile", aria_haspopup="menu"), settings),
            "a picture's name": page(
                el("button", el("img", alt=name), aria_label="Open user account menu", aria_haspopup="true"), settings
            ),
            "a menu's name": page(
                el("button", "", aria_label=f"Account menu for {name}", aria_haspopup="menu"), settings
            ),
            "a sentence": page(el("main", el("p", f"Signed in as {name} · {address}"), el("h1", "Settings"))),
            "a greeting": page(el("main", el("h1", f"Good evening, {first}"), el("p", "How can I help?"))),
        }
    )


PEOPLE = {
    "Lou Bernard": ("lou@atelier.example", "lou-b-42"),
    "Claire van der Berg": ("cvdb@atelier.example", "clairevdb7"),
    "Grace Page": ("grace@atelier.example", "gpage1"),
    "Émilie Durand-Roy": ("edr@atelier.example", "edr_77x"),
    "Иван Петров": ("ivan@atelier.example", "ivanp22"),
    "王小明": ("wxm@atelier.example", "wxm888"),
    "J. R. Smith": ("jrs@atelier.example", "jrsmith4"),
    "claire moreau": ("cm@atelier.example", "cmor12"),
}
"""Names that no program knows, with addresses and handles that do not spell them."""


@pytest.mark.parametrize("name", PEOPLE)
def test_no_service_s_page_names_the_holder(flows: dict[str, Flow], name: str) -> None:
    """Whatever the service and its words: what stands beside an address or handle, on menus and in greetings is hidden."""
    for flow in {flow.id.partition(".")[0]: flow for flow in flows.values()}.values():
        for way, view in spoken(name, *PEOPLE[name]).items():
            masks = Masks(flow.site.masking, flow.labels, ids=PEOPLE[name])
            planned = plan(view, masks, "setting")
            written = said(planned) + planned.view.title
            assert [word for word in name.split() if len(word) > 2 and word in written] == [], (flow.id, way)
            texts = [node for node in view.nodes if node.tag == "#text" and name in node.text and node.shown]
            assert {node.backend_id for node in texts} <= {cover.backend_id for cover in planned.covers}, way


def test_words_beside_an_address_stay() -> None:
    """Captions of a field, names of a plan and the labels of the service are nobody's names."""
    masks = Masks(Masking(), LABELS, ids=["lou@atelier.example"])
    view = page(
        el("main", el("h1", "Account settings (lou@atelier.example)"), el("p", "Help for teams: help@service.example")),
        el("div", el("span", "Primary email"), el("span", "lou@atelier.example"), el("span", "Verified")),
        el("button", el("span", "Free plan"), id="account", aria_haspopup="menu"),
        title="Account settings - Example",
    )
    planned = plan(view, masks, "setting")
    text = said(planned)
    for word in ("Account settings", "Help for teams", "Primary email", "Verified", "Free plan"):
        assert word in text, word
    assert planned.view.title == "Account settings - Example"


def test_texts_that_are_not_shown_are_not_kept() -> None:
    """What a page holds without showing it is not copied; the state of a control that it draws otherwise is."""
    other = el("div", el("p", "Your other matter", aria_label="Case 12"), shown=False)
    switch = el("input", role="switch", name="Use my posts", shown=False, type="checkbox", aria_label="Use my posts")
    text = said(plan(page(el("main", el("p", "Use my posts"), other, switch)), some_masks(), "setting"))
    assert "other matter" not in text
    assert "Case 12" not in text
    assert '"aria-label":"Use my posts"' in text.replace(" ", "").replace("Usemyposts", "Use my posts")


def test_what_the_holder_wrote_is_hidden_wherever_it_is_repeated() -> None:
    """In the thread, in a list's preview, in what is told of the visit; what the service said stays, also where both said it."""
    own = "I object, because my daughter's asthma is nobody's business.\nKind regards, and thank you"
    masks = some_masks()
    masks.withhold([own], ["Hello. Kind regards, and thank you"])
    thread = page(
        el("main", el("p", "I object, because my daughter's", el("b", " asthma"), " is nobody's business."),
           el("p", "Kind regards, and thank you"), el("p", "We will honour your objection."),
           el("a", "I object, because my daughter's …", href="/item")),
    )  # fmt: skip
    planned = plan(thread, masks, "inbox-item")
    text = said(planned)
    for gone in ("daughter", "asthma"):
        assert gone not in text
    assert "Kind regards, and thank you" in text
    assert "We will honour your objection." in text
    hidden = {
        node.backend_id for node in thread.nodes if node.tag == "#text" and node.parent and "object, b" in node.text
    }
    assert hidden <= {cover.backend_id for cover in planned.covers if cover.rule == "written"}
    masks.withhold(["You told me: We will honour your objection. Why not before?"], ["We will honour your objection."])
    assert "We will honour your objection." in said(plan(thread, masks, "inbox-item"))
    quoted = "you wrote: I object, because my daughter's asthma is nobody's business."
    assert masks.without_people(quoted) == "you wrote: [own words]"
