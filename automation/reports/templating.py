"""Jinja's environment for the pages that a person reads: of the report, and of the local window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from automation.reports.advice import is_web
from automation.reports.icons import DRAWINGS
from automation.reports.saying import Saying

if TYPE_CHECKING:
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
    made.globals.update(
        language=words,
        say=Saying(words),
        is_web=is_web,
        drawings=[(name, Markup(drawing)) for name, drawing in DRAWINGS.items()],  # noqa: S704 - our own drawings
        **known,
    )
    return made
