"""
Whose pages are read on a visit, and what all tabs of it note together.

Of what a list's own reads answered a copy is kept, so that "nothing there" can be judged again by somebody else.
Structure, numbers and yes or no decide whether a list is whole and empty; texts do not. So every text is left out, but
the names of types, and what is left is the answer as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

from automation.browser.capture import Journal, Masks, NetworkLog
from automation.core.observations import KeptAnswer
from automation.reading.identity import KeptMarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.browser.capture.record import Filed
    from automation.core.observations import Step
    from automation.core.records import Redaction
    from automation.flow import Flow
    from automation.page import PageView
    from automation.page.read_page import DataResponse
    from automation.reading.identity import AccountMarks


_MOST_VALUES = 20_000
_TYPE = "__typename"
_ID_FROM = 10_000_000
"""Numbers of eight digits and more are ids, as in every other text of the evidence."""


def kept_answers(
    surface: str, answers: Iterable[DataResponse], embedded: Iterable[tuple[str, Any]], masks: Masks
) -> Iterator[KeptAnswer]:
    """What the reads of one page answered, and what came with it, by name and content."""
    for answer in answers:
        shape = _Shape(masks)
        data = shape.of(answer.data)
        part = answer.filtered or answer.continued
        yield KeptAnswer(surface, answer.operation, answer.status, part, False, data, shape.cut)  # noqa: FBT003
    for operation, found in embedded:
        shape = _Shape(masks)
        yield KeptAnswer(surface, operation, None, False, True, shape.of(found), shape.cut)  # noqa: FBT003


class _Shape:
    """One answer while it is copied without its texts."""

    def __init__(self, masks: Masks) -> None:
        self._masks, self._left = masks, _MOST_VALUES

    @property
    def cut(self) -> bool:
        """Whether something was left out for its size."""
        return self._left < 0

    def of(self, value: Any, key: str = "") -> Any:
        """The value without texts; counts what it holds."""
        self._left -= 1
        if self.cut:
            return None
        if isinstance(value, str):
            kept = (key == _TYPE and value.isidentifier()) or not value
            return value if kept else "[text]"
        if isinstance(value, Mapping):
            return {self._masks.masked(str(name)): self.of(inner, str(name)) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.of(inner, key) for inner in value]
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _ID_FROM:
            return "[id]"
        return value


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


class OpenTab(Protocol):
    """The tab in front, as far as who ends a visit needs it."""

    @property
    def address(self) -> str:
        """Of the present page, whole."""

    async def capture(self, name: str, *, note: str = "") -> Step:
        """File the present page as a step."""


class VisitLog:
    """The log of one visit: its journal, its steps, what was hidden in them, and what its pages asked for."""

    def __init__(self, masks: Masks, journal: Journal | None = None) -> None:
        self.masks = masks
        """What may not be shown; also for what is written about the visit elsewhere."""
        self.journal = journal or Journal()
        self.network = NetworkLog(masks)
        self.steps: list[Step] = []
        self.redactions: list[Redaction] = []
        """What was hidden, step by step."""
        self.shown: dict[str, PageView] = {}
        """The page that a picture of a step shows, as it was read at that moment; never written anywhere."""
        self.in_front: OpenTab | None = None
        """The tab that was brought to the front last; None where none was."""
        self.answers: list[KeptAnswer] = []
        """What the reads of lists answered, without texts."""
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

    def add(self, step: Step, filed: Filed | None) -> None:
        """Note a step, and what was hidden in its files."""
        self.steps.append(step)
        if filed is not None:
            self.redactions.append(filed.redaction)
            if filed.view is not None:
                self.shown[filed.picture] = filed.view

    def answered(self, answers: Iterable[KeptAnswer]) -> None:
        """Keep what the reads of a list answered; the same answer once."""
        self.answers += [answer for answer in answers if answer not in self.answers]
