"""Results as a table for a spreadsheet: one account a row, the newest answer of each."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from automation.reports.advice import advise
from automation.reports.as_json import moment
from automation.reports.background import NOTHING, Background
from automation.text.language import language, writable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from automation.domain.guides import FlowGuide
    from automation.domain.results import Result
    from automation.text.language import Language

COLUMNS = (
    "owner",
    "page",
    "account",
    "kind",
    "flow",
    "verdict",
    "reason",
    "expect",
    "outcome",
    "change",
    "previous",
    "since",
    "meaning",
    "next",
    "flow_verified",
    "flow_verified_on",
    "assumed_words",
    "writes_let_through",
    "stand_in",
    "started_at",
    "finished_at",
    "evidence",
    "manifest_sha256",
    "envelope_sha256",
    "confirmed_words",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def rows(
    results: Iterable[Result], guides: Mapping[str, FlowGuide], lang: str, background: Background = NOTHING
) -> Iterator[str]:
    """
    A heading and one row an account, as RFC 4180 writes them: commas, quotes where needed, CR LF.

    Names, verdicts and moments are the ones of the JSON; only `meaning` and `next` are sentences in the language.
    A text that a spreadsheet would take for a formula begins with an apostrophe.

    Raises:
        ConfigurationError: there is no report in that language.
    """
    words = language(lang)
    yield _row(COLUMNS)
    for result in results:
        yield _row(_cell(text) for text in _texts(result, guides.get(result.flow), words, background))


def _texts(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> Iterator[str]:
    change, advice = background.changes.get(result.account), advise(result, guide, words)
    yield from (result.owner, result.page or "", result.account, result.kind, result.flow)
    yield from (result.verdict, result.reason or "", result.expect or "", result.outcome)
    before = change.last_answer or change.previous if change else None
    yield from (change.kind if change else "", before.verdict if before else "")
    yield _moment(change.since) if change else ""
    yield from (advice.meaning.text, advice.in_short)
    yield from (result.flow_verified.state, result.flow_verified.date or "")
    yield from (_truth(result.assumed_words), str(result.guard.writes_let_through), _truth(result.environment.stand_in))
    yield from (_moment(result.started_at), _moment(result.finished_at))
    bundle = result.bundle
    yield from (bundle.path, bundle.manifest_sha256, bundle.envelope_sha256) if bundle else ("", "", "")
    yield "; ".join(result.confirmed_words)


def _row(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(text: str) -> str:
    """A text that stays text: what a spreadsheet takes for a formula would run in it."""
    text = writable(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _moment(when: datetime | None) -> str:
    return moment(when) if when else ""


def _truth(value: bool) -> str:
    return "true" if value else "false"
