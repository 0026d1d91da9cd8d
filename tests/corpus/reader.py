"""The reader as the corpus asks it: what a page says by itself, and after a person looked at a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from automation.domain.replies import Reply
from automation.flow import Flow
from automation.flow.confirmed import ConfirmedSentence
from automation.page import PageView
from automation.reading.inbox.confirming import confirmed, may_not_confirm
from automation.reading.inbox.items import Item, ItemAnswer, judge_item, setting_of
from automation.reading.inbox.kept import kept_reply, read_again, spoken
from automation.reading.inbox.speakers import Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import whole_form
from automation.text.normalizing import fold
from automation.text.page_words import PageWords
from tests.corpus.cases import Case

_SERVICE = frozenset({"meta", "facebook", "instagram"})
Look = ConfirmedSentence


@dataclass(frozen=True)
class Reading:
    """One page, read."""

    case: Case
    view: PageView
    flow: Flow

    @cached_property
    def words(self) -> PageWords:
        """In the language of the page."""
        return PageWords.of(self.flow.labels, self.case.language)

    @cached_property
    def item(self) -> Item:
        """The opened item of an inbox."""
        case = self.case
        names = _SERVICE | set(self.words.with_english.names("speaker.service"))
        holder = frozenset({fold(case.holder)} if case.holder else ())
        turns = turns_of(self.view, self.view.blocks(), Speakers(case.language, frozenset(names), holder))
        thread = read_thread(turns, self.words, listed_as=case.named, holder=holder)
        return Item("support_inbox", thread, self.view, named=case.named, turns=turns, holder=holder)

    @cached_property
    def judged(self) -> ItemAnswer:
        """What it proves by itself."""
        return judge_item(self.item, self.words)

    def answer(self, looks: Sequence[Look] = ()) -> str:
        """`accepted`, `refused`, `pending`, `more_information`, `none` (about something else) or `unclear`."""
        judged = self.judged
        spoken_here = {whole_form(text) for text in spoken(self._reply)} if looks else set()
        fitting = tuple(look for look in looks if look.text in spoken_here)
        if fitting and not judged.meanings:
            judged = read_again(self._reply, replace(self.flow, confirmed=fitting).labels_with_confirmed)
        if len(judged.meanings) == 1:
            return min(judged.meanings).value
        return "unclear" if judged.signals or judged.missing else "none"

    def look(self) -> Look | None:
        """What is noted when a person says what the page says; None where it cannot be said."""
        if self.case.truth not in set(Meaning):
            return None
        reply, means = self._reply, Meaning(self.case.truth)
        for sentence in spoken(reply):
            if may_not_confirm(reply, sentence, means, self.flow.labels) is None:
                look = confirmed(
                    reply, sentence, means, flow=self.flow.id, who="A", bundle="0" * 64, when=date(2026, 12, 2)
                )
                if self.answer([look]) == self.case.truth:
                    return look
        return None

    @cached_property
    def _reply(self) -> Reply:
        item = self.item
        return kept_reply(self.judged, setting_of(item, self.words), item.turns, item.holder, self.words)
