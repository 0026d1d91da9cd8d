"""How requests are named and answers taken apart, for a service's own ways and for those of the web."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from automation.core.observations import Field
from automation.flow.control_table import OTHER_SHAPE, FormShape
from automation.flow.reads import ReadMark, ReadRules
from automation.flow.site import parse_site
from automation.page import PageView
from automation.page.read_page import DataResponse
from automation.reading.form_fields import shape_of
from automation.reading.lists.completeness import ListReads
from automation.text.labels import Labels, parse_labels

URL = "https://www.acme.example/api/letters"
FORM = "ask=Letters&vars=%7B%22size%22%3A9%7D"
RULES = ReadRules(
    name_headers=("x-ask",), name_fields=("ask",), paths={"letters": "/api/letters*"}, variables="vars",
    prefixes=("while(1);",), answer="found", embedded=("pre_{name}_*",), unfinished=(ReadMark(key="last", says=False),),
    more=(ReadMark(key="next"),), viewers=("me",), viewer_pattern=r"\d{3,}",
)  # fmt: skip
READS = ListReads(frozenset({"letters"}), RULES)


@pytest.mark.parametrize(
    ("method", "url", "headers", "body", "name"),
    [
        ("POST", URL, {"x-ask": "Letters"}, "", "Letters"),
        ("POST", "", {}, FORM, "Letters"),
        ("POST", "", {}, '{"ask": "Letters"}', "Letters"),
        ("POST", "", {}, '[{"ask": "Letters"}, {"ask": "ReadMark"}]', ""),
        ("POST", "", {}, '{"ask": ', ""),
        ("GET", URL, {"x-ask": "Letters"}, "", "letters"),  # the guard lets no GET through that names an operation
        ("GET", "", {}, "", ""),
        ("PUT", URL, {}, "", ""),
    ],
)
def test_a_request_has_one_name(method: str, url: str, headers: dict[str, str], body: str, name: str) -> None:
    """By its header, its form or its JSON where it is a POST; by its path; nothing else has one."""
    assert RULES.name_of(method, url, headers, body) == name


@pytest.mark.parametrize(
    ("query", "body", "narrows"),
    [
        ("", FORM, False),
        ("?folder=archive", "", True),
        ("?folder=", "", False),
        ("?folder=ALL", "", False),
        ("?page=2", "", False),
        ("?lang=en", "", False),
        ("", "vars=%7B%22unreadOnly%22%3Atrue%7D", True),
        ("", '{"vars": {"status": "open"}}', True),
        ("", '{"vars": {"status": null}}', False),
        ("", "vars=%7B", True),  # what cannot be read may narrow
        ("", '{"vars": ', True),
    ],
)
def test_a_part_of_a_list_is_told_from_all_of_it(query: str, body: str, narrows: bool) -> None:
    """In the address and in the body, packed or not; an empty filter filters nothing."""
    assert RULES.narrows(URL + query, body) is narrows
    assert ReadRules(narrowing=("shel*",)).narrows(f"{URL}?shelf=attic", "")


@pytest.mark.parametrize(
    ("query", "body", "continues"),
    [
        ("?page=2", "", True),
        ("?folder=archive", "", False),
        ("", '{"vars": {"cursor": "x"}}', True),
        ("", '{"vars": {"cursor": null}}', False),
        ("", '{"vars": ', True),  # what cannot be read may
    ],
)
def test_what_follows_in_a_list_is_told_from_its_beginning(query: str, body: str, continues: bool) -> None:
    """A cursor or a number of a page; an empty one begins."""
    assert RULES.continues(URL + query, body) is continues


def page(*answers: Any, scripts: tuple[str, ...] = ()) -> Any:
    """A page whose reads answered this."""

    class Page:
        view = PageView(URL, "", (), scripts)

    Page.answers = tuple(DataResponse("letters", 200, RULES.parsed(a)) for a in answers)  # type: ignore[attr-defined]
    return Page


@pytest.mark.parametrize(
    ("answer", "empty"),
    [
        ({"found": {"letters": []}}, True),
        ({"found": {"letters": [{"id": 1}]}}, False),
        ({"found": {"letters": [], "last": False}}, False),
        ({"found": {"letters": []}, "state": {"last": False}}, False),
        ({"found": {"letters": [], "draft": None}}, False),
        ({"found": {"letters": [], "nextCursor": None}}, True),
        ({"found": None}, False),
        ({"found": {"letters": []}, "hasNext": True}, False),
    ],
)
def test_an_empty_list_is_one_only_in_a_whole_answer(answer: dict[str, Any], empty: bool) -> None:
    """Whatever says that the rest follows, inside the wrapping or beside it, leaves it open."""
    assert READS.are_empty(page(b"while(1);" + json.dumps(answer).encode())) is empty


@pytest.mark.parametrize(
    ("answer", "markup"),
    [
        ({"found": {"surface": {"title": "Inbox", "rendering": "<p>You have no messages.</p>"}}}, True),
        ({"found": {"surface": {"title": "Inbox", "rendering": None}}}, False),
        ({"found": {"surface": {"rendering": "<ul></ul>", "letters": [{"id": 1}]}}}, False),
        ({"found": {"letters": {"1849201": {"subject": "Your objection"}}}}, False),
        ({"found": {"rendering": "<ul></ul>", "last": False}}, False),
        ({"found": None}, False),
    ],
)
def test_an_answer_of_texts_alone_is_a_part_of_the_page(answer: dict[str, Any], markup: bool) -> None:
    """It tells of nothing that the page does not show; a list, a blank or objects by their number may."""
    assert READS.bring_markup(page(json.dumps(answer).encode())) is markup


def test_further_pages_and_who_asked() -> None:
    """Both are read under the service's own keys; what has not the form of an id is none."""
    said = {"found": {"letters": [], "me": {"id": 123}, "deep": {"me": {"id": "client:x"}, "next": "/2"}}}
    found = page(json.dumps(said).encode())
    assert list(READS.viewers(found)) == ["123"]
    assert READS.have_more(found)
    assert not READS.have_more(page(b'{"found": {"letters": [], "next": ""}}'))
    assert READS.have_more(page(b'{"found": {"pageInfo": {"hasNextPage": true}}}')), "a published standard"


def test_an_answer_that_came_with_the_page() -> None:
    """After a text that names its read, or under its name; another read's is not taken for it."""
    named = json.dumps(["pre_letters_9", {"cache": {"result": {"found": {"letters": []}}}}])
    assert [name for name, _ in READS.embedded(page(scripts=(named,)).view)] == ["letters"]
    assert READS.are_empty(page(scripts=(named,)))
    assert READS.are_empty(page(scripts=('{"letters": {"found": {"letters": []}}}',)))
    other = named.replace("pre_letters_9", "pre_drafts_9")
    assert not list(READS.embedded(page(scripts=(other,)).view))


def test_an_answer_that_is_no_json_is_none() -> None:
    """A body in parts, or of another kind, says nothing."""
    assert RULES.parsed(b'{"found": 1}\n{"found": 2}') is None
    assert RULES.parsed(b"<html>") is None


@pytest.mark.parametrize(
    "table",
    [
        {"paths": {"letters": "api/letters"}},
        {"narrowing": ["*"]},
        {"embedded": ["pre_*"]},
        {"viewer_pattern": "("},
        {"answer": "a..b"},
        {"prefixes": [""]},
        {"more": [{"key": ""}]},
        {"wrapping": "data"},
    ],
)
def test_a_wrong_table_is_refused(table: dict[str, Any]) -> None:
    """What would name every request, or none, does not load."""
    with pytest.raises(ValidationError):
        ReadRules.model_validate(table)


def test_a_read_goes_by_the_name_by_which_the_guard_lets_it_through() -> None:
    """It is said in one place, and a second place is refused."""
    tables: dict[str, Any] = {
        "name": "Acme", "hosts": ["acme.example"], "identity": {},
        "sign_in": {"url": "https://acme.example", "home": "", "session_cookies": [], "login_paths": []},
        "guard": {"operations": {"paths": ["/q"], "name_fields": ["ask"], "name_headers": ["x-ask"]}},
    }  # fmt: skip
    rules = parse_site("acme", tables, "site.toml").reads
    assert (rules.name_fields, rules.name_headers) == (("ask",), ("x-ask",))
    with pytest.raises(Exception, match=r"name_fields belongs to \[guard.operations\]"):
        parse_site("acme", tables | {"reads": {"name_fields": ["ask"]}}, "site.toml")


def a_field(role: str, *, required: bool | None = None, label: str = "") -> Field:
    """A field of a form."""
    return Field(label=label, kind="text", required=required, filled=None, role=role)


SHAPES = (
    FormShape(name="abroad", needs=("email", "country"), words={"country": "form.abroad"}),
    FormShape(name="home", needs=("email", "country"), may=("code",)),
    FormShape(name="short", needs=("email",), may=("reason",), optional=("reason",)),
)


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ((a_field("email"), a_field("country", label="Land of birth")), "abroad"),
        ((a_field("email"), a_field("country"), a_field("code")), "home"),
        ((a_field("email"), a_field("reason", required=False)), "short"),
        ((a_field("email"), a_field("reason", required=True)), OTHER_SHAPE),
        ((a_field("email"), a_field("other")), OTHER_SHAPE),
        ((a_field("country"),), OTHER_SHAPE),
    ],
)
def test_a_form_has_the_first_shape_that_it_fits(fields: tuple[Field, ...], shape: str) -> None:
    """All that a shape needs, nothing that it does not know, its words and no more required than it says."""
    labels: Labels = parse_labels({"form": {"abroad": {"en": [{"words": ["land of birth"], "source": "a"}]}}}, "labels")
    assert shape_of(fields, SHAPES, labels) == shape
