"""The answers as a table: for a terminal, and as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from automation.core.flows import FlowGuide
from automation.core.policy import Exemption
from automation.core.results import Outcome, RunDocument
from automation.core.verdicts import Verdict
from automation.reports.advice import Advice, advise
from automation.reports.as_json import moment
from automation.reports.background import NOTHING, Background
from automation.reports.entries import Group as Owned
from automation.reports.entries import by_owner
from automation.reports.names import SYMBOLS, VERDICT_NAMES
from automation.reports.notices import titles_of
from automation.reports.saying import Saying, counts_of
from automation.text.catalogue import N_
from automation.text.language import Language, language, printable, writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from automation.core.results import Result

_STYLES: Mapping[Verdict, str] = {
    Verdict.OBJECTED: "green",
    Verdict.NOT_OBJECTED: "bold red",
    Verdict.PENDING: "yellow",
    Verdict.REFUSED: "bold magenta",
    Verdict.NOT_OFFERED: "cyan",
    Verdict.NEEDS_HUMAN: "bold yellow",
    Verdict.UNKNOWN: "bold",
}
_MOST_NAMED = 4
"""How many flows a line below the table names, and how many accounts it explains; the report has them all."""
_KEPT = "\ue000"
"""Stands for a space that may not break while rich wraps: it takes any white space for a place to break."""
_ASCII = str.maketrans({"’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "·": "-", "–": "-", "—": "-"})
_UNVERIFIED = {
    "never": N_("Flow never verified on the live site: %(flows)s"),
    "stale": N_("Flow verified too long ago: %(flows)s"),
}
_TITLES = (N_("Account"), N_("Answer"), N_("Service"), N_("Next"))


def render_table(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    *,
    width: int,
    background: Background = NOTHING,
) -> RenderableType:
    """
    The answers of a run, for rich to print: with colour on a terminal that has it, else without.

    Args:
        document: the run.
        guides: flow id → what the flow tells its readers; a flow without one goes by its id.
        lang: language of the words, such as `fr`; ConfigurationError where there is no table in it.
        width: columns to fill at most; 80 are enough.
        background: what else is known of the accounts.
    """
    return _Answers(document, guides, language(lang), width, background)


@dataclass(frozen=True)
class _Answers:
    document: RunDocument
    guides: Mapping[str, FlowGuide]
    words: Language
    width: int
    background: Background
    ascii_only: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw; only here is it known whether the terminal can show more than ASCII."""
        width, ascii_only = min(self.width, options.max_width), options.ascii_only
        here = replace(self, width=width, ascii_only=ascii_only)
        parts = [*here.households(), Text(), *here.summary(), Text()]
        for segment in console.render(Padding(Group(*parts), (0, 1)), options.update_width(width)):
            text = segment.text.replace(_KEPT, "\u00a0")
            yield Segment(_in_ascii(text) if ascii_only else text, segment.style, segment.control)

    def households(self) -> Iterator[RenderableType]:
        """One table an owner, all with the same columns; headings stand between them as lines of their own."""
        results = self.document.results
        if not results:
            return
        answer = max(self._verdict(result.verdict).cell_len for result in results)
        service = min(max(cell_len(self._service(result)) for result in results), self.width // 6)
        account = max(cell_len(line) for result in results for line in self._account(result).splitlines()) + 1
        after = max(cell_len(self._advice(result).in_short) for result in results)
        # What to do next gets the rest, and comes before long names.
        columns = max(10, min(account, self.width - answer - service - after - 8)), answer, service
        yield _table(columns, [[_text(self.words.gettext(title), "bold") for title in _TITLES]])
        yield Rule(style="dim", characters="-" if self.ascii_only else "─")
        households = by_owner(results, self.background.authors)
        for household in households:
            if len(households) > 1:
                yield _text(household.owner, "bold")
            for group in household.groups:
                if group.page:
                    yield self._page_line(group)
                indent = 1 if len(household.groups) > 1 else 0
                yield _table(columns, [self._row(result, indent) for result in group.members])

    def _row(self, result: Result, indent: int) -> list[RenderableType]:
        quiet = result.outcome is Outcome.OK and not result.is_unmeasured
        return [
            Padding(_text(self._account(result)), (0, 0, 0, indent)),
            self._verdict(result.verdict),
            _text(self._service(result)),
            _text(self._advice(result).in_short, "dim" if quiet else ""),
        ]

    def _account(self, result: Result) -> str:
        """What people call it above the name that commands take."""
        called = self.background.called.get(result.account)
        return f"{printable(called)}\n{result.account}" if called else result.account

    def _page_line(self, group: Owned[Result]) -> Text:
        """A Page, protected only as well as its least protected author."""
        sentence = self.words.gettext("Page %(name)s, by its least protected author:") % {"name": group.page}
        parts = [_text(sentence, "italic"), self._verdict(group.verdict)]
        if group.unread:
            unread = self.words.gettext("not read here: %(names)s") % {"names": self.words.listing(group.unread)}
            parts.append(_text(f"({unread})"))
        return Text(" ").join(parts)

    def _advice(self, result: Result) -> Advice:
        return advise(result, self.guides.get(result.flow), self.words)

    def _service(self, result: Result) -> str:
        guide = self.guides.get(result.flow)
        return printable(guide.service if guide else result.flow)

    def _verdict(self, verdict: Verdict) -> Text:
        symbol = SYMBOLS[verdict][1 if self.ascii_only else 0]
        return _text(f"{symbol} {self.words.gettext(VERDICT_NAMES[verdict])}", _STYLES[verdict])

    def summary(self) -> Iterator[Text]:
        """The lines below: how many stand how, and what must be known before relying on it."""
        _, results, say = self.words.gettext, self.document.results, Saying(self.words)
        if not results:
            yield _text(_("No account was checked in this run."))
        else:
            yield _text(say.tally(counts_of(results)), style="bold")
            writes = sum(result.guard.writes_let_through for result in results)
            sentence = self.words.ngettext("%(num)s write let through", "%(num)s writes let through", writes)
            yield _text(sentence % {"num": self.words.number(writes)}, style="bold red" if writes else "")
        for result, text in self._told():
            yield _text(_("%(what)s: %(text)s", what=result.account, text=text))
        if self.document.run.stand_in or any(result.environment.stand_in for result in results):
            yield _text(_("The pages were a local stand-in: this says nothing about a real account."), style="yellow")
        for state, warning in _UNVERIFIED.items():
            if titles := titles_of(self.document, state, self.guides, self.words, most=_MOST_NAMED):
                yield _text(_(warning) % {"flows": printable(titles)}, style="yellow")
        if self.document.run.output and results:
            yield _text(_("Evidence: %(folder)s") % {"folder": printable(self.document.run.output)}, style="dim")

    def _told(self) -> Iterator[tuple[Result, str]]:
        """What is to be said of single accounts, a few of each kind."""
        results, say = self.document.results, Saying(self.words)
        unknown = ((one, self._advice(one).original) for one in results if one.verdict is Verdict.UNKNOWN)
        seen = ((one, say.seen_by(one)) for one in results)
        known = ((one, say.last_known(self.background.known.get(one.account), one)) for one in results)
        yield from [(one, cause.text) for one, cause in unknown if cause][:_MOST_NAMED]  # such as which request
        yield from [(one, f"{say.verdict(one.verdict)}, {by}") for one, by in seen if by][:_MOST_NAMED]
        yield from [(one, last) for one, last in known if last][:_MOST_NAMED]


def _table(columns: tuple[int, ...], rows_of: Iterable[Sequence[RenderableType]]) -> Table:
    """Rows of four cells, the last as wide as there is room."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=True)
    for size in columns:
        table.add_column(width=size, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for row in rows_of:
        table.add_row(*row)
    return table


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text).replace("\u00a0", _KEPT), style=style)


def _in_ascii(text: str) -> str:
    """What a terminal can print that knows no more than ASCII: letters lose their accents, the rest becomes `?`."""
    bare = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return "".join(c for c in bare if not unicodedata.combining(c)).encode("ascii", "replace").decode()


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
    "called": N_("Name"),
    "last_known": N_("Last answer"),
    "last_known_at": N_("Read at (UTC)"),
    "control": N_("Number of the setting"),
    "exception": N_("Exception"),
    "exception_until": N_("Exception until"),
    "remediation_date": N_("Put right by"),
    "incorrect_result": N_("Said to be wrong"),
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
    they take for such; flows and reasons go by the JSON's names. A text that a spreadsheet would take for a formula
    begins with an apostrophe.
    """
    words = language(lang)
    yield csv_row(COLUMNS if not words.translates else map(words.gettext, COLUMNS.values()), words)
    for result in results:
        yield csv_row(_texts(result, guides.get(result.flow), words, background), words)


def csv_row(cells: Iterable[str], words: Language) -> str:
    """One row, with its line break, for that language's spreadsheets."""
    csv.writer(line := StringIO(), delimiter=_SEPARATORS.get(words.code, ",")).writerow(map(_cell, cells))
    return line.getvalue()


def _texts(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> Iterator[str]:
    """The cells in the order of `COLUMNS`: as the JSON names them, for programs, or as a person calls them."""
    change, advice = background.changes.get(result.account), advise(result, guide, words)
    say, spoken = Saying(words), words.translates

    def verdict(given: Verdict | None) -> str:
        return (say.verdict(given) if spoken else given) if given else ""

    def truth(value: bool) -> str:
        return say.yes_no(value) if spoken else str(value).lower()

    def at(when: datetime) -> str:
        return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if spoken else moment(when)

    yield from (result.owner, result.page or "", result.account)
    yield from (say.term("kinds", result.kind) if spoken else result.kind, result.flow)
    yield from (verdict(result.verdict), result.reason or "", verdict(result.expect))
    yield say.standing(result) if spoken else result.outcome
    if change:
        before = change.last_answer or change.previous
        yield say.term("changes", change.kind) if spoken else change.kind
        yield from (verdict(before.verdict if before else None), at(change.since))
    else:
        yield from ("", "", "")
    yield from (advice.meaning.text, advice.in_short)
    yield from (say.verified(result) if spoken else result.flow_verified.state, result.flow_verified.date or "")
    yield from (truth(result.assumed_words), str(result.guard.writes_let_through), truth(result.environment.stand_in))
    yield from (at(result.started_at), at(result.finished_at))
    bundle = result.bundle
    yield from (bundle.path, bundle.manifest_sha256, bundle.envelope_sha256) if bundle else ("", "", "")
    yield "; ".join(result.confirmed_words)
    yield say.seen_by(result) if spoken else result.basis
    known = background.known.get(result.account, result if result.verdict.is_answer else None)
    yield background.called.get(result.account, "")
    yield from (verdict(known.verdict), at(known.finished_at)) if known else ("", "")
    yield guide.number if guide else ""
    yield from _of_exception(background.exemption(result.account), truth)


def _of_exception(exemption: Exemption | None, truth: Callable[[bool], str]) -> tuple[str, str, str, str]:
    if exemption is None:
        return "", "", "", ""
    remedied = exemption.remediation_date.isoformat() if exemption.remediation_date else ""
    said = f"{exemption.reason} ({exemption.owner})"
    return said, exemption.until.isoformat(), remedied, truth(exemption.incorrect_result)


def _cell(text: str) -> str:
    """A text that stays text: what a spreadsheet takes for a formula would run in it."""
    text = writable(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
