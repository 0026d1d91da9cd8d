"""One page of a visit, as it was read, and whom its data names as the person who reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automation.page import PageView
from automation.page.json_values import walk


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


_ASKING = re.compile(
    r"me|myself|self|whoami|who[_-]am[_-]i|viewer|user_?info|(?:current|logged[_-]?in)[_-]?(?:user|account|member)|session",
    re.IGNORECASE,
)
"""The last part of an address; `userinfo` is OpenID Connect's, the others are habits of those who write APIs."""
_NAMING = re.compile(r"(?:.*_)?(?:e?mail|login|name|handle)|(?:user|e?mail)_?(?:name|address)", re.IGNORECASE)
_WRAPPING = re.compile(
    r"data|results?|response|payload|body|items?|(?:(?:current|logged|signed)[_-]?(?:in)?[_-]?)?(?:users?|viewer|me|self|accounts?"
    r"|members?|profiles?|session|person|people|staff)",
    re.IGNORECASE,
)
"""What an answer may be wrapped in; `{"support": {…}}` and `{"invites": […]}` hold somebody else."""
_DEEPEST = 4


def asks_who(path: str) -> bool:
    """Whether a read at this path asks who is signed in."""
    last = path.rstrip("/").rpartition("/")[2].removesuffix(".json")
    return _ASKING.fullmatch(last) is not None


def person_in(answer: Any) -> Mapping[str, Any] | None:
    """
    What an answer to such a read says of the person, out of its wrapping; None where it says nothing.

    `{"users": [{…}]}` and `{"data": {…}}` are wrappings, until something is called a name; a list of several is no
    answer.
    """
    for _ in range(_DEEPEST):
        if isinstance(answer, list):
            answer = answer[0] if len(answer) == 1 else None
        if not isinstance(answer, Mapping):
            return None
        inner = [key for key, value in answer.items() if isinstance(value, Mapping | list)]
        named = any(_NAMING.fullmatch(str(key)) for key in answer)
        if len(inner) != 1 or named or not _WRAPPING.fullmatch(str(inner[0])):
            break
        answer = answer[inner[0]]
    told = isinstance(answer, Mapping) and any(isinstance(value, str) for value in walk(answer))
    return answer if told else None
