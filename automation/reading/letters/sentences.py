"""
What one sentence of a service is: a known answer, a closed part of a letter, or not known.

Known answers are the sourced sentences of a flow's labels, whole: what stands before them is a lead, what stands after
them is a scope, and both are rows too. Whatever else a sentence holds makes it one that nobody knows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.page import Block
from automation.reading.letters.particulars import without_particulars
from automation.reading.threads.words import find_date
from automation.text.labels import Phrase, whole_form
from automation.text.normalizing import fold, fold_label, lines_apart, sentences, spell_out
from automation.text.page_words import PageWords
from automation.text.templates import pattern_of

LETTER_LANGUAGES = ("en", "fr", "de", "es", "it")
"""Languages whose letter parts are known. All are looked up, whatever the page says: services mix them."""
_MARKS = " \"'.,:;!?¿¡-•·*"
_QUOTES = ('"', "'")
_HOLES = {
    "name": r"(?P<name>(?:\{name\}|@?[^\W\d_][\w.'-]*)(?: [^\W\d_][\w.'-]*){0,3})",
    "date": r"(?:\{date\}|\{later date\})",
    "link": r"\{link\}",
    "address": r"\{address\}",
    "number": r"(?:\{number\}|#?[\w/-]*\d[\w/-]*)",
}
_TITLE_JOINTS = re.compile(r"\s*:\s+|\s+[|·–—-]\s+|(?<=\])\s*|(?=\[)")
_JOINTS = re.compile(r"\n|\s+[|·•–—]\s+")
_DATE_BEHIND = re.compile(r"[\s,·|–—(-]*\{(?:later )?date\}[\s).]*$")
_PASSED_ON = frozenset({"re", "aw", "tr", "fwd", "fw", "wg"})
_MASKED = "[text]"
"""What stands on a recorded page in place of a text that has nothing to do with the setting."""
_MOST_LEADS = 2
_TITLES = ("form.title", "ai.topic", "inbox.title")
"""Labels that name what a thread is about, and say nothing of how it was decided."""


class Meaning(StrEnum):
    """What a sentence of a service says about an objection."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PENDING = "pending"
    MORE_INFORMATION = "more_information"


DECISIONS = frozenset({Meaning.ACCEPTED, Meaning.REFUSED})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and what is known of it."""

    text: str
    """As it stands on the page."""
    meaning: Meaning | None = None
    phrase: Phrase | None = None
    """The sourced or assumed words that say so."""
    part: str | None = None
    """Which closed part of a letter it is; `acknowledgement` beside a meaning for "we have received your objection"."""
    name: str = ""
    """Whom it greets, as it stands on the page."""

    @property
    def known(self) -> bool:
        """Whether a source or a closed part of letters knows all of it."""
        return self.meaning is not None or self.part is not None


def split(text: str) -> list[str]:
    """The sentences of a paragraph; a line that was ended on purpose ends one as well."""
    return [sentence for piece in lines_apart(text) for sentence in sentences(piece)]


def read_blocks(blocks: Iterable[Block], words: PageWords) -> Iterator[Sentence]:
    """The sentences of paragraphs; what is quoted is not the writer's own and left out."""
    for block in blocks:
        if not block.quoted:
            yield from (read_sentence(sentence, words) for sentence in split(block.text))


@lru_cache(maxsize=4096)
def read_sentence(text: str, words: PageWords) -> Sentence:
    """
    What a sentence is.

    Args:
        text: one sentence, as it stands on the page.
        words: the service's; its labels are looked up in every language in which answers are known.
    """
    if fold(text).startswith(_QUOTES) or not _says_anything(text):
        return Sentence(text, part=None if _says_anything(text) else "mark")
    if text.strip() == _MASKED:
        return Sentence(text, part="mark")
    service = tuple(words.with_english.names("speaker.service"))
    part, name = _part(text, words.locale, service)
    if part is None:
        part = "title" if _is_title(text, words) else "signature" if _is_framed(text, words) else None
    if part is None and _is_date(text, words.locale):
        part = "date"
    if text.rstrip().endswith("?"):
        return Sentence(text, part=part, name=name)
    said = next(_answers(_starts(text), words), None)
    if said is None and part is None and _is_beside(text, words):
        part = "beside"
    if said is None and part is None:
        part = _part_of_pieces(text, words)
    meaning, phrase = said or (None, None)
    return Sentence(text, meaning, phrase, part, name)


def part_of(text: str, locale: str, service: Sequence[str] = ()) -> str | None:
    """
    Which closed part of a letter a whole sentence is; None for any other sentence.

    Args:
        text: one sentence.
        locale: of its page, BCP-47; decides how dates are written.
        service: the service's own names, folded.
    """
    return _part(text, locale, tuple(service))[0]


def _part_of_pieces(text: str, words: PageWords) -> str | None:
    """The part of the first piece, where each is a closed part: "Closed · 3 May 2026", lines of a signature."""
    dateless = _DATE_BEHIND.sub("", without_particulars(text.strip(), (), words.locale))
    pieces = [piece.strip() for piece in _JOINTS.split(dateless) if piece.strip()]
    if pieces == [text.strip()]:
        return None
    read = [read_sentence(piece, words) for piece in pieces]
    known = bool(read) and all(each.part is not None and each.meaning is None for each in read)
    return read[0].part if known else None


def is_known_title(title: str, words: PageWords) -> bool:
    """
    Whether a title says no more than what a thread is about.

    Its pieces are known one by one: "Re: Object to your information being used for AI at Meta", "Case 123: request".
    """
    if read_sentence(title.strip(), words).part is not None:
        return True
    dateless = _DATE_BEHIND.sub("", without_particulars(title, (), words.locale))
    pieces = [piece for piece in _TITLE_JOINTS.split(dateless) if piece.strip()]
    return all(fold(piece) in _PASSED_ON or read_sentence(piece.strip(), words).part is not None for piece in pieces)


def _says_anything(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _part(text: str, locale: str, service: tuple[str, ...]) -> tuple[str | None, str]:
    """The part, and the name that a greeting or signature holds, as written."""
    shorn = without_particulars(text, (), locale)
    bare = whole_form(shorn).strip(_MARKS)
    for part, pattern in _patterns(service):
        match = pattern.fullmatch(bare)
        if match is None:
            continue
        name = _as_written(shorn, bare, match)
        if name is not None:
            return part, name
    return None, ""


def _as_written(text: str, bare: str, match: re.Match[str]) -> str | None:
    """The name in a match as the page writes it; None where it is not written as one, and the match is none."""
    start = next((match.start(n) for n, found in enumerate(match.groups(), 1) if found is not None), -1)
    if start < 0:
        return ""
    held = bare[start:].split()
    written = spell_out(text).strip(_MARKS).split()[-len(held) :]
    ours = all(word[:1].isupper() or word[:1] in "{@" for word in written)
    return " ".join(written) if ours else None


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Mapping[str, Any]]:
    """The rows of `parts.toml`, by language."""
    return tomllib.loads((files("automation.reading.letters") / "parts.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def _patterns(service: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every row as a pattern, with the part that it is of."""
    holes = _HOLES | {"service": f"(?:{'|'.join(map(re.escape, sorted(service, key=len, reverse=True))) or '(?!)'})"}
    return tuple(
        (part, re.compile(_numbered(pattern_of(row["like"], holes))))
        for language in LETTER_LANGUAGES
        for part, rows in tables()[language].items()
        if part not in {"lead", "topic"}
        for row in rows
    )


def _numbered(pattern: str) -> str:
    """A pattern in which a name may stand in several places: groups of one name are none in regular expressions."""
    return pattern.replace("(?P<name>", "(")


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    rows = [row for language in LETTER_LANGUAGES for row in tables()[language]["lead"]]
    held = "|".join(f"(?:{_numbered(pattern_of(row, _HOLES))})" for row in rows)
    return re.compile(rf"(?:{held})(?:(?<=that)|(?<=que)|(?<=che)|(?<=dass)|(?<=qu')|\s*[,:;-]|)\s*")


def _starts(text: str) -> Iterator[str]:
    """The sentence, and what is left of it without one lead or two."""
    rest = spell_out(fold(text)).lstrip("\"'-•· ")
    yield rest
    for _ in range(_MOST_LEADS):
        match = _leads().match(rest)
        if match is None or not match.end():
            return
        rest = rest[match.end() :].strip(" ,:;-")
        yield rest


def _answers(starts: Iterable[str], words: PageWords) -> Iterator[tuple[Meaning, Phrase]]:
    """The known answers that one of the starts is, whole; decisions first."""
    every = words.wherever_known("reply.refused").also(*words.languages, *LETTER_LANGUAGES)
    for start in starts:
        for meaning in (Meaning.ACCEPTED, Meaning.REFUSED, Meaning.MORE_INFORMATION, Meaning.PENDING):
            for language in every.each():
                hit = language.find_sentence(f"reply.{meaning}", start)
                if hit is not None and _ends(hit[1], language):
                    yield meaning, hit[0]


def _ends(rest: str, words: PageWords) -> bool:
    """Whether nothing follows an answer but marks, or the scope that the sources know."""
    left = rest.strip(_MARKS)
    if not left:
        return True
    scope = words.find_sentence("reply.accepted_for", left) or words.find_sentence("reply.accepted_scope", left)
    return scope is not None and not scope[1].strip(_MARKS)


def _is_beside(text: str, words: PageWords) -> bool:
    """Whether a sentence is one that the sources know beside an answer, whole."""
    hit = words.also(*LETTER_LANGUAGES).find_sentence("reply.neutral", text)
    return hit is not None and not hit[1].strip(_MARKS)


def _is_date(text: str, locale: str) -> bool:
    """Whether a line is a day or a time, and nothing else."""
    found = find_date(text, locale)
    return found.dated and not _says_anything(found.rest)


def _is_title(text: str, words: PageWords) -> bool:
    """Whether a line is the form's title or the service's name for its AI, and nothing else."""
    label = fold_label(text)
    return any(label in _labels(words.wherever_known(key), key) for key in _TITLES)


@lru_cache(maxsize=64)
def _labels(words: PageWords, key: str) -> frozenset[str]:
    return frozenset(fold_label(phrase.text) for phrase in words.phrases(key))


def _is_framed(text: str, words: PageWords) -> bool:
    """Whether a line is a heading or signature that only such answers carry, and nothing else."""
    bare = whole_form(text)
    return any(bare == whole_form(phrase.text) for phrase in words.with_english.phrases("reply.frame"))
