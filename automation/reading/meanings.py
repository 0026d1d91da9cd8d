"""What a sentence of a service may say about an objection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from automation.text.labels import Phrase


class Meaning(StrEnum):
    """What a sentence of a service says about an objection."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PENDING = "pending"
    MORE_INFORMATION = "more_information"


@dataclass(frozen=True, slots=True)
class Said:
    """One understood sentence."""

    meaning: Meaning
    sentence: str
    """From the known words on."""
    phrase: Phrase
    whole: str = ""
    """As it stands on the page."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Known words in a sentence."""

    said: Said
    hedged: bool
    """Whether what follows makes it depend on something, or takes it back."""
