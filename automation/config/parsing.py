"""Texts that a configuration is made of: TOML and JSON."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from automation.core.errors import ConfigurationError


def parsed(text: str, path: Path) -> dict[str, Any]:
    """What a TOML text holds. Raises ConfigurationError: it is none; with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL)
        what, line = (match[1], match[2]) if match else (str(error), None)
        line = line or str(text.count("\n") + 1)
        raise ConfigurationError(
            f"{path}:{line}: this is not TOML: {what}.",
            'Text stands in quotes (name = "…"), each account begins with [[accounts]], a comment with #.',
        ) from None


def is_json(value: str, kind: type) -> bool:
    """Whether a text is JSON of a kind."""
    try:
        return isinstance(json.loads(value), kind)
    except ValueError:
        return False


class Wrong(ValueError):
    """A value that cannot stand, and what would be right. Neither text may hold a secret."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class ConfigTable(BaseModel):
    """One table; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def not_blank(value: str) -> str:
    """A text with something in it, without the white space around."""
    if not value.strip():
        raise Wrong("this is empty.", "Fill it in, or leave the line out where it may be left out.")
    return value.strip()
