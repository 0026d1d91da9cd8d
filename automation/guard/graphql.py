"""
What GraphQL itself says of an operation: its kind, by its text or by the name that its author had to give it.

The standard has three kinds: `query`, `mutation` and `subscription`. Relay's compiler insists that a name ends in its
kind, but for refetch queries; that is a convention, so a policy says which names it believes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_IGNORED = r"[\s,\ufeff]*"
_WRITING = re.compile(
    rf"(?<![A-Za-z0-9_$.-])(?:mutation|subscription)(?![A-Za-z0-9_]){_IGNORED}"
    rf"(?:[A-Za-z_][A-Za-z0-9_]*{_IGNORED})?(?:\({_IGNORED}[$)]|@{_IGNORED}[A-Za-z_]|\{{)"
)
"""The start of an operation that is no query: the keyword, perhaps a name, then variables, a directive or a brace."""
_NO_CODE = re.compile(r'"""(?:\\"""|[^"]|"(?!""))*+(?:""")?|"(?:\\.?|[^"\\\r\n])*+"?|#[^\r\n]*+')
"""What GraphQL passes over when it looks for a keyword: strings and comments."""
_LITERAL = re.compile(r'"((?:\\.?|[^"\\])*+)"?', re.DOTALL)
"""As JSON writes a text. What is not closed ends with the text, so that no letter is looked at twice."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|[0-9]+")


def holds_a_writing_operation(text: str) -> bool:
    """Whether a text is, or holds as JSON, a GraphQL document that does more than ask."""
    if "{" not in text and "\\" not in text:
        return False
    plain = _without_escapes(text) if "\\" in text else text
    if "mutation" not in plain and "subscription" not in plain:
        return False
    literals = (_without_escapes(found[1]) for found in _LITERAL.finditer(text))
    return any(_WRITING.search(_NO_CODE.sub(" ", code)) for code in (text, *literals)) or bool(_WRITING.search(plain))


def _without_escapes(text: str) -> str:
    """JSON's escapes decoded, wherever they stand."""

    def meant(found: re.Match[str]) -> str:
        code, letter = found.groups()
        return chr(int(code, 16)) if code else {"n": "\n", "r": "\n", "b": " ", "f": " ", "t": " "}.get(letter, letter)

    return _ESCAPE.sub(meant, text)


@lru_cache(1024)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, as its capitals and underscores part them."""
    return tuple(word.lower() for word in _WORD.findall(name))


@dataclass(frozen=True)
class WordPatterns:
    """Patterns over the words of a name: `use Request *` fits `useRequestCodeQuery`, and no `useRequestsQuery`."""

    texts: tuple[str, ...] = ()

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        def piece(word: str) -> str:
            return r"(?: \S+)*" if word == "*" else " " + re.escape(word.lower())

        # (?!) never matches: an empty list fits nothing.
        return re.compile("|".join("".join(map(piece, text.split())) for text in self.texts) or "(?!)")

    def fit(self, name: str) -> bool:
        """Whether one of the patterns fits all words of the name."""
        return self._compiled.fullmatch("".join(f" {word}" for word in words_of(name))) is not None


def kind_of(name: str) -> str:
    """`mutation` where a name says so anywhere, `subscription` where it ends so, else nothing."""
    if "mutation" in name.lower():
        return "mutation"
    return "subscription" if words_of(name)[-1:] == ("subscription",) else ""
