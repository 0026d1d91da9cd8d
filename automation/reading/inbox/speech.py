"""The words by which a message list says who speaks, and what it is made of: the tables of `speech.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.text.normalizing import base_language, fold
from automation.text.templates import anywhere, beginning, whole

_HOLES = {"who": "(.{1,80}?)", "other": ".{1,80}?", "date": "(?:(?:at|um|à|a las|alle|[ ,])+)?"}


@dataclass(frozen=True, slots=True)
class Speech:
    """Who speaks, in one language."""

    person: re.Pattern[str]
    service: re.Pattern[str]
    sections: re.Pattern[str]
    author: re.Pattern[str]
    between: re.Pattern[str]
    sent: re.Pattern[str]
    fields: re.Pattern[str]
    columns: re.Pattern[str]
    recipients: re.Pattern[str]
    letterhead: re.Pattern[str]
    badges: re.Pattern[str]
    roles: frozenset[str]
    tags: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("automation.reading.inbox") / "speech.toml").read_text(encoding="utf-8"))


def languages_of(locale: str) -> list[str]:
    """The page's language first, then English, in which services answer too; all where the page names none."""
    own = base_language(locale)
    return list(dict.fromkeys([own, "en"])) if own in _tables() else list(dict.fromkeys(["en", *_tables()]))


@lru_cache(maxsize=16)
def speech_of(language: str) -> Speech:
    """The table of a language."""
    table = _tables()[language]
    return Speech(
        whole(table["person"]),
        whole(table["service"]),
        whole(table["sections"]),
        whole(table["author"], _HOLES),
        whole(table["between"], _HOLES),
        whole(table["sent"], _HOLES),
        whole(table["fields"]),
        whole(table["columns"]),
        whole(table["recipients"]),
        whole(table["letterhead"]),
        whole(table["badges"]),
        frozenset(fold(word) for word in table["roles"]),
        frozenset(fold(word) for word in table["tags"]),
    )


def _listed(key: str, locale: str) -> list[str]:
    return [template for language in languages_of(locale) for template in _tables()[language][key]]


@lru_cache(maxsize=64)
def emptiness_in(locale: str) -> re.Pattern[str]:
    """Sentences with which a list says that it is empty, in a page's language or in English."""
    return beginning(_listed("empty", locale))


@lru_cache(maxsize=64)
def leading_in(locale: str) -> re.Pattern[str]:
    """What may stand before such a sentence and says no more than it, in a page's language or in English."""
    return whole(_listed("leading", locale))


@lru_cache(maxsize=64)
def partial_in(locale: str) -> re.Pattern[str]:
    """Words with which a page says that its list does not show everything, in its language or in English."""
    return anywhere(_listed("partial", locale))


@lru_cache(maxsize=64)
def everything_in(locale: str) -> re.Pattern[str]:
    """What the tab or filter for all items of a list is called."""
    return whole(_listed("everything", locale))


@lru_cache(maxsize=64)
def arranging_in(locale: str) -> re.Pattern[str]:
    """What a choice is called that puts a list in order or draws it in another way, and hides nothing."""
    return whole(_listed("arranging", locale))


@lru_cache(maxsize=64)
def more_in(locale: str) -> re.Pattern[str]:
    """What a control that shows more of a list is called."""
    return whole(_listed("more", locale), {"count": r"(?:\+ ?)?(?:\d+ )?"})


@lru_cache(maxsize=64)
def turning_in(locale: str) -> re.Pattern[str]:
    """What a control is called that turns the pages of a thread."""
    return whole(_listed("turning", locale))


@lru_cache(maxsize=64)
def facts_in(locale: str) -> re.Pattern[str]:
    """What the lines of a case's own data are called, and how a case ends."""
    return whole(_listed("facts", locale))


@lru_cache(maxsize=64)
def cases_in(locale: str) -> re.Pattern[str]:
    """What a page calls its case where it is headed by that and a number: "Case", "Ticket no."."""
    return whole(_listed("cases", locale))


@lru_cache(maxsize=64)
def happenings_in(locale: str) -> re.Pattern[str]:
    """Words of what happened to a case, and of how far an answer goes: in no author's name."""
    return anywhere(_listed("happenings", locale))


@lru_cache(maxsize=64)
def states_in(locale: str) -> re.Pattern[str]:
    """What the chip beside an item of a list says of it: "Open"."""
    return whole(_listed("states", locale))


@lru_cache(maxsize=64)
def first_step_in(locale: str) -> re.Pattern[str]:
    """What the first steps of a request are called, where a page draws how far it is."""
    return whole(_listed("steps", locale))


@lru_cache(maxsize=64)
def points_in(locale: str) -> dict[str, re.Pattern[str]]:
    """What the points of a timeline are called: `asked`, `told`, `ahead`; the others do not say whose."""
    return {kind: whole(_listed(kind, locale)) for kind in ("asked", "told", "routed", "ahead", "steps", "states")}


@lru_cache(maxsize=64)
def advertising_in(locale: str) -> re.Pattern[str]:
    """What stands above an advertisement and says that it is one."""
    return whole(_listed("advertising", locale))


@lru_cache(maxsize=64)
def opening_in(locale: str) -> re.Pattern[str]:
    """What a button in an item of a list is called that shows what was written."""
    return whole(_listed("opening", locale))


@lru_cache(maxsize=64)
def bodies_in(locale: str) -> re.Pattern[str]:
    """What the text of a message is called beneath its author and date."""
    return whole(_listed("bodies", locale))


@lru_cache(maxsize=64)
def dates_in(locale: str) -> re.Pattern[str]:
    """What the column of a list's dates is called."""
    return whole(_listed("dates", locale))


@lru_cache(maxsize=64)
def people_in(locale: str) -> re.Pattern[str]:
    """What stands above a list of people."""
    return whole(_listed("people", locale))


@lru_cache(maxsize=64)
def notices_in(locale: str) -> re.Pattern[str]:
    """Words of what a page tells of somebody's day."""
    return anywhere(_listed("notices", locale))


@lru_cache(maxsize=64)
def roles_in(locale: str) -> frozenset[str]:
    """Words that a service puts beside its name."""
    return frozenset(fold(word) for word in _listed("roles", locale))


@lru_cache(maxsize=64)
def collapsed_in(locale: str) -> re.Pattern[str]:
    """What a control is called that opens messages of the thread that it stands in."""
    return whole(_listed("collapsed", locale), {"count": r"(?:\d+ )?", "number": r"(?: \(?\d+\)?)?"})


@lru_cache(maxsize=64)
def unfolded_in(locale: str) -> re.Pattern[str]:
    """What a control beneath the beginning of a message is called that shows the rest of it."""
    return whole(_listed("unfolded", locale))


def forwards(line: str) -> bool:
    """Whether a line says that a forwarded message follows."""
    return any(_forwarding(language).search(fold(line)) is not None for language in _tables())


@lru_cache(maxsize=16)
def _forwarding(language: str) -> re.Pattern[str]:
    return anywhere(_tables()[language]["forwarded"])
