"""Taking secrets out of text, however they are written there."""

from __future__ import annotations

import base64
import json
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "[secret]"
_SHORT = 4
"""Below this many characters a secret is only replaced where it stands as a word: `a` is in every text."""
_SHORT_BASE64 = 8


class Redactor:
    """Replaces secrets by `[secret]`: as they are, and as Base64, URL, JSON, HTML and Python write them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        found = {spelling for secret in secrets if secret for spelling in spellings(secret)}
        patterns = [_pattern(spelling) for spelling in sorted(found, key=len, reverse=True)]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def redact(self, text: str) -> str:
        """The text without the secrets."""
        return self._pattern.sub(MARK, text) if self._pattern else text

    def __repr__(self) -> str:
        return "Redactor()"


def _pattern(spelling: str) -> str:
    literal = re.escape(spelling)
    return rf"(?<!\w){literal}(?!\w)" if len(spelling) < _SHORT else literal


def spellings(secret: str) -> set[str]:
    """A secret as it is, and as Base64, URL, JSON, HTML and Python write it."""
    found: set[str] = set()
    for plain in {secret, secret.strip(), re.sub(r"\s+", "", secret)}:
        if not plain:
            continue
        percent = {quote(plain), quote(plain, safe=""), quote_plus(plain)}
        found |= {
            plain,
            *percent,
            *(re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), text) for text in percent),
            json.dumps(plain)[1:-1],
            json.dumps(plain, ensure_ascii=False)[1:-1],
            escape(plain),
            repr(plain)[1:-1],
            *_base64(plain.encode()),
        }
    return found


def _base64(raw: bytes) -> set[str]:
    """
    How the bytes look in Base64, alone and inside a longer encoded text such as `Basic name:password`.

    What surrounds them can shift them by one or two bytes; only the characters that hold nothing else count.
    """
    found: set[str] = {
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * shift + raw + b"\0" * 3).decode()
            found.add(encoded[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6])
    return {text for text in found if len(text) >= _SHORT_BASE64}
