"""What stands around the messages of a page and speaks against their answer: that it ended, or another status."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.page import Block
from automation.reading.threads.dates import find_date
from automation.reading.threads.authors import Speaker
from automation.reading.inbox.taking_back import is_label, takes_back
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.reading.narrowing import takes_away
from automation.reading.replies import read_text
from automation.reading.replying import is_status
from automation.text.normalizing import fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from automation.page import PageView
    from automation.reading.threads.turns import Turn
    from automation.text.page_words import PageWords

_DECISIONS = frozenset({Meaning.ACCEPTED, Meaning.REFUSED})
_NEEDED = re.compile(
    r"\b(?:needed|required|necessary|nécessaire|requise?|nötig|erforderlich|necesari[ao]|necessari[ao]|richiesta)\b"
)
"""What a status may deny and say nothing of the decision: "No further action needed"."""
_OF_OTHERS = frozenset({"link", "button", "listitem", "row", "option", "treeitem", "tab", "menuitem", "navigation"})
"""Roles around the status of another item, or what shows items of one status."""


def ended_around(view: PageView, words: PageWords) -> str | None:
    """
    The first sentence beside the messages that says that the objection holds no more: "Your objection ended".

    The harm: it stands in a bar or on a badge, is nobody's message, and an acceptance before it would be believed.
    """
    inner = {(block.node, block.text) for block in view.blocks()}
    around = [
        block
        for block in view.blocks(chrome=True)
        if (block.node, block.text) not in inner
        or (block.node >= 0 and any(n.role == "button" for n in (view.nodes[block.node], *view.ancestors(block.node))))
    ]
    return ended_in(around, words)


def status_against(
    view: PageView, turns: Sequence[Turn], meanings: AbstractSet[Meaning], words: PageWords
) -> str | None:
    """
    The status that a page gives the case and that does not go with its answer: "Status: Withdrawn", "Status: Declined".

    A status is true now, wherever it stands; in a message it was true then. The harm: an objection that was accepted
    and has ended since would be told as one that counts.
    """
    letter, near = letter_in(words.locale), words.with_english
    for status, named in _statuses(view, {block.node for turn in turns if turn.marked for block in turn.blocks}):
        text = read_text([Block(f"Status: {status}", quoted=False, node=-1)], near, letter=letter)
        said = {each.meaning for each in text.said}
        if not named:
            # A bare word may name a step of the way to the answer; the opposite of the answer is none.
            said &= _DECISIONS
        told = (said and not said & meanings) or (named and not said and (text.unclear or letter.undoing(status)))
        if told or (named and letter.negates(status) and _NEEDED.search(fold(status)) is None):
            return status
    return None


def line_against(
    view: PageView, turns: Sequence[Turn], meanings: AbstractSet[Meaning], at: datetime | None, words: PageWords
) -> str | None:
    """
    A line beside the messages that takes their answer back: a banner, a chip, one line of the case's data.

    What has a day before the answer's is history: "Reopened on 1 June", and decided on 4 June. The title may say what
    the answer itself undid, and what the person wrote is read as theirs.
    """
    accepted = Meaning.ACCEPTED in meanings
    read = [turn for turn in turns if turn.marked or turn.speaker is Speaker.PERSON]
    titles = {fold(turn.title) for turn in turns if turn.title}
    for label, text in _lines_beside(view, {block.node for turn in read for block in turn.blocks}):
        if fold(text) in titles:
            continue
        told = [text, *([f"{label}: {text}"] if is_label(label) else [])]
        when = find_date(text, words.locale)
        if any(takes_back(one, accepted=accepted) for one in told) and not (
            at and when.at and when.at.date() < at.date()
        ):
            return text
    return None


def _lines_beside(view: PageView, within_messages: AbstractSet[int]) -> Iterator[tuple[str, str]]:
    """Each line beside the messages that is no part of another item, after the line before it."""
    before = ""
    for block in view.blocks(chrome=True):
        label, before = before, block.text
        around = (view.nodes[block.node], *view.ancestors(block.node)) if block.node >= 0 else ()
        if block.node not in within_messages and not any(n.role in _OF_OTHERS for n in around):
            yield label, block.text.strip()


def _statuses(view: PageView, within_messages: AbstractSet[int]) -> Iterator[tuple[str, bool]]:
    """Each status beside the messages, and whether the page calls it one."""
    for label, text in _lines_beside(view, within_messages):
        called, _, value = text.partition(":")
        if is_status(called, value):
            yield value, True
        elif is_status("status", text) and text[-1] not in ".!?…":
            yield text, is_status(label, text)


def ended_in(blocks: Sequence[Block], words: PageWords) -> str | None:
    """The first sentence of a text that names an objection and says that it holds no more."""
    letter = letter_in(words.locale)
    for sentence in (sentence for block in blocks for sentence in sentences(block.text)):
        named = any(words.with_english.find_word(key, sentence) for key in ("objection.words", "object.words"))
        if named and (takes_away(sentence) or letter.undoes(sentence) or letter.reopens(sentence)):
            return sentence
    return None
