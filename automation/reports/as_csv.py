"""Results as a table for a spreadsheet: one account a row, the newest answer of each."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from automation.reports.advice import advise
from automation.reports.as_json import moment
from automation.reports.background import NOTHING, Background
from automation.reports.names import OUTCOME_NAMES, VERDICT_NAMES
from automation.text.catalogue import N_
from automation.text.language import language, writable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from automation.domain.guides import FlowGuide
    from automation.domain.results import Result
    from automation.domain.verdicts import Verdict
    from automation.text.language import Language

COLUMNS: Mapping[str, str] = {
    "owner": N_("Owner"),
    "page": N_("Page"),
    "account": N_("Account"),
    "kind": N_("Kind"),
    "flow": N_("Flow"),
    "verdict": N_("Verdict"),
    "reason": N_("Reason"),
    "expect": N_("Wanted"),
    "outcome": N_("Outcome"),
    "change": N_("Change"),
    "previous": N_("Answer before"),
    "since": N_("Since"),
    "meaning": N_("Meaning"),
    "next": N_("What to do next"),
    "flow_verified": N_("Flow verified"),
    "flow_verified_on": N_("Flow verified on"),
    "assumed_words": N_("Words assumed"),
    "writes_let_through": N_("Writes let through"),
    "stand_in": N_("Stand-in"),
    "started_at": N_("Began"),
    "finished_at": N_("Ended"),
    "evidence": N_("Evidence folder"),
    "manifest_sha256": N_("SHA-256 of the manifest"),
    "envelope_sha256": N_("SHA-256 of the seal"),
    "confirmed_words": N_("Words confirmed by"),
}
"""The JSON's names, which head the columns in English, and what they are called in other languages."""
_SEPARATORS = {"fr": ";"}
"""Where a comma divides decimals, spreadsheets expect a semicolon between cells."""
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def rows(
    results: Iterable[Result], guides: Mapping[str, FlowGuide], lang: str, background: Background = NOTHING
) -> Iterator[str]:
    """
    A heading and one row an account, as RFC 4180 writes them: quotes where needed, CR LF.

    In English, for programs: commas, and names, verdicts and moments of the JSON; only `meaning` and `next` are
    sentences. In other languages, for that language's spreadsheets: its separator, headings, verdicts and outcomes.

    Args:
        results: one an account.
        guides: flow id → what the flow tells its readers.
        lang: language, such as `fr`.
        background: what else is known of the accounts.
    A text that a spreadsheet would take for a formula begins with an apostrophe.

    Raises:
        ConfigurationError: there is no report in that language.
    """
    words = language(lang)
    separator = _SEPARATORS.get(words.code, ",")
    yield _row(COLUMNS if not words.translates else map(words.gettext, COLUMNS.values()), separator)
    for result in results:
        texts = _texts(result, guides.get(result.flow), words, background)
        yield _row((_cell(text) for text in texts), separator)


def _texts(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> Iterator[str]:
    change, advice = background.changes.get(result.account), advise(result, guide, words)
    yield from (result.owner, result.page or "", result.account, result.kind, result.flow)
    yield from (_named(result.verdict, words), result.reason or "", _named(result.expect, words))
    yield result.outcome if not words.translates else words.gettext(OUTCOME_NAMES[result.outcome])
    before = change.last_answer or change.previous if change else None
    yield from (change.kind if change else "", _named(before.verdict if before else None, words))
    yield _moment(change.since) if change else ""
    yield from (advice.meaning.text, advice.in_short)
    yield from (result.flow_verified.state, result.flow_verified.date or "")
    yield from (_truth(result.assumed_words), str(result.guard.writes_let_through), _truth(result.environment.stand_in))
    yield from (_moment(result.started_at), _moment(result.finished_at))
    bundle = result.bundle
    yield from (bundle.path, bundle.manifest_sha256, bundle.envelope_sha256) if bundle else ("", "", "")
    yield "; ".join(result.confirmed_words)


def _named(verdict: Verdict | None, words: Language) -> str:
    if verdict is None:
        return ""
    return verdict if not words.translates else words.gettext(VERDICT_NAMES[verdict])


def _row(cells: Iterable[str], separator: str) -> str:
    line = StringIO()
    csv.writer(line, delimiter=separator).writerow(cells)
    return line.getvalue()


def _cell(text: str) -> str:
    """A text that stays text: what a spreadsheet takes for a formula would run in it."""
    text = writable(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _moment(when: datetime | None) -> str:
    return moment(when) if when else ""


def _truth(value: bool) -> str:
    return "true" if value else "false"
