"""What stands around the messages of a page, in its frame or on a button, and says that an objection holds no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.reading.letter import letter_in
from automation.reading.narrowing import takes_away
from automation.text.normalizing import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.page import Block, PageView
    from automation.text.page_words import PageWords


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


def ended_in(blocks: Sequence[Block], words: PageWords) -> str | None:
    """The first sentence of a text that names an objection and says that it holds no more."""
    letter = letter_in(words.locale)
    for sentence in (sentence for block in blocks for sentence in sentences(block.text)):
        named = any(words.with_english.find_word(key, sentence) for key in ("objection.words", "object.words"))
        if named and (takes_away(sentence) or letter.undoes(sentence) or letter.reopens(sentence)):
            return sentence
    return None
