"""Jinja's environment for the pages that a person reads, with their symbols and QR codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from automation.reports.advice import is_web
from automation.reports.saying import Saying
from automation.text.language import fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from automation.text.language import Language

_RING = '<circle cx="8" cy="8" r="6.5"/>'

DRAWINGS: Mapping[str, str] = {
    "objected": f'{_RING}<path d="M5 8.3l2.1 2.1L11.2 6"/>',
    "not_objected": f'{_RING}<path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"/>',
    "pending": f'{_RING}<path d="M8 4.4V8l2.4 1.8"/>',
    "refused": f'{_RING}<path d="M3.5 12.5l9-9"/>',
    "not_offered": '<circle cx="8" cy="8" r="6.5" stroke-dasharray="2.6 2.5"/><path d="M5.2 8h5.6"/>',
    "needs_human": '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 14.3c.4-3 2.4-4.6 5.2-4.6s4.8 1.6 5.2 4.6"/>',
    "unknown": f'{_RING}<path d="M6.2 6.3c.2-1.1 1-1.7 1.9-1.7 1.1 0 1.9.7 1.9 1.6 0 1.5-1.9 1.4-1.9 3"/>'
    '<path d="M8.1 11.5v.1"/>',
    "ok": '<path d="M2.8 8.6l3.4 3.4 7-7.6"/>',
    "finding": '<path d="M8 2.2l6.3 11.3H1.7z"/><path d="M8 6.5v3M8 11.5v.1"/>',
    "incomplete": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.2v3.9h3"/>',
}

SYMBOLS: Mapping[str, tuple[str, str]] = {
    "objected": ("✓", "+"),
    "not_objected": ("✗", "x"),
    "pending": ("…", "~"),
    "refused": ("⊘", "/"),
    "not_offered": ("–", "-"),
    "needs_human": ("!", "!"),
    "unknown": ("?", "?"),
}
"""The same for a terminal: a sign, and what stands for it where only ASCII can be written. One column wide each."""


TOKENS = Path(__file__).parent / "templates" / "tokens.css"
"""The colours and typefaces that all these pages share, as a style sheet."""


def environment(folder: Path, words: Language, **known: object) -> Environment:
    """
    Templates of one language. Everything is escaped; a name that does not exist is an error, not a blank.

    Args:
        folder: where the templates lie.
        words: of the language.
        known: what templates may name beside the language, its sayings and the drawings.
    """
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    made.globals.update(_filling(words))
    made.globals.update(
        language=words,
        say=Saying(words),
        is_web=is_web,
        drawings=[(name, Markup(drawing)) for name, drawing in DRAWINGS.items()],  # noqa: S704 - our own drawings
        **known,
    )
    return made


def _filling(words: Language) -> dict[str, Callable[..., Markup]]:
    """Jinja's own three make the sentence markup before they fill it, and so lose how a word joins a value."""

    def filled(text: str, values: Mapping[str, object]) -> Markup:
        return Markup(fitted(text, values)) % values  # noqa: S704 - a sentence of our own

    def gettext(sentence: str, /, **values: object) -> Markup:
        return filled(words.gettext(sentence), values)

    def ngettext(one: str, many: str, num: int, /, **values: object) -> Markup:
        return filled(words.ngettext(one, many, num), {"num": num, **values})

    def pgettext(context: str, sentence: str, /, **values: object) -> Markup:
        return filled(words.pgettext(context, sentence), values)

    return {"gettext": gettext, "ngettext": ngettext, "pgettext": pgettext}


_BORDER = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""


def qr_svg(text: str, label: str) -> Markup:
    """
    An SVG element that shows a text as a QR code, black on white whatever the page's colours are.

    Args:
        text: short; capital letters, digits and hyphens make the smallest code.
        label: what it is, for those who do not see it.
    """
    code = segno.make_qr(text, error="m")
    width, height = code.symbol_size(scale=1, border=_BORDER)
    drawn = code.svg_inline(border=_BORDER, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    inner = drawn.partition(">")[2]  # its own first tag names no role and no label
    head = f'<svg class="qr" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
    return Markup(head + inner)  # noqa: S704 - drawn by the library from our own code
