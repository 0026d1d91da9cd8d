"""From the bytes of a message to what a person sees of it: sender, dates, paragraphs, and what is quoted."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from automation.page import Block
from automation.text.normalizing import canonical_locale, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_PARAGRAPHS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
        "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_NOT_SHOWN = frozenset({"head", "script", "style", "template", "title", "noscript", "object", "svg", "select"})
_QUOTING = frozenset({"blockquote", "q", "del", "s", "strike"})
_QUOTING_NAMES = re.compile(r"gmail_quote|gmail_attr|moz-cite|moz-forward|yahoo_quoted|divrplyfwdmsg|protonmail_quote")
"""Classes and ids by which mail programs mark what somebody else wrote."""
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?!\.|\d)|max-height:0(?!\.|\d)|opacity:0(?!\.\d)"
)
_STRUCK = re.compile(r"text-decoration[^;]*line-through")


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML part of a message."""

    blocks: tuple[Block, ...]
    links: tuple[str, ...]
    """Where shown links lead that are not quoted."""
    locale: str
    """As its `lang` says, BCP-47; empty where it does not."""


class _Open(NamedTuple):
    """An element that was opened and not closed."""

    tag: str
    hidden: bool
    quoted: bool


@dataclass
class _Reader(HTMLParser):
    """Follows the nesting as far as mail needs it; what is never closed keeps hiding and quoting, to be safe."""

    blocks: list[Block] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    locale: str = ""
    _stack: list[_Open] = field(default_factory=lambda: [_Open("", hidden=False, quoted=False)])
    _text: list[str] = field(default_factory=list)
    _quoted: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.locale = self.locale or canonical_locale(given.get("lang", ""))
        if tag == "br":
            self._text.append("\n")
        if tag in _PARAGRAPHS:
            self._finish()
            if tag in {"p", "li", "tr", "td"} and self._stack[-1].tag == tag:
                self._stack.pop()  # these close their like without saying so
        if tag in _VOID:
            return
        above = self._stack[-1]
        style = re.sub(r"\s+", "", given.get("style", "").lower())
        marks = f"{given.get('class', '')} {given.get('id', '')}".lower()
        hidden = above.hidden or tag in _NOT_SHOWN or "hidden" in given or bool(_HIDDEN.search(style))
        quoted = above.quoted or tag in _QUOTING or bool(_QUOTING_NAMES.search(marks) or _STRUCK.search(style))
        self._stack.append(_Open(tag, hidden, quoted))
        if tag == "a" and given.get("href") and not (hidden or quoted):
            self.links.append(given["href"].strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._finish()
        for number in range(len(self._stack) - 1, -1, -1):
            if self._stack[number].tag == tag:
                del self._stack[number:]
                return

    def handle_data(self, data: str) -> None:
        if data and not self._stack[-1].hidden:
            text = re.sub(r"\s+", " ", data)
            self._quoted = self._quoted or (self._stack[-1].quoted and text != " ")
            self._text.append(text)

    def _finish(self) -> None:
        text = re.sub(r" *\n *", "\n", re.sub(r" +", " ", "".join(self._text))).strip()
        if text:
            self.blocks.append(Block(text, self._quoted, len(self.blocks)))
        self._text, self._quoted = [], False

    def close(self) -> None:
        super().close()
        self._finish()


def read_html(text: str) -> Page:
    """The paragraphs, links and language of an HTML part; never fails."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Page(tuple(reader.blocks), tuple(dict.fromkeys(reader.links)), reader.locale)


def read_plain(text: str) -> tuple[Block, ...]:
    """The paragraphs of a plain text; lines that begin with `>` are quoted."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    paragraph_quoted = False
    for raw in (*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""):
        quoted = raw.lstrip().startswith(">")
        line = raw.strip().lstrip("> ") if quoted else raw.strip()
        if paragraph and (not line or quoted != paragraph_quoted):
            blocks.append(Block("\n".join(paragraph), paragraph_quoted, len(blocks)))
            paragraph = []
        if line:
            paragraph.append(line)
            paragraph_quoted = quoted
    return tuple(blocks)


_MOST_PARTS = 50
_LINK = re.compile(r"(https://|(?<![\w@./:-])(?=(?:[a-z0-9-]+\.)+[a-z]{2,}/))([^\s<>\"')\]]+)", re.IGNORECASE)
"""An address in a text; many letters leave out its scheme: "help.example.org/privacy/genai"."""
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
"""Programs make a plain text of HTML and leave these in; a person reads "won&#39;t" as "won't"."""
_FORWARD_PREFIX = re.compile(r"(fwd?|tr|wg|i|rv|enc|vs|doorst|pd|vl)\s*:")
"""What mail programs put before the subject of a forwarded message, in the languages of the label tables."""
_FORWARD_WORDS = (
    "forwarded message", "original message", "begin forwarded message", "message transféré", "message original",
    "message d'origine", "début du message transféré", "début du message réexpédié", "weitergeleitete nachricht",
    "ursprüngliche nachricht", "original-nachricht", "messaggio inoltrato", "messaggio originale",
    "inizio messaggio inoltrato", "mensaje reenviado", "mensaje original", "inicio del mensaje reenviado",
    "doorgestuurd bericht", "oorspronkelijk bericht", "mensagem encaminhada", "mensagem original",
    "vidarebefordrat meddelande", "ursprungligt meddelande", "přeposlaná zpráva", "původní zpráva",
    "wiadomość przekazana", "przekazana wiadomość", "wiadomość oryginalna",
)  # fmt: skip
_FORWARDED = re.compile(r"(^|\n)[-_ >]*(" + "|".join(_FORWARD_WORDS) + r")\s*:?[-_ ]*(\n|$)")
_ATTRIBUTION = re.compile(
    r"(^|\n)(on .{4,160}\swrote"
    r"|le .{4,160}\sa écrit|am .{4,160}\sschrieb.{0,120}|il .{4,160}\sha scritto|el .{4,160}\sescribió"
    r"|op .{4,160}\sschreef.{0,120}|em .{4,160}\sescreveu|den .{4,160}\sskrev.{0,120}|dne .{4,160}\snapsal.{0,120}"
    r"|.{4,160}\snapisał.{0,40})\s*:$",
    re.DOTALL,
)
_COPIED_HEADER = re.compile(
    r"(^|\n)\W*(from|de|von|da|van|od|från)\s*:.*(\n.*){0,3}"
    r"\n\W*(sent|date|envoyé|gesendet|datum|inviato|data|enviado|fecha|verzonden|skickat|odesláno|wysłano)\s*:"
)
"""Folded text, so that case and typography do not matter; line breaks are kept."""


@dataclass(frozen=True, slots=True)
class Version:
    """One way in which the message says what it says: its formatted or its plain text."""

    own: tuple[Block, ...]
    """What the sender wrote; a quotation in the midst of it is marked as one."""
    quoted: tuple[Block, ...]
    """What the sender quotes below it, unmarked."""
    links: tuple[str, ...] = ()
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message."""

    sender: str
    """Address, lower case; empty where there is not exactly one."""
    sender_name: str
    recipients: tuple[str, ...]
    """Addresses of To and Cc, lower case."""
    subject: str
    sent_at: datetime | None
    """Aware, UTC; None where it says none or no possible one."""
    versions: tuple[Version, ...]
    """Formatted text first; empty where there is no text."""
    locale: str
    """As its header says, BCP-47; empty where it does not."""
    forwarded: bool
    """Whether it says of itself that it passes a message on, or holds one."""
    sha256: str

    @property
    def domain(self) -> str:
        """What stands behind the sender's @."""
        return self.sender.rpartition("@")[2]


def read_letter(raw: bytes) -> Letter:
    """Read a message, or only its header; never fails: what cannot be read is missing."""
    message = message_from_bytes(raw)
    raw_items = ((name.lower(), str(value).encode("utf-8", "surrogateescape")) for name, value in message.raw_items())
    headers = [(name, value.decode("utf-8", "replace")) for name, value in raw_items]
    senders = _addresses(headers, "from")
    fields = sum(name == "from" for name, _ in headers)
    only = senders[0] if len(senders) == fields == 1 else ("", "")
    subject = _decoded(_first(headers, "subject"))
    recipients = tuple(address.lower() for _, address in (*_addresses(headers, "to"), *_addresses(headers, "cc")))
    versions, attached = _versions(message, recipients)
    marked = any(name.startswith("resent-") for name, _ in headers) or bool(_FORWARD_PREFIX.match(fold(subject)))
    return Letter(
        sender=only[1].lower(),
        sender_name=only[0],
        recipients=recipients,
        subject=subject,
        sent_at=_moment(_first(headers, "date")),
        versions=tuple(version for version, _ in versions),
        locale=canonical_locale(_first(headers, "content-language").partition(",")[0]),
        forwarded=marked or attached or any(forwarded for _, forwarded in versions),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _first(headers: Sequence[tuple[str, str]], wanted: str) -> str:
    return next((re.sub(r"\r?\n\s*", " ", value).strip() for name, value in headers if name == wanted), "")


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value))).strip()
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value.strip()


def _addresses(headers: Sequence[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    values = [value for name, value in headers if name == wanted]
    return [(_decoded(name), address) for name, address in getaddresses(values) if "@" in address]


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _versions(message: Message, recipients: Sequence[str]) -> tuple[list[tuple[Version, bool]], bool]:
    """The message's own texts with whether each holds a forwarded one, and whether one is attached."""
    parts = list(_own_parts(message))[:_MOST_PARTS]
    html, plain = (
        "\n\n".join(_text(part) for part in parts if part.get_content_type() == kind)
        for kind in ("text/html", "text/plain")
    )
    found: list[tuple[Version, bool]] = []
    if html:
        page = read_html(html)
        own, quoted, forwarded = _split(page.blocks, recipients)
        found.append((Version(own, quoted, page.links, page.locale), forwarded))
    if plain:
        own, quoted, forwarded = _split(read_plain(_REFERENCE.sub(lambda each: unescape(each[0]), plain)), recipients)
        links = (match[2].rstrip(".,;") for block in own if not block.quoted for match in _LINK.finditer(block.text))
        found.append((Version(own, quoted, tuple(f"https://{link}" for link in links)), forwarded))
    attached = any(part.get_content_maintype() == "message" for part in parts)
    return [(version, forwarded) for version, forwarded in found if version.own or version.quoted], attached


def _own_parts(message: Message) -> Iterator[Message]:
    """Parts in their order, not going into messages that are attached."""
    if message.get_content_maintype() == "multipart" and isinstance(message.get_payload(), list):
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _own_parts(part)
    elif message.get_content_disposition() != "attachment" or message.get_content_maintype() == "message":
        yield message


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = (part.get_content_charset() or "utf-8").lower()
    if charset in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        charset = "windows-1252"  # what mail programs mean by these names, where it is not UTF-8
        with suppress(UnicodeDecodeError):
            return data.decode()
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _split(blocks: Sequence[Block], recipients: Sequence[str]) -> tuple[tuple[Block, ...], tuple[Block, ...], bool]:
    """
    The sender's own paragraphs, what is quoted below them, and whether that is a forwarded message.

    A copied header that names a recipient of this message as its author is above what they had written: an answer
    quotes that, and nothing was passed on.
    """
    for number, block in enumerate(blocks):
        folded = "\n".join(fold(line) for line in block.text.split("\n"))
        copied = _COPIED_HEADER.search(folded)
        answered = copied is not None and number > 0 and any(to in copied[0].split("\n")[0] for to in recipients)
        forwarded = bool(_FORWARDED.search(folded) or copied) and not answered
        if forwarded or answered or _ATTRIBUTION.search(folded):
            own, below = blocks[:number], blocks[number:]
            return _trimmed(own), _unmarked(below), forwarded
    own = _trimmed(blocks)
    return own, _unmarked(blocks[len(own) :]), False


def _trimmed(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Without the quotation at the end."""
    end = len(blocks)
    while end and blocks[end - 1].quoted:
        end -= 1
    return tuple(blocks[:end])


def _unmarked(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(replace(block, quoted=False) for block in blocks)
