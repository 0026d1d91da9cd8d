"""Particulars taken out of a text, so that a service's letter to one person reads as its letter to another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from automation.reading.threads.words import NO_YEAR, date_patterns, find_date, in_order
from automation.text.normalizing import fold

HOLES = ("{name}", "{date}", "{later date}", "{number}", "{address}", "{link}")
"""What stands in place of what was taken out; `{later date}` of a day after the letter's own, or of one that may be."""
_MASKS = {"[name]": "{name}", "[e-mail]": "{address}", "[phone]": "{number}", "[id]": "{number}", "[token]": "{number}"}
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

    Args:
        text: as the page shows it.
        names: of the account's holder, folded.
        locale: in which its dates are written, BCP-47.
        at: when it was written, without a time zone; where it is not known, no date counts as an earlier one.
    """
    for mask, hole in _MASKS.items():
        text = text.replace(mask, hole)
    text = _LINK.sub("{link}", _ADDRESS.sub("{address}", text))
    for name in sorted(names, key=len, reverse=True):
        text = _without_name(text, name)

    def dated(match: re.Match[str]) -> str:
        said = find_date(match[0], locale).at
        return "{date}" if said is not None and at is not None and _is_earlier(said, at) else "{later date}"

    for pattern in (_NUMERIC_DATE, *date_patterns(locale)):
        text = pattern.sub(dated, text)
    return _AGAIN.sub(r"\1", _CASE.sub(_kept_end, text))


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
    text = whole.sub("{name}", text)
    parts = {part for part in name.split() if len(part) >= _SHORTEST_PART_OF_A_NAME}
    return re.sub(r"(?<!\w)\w[\w'’-]*", lambda m: "{name}" if m[0][0].isupper() and fold(m[0]) in parts else m[0], text)


def _kept_end(match: re.Match[str]) -> str:
    """A sentence's own full stop is no part of its last number."""
    found = match[0]
    return "{number}" + found[len(found.rstrip(".:/-")) :]
