"""
A real application behind TLS at a made-up host name: PHP's own server, and a proxy that ends TLS and counts.

Who asks for what is counted here, in front of the application and outside of the engine.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from starlette.types import Receive, Scope, Send

from automation.authoring.replica import server
from automation.guard.certificate import self_signed
from tests.real.turning import Answer, Turning

_READS = {"GET", "HEAD"}
_HOP_BY_HOP = {b"connection", b"keep-alive", b"transfer-encoding", b"host"}
_WORKERS = 3
_STARTS_IN_S = 15.0


@dataclass(frozen=True)
class Asked:
    """One request that reached the application."""

    method: str
    path: str
    """With its query."""
    body: str = field(default="", repr=False)


@dataclass
class Served:
    """An application that is running."""

    host: str
    inside: str
    """Its address without TLS, for changing settings as its owner would, past the browser."""
    address: str
    """Where TLS is spoken, as `127.0.0.1:PORT`."""
    spki: str
    asked: list[Asked] = field(default_factory=list)
    turning: Turning = field(default_factory=Turning)
    """What the browser gets in place of the application's answers."""

    @property
    def replica_map(self) -> dict[str, str]:
        """For `browser.replica_map`."""
        return {self.host: self.address}

    @property
    def writes(self) -> list[Asked]:
        """Every request that is no read by its method."""
        return [one for one in self.asked if one.method not in _READS]

    @contextmanager
    def turned(self, turning: Turning) -> Iterator[None]:
        """Have the proxy turn the application's answers against the person, for the block."""
        self.turning = turning
        try:
            yield
        finally:
            self.turning = Turning()


class _Proxy:
    """Passes every request on as it came, and says that it came over TLS."""

    served: Served
    """What it stands before: to be told before anybody asks."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        query = scope["query_string"].decode("ascii")
        path = scope["raw_path"].decode("ascii") + (f"?{query}" if query else "")
        body, disconnected = await _body(receive)
        self.served.asked.append(Asked(scope["method"], path, body.decode(errors="replace")))
        if disconnected:
            return
        headers = [(k, v) for k, v in scope["headers"] if k not in {*_HOP_BY_HOP, b"accept-encoding"}]  # httpx's own
        headers += [(b"host", self.served.host.encode()), (b"x-forwarded-proto", b"https")]
        try:
            answer = await self._client.request(scope["method"], path, content=body or None, headers=headers)
        except httpx.HTTPError as error:
            await send({"type": "http.response.start", "status": 502, "headers": []})
            await send({"type": "http.response.body", "body": str(error).encode()})
            return
        # httpx has taken the transfer apart and the compression off; the server that ends TLS says the date.
        dropped = {b"connection", b"transfer-encoding", b"content-encoding", b"content-length", b"date"}
        kept = tuple((k.lower(), v) for k, v in answer.headers.raw if k.lower() not in dropped)
        said = self.served.turning.turned(
            path, Answer(answer.status_code, kept, answer.content), is_write=scope["method"] not in _READS
        )
        await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
        await send({"type": "http.response.body", "body": said.content})


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """What of a request's body came, and whether the browser went away before its end."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body, True
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body, False


@asynccontextmanager
async def over_tls(host: str, inside: str) -> AsyncIterator[Served]:
    """Put TLS with a certificate of its own before an application that listens on loopback."""
    certificate = self_signed(host)
    async with httpx.AsyncClient(base_url=inside, timeout=30.0, follow_redirects=False) as client:
        proxy = _Proxy(client)
        async with server.over_tls(proxy, certificate) as address:
            proxy.served = served = Served(host, inside, address, certificate.spki)
            yield served


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def php(root: Path, environment: Mapping[str, str], settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """
    Run PHP's own server on loopback; its address.

    Args:
        root: the application's folder.
        environment: more variables.
        settings: php.ini values.
    """
    port = free_port()
    given = [part for name, value in (settings or {}).items() for part in ("-d", f"{name}={value}")]
    program = shutil.which("php")
    assert program is not None
    process = subprocess.Popen(
        [program, *given, "-S", f"127.0.0.1:{port}", "-t", str(root)],
        env={**os.environ, "PHP_CLI_SERVER_WORKERS": str(_WORKERS), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + _STARTS_IN_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None, "php -S ended at once"
            assert time.monotonic() < deadline, "php -S does not listen"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(10)


def playwright_cookies(client: httpx.Client, host: str) -> list[dict[str, object]]:
    """The cookies that a client was given, as Playwright takes those of a host."""
    return [
        {
            "name": one.name,
            "value": str(one.value),
            "domain": host,
            "path": one.path,
            "expires": -1,
            "httpOnly": True,
            "secure": True,
            "sameSite": "Lax",
        }
        for one in client.cookies.jar
    ]
