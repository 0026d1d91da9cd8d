"""Jinja's environment for the pages that a person reads: of the report, and of the local window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from automation.reports.advice import is_web
from automation.reports.icons import DRAWINGS
from automation.reports.saying import Saying
from automation.text.language import fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from automation.text.language import Language


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
