"""
How a message arrived: what the user's own server wrote above it, and to whom it delivered it.

Whoever sends a message writes its header as well. So a field counts only where a server that prepends its own puts it:
above everything that a sender writes, and above the first hop at somebody else's server.

Below the header, the same question: whether the bytes can be read in one way only. A signature that leaves out
Content-Type lets whoever sends the message on say that the same bytes are of another kind, so that other words are
shown. Bytes that make sense as one kind alone leave no such choice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import getaddresses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

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
        for method in {method for method, _, _ in results}:
            outcomes = tuple(sorted((outcome, about) for of, outcome, about in results if of == method))
            if said.setdefault(method, outcomes) != outcomes:
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


_CHARSETS = re.compile(r"utf-?8|us-ascii|ascii|iso-8859-\d+|windows-125\d|latin-?1")
_PART_WITHIN = re.compile(rb"^--\S.*\r?\n(?:[ \t]*\r?\n)*(?:[\w-]+:.*\r?\n)*content-", re.IGNORECASE | re.MULTILINE)
"""A line that could part a message, with the header of a part below it."""
_TAGS = re.compile(r"<(?:!--|/?(?:html|body|head|style|table|div|p|br|span|a)\b)", re.IGNORECASE)
_ENCODED_LETTER = re.compile(rb"=(?:3[0-9]|4[1-57-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])")
"""A letter or digit that no program encodes, but for an F ("From" at the start of a line)."""
_NOT_QUOTED_PRINTABLE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*$)|[^\x00-\x7f]")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*")
_FILLERS = frozenset({"", "this is a multi-part message in mime format."})


def reads_one_way(raw: bytes) -> bool:
    """Whether a message's body makes sense only as the kind of text that its header says."""
    message = message_from_bytes(raw)
    if message.get_content_maintype() != "multipart":
        return _one_kind(message)
    parts = [part for part in message.walk() if part.get_content_maintype() != "multipart"]
    wholes = [part for part in message.walk() if part.get_content_maintype() == "multipart"]
    if any(part.defects for part in wholes) or any(_filled(part.preamble, part.epilogue) for part in wholes):
        return False
    return bool(parts) and all(part.get_content_maintype() == "image" or _one_kind(part) for part in parts)


def _filled(*around: str | None) -> bool:
    """Whether words stand before the first or after the last part, where nobody sees them."""
    return any((text or "").strip().casefold() not in _FILLERS for text in around)


def _one_kind(part: Message) -> bool:
    if part.get_content_type() not in {"text/plain", "text/html"} or part.defects:
        return False
    if not _CHARSETS.fullmatch((part.get_content_charset() or "utf-8").lower()):
        return False
    data, text = _bytes_of(part), part.get_payload(decode=True)
    if _PART_WITHIN.search(data) or not isinstance(text, bytes) or _PART_WITHIN.search(text):
        return False
    shown = text.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if part.get_content_type() == "text/html":
        return shown.startswith("<") and _encoding_fits(part, data)
    return not _TAGS.search(shown) and _encoding_fits(part, data)


def _bytes_of(part: Message) -> bytes:
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _encoding_fits(part: Message, data: bytes) -> bool:
    """
    Whether the bytes are in the encoding that the header names.

    As they stand they show every word that any other reading of them could; only a decoding can make words.
    """
    encoding = str(part.get("content-transfer-encoding", "7bit")).strip().lower()
    if encoding == "base64":
        return bool(_BASE64.fullmatch(data))
    if encoding == "quoted-printable":
        return not _NOT_QUOTED_PRINTABLE.search(data) and not _ENCODED_LETTER.search(data)
    return encoding in {"7bit", "8bit", ""}
