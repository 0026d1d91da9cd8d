"""What was done on a visit, in order: a line for each step, with its time by two clocks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from automation.core.errors import TemoinError
from automation.core.records import JournalEntry
from automation.core.verdicts import Reason

if TYPE_CHECKING:
    from automation.browser.capture.masks import Masks

_MOST = 2000
_RESTLESS = "it did not come to rest in time"


@dataclass(slots=True)
class Deed:
    """What an action finds out on its way."""

    after: str = ""
    status: int | None = None
    note: str = ""
    at_rest: bool = True
    """Whether the page stood still within the time for it."""


class Journal:
    """
    The journal of one visit. Addresses are masked only when it is written: names are learnt on the way.

    Args:
        follow: told each action and what it concerns, as it begins.
    """

    def __init__(self, follow: Callable[[str, str], None] = lambda _action, _what: None) -> None:
        self._entries: list[JournalEntry] = []
        self._restless: dict[str, None] = {}
        self._follow = follow

    @contextmanager
    def doing(self, action: str, what: str = "", *, before: str = "") -> Iterator[Deed]:
        """
        Note an action that begins now, however it ends.

        Args:
            action: one of a few words of our own.
            what: the surface or step; nothing that a page said.
            before: address of the page.
        """
        at, began = datetime.now(UTC), time.monotonic_ns()
        deed = Deed()
        self._follow(action, what)

        def ended(_kind: object, error: BaseException | None, _trace: object) -> None:
            if not deed.at_rest or _reason(error) is Reason.TIMEOUT:
                self._restless[what] = None
            if len(self._entries) < _MOST:
                number, took = len(self._entries) + 1, time.monotonic_ns() - began
                note = "; ".join(filter(None, (deed.note, "" if deed.at_rest else _RESTLESS, _ending(error))))
                self._entries.append(
                    JournalEntry(number, at, began, took, action, what, before, deed.after, deed.status, note)
                )

        with ExitStack() as stack:
            stack.push(ended)
            yield deed

    @property
    def restless(self) -> tuple[str, ...]:
        """The surfaces of which a page did not come, or did not stand still, in time."""
        return tuple(self._restless)

    def done(self, action: str, what: str = "", note: str = "") -> None:
        """Note what has just happened."""
        with self.doing(action, what) as deed:
            deed.note = note

    def lines(self, masks: Masks | None) -> bytes:
        """
        JSON Lines; empty where nothing was done.

        Args:
            masks: what they learnt hides names and ids; without any, addresses are left out.
        """
        adapter = TypeAdapter(JournalEntry)

        def masked(url: str) -> str:
            return masks.masked_url(url) if masks and url else ""

        found = (replace(entry, before=masked(entry.before), after=masked(entry.after)) for entry in self._entries)
        return b"".join(adapter.dump_json(entry) + b"\n" for entry in found)


def _ending(error: BaseException | None) -> str:
    if error is None:
        return ""
    return f"ended by {_reason(error) or type(error).__name__}"


def _reason(error: BaseException | None) -> Reason | None:
    return getattr(error, "reason", None) if isinstance(error, TemoinError) else None
