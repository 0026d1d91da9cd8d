"""The head of a message whose author has a badge: "Aled", "Meta support", "28 May 2026, 15:02", each an element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.inbox.dates import find_date
from automation.reading.inbox.heads import is_initials
from automation.reading.inbox.speakers import Speaker, SpeakerMark

if TYPE_CHECKING:
    from automation.page import PageView
    from automation.reading.inbox.lines import Line
    from automation.reading.inbox.speakers import Speakers

_PARTS = 3
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_SAYS_SOMETHING = re.compile(r"\w")


def badged(view: PageView, line: Line, speakers: Speakers) -> SpeakerMark | None:
    """
    Who wrote, where a name, a badge and a date are elements of one line; None where any other thing stands there.

    The service's badge makes anybody's name that of one of its people, but for the holder's; beside another name the
    one of whoever began the thread says that it is neither side's. In a text all three are one: "Asked Meta support on
    28 May".
    """
    name, badge, at = _parts(view, line, speakers)
    if not name or _NAME.fullmatch(name) is None:
        return None
    own = speakers.is_holder(name)
    if speakers.is_office(badge) and not own:
        return SpeakerMark(Speaker.SERVICE, find_date(at, speakers.locale).at)
    if speakers.is_begun_by(badge):
        return SpeakerMark(Speaker.PERSON if own else Speaker.UNKNOWN, find_date(at, speakers.locale).at)
    return None


def _parts(view: PageView, line: Line, speakers: Speakers) -> tuple[str, str, str]:
    """The three elements of such a line; initials on a picture and what is drawn between them aside."""
    node = line.block.node
    texts = [n for n in view.within(node) if n.tag == "#text" and n.shown and n.text.strip()] if node >= 0 else []
    told = [n for n in texts if _SAYS_SOMETHING.search(n.text) is not None]
    if len(told) > _PARTS and is_initials(told[0].text):
        told = told[1:]
    around = {n.parent for n in told}
    if {len(told), len(around)} != {_PARTS} or not speakers.is_date(told[2].text):
        return "", "", ""
    name, badge, at = (" ".join(n.text.split()) for n in told)
    return name, badge, at
