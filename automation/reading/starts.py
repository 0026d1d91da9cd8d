"""Where in a sentence a decision may start: not in what is supposed, reported, quoted or said for somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.bearing import MARKS, folded_in

if TYPE_CHECKING:
    from automation.reading.bearing import Bearing

_QUOTE = '"'
_AND = "and|but|so|then|therefore|y|e|et|und|pero|ma|mais|aber"
_WE = "we|nous|wir|hemos|vamos|abbiamo|non|no|ne"
_MEANS = r"(?:(?:which|this|that) means (?:that )?)?"
_BOUNDARY = re.compile(rf"^[^\w\"']+|[:;,)] (?:(?:{_AND}) )*{_MEANS}| (?:(?:{_AND}) )+|\. | (?=(?:{_WE})\b)")
_JOINED = re.compile(rf"^(?:{_AND}) ")
_OPENS, _CLOSES = re.compile(r"(?<!\w)'(?=\w)"), re.compile(r"(?<=[\w.!?,])'(?!\w)")
_ANOTHERS = ("undo", "reports", "not_theirs")
_OPEN = ("condition", "contrary")
_DOUBTFUL = ("negated", "uncertain", "passing", *_OPEN)


def decisions_may_start(text: str, bearing: Bearing, *, plainly: bool) -> list[str]:
    """
    Each rest of a text before which nothing stands that makes it hypothetical, reported or somebody else's.

    Args:
        text: folded.
        bearing: what sentences do to a decision, in the language of the text.
        plainly: whether a "not" before it makes it doubtful as well.
    """
    return [
        text[match.end() :]
        for match in _BOUNDARY.finditer(text)
        if text[match.end() : match.end() + 1] not in {"", _QUOTE, "'"}
        and _is_clear(text[: match.start()], match[0], bearing, plainly=plainly)
    ]


def _is_clear(lead: str, boundary: str, bearing: Bearing, *, plainly: bool) -> bool:
    folded = folded_in(lead).strip(MARKS)
    opened = len(_OPENS.findall(folded)) > len(_CLOSES.findall(folded))
    if (
        opened
        or folded.count(_QUOTE) % 2
        or (boundary == " " and not bearing.has("leads_in", _JOINED.sub("", bearing.clauses(folded)[-1])))
    ):
        return False
    but = boundary.strip(" ,;:)") in {"but", "pero", "ma", "mais", "aber"}
    for clause in bearing.clauses(folded):
        if any(bearing.has(name, clause) for name in (_ANOTHERS if plainly else _ANOTHERS[1:])):
            return False
        if bearing.has("asked", clause) and not bearing.has("ends", clause):
            return False
        stopped = all(bearing.has(name, clause) for name in ("negated", "use", "own"))
        granted = but or bearing.has("concedes", clause)
        doubts = [name for name in (_DOUBTFUL if plainly else _OPEN) if not (stopped and name == "negated")]
        if not granted and any(bearing.has(name, clause) for name in doubts):
            return False
    return True
