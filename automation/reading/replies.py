"""
Reading what a service wrote: accepted, refused, under review, or not understood.

Everything that speaks of an objection and is not understood makes the reading unclear, and unclear means no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from automation.reading.affirming import reaffirms
from automation.reading.decisions import sentences_of, without_greeting
from automation.reading.meanings import Meaning, Said
from automation.reading.narrowing import takes_away
from automation.reading.one_sentence import Kind, Look, Vocabulary, look_at, vocabulary_of
from automation.reading.plain import plain
from automation.reading.questions import answers_another_question, leaves_open, only_asks
from automation.reading.replying import is_of_a_survey_alone, points_to_another_form, replaces_another
from automation.reading.strangers import not_harmless, own_voice
from automation.reading.thanking import thanks_for_a_correction, thanks_for_changing_it
from automation.text.labels import Phrase
from automation.text.normalizing import is_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.page import Block
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """What a text says about an objection to AI training."""

    said: tuple[Said, ...] = ()
    concerns: bool = False
    """Whether it speaks of an objection, of AI, or of the department that answers objections."""
    speaks: bool = False
    """Whether it speaks of objecting, and not only of AI or of a request."""
    unclear: tuple[str, ...] = ()
    """Sentences that may say something about it and that are not understood."""
    open: tuple[str, ...] = ()
    """Sentences that speak of it, decide nothing that is understood, and are no known part of a letter."""
    names_ai: Phrase | None = None
    """Words that tie it to AI, where there are any."""
    frame: Phrase | None = None
    """A signature or heading that only such replies carry."""
    supersedes: bool = False
    """Whether it says that an earlier answer no longer counts."""
    undone: tuple[str, ...] = ()
    """Sentences after the decision that say so: they may mean that one."""
    elsewhere: Phrase | None = None
    """Words that tie it to another subject: third parties, advertising, a removed post …"""


def read_text(
    blocks: Sequence[Block], words: PageWords, key: str = "reply", letter: LetterGrammar | None = None
) -> ReplyReading:
    """
    Read a text about an objection.

    Args:
        blocks: its paragraphs.
        words: the service's; the keys `{key}.accepted`, `.refused`, `.pending`, `.more_information` hold
            sentences, `objection.words`, `hedge.words`, `negation.words`, `elsewhere.words` and `ai.words` words.
        key: first part of the keys.
        letter: of text that is known to be the service's own, how its letters are made. Only what belongs to no part
            of a letter, and says "not", "if" or that something is undone, then makes an answer unclear.
    """
    vocabulary = vocabulary_of(words, key, letter)
    pieces = [*sentences_of(blocks if letter is not None else own_voice(blocks, vocabulary.near))]
    before = ["", *(piece[0] for piece in pieces)]
    completed = _completed([piece[0] for piece in pieces], letter)
    looks = [
        look_at(sentence, tuple(starts), quoted, vocabulary, before=last, completed=meant)
        for (sentence, starts, quoted), last, meant in zip(pieces, before, completed, strict=False)
    ]
    said = [look.said for look in looks if look.said is not None]
    doubts = [look.sentence for look in looks if look.kind is Kind.DOUBT]
    unclear = [look.sentence for look in looks if look.kind is Kind.UNCLEAR]
    speaks = any(look.objects for look in looks)
    supposed = [look.sentence for look in looks if look.kind is Kind.SUPPOSED]
    first = next((n for n, look in enumerate(looks) if look.said is not None), 0)
    undone = [look.sentence for look in looks[first:] if look.kind is Kind.SUPERSEDES]
    if said and letter is not None:
        undone = [each for each in undone if not replaces_another(each)]
    if not said:
        unclear += undone
        unclear += [*supposed, *(doubts if speaks else ())]
    if any(hit.meaning is Meaning.ACCEPTED for hit in said):
        # Nothing may stand beside an acceptance that is not known to leave it alone.
        if letter is None:
            unclear += not_harmless(blocks, {hit.sentence for hit in said}, vocabulary.near, key)
        else:
            unclear += _beside_an_acceptance(looks, first, letter, vocabulary)
    text = "\n".join(block.text for block in blocks)
    elsewhere = {look.sentence for look in looks if letter is not None and points_to_another_form(look.sentence)}
    here = "\n".join(look.sentence for look in looks if look.sentence not in elsewhere) if elsewhere else text
    return ReplyReading(
        said=tuple(said),
        concerns=any(look.concerns for look in looks),
        speaks=speaks,
        unclear=tuple(dict.fromkeys(unclear)),
        open=tuple(look.sentence for look in looks if look.kind in {Kind.OPEN, Kind.DOUBT, Kind.SUPPOSED}),
        names_ai=vocabulary.wide.find_word("ai.topic", here) or _names_ai(looks, vocabulary),
        frame=vocabulary.wide.find_word("reply.frame", text),
        supersedes=any(look.kind is Kind.SUPERSEDES or _says_it_all(look, letter) for look in looks),
        undone=tuple(undone),
        elsewhere=vocabulary.near.find_word("elsewhere.words", text),
    )


def _beside_an_acceptance(
    looks: Sequence[Look], first: int, letter: LetterGrammar, vocabulary: Vocabulary
) -> list[str]:
    """The sentences of a letter that are not known to leave its acceptance alone; `first` is the place of an answer."""
    thanked = {look.sentence for look in looks[:first] if thanks_for_a_correction(look.sentence)}
    found = [look.sentence for look in looks if thanks_for_changing_it(look.sentence)]
    for before, look, after in zip([None, *looks], looks, [*looks[1:], None], strict=False):
        sentence, following = look.sentence, after.sentence if after is not None else None
        if before is not None and answers_another_question(before.sentence, sentence, letter):
            alone = True
        elif look.kind is Kind.DOUBT:
            alone = sentence in thanked or (letter.of_earlier(sentence) and not takes_away(sentence))
        elif look.kind is Kind.SUPPOSED:
            alone = _is_superseded(sentence, looks, vocabulary)
        elif look.kind in {Kind.OPEN, Kind.NOTHING} and not look.quoted:
            alone = (
                only_asks(sentence, following, letter, objects=look.objects)
                or is_of_a_survey_alone(sentence)
                or _heads(look, after)
                or not all(letter.is_unplaced(plain(without_greeting(text))) for text in {sentence, look.meant})
                or reaffirms(sentence, letter)
            )
        else:
            alone = True
        if not alone or (following is not None and leaves_open(sentence, following, letter)):
            found.append(sentence)
    said = [look for look in looks if letter.part(look.sentence) != "greeting"]
    found += [
        before.sentence
        for before, look in pairwise(said)
        if look.said is not None and letter.introduces_another(before.sentence)
    ]
    return found


def _heads(look: Look, after: Look | None) -> bool:
    """Whether a line only heads a list, whose items are read with it: "The following is not covered:"."""
    return look.sentence.rstrip().endswith(":") and after is not None and after.meant not in {"", after.sentence}


def _completed(sentences: Sequence[str], letter: LetterGrammar | None) -> list[str]:
    """
    For each sentence what it completes, where it is an item of a list: "It doesn't cover:" and "your photos".

    An item may be a sentence of its own, so a list without marks goes on while what follows is open or short.
    """
    meant, heading, marked = list[str](), "", False
    for sentence in sentences:
        if letter is None or sentence.rstrip().endswith(":"):
            heading = sentence if letter is not None and letter.takes_items(sentence) else ""
            marked = False
            meant.append(sentence)
            continue
        if marked and not is_item(sentence):
            heading = ""
        meant.append(letter.completed(heading, sentence) if heading else sentence)
        marked = marked or is_item(sentence)
        ended = sentence.rstrip()[-1:] in {".", "!", "?"} and len(sentence.split()) > _MOST_WORDS_OF_AN_ITEM
        heading = heading if marked or not ended else ""
    return meant


def _says_it_all(look: Look, letter: LetterGrammar | None) -> bool:
    """Whether a sentence says what is so now, and that what was said before no longer is."""
    return letter is not None and look.said is not None and letter.supersedes(look.sentence)


_MOST_WORDS_OF_AN_ITEM = 5
_OF_ITS_SUBJECT = frozenset({"about", "thanks", "effect"})


def _names_ai(looks: Sequence[Look], vocabulary: Vocabulary) -> Phrase | None:
    """
    A word for AI where a letter speaks of its own subject: of the objection, or of what the person shares.

    "Learn how we train our AI" stands beneath letters about anything, and other forms are answered in the same words.
    """
    near, letter = vocabulary.near, vocabulary.letter
    for look in (look for look in looks if letter is not None and not points_to_another_form(look.sentence)):
        sentence = plain(without_greeting(look.sentence))
        part = letter.part(sentence) if letter is not None else None
        own = letter is not None and (letter.refers_to_it(sentence) and part not in {"next", "survey", "legal"})
        if not (look.objects or own or part in _OF_ITS_SUBJECT):
            continue
        found = near.find_word("ai.subject", sentence)
        if found is None and near.find_word("ai.doing", sentence) is not None:
            found = near.find_word("ai.words", sentence)
        if found is not None:
            return found
    return None


def _is_superseded(sentence: str, looks: Sequence[Look], vocabulary: Vocabulary) -> bool:
    """Whether a sentence only tells the person again of a refusal that an acceptance after it replaces."""
    letter, wide, key = vocabulary.letter, vocabulary.wide, vocabulary.key
    if letter is None or not letter.reminds(sentence) or wide.holds_sentence(f"{key}.{Meaning.ACCEPTED}", sentence):
        return False
    places = [look.sentence for look in looks]
    accepted = [n for n, look in enumerate(looks) if look.said is not None and look.said.meaning is Meaning.ACCEPTED]
    refused = wide.holds_sentence(f"{key}.{Meaning.REFUSED}", sentence)
    return refused and places.index(sentence) < min(accepted)
