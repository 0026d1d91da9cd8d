"""
Sentences of a service that a person confirmed with `temoin words`, before there were looks.

They stand in `words.toml`, in a folder of the user's own (`flow_paths`). In visits they count as looks (see
`automation.flow.looks`), in a mailbox as words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from automation.core.errors import FlowError
from automation.core.signals import Wording
from automation.text.catalogue import rule_of
from automation.text.labels import WHOLE, Labels, Phrase, whole_form

NAME = "words.toml"


class ConfirmedSentence(BaseModel):
    """One sentence, and who says what it means."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    flow: str
    """The flow in whose inbox it was read; it counts for every flow that answers in the same words."""
    locale: str
    """Language of the page, BCP-47 without a region; `any` where it declared none."""
    means: Literal["accepted", "refused", "pending", "more_information"]
    text: str
    """Folded, with `{name}`, `{date}`, `{number}`, `{address}` and `{link}` in place of what was taken out."""
    beside: tuple[str, ...] = ()
    """The other sentences of that answer, in the same form: where they stand they say nothing else."""
    who: str = ""
    """Who confirmed it, or vouches for it; an export leaves this out."""
    when: date
    bundle: str
    """SHA-256 of the manifest of the bundle that somebody looked at."""
    imported: bool = False
    """Whether somebody else looked at it, and `who` vouches for them."""

    @property
    def source(self) -> str:
        """Whose word it is, for results and reports."""
        name = f"{self.who} (imported)" if self.imported else self.who
        return f"{name}, {self.when.isoformat()}, {self.bundle[:12]}"


_FILE = TypeAdapter(dict[Literal["sentences"], tuple[ConfirmedSentence, ...]])


def read_confirmed(file: Path) -> tuple[ConfirmedSentence, ...]:
    """
    The sentences of a file; none where it is not there.

    Raises:
        FlowError: the file is wrong; names it and the place.
    """
    if not file.is_file():
        return ()
    try:
        return _FILE.validate_python(tomllib.loads(file.read_text(encoding="utf-8"))).get("sentences", ())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise FlowError(f"{file}: {'.'.join(map(str, first['loc']))}: {rule_of(first)}", "Correct that key.") from None


def labels_with(labels: Labels, sentences: Sequence[ConfirmedSentence]) -> Labels:
    """A flow's words with confirmed sentences; two that contradict each other both stand, and then decide nothing."""
    for sentence in sentences:
        said = Phrase(whole_form(sentence.text), sentence.locale, Wording.CONFIRMED, sentence.source, WHOLE)
        labels = labels.and_also(f"reply.{sentence.means}", sentence.locale, (said,))
        beside = tuple(replace(said, text=whole_form(text)) for text in sentence.beside)
        labels = labels.and_also("reply.beside", sentence.locale, beside)
    return labels
