"""Who stands together in a report: accounts by owner and Page, each as the page shows it, and what there is to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from automation.core.cases import OVERDUE, Case
from automation.core.flows import FlowGuide
from automation.core.policy import Exemption, Statement
from automation.core.results import Outcome, Result
from automation.core.verdicts import Reason, Verdict
from automation.reports.advice import Advice, AdviceWords, advise, not_covered, title_of
from automation.reports.background import Strip, strip_of
from automation.reports.names import ACTORS, CASE_IN_SHORT, ActionOwner
from automation.reports.pictures import Picture, deciding, folder_of, pictures_of
from automation.reports.unmet import Unmet
from automation.storage.changes import Change, ChangeKind

if TYPE_CHECKING:
    from automation.core.accounts import Account
    from automation.core.results import RunDocument
    from automation.reports.background import Background
    from automation.reports.pictures import Source
    from automation.text.language import Language

Member = TypeVar("Member")
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
class Group(Generic[Member]):
    """Accounts that stand together, as results or as entries: the authors of one Page, or an owner's other accounts."""

    page: str | None
    members: tuple[Member, ...]
    """Most urgent first."""
    weakest: Member
    """The account that decides what may be said of the whole Page."""
    verdict: Verdict
    """Of the whole Page: its weakest author's, and no better than unknown where one was not read."""
    unread: tuple[str, ...]
    """Authors of the Page, as their accounts are called, of whom there is no result."""


@dataclass(frozen=True, slots=True)
class Household(Generic[Member]):
    """All accounts of one owner: Pages first, then the rest."""

    owner: str
    groups: tuple[Group[Member], ...]

    @property
    def members(self) -> Iterator[Member]:
        """All accounts, in the order of the groups."""
        return (member for group in self.groups for member in group.members)


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One account as the page shows it."""

    result: Result
    known: Result | None
    """The answer that is the last one all the same, where this result has none."""
    called: str
    """What people call it; its short name where nobody said."""
    guide: FlowGuide | None
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
    unmet: tuple[Unmet, ...]
    """What the pages did not show."""
    matter: str
    """Id of the section that says what to do, shared by all accounts of the same advice; empty on a page in full."""

    @property
    def known_as(self) -> str:
        """`Claire Dupont (SERVICE)`; its short name where nobody said what to call it."""
        return self.called if self.called == self.result.account else f"{self.called} ({self.service})"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do at one service, for all accounts that need it."""

    what: str
    service: str
    actor: str
    address: str | None
    """Where to do it."""
    reason: AdviceWords | None
    """A reason ready to copy."""
    by_owner: Sequence[tuple[str, Sequence[AccountEntry]]]


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


def most_urgent_first(results: Sequence[Result]) -> tuple[Result, ...]:
    """Findings, then what is still open, then what is as wanted; otherwise as given."""
    return tuple(sorted(results, key=lambda result: _URGENCY.index(result.outcome)))


def by_owner(results: Iterable[Result], authors: Iterable[Account] = ()) -> tuple[Household[Result], ...]:
    """
    Group results by owner and Page, owners and Pages in the order in which they first appear.

    Args:
        results: one an account.
        authors: who is configured to write for Pages, read or not.
    """
    return tuple(_households(results, authors, lambda result: result))


def _households(
    results: Iterable[Result], authors: Iterable[Account], make: Callable[[Result], Member]
) -> Iterator[Household[Member]]:
    """The same; `make` is called with each result in the order of the groups."""
    writing: dict[tuple[str, str | None, str], list[tuple[str, str]]] = {}
    for author in authors:
        writing.setdefault((author.owner, author.page, author.service), []).append(
            (author.name, author.called or author.name)
        )
    owners: dict[str, dict[tuple[str, str], list[Result]]] = {}
    for result in results:
        page = (result.page, result.flow.partition(".")[0]) if result.page else ("", "")
        owners.setdefault(result.owner, {}).setdefault(page, []).append(result)
    for owner, pages in owners.items():
        groups = []
        for (name, service), found in sorted(pages.items(), key=lambda item: item[0] == ("", "")):
            read = {result.account for result in found}
            expected = writing.get((owner, name, service), ()) if name else ()
            unread = tuple(called for author, called in expected if author not in read)
            ordered = most_urgent_first(found)
            weakest = min(range(len(ordered)), key=lambda at: STRENGTH.index(ordered[at].verdict))
            verdict = ordered[weakest].verdict
            if unread:
                verdict = min(verdict, Verdict.UNKNOWN, key=STRENGTH.index)
            members = tuple(map(make, ordered))
            groups.append(Group(name or None, members, members[weakest], verdict, unread))
        yield Household(owner, tuple(groups))


def households_of(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    words: Language,
    background: Background,
    source: Source,
    *,
    in_full: bool,
) -> tuple[Household[AccountEntry], ...]:
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

    def entry(result: Result) -> AccountEntry:
        guide = guides.get(result.flow)
        pictures = pictures_of(result, source, words, guide) if in_full else ()
        advice = advise(result if in_full else replace(result, account="…"), guide, words)
        same = (result.flow, result.verdict, advice)
        return AccountEntry(
            result=result,
            known=background.known.get(result.account),
            called=background.called.get(result.account, result.account),
            guide=guide,
            anchor=_anchor(result.account, taken),
            service=guide.service if guide else result.flow.partition(".")[0],
            title=title_of(guide, result.flow, words),
            advice=advice,
            not_covered=not_covered(guide, words) if in_full else (),
            root=folder_of(source.root, result.bundle.path) if result.bundle else "",
            pictures=pictures,
            deciding=deciding(result, pictures),
            shown={p.step.picture: p.step.number for p in pictures if p.src and p.step.picture},
            change=background.changes.get(result.account),
            strip=strip_of(background.timelines.get(result.account, ())) if in_full else None,
            exemption=background.exemption(result.account),
            answers=tuple(a for a in background.answers.get(result.account, ()) if not a.withdrawn_at),
            cases=background.cases.get(result.account, ()),
            unmet=background.unmet.get(result.account, ()),
            matter="" if in_full else matters.setdefault(same, f"matter-{len(matters) + 1}"),
        )

    return tuple(_households(document.results, background.authors, entry))


def _anchor(account: str, taken: set[str]) -> str:
    """An id for the account's section: its name where that makes one, else a number."""
    plain = account.isascii() and account.replace("-", "").isalnum()
    anchor = f"account-{account}" if plain else f"number-{len(taken) + 1}"
    if anchor in taken:
        anchor = f"number-{len(taken) + 1}"
    taken.add(anchor)
    return anchor


def matters_of(entries: Iterable[AccountEntry]) -> list[list[AccountEntry]]:
    """The shared sections of a page of thousands, each with its accounts; the most urgent answers first."""
    sharing: dict[str, list[AccountEntry]] = {}
    for entry in entries:
        if entry.matter:
            sharing.setdefault(entry.matter, []).append(entry)
    return sorted(sharing.values(), key=lambda same: (STRENGTH.index(same[0].result.verdict), -len(same)))


def tasks_of(entries: Iterable[AccountEntry], words: Language) -> list[Task]:
    """
    What there is to do about everything that is not as wanted.

    Objections without an answer come first, then findings, then what a person has to clear up, then what only waits; in
    each, what concerns most accounts.
    """
    late: dict[str, list[AccountEntry]] = {}
    undone: dict[tuple[int, str, str, str, AdviceWords | None], list[AccountEntry]] = {}
    for entry in entries:
        result, advice = entry.result, entry.advice
        overdue = result.next_step == OVERDUE  # an objection had no decision in time when the account was read
        if overdue:
            late.setdefault(entry.service, []).append(entry)
        if result.outcome is not Outcome.OK and not (overdue and result.verdict.is_answer):
            urgency = 0 if result.outcome is Outcome.FINDING else 2 if result.verdict is Verdict.PENDING else 1
            what = (urgency, advice.in_short, entry.service, advice.actor, advice.reason)
            undone.setdefault(what, []).append(entry)
    remind, holder = words.gettext(CASE_IN_SHORT[OVERDUE]), words.gettext(ACTORS[ActionOwner.ACCOUNT_HOLDER])
    tasks = [Task(remind, service, holder, None, None, _by_owner(same)) for service, same in late.items()]
    ordered = sorted(undone.items(), key=lambda item: (item[0][0], -len(item[1])))
    for (_, in_short, service, actor, reason), same in ordered:
        address = next((address.url for entry in same for address in entry.advice.addresses), None)
        tasks.append(Task(in_short, service, actor, address, reason, _by_owner(same)))
    return tasks


def _by_owner(entries: Iterable[AccountEntry]) -> Sequence[tuple[str, Sequence[AccountEntry]]]:
    owners: dict[str, list[AccountEntry]] = {}
    for entry in entries:
        owners.setdefault(entry.result.owner, []).append(entry)
    return tuple(owners.items())


def news_of(entries: Iterable[AccountEntry]) -> list[AccountEntry]:
    """Accounts whose answer or form differs from the one before, the worst first."""
    found = []
    for entry in entries:
        change = entry.change
        if change and change.previous and (change.kind.is_news or change.form_changes):
            found.append((_NEWS.index(change.kind), entry))
    return [entry for _, entry in sorted(found, key=lambda item: item[0])]
