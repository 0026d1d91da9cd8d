"""What the history holds: one entry a result, and how many accounts stood how from day to day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation.core.observations import Form
from automation.core.results import Outcome, Result, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.storage.changes import Change, ChangeKind, FormChange, FormChangeKind, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "temoin.history/1"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A result on its way into the history, with what it does not say itself."""

    run: str
    """The run's id."""
    stand_in: bool
    result: Result
    """Its `bundle` has a path relative to the evidence folder, with forward slashes."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One result as the history keeps it. Everything else is in its bundle."""

    account: str
    owner: str
    kind: str
    """Of the account."""
    page: str | None
    flow: str
    flow_revision: str
    locale: str
    stand_in: bool
    """True when it says nothing of the real service."""
    because: str
    because_key: str
    assumed_words: bool
    bundle: str | None
    """Path relative to the evidence folder; None where there is no evidence."""
    manifest_sha256: str
    """Of the bundle; empty without one."""
    change: Change
    """Holds verdict, reason, outcome, moment and run as `change.now`."""


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    """What `temoin history --json` prints."""

    schema: str = field(default=SCHEMA, kw_only=True)
    entries: tuple[HistoryEntry, ...]
    """The newest of each account, or each result of one account or since a day."""


@dataclass(frozen=True, slots=True)
class DayStanding:
    """Where all accounts stood at the end of one day (UTC); one that was not checked that day stands as before."""

    day: date
    verdicts: Mapping[Verdict, int]
    outcomes: Mapping[Outcome, int]


def recorded(document: RunDocument) -> tuple[Recorded, ...]:
    """The results of a run, ready to be recorded."""
    folder = PurePath(document.run.output).name
    return tuple(
        Recorded(
            run=document.run.id,
            stand_in=document.run.stand_in or result.environment.stand_in,
            result=replace(result, bundle=result.bundle and result.bundle.below(folder)),
        )
        for result in document.results
    )


def last_answers(entries: Iterable[HistoryEntry]) -> dict[str, Standing]:
    """The newest answer read at the real service, by account, of what `History.latest` gives; see `policy.in_force`."""
    answers: dict[str, Standing] = {}
    for entry in entries:
        change = entry.change
        answer = change.now if change.now.verdict.is_answer else change.last_answer
        known = answers.get(entry.account)
        if answer and not entry.stand_in and (known is None or answer.at > known.at):
            answers[entry.account] = answer
    return answers


STANDING = ("verdict", "reason", "outcome", "finished_at", "run")
"""Columns of a standing, in the order in which `standing` reads them."""
_OWN = (
    "s.account", "r.owner", "r.kind", "r.page", "s.flow", "r.flow_revision", "r.locale", "s.stand_in", "r.because",
    "r.because_key", "r.assumed_words", "r.bundle", "r.manifest_sha256", "r.change", "r.since", "r.form_changes",
)  # fmt: skip
"""Those of a `HistoryEntry` and of its `Change`, by the names of their fields."""
_COLUMNS = (*_OWN, *(f"{table}.{column}" for table in "rpa" for column in STANDING))
ENTRIES = f"""
SELECT {", ".join(_COLUMNS)}
FROM results r
JOIN series s ON s.id = r.series
LEFT JOIN results p ON p.id = r.previous
LEFT JOIN results a ON a.id = r.last_answer
"""
"""Reads entries: of a result `r` in its series `s`, with the result before and the last answer."""


def written(moment: datetime) -> str:
    """A moment as it is kept: text that sorts as time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def standing(row: Sequence[Any]) -> Standing:
    """From the columns of `STANDING`."""
    verdict, reason, outcome, at, run = row
    return Standing(
        Verdict(verdict), Reason(reason) if reason else None, Outcome(outcome), datetime.fromisoformat(at), run
    )


def entry(row: Sequence[Any]) -> HistoryEntry:
    """From the columns of `ENTRIES`."""
    values = dict(zip((column.partition(".")[2] for column in _OWN), row, strict=False))
    kind, since, forms = (values.pop(name) for name in ("change", "since", "form_changes"))
    values |= {name: bool(values[name]) for name in ("stand_in", "assumed_words")}
    own, before, answer = (row[start : start + len(STANDING)] for start in range(len(_OWN), len(row), len(STANDING)))
    change = Change(
        ChangeKind(kind),
        now=standing(own),
        previous=standing(before) if before[0] else None,
        last_answer=standing(answer) if answer[0] else None,
        since=datetime.fromisoformat(since),
        form_changes=tuple(FormChange(FormChangeKind(kind), *rest) for kind, *rest in json.loads(forms)),
    )
    return HistoryEntry(**values, change=change)


def form_changes_text(changes: Sequence[FormChange]) -> str:
    """Differences of a form as they are kept."""
    return json.dumps([[c.kind, c.label, c.required, c.before] for c in changes], ensure_ascii=False)


def form_text(form: Form) -> tuple[str, str]:
    """A form's structure as it is kept, and the digest of that text; what was filled in is left out."""
    fields = tuple(replace(field, filled=None, chosen=None) for field in form.fields)
    text = _forms().dump_json(replace(form, fields=fields, submit_enabled=None)).decode()
    return text, hashlib.sha256(text.encode()).hexdigest()


def read_form(text: str) -> Form:
    """A form that was kept."""
    return _forms().validate_json(text)


@lru_cache(maxsize=1)
def _forms() -> TypeAdapter[Form]:
    return TypeAdapter(Form)
