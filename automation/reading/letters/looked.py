"""What a look at a letter is bound to, and which look says what a letter means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.core.looks import Look, Says
from automation.reading.letters.sentences import read_sentence, split
from automation.reading.letters.topic import names_ai, speaks_of_objecting
from automation.text.labels import Labels, whole_form
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.observations import Reply

_OF_SOMEBODY = re.compile(r"\{later date\}|\{link\}|\{address\}|\w \{name\}")
Groups = tuple[tuple[str, ...], ...]


def bound_lines(reply: Reply, labels: Labels) -> Groups:
    """
    What a look at a letter is bound to.

    Returns:
        What stands around the messages, then each turn of the service, oldest first: their sentences in the form in
        which they are compared, without closed parts of letters. Empty groups are left out.
    """
    words = PageWords.of(labels, reply.locale)
    around = [paragraph.text for paragraph in reply.around]
    first = next((n for n, turn in enumerate(reply.turns) if turn.speaker != "person"), len(reply.turns))
    turns = [[p.text for p in turn.paragraphs] for turn in reply.turns[first:]]  # with digests of what the person added
    groups = [_open_sentences([s for text in texts for s in split(text)], words) for texts in (around, *turns)]
    return tuple(group for group in groups if group)


def _open_sentences(sentences: Iterable[str], words: PageWords) -> tuple[str, ...]:
    """Sentences in the form in which they are compared, without closed parts that stand in letters about anything."""
    return tuple(whole_form(text) for text in sentences if _is_bound(text, words))


def _is_bound(text: str, words: PageWords) -> bool:
    """Whether a sentence counts: "Thanks for your objection" does, in which a letter says what it is about."""
    part = read_sentence(text, words).part
    return part in {None, "beside"} or (part != "title" and speaks_of_objecting(text, words))


def holds_for_one(reply: Reply, groups: Groups, labels: Labels) -> bool:
    """
    Whether a look at a letter can hold for its own account only: its meaning hangs on more than its words.

    On a day after its own; on whose account an address or a name in its midst is; on what was asked for, where nothing
    in it names that: "We did what you wished".
    """
    words = PageWords.of(labels, reply.locale)
    sentences = [sentence for group in groups for sentence in group]
    theirs = any(_OF_SOMEBODY.search(sentence) for sentence in sentences)
    old = reply.revision == 0 and any("{date}" in s or "{number}" in s for s in sentences)
    texts = [p.text for turn in reply.turns if turn.speaker != "person" for p in turn.paragraphs]
    texts += [turn.title for turn in reply.turns] + [p.text for p in reply.around]
    names = (
        names_ai if person_wrote(reply) else speaks_of_objecting
    )  # "your objection" may be what the person called theirs
    return reply.own or theirs or old or not any(names(text, words) for text in texts)


def person_wrote(reply: Reply) -> bool:
    """Whether the person wrote in the thread."""
    return any(turn.speaker == "person" for turn in reply.turns)


def says_of(reply: Reply, looks: Sequence[Look], labels: Labels, subject: str) -> Look | None:
    """
    The look that says what a letter means; None where none does, or two people say different things of it.

    Args:
        reply: as it was kept.
        looks: those that count here, at letters.
        labels: the flow's.
        subject: HMAC of the account's identity.
    """
    groups = bound_lines(reply, labels)
    if not groups:
        return None
    own, asked = holds_for_one(reply, groups, labels), person_wrote(reply)
    general = [look for look in looks if not (own or look.subject or (asked and look.says is Says.NOTHING))]
    here = [*general, *(look for look in looks if look.subject == subject)]
    found = _agreed(look for look in here if look.lines == groups or _holds_sentence(look, groups))
    if found is not None or own:
        return found
    # Two messages, each of which was looked at by itself: the last one says how it stands.
    each = [_agreed(look for look in here if look.lines == (group,)) for group in groups]
    return each[-1] if reply.ordered and len(groups) > 1 and all(each) else None


def _holds_sentence(look: Look, groups: Groups) -> bool:
    """Whether a letter ends with the sentence that a person confirmed, and holds nothing that was not beside it."""
    beside = {sentence for group in look.lines for sentence in group}
    return look.sentence in groups[-1] and all(sentence in beside for group in groups for sentence in group)


def _agreed(looks: Iterable[Look]) -> Look | None:
    """The newest look of each person, where all of them say the same."""
    newest: dict[str, Look] = {}
    for look in sorted(looks, key=lambda look: look.at):
        newest[look.by] = look
    said = {look.says for look in newest.values()}
    return max(newest.values(), key=lambda look: look.at) if len(said) == 1 else None
