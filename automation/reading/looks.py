"""
Looks applied to what was read, and the questions that are left for a person. Pure.

A look at a letter holds for every account that is shown the same: every sentence of the service's turns and of what
stands around them, particulars taken out, none more and none less but for closed parts. Beside that an earlier message
may stand that was looked at by itself. Where the meaning hangs on more than those words (the person asked in between, a
day after the letter's own, somebody else is greeted), it holds for that account only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from automation.core.looks import Line, Look, Question, Says, Shown, ShownKind, agreed
from automation.core.observations import Observation, Reply
from automation.core.results import Result
from automation.core.signals import Signal, SignalName, Way
from automation.core.verdicts import Reason, Verdict
from automation.flow.control_table import ControlTable, ObjectionTable
from automation.reading.controls.outcome import with_control_looks
from automation.reading.form_text import with_form_looks
from automation.reading.letters.answers import REPLY_SIGNALS, ItemAnswer, answer_in, latest_of
from automation.reading.letters.sentences import (
    DECISIONS,
    OF_AI,
    Meaning,
    Sentence,
    first_word,
    read_sentence,
    speaks_of_objecting,
    split,
)
from automation.reading.letters.thread import names_greeted, with_late_greetings
from automation.reading.lists.looked import LISTED, with_list_looks
from automation.text.catalogue import N_
from automation.text.labels import Labels, whole_form
from automation.text.page_words import PageWords

_SAID = LISTED | {
    Says.PARTLY: SignalName.REPLY_PARTLY,
    Says.TAKEN_BACK: SignalName.REPLY_TAKEN_BACK,
}
_ANSWERS = {
    ShownKind.LETTER: (*_SAID, Says.NOTHING, Says.UNSURE),
    ShownKind.LIST: (Says.NOTHING, *LISTED, Says.UNSURE),
    ShownKind.CONTROL: (Says.ON, Says.OFF, Says.UNSURE),
    ShownKind.FORM: (Says.THIS_FORM, Says.OTHER_FORM, Says.UNSURE),
}
"""What can be said of each, in the order in which it is offered."""
_POSITIONS = frozenset({"on", "off", ""})
_OF_A_VALUE = (Says.ACCEPTED, Says.NOTHING, Says.UNSURE)
"""What can be said of a control that shows a value: that content is kept out with it, or used."""
_MEANT = {signal: meaning for meaning, signal in REPLY_SIGNALS.items()} | {
    SignalName.REPLY_PARTLY: Meaning.REFUSED,  # decided, and not an acceptance: it takes the place of earlier answers
    SignalName.REPLY_TAKEN_BACK: Meaning.REFUSED,
}
_OPPOSITE = {Says.ACCEPTED: Meaning.REFUSED, Says.REFUSED: Meaning.ACCEPTED}
_NOT_THEIRS = frozenset({Reason.WRONG_ACCOUNT, Reason.ACTING_AS_PAGE, Reason.IDENTITY_UNCONFIRMED})
NEEDS_A_PERSON = N_("a person has to act at the service first; then check again")
ANOTHER_ACCOUNT = N_("it is not certain that the right account was signed in")
NOT_PICTURED = N_("no picture shows it")
STRICT = N_("`strict` takes no look")
SAID_OTHERWISE = N_("a look at the same says something else; revoke that one first")
UNSAYABLE = N_("that cannot be said of this")
NOTHING_BOUND = N_("nothing in it can be told apart from any other letter")
OPPOSITE = N_("a sentence in the same message is known to say the opposite: %(text)s")
_ALIKE = 0.5
"""Share of lines in common from which a letter counts as a newer state of one that was looked at."""
_OF_SOMEBODY = re.compile(r"\{later date\}|\{link\}|\{address\}|\w \{name\}")
_Groups = tuple[tuple[str, ...], ...]


# -- what a look at a letter is bound to -------------------------------------------------------------------------------


def bound_lines(reply: Reply, labels: Labels) -> _Groups:
    """
    What a look at a letter is bound to.

    Returns:
        What stands around the messages, then each turn of the service, oldest first: their sentences in the form in
        which they are compared, without closed parts of letters. Empty groups are left out. Of the person's turns
        digests of those that they added after the first message that may be the service's.
    """
    words = PageWords.of(labels, reply.locale)
    theirs = [n for n, turn in enumerate(reply.turns) if turn.speaker != "person" and (turn.marked or turn.named)]
    first = min(theirs, default=0)
    turns = [turn for n, turn in enumerate(reply.turns) if turn.speaker != "person" or n > first]
    texts = [reply.around, *(turn.paragraphs for turn in turns)]

    def is_bound(said: Sentence) -> bool:
        """Whether it counts: "Thanks for your objection" does, in which a letter says what it is about."""
        if said.part in {None, "beside"} or (reply.own and names_greeted(said)):
            return True
        return said.part != "title" and speaks_of_objecting(said.text, words)

    read = ([read_sentence(text, words) for p in paragraphs for text in split(p.text)] for paragraphs in texts)
    groups = (tuple(whole_form(s.text) for s in with_late_greetings(each) if is_bound(s)) for each in read)
    return tuple(filter(None, groups))


def _holds_for_one(reply: Reply, groups: _Groups, labels: Labels) -> bool:
    """
    Whether a look at a letter can hold for its own account only: its meaning hangs on more than its words.

    On a day after its own; on whose account an address or a name in its midst is; on what was asked for, where nothing
    in it names that: "We did what you wished".
    """
    words = PageWords.of(labels, reply.locale)
    sentences = [sentence for group in groups for sentence in group]
    theirs = any(_OF_SOMEBODY.search(sentence) for sentence in sentences)
    old = reply.revision == 0 and any("{date}" in s or "{number}" in s for s in sentences)
    texts = [text for text, _ in _told_by_the_service(reply)] + [turn.title for turn in reply.turns]
    if _person_wrote(reply):  # "your objection" may be what the person called theirs
        named = first_word(OF_AI, texts, words) is not None
    else:
        named = any(speaks_of_objecting(text, words) for text in texts)
    return reply.own or theirs or old or not named


def _told_by_the_service(reply: Reply) -> list[tuple[str, str]]:
    """What stands around the messages and in those that may be the service's, each with whose it is."""
    turns = [turn for turn in reply.turns if turn.speaker != "person"]
    return [*((p.text, "unknown") for p in reply.around), *((p.text, t.speaker) for t in turns for p in t.paragraphs)]


def _person_wrote(reply: Reply) -> bool:
    return any(turn.speaker == "person" for turn in reply.turns)


def says_of(reply: Reply, looks: Sequence[Look], labels: Labels, subject: str) -> Look | None:
    """
    The look that says what a letter means; None where none does, or two people say different things of it.

    `looks` are those at letters that count here; `subject` is the HMAC of the account's identity.
    """
    groups = bound_lines(reply, labels) if looks else ()
    if not groups:
        return None
    own = _holds_for_one(reply, groups, labels)
    only = {Says.NOTHING} if _person_wrote(reply) else frozenset[Says]()
    here = [look for look in looks if look.subject == subject or not (own or look.subject or look.says in only)]
    found = agreed(look for look in here if look.lines == groups or _holds_sentence(look, groups))
    if found is not None or own or not (reply.ordered and groups[1:]):
        return found
    # Two messages, each of which was looked at by itself: the last one says how it stands.
    each = [agreed(look for look in here if look.lines == (group,)) for group in groups]
    return each[-1] if all(each) else None


def _holds_sentence(look: Look, groups: _Groups) -> bool:
    """Whether a letter ends with the sentence that a person confirmed, and holds nothing that was not beside it."""
    beside = {sentence for group in look.lines for sentence in group}
    return look.sentence in groups[-1] and all(beside.issuperset(group) for group in groups)


# -- looks applied -----------------------------------------------------------------------------------------------------


def with_looks(
    observation: Observation, looks: Sequence[Look], labels: Labels, rule: ObjectionTable | ControlTable | None = None
) -> Observation:
    """
    An observation with what people said of what it shows; without a look that fits it is what it was.

    `looks` are those that may count for this account's flow: none revoked, none of a stand-in for a real service.
    """
    looks = [look for look in looks if look.says is not Says.UNSURE and can_be_said(look.kind, look.says)]
    letters = [look for look in looks if look.kind is ShownKind.LETTER]
    said = [says_of(r, letters, labels, observation.subject) if _is_open(r) else None for r in observation.replies]
    if any(said):
        observation = _with_letters(observation, said)
    if isinstance(rule, ControlTable):
        observation = with_control_looks(observation, looks, rule)
    return with_list_looks(with_form_looks(observation, looks), looks)


def _is_open(reply: Reply) -> bool:
    return bool(reply.turns or reply.around) and not answer_in(reply).meanings


def _with_letters(observation: Observation, said: Sequence[Look | None]) -> Observation:
    """The observation with the answers that count after the looks, in place of those that were read from letters."""
    pairs = zip(observation.replies, said, strict=True)
    answers = [answer_in(reply) if look is None else _looked_answer(reply, look) for reply, look in pairs]
    counting = latest_of([answer for answer in answers if answer.signals or answer.missing])
    replied = {signal.name for reply in observation.replies for signal in reply.signals}
    keys = {key for reply in observation.replies for key in reply.missing}
    signals = [signal for signal in observation.signals if signal.name not in replied]
    missing = [key for key in observation.missing if key not in keys]
    for answer in counting:
        signals += answer.signals
        missing += answer.missing
    if not counting:
        signals = _with_nothing_answered(observation, signals, said)
    return replace(observation, signals=tuple(dict.fromkeys(signals)), missing=tuple(dict.fromkeys(missing)))


def _with_nothing_answered(
    observation: Observation, signals: Sequence[Signal], said: Sequence[Look | None]
) -> list[Signal]:
    """The signals; where every message was read, and a person saw that none is about an objection, no answer there."""
    nothing = next((look for look in said if look is not None and look.says is Says.NOTHING), None)
    others = [signal for signal in signals if signal.name is not SignalName.INBOX_WHOLE]
    if nothing is None or len(others) == len(signals):
        return list(signals)
    surface = observation.replies[0].surface
    return [*others, SignalName.INBOX_NOTHING.seen(surface, Way.LOOKED_AT).told_by(nothing)]


def _looked_answer(reply: Reply, look: Look) -> ItemAnswer:
    """What a letter proves by a look: the answer, and what ties it to AI and to the service, which the person saw."""
    if look.says is Says.NOTHING:
        return ItemAnswer(at=reply.at)
    name, where = _SAID[look.says], reply.surface
    about = reply.about or SignalName.REPLY_ABOUT_AI.seen(where, Way.LOOKED_AT).told_by(look)
    frame = reply.headed or SignalName.REPLY_FRAME.seen(where, Way.LOOKED_AT).told_by(look)
    answer = name.seen(where, Way.LOOKED_AT).told_by(look)
    signals = tuple(replace(signal, picture=signal.picture or reply.picture) for signal in (about, frame, answer))
    return ItemAnswer(signals, (), _last_at(reply), frozenset({_MEANT[name]}))


def _last_at(reply: Reply) -> datetime | None:
    """When the service's last message in it was written."""
    moments = [turn.at for turn in reply.turns if turn.speaker != "person" and turn.at is not None]
    return max(moments, default=reply.at)


# -- what is left to be asked ------------------------------------------------------------------------------------------


def questions_of(observation: Observation, labels: Labels, looks: Sequence[Look] = ()) -> tuple[Question, ...]:
    """What a person can still be asked about a visit, letters first; what `looks` settle is not asked again."""
    letters = [look for look in looks if look.kind is ShownKind.LETTER]
    subjects = {"", observation.subject}
    settled = {(look.kind, look.lines) for look in looks if look.subject in subjects}
    found = [
        _letter_question(number, reply, labels, letters)
        for number, reply in enumerate(observation.replies)
        if _is_open(reply) and says_of(reply, letters, labels, observation.subject) is None
    ]
    found += [
        _shown_question(number, shown, looks)
        for number, shown in enumerate(observation.shown)
        if (shown.kind, (shown.lines,)) not in settled
    ]
    return tuple(question for question in found if question.picture is not None)


def _letter_question(number: int, reply: Reply, labels: Labels, looks: Sequence[Look]) -> Question:
    groups, words = bound_lines(reply, labels), PageWords.of(labels, reply.locale)
    bound = {sentence for group in groups for sentence in group}
    before = _nearest(bound, looks)

    def line(sentence: str, speaker: str) -> Line:
        read, compared = read_sentence(sentence, words), whole_form(sentence)
        known = read.known and not (names_greeted(read) and compared in bound)
        return Line(sentence, speaker, known, new=bool(before) and not known and compared not in before)

    return Question(
        ShownKind.LETTER,
        reply.surface,
        reply.locale,
        reply.picture,
        tuple(line(s, speaker) for text, speaker in _told_by_the_service(reply) for s in split(text)),
        _ANSWERS[ShownKind.LETTER],
        groups,
        own=_holds_for_one(reply, groups, labels),
        asked=_person_wrote(reply),
        at=_last_at(reply),
        number=number,
    )


def _shown_question(number: int, shown: Shown, looks: Sequence[Look]) -> Question:
    before = _nearest(set(shown.lines), [look for look in looks if look.kind is shown.kind])
    return Question(
        shown.kind,
        shown.surface,
        shown.locale,
        shown.picture,
        tuple(Line(text, "", known=False, new=bool(before) and text not in before) for text in shown.lines),
        _OF_A_VALUE if shown.kind is ShownKind.CONTROL and shown.state not in _POSITIONS else _ANSWERS[shown.kind],
        (shown.lines,),
        own=shown.kind is ShownKind.LIST,
        state=shown.state,
        at=shown.at,
        number=number,
    )


def _nearest(sentences: set[str], looks: Sequence[Look]) -> set[str]:
    """The lines of what was looked at before and is nearest to this; empty where nothing is near."""
    held = [{line for group in look.lines for line in group} for look in looks]
    near = [lines for lines in held if len(lines & sentences) >= _ALIKE * max(len(lines | sentences), 1)]
    return max(near, key=lambda lines: len(lines & sentences), default=set())


# -- taking a look -----------------------------------------------------------------------------------------------------


def refusal(
    look: Look,
    labels: Labels | None = None,
    question: Question | None = None,
    *,
    known: Iterable[Look] = (),
    result: Result | None = None,
    strict: bool = False,
) -> str:
    """
    Name of the sentence that says why a look cannot be taken; empty where it can. The one place that decides this.

    `labels` are of its flow, `known` are what counts, `result` is of the visit that was looked at; a look by others has
    neither `question` nor `result`.
    """
    if strict:
        return STRICT
    reason, verdict = (result.reason, result.verdict) if result is not None else (None, None)
    if reason in _NOT_THEIRS:
        return ANOTHER_ACCOUNT
    if verdict is Verdict.NEEDS_HUMAN:
        return NEEDS_A_PERSON
    if not can_be_said(look.kind, look.says):
        return UNSAYABLE
    if question is not None and (question.picture is None or (result is not None and not look.picture)):
        return NOT_PICTURED
    if not any(look.lines):
        return NOTHING_BOUND
    if labels is not None and look.kind is ShownKind.LETTER and (opposite := _opposite(look, labels)):
        return OPPOSITE % {"text": opposite}
    same = (one for one in known if one.id == look.id and one.says not in {look.says, Says.UNSURE})
    return SAID_OTHERWISE if any(look.imported or one.by != look.by for one in same) else ""


def _opposite(look: Look, labels: Labels) -> str:
    """A sentence of the last message that is known to say the opposite of a look; empty where there is none."""
    words, meaning = PageWords.of(labels, look.locale), _OPPOSITE.get(look.says)
    told = (s for s in look.lines[-1] if meaning is not None and read_sentence(s, words).meaning is meaning)
    return next(told, "")


def can_be_said(kind: ShownKind, says: Says) -> bool:
    """Whether it is an answer to what is asked about this kind of thing."""
    return says in _ANSWERS[kind] or (kind is ShownKind.CONTROL and says in _OF_A_VALUE)


def warnings(question: Question, says: Says, labels: Labels) -> tuple[str, ...]:
    """Sentences that a person should see again before they confirm: known ones that say something else."""
    if question.kind is not ShownKind.LETTER or says in {Says.UNSURE, Says.NOTHING}:
        return ()
    words, meant = PageWords.of(labels, question.locale), _MEANT.get(_SAID[says])
    read = [read_sentence(line.text, words) for line in question.lines if line.speaker != "person"]
    others = DECISIONS - {meant}
    told = (s.text for s in read if s.meaning in others or (not s.known and s.text.rstrip().endswith("?")))
    return tuple(dict.fromkeys(told))


def look_of(
    question: Question, says: Says, *, flow: str, by: str, at: datetime, bundle: str, subject: str = ""
) -> Look:
    """A look at what a person was shown; one with a `subject` holds for that account only."""
    kind, locale, bound, state = question.kind, question.locale, question.bound, question.state
    return Look(kind, says, flow, locale, bound, by, at, bundle, subject=subject, state=state)
