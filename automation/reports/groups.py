"""Who belongs together in a report: the accounts of one owner, and in them the authors of one Page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.results import Outcome, Result
from automation.core.verdicts import Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.core.accounts import Account


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
