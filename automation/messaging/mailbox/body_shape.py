"""
Whether the bytes of a message can be read in one way only.

A signature that leaves out Content-Type and Content-Transfer-Encoding lets whoever sends the message on say that the
same bytes are of another kind, so that other words are shown: a comment that somebody wrote becomes a part of its own.
Bytes that make sense as one kind alone leave no such choice.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message

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
