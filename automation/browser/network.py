"""Listening to what one tab asks for and gets; it asks for nothing itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Error, Page, Request, Response

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from automation.browser.capture import NetworkLog

_CERTIFICATE_S = 5.0


class Listener:
    """Notes a tab's answers in the log of the visit."""

    def __init__(self, page: Page, log: NetworkLog) -> None:
        self._log = log
        self._asking: set[asyncio.Task[None]] = set()
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)
        page.on("console", self._on_console)
        page.on("pageerror", lambda _: log.said("exception"))

    def _on_response(self, response: Response) -> None:
        request = response.request
        if urlsplit(response.url).scheme not in {"http", "https"}:
            return
        self._log.answered(request.method, response.url, response.status, request.resource_type)
        host = (urlsplit(response.url).hostname or "").lower()
        if request.resource_type == "document":
            timing = request.timing
            start = timing["startTime"] / 1000
            sent, received = start + timing["requestStart"] / 1000, start + timing["responseStart"] / 1000
            self._log.date(host, response.headers.get("date", ""), sent, received)
            self._ask(self._body(response))
        elif self._log.wants_certificate(host):  # not of documents: the guard hands those on without
            self._ask(self._certificate(host, response))

    def _ask(self, question: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(question)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def _on_failed(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https"}:
            self._log.answered(request.method, request.url, None, request.resource_type)

    def _on_console(self, message: ConsoleMessage) -> None:
        self._log.said(message.type)

    async def _body(self, response: Response) -> None:
        try:
            body = await response.body()
        except Error:  # a redirect has none; and the page may have moved on
            return
        self._log.given(response.request.method, response.url, response.status, "document", body)

    async def _certificate(self, host: str, response: Response) -> None:
        try:
            async with asyncio.timeout(_CERTIFICATE_S):
                details = await response.security_details()
        except (Error, TimeoutError):
            return
        if details:
            self._log.certificate(host, details)
