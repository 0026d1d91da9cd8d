"""The reader as the corpus asks it: what a page says by itself, and after a person looked at a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from automation.core.looks import Look, Says, ShownKind
from automation.core.observations import Observation
from automation.core.signals import SignalName
from automation.flow import Flow
from automation.page import PageView
from automation.reading.letters.answers import REPLY_SIGNALS, Item, blocks_around, judge_item, replies_of
from automation.reading.letters.thread import read_thread
from automation.reading.looks import look_of, questions_of, refusal, with_looks
from automation.reading.threads.authors import Speakers
from automation.reading.threads.turns import turns_of
from automation.text.normalizing import fold
from automation.text.page_words import PageWords
from tests.corpus.cases import Case

_SERVICE = frozenset({"meta", "facebook", "instagram"})
_SAYS = {
    "accepted": Says.ACCEPTED, "refused": Says.REFUSED, "pending": Says.PENDING,
    "more_information": Says.MORE_INFORMATION, "none": Says.NOTHING,
}  # fmt: skip
_ANSWERS = {signal: meaning.value for meaning, signal in REPLY_SIGNALS.items()}
_TIES = frozenset({SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME})
SEEN_AT = datetime(2026, 12, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """One page, read as the only item of an inbox, of an account that is nobody else's."""

    case: Case
    view: PageView
    flow: Flow

    @cached_property
    def words(self) -> PageWords:
        """In the language of the page."""
        return PageWords.of(self.flow.labels, self.case.language)

    @cached_property
    def item(self) -> Item:
        """The opened item."""
        case, words = self.case, self.words
        names = _SERVICE | set(words.with_english.names("speaker.service"))
        holder = frozenset({fold(case.holder)} if case.holder else ())
        turns = tuple(turns_of(self.view, self.view.blocks(), Speakers(case.language, frozenset(names), holder)))
        beside = blocks_around(self.view, words)
        thread = read_thread(turns, words, titles=(case.named,), beside=beside, holder=holder)
        return Item(
            "support_inbox",
            thread,
            self.view,
            named=case.named,
            picture="item.png",
            turns=turns,
            holder=holder,
            beside=beside,
        )

    @cached_property
    def observation(self) -> Observation:
        """What a visit keeps of it."""
        judged = judge_item(self.item, self.words)
        return Observation(
            self.flow.id, self.flow.revision, self.case.id, self.case.language,
            signals=(SignalName.INBOX_WHOLE.seen("support_inbox"), *judged.signals), missing=judged.missing,
            replies=tuple(replies_of([self.item], self.words)),
        )  # fmt: skip

    @property
    def doubts(self) -> tuple[str, ...]:
        """What keeps its answer back: sentences that nobody knows, or why the order cannot be told."""
        return self.item.thread.doubts

    def answer(self, looks: Sequence[Look] = ()) -> str:
        """`accepted`, `refused`, `pending`, `more_information`, `none` (about something else) or `unclear`."""
        seen = with_looks(self.observation, looks, self.flow.labels) if looks else self.observation
        names = {signal.name for signal in seen.signals if signal.name.value.startswith("reply.")} - _TIES
        said = {_ANSWERS[name] for name in names if name in _ANSWERS}
        if not names and not seen.missing:
            return "none"
        return said.pop() if len(said) == len(names) == 1 else "unclear"

    def look(self) -> Look | None:
        """What is kept when a person says what the page says; None where it cannot be said."""
        says, labels = _SAYS.get(self.case.truth), self.flow.labels
        for question in questions_of(self.observation, labels):
            if says is None or question.kind is not ShownKind.LETTER:
                continue
            own = self.observation.subject if question.is_own(says) else ""
            look = look_of(question, says, flow=self.flow.id, by="Nora", at=SEEN_AT, bundle="ab" * 32, subject=own)
            if not refusal(look, labels, question):
                return look
        return None
