"""A bundle opened to be read again: only one that is whole and as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from automation.domain.observations import Observation
from automation.domain.records import Redaction
from automation.domain.results import Result
from automation.errors import ConfigurationError
from automation.evidence.formats import names
from automation.evidence.formats.result_file import read_result
from automation.evidence.verify.inventory import Stop, read
from automation.evidence.verify.wholeness import not_as_sealed

OBSERVATION = "data/observation.json"
_REDACTIONS = "data/redactions.json"
_LARGEST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one bundle says, its seal compared with its files; whom to trust is `temoin verify`'s to say."""

    folder: Path
    result: Result
    observation: Observation | None
    """None where the visit was stopped before it had read everything."""
    redactions: tuple[Redaction, ...]

    def read(self, path: str) -> bytes:
        """
        One file of the bundle.

        Args:
            path: relative to the bundle, as artifacts and steps name it.

        Raises:
            ConfigurationError: it is not there.
        """
        if path not in {artifact.path for artifact in self.result.evidence}:
            raise ConfigurationError(f"{self.folder}: there is no {path} in this bundle", "Name another bundle.")
        return _read(self.folder, path)


def open_evidence(folder: Path) -> Evidence:
    """
    Open a bundle.

    Raises:
        ConfigurationError: this is no bundle of a visit, or it is not as it was sealed; whatever it says is not passed
            on.
    """
    if names.kind_at(folder) is names.FileKind.INBOX:
        raise ConfigurationError(
            f"{folder}: this is a look into a mailbox, no visit: there is no form, no setting and no verdict in it",
            f"Name the bundle of a check; `temoin verify {folder}` verifies this one.",
        )
    if not folder.exists():
        raise ConfigurationError(f"{folder}: there is no such folder", "Name a bundle, or the folder of a run.")
    wrong = next(not_as_sealed(folder), None)
    if wrong is not None:
        where = f" ({wrong.where})" if wrong.where else ""
        raise ConfigurationError(
            f"{folder}: this is no bundle, or not as it was sealed: {wrong.fault.value}{where}",
            f"Run `temoin verify {folder}`, and take another copy.",
        )
    result = read_result(_read(folder, names.RESULT))
    listed = {artifact.path for artifact in result.evidence}
    observation = parse_observation(_read(folder, OBSERVATION)) if OBSERVATION in listed else None
    redactions: tuple[Redaction, ...] = ()
    if _REDACTIONS in listed:
        steps = json.loads(_read(folder, _REDACTIONS)).get("steps", [])
        redactions = TypeAdapter(tuple[Redaction, ...]).validate_python(steps)
    return Evidence(folder, result, observation, redactions)


def parse_observation(data: bytes) -> Observation:
    """
    What `data/observation.json` holds.

    Raises:
        ValueError: it is none.
    """
    parsed: Observation = _observations().validate_json(data)
    return parsed


@lru_cache(maxsize=1)
def _observations() -> TypeAdapter[Any]:
    return TypeAdapter(Observation)  # takes as long to make as ten observations to read


def _read(folder: Path, path: str) -> bytes:
    try:
        return read(folder, path, _LARGEST_BYTES)
    except Stop as stop:
        raise ConfigurationError(
            f"{folder}: {path} cannot be read ({stop.finding.fault.value})", "Take another copy of the bundle."
        ) from None
