"""What a visit looked for on a page and did not find, beside what stood there instead."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.reports.names import term
from automation.text.catalogue import N_
from automation.text.language import printable

if TYPE_CHECKING:
    from automation.core.flows import FlowGuide
    from automation.text.language import Language


class Part(StrEnum):
    """What was looked for; the value is its name in English, for the catalogue."""

    TITLE = N_("the title of the form")
    INBOX = N_("the title of the inbox")
    SETTING = N_("the setting")
    HEADING = N_("the heading of the setting")


@dataclass(frozen=True, slots=True)
class Unmet:
    """One part that a page did not show."""

    surface: str
    part: Part
    wanted: tuple[str, ...]
    """By which words it is known, in the page's language; empty where no source gives any in it."""
    stood: tuple[str, ...]
    """What stood there of its kind, as the masked evidence has it, the likest first."""
    picture: str | None
    """Path of the page's picture in the evidence folder."""

    @property
    def nearest(self) -> str:
        """The one of the wanted words that is likest to what stood there."""
        first = self.stood[0] if self.stood else ""
        return max(self.wanted, key=lambda words: likeness(words, first), default="")

    @property
    def differing(self) -> tuple[tuple[str, bool], ...]:
        """What stood there first, piece by piece, and whether each differs from the wanted words."""
        there, wanted = (self.stood[0] if self.stood else "").split(), self.nearest.split()
        folded = [[word.casefold() for word in words] for words in (wanted, there)]
        steps = SequenceMatcher(None, folded[0], folded[1], autojunk=False).get_opcodes()
        pieces = ((" ".join(there[begin:end]), kind != "equal") for kind, _, _, begin, end in steps)
        return tuple((text, differs) for text, differs in pieces if text)

    def line(self, words: Language, guide: FlowGuide | None) -> str:
        """The page, what was looked for and what stood there, as one sentence."""
        _ = words.gettext
        values = {"page": term("surfaces", self.surface, words, guide), "part": _(self.part)}
        stood = words.listing([words.quoted(printable(text)) for text in self.stood]) or _("nothing of the kind")
        if not self.wanted:
            return _(
                "%(page)s: no source gives words for %(part)s in its language. There stood: %(stood)s",
                **values,
                stood=stood,
            )
        wanted = words.quoted(printable(self.nearest))
        return _(
            "%(page)s: %(part)s was looked for, as %(wanted)s. There stood: %(stood)s",
            **values,
            wanted=wanted,
            stood=stood,
        )


def likeness(one: str, other: str) -> float:
    """How like two texts are, from 0 to 1."""
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()
