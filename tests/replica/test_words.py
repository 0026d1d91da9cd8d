"""The replica's words and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.authoring.replica import load_site
from automation.authoring.replica.site import load_words
from automation.core.errors import FlowError

SERVICES = ["facebook", "instagram"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_word_says_where_it_is_from(service: str) -> None:
    """Each text names a section of the facts, or says that it is made up."""
    words = load_site(service).words
    for key, entry in words.entries.items():
        for locale, word in entry.items():
            assert word.text.strip(), (key, locale)
            assert word.source.startswith(("facts ", "made up")), (key, locale, word.source)


@pytest.mark.parametrize("service", SERVICES)
def test_french_has_no_sourced_acceptance(service: str) -> None:
    """An acceptance is sourced in English, Spanish and Italian alone; everywhere else it is made up."""
    entry = load_site(service).words.entries["reply_accepted"]
    assert {locale for locale, word in entry.items() if not word.made_up} == {"en", "en-US", "es", "it"}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("key", ["reply_refused", "not_offered_title", "reply_review"])
def test_words_that_nobody_has_seen_are_marked(service: str, key: str) -> None:
    """No refusal, review or "not available" text is public, so each of ours says that it is made up."""
    assert all(word.made_up for word in load_site(service).words.entries[key].values())


@pytest.mark.parametrize("service", SERVICES)
def test_cookie_dialogs_in_nineteen_languages(service: str) -> None:
    """Both answers of the cookie dialog are there in all nineteen languages that the facts list."""
    words = load_site(service).words
    for key in ("cookie_allow", "cookie_decline"):
        assert len(words.entries[key]) == 19
        assert not any(word.made_up for word in words.entries[key].values())


def test_a_word_without_source_is_refused(tmp_path: Path) -> None:
    """A text that does not say where it is from stops the replica from loading, and is named."""
    file = tmp_path / "words.toml"
    file.write_text('[form_title]\nen = "Object"\n', encoding="utf-8")
    with pytest.raises(FlowError, match=r"\[form_title\] en has no source"):
        load_words([file])


def test_locale_then_language_then_fallback(tmp_path: Path) -> None:
    """A text is looked up by exact locale, then by language, then in the entry's own fallback language."""
    file = tmp_path / "words.toml"
    file.write_text(
        '[a]\nsource = "facts"\nfallback = "en"\nen = "one"\nen-US = "two"\nfr = "trois"\n'
        '[b]\nsource = "facts"\nen = "one"\n',
        encoding="utf-8",
    )
    words = load_words([file])
    assert [words.text("a", tag) for tag in ("en-US", "en-GB", "fr-CA", "hu-HU")] == ["two", "one", "trois", "one"]
    with pytest.raises(FlowError, match="'b' say nothing in fr-FR"):
        words.text("b", "fr-FR")
