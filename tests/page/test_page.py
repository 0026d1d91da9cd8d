"""Of a page as it was read: whether it still loads, the data that it carries, and whom its reads ask about."""

from __future__ import annotations

from typing import Any

import pytest

from automation.flow.site import EmbeddedId, Identity, embedded_values, who
from automation.page import Node, PageView
from automation.page.json_values import assigned
from automation.page.read_page import asks_who, person_in
from tests.reading.outline import Part, el, page


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('window.__STATE__ = {"a": {"b": 1}};', [("__STATE__", {"a": {"b": 1}})]),
        ("var WIZ={'e':'it\\'s','n':'1'};", [("WIZ", {"e": "it's", "n": "1"})]),
        ('boot=JSON.parse("{\\"u\\":{\\"id\\":3}}");', [("boot", {"u": {"id": 3}})]),
        ("boot=JSON.parse('{\"u\":[1]}');", [("boot", {"u": [1]})]),
        ('window["app.data"] = [{"x": 1}]', [("app.data", [{"x": 1}])]),
        ('a={"x":1},b={"y":2};', [("a", {"x": 1}), ("b", {"y": 2})]),
        ("var a={b:1,c:function(){}};", []),
        ("if (a == {}) { b = [] }", []),
        ('window.x = {"cut": ', []),
        ("x={'never':'closed", []),
        ("", []),
    ],
)
def test_scripts_that_assign_json(script: str, found: list[tuple[str, Any]]) -> None:
    """Double or single quotes, or a text to be parsed; code and what is cut off give nothing, and nothing is run."""
    assert list(assigned(script)) == found


@pytest.mark.parametrize(
    "script", ["a={b:1};" * 200_000, "abcdefgh" * 250_000, "x={'" + "y" * 1_000_000, "{" * 500_000]
)
@pytest.mark.timeout(20)
def test_bundled_code_is_passed_over_quickly(script: str) -> None:
    """Megabytes of code cost a moment, whatever they look like."""
    assert list(assigned(script)) == []


def test_an_identity_may_lie_in_any_of_these_places() -> None:
    """`[identity] embedded` finds a field in assigned JSON, a `<meta>` tag and the storage as it does in a JSON script, and so in an answer."""
    nodes = (
        Node(0, -1, 0, "HTML", 1),
        Node(1, 0, 0, "META", 2, {"name": "user-login", "content": "lou"}),
        Node(2, 0, 1, "META", 3, {"name": "user-login", "content": "somebody in a frame"}),
    )
    scripts = ('{"viewer": {"id": "1"}}', 'window.boot = {"account": {"id": 2}};')
    stored = (("me", '{"id": "3"}'), ("uid", "4"))
    view = PageView("https://s.example/", "", nodes, scripts, storage=stored, viewer=({"handle": "lou-b"},))
    places = [("viewer", "id"), ("account", "id"), ("meta", "user-login"), ("me", "id"), ("storage", "uid")]
    places.append(("viewer", "handle"))
    found = [embedded_values(view, EmbeddedId(near=near, field=field)) for near, field in places]
    assert found == [{"1"}, {"2"}, {"lou"}, {"3"}, {"4"}, {"lou-b"}]
    assert len(view.embedded) == 1, "what inboxes and forms are read from stays as it was"


def test_a_cookie_that_names_the_account_is_decoded() -> None:
    """MediaWiki writes a name with spaces as percent signs, others put quotes around it; both are the name."""
    page = PageView("https://s.example/", "", ())
    identity = Identity(cookies=("wikiUserName", "me"))
    assert who(page, {"wikiUserName": "Alice%20of%20the%20hearth"}, identity).is_only("Alice of the hearth")
    assert who(page, {"me": '"lou"'}, identity).is_only("lou")


LOU = {"email": "lou@a.example", "name": "Lou"}


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("/api/admin/users/me/", True),
        ("/api/v4/user/me.json", True),
        ("/whoami", True),
        ("/api/currentUser", True),
        ("/api/current_user", True),
        ("/oauth2/userinfo", True),
        ("/api/auth/session", True),
        ("/api/users/", False),
        ("/api/users/17", False),
        ("/me/friends", False),
        ("/api/readme", False),
        ("/", False),
    ],
)
def test_a_read_asks_who_is_signed_in_by_the_end_of_its_address(path: str, asks: bool) -> None:
    """A word for oneself as the last part; whatever goes on from there may be others'."""
    assert asks_who(path) is asks


@pytest.mark.parametrize(
    ("answer", "person"),
    [
        (LOU, LOU),
        ({"users": [LOU]}, LOU),
        ({"status": "ok", "data": {"user": LOU}}, LOU),
        ([LOU], LOU),
        ({**LOU, "roles": [{"name": "Editor"}]}, {**LOU, "roles": [{"name": "Editor"}]}),
        ({"users": [LOU, {"email": "bob@b.example"}]}, None),
        ({"support": LOU}, {"support": LOU}),
        ({"invites": [LOU]}, {"invites": [LOU]}),
        ({"users": []}, None),
        ({}, None),
        ({"user": None}, None),
        (None, None),
        ("lou@a.example", None),
    ],
)
def test_the_person_is_found_in_the_wrapping(answer: Any, person: dict[str, Any] | None) -> None:
    """However deep the one object lies; of several, of somebody else's, or of an empty answer, nobody is meant."""
    assert person_in(answer) == person


@pytest.mark.parametrize(
    ("bar", "loads"),
    [
        (el("progress", role="progressbar", name=""), True),
        (el("progress", role="progressbar", name="", value="12", max="50"), False),
        (el("div", role="progressbar", name=""), True),
        (el("div", role="progressbar", name="Loading"), True),
        (el("div", role="progressbar", name="", aria_valuenow="30"), True),
        (el("div", role="progressbar", name="Storage used", aria_valuenow="30"), False),
        (el("div", role="progressbar", name="Loading your settings", aria_valuenow="30"), True),
        (el("div", role="progressbar", name="Chargement", aria_valuenow="30"), True),
        (el("p", "1,204 of 5,000", aria_busy="true"), True),
    ],
)
def test_a_bar_that_measures_something_is_no_sign_of_loading(bar: Part, loads: bool) -> None:
    """A bar without a value says that something is under way; so does one with a value that is called nothing."""
    assert page(el("main", el("h1", "Usage"), bar)).busy() is loads
