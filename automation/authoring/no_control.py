"""Places without a control that could be read: what is known of them, for people who look for them in the list."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from automation.core.errors import FlowError
from automation.text.broken_rules import rule_of


class NoControl(BaseModel):
    """One place, and why no flow reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    service: str
    kind: Literal["none", "form", "app", "other", "unread", "not_found"]
    en: str
    fr: str
    sources: tuple[str, ...] = Field(min_length=1)

    def text(self, language: str) -> str:
        """What is known, in French or English."""
        return {"en": self.en, "fr": self.fr}[language]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    places: tuple[NoControl, ...]


def read_no_control(path: Path) -> tuple[NoControl, ...]:
    """
    Read the list.

    Raises:
        FlowError: naming the file and the key.
    """
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).places
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{path}: cannot be read: {error}", "Correct that line.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise FlowError(f"{path}: {'.'.join(map(str, first['loc']))}: {rule_of(first)}", "Correct that key.") from None
