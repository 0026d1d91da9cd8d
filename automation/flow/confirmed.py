"""
Sentences of a service that a person confirmed with `temoin words`, before there were looks: read as looks.

They stand in `words.toml`, in a folder of the user's own (`flow_paths`), and go on counting until somebody revokes
them; in a mailbox the deciding ones count as words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from automation.core.errors import FlowError
from automation.core.looks import Look, Says, ShownKind
from automation.core.signals import Wording
from automation.text.catalogue import rule_of
from automation.text.labels import WHOLE, Labels, Phrase, whole_form

NAME = "words.toml"


class _Sentence(BaseModel):
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
    when: date
    bundle: str
    """SHA-256 of the manifest of the bundle that somebody looked at."""
    imported: bool = False
    """Whether somebody else looked at it, and `who` vouches for them."""

    def look(self) -> Look:
        lines, at = ((self.text, *self.beside),), datetime.combine(self.when, time(), UTC)
        look = Look(ShownKind.LETTER, Says(self.means), self.flow, self.locale, lines, self.who, at, self.bundle)
        return replace(look, imported=self.imported, sentence=self.text)


_FILE = TypeAdapter(dict[Literal["sentences"], tuple[_Sentence, ...]])


def confirmed_looks(file: Path) -> tuple[Look, ...]:
    """
    The sentences of a file, as looks; none where it is not there.

    Raises:
        FlowError: the file is wrong; names it and the place.
    """
    if not file.is_file():
        return ()
    try:
        said = _FILE.validate_python(tomllib.loads(file.read_text(encoding="utf-8"))).get("sentences", ())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise FlowError(f"{file}: {'.'.join(map(str, first['loc']))}: {rule_of(first)}", "Correct that key.") from None
    return tuple(sentence.look() for sentence in said)


def labels_with(labels: Labels, looks: Iterable[Look]) -> Labels:
    """A flow's words with confirmed sentences; two that contradict each other both stand, and then decide nothing."""
    for look in looks:
        if look.sentence:
            said = Phrase(whole_form(look.sentence), look.locale, Wording.CONFIRMED, look.source, WHOLE)
            labels = labels.and_also(f"reply.{look.says}", look.locale, (said,))
    return labels
