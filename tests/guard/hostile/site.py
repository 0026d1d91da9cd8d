"""
A hostile site on loopback: pages that try every way out they know, and a server that counts what arrives.

Hosts: `site.test` and `near.site.test` are the ones a policy lists, `away.test` is not. All are served here, so
that an unguarded browser reaches them all.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from automation.guard.certificate import self_signed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NO_STORE = "Cache-Control: no-store\r\n"
HERE = Path(__file__).parent
_SCRIPTS = {
    f"/{name}": (HERE / name).read_text() for name in ("quiet.js", "further.js", "leaving.js", "page.js", "attacks.js")
}
LEAVING = tuple(re.findall(r"^  (\w+): ", _SCRIPTS["/leaving.js"], re.MULTILINE))
"""The ways that take the page away with them, by name."""
_PAGE = """<!doctype html><title>loading</title><button id=go>go</button>
<script src=/quiet.js></script><script src=/further.js></script>
<script src=/leaving.js></script><script src=/page.js></script>"""
FORM = """<!doctype html><title>form</title><script src=/attacks.js></script>
<form method=post action=/objection><textarea name=reason>I object.</textarea><input type=hidden name=form value=7>
<input type=hidden name=account value=1001><input type=hidden name=token value=Zx81kLm2><button>Send</button></form>"""
"""What a person reviews and sends, on a page that may do something else."""
_OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url")
_REPORTS = "https://{host}/hit/{moment}.report_{kind}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that reached the server."""

    method: str
    host: str
    target: str
    body: bytes
    upgrade: bool
    override: bool
    asks_to: str = ""
    """Of a preflight: the method of what would come next."""

    @property
    def channel(self) -> str:
        """`moment.channel`, as the address carries it; empty for the site's own pages."""
        path = urlsplit(self.target).path
        if path.startswith("/hit/"):
            return unquote(path.removeprefix("/hit/"))
        return parse_qs(urlsplit(self.target).query).get("c", [""])[0]

    @property
    def writes(self) -> bool:
        """Whether this changes something, were the site a real one."""
        path, query = urlsplit(self.target).path, urlsplit(self.target).query
        if self.upgrade or self.override:
            return True
        if self.method in {"GET", "HEAD"}:
            by_address = ("_method=", "method=post", "action=", "fb_dtsg=", "Mutation")
            return path in {"/logout.php", "/x/Confirm%2Fnow", "/registration"} or any(
                part in query for part in by_address
            )
        if self.method == "OPTIONS" and self.asks_to == "GET":
            return False  # a browser asks whether it may read
        if path == "/read":
            return b"_method" in self.body
        if path == "/api/graphql/":
            return not self.body or any(word in self.body + query.encode() for word in (b"Mutation", b"doc_id=666"))
        return True


@dataclass
class Site:
    """What arrived, and where the site listens."""

    port: int = 0
    """TLS."""
    raw: int = 0
    """Plain TCP: whatever connects here came past every proxy."""
    datagrams: int = 0
    """UDP."""
    spki: str = ""
    """Base64 SHA-256 of its public key, for `--ignore-certificate-errors-spki-list`."""
    arrivals: list[Arrival] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    """What came as no request: `raw`, `datagram`, `bytes` (inside TLS)."""
    resumed: list[bool] = field(default_factory=list)
    """Of each TLS connection: whether it went on from the TLS session of an earlier one."""
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    """Pages that a test adds: path → status, header lines with their line ends, body."""

    @property
    def writes(self) -> set[str]:
        """Channels by which a write arrived, strays among them."""
        return {a.channel or f"{a.method} {a.target}" for a in self.arrivals if a.writes} | set(self.strays)

    @property
    def away(self) -> set[str]:
        """Channels by which something reached the host that is not listed."""
        return {a.channel for a in self.arrivals if a.host == "away.test"}

    @property
    def reads(self) -> set[str]:
        """Channels by which a read arrived at a listed host."""
        return {a.channel for a in self.arrivals if not a.writes and a.host != "away.test"}

    def page(self, moment: str, only: str = "", table: str = "QUIET") -> str:
        """The address of a page that acts at this moment by a table's ways; `only` names one way of leaving."""
        return f"https://site.test/page?moment={moment}&datagrams={self.datagrams}&raw={self.raw}&table={table}" + (
            f"&only={only}" if only else ""
        )


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, site: Site) -> None:
        self._site = site

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._site.strays.append("datagram")


@contextlib.asynccontextmanager
async def hostile_site() -> AsyncIterator[Site]:
    """Serve it until the block ends."""
    site = Site()
    certificate = self_signed("site.test", "near.site.test", "away.test")
    context, site.spki = certificate.context(), certificate.spki
    writers: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        site.resumed.append(bool(writer.get_extra_info("ssl_object").session_reused))
        try:
            while True:
                await _answer(site, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            writers.discard(writer)
            writer.transport.abort()

    async def serve_raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site.strays.append("raw")
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, limit=1 << 20)
    raw = await asyncio.start_server(serve_raw, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    site.raw = raw.sockets[0].getsockname()[1]
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(site), local_addr=("127.0.0.1", 0)
    )
    site.datagrams = udp.get_extra_info("sockname")[1]
    try:
        yield site
    finally:
        udp.close()
        for listener in (server, raw):
            listener.close()
        for writer in tuple(writers):
            writer.transport.abort()
        await asyncio.sleep(0)


async def _answer(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    begun = await reader.readexactly(1)
    if not begun.isalpha():
        site.strays.append("bytes")
        raise ValueError("no request")
    head = (begun + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    site.arrivals.append(
        Arrival(
            method=method,
            host=headers.get("host", "").partition(":")[0],
            target=target,
            body=body,
            upgrade="websocket" in headers.get("upgrade", ""),
            override=not headers.keys().isdisjoint(_OVERRIDES),
            asks_to=headers.get("access-control-request-method", ""),
        )
    )
    status, extra, content = site.pages.get(urlsplit(target).path) or _content(target)
    writer.write(
        f"HTTP/1.1 {status} .\r\nContent-Length: {len(content)}\r\nAccess-Control-Allow-Origin: *\r\n"
        f"Access-Control-Allow-Headers: *\r\nAccess-Control-Allow-Methods: *\r\n"
        f"{'' if 'Cache-Control' in extra else NO_STORE}{extra}\r\n".encode()
        + (b"" if method == "HEAD" else content)
    )
    await writer.drain()


def _content(target: str) -> tuple[int, str, bytes]:
    """Status, further header lines and body of the answer to a target."""
    parts = urlsplit(target)
    query = parse_qs(parts.query)
    html = "Content-Type: text/html\r\n"
    if parts.path in _SCRIPTS:
        return 200, "Content-Type: text/javascript\r\n", _SCRIPTS[parts.path].encode()
    if parts.path == "/page":
        return 200, html, _PAGE.encode()
    if parts.path == "/reports":
        return 200, html + _reporting(query["moment"][0]), _REPORTING_PAGE
    if parts.path == "/form":
        return 200, html, FORM.encode()
    if parts.path == "/serve":
        said = {name: query.get(name, [""])[0] for name in ("body", "type", "headers", "status")}
        lines = {"Content-Type": said["type"], **json.loads(said["headers"] or "{}")}
        extra = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return int(said["status"] or 200), extra, said["body"].encode()
    if parts.path == "/echo":
        return 200, html, f"<!doctype html><script>{query['code'][0]}</script>".encode()
    if parts.path == "/echo.js":
        return 200, "Content-Type: text/javascript\r\nService-Worker-Allowed: /\r\n", query["code"][0].encode()
    if parts.path == "/binding":
        return 200, html + _BINDING.format(tag=query["c"][0]), b"<!doctype html><title>bound</title>"
    if parts.path.startswith("/status/"):
        code = query.get("code", [""])[0]
        asks = "WWW-Authenticate: Basic realm=own\r\n" if parts.path == "/status/401" else ""
        return int(parts.path[8:]), html + asks, f"<!doctype html><title>s</title><script>{code}</script>".encode()
    if parts.path == "/read" and "then" in query:
        return int(query["status"][0]), f"Location: {query['then'][0]}\r\n", b""
    return 200, html, b"<!doctype html><title>blank</title>"


_BINDING = (
    'Secure-Session-Registration: (ES256 RS256);path="/registration?c={tag}";challenge="x"\r\n'
    'Sec-Session-Registration: (ES256 RS256);path="/registration?c={tag}";challenge="x"\r\n'
)
_REPORTING_PAGE = b"""<!doctype html><title>reports</title><img src=/nowhere><script>
eval('1');
try { document.write('<script src=/blank?x></scr' + 'ipt>'); new webkitRTCPeerConnection(); } catch {}
try { document.domain = document.domain; navigator.geolocation.getCurrentPosition(() => 0); } catch {}
fetch('/nel-failure', {method: 'GET'}).catch(() => 0);
</script>"""


def _reporting(moment: str) -> str:
    """Headers by which a page asks the browser itself to send reports."""

    def to(kind: str, host: str = "site.test") -> str:
        return _REPORTS.format(host=host, moment=moment, kind=kind)

    kinds = ("default", "csp", "coop", "coep", "document", "permissions", "integrity")
    endpoints = ", ".join(f'{kind}="{to(kind)}"' for kind in kinds)
    return "".join(
        f"{line}\r\n"
        for line in (
            f"Reporting-Endpoints: {endpoints}",
            "Report-To: " + json.dumps({"group": "nel", "max_age": 3600, "endpoints": [{"url": to("nel")}]}),
            "Report-To: "
            + json.dumps({"group": "old", "max_age": 3600, "endpoints": [{"url": to("old", "away.test")}]}),
            'NEL: {"report_to":"nel","max_age":3600,"success_fraction":1.0,"failure_fraction":1.0}',
            f"Content-Security-Policy-Report-Only: default-src 'none'; report-uri {to('uri')}",
            f"Content-Security-Policy-Report-Only: default-src 'none'; report-uri {to('uri_away', 'away.test')}",
            "Content-Security-Policy-Report-Only: default-src 'none'; report-to csp",
            "Content-Security-Policy-Report-Only: default-src 'none'; report-to old",
            'Cross-Origin-Opener-Policy-Report-Only: same-origin; report-to="coop"',
            'Cross-Origin-Embedder-Policy-Report-Only: require-corp; report-to="coep"',
            "Document-Policy-Report-Only: document-write=?0;report-to=document",
            "Permissions-Policy-Report-Only: geolocation=();report-to=permissions",
            "Integrity-Policy-Report-Only: blocked-destinations=(script), endpoints=(integrity)",
            f"Link: <{to('link', 'away.test')}>; rel=preload; as=image",
        )
    )
