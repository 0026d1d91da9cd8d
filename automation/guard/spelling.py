"""
One spelling for what servers spell in many ways: names of fields, paths and headers.

`?action[]=`, `?%20action=`, `?form.key=` and `;action=` reach a PHP, Rails, Express or ASP.NET program as `action` and
`form_key`; `/LOGOUT.php;x`, `//logout` and `/%256cogout` reach many as `/logout`. What a policy forbids is therefore
compared after one folding of both sides. What a policy allows has to stand in the request as it is written there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import unquote, unquote_plus

from automation.guard.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Pairs = list[tuple[str, str]]
_T = TypeVar("_T")

_REMEMBERED = 4096
"""How many foldings are kept: pages say the same few names again and again."""
_LONGEST_REMEMBERED = 300
"""Longer texts are folded anew each time: a page may make up as many as it likes."""
_DECODINGS_MAX = 4
_PLAIN = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_UNICODE_ESCAPE = re.compile(r"%u([0-9a-fA-F]{4})")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_PARAMETERS = re.compile(r"[;?#]")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
"""Control characters, and what is left of bytes that are no text: servers end a name there, or pass them over."""
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})


def pairs_of(text: str) -> Pairs:
    """Split a query or a form into decoded pairs; at `;` too, as some servers do."""
    pairs = []
    for part in text.replace(";", "&").split("&"):
        name, _, value = part.partition("=")
        pairs.append((_decoded(name), _decoded(value)))
    return pairs


def _decoded(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def is_odd(text: str) -> bool:
    """Whether a decoded name or path holds what no honest one does, and what servers read in different ways."""
    return not (text.isascii() and text.isprintable()) and _ODD.search(text) is not None


def _remembered(fold: Callable[[str], _T]) -> Callable[[str], _T]:
    kept = lru_cache(_REMEMBERED)(fold)
    return wraps(fold)(lambda text: kept(text) if len(text) <= _LONGEST_REMEMBERED else fold(text))


@_remembered
def folded(text: str) -> str:
    """One word or several, lower case, joined by single `_`; a `_` in front is kept, as `_method` is not `method`."""
    if _PLAIN.fullmatch(text):
        return text
    return _BETWEEN_WORDS.sub("_", _visible(text).strip()).rstrip("_")


def _visible(text: str) -> str:
    """Decoded to the end, in one Unicode form and one case, without characters that cannot be seen."""
    for _ in range(_DECODINGS_MAX):
        if "%" not in text:
            break
        text = unquote(_UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text))
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = "".join(sign for sign in text if unicodedata.category(sign) not in _INVISIBLE)
    return text.casefold()


@_remembered
def spellings(name: str) -> frozenset[str]:
    """Every name under which some server finds a field: `a[b]` is `a_b`, `a`, or `b` within `a`."""
    visible = _visible(name)
    if "[" not in visible:
        return frozenset({folded(name)})
    return frozenset(map(folded, (visible, *re.split(r"[\[\]]+", visible)))) - {""}


@dataclass(frozen=True, slots=True)
class PlainPath:
    """A path as a lenient server may understand it."""

    whole: str
    """Folded part by part, with its slashes."""
    words: tuple[str, ...]
    """Its parts, each without its ending (`.php`)."""
    odd: bool


@_remembered
def plain_path(path: str) -> PlainPath:
    """Decoded, without doubled slashes, dots that climb and parameters (`;x=1`); folded."""
    visible = _visible(path).replace("\\", "/")
    parts: list[str] = []
    for part in visible.split("/"):
        name = _PARAMETERS.split(part, maxsplit=1)[0].strip()
        if name == "..":
            del parts[-1:]
        elif name not in {"", "."}:
            parts.append(name)
    ends = "/" if parts and visible.rstrip().endswith("/") else ""
    return PlainPath(
        whole="/" + "/".join(map(folded, parts)) + ends,
        words=tuple(folded(part.partition(".")[0]) for part in parts),
        odd=is_odd(unquote(path)),
    )


def _folded_pattern(pattern: str) -> str:
    """A pattern over folded texts: between its stars and slashes it is folded as they are."""
    folded_parts = re.sub(r"[^*/]+", lambda found: _BETWEEN_WORDS.sub("_", _visible(found[0])), pattern)
    return re.sub(r"_(?=/|$)", "", folded_parts)


@dataclass(frozen=True)
class FoldedPatterns:
    """Patterns that a request may not get past by another spelling; for what is forbidden alone."""

    patterns: Patterns = field(default_factory=Patterns)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Build from patterns as they stand in a policy."""
        return cls(Patterns.of(map(_folded_pattern, texts)))

    def fit(self, path: str) -> bool:
        """Whether one of them fits the whole path, however it is spelt."""
        return self.patterns.fit(plain_path(path).whole)

    def fit_word(self, word: str) -> bool:
        """Whether one of them fits a text that is folded already."""
        return self.patterns.fit(word)


@dataclass(frozen=True)
class FoldedPairs:
    """Patterns for `name=value` in an address; a value of `*` asks for the name alone."""

    by_name: Patterns = field(default_factory=Patterns)
    by_value: Patterns = field(default_factory=Patterns)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Build from patterns as they stand in a policy."""
        pairs = [text.partition("=")[::2] for text in texts]
        return cls(
            Patterns.of(_folded_pattern(name) for name, value in pairs if value == "*"),
            Patterns.of(f"{_folded_pattern(name)}={_folded_pattern(value)}" for name, value in pairs if value != "*"),
        )

    def __bool__(self) -> bool:
        return bool(self.by_name) or bool(self.by_value)

    def fit(self, name: str, value: str) -> bool:
        """Whether one of them fits the pair under any name that a server may give it."""
        names = spellings(name)
        if any(map(self.by_name.fit, names)):
            return True
        return bool(self.by_value) and any(self.by_value.fit(f"{name}={folded(value)}") for name in names)
