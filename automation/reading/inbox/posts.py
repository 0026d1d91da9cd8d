"""What a service quotes from somebody's post, such as a comment that was reported: it answers nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.text.normalizing import sentences

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.letter import LetterGrammar

_PARAGRAPH = "\0"
_QUOTATION = re.compile(r'[“"„«‟][^“”"„»«‟]{1,2000}[”"“»‟]')
_LAST_SENTENCE = re.compile(rf"[^.!?\n{_PARAGRAPH}]*:[\s{_PARAGRAPH}]*\Z")


def without_posts(blocks: Sequence[Block], letter: LetterGrammar) -> tuple[Block, ...]:
    """
    The paragraphs without what stands in quotation marks after a line that says that somebody posted it.

    All of them where the rest refers to an answer: the service may mean what it quotes.

    Args:
        blocks: of one message of the service; a quotation may run over several of them.
        letter: the grammar of its language.
    """
    text = _PARAGRAPH.join(block.text for block in blocks)
    kept, end = [], 0
    for quotation in _QUOTATION.finditer(text):
        lead = _LAST_SENTENCE.search(text[: quotation.start()])
        if lead is not None and letter.quotes_a_post(lead[0].replace(_PARAGRAPH, " ")):
            kept += [text[end : quotation.start()], _PARAGRAPH * quotation[0].count(_PARAGRAPH)]
            end = quotation.end()
    if not kept:
        return tuple(blocks)
    texts = "".join([*kept, text[end:]]).split(_PARAGRAPH)
    told = [sentence for own in texts for sentence in sentences(own) if not letter.is_frame(sentence)]
    if any(map(letter.refers_to_it, told)):
        return tuple(blocks)
    pairs = zip(blocks, texts, strict=True)
    return tuple(replace(block, text=own.strip()) for block, own in pairs if own.strip())
