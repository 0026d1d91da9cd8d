"""
What the reader says of the corpus: `make reading`, or `python -m tests.corpus.measure [--altered] [--pages] [FILE…]`.

Prints a row a set: cases, honest ones, those answered by themselves, those answered after one look a letter, the looks that
this took, and what was believed wrongly before and after looks. FILE is a table or a list of threads by another hand; see
`tests.corpus.cases` for what stands in it.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import flows
from automation.core.looks import Look
from automation.flow import Flow
from automation.page import PageView
from tests.corpus.cases import HERE, Case, Message, cases, pages
from tests.corpus.reader import Reading

ALTERING: Mapping[str, Any] = tomllib.loads((HERE / "altering.toml").read_text(encoding="utf-8"))
"""What makes another letter of an honest one, by language."""
DECIDED = frozenset({"accepted", "refused", "pending", "more_information"})
_TOPIC = re.compile(
    r"object|opposi|widerspr|einspruch|objeci|request|demande|anfrage|antrag|solicitud|richiesta", re.IGNORECASE
)


@dataclass
class Measured:
    """What the reader says of one set."""

    name: str
    cases: int = 0
    honest: int = 0
    alone: int = 0
    """Honest cases that are answered without any look."""
    looked: int = 0
    """Those that are answered when each letter was looked at once."""
    looks: int = 0
    wrong: list[tuple[Case, str]] = field(default_factory=list)
    wrong_after: list[tuple[Case, str]] = field(default_factory=list)
    """What is believed wrongly only after the looks at the honest letters of the set."""
    seconds: float = 0.0


def measure(name: str, told: Sequence[tuple[Case, PageView]], flow: Flow) -> Measured:
    """
    Read a set by itself, look at each honest letter that is not answered, and read all of it again.

    Args:
        name: of the set.
        told: its cases with their pages.
        flow: whose words are known.
    """
    result, looks, started = Measured(name, len(told)), list[Look](), time.process_time()
    readings = [Reading(case, view, flow) for case, view in told]
    first = [reading.answer() for reading in readings]
    result.seconds = time.process_time() - started
    for reading, answer in zip(readings, first, strict=True):
        case = reading.case
        if case.wrong(answer):
            result.wrong.append((case, answer))
        if not case.honest:
            continue
        result.honest += 1
        result.alone += answer == case.truth
        if answer != case.truth and reading.answer(looks) != case.truth:
            look = reading.look()
            looks += [look] if look is not None else []
    result.looks = len(looks)
    for reading, answer in zip(readings, first, strict=True):
        again = reading.answer(looks) if looks else answer
        result.looked += reading.case.honest and again == reading.case.truth
        if reading.case.wrong(again) and again != answer:
            result.wrong_after.append((reading.case, again))
    return result


def altered(case: Case, never: Sequence[str] = ()) -> Iterator[tuple[str, Case]]:
    """
    An honest thread with one thing changed, and what that is.

    Args:
        case: an honest thread that decides something.
        never: sentences that are known to change what an acceptance in its language says.
    """
    told = ALTERING.get(case.language.partition("-")[0])
    theirs = [n for n, turn in enumerate(case.turns) if turn.by == "service"]
    if told is None or not theirs:
        return
    pick = sum(map(ord, case.id))
    newest = max(theirs, key=lambda n: (case.turns[n].date, n))
    letter = case.turns[newest]

    def rewritten(text: str) -> Case:
        turns = list(case.turns)
        turns[newest] = replace(letter, text=text)
        return case.with_turns(turns)

    paragraphs = letter.text.split("\n\n")
    for kind, sentences in (("sentence", told["more"]), ("known sentence", never)):
        if sentences:
            place = pick % (len(paragraphs) + 1)
            yield (
                kind,
                rewritten("\n\n".join([*paragraphs[:place], sentences[pick % len(sentences)], *paragraphs[place:]])),
            )
    yield "word", rewritten(_one_word_changed(letter.text, told))
    after = (
        (datetime.fromisoformat(letter.date) + timedelta(days=7)).isoformat(timespec="minutes") if letter.date else ""
    )
    later = Message("service", after if "T" in letter.date else after[:10], told["later"][pick % len(told["later"])])
    # Newest first or last, as the page has it.
    first = len(theirs) > 1 and case.turns[theirs[0]].date > case.turns[theirs[-1]].date
    yield "later", case.with_turns([later, *case.turns] if first else [*case.turns, later])
    if not case.beside:
        yield "status", replace(case, beside=(told["status"][pick % len(told["status"])],), beside_in="first")


def _one_word_changed(text: str, told: Mapping[str, Any]) -> str:
    for before, instead in told["words"]:
        if before in text:
            return text.replace(before, instead)
    pieces = re.split(r"(?<=[.!?])\s+", text)
    about = [piece for piece in pieces if _TOPIC.search(piece)] or [max(pieces, key=len)]
    words = about[-1].split(" ")
    return text.replace(about[-1], " ".join([*words[:2], told["word"], *words[2:]]))


def believed(told: Iterable[Case], flow: Flow, never: Sequence[str] = ()) -> tuple[int, list[tuple[str, Case, str]]]:
    """
    How many altered copies were read, and those that still say what the honest thread said: kind, copy, when.

    Args:
        told: honest threads; others are left out.
        flow: whose words are known.
        never: sentences that change an English acceptance.
    """
    read, found = 0, list[tuple[str, Case, str]]()
    for case in told:
        if case.truth not in DECIDED:
            continue
        honest = Reading(case, case.view(), flow)
        look = None if honest.answer() == case.truth else honest.look()
        known = never if case.truth == "accepted" and case.language.startswith("en") else ()
        for kind, copy in altered(case, known):
            read += 1
            again = Reading(copy, copy.view(), flow)
            if again.answer() == case.truth:
                found.append((kind, copy, "before a look"))
            elif look is not None and again.answer([look]) == case.truth:
                found.append((kind, copy, "after a look"))
    return read, found


def sentences_never_passed_over(told: Iterable[Case]) -> list[str]:
    """What takes back or narrows an English acceptance beside it, from the tables of the corpus."""
    own = (
        case.turns[-1].text.split("\n\n")[-1]
        for case in told
        if case.place == "after" and case.truth == "withheld" and case.language == "en" and "accepted" in case.never
    )
    return list(dict.fromkeys(own))


def by_set(told: Iterable[Case]) -> dict[str, list[Case]]:
    """Cases by the name of their set."""
    return {
        name: list(group) for name, group in groupby(sorted(told, key=lambda case: case.set), lambda case: case.set)
    }


async def drawn(told: Sequence[Case]) -> list[tuple[Case, PageView]]:
    """The pages that a browser has to draw, as it shows them."""
    from playwright.async_api import async_playwright

    from automation.browser.finder import find_browser
    from automation.browser.snapshot import take
    from automation.core.settings import BrowserSettings

    found, views = find_browser(BrowserSettings()), list[tuple[Case, PageView]]()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            chromium_sandbox=found.sandbox,
        )
        page = await browser.new_page()
        session = await page.context.new_cdp_session(page)
        for case in told:
            await page.set_content((HERE / "pages" / case.file).read_text(encoding="utf-8"))
            view = await take(page, session)
            views.append((replace(case, language=view.locale), view))
        await browser.close()
    return views


def _told(result: Measured) -> str:
    share = f"{100 * result.alone // max(1, result.honest)} %"
    each = 1000 * result.seconds / max(1, result.cases)
    return (
        f"{result.name:22}{result.cases:7}{result.honest:8}{result.alone:8}{share:>7}{result.looked:9}{result.looks:7}"
        f"{len(result.wrong):7}{len(result.wrong_after):7}{each:9.1f}"
    )


def main() -> None:
    """Print a row a set."""
    ask = argparse.ArgumentParser(description="What the reader says of the corpus.")
    ask.add_argument("files", nargs="*", type=Path, help="threads by another hand, instead of the corpus")
    ask.add_argument(
        "--together", action="store_true", help="take all files for one set: a look at one letter counts for all"
    )
    ask.add_argument("--pages", action="store_true", help="also the pages that a browser has to draw")
    ask.add_argument("--altered", action="store_true", help="also altered copies of the honest threads")
    ask.add_argument("--wrong", action="store_true", help="also each case that is believed wrongly")
    ask.add_argument("--silent", action="store_true", help="also the sentences that keep most honest threads back")
    asked = ask.parse_args()
    flow, told = flows.load()["facebook.ai_objection"], cases(asked.files)
    if asked.together:
        told = [replace(case, set="together") for case in told]
    print(
        f"{'set':22}{'cases':>7}{'honest':>8}{'alone':>8}{'':>7}{'looked':>9}{'looks':>7}{'wrong':>7}{'after':>7}{'ms each':>9}"
    )
    results = [measure(name, [(case, case.view()) for case in group], flow) for name, group in by_set(told).items()]
    if asked.pages:
        results.append(measure("pages", asyncio.run(drawn(pages())), flow))
    for result in results:
        print(_told(result))
    both = _sum(results)
    print(_told(both))
    if asked.wrong:
        for case, answer in (*both.wrong, *both.wrong_after):
            print(f"  {case.id} ({case.place}): {case.truth} read as {answer}: {_last_words(case)}")
    if asked.silent:
        _print_what_keeps_back(told, flow)
    if asked.altered:
        read, found = believed(told, flow, sentences_never_passed_over(told))
        kinds = Counter(f"{kind} {when}" for kind, _, when in found)
        print(
            f"altered copies: {read}, believed {len(found)}",
            *(f"{n} {kind}" for kind, n in kinds.most_common()),
            sep="; ",
        )
        for kind, copy, when in found if asked.wrong else ():
            print(f"  {copy.id} ({kind}, {when}): still {copy.truth}: {_last_words(copy)}")


def _sum(results: Iterable[Measured]) -> Measured:
    both = Measured("all")
    for result in results:
        for name in ("cases", "honest", "alone", "looked", "looks", "wrong", "wrong_after", "seconds"):
            setattr(both, name, getattr(both, name) + getattr(result, name))
    return both


def _print_what_keeps_back(told: Iterable[Case], flow: Flow) -> None:
    kept_back = Counter(doubt for case in told if case.honest for doubt in Reading(case, case.view(), flow).doubts)
    for sentence, number in kept_back.most_common(40):
        print(f"{number:6} {sentence}")


def _last_words(case: Case) -> str:
    text = " / ".join([case.turns[-1].text if case.turns else "", *case.beside])
    return (case.file or text.replace("\n\n", " / "))[-300:]


if __name__ == "__main__":
    main()
