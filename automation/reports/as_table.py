"""The answers as a table for a terminal."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

from automation.core.accounts import Account
from automation.core.flows import FlowGuide
from automation.core.results import Outcome, RunDocument
from automation.core.verdicts import Verdict
from automation.reports.advice import advise, title_of
from automation.reports.as_json import moment
from automation.reports.background import NOTHING, Background
from automation.reports.entries import Group as Owned
from automation.reports.entries import by_owner
from automation.reports.names import SYMBOLS, VERDICT_NAMES
from automation.reports.saying import Saying, counts_of
from automation.text.catalogue import N_
from automation.text.language import Language, language, printable, writable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
_TITLES = (N_("Account"), N_("Answer"), N_("Service"), N_("Next"))


def render_table(
    document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, *, width: int, authors: Sequence[Account] = ()
) -> RenderableType:
    """
    The answers of a run, for rich to print.

    Args:
        document: the run.
        guides: flow id → what the flow tells its readers; a flow without one goes by its id.
        lang: language of the words, such as `fr`.
        width: columns to fill at most; 80 are enough.
        authors: who is configured to write for Pages, read or not.

    Returns:
        Something that a rich console prints: with colour on a terminal that has it, else without.

    Raises:
        ConfigurationError: there is no table in that language.
    """
    return _Answers(document, guides, language(lang), width, tuple(authors))


@dataclass(frozen=True)
class _Answers:
    document: RunDocument
    guides: Mapping[str, FlowGuide]
    language: Language
    width: int
    authors: tuple[Account, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw; only here is it known whether the terminal can show more than ASCII."""
        width = min(self.width, options.max_width)
        parts = [*self._households(width, ascii_only=options.ascii_only), Text(), *self._summary(), Text()]
        drawn = console.render(Padding(Group(*parts), (0, 1)), options.update_width(width))
        for segment in drawn:
            text = segment.text.replace(_KEPT, "\u00a0")
            yield Segment(_in_ascii(text) if options.ascii_only else text, segment.style, segment.control)

    def _households(self, width: int, *, ascii_only: bool) -> Iterator[RenderableType]:
        """One table an owner, all with the same columns; headings stand between them as lines of their own."""
        results = self.document.results
        if not results:
            return
        columns = self._columns(width, ascii_only=ascii_only)
        head = self._table(columns)
        head.add_row(*(_text(self.language.gettext(title), "bold") for title in _TITLES))
        yield head
        yield Rule(style="dim", characters="-" if ascii_only else "─")
        households = by_owner(results, self.authors)
        for household in households:
            if len(households) > 1:
                yield _text(household.owner, "bold")
            for group in household.groups:
                if group.page:
                    yield self._page_line(group, ascii_only=ascii_only)
                table = self._table(columns)
                for result in group.results:
                    indent = " " if len(household.groups) > 1 else ""
                    table.add_row(*self._row(result, indent, ascii_only=ascii_only))
                yield table

    def _columns(self, width: int, *, ascii_only: bool) -> tuple[int, ...]:
        """Columns of account, answer and service; what to do next gets the rest, and comes before long names."""
        results = self.document.results
        answer = max(self._answer(result, ascii_only=ascii_only).cell_len for result in results)
        service = min(max(cell_len(self._service(result)) for result in results), width // 6)
        account = max(cell_len(printable(result.account)) for result in results) + 1
        after = max(cell_len(self._next(result)) for result in results)
        return max(10, min(account, width - answer - service - after - 8)), answer, service

    def _table(self, columns: tuple[int, ...]) -> Table:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=True)
        for size in columns:
            table.add_column(width=size, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        return table

    def _row(self, result: Result, indent: str, *, ascii_only: bool) -> Iterator[RenderableType]:
        yield Padding(_text(result.account), (0, 0, 0, len(indent)))
        yield self._answer(result, ascii_only=ascii_only)
        yield _text(self._service(result))
        yield _text(self._next(result), "dim" if result.outcome is Outcome.OK and not result.is_unmeasured else "")

    def _page_line(self, group: Owned, *, ascii_only: bool) -> Text:
        """A Page, protected only as well as its least protected author."""
        sentence = self.language.gettext("Page %(name)s, by its least protected author:") % {"name": group.page}
        parts = [_text(sentence, "italic"), self._verdict(group.verdict, ascii_only=ascii_only)]
        if group.unread:
            unread = self.language.gettext("not read here: %(names)s") % {"names": self.language.listing(group.unread)}
            parts.append(_text(f"({unread})"))
        return Text(" ").join(parts)

    def _next(self, result: Result) -> str:
        return advise(result, self.guides.get(result.flow), self.language).in_short

    def _service(self, result: Result) -> str:
        guide = self.guides.get(result.flow)
        return printable(guide.service if guide else result.flow)

    def _answer(self, result: Result, *, ascii_only: bool) -> Text:
        return self._verdict(result.verdict, ascii_only=ascii_only)

    def _verdict(self, verdict: Verdict, *, ascii_only: bool) -> Text:
        symbol = SYMBOLS[verdict][1 if ascii_only else 0]
        return _text(f"{symbol} {self.language.gettext(VERDICT_NAMES[verdict])}", _STYLES[verdict])

    def _summary(self) -> Iterator[Text]:
        """The lines below: how many stand how, and what must be known before relying on it."""
        _, document = self.language.gettext, self.document
        if not document.results:
            yield _text(_("No account was checked in this run."))
        else:
            yield _text(Saying(self.language).tally(counts_of(document.results)), style="bold")
            writes = sum(result.guard.writes_let_through for result in document.results)
            sentence = self.language.ngettext("%(num)s write let through", "%(num)s writes let through", writes)
            yield _text(sentence % {"num": self.language.number(writes)}, style="bold red" if writes else "")
        yield from self._causes()
        yield from self._looked_at()
        if document.run.stand_in or any(result.environment.stand_in for result in document.results):
            yield _text(_("The pages were a local stand-in: this says nothing about a real account."), style="yellow")
        never = sorted({result.flow for result in document.results if result.flow_verified.state == "never"})
        if never:
            titles = self._titles(never)
            yield _text(
                _("Flow never verified on the live site: %(flows)s") % {"flows": printable(titles)}, style="yellow"
            )
        stale = sorted({result.flow for result in document.results if result.flow_verified.state == "stale"})
        if stale:
            titles = self._titles(stale)
            yield _text(_("Flow verified too long ago: %(flows)s") % {"flows": printable(titles)}, style="yellow")
        if document.run.output and document.results:
            yield _text(_("Evidence: %(folder)s") % {"folder": printable(document.run.output)}, style="dim")

    def _causes(self) -> Iterator[Text]:
        """Why an answer is unknown, where the engine knows more than the column can say, such as which request."""
        unknown = [result for result in self.document.results if result.verdict is Verdict.UNKNOWN]
        told = [(one, advise(one, self.guides.get(one.flow), self.language).original) for one in unknown]
        for result, cause in [(one, cause) for one, cause in told if cause][:_MOST_NAMED]:
            said = self.language.gettext("%(what)s: %(text)s", what=result.account, text=cause.text)
            yield _text(said)

    def _looked_at(self) -> Iterator[Text]:
        """Whose word an answer rests on, where a person said what a picture shows."""
        say = Saying(self.language)
        seen = [(result, by) for result in self.document.results if (by := say.seen_by(result))]
        for result, by in seen[:_MOST_NAMED]:
            answer = f"{say.verdict(result.verdict)}, {by}"
            yield _text(self.language.gettext("%(what)s: %(text)s", what=result.account, text=answer))

    def _titles(self, flows: list[str]) -> str:
        titles = [title_of(self.guides.get(flow), flow, self.language) for flow in flows]
        quoted = [self.language.quoted(title) for title in titles]
        if len(quoted) <= _MOST_NAMED:
            return self.language.listing(quoted)
        return f"{', '.join(quoted[:_MOST_NAMED])} … ({self.language.number(len(quoted))})"


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
    separator = _SEPARATORS.get(words.code, ",")
    yield _row(COLUMNS if not words.translates else map(words.gettext, COLUMNS.values()), separator)
    for result in results:
        texts = _texts(result, guides.get(result.flow), words, background)
        yield _row((_cell(text) for text in texts), separator)


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


def _row(cells: Iterable[str], separator: str) -> str:
    line = StringIO()
    csv.writer(line, delimiter=separator).writerow(cells)
    return line.getvalue()


def _cell(text: str) -> str:
    """A text that stays text: what a spreadsheet takes for a formula would run in it."""
    text = writable(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
