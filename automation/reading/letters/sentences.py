"""
What one sentence of a service is: a known answer, a closed part of a letter, or not known.

Known answers are the sourced sentences of a flow's labels, whole: what stands before them is a lead, what stands after
them is a scope, and both are rows too. Whatever else a sentence holds makes it one that nobody knows. Particulars are
taken out first, so that a letter to one person reads as the same letter to another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.page import Block
from automation.reading.threads.words import LANGUAGES, NO_YEAR, date_patterns, find_date, in_order
from automation.text.labels import Phrase, whole_form
from automation.text.normalizing import fold, fold_label, lines_apart, sentences, spell_out
from automation.text.page_words import PageWords
from automation.text.templates import beginnings, pattern_of

OF_AI, OBJECTING = ("ai.topic", "ai.subject", "ai.words"), ("objection.words", "object.words")
"""Labels whose words tie a text to AI, and to objecting."""
_MARKS, _QUOTES = " \"'.,:;!?¿¡-•·*", ('"', "'")
_HOLES = {
    "name": r"((?:\{name\}|@?[^\W\d_][\w.'-]*)(?: [^\W\d_][\w.'-]*){0,3})",
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


def read_blocks(blocks: Iterable[Block], words: PageWords, holder: frozenset[str] = frozenset()) -> Iterator[Sentence]:
    """The sentences of paragraphs; what is quoted is not the writer's own and left out."""
    for block in blocks:
        if not block.quoted:
            yield from (read_sentence(sentence, words, holder) for sentence in split(block.text))


@lru_cache(maxsize=4096)
def read_sentence(text: str, words: PageWords, holder: frozenset[str] = frozenset()) -> Sentence:
    """
    What a sentence is, as it stands on the page; labels count in every language in which answers are known.

    Nothing but a name of the account's `holder`, folded, fills the `{name}` of a recorded sentence.
    """
    if not _says_anything(text) or text.strip() == _MASKED:
        return Sentence(text, part="mark")
    if fold(text).startswith(_QUOTES):
        return Sentence(text)
    part, name = _part(text, words.locale, tuple(words.with_english.names("speaker.service")))
    found = find_date(text, words.locale) if part is None else None
    if part is None and any(fold_label(text) in _labels(words.wherever_known(key), key) for key in _TITLES):
        part = "title"
    elif part is None and whole_form(text) in _frames(words.with_english):
        part = "signature"
    elif found is not None and found.dated and not _says_anything(found.rest):
        part = "date"
    if text.rstrip().endswith("?"):
        return Sentence(text, part=part, name=name)
    meaning, phrase = next(_answers(_starts(text), words), (None, None))
    if meaning is None and part is None:
        part = "beside" if _is_neutral(text, words, holder) else _part_of_pieces(text, words)
    return Sentence(text, meaning, phrase, part, name)


def part_of(text: str, locale: str, service: Sequence[str] = ()) -> str | None:
    """
    Which closed part of a letter a whole sentence is; None for any other sentence.

    The locale of its page (BCP-47) decides how dates are written; `service` are the service's own names, folded.
    """
    return _part(text, locale, tuple(service))[0]


def is_known_title(title: str, words: PageWords) -> bool:
    """
    Whether a title says no more than what a thread is about.

    Its pieces are known one by one: "Re: Object to your information being used for AI at Meta", "Case 123: request".
    """
    if read_sentence(title.strip(), words).part is not None:
        return True
    pieces = _pieces(title, _TITLE_JOINTS, words)
    return all(fold(piece) in _PASSED_ON or read_sentence(piece, words).part is not None for piece in pieces)


def _part_of_pieces(text: str, words: PageWords) -> str | None:
    """The part of the first piece, where each is a closed part: "Closed · 3 May 2026", lines of a signature."""
    pieces = _pieces(text, _JOINTS, words)
    read = [read_sentence(piece, words) for piece in pieces] if pieces != [text.strip()] else []
    known = bool(read) and all(each.part is not None and each.meaning is None for each in read)
    return read[0].part if known else None


def _pieces(text: str, joints: re.Pattern[str], words: PageWords) -> list[str]:
    dateless = _DATE_BEHIND.sub("", without_particulars(text.strip(), (), words.locale))
    return [piece.strip() for piece in joints.split(dateless) if piece.strip()]


def _is_neutral(text: str, words: PageWords, holder: frozenset[str]) -> bool:
    """Whether all of a sentence is recorded as leaving answers alone."""
    spelt = (text, without_names(text, holder))
    found = (_of_letters(words).find_sentence("reply.neutral", each) for each in spelt)
    return any(beside is not None and not beside[1].strip(_MARKS) for beside in found)


def _says_anything(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


@lru_cache(maxsize=4096)
def _part(text: str, locale: str, service: tuple[str, ...]) -> tuple[str | None, str]:
    """The part, and the name that a greeting or signature holds, as written."""
    shorn = without_particulars(text, (), locale)
    bare = whole_form(shorn).strip(_MARKS)
    for part, begins, like in _parts():
        match = _like(like, service).fullmatch(bare) if bare.startswith(begins) else None
        name = _as_written(shorn, bare, match) if match is not None else None
        if name is not None:
            return part, name
    return None, ""


def _as_written(text: str, bare: str, match: re.Match[str]) -> str | None:
    """The name in a match as the page writes it; None where it is not written as one, and the match is none."""
    start = next((match.start(n) for n, found in enumerate(match.groups(), 1) if found is not None), -1)
    if start < 0:
        return ""
    written = spell_out(text).strip(_MARKS).split()[-len(bare[start:].split()) :]
    ours = all(word[:1].isupper() or word[:1] in "{@" for word in written)
    return " ".join(written) if ours else None


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Mapping[str, Any]]:
    """The rows of `parts.toml`, by language."""
    return tomllib.loads((files("automation.reading.letters") / "parts.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _parts() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Every row: the part that it is of, how a sentence begins that is like it, and what it is like."""
    return tuple(
        (part, tuple({start.partition("{")[0] for start in beginnings(spell_out(fold(row["like"])))}), row["like"])
        for language in LANGUAGES
        for part, rows in tables()[language].items()
        if part not in {"lead", "topic"}
        for row in rows
    )


@lru_cache(maxsize=2048)
def _like(row: str, service: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, sorted(service, key=len, reverse=True)))
    return re.compile(pattern_of(row, _HOLES | {"service": f"(?:{named or '(?!)'})"}))


# -- answers that the sources know -------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    rows = (row for language in LANGUAGES for row in tables()[language]["lead"])
    held = "|".join(f"(?:{pattern_of(row, _HOLES)})" for row in rows)
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
    for start in starts:
        for meaning in (Meaning.ACCEPTED, Meaning.REFUSED, Meaning.MORE_INFORMATION, Meaning.PENDING):
            for language in _each_of_answers(words):
                hit = language.find_sentence(f"reply.{meaning}", start)
                if hit is not None and _ends(hit[1], language):
                    yield meaning, hit[0]


@lru_cache(maxsize=64)
def _each_of_answers(words: PageWords) -> tuple[PageWords, ...]:
    return tuple(words.wherever_known("reply.refused").also(*words.languages, *LANGUAGES).each())


@lru_cache(maxsize=64)
def _of_letters(words: PageWords) -> PageWords:
    """Words in the language of a page and in those of letters: a message seldom says its own."""
    return words.also(*LANGUAGES)


def _ends(rest: str, words: PageWords) -> bool:
    """Whether nothing follows an answer but marks, or the scope that the sources know."""
    left = rest.strip(_MARKS)
    if not left:
        return True
    scope = words.find_sentence("reply.accepted_for", left) or words.find_sentence("reply.accepted_scope", left)
    return scope is not None and not scope[1].strip(_MARKS)


@lru_cache(maxsize=64)
def _labels(words: PageWords, key: str) -> frozenset[str]:
    return frozenset(fold_label(phrase.text) for phrase in words.phrases(key))


@lru_cache(maxsize=64)
def _frames(words: PageWords) -> frozenset[str]:
    """Headings and signatures that only answers carry."""
    return frozenset(whole_form(phrase.text) for phrase in words.phrases("reply.frame"))


# -- what a text is about ----------------------------------------------------------------------------------------------


def first_word(keys: Sequence[str], texts: Iterable[str], words: PageWords) -> Phrase | None:
    """The first sourced word of some labels in texts, in any language of letters."""
    near, told = _of_letters(words), [*texts]
    found = (near.find_word(key, text) for key in keys for text in told)
    return next((phrase for phrase in found if phrase is not None), None)


def speaks_of_objecting(text: str, words: PageWords) -> bool:
    """Whether a text holds a sourced word for AI or for objecting, as the list's own page may beside its items."""
    return first_word((*OF_AI, *OBJECTING), [text], words) is not None


def names_topic(text: str, words: PageWords) -> bool:
    """
    Whether a text holds a word for AI, objecting, training, or a use of what a person shared.

    The one question that a list of words answers, and a broad one. The page's language counts, and those of letters:
    the answer may be in another one. What holds none is about something else.
    """
    return _topics().search(fold(text)) is not None or speaks_of_objecting(text, words)


@lru_cache(maxsize=1)
def _topics() -> re.Pattern[str]:
    rows = dict.fromkeys(row for language in LANGUAGES for row in tables()[language]["topic"])
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, rows))})(?!\w)".replace(r"\*", r"\w*"))


# -- particulars -------------------------------------------------------------------------------------------------------

_MASKS = {
    "[name]": "{name}",
    "[e-mail]": "{address}",
    "[phone]": "{number}",
    "[id]": "{number}",
    "[token]": "{number}",
}
"""What texts that are kept show in place of what was masked."""
_ADDRESS = re.compile(r"[\w.+%•*…-]+@[\w•*-]+(?:\.[\w•*-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*")
_NUMERIC_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}([./-])\d{1,2}\1\d{4}\b")
_CASE = re.compile(
    r"[#№]\s?\w[\w/-]*|(?<!\w)(?=[\w/-]*\d)[A-Za-z]{1,5}[-/]?\d[\w/-]{2,}|\b[A-Z]{1,3} \d{4,}|(?<!\w)\d{3,}[-/]\w+"
    r"|(?<!\w)\d(?:[ .\u00a0\u202f/-]?\d){4,}"
)
"""Numbers of cases and accounts: behind a #, behind letters, or of five digits. "30 days" is wording and stays."""
_AGAIN = re.compile(r"(\{[\w ]+\})(?:[ ,]*\1)+")
_SHORTEST_PART_OF_A_NAME = 3
_LEAP_DAY, _A_QUARTER = (2, 29), 92


def without_particulars(text: str, names: Iterable[str], locale: str, at: datetime | None = None) -> str:
    """
    Put `{name}`, `{date}`, `{later date}`, `{number}`, `{address}` or `{link}` where a text names one.

    `{later date}` stands for a day after the letter's own (`at`, without a time zone), or for one that may be: without
    that day no date counts as an earlier one. `names` are the account's holder's, folded.
    """
    text = without_names(text, names)

    def dated(match: re.Match[str]) -> str:
        said = find_date(match[0], locale).at
        return "{date}" if said is not None and at is not None and _is_earlier(said, at) else "{later date}"

    if any(map(str.isdigit, text)):
        for pattern in (_NUMERIC_DATE, *date_patterns(locale)):
            text = pattern.sub(dated, text)

    def number(match: re.Match[str]) -> str:  # a sentence's own full stop is no part of its last number
        return "{number}" + match[0][len(match[0].rstrip(".:/-")) :]

    return _AGAIN.sub(r"\1", _CASE.sub(number, text))


def without_names(text: str, names: Iterable[str]) -> str:
    """The same without numbers and dates, which stay as they are."""
    for mask, hole in _MASKS.items():
        text = text.replace(mask, hole)
    text = _LINK.sub("{link}", _ADDRESS.sub("{address}", text))
    for name in sorted(names, key=len, reverse=True):
        text = _without_name(text, name)
    return text


def _is_earlier(said: datetime, at: datetime) -> bool:
    """Whether a day is the letter's own or one before it; of a day without a year, within the quarter before."""
    if said.year != NO_YEAR or at.year == NO_YEAR:
        return said.date() == at.date() or in_order(said, at) is True
    years = (at.year, at.year - 1)
    moved = [said.replace(year=year) for year in years if (said.month, said.day) != _LEAP_DAY]
    return any(0 <= (at.date() - day.date()).days <= _A_QUARTER for day in moved)


def _without_name(text: str, name: str) -> str:
    """The whole name however it is written, and its parts where they are written as names."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    parts = {part for part in name.split() if len(part) >= _SHORTEST_PART_OF_A_NAME}

    def part(match: re.Match[str]) -> str:
        return "{name}" if match[0][0].isupper() and fold(match[0]) in parts else match[0]

    return re.sub(r"(?<!\w)\w[\w'’-]*", part, whole.sub("{name}", text))
