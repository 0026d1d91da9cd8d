"""
The corpus: sentences, threads and pages of services' letters, each with what a careful person says of it.

`sentences/*.toml` hold tables of sentences, a file a set. A `[[block]]` says what holds for all its sentences:

    truth      accepted · refused · pending · more_information · none (about something else) · withheld (only silence is right)
    never      what may not be read, where it is not simply all but the truth
    hand       who wrote them
    language   of the page, BCP-47; English where it is left out
    places     where the sentence stands; see `PLACES` and `BESIDE`
    answer     the answers beside which it stands, one after the other: names of `answers` in common.toml, or texts
    asked      what the person wrote before; several texts make as many cases
    wrote      what the person wrote between an answer and a later message
    title      of the page; `author` of the service's messages; `holder` of the account
    frames     texts around the sentence, which stands at `{}`
    sentences  one a line; ` | ` parts paragraphs

`threads/*.jsonl` hold whole threads, one a line:

    {"set", "hand", "language", "truth", "never"?, "title", "named"?, "holder"?, "beside"?: [lines], "beside_in"?: place,
     "note"?: why, "turns": [{"by": "service" | "person" | "unknown" | a name, "date": ISO 8601 or "", "text": paragraphs parted by blank lines}]}

A file of another hand may be a JSON array of such threads; where it names no holder, nobody knows whose account it is.

`pages/` holds whole pages as HTML, which a browser has to draw; their truths stand in `pages/expected.jsonl`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

from automation.page import PageView
from tests.reading.outline import Part, el, page

HERE = Path(__file__).parent
COMMON: Mapping[str, Any] = tomllib.loads((HERE / "common.toml").read_text(encoding="utf-8"))
OWN, OFFICE = "Leander Fitzhugh", "Privacy Operations"
DEFINITE = frozenset({"accepted", "refused", "pending", "more_information", "none"})
"""What a thread may say for certain; anything else is `unclear`."""
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
_DATES = {
    "en": "{d} {m} {y}",
    "fr": "{d} {m} {y}",
    "de": "{d}. {m} {y}",
    "es": "{d} de {m} de {y}",
    "it": "{d} {m} {y}",
}
_TIMES = {"en": " at {h}", "fr": " à {h}", "de": " um {h}", "es": ", {h}", "it": ", {h}"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread."""

    by: str
    """`service`, `person`, `unknown`, or the author's name as the page shows it."""
    date: str
    """ISO 8601, or empty where the page shows none."""
    text: str
    """Paragraphs are parted by blank lines."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thread with what a careful person says of it."""

    set: str
    id: str
    truth: str
    turns: tuple[Message, ...] = ()
    hand: str = "author"
    language: str = "en"
    place: str = "thread"
    never: frozenset[str] = frozenset()
    """Answers that would be wrong."""
    title: str = ""
    named: str = ""
    """What the list of the inbox calls it."""
    holder: str = OWN
    beside: tuple[str, ...] = ()
    beside_in: str = "aside"
    office: str = OFFICE
    file: str = ""
    """Of a page that a browser has to draw."""

    @property
    def honest(self) -> bool:
        """Whether a careful person is sure what it says."""
        return self.truth in DEFINITE

    def wrong(self, answer: str) -> bool:
        """Whether an answer may not be read from it."""
        return answer in self.never

    def view(self) -> PageView:
        """The page, without a browser."""
        messages = el("ul", *(_drawn(turn, self) for turn in self.turns))
        parts = BESIDE[self.beside_in](messages, self.beside) if self.beside else Around(inside=(messages,))
        main = el("main", el("h1", self.title), *parts.inside)
        return page(*parts.before, main, *parts.after)

    def with_turns(self, turns: Iterable[Message], **changes: Any) -> Case:
        """The same thread with other messages."""
        return replace(self, turns=tuple(turns), **changes)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands on a page before its main part, in it, and after it."""

    before: tuple[Part, ...] = ()
    inside: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()


def day(number: int) -> str:
    """A day of one month."""
    return f"2026-10-{number:02}"


def written(iso: str, language: str) -> str:
    """A date as pages of a language write it."""
    if not iso:
        return ""
    at, base = datetime.fromisoformat(iso), language.partition("-")[0]
    base = base if base in _MONTHS else "en"
    pattern = _DATES[base] + (_TIMES[base] if "T" in iso else "")
    return pattern.format(d=at.day, m=_MONTHS[base].split()[at.month - 1], y=at.year, h=f"{at.hour}:{at.minute:02}")


def _drawn(turn: Message, case: Case) -> Part:
    authors = {"service": case.office, "person": case.holder or "You", "unknown": ""}
    author = authors.get(turn.by, turn.by)
    head = [el("div", line) for line in (author, written(turn.date, case.language)) if line]
    told = [_paragraph(text.strip()) for text in turn.text.split("\n\n") if text.strip()]
    return el("li", *head, *told, role="listitem")


def _paragraph(text: str) -> Part:
    lines = text.split("\n")
    return el("p", lines[0], *(part for line in lines[1:] for part in (el("br"), line)))


def _cells(line: str) -> Part:
    label, _, value = line.partition(": ")
    return el("dl", el("dt", "Case"), el("dd", "5190"), el("dt", label), el("dd", value))


def _lines(lines: tuple[str, ...]) -> list[Part]:
    return [el("p", line) for line in lines]


BESIDE: Mapping[str, Callable[[Part, tuple[str, ...]], Around]] = {
    "aside": lambda all_, said: Around(
        (), (all_,), (el("aside", el("h2", "Case"), *_lines(said), role="complementary"),)
    ),
    "aside before": lambda all_, said: Around((el("aside", *_lines(said), role="complementary"),), (all_,)),
    "banner": lambda all_, said: Around((el("header", *_lines(said), role="banner"),), (all_,)),
    "foot": lambda all_, said: Around((), (all_, el("footer", *_lines(said), role="contentinfo"))),
    "button": lambda all_, said: Around((), (*(el("button", line) for line in said), all_)),
    "above": lambda all_, said: Around((el("div", *_lines(said)),), (all_,)),
    "heading": lambda all_, said: Around((), (*(el("h2", line) for line in said), all_)),
    "list": lambda all_, said: Around((), (all_, el("ul", *(el("li", s, role="listitem") for s in said), role="list"))),
    "first": lambda all_, said: Around((), (*_lines(said), all_)),
    "last": lambda all_, said: Around((), (all_, *(el("div", line) for line in said))),
    "cells": lambda all_, said: Around((), (*(_cells(line) for line in said), all_)),
    "cells aside": lambda all_, said: Around((), (all_,), (el("aside", *map(_cells, said), role="complementary"),)),
}
"""Where a line may stand that is in no message."""
PLACES: Mapping[str, Callable[[str, str, str], list[Message]]] = {
    "alone": lambda said, _, __: [Message("service", day(2), said)],
    "after": lambda said, answer, _: [Message("service", day(2), f"{answer}\n\n{said}")],
    "before": lambda said, answer, _: [Message("service", day(2), f"{said}\n\n{answer}")],
    "same paragraph": lambda said, answer, _: [Message("service", day(2), f"{answer} {said}")],
    "same paragraph before": lambda said, answer, _: [Message("service", day(2), f"{said} {answer}")],
    "later": lambda said, answer, _: [Message("service", day(2), answer), Message("service", day(9), said)],
    "later, asked": lambda said, answer, wrote: [
        Message("service", day(2), answer), Message("person", day(4), wrote), Message("service", day(9), said)
    ],
    "earlier": lambda said, answer, _: [Message("service", day(2), said), Message("service", day(9), answer)],
}  # fmt: skip
"""Where a sentence may stand in a thread: from it, the answer, and what the person wrote in between."""


def cases(paths: Iterable[Path] = ()) -> list[Case]:
    """All cases that no browser has to draw; those of the files given, where some are."""
    files = list(paths) or [*sorted((HERE / "sentences").glob("*.toml")), *sorted((HERE / "threads").glob("*.jsonl"))]
    return [case for path in files for case in (_of_table(path) if path.suffix == ".toml" else _of_threads(path))]


def pages() -> list[Case]:
    """The pages that a browser has to draw."""
    lines = (HERE / "pages" / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Case(
            "pages", one["file"], one["truth"], language=one["language"], place=one["file"].partition("/")[0],
            never=frozenset(one["never"]), holder=one["holder"], file=one["file"],
        )
        for one in map(json.loads, lines)
    ]  # fmt: skip


def _of_table(path: Path) -> Iterator[Case]:
    for number, block in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["block"]):
        language = block.get("language", "en")
        truth = block["truth"]
        asked, answers = _several(block.get("asked", "")), _several(block.get("answer", ""))
        framed = [
            frame.replace("{}", line).replace(" | ", "\n\n")
            for line in block["sentences"].strip().splitlines()
            for frame in block.get("frames", ["{}"])
        ]
        for n, (said, place, answer, own) in enumerate(product(framed, block["places"], answers, asked)):
            known = language if language in COMMON["answers"] else "en"
            text = COMMON["answers"][known].get(answer, answer)
            first = [Message("person", day(1), own)] if own else []
            if place in BESIDE:
                turns, beside = [*first, Message("service", day(2), text)], tuple(said.split("\n\n"))
            else:
                turns, beside = [*first, *PLACES[place](said, text, block.get("wrote", ""))], ()
            yield Case(
                path.stem, f"{path.stem}.{number}.{n}", truth, tuple(turns), block.get("hand", "author"), language,
                place, _never(truth, block, answer), block.get("title") or COMMON["titles"].get(language, ""),
                holder=block.get("holder", OWN), beside=beside, beside_in=place if beside else "aside", office=block.get("author", OFFICE),
            )  # fmt: skip


def _of_threads(path: Path) -> Iterator[Case]:
    text = path.read_text(encoding="utf-8")
    told = json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines() if line]
    for number, one in enumerate(told):
        turns = tuple(Message(turn["by"], turn["date"], turn["text"]) for turn in one["turns"])
        language = one.get("language", "en")
        yield Case(
            one.get("set", path.stem), one.get("id", f"{path.stem}.{number}"), one["truth"], turns,
            one.get("hand", "author"), language, one.get("place", "thread"), _never(one["truth"], one),
            one.get("title") or COMMON["titles"].get(language, ""), one.get("named", ""), one.get("holder", OWN if path.suffix == ".jsonl" else ""),
            tuple(one.get("beside", ())), one.get("beside_in", "aside"), one.get("office", OFFICE),
        )  # fmt: skip


def _never(truth: str, told: Mapping[str, Any], answer: str = "") -> frozenset[str]:
    """Of an honest thread all but the truth; of one that only silence fits an acceptance, "none", and what it holds."""
    if "never" in told:
        return frozenset(told["never"])
    if truth in DEFINITE:
        return DEFINITE - {truth}
    return frozenset({"accepted", "none", answer}) & DEFINITE


def _several(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told
