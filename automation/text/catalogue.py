"""
The program's sentences: marked in English where they stand, translated in one catalogue.

With them what others say that stands in our messages: systems about files and networks, Python about TOML and JSON,
pydantic. Importing this costs nothing; Babel is loaded with the first catalogue that is read.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from babel.support import NullTranslations
    from pydantic import BaseModel, ValidationError

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


# Nothing calls these three: a sentence that is told in another language finds them in the catalogue.
OF_SYSTEMS = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Directory not empty"),
    N_("File exists"),
    N_("File name too long"),
    N_("Read-only file system"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Input/output error"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Device or resource busy"),
    N_("Resource temporarily unavailable"),
    N_("Invalid argument"),
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("Connection timed out"),
    N_("Network is unreachable"),
    N_("No route to host"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
    N_("Exec format error"),
    N_("[Errno %(number)s] %(text)s: '%(file)s'"),
    N_("[Errno %(number)s] %(text)s"),
)
OF_TOML = (
    N_("Cannot overwrite a value"),
    N_("Escaped character is not a Unicode scalar value"),
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected %(what)s"),
    N_("Expected newline or end of document after a statement"),
    N_("Invalid date or datetime"),
    N_("Invalid hex value"),
    N_("Invalid initial character for a key part"),
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Unescaped '\\' in a string"),
    N_("Unterminated string"),
    N_("Cannot declare %(key)s twice"),
    N_("Cannot mutate immutable namespace %(key)s"),
    N_("Cannot redefine namespace %(key)s"),
    N_("Duplicate inline table key %(key)s"),
    N_("Found invalid character %(character)s"),
    N_("Illegal character %(character)s"),
    N_("%(text)s (at line %(line)s, column %(column)s)"),
    N_("%(text)s (at end of document)"),
)
OF_JSON = (
    N_("%(text)s: line %(line)s column %(column)s (char %(character)s)"),
    N_("Expecting value"),
    N_("Expecting property name enclosed in double quotes"),
    N_("Expecting ',' delimiter"),
    N_("Expecting ':' delimiter"),
    N_("Extra data"),
    N_("Illegal trailing comma before end of object"),
    N_("Illegal trailing comma before end of array"),
    N_("Unterminated string starting at"),
    N_("Invalid control character at"),
    N_("Invalid \\escape"),
    N_("Invalid \\uXXXX escape"),
)


_RULES: Mapping[str, str] = {
    "missing": N_("it is missing"),
    "extra_forbidden": N_("no such key"),
    "bool": N_("it should be true or false"),
    "int": N_("it should be a whole number"),
    "float": N_("it should be a number"),
    "finite_number": N_("it should be a finite number"),
    "greater_than": N_("it should be more than %(gt)s"),
    "greater_than_equal": N_("it should be at least %(ge)s"),
    "less_than": N_("it should be less than %(lt)s"),
    "less_than_equal": N_("it should be at most %(le)s"),
    "string_too_short": N_("it should not be empty"),
    "string_too_long": N_("it should have %(max_length)s characters at most"),
    "string_pattern_mismatch": N_("it has characters that cannot stand here"),
    "string": N_("it should be text, in quotes"),
    "path": N_("it should be a path, in quotes"),
    "date": N_("it should be a day, such as 2027-01-31"),
    "datetime": N_("it should be a moment, such as 2027-01-31T12:00:00Z"),
    "enum": N_("it should be one of these: %(expected)s"),
    "literal_error": N_("it should be one of these: %(expected)s"),
    "too_short": N_("it should have an entry"),
    "too_long": N_("it should have %(max_length)s entries at most"),
    **dict.fromkeys(("dict", "model", "mapping", "dataclass"), N_("it should be a table")),
    **dict.fromkeys(("tuple", "list", "set", "frozen_set", "iterable"), N_("it should be a list, in brackets")),
}
"""Kind of an error, or how the names of such kinds begin, as `int` of `int_parsing` → what is said."""
_OTHERWISE = N_("it does not fit here")


_DID_YOU_MEAN = N_('Did you mean "%(name)s"?')


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean "…"?` or nothing."""
    choices = list(known)
    close = get_close_matches(word.lower(), choices, n=1, cutoff=0.6)
    close = close or [choice for choice in choices if len(word) > 2 and choice.startswith(word.lower())]
    return " " + _DID_YOU_MEAN % {"name": close[0]} if close else ""


def key_fault(error: ValidationError, shape: type[BaseModel]) -> tuple[str, str]:
    """What is wrong with which key of a file, an unknown key first; and which one may have been meant, or nothing."""
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    *above, key = first["loc"] or ("",)
    for part in above:
        field = shape.model_fields.get(str(part))
        shape = next(_shapes(field.annotation), shape) if field else shape
    hint = did_you_mean(str(key), shape.model_fields) if first["type"] == "extra_forbidden" else ""
    return f"{'.'.join(map(str, first['loc']))}: {rule_of(first)}", hint


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    """The tables that a field may hold, however it holds them."""
    if hasattr(annotation, "model_fields"):
        yield annotation
    for inner in get_args(annotation):
        yield from _shapes(inner)


def rule_of(detail: Mapping[str, Any]) -> str:
    """The rule that a value breaks, of one of pydantic's `ValidationError.errors()`, as the end of a sentence."""
    context = detail.get("ctx", {})
    if isinstance(context.get("error"), ValueError):
        return str(context["error"])
    kind = str(detail["type"])
    parts = kind.split("_")
    names = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    rule = next((_RULES[name] for name in names if name in _RULES), _OTHERWISE)
    return rule % {name: _plain(value) for name, value in context.items()} if "%(" in rule else rule


def _plain(value: object) -> str:
    """A number as a person writes it; choices without the quotes and the `or` of English."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("'", "").replace(" or ", ", ")
