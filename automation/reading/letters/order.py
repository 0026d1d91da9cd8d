"""Which of two turns came first: by their dates, and where pages write "2 w" in place of one, by their ages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key
from itertools import combinations, pairwise

from automation.reading.threads.turns import Turn
from automation.reading.threads.words import in_order


def came_first(turn: Turn, other: Turn) -> bool | None:
    """Whether a turn came before another one; None where neither dates nor ages tell. One of each tells nothing."""
    if turn.at is not None and other.at is not None:
        return in_order(turn.at, other.at)
    if turn.age is not None and other.age is not None and turn.at is None and other.at is None:
        return turn.age.is_older(other.age)
    return None


def is_later(turn: Turn, other: Turn) -> bool:
    """Whether a turn is known to be later."""
    return came_first(other, turn) is True


def latest_first(turns: Sequence[Turn]) -> bool | None:
    """Whether the page shows the newest turn first; None where no two dates or ages tell."""
    placed = [turn for turn in turns if turn.at is not None] or [turn for turn in turns if turn.age is not None]
    orders = [came_first(one, next_one) for one, next_one in pairwise(placed)]
    ups, downs = orders.count(True), orders.count(False)
    return None if ups == downs else downs > ups


def by_time(turns: Sequence[Turn], newest_first: bool | None) -> list[Turn] | None:
    """Turns, oldest first; None where neither dates nor the page's order tell."""
    if len(turns) == 1:
        return list(turns)
    if all(came_first(one, other) is not None for one, other in combinations(turns, 2)):
        return sorted(turns, key=cmp_to_key(_compared))
    if newest_first is None:
        return None
    return list(reversed(turns)) if newest_first else list(turns)


def _compared(one: Turn, other: Turn) -> int:
    return -1 if came_first(one, other) else 1
