"""
How a message arrived: what the user's own server wrote above it, and to whom it delivered it.

Whoever sends a message writes its header as well. So a field counts only where a server that prepends its own puts it:
above everything that a sender writes, and above the first hop at somebody else's server.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import getaddresses

Headers = Sequence[tuple[bytes, bytes]]
"""Field name and value, topmost first."""

_BY_THE_SENDER = frozenset(
    {"from", "to", "cc", "sender", "reply-to", "subject", "date", "message-id", "mime-version", "content-type"}
)
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s+<([^<>\s]+@[^<>\s]+)>", re.IGNORECASE)
_INTERNAL = (".local", ".internal", ".lan", ".localdomain", ".home.arpa")
"""Names that only mean something within a network: a hop there is nobody else's server."""


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What the user's own server found on arrival (`Authentication-Results`, RFC 8601)."""

    server: str
    dkim: frozenset[str] = frozenset()
    """Domains whose signature it found valid."""
    dmarc: str | None = None
    """The sender's domain for which DMARC passed; empty where it did not; None where it says nothing of DMARC."""
    mail_from: str = ""
    """The domain of the envelope's sender, where SPF passed."""

    def vouches(self, domain: str) -> bool:
        """Whether DMARC did not fail, and a signature speaks for the sender's domain."""
        return self.dmarc != "" and any(speaks_for(by, domain) for by in self.dkim)

    def came_straight(self, domain: str) -> bool:
        """
        Whether the sender's own server handed the message in: nobody else had it in between.

        DMARC passed for the sender's domain, and SPF by that domain, not only by a signature that travels along.
        """
        aligned = speaks_for(self.mail_from, domain) or speaks_for(domain, self.mail_from)
        return bool(self.dmarc) and speaks_for(self.dmarc or "", domain) and aligned


def speaks_for(by: str, domain: str) -> bool:
    """Whether one domain answers for another: the same, or one below it."""
    return "." in by and (domain == by or domain.endswith(f".{by}"))


def report_of(headers: Headers, trusted: Collection[str]) -> ServerReport | None:
    """
    What the user's own server reports; None where it reports nothing that counts.

    One server may write several fields, one a method. Where two of them say different things of one method, somebody
    else wrote one of them, and none counts.

    Args:
        headers: all of the message's.
        trusted: names, lower case, under which the user's own server writes `Authentication-Results`.
    """
    server = ""
    said: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, value in _on_arrival(headers, trusted):
        if name != "authentication-results":
            continue
        by, results = _parsed(value)
        if by not in trusted or (server and by != server):
            continue
        server = by
        found: dict[str, list[tuple[str, str]]] = {}
        for method, outcome, about in results:
            found.setdefault(method, []).append((outcome, about))
        for method, outcomes in found.items():
            if said.setdefault(method, tuple(sorted(outcomes))) != tuple(sorted(outcomes)):
                return None
    if not said:
        return None
    dmarc = said.get("dmarc")
    return ServerReport(
        server,
        dkim=frozenset(about for outcome, about in said.get("dkim", ()) if outcome == "pass"),
        dmarc=next((about for outcome, about in dmarc if outcome == "pass"), "") if dmarc else None,
        mail_from=next((about for outcome, about in said.get("spf", ()) if outcome == "pass" and about), ""),
    )


def delivered_to(raw: bytes, trusted: Iterable[str]) -> tuple[str, ...]:
    """
    The addresses to which a message was delivered, lower case: of the mailbox, and of the alias that led there.

    Args:
        raw: the message as the server holds it, or its header.
        trusted: names of the user's own servers.
    """
    found: list[str] = []
    items = ((name, str(value)) for name, value in message_from_bytes(raw).raw_items())
    headers = [(name.encode("ascii", "replace"), value.encode("utf-8", "surrogateescape")) for name, value in items]
    for name, value in _on_arrival(headers, {name.lower() for name in trusted}):
        if name in _DELIVERED:
            found += [address.lower() for _, address in getaddresses([value]) if "@" in address]
        elif name == "received":
            found += [match[1].lower() for match in _FOR.finditer(value)]
    return tuple(dict.fromkeys(found))


def _on_arrival(headers: Iterable[tuple[bytes, bytes]], trusted: Collection[str]) -> Iterator[tuple[str, str]]:
    """The fields that the user's own servers put on top."""
    for raw, value in headers:
        name, text = raw.decode("ascii", "replace").lower(), value.decode("utf-8", "replace")
        if name in _BY_THE_SENDER:
            return
        if name == "received" and _is_elsewhere(text, trusted):
            return
        yield name, text


def _is_elsewhere(received: str, trusted: Collection[str]) -> bool:
    """Whether a hop was at a server that is known to be none of the user's own."""
    match = _BY.search(_without_comments(received))
    host = match[1].lower().rstrip(".") if match else ""
    if not re.search(r"\.[a-z]{2,}$", host) or host.endswith(_INTERNAL):
        return False  # a number or a name within a network
    return not any(_is_neighbour(host, own) for own in trusted)


def _is_neighbour(host: str, own: str) -> bool:
    parent = own.partition(".")[2]
    return host == own or host.endswith(f".{own}") or ("." in parent and host.endswith(f".{parent}"))


def _without_comments(value: str) -> str:
    while (without := re.sub(r"\((?:[^()\\]|\\.)*\)", " ", value)) != value:
        value = without
    return value


def _parsed(value: str) -> tuple[str, list[tuple[str, str, str]]]:
    """The server's name, and each result: its method, its outcome and the domain that it is about; all lower case."""
    plain = _without_comments(re.sub(r'"(?:[^"\\]|\\.)*"', "", value))
    server, *parts = (" ".join(part.split()).lower() for part in plain.split(";"))
    results = []
    for part in parts:
        match = re.match(r"(dkim|dmarc|spf)(?:/\d+)? ?= ?(\w+)", part)
        if match:
            results.append((match[1], match[2], _about(match[1], part)))
    return server.partition(" ")[0], results


_PROPERTIES = {"dkim": ("header.d", "header.i"), "dmarc": ("header.from",), "spf": ("smtp.mailfrom", "smtp.mail")}


def _about(method: str, result: str) -> str:
    for name in _PROPERTIES[method]:
        match = re.search(rf"(?<![\w.]){re.escape(name)} ?= ?([^\s;]+)", result)
        if match:
            return match[1].rpartition("@")[2].strip("<>")
    return ""
