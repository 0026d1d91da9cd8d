"""Taking secrets out of text, however they are written there: those that are known, and what looks like one."""

from __future__ import annotations

import base64
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus, unquote

MARK = "[secret]"
_SHORT = 4
"""Below this many characters a secret is only replaced where it stands as a word: `a` is in every text."""
_SHORT_BASE64 = 8


class Redactor:
    """Replaces secrets by `[secret]`: as they are, and as Base64, URL, JSON, HTML and Python write them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        found = {spelling for secret in secrets if secret for spelling in spellings(secret)}
        patterns = [
            rf"(?<!\w){re.escape(text)}(?!\w)" if len(text) < _SHORT else re.escape(text)
            for text in sorted(found, key=len, reverse=True)
        ]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def redact(self, text: str) -> str:
        """The text without the secrets."""
        return self._pattern.sub(MARK, text) if self._pattern else text

    def __repr__(self) -> str:
        return "Redactor()"


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


SHORTEST_OWN = 4
"""A shorter password or name is in every text by chance: it is not looked for, and the documentation says so."""
SHORTEST_FREE = 8
"""Shorter values of the user's own count only where no letter or digit touches them."""
SHORTEST_SEEN = 12
"""Of values that a page or cookie held."""
LEAST_BITS = 36.0
"""Of such values: length × Shannon entropy a letter. `1280x900`, `fr_FR` and time stamps stay below."""
_PIECE = re.compile(r"[A-Za-z0-9_~+=-]+")
_JOINTS = re.compile(r"[-_~+=]+")
_SHORTEST_MIXED = 6
_NAMING_COOKIE = re.compile(r"(?:.*[a-z0-9._-])?(?:user|user_?name|login|logged_in_[0-9a-f]+)", re.IGNORECASE)
"""Cookies whose value, or its first part, names who is signed in; the last form is WordPress's."""
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?|(?<!\d)\d{10}(?:\d{3})?(?!\d)")
"""A time in words or as seconds or milliseconds since 1970: no secret, and in every bundle."""


@dataclass(frozen=True, repr=False)
class Secrets:
    """The secrets of one visit; never prints them."""

    own: tuple[str, ...] = ()
    """What the user gave: password and TOTP secret, and the account's number where it has one."""
    seen: tuple[str, ...] = ()
    """What the service gave: values of cookies and of the browser's storage, tokens of forms."""
    public: frozenset[str] = field(default=frozenset())
    """Values that evidence is meant to hold, such as the ids of forms."""

    @classmethod
    def of(
        cls,
        *,
        own: Iterable[str] = (),
        state: Mapping[str, Any] | None = None,
        tokens: Iterable[str] = (),
        public: Iterable[str] = (),
    ) -> Secrets:
        """
        Gather them.

        Args:
            own: what the user gave.
            state: a storage state as Playwright makes it: `cookies`, and `origins` with their `localStorage`.
            tokens: further values that the service gave, such as CSRF tokens.
            public: texts whose words and numbers evidence may hold.
        """
        kept = state or {}
        cookies = [str(cookie.get("value", "")) for cookie in kept.get("cookies", ())]
        items = (item for origin in kept.get("origins", ()) for item in origin.get("localStorage", ()))
        stored = [str(item.get("value", "")) for item in items]
        names = {spelling for cookie in kept.get("cookies", ()) for spelling in _names_in(cookie)}
        known = frozenset(piece for text in public for piece in re.findall(r"\w+", text))
        mine = frozenset(text.strip() for text in own if text.strip())
        found = {value for text in cookies for value in _pieces(text) if is_telling(value)}
        others = {value for text in (*stored, *tokens) for value in _pieces(text) if is_telling(value)}
        found |= {value for value in others if _is_mixed(value)}
        return cls(tuple(sorted(mine)), tuple(sorted(found - mine - known - names)), known)

    @cached_property
    def needles(self) -> tuple[tuple[bytes, bool], ...]:
        """Every spelling to look for, and whether it counts only as a word of its own."""
        found = {text.encode(): len(text) < SHORTEST_FREE for text in _spelt((*self.own, *self.seen))}
        return tuple(sorted(found.items()))

    def hidden_in(self, texts: Iterable[str]) -> dict[str, str]:
        """
        Each text → the same with `[secret]` for what the service gave, in every spelling that is looked for.

        Values of the user's own are left: where one of them stands, something is wrong, and the search must find it.
        """
        known = dict.fromkeys(texts)
        together = "\n".join(known)
        there = sorted((text for text in _spelt(self.seen) if text in together), key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, there)) or "(?!)")
        return {text: pattern.sub(MARK, text) for text in known}

    def and_also(self, *own: str) -> Secrets:
        """These and further ones of the user's own."""
        return Secrets((*self.own, *own), self.seen, self.public)

    def __repr__(self) -> str:
        return f"Secrets({len(self.own)} own, {len(self.seen)} seen)"


def is_telling(value: str) -> bool:
    """Whether a value that a page or cookie held is long and irregular enough to stand nowhere by chance."""
    if len(value) < SHORTEST_SEEN:
        return False
    counts = Counter(value)
    return -sum(n * math.log2(n / len(value)) for n in counts.values()) >= LEAST_BITS


def _spelt(secrets: Iterable[str]) -> set[str]:
    """Every spelling that is looked for."""
    found: set[str] = set()
    for secret in secrets:
        if len(secret) >= SHORTEST_OWN:
            raw, twice = secret.encode().hex(), quote(quote(secret, safe=""), safe="")
            found |= {*spellings(secret), raw, raw.upper(), twice}
    return {spelling for spelling in found if len(spelling) >= SHORTEST_OWN}


def is_key_like(value: str) -> bool:
    """Whether a value may be a key to an account; what only names a person is not."""
    return is_telling(value) and any(_is_mixed(piece) for piece in _pieces(value))


def names_in_cookies(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of a person that cookies called after a user hold, such as `dotcom_user` and `wikiUserName`."""
    return tuple(sorted({name for cookie in state.get("cookies", ()) for name in _names_in(cookie)}))


def is_name(identity: str) -> bool:
    """Whether what a service calls an account is a name, to be masked; a number or a key is refused in evidence."""
    return any(c.isalpha() for c in identity) and not is_key_like(identity.partition("@")[0])


def _names_in(cookie: Mapping[str, Any]) -> set[str]:
    if not _NAMING_COOKIE.fullmatch(str(cookie.get("name", ""))):
        return set()
    value = unquote(str(cookie.get("value", ""))).strip().strip('"').partition("|")[0]
    if len(value) < SHORTEST_OWN or not any(c.isalpha() for c in value) or is_key_like(value):
        return set()
    return {value, *_pieces(value)}


def _pieces(value: str) -> set[str]:
    """A value's unbroken parts, of the value as it is and decoded: `12%3AabC…` holds `abC…`."""
    return {piece for text in (value, unquote(value)) for piece in _PIECE.findall(_MOMENT.sub(" ", text))}


def _is_mixed(value: str) -> bool:
    """
    Whether letters and digits stand together somewhere in it.

    Storage and hidden fields also hold names of things, which are words and numbers side by side, and which pages
    show: `icon-folder-open-1`, `layout_2024_q3`.
    """
    return any(
        len(part) >= _SHORTEST_MIXED and any(c.isdigit() for c in part) and any(c.isalpha() for c in part)
        for part in _JOINTS.split(value)
    )
