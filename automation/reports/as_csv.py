"""Results as a table for a spreadsheet: one account a row, the newest answer of each."""

from __future__ import annotations

import csv
from datetime import UTC
from io import StringIO
from typing import TYPE_CHECKING

from automation.reports.advice import advise
from automation.reports.as_json import moment
from automation.reports.background import NOTHING, Background
from automation.reports.saying import Saying
from automation.text.catalogue import N_
from automation.text.language import language, writable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from automation.core.guides import FlowGuide
    from automation.core.results import Result
    from automation.core.verdicts import Verdict
    from automation.storage.changes import ChangeKind
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
    "since": N_("Since (UTC)"),
    "meaning": N_("Meaning"),
    "next": N_("What to do next"),
    "flow_verified": N_("Flow verified"),
    "flow_verified_on": N_("Flow verified on"),
    "assumed_words": N_("Words assumed"),
    "writes_let_through": N_("Writes let through"),
    "stand_in": N_("Stand-in"),
    "started_at": N_("Began (UTC)"),
    "finished_at": N_("Ended (UTC)"),
    "evidence": N_("Evidence folder"),
    "manifest_sha256": N_("SHA-256 of the manifest"),
    "envelope_sha256": N_("SHA-256 of the seal"),
    "confirmed_words": N_("Words confirmed by"),
    "basis": N_("Rests on"),
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
    sentences. In other languages, for that language's spreadsheets: its separator, headings and names, and moments that
    they take for such; flows and reasons go by the JSON's names.

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
    cell = _Spoken(words) if words.translates else _Plain()
    before = change.last_answer or change.previous if change else None
    yield from (result.owner, result.page or "", result.account, cell.kind(result.kind), result.flow)
    yield from (cell.verdict(result.verdict), result.reason or "")
    yield from (cell.verdict(result.expect) if result.expect else "", cell.standing(result))
    yield from (cell.change_name(change.kind) if change else "", cell.verdict(before.verdict) if before else "")
    yield cell.moment(change.since) if change else ""
    yield from (advice.meaning.text, advice.in_short)
    yield from (cell.verified(result), result.flow_verified.date or "")
    yield from (cell.truth(result.assumed_words), str(result.guard.writes_let_through))
    yield cell.truth(result.environment.stand_in)
    yield from (cell.moment(result.started_at), cell.moment(result.finished_at))
    bundle = result.bundle
    yield from (bundle.path, bundle.manifest_sha256, bundle.envelope_sha256) if bundle else ("", "", "")
    yield "; ".join(result.confirmed_words)
    yield cell.basis(result)


class _Plain:
    """As the JSON names it, for programs."""

    def kind(self, kind: str) -> str:
        return kind

    def verdict(self, verdict: Verdict) -> str:
        return verdict

    def standing(self, result: Result) -> str:
        return result.outcome

    def change_name(self, kind: ChangeKind) -> str:
        return kind

    def verified(self, result: Result) -> str:
        return result.flow_verified.state

    def basis(self, result: Result) -> str:
        return result.basis

    def truth(self, value: bool) -> str:
        return "true" if value else "false"

    def moment(self, when: datetime) -> str:
        return moment(when)


class _Spoken(Saying):
    """As a person calls it, and as a spreadsheet of theirs reads a moment."""

    def __init__(self, words: Language) -> None:
        super().__init__(words)
        self._yes, self._no = words.gettext(N_("yes")), words.gettext(N_("no"))

    def basis(self, result: Result) -> str:
        return self.seen_by(result)

    def truth(self, value: bool) -> str:
        return self._yes if value else self._no

    def moment(self, when: datetime) -> str:
        return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _row(cells: Iterable[str], separator: str) -> str:
    line = StringIO()
    csv.writer(line, delimiter=separator).writerow(cells)
    return line.getvalue()


def _cell(text: str) -> str:
    """A text that stays text: what a spreadsheet takes for a formula would run in it."""
    text = writable(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
