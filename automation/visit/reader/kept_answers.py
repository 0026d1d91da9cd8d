"""
What a list's own reads answered, kept so that "nothing there" can be judged again by somebody else.

Structure, numbers and yes or no decide whether a list is whole and empty; texts do not. So every text is left out, but
the names of types, and what is left is the answer as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.browser.capture import Masks
    from automation.page.read_page import DataResponse

_MOST_VALUES = 20_000
_TYPE = "__typename"
_ID_FROM = 10_000_000
"""Numbers of eight digits and more are ids, as in every other text of the evidence."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer, without its texts."""

    surface: str
    operation: str
    status: int | None
    """None where the request failed, or where it came with the page."""
    filtered: bool
    """Whether the read asked for a part only."""
    embedded: bool
    """Whether it came with the page."""
    data: Any
    cut: bool = False
    """Whether it was larger than what is kept."""


def kept_answers(
    surface: str, answers: Iterable[DataResponse], embedded: Iterable[tuple[str, Any]], masks: Masks
) -> Iterator[KeptAnswer]:
    """
    The answers of one page.

    Args:
        surface: the page.
        answers: what its reads answered.
        embedded: name and content of answers that came with the page.
        masks: of the visit.
    """
    for answer in answers:
        shape = _Shape(masks)
        data = shape.of(answer.data)
        part = answer.filtered or answer.continued
        yield KeptAnswer(surface, answer.operation, answer.status, part, False, data, shape.cut)  # noqa: FBT003
    for operation, found in embedded:
        shape = _Shape(masks)
        yield KeptAnswer(surface, operation, None, False, True, shape.of(found), shape.cut)  # noqa: FBT003


class _Shape:
    """One answer while it is copied without its texts."""

    def __init__(self, masks: Masks) -> None:
        self._masks, self._left = masks, _MOST_VALUES

    @property
    def cut(self) -> bool:
        """Whether something was left out for its size."""
        return self._left < 0

    def of(self, value: Any, key: str = "") -> Any:
        """The value without texts; counts what it holds."""
        self._left -= 1
        if self.cut:
            return None
        if isinstance(value, str):
            kept = (key == _TYPE and value.isidentifier()) or not value
            return value if kept else "[text]"
        if isinstance(value, Mapping):
            return {self._masks.masked(str(name)): self.of(inner, str(name)) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.of(inner, key) for inner in value]
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _ID_FROM:
            return "[id]"
        return value
