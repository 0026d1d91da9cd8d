"""
What stands beside the flows in lists of its own: comparisons with live pages, and places without a control.

A person made each comparison. It stands in its own flow's file; for the flows that come with Témoin in `verified.toml`,
in a folder of their own (`flow_paths`), where `flows.load` finds it.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from automation.core.errors import FlowError
from automation.flow.manifest import VerifiedEntry
from automation.text.catalogue import rule_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from automation.flow.manifest import Flow

NAME = "verified.toml"
_HEAD = "# Comparisons with live pages, each made by a person: docs/flows.md.\n"
_ENTRIES = TypeAdapter(dict[str, tuple[VerifiedEntry, ...]])
_Read = TypeVar("_Read")


def merged(flows: Mapping[str, Flow], folder: Path) -> dict[str, Flow]:
    """
    The flows with the comparisons that a folder's `verified.toml` adds; as they are where there is none.

    A comparison of a flow that is not there changes nothing: it may be of another version of Témoin.

    Raises:
        FlowError: the file is wrong; names it and the place.
    """
    found = dict(flows)
    file = folder / NAME
    for flow_id, entries in (_read(_ENTRIES, file) if file.is_file() else {}).items():
        if flow_id in found:
            own = (entry.model_copy(update={"origin": "own"}) for entry in entries)
            found[flow_id] = replace(found[flow_id], verified=(*found[flow_id].verified, *own))
    return found


def with_entry(file: Path, flow_id: str, entry: VerifiedEntry) -> str:
    """
    What a flow's `flow.toml`, or a folder's `verified.toml`, which may not be there yet, says with one more comparison.

    Raises:
        FlowError: the file is wrong already, or has its comparisons in a way to which none can be added.
    """
    table = f'"{flow_id}"' if file.name == NAME else "verified"
    stand_in = "stand_in = true\n" if entry.stand_in else ""
    added = (
        f'\n[[{table}]]\nlocale = "{entry.locale}"\nkind = "{entry.kind}"\ndate = {entry.date.isoformat()}\n'
        f'revision = "{entry.revision}"\nevidence = "{entry.evidence}"\n{stand_in}'
    )
    before = file.read_text(encoding="utf-8") if file.is_file() else _HEAD
    text = before.rstrip() + "\n" + added
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise FlowError(
            f"{file}: no comparison can be added", "Write the ones that are there as [[verified]] tables, at the end."
        ) from None
    return text


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


_PLACES = TypeAdapter(dict[Literal["places"], tuple[NoControl, ...]])


def read_no_control(path: Path) -> tuple[NoControl, ...]:
    """
    Read the list of places.

    Raises:
        FlowError: naming the file and the key.
    """
    return _read(_PLACES, path).get("places", ())


def _read(kind: TypeAdapter[_Read], file: Path) -> _Read:
    try:
        return kind.validate_python(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise FlowError(f"{file}: {'.'.join(map(str, first['loc']))}: {rule_of(first)}", "Correct that key.") from None
