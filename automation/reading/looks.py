"""
Looks applied to what was read, and the questions that are left for a person. Pure.

A look at a letter holds for every account that is shown the same: every sentence of the service's turns and of what
stands around them, particulars taken out, none more and none less but for closed parts. Beside that an earlier message
may stand that was looked at by itself. Where the meaning hangs on more than those words (the person asked in between, a
day after the letter's own, somebody else is greeted), it holds for that account only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from automation.core.looks import Line, Look, Question, Says, Shown, ShownKind
from automation.core.signals import Signal, SignalName, Way
from automation.core.wording import Wording
from automation.flow.control_table import ControlTable
from automation.reading.controls.outcome import with_control_looks
from automation.reading.form_text import with_form_looks
from automation.reading.letters.answers import REPLY_SIGNALS, ItemAnswer, answer_in, latest_of
from automation.reading.letters.looked import Groups, bound_lines, holds_for_one, person_wrote, says_of
from automation.reading.letters.sentences import DECISIONS, Meaning, read_sentence, split
from automation.reading.lists.looked import with_list_looks
from automation.text.labels import Labels, whole_form
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.observations import Observation, Reply
    from automation.flow.control_table import ObjectionTable

LETTER_ANSWERS = (
    Says.ACCEPTED,
    Says.REFUSED,
    Says.PENDING,
    Says.MORE_INFORMATION,
    Says.PARTLY,
    Says.TAKEN_BACK,
    Says.NOTHING,
    Says.UNSURE,
)
_ANSWERS = {
    ShownKind.LETTER: LETTER_ANSWERS,
    ShownKind.LIST: (Says.NOTHING, *LETTER_ANSWERS[:4], Says.UNSURE),
    ShownKind.CONTROL: (Says.ON, Says.OFF, Says.UNSURE),
    ShownKind.FORM: (Says.THIS_FORM, Says.OTHER_FORM, Says.UNSURE),
}
_SAID = {
    Says.ACCEPTED: SignalName.REPLY_ACCEPTED,
    Says.REFUSED: SignalName.REPLY_REFUSED,
    Says.PENDING: SignalName.REPLY_PENDING,
    Says.MORE_INFORMATION: SignalName.REPLY_MORE_INFORMATION,
    Says.PARTLY: SignalName.REPLY_PARTLY,
    Says.TAKEN_BACK: SignalName.REPLY_TAKEN_BACK,
}
_MEANT = {signal: meaning for meaning, signal in REPLY_SIGNALS.items()} | {
    SignalName.REPLY_PARTLY: Meaning.REFUSED,  # decided, and not an acceptance: it takes the place of earlier answers
    SignalName.REPLY_TAKEN_BACK: Meaning.REFUSED,
}
_OPPOSITE = {Says.ACCEPTED: {Meaning.REFUSED}, Says.PARTLY: set[Meaning](), Says.REFUSED: {Meaning.ACCEPTED}}
_ALIKE = 0.5
"""Share of lines in common from which a letter counts as a newer state of one that was looked at."""


# -- what a letter is bound to


# -- looks applied


def with_looks(
    observation: Observation, looks: Sequence[Look], labels: Labels, rule: ObjectionTable | ControlTable | None = None
) -> Observation:
    """
    An observation with what people said of what it shows; without a look that fits it is what it was.

    Args:
        observation: as it was read.
        looks: those that may count for this account's flow: none revoked, none of a stand-in for a real service.
        labels: the flow's.
        rule: how the flow reads its setting.
    """
    looks = [look for look in looks if look.says is not Says.UNSURE]
    letters = [look for look in looks if look.kind is ShownKind.LETTER]
    said = [
        says_of(reply, letters, labels, observation.subject) if _is_open(reply) else None
        for reply in observation.replies
    ]
    if any(said):
        observation = _with_letters(observation, said)
    if isinstance(rule, ControlTable):
        observation = with_control_looks(observation, looks, rule)
    return with_list_looks(with_form_looks(observation, looks), looks)


def _is_open(reply: Reply) -> bool:
    return bool(reply.turns or reply.around) and not answer_in(reply).meanings


def _with_letters(observation: Observation, said: Sequence[Look | None]) -> Observation:
    pairs = list(zip(observation.replies, said, strict=True))
    answers = [answer_in(reply) if look is None else _looked_answer(reply, look) for reply, look in pairs]
    counting = latest_of([answer for answer in answers if answer.signals or answer.missing])
    replied = {signal.name for reply in observation.replies for signal in reply.signals}
    keys = {key for reply in observation.replies for key in reply.missing}
    signals = [signal for signal in observation.signals if signal.name not in replied]
    signals += [signal for answer in counting for signal in answer.signals]
    missing = [key for key in observation.missing if key not in keys]
    missing += [key for answer in counting for key in answer.missing]
    names = {signal.name for signal in signals}
    nothing = next((look for look in said if look is not None and look.says is Says.NOTHING), None)
    if not counting and nothing is not None and SignalName.INBOX_WHOLE in names:
        # Every message was read, and a person saw that those that could have been about it are not.
        surface = observation.replies[0].surface
        signals = [signal for signal in signals if signal.name is not SignalName.INBOX_WHOLE]
        signals.append(_looked(SignalName.INBOX_NOTHING.seen(surface, Way.LOOKED_AT), nothing))
    return replace(observation, signals=tuple(dict.fromkeys(signals)), missing=tuple(dict.fromkeys(missing)))


def _looked_answer(reply: Reply, look: Look) -> ItemAnswer:
    """What a letter proves by a look: the answer, and what ties it to AI and to the service, which the person saw."""
    if look.says is Says.NOTHING:
        return ItemAnswer(at=reply.at)
    name, where = _SAID[look.says], reply.surface
    about = reply.about or _looked(SignalName.REPLY_ABOUT_AI.seen(where, Way.LOOKED_AT), look)
    frame = reply.headed or _looked(SignalName.REPLY_FRAME.seen(where, Way.LOOKED_AT), look)
    answer = _looked(name.seen(where, Way.LOOKED_AT), look)
    signals = tuple(replace(signal, picture=signal.picture or reply.picture) for signal in (about, frame, answer))
    return ItemAnswer(signals, (), _last_at(reply), frozenset({_MEANT[name]}))


def _looked(signal: Signal, look: Look) -> Signal:
    return replace(signal, wording=Wording.CONFIRMED, locale=look.locale, source=look.source)


def _last_at(reply: Reply) -> datetime | None:
    """When the service's last message in it was written."""
    moments = [turn.at for turn in reply.turns if turn.speaker != "person" and turn.at is not None]
    return max(moments, default=reply.at)


# -- what is left to be asked


def questions_of(observation: Observation, labels: Labels, looks: Sequence[Look] = ()) -> tuple[Question, ...]:
    """
    What a person can still be asked about a visit, letters first.

    Args:
        observation: as it was read.
        labels: the flow's.
        looks: all that may count for this flow; what they settle is not asked again.
    """
    letters = [look for look in looks if look.kind is ShownKind.LETTER]
    found = [
        _letter_question(number, reply, labels, letters)
        for number, reply in enumerate(observation.replies)
        if _is_open(reply) and says_of(reply, letters, labels, observation.subject) is None
    ]
    found += [
        _shown_question(number, shown, looks)
        for number, shown in enumerate(observation.shown)
        if not any(_is_of(look, shown, observation.subject) for look in looks)
    ]
    return tuple(question for question in found if question.picture is not None)


def _is_of(look: Look, shown: Shown, subject: str) -> bool:
    return look.kind is shown.kind and look.lines == (shown.lines,) and look.subject in {"", subject}


def _letter_question(number: int, reply: Reply, labels: Labels, looks: Sequence[Look]) -> Question:
    groups = bound_lines(reply, labels)
    words = PageWords.of(labels, reply.locale)
    before = _nearest({s for group in groups for s in group}, looks)
    lines = [(p.text, "unknown") for p in reply.around]
    lines += [(p.text, turn.speaker) for turn in reply.turns if turn.speaker != "person" for p in turn.paragraphs]
    shown = tuple(
        Line(
            sentence,
            speaker,
            known := read_sentence(sentence, words).known,
            new=bool(before) and not known and whole_form(sentence) not in before,
        )
        for text, speaker in lines
        for sentence in split(text)
    )
    return Question(
        ShownKind.LETTER,
        reply.surface,
        reply.locale,
        reply.picture,
        shown,
        LETTER_ANSWERS,
        _key(ShownKind.LETTER, groups),
        groups,
        own=holds_for_one(reply, groups, labels),
        asked=person_wrote(reply),
        at=_last_at(reply),
        number=number,
    )


def _shown_question(number: int, shown: Shown, looks: Sequence[Look]) -> Question:
    before = _nearest(set(shown.lines), [look for look in looks if look.kind is shown.kind])
    lines = tuple(Line(text, "", known=False, new=bool(before) and text not in before) for text in shown.lines)
    bound = (shown.lines,)
    return Question(
        shown.kind,
        shown.surface,
        shown.locale,
        shown.picture,
        lines,
        _ANSWERS[shown.kind],
        _key(shown.kind, bound),
        bound,
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


def _key(kind: ShownKind, groups: Groups) -> str:
    bound = "\n\n".join("\n".join(group) for group in groups)
    return sha256(f"{kind}\n{bound}".encode()).hexdigest()[:16]


# -- taking a look


def refusal(question: Question, says: Says, labels: Labels) -> str | None:
    """Why an answer cannot be taken, in one English sentence; None where it can. The one place that decides this."""
    if says not in question.answers and not (question.kind is ShownKind.CONTROL and says in _MEANS_OF_CONTROL):
        return "That cannot be said of this."
    if question.picture is None:
        return "Nothing was pictured, so there is nothing to look at."
    if not any(question.bound):
        return "Nothing in it can be told apart from any other letter."
    if question.kind is ShownKind.LETTER and says in _OPPOSITE:
        words = PageWords.of(labels, question.locale)
        last = question.bound[-1]
        opposite = next((s for s in last if read_sentence(s, words).meaning in _OPPOSITE[says]), None)
        if opposite is not None:
            return "A sentence in the same message is known to say the opposite: " + opposite
    return None


_MEANS_OF_CONTROL = frozenset({Says.ACCEPTED, Says.NOTHING})
"""What may be said of a control beside its position: that content is kept out, or used."""


def warnings(question: Question, says: Says, labels: Labels) -> tuple[str, ...]:
    """Sentences that a person should see again before they confirm: known ones that say something else."""
    if question.kind is not ShownKind.LETTER or says in {Says.UNSURE, Says.NOTHING}:
        return ()
    words = PageWords.of(labels, question.locale)
    meant = _MEANT.get(_SAID[says])
    read = (read_sentence(line.text, words) for line in question.lines if line.speaker != "person")
    return tuple(
        dict.fromkeys(
            sentence.text
            for sentence in read
            if (sentence.meaning in DECISIONS and sentence.meaning is not meant)
            or (not sentence.known and sentence.text.rstrip().endswith("?"))
        )
    )


def look_of(
    question: Question,
    says: Says,
    *,
    flow: str,
    by: str,
    at: datetime,
    bundle: str,
    picture: str = "",
    subject: str = "",
    stand_in: bool = False,
) -> Look:
    """
    A look at what was asked about.

    Args:
        question: what the person was shown.
        says: what they say of it.
        flow: in whose pages it stood.
        by: their name.
        at: when, aware.
        bundle: SHA-256 of the manifest of the bundle that holds the picture.
        picture: SHA-256 of the picture.
        subject: HMAC of the account's identity: given, it holds for that account only.
        stand_in: whether the evidence is of a stand-in.
    """
    return Look(
        question.kind,
        says,
        flow,
        question.locale,
        question.bound,
        by,
        at,
        bundle,
        picture,
        subject,
        question.state,
        stand_in=stand_in,
    )


def whole_answer(questions: Sequence[Question], says: Says) -> list[tuple[Question, Says, bool]]:
    """
    One answer for all that is open of a visit, as a script gives it.

    Of several open letters the latest is the one that the answer is about. The others were read, and leave the answer
    alone here; elsewhere they may mean anything.

    Returns:
        What is said of each, and whether that holds for this account only.
    """
    letters = [question for question in questions if question.kind is ShownKind.LETTER]
    lists = [question for question in questions if question.kind is ShownKind.LIST]
    forms = [question for question in questions if question.kind is ShownKind.FORM]
    controls = [question for question in questions if question.kind is ShownKind.CONTROL]
    given: list[tuple[Question, Says, bool]] = []
    if says in {Says.THIS_FORM, Says.OTHER_FORM}:
        return [(form, says, False) for form in forms]
    if controls and not (letters or lists):
        return [(controls[0], says, len(controls) > 1)]
    if says is Says.NOTHING:
        given += [(letter, says, len(letters) > 1 or letter.is_own(says)) for letter in letters]
        given += [(place, says, True) for place in lists]
        return given + [(form, Says.THIS_FORM, True) for form in forms[:1]]
    read_through = [(place, Says.NOTHING, True) for place in lists]
    if len(letters) == 1:
        return [(letters[0], says, letters[0].is_own(says)), *read_through]
    if letters:
        last = max(letters, key=lambda letter: (letter.at is not None, letter.at or datetime.min, -letter.number))  # noqa: DTZ901
        told = [(letter, says if letter is last else Says.NOTHING, True) for letter in letters]
        return [*told, *read_through]
    return [(place, says, True) for place in lists[:1]]
