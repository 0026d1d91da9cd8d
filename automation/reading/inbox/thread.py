"""
A thread of messages, read for what the service decided last.

Turns first, sentences second: the user's words are read neither for nor against. Among the service's turns time
decides: an earlier acknowledgement or a superseded decision does not contradict the latest one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from automation.page import Block
from automation.reading.affirming import reaffirms
from automation.reading.decisions import CAUTIONS, without_greeting
from automation.reading.inbox.addressee import without_the_holders_name
from automation.reading.inbox.alarms import Heard, alarms, decides, told
from automation.reading.inbox.beside import (
    OF_IT,
    asks_aside,
    beside_a_receipt,
    beside_a_refusal,
    decision_of,
    denied,
    doubts_a_refusal,
    follows_a_refusal,
    is_aside,
    without_acknowledgement,
)
from automation.reading.inbox.explaining import explains_alone
from automation.reading.inbox.matter import (
    asks_not_to_feed,
    has_none_here,
    leaves_out,
    names_another_form,
    names_another_matter,
    objects_to_ai,
    objects_to_more,
    of_another_matter,
    of_general_news,
    of_its_title,
    of_something_else,
    only_its_state,
    request_by_person,
    request_in,
    speaks_of_nothing_here,
    stated,
    titled_as_another_form,
)
from automation.reading.inbox.order import by_time, came_first, is_later, latest_first
from automation.reading.inbox.other_uses import of_another_use
from automation.reading.inbox.posts import without_posts
from automation.reading.inbox.representing import is_anothers
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.reading.narrowing import asks_to_undo, of_later_account, takes_away, wins_an_appeal
from automation.reading.plain import plain
from automation.reading.replies import ReplyReading, read_text
from automation.text.labels import Phrase
from automation.text.normalizing import fold, sentences

if TYPE_CHECKING:
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords

_SEVERAL = "several answers, and nothing says which came last"
_FEWEST_WORDS = 4
"""A shorter line is a name, a date or a label."""
_FRAMES = frozenset({"status", "survey", "do_not_reply", "legal", "signature", "reference", "delay"})
_DECISIONS = frozenset({Meaning.ACCEPTED, Meaning.REFUSED})
_UNDO_IT = re.compile(
    r"\b(?:undo|withdraw|cancel|revoke|reverse|take back) (?:it|that|this|my (?:objection|request))\b"
)


@dataclass(frozen=True, slots=True)
class ThreadReading:
    """What the service said last in a thread, and how that is known."""

    text: ReplyReading
    """The latest decisive turn, with what the rest of the service's words add."""
    at: datetime | None = None
    """When that turn was written, as the page shows it, without a time zone; where none decides, the last date."""
    by_service: bool = False
    """Whether a name or line on the page says that the decisive words are the service's."""
    filed: bool = False
    """Whether the user's own words speak of an objection and nothing of the service answers it."""
    request: Phrase | None = None
    """Words for AI in a title or sentence that objects, the user's own included: what it is about, never how."""
    to_others: bool = False
    """Whether all of it is known to be for somebody else, or for everybody, whatever it says of an objection."""


def read_thread(
    turns: Sequence[Turn], words: PageWords, *, listed_as: str = "", holder: AbstractSet[str] = frozenset()
) -> ThreadReading:
    """
    Read a thread's turns.

    Args:
        turns: in the order of the page.
        words: the service's, in the language of the page.
        listed_as: what the list calls it.
        holder: names of the account's holder, folded.
    """
    letter, near = letter_in(words.locale), words.with_english
    turns = [
        turn
        if turn.speaker is not Speaker.SERVICE
        else replace(turn, blocks=without_posts(without_the_holders_name(turn.blocks, holder), letter))
        for turn in turns
    ]
    heard = [
        Heard(turn, _read(turn, words, letter if turn.speaker is Speaker.SERVICE else None))
        for turn in turns
        if turn.speaker is not Speaker.PERSON
    ]
    own = [block for turn in turns if turn.speaker is Speaker.PERSON for block in turn.blocks]
    named = any(each.turn.speaker is Speaker.SERVICE for each in heard)
    # Beside messages whose author is named stand a case's own data: other accounts, products, dates.
    text = _together([each.text for each in heard if each.turn.marked or not named], [each.text for each in heard])
    titles = [Block(turn.title, quoted=False, node=-1) for turn in turns[:1] if turn.title]
    theirs = [*titles, *(block for each in heard for block in each.turn.blocks)]
    request = request_in([*titles, *stated(theirs, letter), *own], near) or request_by_person(
        turns[0].title if turns else "", own, near, letter
    )
    titled = titled_as_another_form(turns, near) and request_in(theirs, near) is None
    another = titled and not objects_to_ai(theirs, near, letter) and not objects_to_more(theirs, near)
    another = another or (request is not None and names_another_form(theirs, near))
    decided = any(each.text.said for each in heard)
    another = another or (not decided and has_none_here([each.turn for each in heard], letter))
    to_others = is_anothers(turns, holder, words) or explains_alone(turns, words)
    both = bool(own) and any(each.turn.speaker is Speaker.SERVICE for each in heard)
    promised = any(decides(each) for each in heard)
    title = turns[0].title if turns else ""
    another = another or (both and not promised and of_something_else(title, theirs, own, near, letter))
    said = [block for turn in turns for block in turn.blocks]
    answers = [hit.whole or hit.sentence for each in heard for hit in each.text.said]
    another = another or of_its_title(title, answers, said, near)
    another = another or (not promised and only_its_state((title, listed_as), answers, theirs, own, near))
    another = another or (not decided and speaks_of_nothing_here((title, listed_as), theirs, own, near, letter))
    another = another or (not own and not decided and of_general_news(title, said, near, letter))
    last = max((n for n, each in enumerate(heard) if each.turn.marked), default=len(heard))
    written = [block for each in heard[: last + 1] for block in each.turn.blocks]  # beneath stands the page's foot
    another = another or of_another_use(title, [*titles, *written], own, near)
    answered = any(decides(each) for each in heard)  # "we are looking into it" may be said of anything
    apart = names_another_matter(title, [listed_as, *(block.text for block in said)], near)
    told_apart = answered if titled or apart else decided
    if another or to_others or (not told_apart and of_another_matter(theirs, own, near, letter, titled=apart)):
        return ThreadReading(replace(text, concerns=False, speaks=False), to_others=to_others)
    asked = [turn for turn in turns if turn.speaker is Speaker.PERSON and asks_aside(turn, near, letter)]
    latest, unclear = _latest(heard, turns, near, letter, asked)
    unclear += alarms(turns, heard, latest, words, letter)
    if titled and latest is not None:
        unclear += tuple(said.sentence for said in latest.text.said)  # of which of the two, nobody can tell
    if latest is not None and decides(latest):
        earlier = (each for each in heard if decides(each) and is_later(latest.turn, each.turn))
        replaced = any(decision_of(each) != decision_of(latest) for each in earlier)
        latest = without_acknowledgement(latest, letter)
        unclear += beside_a_refusal(latest, letter, replaced=replaced)
    elif latest is not None:
        unclear += beside_a_receipt(latest, letter)
    filed = (
        (read_text(own, words).concerns or asks_not_to_feed(own, near)) and not text.concerns and text.elsewhere is None
    )
    text = replace(text, said=latest.text.said if latest else (), unclear=unclear, concerns=text.concerns or filed)
    return ThreadReading(
        text,
        at=latest.turn.at if latest else _last_date(turns),
        by_service=latest is not None and latest.turn.speaker is Speaker.SERVICE and latest.turn.named,
        filed=filed,
        request=request,
    )


def _last_date(turns: Sequence[Turn]) -> datetime | None:
    return max((turn.at for turn in turns if turn.at is not None), default=None)


def _read(turn: Turn, words: PageWords, letter: LetterGrammar | None) -> ReplyReading:
    blocks = turn.blocks
    if letter is not None:
        # Its title may stand over a message: it names what that is about, and says nothing of it.
        blocks = tuple(b for b in blocks if fold(b.text) != fold(turn.title) or letter.decides(b.text))
    text = read_text(blocks, words, letter=letter)
    if letter is None or text.elsewhere is None:
        return text
    # In a letter's other parts another subject may be named ("this does not cover what others post").
    telling = [
        sentence
        for block in turn.blocks
        for sentence in sentences(block.text)
        if letter.part(letter.without_lead(plain(sentence))) is None
        if not text.said or letter.speaks_of_it(sentence)
        if not (text.said and leaves_out(sentence, words.with_english))
    ]
    found = (words.with_english.find_word("elsewhere.words", sentence) for sentence in telling)
    return replace(text, elsewhere=next((phrase for phrase in found if phrase is not None), None))


def _latest(
    heard: Sequence[Heard], turns: Sequence[Turn], near: PageWords, letter: LetterGrammar, asked: Sequence[Turn]
) -> tuple[Heard | None, tuple[str, ...]]:
    """The latest turn that decides, and what keeps it from counting; `asked` are questions about other things."""
    telling = [each for each in heard if each.decisive or each.text.open]
    telling += [
        each
        for each in heard
        if each not in telling and (each.turn.at or each.turn.age) and _says_more(each.turn, letter)
    ]
    telling.sort(key=heard.index)
    spoken = [each for each in telling if each.text.said]
    if not spoken:
        return None, tuple(dict.fromkeys(s for each in telling for s in each.text.unclear))
    ordered = by_time(telling, latest_first(turns))
    if ordered is None:
        latest, doubts = _undated(telling, spoken)
        return latest, (*doubts, *_asks_at_no_time(turns))
    last = next(each for each in reversed(ordered) if each.text.said)
    decided = next((each for each in reversed(ordered) if decides(each)), None)
    open_again: tuple[str, ...] = ()
    if decided is not None and not decides(last) and not _asks_of_it(last, near):
        # "We received your request", written by a machine, does not undo what was decided before.
        waits = [each for each in ordered[ordered.index(decided) + 1 :] if each.text.said]
        if not any(_reopens(each, decided, turns, near, letter) for each in waits):
            open_again = tuple(s for each in waits for s in _may_reopen(each, letter))
            last = decided
    after = ordered[ordered.index(last) + 1 :]
    later = [s for each in after for s in each.text.open if letter.decides(s) and not reaffirms(s, letter)]
    later += [s for each in after for s in told(each.turn) if letter.undoing(s)]
    if any(said.meaning is Meaning.ACCEPTED for said in last.text.said):
        later += [s for each in after for s in told(each.turn) if _narrows(s, letter) or letter.retracts(s)]
        later += denied(turns, last.turn)
    taken_back = [turn for turn in turns if is_later(turn, last.turn) and _takes_back(turn, near, letter)]
    if decides(last):
        # "Please undo my objection", "Done": what was done nobody says.
        later += [s for turn in taken_back for each in heard if is_later(each.turn, turn) for s in told(each.turn)[:1]]
    else:
        later += [s for turn in taken_back for s in told(turn)[:1]]
    if any(said.meaning is Meaning.REFUSED for said in last.text.said):
        later += _since_a_refusal([each.turn for each in heard if is_later(each.turn, last.turn)], letter)
        later += [s for each in after for s in told(each.turn) if letter.brings_about(s)]
    for each in after:
        # After an acknowledgement a decision may come in any words ("we've taken you out of what AI learns from"); most
        # of what else comes says what happens next. After a decision only what answers another question does.
        strange = _strange(each.turn, letter) if each.turn.marked else []
        if decides(last):
            later += [
                s
                for s in strange
                if _may_touch(s, letter) and not is_aside(s, each.turn, last.turn, turns, asked, letter)
            ]
        else:
            later += [s for s in strange if letter.negates(s) or near.find_word("ai.words", s) is not None]
            later += [s for s in told(each.turn) if letter.brings_about(s)]
    later += _asks_at_no_time(turns)
    unclear = [*last.text.unclear, *(s for each in after for s in each.text.unclear), *later]
    decisions = {said.meaning for each in ordered for said in each.text.said} & _DECISIONS
    if decides(last) and len(decisions) > 1 and not last.text.supersedes:
        dated = (each for each in ordered if decides(each) and each.turn.at is not None and last.turn.at is not None)
        beside = (each for each in dated if came_first(each.turn, last.turn) is None)
        if any(decision_of(each) != decision_of(last) for each in beside if each is not last):
            unclear.append(_SEVERAL)
    if decides(last) and decisions == {Meaning.REFUSED}:
        unclear = [s for s in unclear if not follows_a_refusal(s, letter)]
    if decides(last) and len(decisions) == 1:
        unclear = [s for s in unclear if s in last.text.unclear or not letter.upholds(s)]
        open_again += last.text.undone  # no other decision is there that it could mean
    return last, tuple(dict.fromkeys((*unclear, *open_again)))


def _since_a_refusal(turns: Sequence[Turn], letter: LetterGrammar) -> list[str]:
    """What the service wrote after a refusal that makes it doubtful: an appeal that is won, or that it was wrong."""
    return [s for turn in turns for s in told(turn) if wins_an_appeal(s) or doubts_a_refusal(s, letter)]


def _takes_back(turn: Turn, words: PageWords, letter: LetterGrammar) -> bool:
    """Whether a person asks for their objection to be undone."""
    text = " ".join(block.text for block in turn.blocks)
    undone = letter.undoing(text) or words.find_word("withdrawal.words", text) is not None or takes_away(text)
    return turn.speaker is Speaker.PERSON and (undone or asks_to_undo(text))


def _asks_at_no_time(turns: Sequence[Turn]) -> list[str]:
    """What a person writes, nobody knows when, to have their objection undone: it may be after it was honoured."""
    undated = (turn for turn in turns if turn.speaker is Speaker.PERSON and turn.at is None and turn.age is None)
    return [
        sentence
        for turn in undated
        for sentence in told(turn)
        if asks_to_undo(sentence) or _UNDO_IT.search(fold(sentence))
    ]


def _asks_of_it(heard: Heard, words: PageWords) -> bool:
    """Whether a message asks for more about the objection: after a decision that starts it anew."""
    asking = (said.whole or said.sentence for said in heard.text.said if said.meaning is Meaning.MORE_INFORMATION)
    return any(words.find_word("objection.words", sentence) for sentence in asking)


def _reopens(heard: Heard, decided: Heard, turns: Sequence[Turn], words: PageWords, letter: LetterGrammar) -> bool:
    """
    Whether a message that waits says that what was decided before it no longer counts, or is looked at anew.

    "We've reopened your request" may be about another one that the person has written of since.
    """
    sentences_said = [said.whole or said.sentence for said in heard.text.said]
    receipt = any(letter.acknowledges(s) for s in sentences_said)
    if heard.text.supersedes and not receipt:
        return True
    since = [
        " ".join(block.text for block in turn.blocks)
        for turn in turns
        if turn.speaker is Speaker.PERSON and is_later(turn, decided.turn) and is_later(heard.turn, turn)
    ]
    of_it = all(
        letter.refers_to_it(text) or letter.reopens(text) or any(words.find_word(key, text) for key in OF_IT)
        for text in since
    )
    cautions = [key for key in CAUTIONS if key != "withdrawal.words"]
    again = [s for s in sentences_said if letter.reopens(s) and not any(words.find_word(key, s) for key in cautions)]
    return any(of_it or words.find_word("objection.words", s) for s in again)


def _may_reopen(heard: Heard, letter: LetterGrammar) -> tuple[str, ...]:
    """
    What may reopen a decision before it: "we are reviewing your objection", months after it was refused.

    "We received your request" does not, with whatever else a machine writes beside it.
    """
    sentences_said = tuple(said.whole or said.sentence for said in heard.text.said)
    return () if any(letter.acknowledges(s) for s in sentences_said) else sentences_said


def _strange(turn: Turn, letter: LetterGrammar) -> list[str]:
    """
    Sentences that are no part of a letter: after a decision they may say anything about it.

    So may a status that says more: "Your request was closed because we couldn't verify you".
    """
    said = map(without_greeting, told(turn))
    long = (s for s in said if sum(word.isalpha() for word in s.split()) >= _FEWEST_WORDS)
    return [
        s
        for s in long
        if not letter.closes(s) and (letter.part(s) is None or _qualifies(s, letter) or letter.puts_back(s))
    ]


def _narrows(sentence: str, letter: LetterGrammar) -> bool:
    """Whether what the service writes after an acceptance takes some of it back."""
    bears = letter.bears(sentence) or letter.bears(letter.without_lead(sentence))
    return bears and letter.part(sentence) not in _FRAMES


def _may_touch(sentence: str, letter: LetterGrammar) -> bool:
    """Whether a sentence written after a decision may say something of it, and not only that it still counts."""
    counts = reaffirms(sentence, letter) or letter.assures(sentence) or letter.is_effect(sentence)
    return not (counts or of_later_account(sentence)) and letter.may_touch_later(sentence)


def _qualifies(sentence: str, letter: LetterGrammar) -> bool:
    return letter.part(sentence) == "status" and letter.negates(sentence) and letter.acts(sentence)


def _says_more(turn: Turn, letter: LetterGrammar) -> bool:
    tells = (letter.undoing, letter.brings_about, letter.retracts)
    return bool(_strange(turn, letter)) or any(says(s) for s in told(turn) for says in tells)


def _undated(telling: Sequence[Heard], spoken: Sequence[Heard]) -> tuple[Heard, tuple[str, ...]]:
    """The same where nothing says which turn came last: only what leaves no choice."""
    decided = [each for each in spoken if decides(each)] or list(spoken)
    unclear = [s for each in telling for s in each.text.unclear]
    unclear += [s for each in telling if each not in spoken for s in each.text.open]
    meanings = {said.meaning for each in spoken for said in each.text.said} - {Meaning.PENDING}
    if len(meanings) > 1:
        unclear.append(_SEVERAL)
    return decided[-1], tuple(dict.fromkeys(unclear))


def _together(messages: Sequence[ReplyReading], texts: Sequence[ReplyReading]) -> ReplyReading:
    """What all of the service's words say about what they concern."""
    return ReplyReading(
        concerns=any(text.concerns for text in texts),
        speaks=any(text.speaks for text in texts),
        names_ai=next((text.names_ai for text in texts if text.names_ai), None),
        frame=next((text.frame for text in texts if text.frame), None),
        elsewhere=next((text.elsewhere for text in messages if text.elsewhere), None),
    )
