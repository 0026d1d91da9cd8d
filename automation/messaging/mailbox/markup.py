"""From a message's HTML to the paragraphs and links that a person sees, and which of them are quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from automation.page import Block
from automation.text.normalizing import canonical_locale

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


@dataclass(slots=True)
class _Open:
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
    _stack: list[_Open] = field(default_factory=list)
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
            if tag in {"p", "li", "tr", "td"}:  # these close their like without saying so
                self._close_open(tag)
        if tag in _VOID:
            return
        above = self._stack[-1] if self._stack else _Open("", hidden=False, quoted=False)
        style = re.sub(r"\s+", "", given.get("style", "").lower())
        marks = f"{given.get('class', '')} {given.get('id', '')}".lower()
        self._stack.append(
            _Open(
                tag,
                hidden=above.hidden or tag in _NOT_SHOWN or "hidden" in given or bool(_HIDDEN.search(style)),
                quoted=above.quoted or tag in _QUOTING or bool(_QUOTING_NAMES.search(marks) or _STRUCK.search(style)),
            )
        )
        if tag == "a" and given.get("href") and not self._stack[-1].hidden and not self._stack[-1].quoted:
            self.links.append(given["href"].strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._finish()
        for number in range(len(self._stack) - 1, -1, -1):
            if self._stack[number].tag == tag:
                del self._stack[number:]
                return

    def handle_data(self, data: str) -> None:
        here = self._stack[-1] if self._stack else None
        if here is not None and here.hidden:
            return
        text = re.sub(r"\s+", " ", data)
        if text:
            self._quoted = self._quoted or (here is not None and here.quoted and text != " ")
            self._text.append(text)

    def _close_open(self, tag: str) -> None:
        if self._stack and self._stack[-1].tag == tag:
            self._stack.pop()

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
