"""A finished English sentence finds its entry in the catalogue again, and its values stay what they are."""

from __future__ import annotations

import re

import pytest

from automation.text.catalogue import read_sentences
from automation.text.language import SaidSentences, language

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
