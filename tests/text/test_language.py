"""What a language says: words, dates and numbers; a finished English sentence is found again with its values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from markupsafe import Markup

from automation.core.errors import ConfigurationError
from automation.reports.as_html import environment
from automation.text.catalogue import read_sentences
from automation.text.language import SaidSentences, in_locale, language, printable, writable


@pytest.mark.parametrize(
    ("asked", "answered"), [("fr", "fr"), ("fr-CA", "fr"), ("fr_FR.UTF-8", "fr"), ("EN", "en"), ("en_US@euro", "en")]
)
def test_a_locale_finds_its_language(asked: str, answered: str) -> None:
    """Locales as systems write them lead to one of the two languages."""
    assert language(asked).code == answered


@pytest.mark.parametrize("asked", ["de", "", "C", "../fr", "\x1b[31m"])
def test_another_language_is_refused_with_a_remedy(asked: str) -> None:
    """A language without a report is a configuration error that names the choice, and cannot steer the terminal."""
    with pytest.raises(ConfigurationError) as caught:
        language(asked)
    assert "en, fr" in caught.value.remedy
    assert "\x1b" not in str(caught.value)


def test_moments_are_in_utc_and_say_so() -> None:
    """A moment in another time zone is shown in UTC, in the language's own order."""
    when = datetime(2026, 11, 25, 1, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    assert language("en").moment(when) == "24 November 2026 at 23:30:05 UTC"
    assert language("fr").moment(when) == "24 novembre 2026 à 23:30:05 UTC"
    assert language("fr").time(datetime(2026, 1, 1, 4, tzinfo=UTC)) == "04:00:00 UTC"
    assert language("fr").day("2026-11-02") == "2 novembre 2026"
    assert (language("fr").day("2026-12-01"), language("fr").day("2026-12-11")) == (
        "1er décembre 2026",
        "11 décembre 2026",
    )
    assert language("en").day("2026-12-01").count("1er") == 0
    assert language("fr").day("soon") == "soon"


def test_numbers_follow_the_language() -> None:
    """Separators and units are those of the language."""
    assert language("en").number(12345) == "12,345"
    assert language("fr").number(12345).replace("\u202f", "_") == "12_345"
    assert language("en").size(48_213) == "48.2 kB"
    assert language("fr").size(48_213).replace("\u202f", " ") == "48,2 ko"
    assert language("en").size(999) == "999 byte"
    assert language("fr").size(2_500_000).replace("\u202f", " ") == "2,5 Mo"


def test_french_is_set_with_spaces_that_do_not_break() -> None:
    """French marks keep to the word before them; a command keeps its plain spaces."""
    said = language("fr").typeset("Qui agit : l'auteur ; « lui » ! temoin account login a")
    assert said == "Qui agit\u00a0: l’auteur\u00a0; «\u00a0lui\u00a0»\u00a0! temoin account login a"
    assert language("en").typeset("the form's own: it") == "the form’s own: it"


@pytest.mark.parametrize(
    ("locale", "found"),
    [("fr-FR", "fr"), ("pt", "pt-PT"), ("pt-BR", "pt-PT"), ("en_GB", "en"), ("nl", None), ("", None)],
)
def test_words_by_locale(locale: str, found: str | None) -> None:
    """The locale itself comes first, then its language, then a sister; nothing is taken from another language."""
    got = in_locale({"fr": 1, "pt-PT": 2, "en": 3}, locale)
    assert (got[0] if got else None) == found


def test_text_that_steers_is_defused() -> None:
    """Escape sequences, half surrogates and direction overrides leave no trace but a replacement character."""
    assert printable("a\x1b[31mb\u202ec\ud800") == "a\ufffd[31mb\ufffdc\ufffd"
    assert writable("a\x00b\u202ec\udfff\nd") == "a\ufffdb\u202ec\ufffd\nd"


def test_values_are_not_typeset() -> None:
    """What fills a sentence, such as a path, is shown letter by letter; the sentence around it is set."""
    said = language("fr").gettext("%(what)s: %(text)s", what="l'été : a", text="b ;")
    assert said == "l'été : a\u00a0: b ;"


@pytest.mark.parametrize(
    ("service", "wanted"),
    [
        ("Facebook", "Ouvrir la page de Facebook"),
        ("Instagram", "Ouvrir la page d’Instagram"),
        ("Éditions Nord", "Ouvrir la page d’Éditions Nord"),
        ("OpenAI", "Ouvrir la page d’OpenAI"),
        ("HubSpot", "Ouvrir la page de HubSpot"),
        ("<bdi>Adobe</bdi>", "Ouvrir la page d’<bdi>Adobe</bdi>"),
        ("8tracks", "Ouvrir la page de 8tracks"),
    ],
)
def test_a_word_joins_the_name_behind_it(service: str, wanted: str) -> None:
    """However the sentence is filled: at once, afterwards, as a template's, and as an error that is told again."""
    words = language("fr")
    assert words.gettext("Open the page of %(service)s", service=service) == wanted
    assert words.gettext("Open the page of %(service)s") % {"service": service} == wanted
    made = environment(Path(__file__).parent, words).from_string(
        "{{ _('Open the page of %(service)s', service=service) }}"
    )
    assert made.render(service=Markup(service)) == wanted
    assert words.said(f"Open the page of {service}") == wanted
    assert language("en").gettext("Open the page of %(service)s", service="Instagram") == "Open the page of Instagram"


_VALUE = re.compile(r"%\((\w+)\)s")
SENTENCES = (
    ("%(path)s: cannot be read (%(error)s)", "%(path)s : lecture impossible (%(error)s)"),
    ("%(name)s: %(text)s", "%(name)s : %(text)s"),
    ("Correct the path.", "Corrigez le chemin."),
    ("Then try again.", "Puis réessayez."),
    ("it is 100%% full", "il est plein à 100%%"),
    ("the check of %(what)s ended", "la vérification de %(what)s est finie"),
    ("the whole disk", "tout le disque"),
    ("%(hint)s Known here: %(names)s.", "%(hint)s Connus ici : %(names)s."),
    ("this is empty", "c’est vide"),
    ("%(what)s is empty", "%(what)s est vide"),
    ("Expected a comma", "il manque la virgule"),
    ("Expected %(what)s", "il faut %(what)s"),
    ("%(text)s (at line %(line)s, column %(column)s)", "%(text)s (ligne %(line)s, colonne %(column)s)"),
)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Correct the path.", "Corrigez le chemin."),
        ("Correct the path. Then try again.", "Corrigez le chemin. Puis réessayez."),
        ("a.toml: cannot be read (EIO)", "a.toml : lecture impossible (EIO)"),
        ("a.toml: cannot be read (it is 100% full)", "a.toml : lecture impossible (il est plein à 100%)"),
        ("the check of the whole disk ended", "la vérification de tout le disque est finie"),
        ("temoin.toml:3: Correct the path.", "temoin.toml:3: Corrigez le chemin."),
        (
            "a.toml: cannot be read (x)\n  → Correct the path.",
            "a.toml : lecture impossible (x)\n  → Corrigez le chemin.",
        ),
        (
            "Expected a comma (at line 3, column 7)\n  → Correct the path.",
            "il manque la virgule (ligne 3, colonne 7)\n  → Corrigez le chemin.",
        ),
        ("Known here: path, none.", "Connus ici : path, none."),
        ("Say it. Known here: path.", "Say it. Connus ici : path."),
        ("temoin.toml:3: `owner`: this is empty.", "temoin.toml:3: `owner`: c’est vide."),
        ("nobody: ever said this", "nobody: ever said this"),
        ("", ""),
    ],
)
def test_a_sentence_is_found_again(english: str, french: str) -> None:
    """Whole, with values, in another one, after a place, several in a row; what is unknown stays as it is."""
    assert SaidSentences(SENTENCES, str)(english) == french


def test_every_sentence_of_the_catalogue_is_found_again() -> None:
    """With values filled in, each entry leads to its own translation and to no other's."""
    words = language("fr")
    wrong = []
    for english, french in read_sentences("fr"):
        names = dict.fromkeys(_VALUE.findall(english))
        if re.search(r"%\(\w+\)[^s]", english) or sum(map(str.isalpha, _VALUE.sub("", english))) < 5:
            continue
        values = {name: f"<{number}>" for number, name in enumerate(names)}
        said = words.said((english % values) if names else english.replace("%%", "%"))
        told = words.typeset(french)
        wanted = (told % values) if names else told.replace("%%", "%")
        if said != wanted:
            wrong.append((english, said))
        if len(names) > 1 and english.startswith("%(") and _VALUE.split(english)[2].startswith(" "):
            first = next(iter(names))  # it may be nothing, as where no word is near enough for a suggestion
            left = {**values, first: ""}
            said = words.said((english % left).strip())
            if said != (told % left).strip():
                wrong.append((english, said))
    assert wrong == []
