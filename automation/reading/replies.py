"""
Reading what a service wrote: accepted, refused, under review, or not understood.

Everything that speaks of an objection and is not understood makes the reading unclear, and unclear means no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING

from automation.reading.affirming import reaffirms
from automation.reading.decisions import decisions_in, holds_known_words, sentences_of, without_greeting
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning, Said
from automation.reading.narrowing import if_one_objects, of_later_account, takes_away
from automation.reading.plain import plain, with_subject
from automation.reading.replying import (
    is_badge,
    is_of_a_survey_alone,
    is_to_strangers,
    points_to_another_form,
    replaces_another,
)
from automation.reading.strangers import not_harmless, own_voice
from automation.reading.thanking import thanks_for_a_correction, thanks_for_changing_it
from automation.text.labels import Phrase
from automation.text.normalizing import fold, is_item

if TYPE_CHECKING:
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
    vocabulary = _Vocabulary(words, key, letter)
    pieces = [*sentences_of(blocks if letter is not None else own_voice(blocks, vocabulary.near))]
    before = ["", *(piece[0] for piece in pieces)]
    completed = _completed([piece[0] for piece in pieces], letter)
    looks = [
        _look(*piece, vocabulary, before=last, completed=meant)
        for piece, last, meant in zip(pieces, before, completed, strict=False)
    ]
    said = [look.said for look in looks if look.said is not None]
    doubts = [look.sentence for look in looks if look.kind is _Kind.DOUBT]
    unclear = [look.sentence for look in looks if look.kind is _Kind.UNCLEAR]
    speaks = any(look.objects for look in looks)
    supposed = [look.sentence for look in looks if look.kind is _Kind.SUPPOSED]
    first = next((n for n, look in enumerate(looks) if look.said is not None), 0)
    undone = [look.sentence for look in looks[first:] if look.kind is _Kind.SUPERSEDES]
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
            thanked = {look.sentence for look in looks[:first] if thanks_for_a_correction(look.sentence)}
            harmless = (doubt in thanked or (letter.of_earlier(doubt) and not takes_away(doubt)) for doubt in doubts)
            unclear += [look.sentence for look in looks if thanks_for_changing_it(look.sentence)]
            unclear += [doubt for doubt, alone in zip(doubts, harmless, strict=True) if not alone]
            unclear += [each for each in supposed if not _is_superseded(each, looks, vocabulary)]
            beside = (
                (look, after)
                for look, after in pairwise([*looks, None])
                if look is not None and look.kind in {_Kind.OPEN, _Kind.NOTHING} and not look.quoted
            )
            unclear += [
                look.sentence
                for look, after in beside
                if not (_only_asks(look, after, letter) or is_of_a_survey_alone(look.sentence) or _heads(look, after))
                if all(letter.is_unplaced(plain(without_greeting(text))) for text in {look.sentence, look.meant})
                if not reaffirms(look.sentence, letter)
            ]
            unclear += [look.sentence for look, after in pairwise(looks) if _leaves_open(look, after, letter)]
            unclear += [
                before.sentence
                for before, look in pairwise(look for look in looks if letter.part(look.sentence) != "greeting")
                if look.said is not None and letter.introduces_another(before.sentence)
            ]
    text = "\n".join(block.text for block in blocks)
    elsewhere = {look.sentence for look in looks if letter is not None and points_to_another_form(look.sentence)}
    here = "\n".join(look.sentence for look in looks if look.sentence not in elsewhere) if elsewhere else text
    return ReplyReading(
        said=tuple(said),
        concerns=any(look.concerns for look in looks),
        speaks=speaks,
        unclear=tuple(dict.fromkeys(unclear)),
        open=tuple(look.sentence for look in looks if look.kind in {_Kind.OPEN, _Kind.DOUBT, _Kind.SUPPOSED}),
        names_ai=vocabulary.wide.find_word("ai.topic", here) or _names_ai(looks, vocabulary),
        frame=vocabulary.wide.find_word("reply.frame", text),
        supersedes=any(look.kind is _Kind.SUPERSEDES or _says_it_all(look, letter) for look in looks),
        undone=tuple(undone),
        elsewhere=vocabulary.near.find_word("elsewhere.words", text),
    )


def _only_asks(look: _Look, after: _Look | None, letter: LetterGrammar) -> bool:
    """Whether a sentence is a question that is put for the person, and that the next one does not deny: "No."."""
    if after is None or not look.sentence.rstrip().endswith("?"):
        return False
    if _IN_THEIR_VOICE.search(fold(look.sentence)) and not (look.objects or letter.touches(look.sentence)):
        return True  # the answer is looked at by itself
    denied = _DENIES.match(fold(after.sentence)) is not None or letter.negates(after.sentence)
    return not (denied or letter.bears(after.sentence) or letter.narrows(after.sentence))


def _heads(look: _Look, after: _Look | None) -> bool:
    """Whether a line only heads a list, whose items are read with it: "The following is not covered:"."""
    return look.sentence.rstrip().endswith(":") and after is not None and after.meant not in {"", after.sentence}


def _leaves_open(look: _Look, after: _Look, letter: LetterGrammar) -> bool:
    """Whether a question asks how far the decision goes ("Are my photos included?") and is not plainly affirmed."""
    if not look.sentence.rstrip().endswith("?"):
        return False
    asked, answer = fold(look.sentence), fold(after.sentence)
    if (_OF_MINE.match(asked) and _DENIES.match(answer)) or (_TO_DO.match(asked) and _AFFIRMS.match(answer)):
        return True  # "Am I protected? No.", "Do I have to do anything? Yes, …"
    if letter.asks_of_use(look.sentence):
        return _DENIES.match(fold(after.sentence)) is None or letter.narrows(after.sentence)
    if not letter.asks_how_far(look.sentence):
        return False
    affirmed = _AFFIRMS.match(fold(after.sentence)) is not None
    return not affirmed or letter.negates(after.sentence) or letter.narrows(after.sentence)


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


def _says_it_all(look: _Look, letter: LetterGrammar | None) -> bool:
    """Whether a sentence says what is so now, and that what was said before no longer is."""
    return letter is not None and look.said is not None and letter.supersedes(look.sentence)


_MOST_WORDS_OF_AN_ITEM = 5
_IN_THEIR_VOICE = re.compile(r"\b(?:i|i'm|i've|i'll|my|me)\b")
"""A question of the person's in a service's letter, as a list of questions and answers holds them."""
_OF_MINE = re.compile(r"\W*(?:so,? )?(?:am i|have i|was i|will i be|is my|are my|has my|have my)\b")
_TO_DO = re.compile(r"\W*(?:so,? )?(?:do i (?:\w+ )?(?:have|need) to|must i)\b")
_AFFIRMS = re.compile(
    r"\W*(?:yes|it (?:does|covers|applies|includes|stays|lasts)|they (?:are|do)|all (?:of )?|everything|both"
    r"|your objection|our decision|ja|oui|sí|sì)\b(?!,? (?:but|except|unless|aber|mais|pero|ma)\b)"
)
"""How an answer begins that affirms what was asked."""
_DENIES = re.compile(
    r"\W*(?:no|not|only|partly|partially|yes,? (?:but|except|unless)|unfortunately|in part|nein|nicht|nur|non|pas"
    r"|seulement|solo|sólo|soltanto|ja,? aber|sí,? pero|sì,? ma|oui,? mais)\b"
)
"""How an answer begins that denies what was asked, or narrows it."""
_OF_ITS_SUBJECT = frozenset({"about", "thanks", "effect"})


def _names_ai(looks: Sequence[_Look], vocabulary: _Vocabulary) -> Phrase | None:
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


def _is_superseded(sentence: str, looks: Sequence[_Look], vocabulary: _Vocabulary) -> bool:
    """Whether a sentence only tells the person again of a refusal that an acceptance after it replaces."""
    letter, wide, key = vocabulary.letter, vocabulary.wide, vocabulary.key
    if letter is None or not letter.reminds(sentence) or wide.holds_sentence(f"{key}.{Meaning.ACCEPTED}", sentence):
        return False
    places = [look.sentence for look in looks]
    accepted = [n for n, look in enumerate(looks) if look.said is not None and look.said.meaning is Meaning.ACCEPTED]
    refused = wide.holds_sentence(f"{key}.{Meaning.REFUSED}", sentence)
    return refused and places.index(sentence) < min(accepted)


class _Vocabulary:
    """The words of one text, in the languages in which each kind of word is looked for."""

    def __init__(self, words: PageWords, key: str, letter: LetterGrammar | None) -> None:
        self.key, self.letter = key, letter
        self.wide = words.with_english.also(*words.labels.languages(f"{key}.accepted"))
        self.own = words.or_english
        self.near = self.own.with_english
        self.objecting = words.wherever_known("object.words")
        """A title in another language than the page's may still be about it: there the sourced words count."""


class _Kind(Enum):
    """What one sentence does to the reading of a text."""

    SAID = auto()
    UNCLEAR = auto()
    DOUBT = auto()
    """It says "not" or "no longer" of a decision; it counts where nothing is said, or beside an acceptance."""
    SUPPOSED = auto()
    """Known words in a condition or a report: they answer nothing, and contradict an acceptance only."""
    SUPERSEDES = auto()
    """It says that an earlier answer no longer counts: it leaves a decision after it alone."""
    OPEN = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class _Look:
    sentence: str
    kind: _Kind
    objects: bool
    concerns: bool
    said: Said | None = None
    quoted: bool = False
    meant: str = ""
    """The sentence, or what it completes as an item of a list."""


def _look(
    written: str, starts: Sequence[str], quoted: bool, vocabulary: _Vocabulary, *, before: str = "", completed: str = ""
) -> _Look:
    """
    What one sentence does.

    Args:
        written: as it stands on the page.
        starts: where it may start.
        quoted: whether it stands in what somebody quotes.
        vocabulary: the words of the text.
        before: the sentence before it.
        completed: it, or what it completes as an item of a list.
    """
    full = with_subject(written, before) if vocabulary.letter is not None else written
    starts = [full, *starts] if full != written else starts
    sentence = plain(full)
    near, letter, key = vocabulary.near, vocabulary.letter, vocabulary.key
    folded = fold(sentence)
    quoted = quoted or (folded.startswith('"') if letter is not None else '"' in folded)
    listed = completed not in {"", written}
    meant = plain(completed) if listed else sentence
    part = letter.part(without_greeting(meant)) or letter.part(meant) if letter is not None else None
    if not quoted and vocabulary.wide.find_sentence(f"{key}.beside", sentence) is not None:
        part = part or "beside"
    asks = near.find_word("objection.words", sentence) is not None and not sentence.rstrip().endswith("?")
    survey = part == "survey" and not (asks and letter is not None and letter.acts(sentence))
    found = decisions_in(sentence, [*map(plain, starts)], letter, near, vocabulary.wide, key, survey=survey)
    objects = bool(
        near.find_word("objection.words", sentence) or vocabulary.objecting.find_word("object.words", sentence)
    )
    named = any(vocabulary.own.find_word(name, sentence) is not None for name in ("ai.words", "ai.subject"))
    concerns = objects or bool(found) or named or letter_in(near.locale).brings_about(sentence)
    decided = not quoted and not any(hit.hedged for hit in found) and len({hit.said.meaning for hit in found}) == 1
    if sentence.rstrip().endswith("?") and any(hit.said.meaning is not Meaning.MORE_INFORMATION for hit in found):
        decided = False
    if decided and not objects and near.find_word("another.words", sentence) is not None:
        decided = False  # "About the comment that you reported: we need more information"
    if decided:
        said = found[0].said  # as it stands on the page, whatever was left out to read it
        said = replace(
            said,
            whole=written,
            sentence=said.sentence if fold(said.sentence) in fold(written) else without_greeting(written),
        )
        return _Look(written, _Kind.SAID, objects, concerns, said)
    granted = letter is not None and part == "caveat" and letter.grants_beside_others(sentence)
    beside = letter.without_concession(sentence) if letter is not None and granted else sentence
    upheld = letter is not None and not quoted and (letter.assures(sentence) or reaffirms(sentence, letter))
    known = not upheld and (bool(found) or holds_known_words(beside, vocabulary.wide, key))
    if letter is None:
        kind = _kind_of_any(sentence, near, known=known, quoted=quoted and objects, beside=part is not None)
    else:
        kind = _kind_in_letter(meant, near, letter, part, known=known, quoted=quoted, objects=objects)
        kind = _Kind.NOTHING if upheld else kind
        if listed and kind not in {_Kind.UNCLEAR, _Kind.DOUBT} and letter.qualifies(sentence, meant):
            kind = _Kind.DOUBT
    return _Look(written, kind, objects, concerns, quoted=quoted, meant=completed or written)


def _kind_of_any(sentence: str, words: PageWords, *, known: bool, quoted: bool, beside: bool) -> _Kind:
    """What a sentence does whose writer is not known."""
    if beside:
        return _Kind.NOTHING
    if known or quoted:
        return _Kind.UNCLEAR
    decides = words.find_word("decision.words", sentence) is not None
    if words.find_word("withdrawal.words", sentence):
        return _Kind.UNCLEAR if decides else _Kind.DOUBT
    return _Kind.DOUBT if decides and words.find_word("negation.words", sentence) else _Kind.NOTHING


_MOST_WORDS_OF_A_CHOICE = 3
_NEVER_DECIDES = frozenset({"beside", "survey", "do_not_reply"})
"""Parts of a letter whose "not" and "if" are about the letter itself."""


def _kind_in_letter(
    sentence: str,
    words: PageWords,
    letter: LetterGrammar,
    part: str | None,
    *,
    known: bool,
    quoted: bool,
    objects: bool,
) -> _Kind:
    """What a sentence of the service's own letter does that decides nothing plainly."""
    if part == "survey" and not sentence.rstrip().endswith("?") and len(sentence.split()) > _MOST_WORDS_OF_A_CHOICE:
        part = None  # "No profile matches" begins like a choice of "Yes" and "No"
    alone = is_of_a_survey_alone(sentence) or is_badge(sentence) or is_to_strangers(sentence)
    if part in _NEVER_DECIDES or (quoted and not known) or alone:
        return _Kind.NOTHING
    if not quoted and letter.supersedes(sentence):
        return _Kind.SUPERSEDES
    if not quoted and letter.supposes(sentence) and not letter.undoing(sentence):
        # "If you later add another account, the objection is honoured there too" is about that account.
        if of_later_account(sentence) or (known and if_one_objects(sentence)):
            return _Kind.NOTHING
        if known:
            return _Kind.SUPPOSED
    if known:
        return _Kind.UNCLEAR
    if part == "next" and sentence.rstrip().endswith("?") and not objects:
        return _Kind.NOTHING  # "Still need help?"
    if letter.bears(sentence):
        decided = objects or words.find_word("decision.words", sentence) is not None
        return _Kind.UNCLEAR if decided and letter.undoes(sentence) else _Kind.DOUBT
    if part is None and (objects or letter.decides(sentence)):
        return _Kind.OPEN
    return _Kind.NOTHING
