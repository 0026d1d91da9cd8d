"""
One spelling for what servers spell in many ways: names of fields, paths and headers; and the words that act anywhere.

`?action[]=`, `?%20action=`, `?form.key=` and `;action=` reach a PHP, Rails, Express or ASP.NET program as `action` and
`form_key`; `/LOGOUT.php;x` and `/%256cogout` reach many as `/logout`. What a policy forbids is compared after one
folding of both sides; what it allows has to stand in the request as it is written there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, wraps
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import unquote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


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
_ENDING = re.compile(r"[.:,]")
"""What ends the word of a path's part: `logout.php`, `logout::$DATA`, `logout,1`."""
_STEP_UP = re.compile(r"[.\s]*\.[.\s]*\.[.\s]*")
"""`..`, however blanks and further dots hide it: Windows takes them away from a name's end."""
_STILL_CODED = re.compile(r"%[0-9a-f]{2}")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
"""Control characters, and what is left of bytes that are no text: servers end a name there, or pass them over."""
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})


def _regex(pattern: str) -> str:
    return ".*".join(re.escape(part) for part in pattern.split("*"))


@dataclass(frozen=True)
class Patterns:
    """A list of patterns, compiled once; a text matches if one of them fits it whole."""

    texts: tuple[str, ...] = ()
    any_case: bool = False

    @classmethod
    def of(cls, texts: Iterable[str], *, any_case: bool = False) -> Self:
        """Build from any iterable of patterns."""
        return cls(tuple(texts), any_case)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        flags = re.DOTALL | (re.IGNORECASE if self.any_case else 0)
        # (?!) never matches: an empty list fits nothing.
        return re.compile("|".join(f"(?:{_regex(text)})" for text in self.texts) or "(?!)", flags)

    def fit(self, text: str) -> bool:
        """Whether one of the patterns fits the whole text."""
        return self._compiled.fullmatch(text) is not None

    def __bool__(self) -> bool:
        return bool(self.texts)


def most_specific(patterns: Iterable[str], host: str) -> str | None:
    """
    The pattern that says most about a host: itself before any wildcard, then the longest wildcard.

    `*.example.org` covers every depth below example.org, not example.org itself.
    """
    fitting = [pattern for pattern in patterns if pattern == host or Patterns((pattern,)).fit(host)]
    return max(fitting, key=lambda pattern: (pattern == host, len(pattern)), default=None)


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
    """Every name under which some server finds a field: `a[b]` is `a_b`, `a`, or `b` within `a`; NUL ends a name."""
    visible = _visible(name)
    pieces = re.split(r"[\[\]\x00-\x1f]+", visible) if "[" in visible or is_odd(visible) else ()
    return frozenset({folded(name), *map(folded, pieces)}) - {""} or frozenset({""})


@dataclass(frozen=True, slots=True)
class PlainPath:
    """A path as a lenient server may understand it."""

    wholes: tuple[str, ...]
    """Folded part by part, with its slashes; and up to each script, where what follows it is no address any more."""
    words: tuple[str, ...]
    """Its parts, each without its ending (`.php`)."""
    parameters: Pairs
    """What stands behind a `;` in one of its parts: `/list;op=delete`."""
    odd: bool
    """Whether it holds a control character, or is coded more often than any server decodes."""
    disguised: bool
    """Whether servers cut it differently: a step up, a backslash, or a slash that comes with decoding."""


@_remembered
def plain_path(path: str) -> PlainPath:
    """Decoded, without doubled slashes and parameters (`;x=1`); folded. A step up takes nothing away."""
    visible = _visible(path)
    parts: list[str] = []
    wholes: list[str] = []
    parameters: Pairs = []
    disguised = "\\" in visible or visible.count("/") != path.count("/")
    for part in visible.replace("\\", "/").split("/"):
        name, *more = (piece.strip() for piece in _PARAMETERS.split(part))
        parameters += [(one, value) for one, _, value in (piece.partition("=") for piece in more if piece)]
        if _STEP_UP.fullmatch(name):
            disguised = True
        elif name not in {"", "."}:
            parts.append(name)
            if "." in name:  # PHP and FastCGI run it, and hand it the rest
                wholes.append("/" + "/".join(map(folded, parts)))
    ends = "/" if parts and visible.rstrip().endswith("/") else ""
    return PlainPath(
        wholes=("/" + "/".join(map(folded, parts)) + ends, *wholes),
        words=tuple(folded(_ENDING.split(part, maxsplit=1)[0]) for part in parts),
        parameters=parameters,
        odd=is_odd(visible) or _STILL_CODED.search(visible) is not None,
        disguised=disguised,
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
        return any(map(self.patterns.fit, plain_path(path).wholes))

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


_METHOD_HEADERS = re.compile(
    r"^x-(?:http-)?method(?:-override)?$|^x-.*override.*method|^x-(?:original|forwarded|rewrite)-method$", re.MULTILINE
)
_ADDRESS_HEADERS = re.compile(
    r"^x-(?:original|forwarded|rewrite|override)-(?:url|uri|path|host|server|prefix)$|^x-host$|^forwarded$",
    re.MULTILINE,
)
_OVERRIDES = frozenset(
    {"_method", "_httpmethod", "_http_method", "x_http_method_override", "x_http_method", "x_method_override"}
)
_METHODS = frozenset({"method", "http_method", "httpmethod", "request_method"})
_WRITING = frozenset({"post", "put", "patch", "delete", "link", "unlink", "purge"})


def override_in_headers(headers: Mapping[str, str]) -> str:
    """`method_override` or `address_override` where a header says so, else nothing; CGI takes `_` for `-`."""
    names = "\n".join(headers).replace("_", "-")
    if "x-" not in names and "forwarded" not in names:
        return ""
    if _METHOD_HEADERS.search(names):
        return "method_override"
    return "address_override" if _ADDRESS_HEADERS.search(names) else ""


def overrides_method(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a field asks the server to take the request for another method."""
    for name, value in pairs:
        said = spellings(name)
        if not said.isdisjoint(_OVERRIDES):
            return True
        if not said.isdisjoint(_METHODS) and value.strip().lower() in _WRITING:
            return True
    return False


LONGEST_ADDRESS: Final = 100_000
"""Servers take a tenth of that; whatever a page makes up, deciding stays quick."""
_VERBS: Final = (
    "logout", "log_out", "logoff", "log_off", "signout", "sign_out", "unsubscribe", "delete", "remove", "deactivate",
    "revoke", "dismiss", "toggle", "confirm", "submit",
)  # fmt: skip
"""They act, whatever follows them: `/delete-comment`."""
_ACTS: Final = (
    *_VERBS, "accept", "approve", "block", "cancel", "decline", "destroy", "disable", "enable", "erase", "follow",
    "like", "purge", "reject", "reset", "save", "set", "trash", "unblock", "unfollow", "unlike", "unlink", "unsave",
    "unsub", "update",
)  # fmt: skip
"""They act where they stand alone."""
ACTING_NAMES: Final = frozenset({"action", "act", "cmd", "command", "do", "event", "mode", "op", "operation", "task"})
"""Fields by which one address does many things: WordPress's `admin-ajax.php?action=`, Drupal's `op`."""
_YES: Final = frozenset({"", "1", "true", "yes", "on"})
_FILE = re.compile(r"/(?:[\w.@~-]+/)*([\w-]+)((?:\.(?:[0-9a-f]{6,40}|min|bundle|chunk|module|esm))*)\.(?:js|mjs|css)")
_ANY_VERB: Final = FoldedPatterns.of(f"{verb}*" for verb in _VERBS)
COMMON_SEGMENTS: Final = FoldedPatterns.of((*_ANY_VERB.patterns.texts, *_ACTS, "disable_*", "cancel_*", "mark_*"))
"""Parts of a path that act at any service; its own file can only add to them."""
COMMON_QUERY: Final = FoldedPairs.of(("unsub*=*", "logout=*", "delete=*", "remove=*", "csrf*=*"))
"""The same of `name=value` in an address."""


def acts_at_any_service(name: str, value: str) -> bool:
    """Whether a pair in an address acts, whoever serves it: `op=delete`, `follow=1`."""
    names = spellings(name)
    if not names.isdisjoint(ACTING_NAMES) and COMMON_SEGMENTS.fit_word(folded(value)):
        return True
    return (not names.isdisjoint(_ACTS) and value.strip().lower() in _YES) or COMMON_QUERY.fit(name, value)


def is_named_as_file(path: str) -> bool:
    """
    Whether a script or style sheet is called so that its name does nothing: `update.js`, `delete-row.3fa92b.js`.

    Rails takes `/logout.js` for `/logout`, so a verb needs a build's number behind it.
    """
    found = _FILE.fullmatch(path)
    return found is not None and (found[2] != "" or not _ANY_VERB.fit_word(folded(found[1])))
