"""Whose pages are read on a visit, and what all tabs of it note together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from automation.browser.capture import Journal, Masks, NetworkLog
from automation.reading.identity import KeptMarks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.browser.capture.record import Filed
    from automation.core.observations import Step
    from automation.core.records import Redaction
    from automation.flow import Flow
    from automation.page import PageView
    from automation.reading.identity import AccountMarks
    from automation.visit.reader.kept_answers import KeptAnswer
    from automation.visit.reader.reader import Reader


@dataclass(frozen=True, slots=True)
class SignedInAccount:
    """The account that the saved session belongs to."""

    identity: str = field(repr=False)
    """What the service calls it; compared, and never told."""
    confirmed: str | None = None
    """ISO date on which a person saw who is signed in and saved this session; None where nobody did."""
    objects: tuple[str, ...] = ()
    """The blogs, sites or teams that the account's owner wants seen."""
    marks: KeptMarks | None = None
    """What was confirmed then; None where nothing was kept, so that nothing can be compared."""
    names: tuple[str, ...] = field(default=(), repr=False)
    """Further names of the person, to be masked."""
    login: str = field(default="", repr=False)
    """Name or e-mail address that it signs in with, to be hidden; empty where nobody gave it."""


class VisitLog:
    """The log of one visit: its journal, its steps, what was hidden in them, and what its pages asked for."""

    def __init__(self, masks: Masks, journal: Journal | None = None) -> None:
        self.masks = masks
        """What may not be shown; also for what is written about the visit elsewhere."""
        self.journal = journal or Journal()
        self.network = NetworkLog(masks)
        self._steps: list[Step] = []
        self._redactions: list[Redaction] = []
        self._shown: dict[str, PageView] = {}
        self._in_front: Reader | None = None
        self._answers: list[KeptAnswer] = []
        self.holder: frozenset[str] = frozenset()
        """Names of the account's holder that its pages gave, folded."""
        self.first_seen: AccountMarks | None = None
        """Whom the first page showed; what the later ones show is compared with it."""

    @classmethod
    def of(cls, flow: Flow, account: SignedInAccount, journal: Journal | None = None) -> Self:
        """The log of a visit that begins; with the journal of what came before it, if anything did."""
        addresses = [url for surface in flow.surfaces.values() for url in surface.urls]
        ids = (account.identity, account.login, *account.names)
        return cls(Masks(flow.site.masking, flow.labels, ids=ids, public=addresses), journal)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps so far."""
        return tuple(self._steps)

    @property
    def redactions(self) -> tuple[Redaction, ...]:
        """What was hidden, step by step."""
        return tuple(self._redactions)

    @property
    def next_number(self) -> int:
        """Number of the next step."""
        return len(self._steps) + 1

    def add(self, step: Step, filed: Filed | None) -> None:
        """Note a step, and what was hidden in its files."""
        self._steps.append(step)
        if filed is not None:
            self._redactions.append(filed.redaction)
            if filed.view is not None:
                self._shown[filed.picture] = filed.view

    def shown_in(self, picture: str | None) -> PageView | None:
        """The page that a picture of a step shows, as it was read at that moment; never written anywhere."""
        return self._shown.get(picture or "")

    @property
    def answers(self) -> tuple[KeptAnswer, ...]:
        """What the reads of lists answered, without texts."""
        return tuple(self._answers)

    def answered(self, answers: Iterable[KeptAnswer]) -> None:
        """Keep what the reads of a list answered; the same answer once."""
        self._answers += [answer for answer in answers if answer not in self._answers]

    @property
    def in_front(self) -> Reader | None:
        """The reader of the tab that was brought to the front last; None where none was."""
        return self._in_front

    def brought_to_front(self, reader: Reader) -> None:
        """Note which tab is in front now."""
        self._in_front = reader
