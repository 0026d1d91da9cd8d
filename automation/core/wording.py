"""How well the words of a service are known."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Wording(StrEnum):
    """How well the words behind a signal are known."""

    NONE = "none"
    """No words were needed."""
    SOURCED = "sourced"
    ASSUMED = "assumed"
    """No source gives them: the plainest form that such a text would take."""
    CONFIRMED = "confirmed"
    """No source gives them; a person looked at the answer and said what they mean."""


class KnownWords(Protocol):
    """Words of a label table."""

    @property
    def wording(self) -> Wording:
        """How well they are known."""

    @property
    def locale(self) -> str:
        """Their language, BCP-47."""

    @property
    def source(self) -> str:
        """Where they are documented."""
