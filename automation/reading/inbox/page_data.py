"""What the reads that fill a list answered: from the network, or embedded in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.flow.reads import ReadRules
from automation.page import PageView, walk

if TYPE_CHECKING:
    from automation.page.read_page import DataResponse, ReadPage


_POINTS_ON = re.compile(r"cursor|^(?:next|prev|previous|after|before)(?:_?page|_?url|_?token)?$", re.IGNORECASE)
"""Keys of what leads to another page of a list: null at its end."""
_NUMBERED = re.compile(r"\d{4}")
"""A key under which one object of many is kept."""


@dataclass(frozen=True, slots=True)
class ListReads:
    """The reads that fill a list, and how their service answers."""

    names: frozenset[str]
    rules: ReadRules

    def data_of(self, visit: ReadPage) -> list[Any]:
        """What the reads of a page said, without the wrapping."""
        return [self.rules.unwrapped(answer) for answer in self._answers(visit.answers, visit.view)]

    def lists_in(self, answers: Sequence[DataResponse], view: PageView) -> list[list[Any]]:
        """Every list in what the reads said."""
        pieces = (self.rules.unwrapped(answer) for answer in self._answers(answers, view))
        return [value for piece in pieces for value in walk(piece) if isinstance(value, list)]

    def count(self, visit: ReadPage) -> int:
        """How many objects the longest list in the answers holds."""
        lists = self.lists_in(visit.answers, visit.view)
        return max((sum(isinstance(e, Mapping) for e in found) for found in lists), default=0)

    def are_empty(self, visit: ReadPage) -> bool:
        """Whether the reads all answered, with an empty list and without one object in any list."""
        whole = not any(self._is_open(answer) for answer in self._answers(visit.answers, visit.view))
        return whole and self.hold_nothing(visit)

    def hold_nothing(self, visit: ReadPage) -> bool:
        """Whether the reads answered with an empty list and no object in any: beside words that say so, that is all."""
        lists = self.lists_in(visit.answers, visit.view)
        begun = any(self.rules.is_unfinished(answer) for answer in self._answers(visit.answers, visit.view))
        return not begun and any(not found for found in lists) and self.count(visit) == 0

    def bring_markup(self, visit: ReadPage) -> bool:
        """Whether the reads answered with texts alone, such as a part of the page as markup: no list, and no blank."""
        answers = self._answers(visit.answers, visit.view)
        if any(self._is_open(answer) for answer in answers) or self.lists_in(visit.answers, visit.view):
            return False
        objects = (value for answer in answers for value in walk(answer) if isinstance(value, Mapping))
        return not any(_NUMBERED.search(key) for each in objects for key in each)

    def have_more(self, visit: ReadPage) -> bool:
        """Whether an answer says that the list goes on; of a list that grew in place, the last answer."""
        asked = [answer.data for answer in visit.answers if answer.data is not None]
        told = asked[-1:] if len(asked) > 1 else self._answers(visit.answers, visit.view)
        return any(self.rules.has_more(answer) for answer in told)

    def viewers(self, visit: ReadPage) -> Iterator[str]:
        """Account ids that an answer names as the one who asked."""
        return (found for piece in self.data_of(visit) for found in self.rules.viewers_in(piece))

    def embedded(self, view: PageView) -> Iterator[tuple[str, Any]]:
        """Answers that came with the page, in their wrapping, each with the name of its read."""
        for piece in view.embedded:
            for value in walk(piece):
                if isinstance(value, list):
                    yield from self._after_its_name(value)
                elif isinstance(value, Mapping):
                    yield from ((key, i) for key, i in value.items() if key in self.names and isinstance(i, Mapping))

    def _after_its_name(self, found: list[Any]) -> Iterator[tuple[str, Any]]:
        """The first answer in each part of a list that names a read."""
        texts = (text for text in found if isinstance(text, str))
        named = next((name for text in texts if (name := self.rules.names_embedded(text, self.names))), "")
        for part in found if named else ():
            answer = next((value for value in walk(part) if self.rules.is_wrapped(value)), None)
            if answer is not None:
                yield named, answer

    def _answers(self, answers: Sequence[DataResponse], view: PageView) -> list[Any]:
        return [a.data for a in answers if a.data is not None] + [answer for _, answer in self.embedded(view)]

    def _is_open(self, answer: Any) -> bool:
        """Whether an answer leaves something open: a null where something could be, or more to come."""
        inner = self.rules.unwrapped(answer)
        objects = (value for value in walk(inner) if isinstance(value, Mapping))
        blank = any(value is None and not _POINTS_ON.search(key) for o in objects for key, value in o.items())
        return inner is None or blank or self.rules.is_unfinished(answer)


def has_errors(data: Any) -> bool:
    """Whether an answer is none: no data, or errors beside it, as GraphQL and JSON:API say them."""
    return data is None or (isinstance(data, Mapping) and bool(data.get("errors")))
