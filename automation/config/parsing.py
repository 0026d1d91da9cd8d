"""Texts that a configuration is made of: TOML and JSON."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from automation.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def parsed(text: str, path: Path) -> dict[str, Any]:
    """
    What a TOML text holds.

    Raises:
        ConfigurationError: it is none; with the line.
    """
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
