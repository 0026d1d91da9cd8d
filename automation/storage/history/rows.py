"""Between rows and the domain: how moments, forms and entries are written down and read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from automation.core.observations import Form
from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.storage.history.changes import Change, ChangeKind, Standing
from automation.storage.history.entries import HistoryEntry
from automation.storage.history.forms import FormChange, FormChangeKind

STANDING = ("verdict", "reason", "outcome", "finished_at", "run")
"""Columns of a standing, in the order in which `standing` reads them."""
_OWN = (
    "s.account", "r.owner", "r.kind", "r.page", "s.flow", "r.flow_revision", "r.locale", "s.stand_in", "r.because",
    "r.because_key", "r.assumed_words", "r.bundle", "r.manifest_sha256", "r.change", "r.since", "r.form_changes",
)  # fmt: skip
_COLUMNS = (*_OWN, *(f"{table}.{column}" for table in "rpa" for column in STANDING))
ENTRIES = f"""
SELECT {", ".join(_COLUMNS)}
FROM results r
JOIN series s ON s.id = r.series
LEFT JOIN results p ON p.id = r.previous
LEFT JOIN results a ON a.id = r.last_answer
"""  # noqa: S608 - names of columns, all of them above
"""Reads entries: of a result `r` in its series `s`, with the result before and the last answer."""


def written(moment: datetime) -> str:
    """A moment as it is kept: text that sorts as time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read(text: str) -> datetime:
    """A moment that was kept."""
    return datetime.fromisoformat(text)


def standing(row: Sequence[Any]) -> Standing:
    """From the columns of `STANDING`."""
    verdict, reason, outcome, at, run = row
    return Standing(Verdict(verdict), Reason(reason) if reason else None, Outcome(outcome), read(at), run)


def entry(row: Sequence[Any]) -> HistoryEntry:
    """From the columns of `ENTRIES`."""
    (account, owner, kind, page, flow, flow_revision, locale, stand_in, because, because_key, assumed_words, bundle,
     manifest_sha256, change, since, form_changes) = row[: len(_OWN)]  # fmt: skip
    own, before, answer = (row[start : start + len(STANDING)] for start in range(len(_OWN), len(row), len(STANDING)))
    return HistoryEntry(
        account=account,
        owner=owner,
        kind=kind,
        page=page,
        flow=flow,
        flow_revision=flow_revision,
        locale=locale,
        stand_in=bool(stand_in),
        because=because,
        because_key=because_key,
        assumed_words=bool(assumed_words),
        bundle=bundle,
        manifest_sha256=manifest_sha256,
        change=Change(
            kind=ChangeKind(change),
            now=standing(own),
            previous=standing(before) if before[0] else None,
            last_answer=standing(answer) if answer[0] else None,
            since=read(since),
            form_changes=tuple(
                FormChange(FormChangeKind(kind), label, required, before)
                for kind, label, required, before in json.loads(form_changes)
            ),
        ),
    )


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
