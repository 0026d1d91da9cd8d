"""Asks a replica's application without a network: fast enough to render every page of every account."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from automation.authoring.replica import ReplicaSite
from automation.authoring.replica.service import ReplicaService
from automation.authoring.replica.site import WriteLedger

_SJS = re.compile(r'<script type="application/json"[^>]*data-sjs>(.*?)</script>', re.DOTALL)


@dataclass
class Reply:
    """One answer. `status` is 0 where none came."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str]

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("location", "")

    def defined(self, name: str) -> Any:
        """A value that the page hands to its script."""
        for script in _SJS.findall(self.text):
            for call in json.loads(script)["require"]:
                for entry in call[3][0]["__bbox"].get("define") or []:
                    if entry[0] == name:
                        return entry[2]
        raise AssertionError(f"the page defines no {name}")


class Asker:
    """A browser without a screen: keeps no cookies of its own, follows nothing."""

    def __init__(self, *sites: ReplicaSite) -> None:
        self.ledger = WriteLedger()
        self._service = ReplicaService(sites, self.ledger, 0.0, asyncio.Event())

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        form: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        language: str = "",
    ) -> Reply:
        """Send one request; a form makes the body."""
        parts = urlsplit(url)
        body = urlencode(form or {}).encode()
        headers = [
            (b"host", parts.netloc.encode()),
            (b"accept-language", language.encode()),
            (b"cookie", "; ".join(f"{key}={value}" for key, value in (cookies or {}).items()).encode()),
        ]
        scope = {
            "type": "http",
            "method": method,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": headers,
            "scheme": "https",
            "server": (parts.netloc, 443),
            "http_version": "1.1",
        }
        told = [{"type": "http.request", "body": body, "more_body": False}]
        got: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return told.pop(0) if told else {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            got.append(message)

        await self._service(scope, receive, send)
        return _reply(got)


def _reply(got: list[MutableMapping[str, Any]]) -> Reply:
    start = next(message for message in got if message["type"] == "http.response.start")
    pairs = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
    cookies = {}
    for name, value in pairs:
        if name == "set-cookie":
            key, _, rest = value.partition("=")
            cookies[key] = rest.partition(";")[0].strip('"')
    body = b"".join(message.get("body", b"") for message in got if message["type"] == "http.response.body")
    return Reply(start["status"], dict(pairs), body.decode(), cookies)
