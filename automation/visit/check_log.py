"""What happens while one account is checked: a log to add to on the way, and the record made of it at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loguru import logger

from automation.browser.capture.journal import masked_guard
from automation.browser.capture.record import masked_observation, masked_steps
from automation.core.errors import CheckError
from automation.core.filings import Filing
from automation.core.observations import Observation, Step
from automation.core.records import (
    BrowserFacts,
    ClockReading,
    Environment,
    GuardRecord,
    NetworkRecord,
    Redaction,
)
from automation.core.results import Timing
from automation.core.verdicts import Reason
from automation.evidence.write.bag import OriginalCopy
from automation.visit.reader.kept_answers import KeptAnswer

if TYPE_CHECKING:
    from automation.browser.capture import Journal
    from automation.guard import Guard
    from automation.visit.reader import Reader, VisitLog


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One visit, once it is over: all that its result and its evidence are made from."""

    started_at: datetime
    timings: tuple[Timing, ...]
    trouble: CheckError | None
    """What ended it early."""
    observation: Observation | None
    locale: str
    """The language that its pages declared last."""
    steps: tuple[Step, ...]
    redactions: tuple[Redaction, ...]
    guard: GuardRecord
    """Masked, as far as pages were read."""
    environment: Environment | None
    """None where no browser was started."""
    facts: BrowserFacts
    network: NetworkRecord | None
    """None where no page was read."""
    answers: tuple[KeptAnswer, ...]
    """What the reads of lists answered, without texts."""
    clock: ClockReading | None
    """This machine's clock against the service's."""
    journal: bytes
    """JSON Lines."""
    original: OriginalCopy | None
    """The unmasked copy for the account's holder."""
    filing: Filing | None
    """What a person filed on this visit; None in every check."""
    states: tuple[Mapping[str, Any], ...] = field(repr=False)
    """Every storage state that was held: what is in them may stand nowhere."""
    tokens: frozenset[str] = field(repr=False)
    """What pages carried to prove themselves to the service: it may stand nowhere either."""


class CheckLog:
    """
    Notes what is known so far, so that a failure keeps it.

    Args:
        journal: of the whole check.
        original: where the unmasked copy for the account's holder is collected; None for none.
    """

    def __init__(self, journal: Journal, original: OriginalCopy | None = None) -> None:
        self.journal, self.original = journal, original
        self._started_at, self._lap = datetime.now(UTC), time.monotonic()
        self._timings: list[Timing] = []
        self._states: list[Mapping[str, Any]] = []
        self._guard: Guard | None = None
        self._environment: Environment | None = None
        self._facts = BrowserFacts()
        self._visit: VisitLog | None = None
        self._reader: Reader | None = None
        self._observation: Observation | None = None
        self._trouble: CheckError | None = None
        self._filing: Filing | None = None
        self.minimised = False
        """Whether the window of this visit is to be minimised: it would stand in somebody's way."""

    def guarded(self, guard: Guard) -> None:
        """The visit begins, under this guard."""
        self._guard, self._lap = guard, time.monotonic()

    def launched(self, environment: Environment, *, minimised: bool = False) -> None:
        """A browser was started; whether its window is to be minimised."""
        self._environment, self.minimised = environment, minimised

    def ended(self, part: str) -> None:
        """A part of the visit is over."""
        now = time.monotonic()
        self._timings.append(Timing(part, round(now - self._lap, 3)))
        self.journal.done("ended", part)
        self._lap = now

    def held(self, state: Mapping[str, Any]) -> None:
        """A storage state was used, or the service renewed it."""
        self._states.append(state)

    def reads(self, reader: Reader, visit: VisitLog) -> None:
        """Reading begins, or begins once more in the same visit."""
        self._reader, self._visit = reader, visit

    def said(self, facts: BrowserFacts) -> None:
        """The browser said this of itself."""
        self._facts = facts

    @property
    def version(self) -> str:
        """The browser's version; empty where none was started."""
        return self._environment.browser.rpartition(" ")[2] if self._environment else ""

    def differs(self, lines: tuple[str, ...], *, first: bool) -> None:
        """
        The browser is not the one that signed in: told before the first page is opened, and kept.

        Args:
            lines: one a difference, its name before a colon.
            first: whether no check before has used this sign-in; later ones say it to the log's readers alone.
        """
        if self._environment is None or not lines:
            return
        self._environment = replace(self._environment, differs_from_sign_in=lines)
        logger.debug("the browser of this check is not as the one that signed in was: {}", "; ".join(lines))
        if first:
            names = ", ".join(line.partition(":")[0] for line in lines)
            logger.warning("this browser differs from the one that signed in ({}); the evidence holds how", names)

    def observed(self, observation: Observation) -> None:
        """Reading came to its end."""
        self._observation = observation

    def filed(self, filing: Filing) -> None:
        """A person filed something, and it left."""
        self._filing = filing

    def stopped(self, trouble: CheckError) -> None:
        """Something ended the visit early."""
        self._trouble = trouble

    def breached(self, what: str) -> None:
        """The guard was breached: nothing that was read is believed."""
        self._observation = None
        self._trouble = CheckError(what, "Run `temoin doctor` before the next check.", reason=Reason.GUARD_BLOCKED)

    @property
    def visit(self) -> VisitLog | None:
        """The log of the reading; None where none began."""
        return self._visit

    def record(self) -> VisitRecord:
        """Make the record; the visit is over, and nothing may be added any more."""
        if self._trouble is not None:
            self.journal.done("stopped", self._trouble.step or "", note=self._trouble.reason.value)
        visit, guard = self._visit, self._guard.record() if self._guard else _NO_GUARD
        return VisitRecord(
            started_at=self._started_at,
            timings=tuple(self._timings),
            trouble=self._trouble,
            observation=masked_observation(self._observation, visit.masks) if self._observation and visit else None,
            locale=self._reader.locale if self._reader else "",
            steps=masked_steps(visit.steps, visit.masks) if visit else (),
            redactions=visit.redactions if visit else (),
            guard=masked_guard(guard, visit.masks) if visit else guard,
            environment=self._environment,
            facts=self._facts,
            network=visit.network.record(self._guard.addresses) if visit and self._guard else None,
            answers=visit.answers if visit else (),
            clock=visit.network.clock if visit else None,
            journal=self.journal.lines(visit.masks if visit else None),
            original=self.original,
            filing=self._filing,
            states=tuple(self._states),
            tokens=frozenset(visit.masks.tokens) if visit else frozenset(),
        )


_NO_GUARD = GuardRecord(0, 0, (), (), (), self_test="not run")
