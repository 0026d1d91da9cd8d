"""What the reads that fill a list answered: from the network, or embedded in the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from automation.page import PageView, walk

if TYPE_CHECKING:
    from automation.page.read_page import DataResponse, ReadPage


def data_of(visit: ReadPage, operations: frozenset[str]) -> list[Any]:
    """What the reads said, without the wrapping that GraphQL puts around it."""
    return data_in(visit.answers, visit.view, operations)


def data_in(answers: tuple[DataResponse, ...], view: PageView, operations: frozenset[str]) -> list[Any]:
    """The same, of answers and a page."""
    answered = [a.data for a in answers if a.data is not None]
    inner = [_unwrapped(a) for a in answered]
    return inner + [d for _, d in in_page(view, operations)]


def in_page(view: PageView, operations: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Answers of the listed reads that came embedded in the page."""
    for piece in view.embedded:
        for value in walk(piece):
            if isinstance(value, list):
                named = [s for s in value if isinstance(s, str) and any(op in s for op in operations)]
                for inner in value if named else ():
                    for deep in walk(inner):
                        if isinstance(deep, Mapping) and isinstance(deep.get("data"), Mapping):
                            yield named[0], _unwrapped(deep)
                            break
            elif isinstance(value, Mapping):
                for key, inner in value.items():
                    if key in operations and isinstance(inner, Mapping):
                        yield key, inner.get("data", inner)


def empty_by_data(visit: ReadPage, operations: frozenset[str]) -> bool:
    """Whether the reads that fill the list all answered, with an empty list and without one object in any list."""
    lists = lists_of(visit, operations)
    whole = not any(_unfinished(piece) for piece in data_of(visit, operations))
    return whole and any(not found for found in lists) and count_by_data(visit, operations) == 0


def _unfinished(data: Any) -> bool:
    """Whether an answer leaves something open: a null where something could be, or more to come."""
    for value in walk(data):
        if isinstance(value, Mapping):
            if any(inner is None and "cursor" not in key.lower() for key, inner in value.items()):
                return True
            if value.get("hasNext") is True or value.get("is_final") is False:
                return True
    return False


def count_by_data(visit: ReadPage, operations: frozenset[str]) -> int:
    """How many objects the longest list in the answers holds."""
    counts = [sum(isinstance(e, Mapping) for e in found) for found in lists_of(visit, operations)]
    return max(counts, default=0)


def lists_of(visit: ReadPage, operations: frozenset[str]) -> list[list[Any]]:
    """Every list in what the reads said."""
    return lists_in(visit.answers, visit.view, operations)


def lists_in(answers: tuple[DataResponse, ...], view: PageView, operations: frozenset[str]) -> list[list[Any]]:
    """The same, of answers and a page."""
    return [v for piece in data_in(answers, view, operations) for v in walk(piece) if isinstance(v, list)]


def says(data: Any, key: str) -> bool:
    """Whether a piece of data holds a key that is true."""
    return any(isinstance(value, Mapping) and value.get(key) is True for value in walk(data))


def has_errors(data: Any) -> bool:
    """Whether an answer is none: no data, or errors beside it."""
    return data is None or (isinstance(data, Mapping) and bool(data.get("errors")))


def _unwrapped(answer: Any) -> Any:
    """What is inside GraphQL's wrapping; with it where the wrapping says that more is to come."""
    if not isinstance(answer, Mapping) or "data" not in answer:
        return answer
    extensions = answer.get("extensions")
    final = extensions.get("is_final") if isinstance(extensions, Mapping) else None
    if answer.get("hasNext") is True or final is False:
        return {"data": answer["data"], "hasNext": True}
    return answer["data"]
