"""How the lists of a service's `site.toml` are written, and what each is compiled to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from automation.guard.bodies import ID, WordPatterns, words_of
from automation.guard.spelling import ACTING_NAMES, FoldedPairs, FoldedPatterns, Patterns, pairs_of
from automation.text.catalogue import N_

_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True)
class Each:
    """A list in the file of which each text is written so, compiled to what the field's type is built from."""

    fits: Callable[[str], object] = lambda _text: True
    how: str = ""
    least: int = 0

    def __get_pydantic_core_schema__(self, source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """The list is checked text by text, so that a fault names its place."""
        text = core_schema.no_info_after_validator_function(self.checked, core_schema.str_schema(strict=True))
        texts = core_schema.list_schema(text, min_length=self.least, strict=True)
        return core_schema.no_info_after_validator_function(getattr(source, "of", source), texts)

    def checked(self, text: str) -> str:
        """A text that is written so; raises `ValueError`, which says how it would be."""
        if not self.fits(text):
            raise ValueError(self.how)
        return text


def _is_path(value: str) -> bool:
    return value.startswith(("/", "*")) and value.strip("*/") != ""


def _is_read(value: str) -> bool:
    """Whether it is a path; with a `?` behind it all that a form holds, where what acts is named."""
    path, _, fields = value.partition("?")
    pairs = pairs_of(fields) if fields else []
    return bool(PATH.checked(path)) and all(name and not (name in ACTING_NAMES and text == "*") for name, text in pairs)


def _are_words(value: str) -> bool:
    words = [word for word in value.split() if word != "*"]
    return bool(words) and all(words_of(word) == (word.lower(),) for word in words)


HOST = Each(_HOST.fullmatch, N_("a host is written like 'www.example.org' or '*.example.org', lower case, no port"))
PATH = Each(_is_path, N_("a path begins with '/' (or '*') and says more than '*'"))
NAME = Each(lambda text: text.strip("*"), N_("a pattern of names says more than '*'"))
LOOPBACK = re.compile(r"(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::(\d{1,5}))?")
OWN_HOST = Each(
    lambda text: _HOST.fullmatch(text) or LOOPBACK.fullmatch(text),
    N_("a host is written like 'www.example.org', '*.example.org', 'localhost' or 'localhost:8000'"),
    least=1,
)
Hosts = Annotated[Patterns, HOST]
Paths = Annotated[Patterns, PATH]
Names = Annotated[Patterns, NAME]
Folded = Annotated[FoldedPatterns, PATH]
READ = Each(_is_read, N_("what is read is written '/path?action=name&other=*', and what acts is named"))
Words = Annotated[
    WordPatterns,
    Each(_are_words, N_("a pattern of words is written 'use Request *': words with blanks between, or '*'")),
]
Queries = Annotated[
    FoldedPairs, Each(re.compile(".+=.*").match, N_("a query pattern is written 'name=value', both may hold '*'"))
]
Numbers = Annotated[
    frozenset[str], Each(ID.fullmatch, N_("a number has no zero in front, a digest is written in lower case"))
]
Headers = Annotated[
    frozenset[str], Each(re.compile("[^A-Z:]+").fullmatch, N_("a header is named in lower case, without a colon"))
]
ANY = Each()
Texts = Annotated[frozenset[str], ANY]
