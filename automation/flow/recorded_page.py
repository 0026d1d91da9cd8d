"""
A recorded page as it lies on file: what stands in its `recorded/NAME.toml`, and the marks in its markup.

The markup holds no script, no address of anything to fetch and no text but the service's known words.
"""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from automation.core.errors import FlowError
from automation.text.catalogue import rule_of

IDENTITY = "stand-in-identity"
"""Stands in a recorded page where the service named the account that was signed in."""
SOMEBODY_ELSE = "somebody-else"
"""Stands where it named another one."""
FOLDER = "recorded"
"""Below a setting's `replica/`."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedPage(_Table):
    """One page of a recording."""

    url: str
    """Where it was read, without a query."""
    status: int = Field(ge=100, le=599)
    file: str = Field(pattern=r"^[\w.-]+\.html$")
    """Markup, beside the table."""

    @property
    def place(self) -> str:
        """Host and path: a stand-in is asked for nothing else."""
        parts = urlsplit(self.url)
        return f"{parts.hostname or ''}{parts.path or '/'}"


class Recording(_Table):
    """What one visit saw, and what was made of it."""

    date: datetime.date
    locale: str
    source: str
    """Who recorded it, when, where from; in words."""
    verdict: Literal["objected", "not_objected", "pending", "refused", "not_offered", "unknown"]
    reason: str = ""
    """Of `unknown`."""
    pages: tuple[RecordedPage, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_page_a_place(self) -> Self:
        places = [page.place for page in self.pages]
        if len(set(places)) != len(places):
            raise ValueError("two pages have one address")
        return self

    @classmethod
    def read(cls, file: Path) -> Self:
        """
        Read a recording's table.

        Raises:
            FlowError: naming the file and what is wrong with it.
        """
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FlowError(f"{file}: cannot be read ({error})", "Correct it, or record the page anew.") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "recording"
            raise FlowError(f"{file}: {where}: {rule_of(first)}", "Correct that key.") from None
