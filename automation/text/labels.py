"""
The words that a service uses, per language, each with its source.

A table maps a key such as `form.heading` to a language and from there to entries. An entry holds words in one
of three strengths, because a button's name and a promise in a letter must not be compared the same way:

- `names`: the whole label, folded (`automation.text.normalizing.fold_label`);
- `sentences`: how a sentence starts, a template with `(a|b)` and `(a|)` for alternatives, and `{part}` for those that
  `[parts]` lists under that name for the language; under `reply.neutral` `{name}`, `{link}` and `{address}` stand for
  the account holder's name and for addresses;
- `words`: a word or phrase anywhere. Only good for suspicion: it can forbid a verdict, never make one.
"""

from __future__ import annotations

import datetime
import importlib.util
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from automation.core.errors import FlowError
from automation.core.signals import Wording
from automation.text.catalogue import rule_of
from automation.text.normalizing import base_language, fold, fold_label, spell_out
from automation.text.templates import GAP, Templates, Word, grouped

ANY = "any"
"""Language of words that a service leaves untranslated everywhere."""
PARTS = "parts"
"""Table of what stands for `{part}` in sentences: name → language → alternatives."""
OF_ANSWERS = "reply."
"""Before the keys of answers: in their sentences `…` is the mark itself, since a gap would hold a "not" as well."""
WHOLE = "whole"
"""Strength of a sentence that counts only where it stands whole, as a person confirmed it."""

_PART = re.compile(r"\{(\w+)\}")
_HOLES = {"reply.neutral": frozenset({"name", "link", "address"})}
"""What sentences of a key hold in place of what differs from person to person."""


def whole_form(sentence: str) -> str:
    """A sentence as it is compared whole: folded, contractions spelled out, without the marks at both ends."""
    return spell_out(fold(sentence)).strip("\"'-•· .!:,;")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One accepted spelling."""

    text: str
    locale: str
    wording: Wording
    source: str
    strength: str
    """`names`, `sentences` or `words`; `whole` for a sentence that a person confirmed."""
    date: str = ""
    """As of when, ISO; to the day or less; empty where the source does not say."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    names: list[str] = []
    """Fit when the whole label is equal."""
    sentences: list[str] = []
    """Fit when a sentence starts with one."""
    words: list[str] = []
    """Fit anywhere; for suspicion, never by themselves for a verdict."""
    source: str
    """Where they were seen."""
    date: datetime.date | str | None = None
    """As of when."""
    assumed: bool = False
    """No source gives these words; they prove neither `objected` nor `not_objected`."""


_AT_HAND = 16_384
"""Answers kept: the grammars of letters ask for the same words of the same text again and again."""
_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def _kept(
    lookup: Callable[Concatenate[Labels, _Asked], _Answer],
) -> cached_property[Callable[_Asked, _Answer]]:
    """A lookup whose answers a table keeps."""

    def bound(table: Labels) -> Callable[_Asked, _Answer]:
        return cast("Callable[_Asked, _Answer]", lru_cache(maxsize=_AT_HAND)(partial(lookup, table)))

    return cached_property(bound)


@dataclass(frozen=True, eq=False)
class Labels:
    """
    A table of labels. Lookups never raise: what is not there is missing, and the caller says so.

    Two are never the same, so that what was read with one can be kept under it.
    """

    entries: Mapping[str, Mapping[str, tuple[Phrase, ...]]] = field(default_factory=dict)

    @_kept
    def phrases(self, key: str, locale: str) -> tuple[Phrase, ...]:
        """
        Accepted words of a key in a page's language, its own region's first, untranslated ones last.

        A page that names its region (`pt-BR`) uses that region's words and those of the language as a whole; one
        that names none (`pt`) may use the words of any of the language's regions.
        """
        table = self.entries.get(key, {})
        language = base_language(locale)
        wanted = {locale.casefold(), language} if "-" in locale else None
        found: list[Phrase] = []
        for candidate in sorted(table, key=lambda c: (c.casefold() != locale.casefold(), c)):
            if candidate == ANY or not language or base_language(candidate) != language:
                continue
            if wanted is None or candidate.casefold() in wanted:
                found.extend(table[candidate])
        return tuple(dict.fromkeys((*found, *table.get(ANY, ()))))

    def has(self, key: str, locale: str) -> bool:
        """Whether a key has words in this language."""
        return bool(self.phrases(key, locale))

    def languages(self, key: str | None = None) -> tuple[str, ...]:
        """All languages of the table, or of one key."""
        tables = self.entries.values() if key is None else (self.entries.get(key, {}),)
        return tuple(sorted({base_language(loc) for table in tables for loc in table if loc != ANY}))

    def names(self, key: str, locale: str) -> Mapping[str, Phrase]:
        """Folded label → the entry behind it."""
        return {fold_label(p.text): p for p in self.phrases(key, locale) if p.strength == "names"}

    def find_word(self, key: str, locale: str, text: str) -> Phrase | None:
        """The first word of a key that stands in the text, as a word of its own."""
        return next(iter(self.find_words(key, locale, text)), None)

    @_kept
    def find_words(self, key: str, locale: str, text: str) -> tuple[Phrase, ...]:
        """Every word of a key that stands in the text."""
        folded = fold(text)
        return tuple(phrase for phrase, word in self._words(key, locale) if word.stands_in(folded))

    @_kept
    def _words(self, key: str, locale: str) -> tuple[tuple[Phrase, Word], ...]:
        return tuple((p, _word(p.text)) for p in self.phrases(key, locale) if p.strength == "words")

    @_kept
    def find_sentence(self, key: str, locale: str, sentence: str) -> tuple[Phrase, str] | None:
        """
        The entry whose template the sentence starts with, and what the sentence says after it.

        The longest match counts, so that "will honour your objection for …" leaves only what is new.
        """
        folded = _spelled(sentence).lstrip("\"'-•· ")
        phrases = self.phrases(key, locale)
        for phrase in phrases:
            if phrase.strength == WHOLE and whole_form(sentence) == phrase.text:
                return phrase, ""
        best: tuple[str, str] | None = None
        for text, match in self._sentences(key, locale).at_start(folded):
            if best is None or len(folded) - match.end() < len(best[1]):
                best = (text, folded[match.end() :])
        if best is None:
            return None
        return next(p for p in phrases if p.strength == "sentences" and p.text == best[0]), best[1]

    @_kept
    def _sentences(self, key: str, locale: str) -> Templates:
        found = (p.text for p in self.phrases(key, locale) if p.strength == "sentences")
        gap = "…" if key.startswith(OF_ANSWERS) else GAP
        return Templates.of(found, _spelled, partial(_template, gap=gap))

    @_kept
    def holds_sentence(self, key: str, locale: str, sentence: str) -> bool:
        """Whether a template stands anywhere in the sentence."""
        return self._sentences(key, locale).anywhere(_spelled(sentence))

    def and_also(self, key: str, locale: str, phrases: tuple[Phrase, ...]) -> Labels:
        """This table with more words for a key in a language."""
        table = self.entries.get(key, {})
        return Labels({**self.entries, key: {**table, locale: (*table.get(locale, ()), *phrases)}})

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word of the table, folded: as a person's name it may be a word all the same."""
        texts = (phrase.text for table in self.entries.values() for found in table.values() for phrase in found)
        return frozenset(word for text in texts for word in re.findall(r"\w+", text.casefold()))

    def keys(self) -> Iterator[str]:
        """All keys."""
        return iter(self.entries)


@lru_cache(maxsize=4096)
def _word(text: str) -> Word:
    # Chinese and its neighbours put no spaces between words; nothing here needs them yet.
    return Word(fold(text.strip("*")), begins=not text.startswith("*"), ends=not text.endswith("*"))


@lru_cache(maxsize=4096)
def _template(text: str, gap: str) -> re.Pattern[str]:
    pattern = grouped(_spelled(text), lambda plain: re.escape(plain).replace("…", gap))
    return re.compile(pattern + r"(?!\w)")


def _spelled(text: str) -> str:
    """Folded, with contractions spelled out."""
    return spell_out(fold(text))


TO_FILL_IN = "to be filled in: where this was read, and when"  # untold: files of flows are English
"""Source that a new flow's files are written with; `temoin flow check` asks for the real one."""
SHIPPED = "temoin:"
"""Before a path in `extends`: that file of the flows that come with Témoin."""


def shipped_folder() -> Path:
    """Where the flows that come with Témoin lie, found without importing them; FlowError where they are missing."""
    spec = importlib.util.find_spec("flows")
    if spec is None or not spec.submodule_search_locations:
        raise FlowError("The flows are not installed.", "Install Témoin again: a part of it is missing.")
    return Path(next(iter(spec.submodule_search_locations)))


def read_tables(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Read a TOML file of a flow, over the files that it `extends`. Raises FlowError, naming the file."""
    if path.resolve() in above:
        raise FlowError(f"{path}: extends itself, by way of {above[-1]}", "Take that name out of `extends`.")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FlowError(f"{path}: cannot be read ({error.strerror})", "Check that the file exists.") from error
    except UnicodeDecodeError:
        raise FlowError(f"{path}: it is not written in UTF-8", "Save it in that encoding.") from None
    except tomllib.TOMLDecodeError as error:
        raise FlowError(f"{path}: not valid TOML: {error}", "Correct that line.") from error
    merged: dict[str, Any] = {}
    others = data.pop("extends", [])
    if not isinstance(others, list) or not all(isinstance(other, str) for other in others):
        raise FlowError(f"{path}: extends: is no list of file names", 'Write extends = ["../other.toml"].')
    for other in others:
        shipped = other.startswith(SHIPPED)
        base = shipped_folder() / other.removeprefix(SHIPPED) if shipped else path.parent / other
        merged = merge_tables(merged, read_tables(base.resolve(), (*above, path.resolve())))
    return merge_tables(merged, data)


def merge_tables(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """Tables with those of `high` over them; a list goes on behind the one that is there."""
    result = dict(low)
    for key, value in high.items():
        there = result.get(key)
        if isinstance(there, dict) and isinstance(value, Mapping):
            result[key] = merge_tables(there, value)
        elif isinstance(there, list) and isinstance(value, list):
            result[key] = [*there, *value]
        else:
            result[key] = value
    return result


def parse_labels(data: Mapping[str, Any], where: str) -> Labels:
    """Build the table from TOML: `[[key.parts.locale]]` with an entry's keys. Raises FlowError, naming the key."""
    entries: dict[str, dict[str, tuple[Phrase, ...]]] = {}
    parts = data.get(PARTS, {})

    def descend(path: tuple[str, ...], value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                descend((*path, key), inner)
            return
        key, locale = ".".join(path[:-1]), path[-1]
        if not isinstance(value, list) or not key:
            raise FlowError(f"{where}: '{'.'.join(path)}' is not a list of entries", "Write [[key.locale]].")
        phrases: list[Phrase] = []
        for raw in value:
            try:
                entry = _Entry.model_validate(raw)
            except ValidationError as error:
                first = error.errors()[0]
                raise FlowError(
                    f"{where}: [[{key}.{locale}]]: {'.'.join(map(str, first['loc']))}: {rule_of(first)}",
                    "Each entry needs names, sentences or words, and a source.",
                ) from None
            if not (entry.names or entry.sentences or entry.words):
                raise FlowError(f"{where}: [[{key}.{locale}]] has no words", "Remove it or fill it.")
            wording = Wording.ASSUMED if entry.assumed else Wording.SOURCED
            for strength in ("names", "sentences", "words"):
                phrases.extend(
                    Phrase(text, locale, wording, entry.source, strength, str(entry.date or ""))
                    for text in _written_out(
                        getattr(entry, strength), strength, parts, locale, where, _HOLES.get(key, frozenset())
                    )
                )
        entries.setdefault(key, {})[locale] = tuple(phrases)

    descend((), {key: value for key, value in data.items() if key != PARTS})
    return Labels(entries)


def _written_out(
    texts: list[str], strength: str, parts: Mapping[str, Any], locale: str, where: str, holes: frozenset[str]
) -> Iterator[str]:
    """Texts, those of sentences with the alternatives of each `{part}` written out, but for holes."""

    def alternatives(match: re.Match[str]) -> str:
        if match[1] in holes:
            return match[0]
        found = parts.get(match[1], {}).get(base_language(locale))
        if not isinstance(found, list):
            raise FlowError(
                f"{where}: {{{match[1]}}} has no words for {locale}", f"Add {locale} to [parts.{match[1]}]."
            )
        return f"({'|'.join(found)})"

    for text in texts:
        yield _PART.sub(alternatives, text) if strength == "sentences" else text
