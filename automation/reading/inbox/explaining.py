"""
What a service sends to everybody: news of its terms, an article on what happens after one objects.

Such a text may quote an acceptance as an example, and says "if your objection is honoured". It answers nobody. Since a
real answer may come in any words, only sentences are let pass that are known to speak to everybody: of any objection,
of what one may do, of the service's terms. With one other sentence the text may be an answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from automation.reading.threads.authors import Speaker
from automation.reading.letter import letter_in
from automation.reading.plain import A_DATE
from automation.text.normalizing import fold, fold_label, sentences, spell_out

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.threads.turns import Turn
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords

_MARK = re.compile(r"[\"“”„«»]")
_QUOTED = re.compile(
    rf"(?P<lead>[^.!?\n{_MARK.pattern[1:-1]}]+):\s*{_MARK.pattern}[^{_MARK.pattern[1:-1]}]+{_MARK.pattern}"
)
_FRAMES = frozenset({"greeting", "signature", "do_not_reply"})
_MOST_WORDS_OF_A_FRAME = 8


def explains_alone(turns: Sequence[Turn], words: PageWords) -> bool:
    """Whether the service sends of itself what it sends to everybody, be it with an answer as an example in it."""
    if any(turn.speaker is Speaker.PERSON or (turn.marked and not turn.blocks) for turn in turns):
        return False  # nor where an office has signed: that line stands by itself
    letter, near, known = letter_in(words.locale), words.with_english, _patterns()
    titles = {turn.title for turn in turns if turn.title}
    requests = words.wherever_known("form.title").names("form.title")
    if any(
        fold_label(t) in requests or known["done"].search(_told(t)) or known["case"].search(_told(t)) for t in titles
    ):
        return False
    whole = ["\n\n".join(_shown(block) for block in turn.blocks if block.text not in titles) for turn in turns]
    texts = [
        _QUOTED.sub(lambda m: "\n\n" if known["example"].fullmatch(_told(m["lead"])) else m[0], text) for text in whole
    ]
    if any(near.find_word("reply.frame", text) for text in texts):
        return False
    told = [_told(sentence) for text in texts for sentence in sentences(text)]
    general = any(known["announces"].fullmatch(each.rstrip(" .!")) or known["unasked"].search(each) for each in told)
    return (general or texts != whole) and all(_speaks_to_everybody(each, letter) for each in told)


def _shown(block: Block) -> str:
    return f'"{block.text}"' if block.quoted and _MARK.search(block.text) is None else block.text


def _told(sentence: str) -> str:
    return spell_out(fold(sentence)).strip(" -•·*").replace("you'd", "you would")


def _speaks_to_everybody(told: str, letter: LetterGrammar) -> bool:
    """Whether a sentence is written to whoever reads it."""
    known = _patterns()
    told = known["repeats"].sub("", told)
    condition = known["condition"].search(told)
    if condition is not None:
        main, *more = known["goes_on"].split(told[condition.end() :], maxsplit=1)
        return known["done"].search(main) is None and all(_speaks_to_everybody(each, letter) for each in more)
    bare = told.rstrip(" .!:")
    if known["signs"].fullmatch(bare):
        return True
    if known["done"].search(bare) or known["case"].search(bare) or letter.brings_about(told):
        return False
    if letter.part(told) in _FRAMES and len(bare.split()) <= _MOST_WORDS_OF_A_FRAME:
        return not letter.decides(told)
    if told.endswith("?"):
        return True
    general = known["may"].search(bare) or known["announces"].fullmatch(bare) or known["topic"].fullmatch(bare)
    return general is not None and not (letter.negates(told) or letter.undoing(told))


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    table = tomllib.loads((files("automation.reading.inbox") / "explaining.toml").read_text(encoding="utf-8"))
    parts = {"date": A_DATE}
    for name, patterns in table.items():
        pattern = "|".join(patterns)
        for part, said in parts.items():
            pattern = pattern.replace(f"{{{part}}}", said)
        parts[name] = f"(?:{pattern})"
    return {name: re.compile(pattern) for name, pattern in parts.items()}
