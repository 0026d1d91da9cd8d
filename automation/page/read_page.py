"""One page of a visit, as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from automation.page import PageView


@dataclass(frozen=True, slots=True)
class DataResponse:
    """What one of the page's own reads answered."""

    operation: str
    status: int | None
    """None where the request failed or was refused."""
    data: Any = None
    filtered: bool = False
    """Whether the read asked for items of one kind only: a folder, a state."""
    continued: bool = False
    """Whether the read asked for what follows in a list that was begun before."""


@dataclass(frozen=True, slots=True)
class MissedRequest:
    """What a page asked for and did not get."""

    method: str
    host: str
    path: str
    """Without its query, which may hold tokens."""
    refused: bool
    """Whether it was the guard's doing."""

    def __str__(self) -> str:
        return f"{self.method} {self.host}{self.path}"


@dataclass(frozen=True)
class ReadPage:
    """One page as it was read."""

    surface: str
    requested: str
    """Without its query."""
    final: str
    redirects: tuple[str, ...]
    status: int | None
    view: PageView
    settled: bool
    """False where the page was still changing or waiting when time ran out."""
    answers: tuple[DataResponse, ...]
    locale: str
    seconds: float
    has_all_data: bool = True
    """False where the page did not get all of its data: a request for it failed, or the guard refused it."""
    missed: tuple[MissedRequest, ...] = ()
    """What it asked for and did not get."""

    @property
    def failed(self) -> bool:
        """Whether the page did not answer as a page."""
        return self.status is None or self.status >= 400
