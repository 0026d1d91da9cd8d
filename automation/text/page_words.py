"""The words of one page: a service's labels in the language that the page is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

from automation.text.labels import Labels, Phrase

_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class PageWords:
    """
    Words to look for on a page. Made once, where the page is read.

    Words of the page itself are looked up in its own language; replies, and what only raises a doubt, in English too
    (`with_english`). Lookups never raise: a word that is not there is missing, and the caller says so.
    """

    labels: Labels
    locale: str
    """The page's language, BCP-47; empty where it declares none."""
    languages: tuple[str, ...]
    """In which words are looked up, in this order."""

    @classmethod
    def of(cls, labels: Labels, locale: str) -> Self:
        """The words in a page's own language, untranslated ones included."""
        return cls(labels, locale, (locale,))

    @property
    def with_english(self) -> Self:
        """
        These words, then the English ones.

        Services leave parts of a translated page in English, and answer in English whoever wrote in another language.
        """
        return self.also(_ENGLISH)

    @property
    def english(self) -> Self:
        """The English words alone."""
        return self.in_language(_ENGLISH)

    def also(self, *languages: str) -> Self:
        """These words, then those of further languages."""
        return replace(self, languages=tuple(dict.fromkeys((*self.languages, *languages))))

    def in_language(self, language: str) -> Self:
        """The words in another language: of a reply in it, say."""
        return replace(self, locale=language, languages=(language,))

    def wherever_known(self, key: str) -> Self:
        """The words in every language in which a key has any."""
        return replace(self, languages=self.labels.languages(key))

    def each(self) -> Iterator[Self]:
        """One language at a time."""
        return (self.in_language(language) for language in self.languages)

    def covered(self, key: str) -> bool:
        """Whether a key has words."""
        return any(self.labels.has(key, language) for language in self.languages)

    def uncovered(self, *keys: str) -> tuple[str, ...]:
        """`fr:form.title` for each key that has no words; `und` stands for a language that is not declared."""
        return tuple(f"{self.locale or 'und'}:{key}" for key in keys if not self.covered(key))

    def phrases(self, key: str) -> tuple[Phrase, ...]:
        """Everything that is known of a key."""
        found = (phrase for language in self.languages for phrase in self.labels.phrases(key, language))
        return tuple(dict.fromkeys(found))

    def names(self, key: str) -> Mapping[str, Phrase]:
        """Folded label → the entry behind it; the first language's counts."""
        found: dict[str, Phrase] = {}
        for language in reversed(self.languages):
            found |= self.labels.names(key, language)
        return found

    def find_word(self, key: str, text: str) -> Phrase | None:
        """The first word of a key that stands in the text, as a word of its own."""
        hits = (self.labels.find_word(key, language, text) for language in self.languages)
        return next((phrase for phrase in hits if phrase is not None), None)

    def find_words(self, key: str, text: str) -> tuple[Phrase, ...]:
        """Every word of a key that stands in the text."""
        return tuple(p for language in self.languages for p in self.labels.find_words(key, language, text))

    def find_sentence(self, key: str, sentence: str) -> tuple[Phrase, str] | None:
        """The entry whose template the sentence starts with, and what the sentence says after it."""
        hits = (self.labels.find_sentence(key, language, sentence) for language in self.languages)
        return next((hit for hit in hits if hit is not None), None)

    def holds_sentence(self, key: str, sentence: str) -> bool:
        """Whether a template stands anywhere in the sentence."""
        return any(self.labels.holds_sentence(key, language, sentence) for language in self.languages)
