"""
The program's sentences: marked in English where they stand, translated in one catalogue.

Importing this costs nothing; Babel is loaded with the first catalogue that is read.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.support import NullTranslations

LANGUAGES = ("en", "fr")
FOLDER = Path(__file__).parent / "locale"


def machine_language(ask: Callable[[], tuple[str | None, str | None]] = locale.getlocale) -> str | None:
    """
    The two-letter language that the environment asks for, or the machine's locale; None where there is none.

    `locale` knows only locales that are installed, and a small Linux has none: the variables still say it.
    """
    for name in ("TEMOIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    found = ask()[0]
    return found.partition("_")[0].lower() if found else None


def mark(text: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return text


N_ = mark
"""The name under which Babel's extraction knows `mark`."""


def read_sentences(code: str) -> list[tuple[str, str]]:
    """Each English sentence of a language's catalogue that has a translation, with it; no plural forms."""
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with (FOLDER / code / "LC_MESSAGES" / "temoin.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    return [
        (message.id, message.string)
        for message in catalogue
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string
    ]


def read_catalogue(code: str) -> NullTranslations:
    """
    The sentences of a language, straight from its `.po` file.

    Compiled in memory, so that a checkout, an sdist and a wheel need no build step and cannot hold a stale one.
    """
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - slow to import, and marking needs none of it
    from babel.messages.pofile import read_po  # noqa: PLC0415
    from babel.support import NullTranslations, Translations  # noqa: PLC0415

    if code == "en":
        return NullTranslations()
    with (FOLDER / code / "LC_MESSAGES" / "temoin.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="temoin")
