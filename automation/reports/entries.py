"""One account as the page shows it, and who stands together on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from automation.core.cases import OVERDUE, Case
from automation.core.flows import FlowGuide
from automation.core.policy import Exemption, Statement
from automation.core.results import Outcome, Result
from automation.core.verdicts import Reason, Verdict
from automation.reports.advice import Advice, AdviceWords, advise, not_covered, title_of
from automation.reports.background import Strip, strip_of
from automation.reports.names import ACTORS, CASE_IN_SHORT, ActionOwner
from automation.reports.pictures import Picture, deciding, folder_of, pictures_of
from automation.storage.changes import Change, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.accounts import Account
    from automation.core.results import RunDocument
    from automation.reports.background import Background
    from automation.reports.pictures import Source
    from automation.text.language import Language

STRENGTH = (
    Verdict.NOT_OBJECTED,
    Verdict.REFUSED,
    Verdict.NOT_OFFERED,
    Verdict.UNKNOWN,
    Verdict.NEEDS_HUMAN,
    Verdict.PENDING,
    Verdict.OBJECTED,
)
"""Weakest first: proven use of the content, then doubt, then waiting, then an objection in force."""
_URGENCY = (Outcome.FINDING, Outcome.INCOMPLETE, Outcome.OK)


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that stand together: the authors of one Page, or an owner's other accounts."""

    page: str | None
    service: str
    """Folder of the flow; empty for the other accounts."""
    results: tuple[Result, ...]
    """Most urgent first."""
    unread: tuple[str, ...] = ()
    """Authors of the Page, by their accounts' names, of whom there is no result."""

    @property
    def verdict(self) -> Verdict:
        """What may be said of the whole Page: of an author who was not read, nothing is known."""
        known = self.weakest.verdict
        return min(known, Verdict.UNKNOWN, key=STRENGTH.index) if self.unread else known

    @property
    def weakest(self) -> Result:
        """The account that decides what may be said of the whole Page."""
        return min(self.results, key=lambda result: STRENGTH.index(result.verdict))


@dataclass(frozen=True, slots=True)
class Household:
    """All accounts of one owner: Pages first, then the rest."""

    owner: str
    groups: tuple[Group, ...]


def is_fault(result: Result) -> bool:
    """
    Whether something went wrong inside Témoin.

    The guard stopped a write or let one through, or there is no evidence, as when the program itself failed. What a
    service does to a visit is no fault.
    """
    return (
        result.guard_stopped_it
        or result.guard.writes_let_through > 0
        or (result.bundle is None and result.reason is not Reason.FLOW_BROKEN)
    )


def by_owner(results: Iterable[Result], authors: Iterable[Account] = ()) -> tuple[Household, ...]:
    """
    Group results by owner and Page, owners and Pages in the order in which they first appear.

    Args:
        results: one an account.
        authors: who is configured to write for Pages, read or not.
    """
    writing: dict[tuple[str, str | None, str], list[str]] = {}
    for author in authors:
        writing.setdefault((author.owner, author.page, author.service), []).append(author.name)
    owners: dict[str, dict[tuple[str, str], list[Result]]] = {}
    for result in results:
        pages = owners.setdefault(result.owner, {})
        key = (result.page, result.flow.partition(".")[0]) if result.page else ("", "")
        pages.setdefault(key, []).append(result)
    return tuple(
        Household(
            owner,
            tuple(
                Group(
                    page or None,
                    service,
                    most_urgent_first(members),
                    _without(members, writing.get((owner, page, service), ())) if page else (),
                )
                for (page, service), members in sorted(pages.items(), key=lambda item: item[0] == ("", ""))
            ),
        )
        for owner, pages in owners.items()
    )


def _without(results: Sequence[Result], names: Iterable[str]) -> tuple[str, ...]:
    """Names of whom there is no result."""
    there = {result.account for result in results}
    return tuple(name for name in names if name not in there)


def most_urgent_first(results: Sequence[Result]) -> tuple[Result, ...]:
    """Findings, then what is still open, then what is as wanted; otherwise as given."""
    return tuple(sorted(results, key=lambda result: _URGENCY.index(result.outcome)))


_NEWS = (
    ChangeKind.REGRESSED,
    ChangeKind.BECAME_UNKNOWN,
    ChangeKind.CHANGED,
    ChangeKind.FIXED,
    ChangeKind.RECOVERED,
    ChangeKind.STILL,
    ChangeKind.NEW,
)


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One account."""

    result: Result
    guide: FlowGuide | None
    """What its flow tells its readers."""
    anchor: str
    service: str
    title: str
    advice: Advice
    not_covered: tuple[AdviceWords, ...]
    root: str
    """Relative address of the evidence folder, ending in a slash."""
    pictures: tuple[Picture, ...]
    deciding: Picture | None
    """The one of them to show where there is room for one."""
    shown: Mapping[str, int]
    """Path of a picture → number of the step that shows it."""
    change: Change | None
    strip: Strip | None
    exemption: Exemption | None
    answers: tuple[Statement, ...]
    """What people said; those that were withdrawn are left out."""
    cases: tuple[Case, ...]
    """The objections that were filed."""
    matter: str
    """Id of the section that says what to do, shared by all accounts of the same advice; empty on a page in full."""

    @property
    def is_overdue(self) -> bool:
        """Whether an objection had no decision in time when the account was read."""
        return self.result.next_step == OVERDUE


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """The authors of one Page, or an owner's other accounts."""

    page: str | None
    entries: tuple[AccountEntry, ...]
    weakest: AccountEntry
    verdict: Verdict
    """Of the Page: its weakest author's, and no better than unknown where one was not read."""
    unread: tuple[str, ...]
    """Authors of whom there is no result here."""

    @property
    def has(self) -> str:
        """Outcomes below this heading, which goes when none of them is shown."""
        return " ".join(sorted({entry.result.outcome for entry in self.entries}))


@dataclass(frozen=True, slots=True)
class EntryHousehold:
    """All accounts of one owner."""

    owner: str
    groups: tuple[EntryGroup, ...]

    @property
    def has(self) -> str:
        """Outcomes below this heading."""
        return " ".join(sorted({entry.result.outcome for group in self.groups for entry in group.entries}))


@dataclass(frozen=True, slots=True)
class Matter:
    """What an answer means and what to do, for all accounts of which the same is to be said."""

    anchor: str
    title: str
    verdict: Verdict
    advice: Advice
    accounts: int


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do at one service, for all accounts that need it."""

    what: str
    service: str
    actor: str
    """Who acts."""
    address: str | None
    """Where to do it."""
    reason: AdviceWords | None
    """A reason ready to copy."""
    entries: tuple[AccountEntry, ...]

    @property
    def by_owner(self) -> tuple[tuple[str, tuple[AccountEntry, ...]], ...]:
        """The accounts that need it, by owner."""
        owners: dict[str, list[AccountEntry]] = {}
        for entry in self.entries:
            owners.setdefault(entry.result.owner, []).append(entry)
        return tuple((owner, tuple(entries)) for owner, entries in owners.items())


def households_of(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    words: Language,
    background: Background,
    source: Source,
    *,
    in_full: bool,
) -> Iterator[EntryHousehold]:
    """
    Everything that the page shows, by owner and Page.

    Args:
        document: the run.
        guides: flow id → what the flow tells its readers.
        words: language of the page.
        background: what else is known of the accounts.
        source: where evidence lies as seen from the page.
        in_full: whether each account has a section of its own; else accounts of the same advice share one.
    """
    taken: set[str] = set()
    matters: dict[tuple[object, ...], str] = {}

    def matter(result: Result, advice: Advice) -> str:
        return matters.setdefault((result.flow, result.verdict, advice), f"matter-{len(matters) + 1}")

    def entry(result: Result) -> AccountEntry:
        guide = guides.get(result.flow)
        root = folder_of(source.root, result.bundle.path) if result.bundle else ""
        pictures = pictures_of(result, source, words, guide) if in_full else ()
        advice = advise(result if in_full else replace(result, account="…"), guide, words)
        return AccountEntry(
            result=result,
            guide=guide,
            anchor=_anchor(result.account, taken),
            service=guide.service if guide else result.flow.partition(".")[0],
            title=title_of(guide, result.flow, words),
            advice=advice,
            not_covered=not_covered(guide, words) if in_full else (),
            root=root,
            pictures=pictures,
            deciding=deciding(result, pictures),
            shown={p.step.picture: p.step.number for p in pictures if p.src and p.step.picture},
            change=background.changes.get(result.account),
            strip=strip_of(background.timelines.get(result.account, ())) if in_full else None,
            exemption=background.exemption(result.account),
            answers=tuple(a for a in background.answers.get(result.account, ()) if not a.withdrawn_at),
            cases=background.cases.get(result.account, ()),
            matter="" if in_full else matter(result, advice),
        )

    for household in by_owner(document.results, background.authors):
        groups = []
        for group in household.groups:
            entries = tuple(entry(result) for result in group.results)
            weakest = entries[group.results.index(group.weakest)]
            groups.append(EntryGroup(group.page, entries, weakest, group.verdict, group.unread))
        yield EntryHousehold(household.owner, tuple(groups))


def entries_of(households: tuple[EntryHousehold, ...]) -> Iterator[AccountEntry]:
    """All accounts, in the order of the page."""
    for household in households:
        for group in household.groups:
            yield from group.entries


def matters_of(households: tuple[EntryHousehold, ...]) -> list[Matter]:
    """The shared sections of a page of thousands, the most urgent answers first."""
    sharing: dict[str, list[AccountEntry]] = {}
    for entry in entries_of(households):
        if entry.matter:
            sharing.setdefault(entry.matter, []).append(entry)
    found = [
        Matter(anchor, entries[0].title, entries[0].result.verdict, entries[0].advice, len(entries))
        for anchor, entries in sharing.items()
    ]
    return sorted(found, key=lambda matter: (STRENGTH.index(matter.verdict), -matter.accounts))


def tasks_of(households: tuple[EntryHousehold, ...], words: Language) -> list[Task]:
    """
    What there is to do about everything that is not as wanted.

    Objections without an answer come first, then findings, then what a person has to clear up, then what only waits; in
    each, what concerns most accounts.
    """
    late: dict[str, list[AccountEntry]] = {}
    open_entries: dict[tuple[object, ...], list[AccountEntry]] = {}
    for entry in entries_of(households):
        if entry.is_overdue:
            late.setdefault(entry.service, []).append(entry)
        if entry.result.outcome is not Outcome.OK and not (entry.is_overdue and entry.result.verdict.is_answer):
            advice = entry.advice
            same = (_urgency(entry.result), advice.in_short, entry.service, advice.actor, advice.reason)
            open_entries.setdefault(same, []).append(entry)
    ordered = sorted(open_entries.items(), key=lambda item: (item[0][0], -len(item[1])))
    return [*(_overdue_task(entries, words) for entries in late.values()), *(_task(entries) for _, entries in ordered)]


def _urgency(result: Result) -> int:
    if result.outcome is Outcome.FINDING:
        return 0
    return 2 if result.verdict is Verdict.PENDING else 1


def _task(entries: list[AccountEntry]) -> Task:
    first = entries[0]
    advice = first.advice
    address = next((address.url for entry in entries for address in entry.advice.addresses), None)
    return Task(advice.in_short, first.service, advice.actor, address, advice.reason, tuple(entries))


def _overdue_task(entries: list[AccountEntry], words: Language) -> Task:
    what, holder = words.gettext(CASE_IN_SHORT[OVERDUE]), words.gettext(ACTORS[ActionOwner.ACCOUNT_HOLDER])
    return Task(what, entries[0].service, holder, None, None, tuple(entries))


def news_of(households: tuple[EntryHousehold, ...]) -> list[AccountEntry]:
    """Accounts whose answer or form differs from the one before, the worst first."""
    found = []
    for entry in entries_of(households):
        change = entry.change
        if change and change.previous and (change.kind.is_news or change.form_changes):
            found.append((_NEWS.index(change.kind), entry))
    return [entry for _, entry in sorted(found, key=lambda item: item[0])]


def _anchor(account: str, taken: set[str]) -> str:
    """An id for the account's section: its name where that makes one, else a number."""
    plain = account.isascii() and account.replace("-", "").isalnum()
    anchor = f"account-{account}" if plain else f"number-{len(taken) + 1}"
    if anchor in taken:
        anchor = f"number-{len(taken) + 1}"
    taken.add(anchor)
    return anchor
