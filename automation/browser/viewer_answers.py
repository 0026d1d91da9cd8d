"""Listening to what a tab's document is answered when it asks its service who is signed in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error, Page, Request, Response

from automation.page.read_page import asks_who, person_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from automation.flow.site import Site

_DATA = frozenset({"xhr", "fetch"})
_MOST_BYTES = 200_000


class ViewerAnswers:
    """
    The latest answer of each such read, for as long as the document stands that asked: routes behind `#` are one.

    Args:
        page: the tab, before it goes anywhere.
        site: whose own hosts count, and how their answers are read.
    """

    def __init__(self, page: Page, site: Site) -> None:
        self._owns: Callable[[str], bool] = site.owns
        self._parsed = site.reads.parsed
        self._people: dict[str, Mapping[str, Any]] = {}
        self._asked: set[Request] = set()
        self._reading: set[asyncio.Task[None]] = set()
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    @property
    def people(self) -> tuple[Mapping[str, Any], ...]:
        """What the answers say of who is signed in."""
        return tuple(self._people.values())

    @property
    def waiting(self) -> bool:
        """Whether an answer is still being read."""
        return bool(self._reading)

    def _on_request(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._asked.clear()
            self._people.clear()
        elif self._asks(request):
            self._asked.add(request)

    def _asks(self, request: Request) -> bool:
        reads = request.method == "GET" and request.resource_type in _DATA
        return reads and self._owns(request.url) and asks_who(urlsplit(request.url).path)

    def _on_response(self, response: Response) -> None:
        if response.request in self._asked:
            task = asyncio.ensure_future(self._read(response))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, response: Response) -> None:
        body = b""
        if response.ok:
            try:
                body = await response.body()
            except Error:  # the page has moved on
                return
        if response.request not in self._asked:
            return
        person = person_in(self._parsed(body)) if len(body) <= _MOST_BYTES else None
        path = urlsplit(response.url).path
        self._people.pop(path, None)  # nobody is signed in any more, or it says no longer who
        if person is not None:
            self._people[path] = person
