"""The rules for text. Pure: no browser."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.browser.capture.masks import Masks
from automation.flow.site import EmbeddedId, Masking
from automation.page import PageView
from automation.text.labels import Labels, parse_labels

FORM = "https://www.facebook.com/help/contact/6359191084165019"
PERSON = Masking(names=(EmbeddedId(near="Person", field="name"),))
LABELS = parse_labels({"form": {"submit": {"en": [{"names": ["Grace period"], "source": "a test"}]}}}, "test")


def some_masks(*names: str, labels: Labels = LABELS) -> Masks:
    """Rules that have learnt names from a page's data."""
    masks = Masks(PERSON, labels, ids=["atelier.dupont"], public=[FORM])
    for name in names:
        masks.learn(PageView("https://x.example/", "", (), (f'{{"Person": {{"name": "{name}"}}}}',)))
    return masks


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bonjour Claire, Claire Moreau !", "Bonjour [name], [name] !"),
        ("claire.moreau, Claire_Moreau, CLAIRE MOREAU", "[name], [name], [name]"),
        ("Clairette is another word", "Clairette is another word"),
        ("Write to c.moreau+ai@example.co.uk.", "Write to [e-mail]."),
        ("a code went to c•••u@e•••e.org", "a code went to [e-mail]"),
        ("Call +33 6 12 34 56 78 or 06.12.34.56.78", "Call [phone] or [phone]"),
        ("account 100012345678901", "account [id]"),
        ("@atelier.dupont", "@[id]"),
        ("form 6359191084165019", "form 6359191084165019"),
        ("on 2026-10-02, 02/10/2026 and 2 October 2026 at 12:30", "on 2026-10-02, 02/10/2026 and 2 October 2026 at 12:30"),
        ("1,234 posts; 16 years; version 2.10", "1,234 posts; 16 years; version 2.10"),
        ("key " + "aB3" * 20, "key [token]"),
    ],
)  # fmt: skip
def test_texts(text: str, masked: str) -> None:
    """People, their addresses and numbers go; dates, counts, other words and the form's own number stay."""
    assert some_masks("Claire Moreau").masked(text) == masked


def test_a_name_that_is_also_a_word_of_the_form_only_goes_as_part_of_the_whole_name() -> None:
    """Somebody called Grace must not make `Grace period` unreadable."""
    masks = some_masks("Grace Thorne")
    assert masks.masked("Grace period for Grace Thorne, Ms Thorne") == "Grace period for [name], Ms [name]"


def test_names_are_remembered_on_pages_without_data() -> None:
    """What the first page named is hidden on all later ones."""
    masks = some_masks("Claire Moreau")
    masks.learn(PageView("https://x.example/", "", ()))
    assert masks.masked("Claire") == "[name]"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        (f"{FORM}?token=abc&x=", f"{FORM}?token=…&x=…"),
        ("https://x.example/claire.moreau/photos", "https://x.example/[name]/photos"),
        ("https://x.example/p/100012345678901#frag", "https://x.example/p/[id]"),
        ("https://user:secret@x.example:8443/a", "https://x.example:8443/a"),
        ("/help/?q=claire@example.org", "/help/?q=…"),
        ("data:text/html,Claire", "data:…"),
        ("javascript:send('Claire')", "javascript:…"),
        ("http://[broken", "[address]"),
    ],
)
def test_addresses(url: str, masked: str) -> None:
    """Of a query only the names stay; no fragment, no user, nothing embedded."""
    assert some_masks("Claire Moreau").masked_url(url) == masked


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_address_is_found_in_any_text(before: str, after: str) -> None:
    """Whatever stands around it."""
    assert "claire@example.org" not in some_masks().masked(f"{before} claire@example.org {after}")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="…"), min_size=1, max_size=40))
def test_no_value_of_a_query_stays(value: str) -> None:
    """Whatever it is, it leaves no trace."""
    urls = {some_masks().masked_url(f"https://x.example/a?k={quote(value, safe='')}") for value in (value, value[::-1])}
    assert urls == {"https://x.example/a?k=…"}


def test_tokens_of_a_page_are_noticed() -> None:
    """Values of hidden fields and of fields named as tokens are collected for the search; public numbers are not."""
    script = '{"LSD":[],"x":{"token":"AdTk-9f3kLm2pQ"},"name":"Claire","dtsg_token":"NAcPabc123def456"}'
    masks = some_masks()
    masks.learn(PageView("https://x.example/", "", (), (script,)))
    assert masks.tokens == {"AdTk-9f3kLm2pQ", "NAcPabc123def456"}


def test_what_an_earlier_reading_learnt_is_not_forgotten() -> None:
    """A visit that reads twice hides the same names in both."""
    later = some_masks()
    later.include(some_masks("Claire Moreau"))
    assert later.masked("Claire Moreau") == "[name]"
