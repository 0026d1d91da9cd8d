"""Whose account a page shows, told from its own data, its frame, cookies and storage; and compared with what was kept."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from automation.page import Node, PageView
from automation.reading.identity import KeptMarks, MarkKind, digests_of, marks_of, same_account

KEY = b"key of a test, long enough"
EMAIL, LOGIN, NUMBER, MENU = MarkKind.EMAIL, MarkKind.LOGIN, MarkKind.NUMBER, MarkKind.MENU


def a_page(
    *scripts: str,
    meta: dict[str, str] | None = None,
    storage: dict[str, str] | None = None,
    menu: dict[str, str] | None = None,
    viewer: dict[str, Any] | None = None,
) -> PageView:
    """A page with scripts, `<meta>` tags, storage, controls in its banner (name → id), and an answer of who it is."""
    nodes = [Node(0, -1, 0, "HTML", 1), Node(1, 0, 0, "HEADER", 2, role="banner", shown=True)]
    for name, content in (meta or {}).items():
        nodes.append(Node(len(nodes), 0, 0, "META", 10 + len(nodes), {"name": name, "content": content}))
    for name, id_ in (menu or {}).items():
        nodes.append(
            Node(len(nodes), 1, 0, "BUTTON", 10 + len(nodes), {"id": id_}, role="button", name=name, shown=True)
        )
    stored, told = tuple((storage or {}).items()), (viewer,) if viewer else ()
    return PageView("https://s.example/", "", tuple(nodes), scripts, storage=stored, viewer=told)


@pytest.mark.parametrize(
    ("view", "cookies", "found"),
    [
        (a_page('window.boot = {"user": {"email": "Lou@A.example", "id": "184212"}};'), {},
         {EMAIL: {"lou@a.example"}, NUMBER: {"184212"}}),
        (a_page("var WIZ={'oPEP7c':'lou@a.example'};"), {}, {}),
        (a_page('{"viewer": {"login": "lou-b", "name": "Lou Bernard"}}'), {},
         {LOGIN: {"lou-b"}, MarkKind.NAME: {"lou bernard"}}),
        (a_page('RLCONF={"wgUserName":"Lou Bernard","wgTitle":"Preferences"};'), {}, {LOGIN: {"lou bernard"}}),
        (a_page('x=JSON.parse("{\\"currentUser\\":{\\"username\\":\\"lou-b\\"}}")'), {}, {LOGIN: {"lou-b"}}),
        (a_page(meta={"user-login": "lou-b", "octolytics-actor-id": "99120", "viewport": "width"}), {},
         {LOGIN: {"lou-b"}, NUMBER: {"99120"}}),
        (a_page(storage={"user": '{"email":"lou@a.example"}', "theme": "dark"}), {}, {EMAIL: {"lou@a.example"}}),
        (a_page(menu={"Account: Lou (lou@a.example)": "account-menu", "Account menu": "user-menu"}), {},
         {EMAIL: {"lou@a.example"}}),
        (a_page(menu={"Lou Bernard": "profile-button", "New chat": "new"}), {}, {MENU: {"lou bernard"}}),
        (a_page(viewer={"email": "lou@a.example", "name": "Lou", "roles": [{"name": "Editor"}]}), {},
         {EMAIL: {"lou@a.example"}, MarkKind.NAME: {"lou"}}),
        (a_page(), {"dotcom_user": "lou-b", "user_session": "9fA3kd82hGq0Zp4LxT77"}, {LOGIN: {"lou-b"}}),
        (a_page(), {"my_wikiUserName": "Lou%20Bernard", "login": "true", "logged_in": "yes"}, {LOGIN: {"lou bernard"}}),
        (a_page(), {"twid": quote("u=1318429406", safe="")}, {NUMBER: {"1318429406"}}),
        (a_page(), {"info": quote(json.dumps({"user": {"email": "lou@a.example"}}))}, {EMAIL: {"lou@a.example"}}),
        # what speaks of others, of nobody, or of this one sign-in names nobody
        (a_page('{"posts": [{"user": {"email": "bob@b.example"}}]}'), {}, {}),
        (a_page('{"session": {"id": "f81d4fae-7dec"}}', '{"authors": {"email": "bob@b.example"}}'), {}, {}),
        (a_page(menu={"Log out": "user-logout", "Your profile": "profile"}), {}, {}),
    ],
)  # fmt: skip
def test_what_names_the_person_is_found_where_it_speaks_of_them(
    view: PageView, cookies: dict[str, str], found: dict[MarkKind, set[str]]
) -> None:
    """Objects called after the person, `<meta>` tags, the account's menu, cookies decoded, storage; nothing else."""
    assert {kind: set(values) for kind, values in marks_of(view, cookies, ["twid"]).all.items()} == found


def _user(**fields: Any) -> PageView:
    return a_page(json.dumps({"user": fields}))


@pytest.mark.parametrize(
    ("before", "now", "agrees"),
    [
        (_user(email="lou@a.example", id="1234"), _user(email="lou@a.example", id="9999"), True),
        (_user(email="lou@a.example", id="1234"), _user(email="bob@b.example", id="1234"), False),
        (_user(username="lou"), _user(username="lou", email="lou@a.example"), True),
        (_user(username="lou"), _user(username="bob"), False),
        (a_page(menu={"Lou Bernard": "account"}), a_page(menu={"Lou Bernard": "account", "Pro plan": "user"}), True),
        (a_page(menu={"Lou Bernard": "account"}), a_page(menu={"Bob": "account"}), False),
        (
            a_page(menu={"Lou": "account", "Pro plan": "user"}),
            a_page(menu={"Bob": "account", "Pro plan": "user"}),
            None,
        ),
        (_user(email="lou@a.example"), a_page(), None),
    ],
)
def test_what_was_confirmed_is_compared_by_the_most_telling_kind(
    before: PageView, now: PageView, agrees: bool | None
) -> None:
    """An e-mail address outweighs numbers and menus; what is in part the same proves nothing; kept are HMACs alone."""
    kept = digests_of(marks_of(before, {}), KEY)
    assert KeptMarks(kept, KEY).agree(marks_of(now, {})) is agrees
    assert "lou" not in repr((kept, KeptMarks(kept, KEY), marks_of(before, {})))


def test_the_configured_identity_on_the_page_is_proof() -> None:
    """E-mail address or handle, as the configuration has it, in the page's own data; another address is another account."""
    own, other = "lou@a.example", "bob@b.example"
    assert marks_of(a_page("var WIZ={'oPEP7c':'Lou@a.example'};"), {}).name(own)
    assert marks_of(_user(username="Lou-B"), {}).name("lou-b")
    assert not marks_of(_user(username="Lou-B"), {}).name(own)
    assert marks_of(_user(email=other), {}).name_another(own)
    assert not marks_of(a_page(f"var support={{'a':'{other}'}};"), {}).name_another(own)
    assert not marks_of(_user(email=other), {}).name_another("lou-b")


def test_an_address_among_others_proves_nothing() -> None:
    """A list of a team, or of people written to, holds the account's address on a colleague's page as well."""
    team = a_page('{"team": [{"email": "lou@a.example"}, {"email": "ana@a.example"}]}')
    assert not marks_of(team, {}).name("lou@a.example")
    alone = a_page('{"digest": {"sent_to": "lou@a.example"}}')
    assert marks_of(alone, {}).name("lou@a.example")
    assert not marks_of(alone, {}).name("ana@a.example")


@pytest.mark.parametrize(
    ("view", "cookies", "contradict"),
    [
        (a_page(meta={"user-login": "bob"}), {"dotcom_user": "lou-b"}, True),
        (a_page(meta={"user-login": "lou-b"}), {"dotcom_user": "lou-b"}, False),
        (_user(user_id="1318429406"), {"twid": "u%3D1234567890"}, True),
        (_user(user_id="13184"), {"twid": "u%3D1234567890"}, False),
        (_user(id="f81d4fae"), {"twid": "u%3D1234567890"}, False),
    ],
)
def test_a_page_that_names_another_one_than_the_cookies(
    view: PageView, cookies: dict[str, str], contradict: bool
) -> None:
    """The session is one account's and the page another's: two names, or two numbers of one form."""
    assert marks_of(view, cookies, ["twid"]).contradict is contradict


def test_two_pages_of_one_visit() -> None:
    """A second page that names another e-mail address or user name is another account's; numbers alone tell nothing."""
    lou, bob = marks_of(_user(username="lou", id="1234"), {}), marks_of(_user(username="bob", id="1234"), {})
    assert same_account(lou, bob) is False
    assert same_account(lou, marks_of(_user(id="9999"), {})) is None


def test_who_is_spoken_of_within_an_answer_is_not_who_is_signed_in() -> None:
    """The one e-mail address of an answer to "who is signed in" may be that of whoever invited the person."""
    view = a_page(viewer={"id": "12345", "invited_by": {"email": "lou@a.example"}})
    assert marks_of(view, {}).mentioned == frozenset()
    assert not marks_of(view, {}).name("lou@a.example")


def test_an_address_ends_where_its_own_text_does() -> None:
    """The harm: "lou@a.example" right before "Pro plan" reads as the address of another account."""
    button = Node(2, 1, 0, "BUTTON", 3, {"id": "user-menu"}, role="button", name="L lou@a.examplePro plan", shown=True)
    texts = [Node(3 + n, 2, 0, "#text", 4 + n, text=text) for n, text in enumerate(("L", "lou@a.example", "Pro plan"))]
    frame = [Node(0, -1, 0, "HTML", 1), Node(1, 0, 0, "HEADER", 2, role="banner", shown=True)]
    view = PageView("https://s.example/", "", (*frame, button, *texts))
    assert set(marks_of(view, {}).all[EMAIL]) == {"lou@a.example"}


@pytest.mark.parametrize(
    ("attributes", "texts", "found"),
    [
        ({"aria-haspopup": "menu"}, ("Lou Berg", "lou@a.example"), True),
        ({}, ("Lou Berg", "lou@a.example"), False),
        ({"aria-haspopup": "menu"}, ("lou@a.example", "ada@a.example"), False),
    ],
)
def test_a_menu_of_the_frame_that_shows_an_address_is_the_accounts(
    attributes: dict[str, str], texts: tuple[str, ...], found: bool
) -> None:
    """Whatever its ids; the harm: another account's setting was told as this one's."""
    frame = [Node(0, -1, 0, "HTML", 1), Node(1, 0, 0, "ASIDE", 2, role="complementary", shown=True)]
    button = Node(2, 1, 0, "BUTTON", 3, attributes, role="button", name=" ".join(texts), shown=True)
    inside = [Node(3 + n, 2, 0, "#text", 4 + n, text=text) for n, text in enumerate(texts)]
    marks = marks_of(PageView("https://s.example/", "", (*frame, button, *inside)), {})
    assert marks.name_another("ada@a.example") is found
