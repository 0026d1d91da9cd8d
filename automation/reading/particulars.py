"""Names and numbers taken out of a text, so that a service's letter to one person reads as its letter to another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from automation.reading.inbox.dates import date_patterns
from automation.text.normalizing import fold

HOLES = ("{name}", "{date}", "{number}", "{address}", "{link}")
"""What stands in place of what was taken out."""
_MASKS = {"[name]": "{name}", "[e-mail]": "{address}", "[phone]": "{number}", "[id]": "{number}", "[token]": "{number}"}
"""What texts that are kept show in place of what was masked."""
_ADDRESS = re.compile(r"[\w.+%•*…-]+@[\w•*-]+(?:\.[\w•*-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*")
_NUMERIC_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}([./-])\d{1,2}\1\d{4}\b")
_NUMBER = re.compile(r"[#№]?(?<!\w)[\w./:-]*\d[\w./:-]*(?:[ \u00a0\u202f]\d[\d./:-]*)*")
_AGAIN = re.compile(r"(\{\w+\})(?:[ ,]*\1)+")
_SHORTEST_PART_OF_A_NAME = 3


def without_particulars(text: str, names: Iterable[str], locale: str) -> str:
    """
    Put `{name}`, `{date}`, `{number}`, `{address}` or `{link}` where a text names somebody or something of theirs.

    Args:
        text: as the page shows it.
        names: of the account's holder, folded.
        locale: in which its dates are written, BCP-47.
    """
    for mask, hole in _MASKS.items():
        text = text.replace(mask, hole)
    text = _LINK.sub("{link}", _ADDRESS.sub("{address}", text))
    for name in sorted(names, key=len, reverse=True):
        text = _without_name(text, name)
    text = _NUMERIC_DATE.sub("{date}", text)
    for pattern in date_patterns(locale):
        text = pattern.sub("{date}", text)
    return _AGAIN.sub(r"\1", _NUMBER.sub(_kept_end, text))


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
