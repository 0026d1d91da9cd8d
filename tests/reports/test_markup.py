"""The page's markup: sound, without script, escaped everywhere, and with pictures that everybody can use."""

from __future__ import annotations

import base64
import dataclasses
import enum
import hashlib
import itertools
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.core.records import BundleRef
from automation.core.results import Result, RunDocument
from automation.text.catalogue import LANGUAGES
from tests.builders import a_document, a_guide, a_result, a_signal, a_step, an_artifact
from tests.reports.pages import GUIDES, TakenApart, a_page, every_answer, render

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;{{ 7*7 }}\u202e</bdi></td>\x00\ud800"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("document", [every_answer(), a_document(results=())], ids=["every answer", "no result"])
def test_the_page_is_sound(document: RunDocument, lang: str) -> None:
    """Tags close in order, ids are unique, and every reference inside the page leads somewhere."""
    page = a_page(document, lang)
    assert page.faults == []
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(element.attributes.get(name, "").split()) <= set(ids)
        href = element.attributes.get("href", "")
        assert not href.startswith("#") or href[1:] in ids, href


def test_nothing_runs_and_nothing_is_fetched_from_elsewhere() -> None:
    """No script for a few accounts, no handler, no inline style, no outside resource; a policy that forbids them all."""
    document = every_answer()
    page = a_page(replace(document, results=document.results[::2]))
    assert not page.all("script", "iframe", "object", "embed", "link", "form", "base", "audio", "video")
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name in {"style", "srcset"}]
        assert "://" not in element.attributes.get("src", "")
    (policy,) = [e for e in page.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.attributes["content"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "'self' file:"
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert rules["style-src"] == f"'sha256-{digest}'", "else no browser would apply the style"
    assert "url(" not in style.text
    assert "@import" not in style.text


def _poisoned(value: Any, poison: str, name: str = "") -> Any:
    """The same with every free text replaced; closed sets and digests of our own stay."""
    if isinstance(value, enum.Enum | datetime | bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        return value if name == "schema" else poison
    if isinstance(value, tuple):
        return tuple(_poisoned(item, poison) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return type(value)(**{name: _poisoned(inner, poison, name) for name, inner in pairs})
    raise AssertionError(f"what is {value!r}?")


def _tags(page: TakenApart) -> Counter[str]:
    return Counter(element.tag for element in page.elements)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_result_becomes_markup(lang: str) -> None:
    """With markup in every single text of the run, the page has the very elements that it has with a plain word."""
    guides = {HOSTILE: a_guide(id=HOSTILE), "x": a_guide(id="x")}
    documents = [_poisoned(every_answer(), poison) for poison in ("x", HOSTILE)]
    plain, hostile = (a_page(document, lang, guides=guides, evidence_root=document.run.id) for document in documents)
    assert hostile.faults == []
    assert _tags(hostile) == _tags(plain)
    assert "<script>alert(1)</script>" in hostile.words(), "it is shown, as text"
    assert "{{ 7*7 }}" in hostile.words()
    for element in hostile.elements:
        assert set(element.attributes) & {"onerror", "onload"} == set()
        assert not element.attributes.get("href", "").lower().startswith(("javascript", "data", "//"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_guide_becomes_markup(lang: str) -> None:
    """A flow of a user's own cannot put markup into the report either."""

    def poisoned(poison: str) -> Any:
        both = {"en": poison, "fr": poison}
        return a_guide(
            title=both,
            service=poison,
            form_urls=(f"https://{poison}/",),
            states={"form_open_nothing_filed": both},
            remedies={"not_objected": {"en": (poison,), "fr": (poison,)}},
            reason_text=both,
            not_covered={"en": (poison,), "fr": (poison,)},
            words={"a": both},
        )

    document = a_document(a_result(probes=()))
    plain, hostile = (a_page(document, lang, guides={"facebook.ai_objection": poisoned(p)}) for p in ("x", HOSTILE))
    assert hostile.faults == []
    assert _tags(hostile) == _tags(plain)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_name_is_shown_and_stays_inside(name: str) -> None:
    """Whatever an owner is called, in any script and direction, the page is sound UTF-8 and holds the name apart."""
    text = render(a_document(a_result(owner=name)), GUIDES, "en")
    page = TakenApart(text.encode().decode())
    assert page.faults == []
    visible = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", name)
    assert visible in [element.text for element in page.all("bdi")]


def test_right_to_left_names_stand_apart() -> None:
    """A name that turns the direction is wrapped so that nothing beside it turns too."""
    name = "\u202eמשרד עורכי דין"
    page = a_page(a_document(a_result(owner=name, account="one", page=name)))
    shown = [e for e in page.elements if name in e.text and not any(name in child.text for child in e.children)]
    assert shown
    assert {element.tag for element in shown} == {"bdi"}


@pytest.mark.parametrize("document", [every_answer(), a_document(results=())], ids=["every answer", "no result"])
def test_headings_are_in_order(document: RunDocument) -> None:
    """One first heading, and no level is skipped on the way down."""
    levels = [int(element.tag[1]) for element in a_page(document).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(lower - upper <= 1 for upper, lower in itertools.pairwise(levels))


def test_every_picture_says_what_it_shows() -> None:
    """Each picture has its own alternative text with step, page, address and moment, loads late and has its size."""
    result = a_result(steps=(a_step(1), a_step(2, "form_a", picture_alt="An empty form."), a_step(3, "support_inbox")))
    page = a_page(a_document(result))
    pictures = page.all("img")
    assert len(pictures) == 3
    assert len({picture.attributes["alt"] for picture in pictures}) == 3
    alt = pictures[1].attributes["alt"]
    assert "Step 2, objection form, first address" in alt
    assert "https://www.facebook.com/form_a" in alt
    assert "25 November 2026 at 07:30:18 UTC" in alt
    assert "An empty form." in alt
    for picture in pictures:
        assert picture.attributes["loading"] == "lazy"
        assert (picture.attributes["width"], picture.attributes["height"]) == ("1280", "900")
        assert picture.parent is not None
        assert picture.parent.attributes["href"] == picture.attributes["src"], "opens in full"


def test_pictures_lie_in_the_evidence_folder() -> None:
    """Addresses of pictures are relative and quoted, whatever folders are called; an absolute folder stays so."""
    step = a_step(1, picture="pictures/01-é #?.png")
    result = a_result(
        steps=(step,), evidence=(an_artifact(step.picture or ""),), bundle=BundleRef("atelier 100%", "0" * 64)
    )
    quoted = "atelier%20100%25/pictures/01-%C3%A9%20%23%3F.png"
    for root, wanted in (("", quoted), ("..", f"../{quoted}"), ("a b/", f"a%20b/{quoted}")):
        (picture,) = a_page(a_document(result), evidence_root=root).all("img")
        assert picture.attributes["src"] == wanted
    absolute = replace(result, bundle=BundleRef("/srv/proof", "0" * 64))
    (picture,) = a_page(a_document(absolute), evidence_root="..").all("img")
    assert picture.attributes["src"].startswith("/srv/proof/pictures/")


@pytest.mark.parametrize(
    "result",
    [
        a_result(steps=(a_step(1, picture=None),)),
        a_result(steps=(a_step(1, picture="pictures/not-listed.png"),)),
        a_result(bundle=None, evidence=()),
    ],
    ids=["not taken", "not in the evidence", "no evidence folder"],
)
def test_a_missing_picture_is_said(result: Result) -> None:
    """A step without a kept picture says so and shows no broken one; signals do not point to it."""
    page = a_page(a_document(replace(result, signals=(a_signal(picture=result.steps[0].picture),))))
    assert page.faults == []
    assert not page.all("img")
    assert page.words().count("No picture of this step was kept.") == len(result.steps)
    assert "picture 1" not in page.words()
