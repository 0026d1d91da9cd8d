"""
Whether all that a page itself says is English, whatever the language of the frame around it.

Services leave pages untranslated, beneath a banner and a menu in the person's own language. English words decide there
where nothing stands beside them that could say something else: one sentence in the other language may.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel.core import get_global

from automation.text.normalizing import base_language, fold, sentences

if TYPE_CHECKING:
    from automation.page import Block, PageView

_CODE = "en"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ENGLISH = frozenset(
    (
        "the", "your", "you", "this", "these", "that", "with", "our", "they", "their", "and", "from", "which", "where",
        "what", "have", "been", "please", "isn't", "aren't", "can't", "don't", "doesn't", "you've", "we've", "would",
    )
)  # fmt: skip
"""Small words that no neighbouring language has."""
_WORDS_FOR_ONE = 12
"""Of so many words of an English sentence at least one is such a word."""
_MOST_WORDS_OF_A_LABEL = 3


def is_in_english(view: PageView, locale: str) -> bool:
    """Whether a page that declares another language has text of its own, and all of it is English."""
    told = [(sentence, _declared(view, block)) for block in view.blocks() for sentence in sentences(block.text)]
    latin = _is_latin(locale)
    return bool(told) and all(_is_english(fold(sentence), declared, latin=latin) for sentence, declared in told)


def _is_english(text: str, declared: str, *, latin: bool) -> bool:
    """Whether a sentence is English: by its letters and words, and by what the page says of it, if it says so."""
    words = _WORD.findall(text)
    if declared not in {"", _CODE} or not all(c.isascii() for c in text if c.isalpha()):
        return False
    if len(words) <= _MOST_WORDS_OF_A_LABEL:
        # A label has none of the small words. "Ontvangen" beneath a Dutch frame may be the answer.
        return not words or declared == _CODE or not latin
    return sum(word in _ENGLISH for word in words) * _WORDS_FOR_ONE >= len(words)


def _declared(view: PageView, block: Block) -> str:
    """The language that an element around a paragraph declares; empty where only the page does."""
    around = [] if block.node < 0 else [view.nodes[block.node], *view.ancestors(block.node)]
    said = (n.attributes.get("lang", "") or n.attributes.get("xml:lang", "") for n in around if n.tag != "HTML")
    return base_language(next(filter(None, said), ""))


def _is_latin(locale: str) -> bool:
    """Whether a language is written in Latin letters; so is one that is not known."""
    likely = str(get_global("likely_subtags").get(base_language(locale), ""))
    return "_Latn" in likely or not likely
