"""
What may not be shown of a person, in text: names, e-mail addresses, telephone numbers, ids and tokens.

One set of rules masks every text that is kept, and says which letters of the page are covered in its pictures.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from automation.flow.site import Masking, embedded_values
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.page import Node, PageView
    from automation.text.labels import Labels

_EMAIL = r"[\w.+%•*…-]+(?:@|%40)[\w•*-]+(?:\.[\w•*-]+)+"
_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)"
_PHONE = r"(?:\+|\b00)\d(?:[ .()/-]{0,2}\d){7,13}\b|\b\d(?:[ .()/-]{0,2}\d){8,13}\b"
_NUMBER = r"\d{8,}"
_TOKEN = r"[A-Za-z0-9+_=%~-]{49,}"  # noqa: S105 - what a token looks like
_TOKEN_LIKE = re.compile(r"[\w+/=:.~-]{12,}")
_TOKEN_NAMES = ("token", "csrf", "xsrf", "nonce", "secret", "session_?id")
_MARKS = {
    "name": "[name]",
    "email": "[e-mail]",
    "phone": "[phone]",
    "id": "[id]",
    "token": "[token]",
    "message": "[text]",
    "typed": "[typed]",
    "avatar": "[avatar]",
}
RULES = {
    "name": "names of people: who is signed in, and whom links lead to",
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "id": "numbers of eight digits and more, except those in the flow's own addresses",
    "token": "unbroken text of 49 letters and more, and values in the query of an address",
    "message": "text that has nothing to do with the setting",
    "typed": "what is typed into a field",
    "picture": "pictures: they lose their colours and keep their outline",
    "avatar": "round areas that show a picture, a gradient or one or two letters",
}
"""Rule → what it hides, in the words of `redactions.json`."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Part of a text that a rule hides."""

    rule: str
    start: int
    end: int


class Masks:
    """
    The rules of one visit. They learn names on the way: one seen on the first page is hidden on all later ones.

    Args:
        masking: what the service and the flow declare.
        labels: words of the service: a name that is also one of them is only hidden as part of the whole name.
        ids: what the service calls the account, hidden in whatever form.
        public: texts whose numbers are no secret, such as the addresses of the forms.
    """

    def __init__(
        self, masking: Masking, labels: Labels, *, ids: Iterable[str] = (), public: Iterable[str] = ()
    ) -> None:
        self.masking, self.labels = masking, labels
        self._ids = {text.strip() for text in ids if text.strip()}
        self._public = {number for text in public for number in re.findall(_NUMBER, text)}
        self._names: set[str] = set()
        self.tokens: set[str] = set()
        """Values that pages carried to prove themselves to the service: form tokens and the like."""
        self._learnt: int | None = None
        named = "|".join((*_TOKEN_NAMES, *map(re.escape, masking.tokens)))
        self._token_field = re.compile(rf'"\w*(?:{named})\w*"\s*:\s*"([\w+/=:.~-]{{12,}})"', re.IGNORECASE)
        self._words = {
            word
            for table in labels.entries.values()
            for phrases in table.values()
            for phrase in phrases
            for word in re.findall(r"\w+", phrase.text.casefold())
        }
        self._pattern = self._compiled()

    def learn(self, view: PageView) -> None:
        """Take note of the names and tokens that a page's own data gives."""
        self.tokens |= {
            value
            for node in view.nodes
            if (value := _token_of(node)) and _TOKEN_LIKE.fullmatch(value) and not self.is_public(value)
        }
        if hash(view.scripts) == self._learnt:
            return
        self._learnt = hash(view.scripts)
        self.tokens |= {value for script in view.scripts for value in self._token_field.findall(script)}
        found = {name for source in self.masking.names for name in embedded_values(view, source)}
        found = {name.strip() for name in found if any(letter.isalpha() for letter in name)}
        if not found <= self._names:
            self._names |= found
            self._pattern = self._compiled()

    def include(self, earlier: Masks) -> None:
        """Take over the names and tokens that an earlier part of the same visit learnt."""
        self._names |= earlier._names
        self.tokens |= earlier.tokens
        self._pattern = self._compiled()

    def spans(self, text: str) -> list[TextSpan]:
        """What is to be hidden in a text, in order and without overlap."""
        found = []
        for match in self._pattern.finditer(text):
            rule = match.lastgroup or ""
            digits = re.sub(r"\D", "", match[0])
            if rule in {"id", "phone"} and digits in self._public:
                continue
            found.append(TextSpan(rule.rstrip("0123456789_"), match.start(), match.end()))
        return found

    def masked(self, text: str, counts: Counter[str] | None = None) -> str:
        """The text with marks such as `[e-mail]` in place of what is hidden; counted by rule."""
        spans = self.spans(text)
        if not spans:
            return text
        parts, at = [], 0
        for span in spans:
            parts += [text[at : span.start], _MARKS[span.rule]]
            at = span.end
            if counts is not None:
                counts[span.rule] += 1
        return "".join([*parts, text[at:]])

    def masked_url(self, url: str, counts: Counter[str] | None = None) -> str:
        """
        An address as evidence may hold it: host and path masked like any text, of the query only the names.

        What is no address of the web (`data:`, `blob:`, `javascript:`) is left as its scheme alone.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return "[address]"
        if parts.scheme not in {"", "http", "https"}:
            return f"{parts.scheme}:…"
        path = self.masked(unquote(parts.path), counts)
        keys = list(dict.fromkeys(key for key, _ in parse_qsl(parts.query, keep_blank_values=True)))
        query = "&".join(f"{self.masked(key, counts)}=…" for key in keys)
        start = f"{parts.scheme}:" if parts.scheme else ""
        start += f"//{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}" if parts.netloc else ""
        return start + path + (f"?{query}" if query else "")

    def is_public(self, text: str) -> bool:
        """Whether a text is one of the numbers that are no secret, or too short to be one."""
        return text in self._public or len(text) < 8

    @staticmethod
    def mark(rule: str) -> str:
        """What stands in place of a whole text."""
        return _MARKS[rule]

    def _compiled(self) -> re.Pattern[str]:
        whole, parts = set(), set()
        for name in self._names:
            whole |= _spellings(name)
            parts |= {
                word
                for word in re.findall(r"[^\W\d_][\w'’-]+", name)
                if len(word) > 2 and word[0].isupper() and word.casefold() not in self._words
            }
            if fold_label(name) in self._words:
                whole -= {name}
        groups = [
            f"(?P<email>{_EMAIL})",
            *([f"(?P<id_0>(?<!\\w){_any(self._ids)}(?!\\w))"] if self._ids else []),
            *([f"(?P<name>(?<!\\w)(?i:{_any(whole)})(?!\\w))"] if whole else []),
            *([f"(?P<name_1>(?<!\\w){_any(parts)}(?!\\w))"] if parts else []),
            f"(?P<token>{_TOKEN})",
            f"(?P<phone>(?<![\\w.+-])(?!{_DATE})(?:{_PHONE}))",
            f"(?P<id>{_NUMBER})",
        ]
        return re.compile("|".join(groups))


def _token_of(node: Node) -> str:
    """What a hidden field or a `<meta>` for tokens holds; empty for every other element."""
    attributes = node.attributes
    if node.tag == "INPUT" and attributes.get("type", "").lower() == "hidden":
        return attributes.get("value", "")
    if node.tag == "META" and re.search("csrf|xsrf|token|nonce", attributes.get("name", ""), re.IGNORECASE):
        return attributes.get("content", "")
    return ""


def _any(texts: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(text) for text in sorted(texts, key=len, reverse=True))})"


def _spellings(name: str) -> set[str]:
    """A name as pages and addresses write it: `Claire Moreau`, `claire.moreau`, `claire-moreau` and so on."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = {name}
    for text in (name, plain):
        words = re.findall(r"\w+", text)
        if len(words) > 1:
            found |= {joint.join(words) for joint in (" ", ".", "-", "_", "", "+")}
        elif words and words[0] == text:
            found.add(text)
    return {text for text in found if len(text) > 2}
