"""Two page sources: one that writes down what a live tab answers, and one that answers from what was written down."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from automation.core.errors import CheckError
from automation.page import Node
from automation.page.read_page import DataResponse
from automation.page.source import LoadedPage, PageSource, Sought
from tests.stored.tape import Move, node_key

T = TypeVar("T")


class NotRecorded(AssertionError):
    """The reader does something that it did not do when the visit was recorded."""


class Recording:
    """
    A page source that lets another one work, and writes down what it answers.

    Args:
        source: of a live tab.
        moves: where it is written.
    """

    def __init__(self, source: PageSource, moves: list[Move]) -> None:
        self._source, self._moves = source, moves
        moves.append(Move(("begin",)))

    @property
    def address(self) -> str:
        """Of the present page, whole."""
        return self._source.address

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        answers = self._source.answers
        self._moves[-1].answers.append(answers)
        return answers

    async def go(self, target: str) -> int | None:
        """Go to an address."""
        return await self._move(self._source.go(target), "go", target)

    async def leave(self) -> None:
        """Leave the page."""
        await self._move(self._source.leave(), "leave")

    async def follow(self, node: Node) -> bool:
        """Click a node."""
        return await self._move(self._source.follow(node), "follow", *node_key(node))

    async def scroll_to_end(self) -> None:
        """Scroll to the page's end."""
        await self._move(self._source.scroll_to_end(), "scroll_to_end")

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll to a node."""
        await self._move(self._source.scroll_to_middle(node), "scroll_to_middle", *node_key(node))

    async def make_taller(self) -> None:
        """Make the window taller."""
        await self._move(self._source.make_taller(), "make_taller")

    async def pause(self, seconds: float) -> None:
        """Let the page stand."""
        await self._move(self._source.pause(seconds), "pause")

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """Wait until the page stands still."""
        return await self._look(self._source.settled(quiet_s, until))

    async def look(self) -> LoadedPage:
        """The page as it is now."""
        return await self._look(self._source.look())

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Those that an address gets."""
        cookies = await self._source.cookies(url)
        self._moves[-1].cookies.append((url, cookies))
        return cookies

    async def bring_to_front(self) -> None:
        """Bring this tab before the others."""
        await self._source.bring_to_front()

    async def _move(self, doing: Awaitable[T], *done: str) -> T:
        move = Move(done)
        self._moves.append(move)
        try:
            outcome = await doing
        except CheckError as error:
            move.outcome = error
            raise
        finally:
            move.address = self._source.address
        move.outcome = outcome
        return outcome

    async def _look(self, looking: Awaitable[LoadedPage]) -> LoadedPage:
        move = self._moves[-1]
        try:
            page = await looking
        except CheckError as error:
            move.pages.append(error)
            raise
        move.pages.append(page)
        move.address = page.address
        return page


class Playing:
    """
    A page source that answers from a recording.

    The moves have to be those that were recorded, in their order; how often the page is looked at in between is free.

    Args:
        name: of the visit.
        moves: of one tab.
    """

    def __init__(self, name: str, moves: list[Move]) -> None:
        self._name, self._moves = name, iter(moves)
        self._move = next(self._moves)
        self._asked: dict[str, int] = {}

    @property
    def address(self) -> str:
        """Of the present page, whole."""
        return self._move.address

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        if self._move.answers:
            return self._next("answers", self._move.answers)
        shown = self._move.pages[-1] if self._move.pages else None
        return () if shown is None or isinstance(shown, CheckError) else shown.answers

    async def go(self, target: str) -> int | None:
        """Go to an address."""
        status: int | None = self._next_move("go", target)
        return status

    async def leave(self) -> None:
        """Leave the page."""
        self._next_move("leave")

    async def follow(self, node: Node) -> bool:
        """Click a node."""
        return bool(self._next_move("follow", *node_key(node)))

    async def scroll_to_end(self) -> None:
        """Scroll to the page's end."""
        self._next_move("scroll_to_end")

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll to a node."""
        self._next_move("scroll_to_middle", *node_key(node))

    async def make_taller(self) -> None:
        """Make the window taller."""
        self._next_move("make_taller")

    async def pause(self, seconds: float) -> None:
        """Let the page stand; nobody waits here."""
        self._next_move("pause")

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """The page as it stood still then."""
        return await self.look()

    async def look(self) -> LoadedPage:
        """The page as it was then."""
        if not self._move.pages:
            raise NotRecorded(f"{self._name}: nobody looked after {self._move.done}; record anew: make snapshots")
        shown = self._next("pages", self._move.pages)
        if isinstance(shown, CheckError):
            raise shown
        return shown

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Those that an address got."""
        asked = [cookies for address, cookies in self._move.cookies if address == url]
        if not asked:
            raise NotRecorded(f"{self._name}: cookies of {url} were not asked for; record anew: make snapshots")
        return self._next(f"cookies {url}", asked)

    async def bring_to_front(self) -> None:
        """There is nothing to see."""

    def _next(self, what: str, given: list[T]) -> T:
        number = self._asked[what] = self._asked.get(what, -1) + 1
        return given[min(number, len(given) - 1)]

    def _next_move(self, *done: str) -> Any:
        move = next(self._moves, None)
        if move is None or move.done != done:
            was = move.done if move else "the end"
            raise NotRecorded(f"{self._name}: {done} instead of {was}; record anew: make snapshots")
        self._move, self._asked = move, {}
        if isinstance(move.outcome, CheckError):
            raise move.outcome
        return move.outcome
