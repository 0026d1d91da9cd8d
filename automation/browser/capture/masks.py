"""
What may not be shown of a person, in text: names, e-mail addresses, telephone numbers, ids and tokens.

One set of rules masks every text that is kept, and says which letters of the page are covered in its pictures.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from automation.browser.capture.people import called_on, holder_in, linked_names, names_beside, others_in
from automation.flow.site import Masking, embedded_values
from automation.text.names import Names, looks_like_a_name
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.page import Node, PageView
    from automation.text.labels import Labels

_EMAIL = r"[\w.+%•*…-]+(?:@|%40)[\w•*-]+(?:\.[\w•*-]+)+"
_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)"
_PHONE = r"(?:\+|\b00)\d(?:[ .()/-]{0,2}\d){7,13}\b|\b\d(?:[ .()/-]{0,2}\d){8,13}\b"
_NUMBER = r"\d{8,}"
_TOKEN = r"[A-Za-z0-9+_=%~-]{49,}"  # noqa: S105 - what a token looks like
_LOOSE = 6
"""An id of that many letters is looked for within other letters too, unless it is a number."""
_ROLE = re.compile(
    r"(?:abuse|contact|data|dpo|feedback|hello|help|hilfe|info|legal|mail|no-?reply|press|privacy|security|support|team)\b",
    re.IGNORECASE,
)
"""How addresses begin that are nobody's own."""
_SENTENCE = 12
"""What the holder wrote is hidden from that many letters on: shorter lines stand in others' words as well."""
_TOKEN_LIKE = re.compile(r"[\w+/=:.~-]{12,}")
_TOKEN_NAMES = ("token", "csrf", "xsrf", "nonce", "secret", "session_?id")
_MARKS = {
    "name": "[name]",
    "email": "[e-mail]",
    "phone": "[phone]",
    "id": "[id]",
    "own": "[id]",
    "token": "[token]",
    "message": "[text]",
    "typed": "[typed]",
    "avatar": "[avatar]",
    "covered": "[text]",
    "written": "[own words]",
}
RULES = {
    "name": "names of people: who is signed in, in full and in parts, whom a text greets, and whom links lead to",
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "id": "numbers of eight digits and more, except those in the flow's own addresses",
    "own": "what the account goes by: its id, its handle, the name that it signs in with",
    "token": "unbroken text of 49 letters and more, and values in the query of an address",
    "written": "what the account's holder wrote to the service",
    "message": "text that has nothing to do with the setting",
    "covered": "all but the service's known words, on pages that are no evidence and in what frames a page",
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
        ids: what the service calls the account and with what it signs in, hidden in whatever form.
        public: texts whose numbers are no secret, such as the addresses of the forms.
    """

    def __init__(
        self, masking: Masking, labels: Labels, *, ids: Iterable[str] = (), public: Iterable[str] = ()
    ) -> None:
        self.masking, self.labels = masking, labels
        self._ids = _ids(ids)
        self._public = {number for text in public for number in re.findall(_NUMBER, text)}
        self.tokens: set[str] = set()
        """Values that pages carried to prove themselves to the service: form tokens and the like."""
        self._learnt: int | None = None
        self._kept_secret: set[str] = set()
        self._written: set[str] = set()
        self._answered = ""
        """All that others wrote in these threads, folded: it is shown also where the holder quotes it."""
        named = "|".join((*_TOKEN_NAMES, *map(re.escape, masking.tokens)))
        self._token_field = re.compile(rf'"\w*(?:{named})\w*"\s*:\s*"([\w+/=:.~-]{{12,}})"', re.IGNORECASE)
        phrases = [phrase for table in labels.entries.values() for found in table.values() for phrase in found]
        self.names = Names.beside(labels)
        """The people that are known by now."""
        self._phrases = frozenset(fold_label(phrase.text) for phrase in phrases if phrase.strength == "names")
        self._pattern = self._compiled()

    def learn(self, view: PageView) -> None:
        """Take note of the names and tokens that a page's own data gives."""
        self.tokens |= {
            value
            for node in view.nodes
            if (value := _token_of(node)) and _TOKEN_LIKE.fullmatch(value) and not self.is_public(value)
        }
        self._learn_names(view)
        for node in view.nodes:
            if node.tag == "#text" and node.shown:
                self.names.written(node.text)
        blocks = [block.text for block in view.blocks(chrome=True)]  # a name may stand in a node of its own
        for text in blocks:
            self.names.told(text)
        named = (text for node in view.nodes for text in (node.name, *map(node.attributes.get, _SAID)) if text)
        for text in {*blocks, *named, view.title}:
            beside = [text[start:end] for start, end in names_beside(text, self._accounts_in(text), self.names)]
            self._add_called(beside)
        marked = [n.index for n in view.nodes if n.tag == "#text" and n.shown and self._is_account(n.text)]
        self._add_called(called_on(view, marked, self.names))

    def _learn_names(self, view: PageView) -> None:
        self.names.add(linked_names(view, self.masking.links, self._ids, self.names))
        told = hash((view.scripts, repr(view.viewer)))
        if told == self._learnt:
            return
        self._learnt = told
        self.tokens |= {value for script in view.scripts for value in self._token_field.findall(script)}
        self.names.add(name for source in self.masking.names for name in embedded_values(view, source))
        called = set(holder_in(view, self._ids))
        self.names.add(name for name in called if "@" not in name)
        self.know(*(name for name in called if "@" in name or not any(letter.isalpha() for letter in name)))
        self.names.add((name for name in others_in(view) if not self.names.is_ordinary(name)), whole=True)

    def _add_called(self, found: Iterable[str]) -> None:
        """Take note of what pages call the holder; parts are looked for of what can be nothing but a name."""
        for name in found:
            if looks_like_a_name(name):
                self.names.add([name])
            elif " " in name:
                self.names.add([name], whole=True)
            else:  # it may be a word as well: as it is written
                self.names.greeted.add(name)

    def _accounts_in(self, text: str) -> list[tuple[int, int]]:
        """Where a text holds what an account goes by: its address, handle or id."""
        found = (match for match in self._pattern.finditer(text) if match.lastgroup in {"own", "email"})
        return [match.span() for match in found if match.lastgroup == "own" or not _ROLE.match(match[0])]

    def _is_account(self, text: str) -> bool:
        """Whether a text is what an account goes by, and nothing else."""
        spans = self._accounts_in(text)
        return len(spans) == 1 and not any(map(str.isalnum, text[: spans[0][0]] + text[spans[0][1] :]))

    @property
    def ids(self) -> frozenset[str]:
        """What the account goes by."""
        return frozenset(self._ids)

    def know(self, *own: str) -> None:
        """Take note of what else the account goes by, such as the name it signs in with."""
        self._ids |= _ids(own)
        self._pattern = self._compiled()

    def conceal(self, values: Iterable[str]) -> None:
        """Hide what the saved session holds: a page may show a cookie's value, such as the account's handle."""
        self._kept_secret |= set(values)
        self._pattern = self._compiled()

    def withhold(self, own: Iterable[str], others: Iterable[str]) -> None:
        """
        Take note of what the account's holder wrote to the service, to be hidden wherever it is repeated.

        Args:
            own: the holder's messages.
            others: all else of the thread; lines that stand there too are let be.
        """
        self._answered += f"{_folded(' '.join(others))}\n"
        lines = (_folded(line) for text in own for line in text.split("\n"))
        self._written |= {line for line in lines if len(line) >= _SENTENCE and line not in self._answered}

    def include(self, earlier: Masks) -> None:
        """Take over the names and tokens that an earlier part of the same visit learnt."""
        self.names.include(earlier.names)
        self.tokens |= earlier.tokens
        self._written |= earlier._written
        self._answered += earlier._answered
        self.know(*earlier._ids)

    def spans(self, text: str) -> list[TextSpan]:
        """What is to be hidden in a text, in order and without overlap."""
        people = [*self.names.spans(text), *names_beside(text, self._accounts_in(text), self.names)]
        return _merged([*self._own_words(text), *self._numbers(text), *(TextSpan("name", *span) for span in people)])

    def without_people(self, text: str) -> str:
        """
        A text that was read, without names, e-mail addresses, and the account's own ids and words; other numbers stay.

        For what is told of a page elsewhere than in its copy: there the number of a form is an answer.
        """
        spans = [span for span in self.spans(text) if span.rule in {"name", "email", "own", "written"}]
        return _replaced(text, spans, None)

    def is_known(self, text: str) -> bool:
        """Whether a whole text is one of the service's labels, so that it says nothing of a person."""
        return fold_label(text) in self._phrases

    def is_written(self, text: str) -> bool:
        """Whether a whole text is of what the account's holder wrote to the service, shortened perhaps."""
        folded = _folded(text).strip(" .…")
        if len(folded) < _SENTENCE or folded in self._answered:
            return False
        return any(folded in line for line in self._written)

    def _own_words(self, text: str) -> Iterator[TextSpan]:
        if self.is_written(text):
            yield TextSpan("written", 0, len(text))
            return
        for line in self._written:
            if line in _folded(text):
                words = r"\s+".join(map(re.escape, line.split()))
                yield from (TextSpan("written", *match.span()) for match in re.finditer(words, text, re.IGNORECASE))

    def _numbers(self, text: str) -> Iterator[TextSpan]:
        for match in self._pattern.finditer(text):
            rule = match.lastgroup or ""
            if rule in {"id", "phone"} and re.sub(r"\D", "", match[0]) in self._public:
                continue
            yield TextSpan(rule, match.start(), match.end())

    def masked(self, text: str, counts: Counter[str] | None = None) -> str:
        """The text with marks such as `[e-mail]` in place of what is hidden; counted by rule."""
        return _replaced(text, self.spans(text), counts)

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
        loose = {text for text in self._ids if len(text) >= _LOOSE and not text.isdigit()}
        own = [rf"(?<!\w){_any(self._ids)}(?!\w)"] if self._ids else []
        own += [f"(?i:{_any(loose)})"] if loose else []
        groups = [
            f"(?P<email>{_EMAIL})",
            *([f"(?P<own>{'|'.join(own)})"] if own else []),
            f"(?P<token>{f'{_any(self._kept_secret)}|' if self._kept_secret else ''}{_TOKEN})",
            f"(?P<phone>(?<![\\w.+-])(?!{_DATE})(?:{_PHONE}))",
            f"(?P<id>{_NUMBER})",
        ]
        return re.compile("|".join(groups))


def _ids(texts: Iterable[str]) -> set[str]:
    """What an account goes by; of an e-mail address also what stands before the `@`, where it is no mere word."""
    found = {text.strip() for text in texts if text.strip()}
    local = {text.partition("@")[0] for text in found if "@" in text}
    return found | {text for text in local if len(text) >= _LOOSE and re.search(r"[\d._-]", text)}


_SAID = ("aria-label", "title", "alt")


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _merged(spans: Iterable[TextSpan]) -> list[TextSpan]:
    """In order and without overlap: of two that overlap one is made, under the rule of the first."""
    merged: list[TextSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _replaced(text: str, spans: Iterable[TextSpan], counts: Counter[str] | None) -> str:
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], _MARKS[span.rule]]
        at = span.end
        if counts is not None:
            counts[span.rule] += 1
    return "".join([*parts, text[at:]])


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
