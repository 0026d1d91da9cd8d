"""Who has to do what until when, as CSV and as a page; and the first page over several clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from automation.compliance.findings import findings_of
from automation.core.cases import Case
from automation.core.flows import FlowGuide
from automation.core.results import Outcome, RunDocument
from automation.reports.as_html import TOKENS, environment
from automation.reports.as_json import moment
from automation.reports.as_table import csv_row
from automation.reports.background import Background
from automation.reports.names import ACTORS, ActionOwner
from automation.text.catalogue import N_
from automation.text.language import Language, writable

_HEADINGS = (N_("Who"), N_("What"), N_("Until"), N_("Link"), N_("Account"), N_("Number of the setting"), N_("Client"))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody has to do."""

    who: str
    what: str
    until: str
    """ISO date; empty where there is none."""
    link: str
    account: str
    control: str
    client: str


def plan_of(
    document: RunDocument, guides: Mapping[str, FlowGuide], words: Language, background: Background
) -> list[Step]:
    """What there is to do about all that is not as wanted, or is so by an exception alone; by person, then by day."""
    steps = []
    holder = words.gettext(ACTORS[ActionOwner.ACCOUNT_HOLDER])
    for one in findings_of(document, guides, words, background):
        result, exemption = one.result, one.exemption
        if result.outcome is Outcome.OK and exemption is None:
            continue
        due = [case.due.date() for case in background.cases.get(result.account, ())[-1:] if case.due]
        until = (exemption.remediation_date or exemption.until) if exemption else min(due, default=None)
        actor = result.owner if one.advice.actor == holder else one.advice.actor
        link = one.advice.addresses[0].url if one.advice.addresses else ""
        steps.append(
            Step(
                exemption.owner if exemption else actor,
                one.advice.in_short,
                until.isoformat() if until else "",
                link,
                result.account,
                one.control,
                result.owner,
            )
        )
    return sorted(steps, key=lambda step: (step.who, step.until or "9999", step.account))


def plan_rows(steps: Iterable[Step], words: Language) -> Iterator[str]:
    """The plan as CSV."""
    yield csv_row(map(words.gettext, _HEADINGS), words)
    for step in steps:
        yield csv_row(astuple(step), words)


def case_rows(cases: Iterable[Case], words: Language) -> Iterator[str]:
    """Filed objections as CSV, the oldest first."""
    columns = ("account", "flow", "state", "filed_at", "due", "form_id", "reference", "evidence", "envelope_sha256")
    yield csv_row(columns, words)
    for case in cases:
        filed, due = (moment(at) if at else "" for at in (case.filed_at, case.due))
        state = (case.account, case.flow, case.state.value, filed, due)
        last = case.events[-1]
        yield csv_row((*state, case.form_id, case.reference, last.bundle, last.seal), words)


def plan_page(steps: Sequence[Step], title: str, words: Language) -> str:
    """The plan as a page."""
    return table_page(title, [words.gettext(one) for one in _HEADINGS], [astuple(step) for step in steps], words)


@dataclass(frozen=True, slots=True)
class FileLink:
    """A cell that leads to a file beside the page."""

    text: str
    href: str
    """Relative, and encoded as an address."""


def table_page(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | FileLink]], words: Language) -> str:
    """A page with one table; a cell that is an address of the web becomes a link, too."""
    folder = Path(__file__).parent
    template = environment(folder, words, style=TOKENS.read_text(encoding="utf-8")).get_template("table.j2")
    return writable(template.render(title=title, headings=headings, rows=rows))
