"""
The cases, kept beside the evidence.

`cases/cases.jsonl` in the evidence folder only ever grows: a line for the consent, written before anything can leave; a
line just before the request leaves; a line for what came after it, and for each word of the service.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from automation.core.cases import SCHEMA, Case, CaseEvent, CaseSource, CaseState
from automation.core.filings import Filing
from automation.core.records import BundleRef
from automation.storage.line_book import LineBook

FOLDER = "cases"


class CaseBook:
    """
    The cases of one evidence folder.

    Args:
        root: the evidence folder.
    """

    def __init__(self, root: Path) -> None:
        self._book = LineBook(root / FOLDER / "cases.jsonl", SCHEMA)

    def cases(self) -> tuple[Case, ...]:
        """
        All cases, the oldest first.

        Raises:
            ConfigurationError: a line is damaged or of another version, or the file cannot be read.
        """
        found: dict[str, Case] = {}
        self._book.read(partial(_take, found))
        return tuple(found.values())

    def begin(self, account: str, flow: str, form_id: str, *, by: str, at: datetime | None = None) -> str:
        """
        Keep that a person agreed, before anything can leave; the case's number.

        Raises:
            ConfigurationError: the file cannot be read.
            OutputError: it cannot be written.
        """
        self.cases()  # a book that cannot be read is not written on
        number = secrets.token_hex(4)
        event = CaseEvent(CaseState.RELEASED, _utc(at), CaseSource.FILING, by)
        self._book.append({"id": number, "account": account, "flow": flow, "form_id": form_id, **_plain(event)})
        return number

    def leaving(self, number: str, at: datetime) -> None:
        """
        Keep that the request is about to leave; on the disk when this returns.

        Raises:
            OutputError: it cannot be written.
        """
        self.move(number, CaseEvent(CaseState.FILED, at, CaseSource.FILING))

    def details(self, number: str, filing: Filing) -> None:
        """Keep what the service's page said after it. Raises OutputError where it cannot be written."""
        self._book.append({"id": number, "reference": filing.reference, "promise": filing.promise})

    def sealed(self, number: str, bundle: BundleRef) -> None:
        """Keep which bundle shows the filing. Raises OutputError where it cannot be written."""
        self._book.append({"id": number, "bundle": bundle.path, "seal": bundle.envelope_sha256})

    def move(self, number: str, event: CaseEvent) -> None:
        """Keep what happened to a case. Raises OutputError where it cannot be written."""
        self._book.append({"id": number, **_plain(event)})


def _take(found: dict[str, Case], plain: Mapping[str, Any]) -> None:
    number = str(plain["id"])
    if "account" in plain:
        found[number] = Case(number, str(plain["account"]), str(plain["flow"]), str(plain["form_id"]), (_event(plain),))
        return
    case = found[number]
    if "state" in plain:
        case = replace(case, events=(*case.events, _event(plain)))
    elif "bundle" in plain:
        last = [n for n, event in enumerate(case.events) if event.source is CaseSource.FILING][-1]
        shown = replace(case.events[last], bundle=str(plain["bundle"]), seal=str(plain["seal"]))
        case = replace(case, events=(*case.events[:last], shown, *case.events[last + 1 :]))
    else:
        case = replace(case, reference=str(plain["reference"]), promise=str(plain["promise"]))
    found[number] = case


def _plain(event: CaseEvent) -> dict[str, str]:
    plain = {"state": event.state.value, "at": _utc(event.at).isoformat(), "source": event.source.value}
    more = {"by": event.by, "note": event.note, "bundle": event.bundle, "seal": event.seal}
    return {**plain, **{name: text for name, text in more.items() if text}}


def _event(plain: Mapping[str, Any]) -> CaseEvent:
    at = datetime.fromisoformat(plain["at"])
    if at.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return CaseEvent(
        CaseState(plain["state"]),
        at.astimezone(UTC),
        CaseSource(plain["source"]),
        *(str(plain.get(name, "")) for name in ("by", "note", "bundle", "seal")),
    )


def _utc(at: datetime | None) -> datetime:
    return (at or datetime.now(UTC)).astimezone(UTC)
