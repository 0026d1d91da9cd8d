"""What one check is asked for, what it comes to know on the way, and how its records speak of the account."""

from __future__ import annotations

import json
import secrets as random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger

from automation.core.accounts import Account, subject
from automation.core.cases import Case
from automation.core.errors import CheckError, ConfigurationError
from automation.core.observations import KeptAnswer, Observation, Step
from automation.core.policy import Policy, Statement, day_of
from automation.core.records import (
    BrowserFacts,
    ClockReading,
    Environment,
    EvidenceSettings,
    GuardRecord,
    NetworkRecord,
    Redaction,
)
from automation.core.results import Filing, Timing
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason
from automation.evidence import Sealer
from automation.evidence.write.bag import OriginalCopy
from automation.flow import Flow
from automation.session.means import Credentials, Means
from automation.storage.files import write_whole, writing
from automation.text.redaction import Redactor, is_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.browser.capture import Journal
    from automation.core.records import Exchange, RequestRecord
    from automation.guard import Guard
    from automation.text.redaction import Secrets
    from automation.visit.reader import Reader, VisitLog


@dataclass(frozen=True)
class Limits:
    """How long things may take before they are given up, in seconds."""

    visit_s: float = 240.0
    """A page that keeps its tab busy for ever must not keep the run. Not where a person sits at the window."""
    closing_s: float = 15.0
    """Within which a context closes; then it is cut off."""
    grace_s: float = 5.0
    """How long visits may go on once the run is to end."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked, and with what."""

    account: Account
    flow: Flow
    browser: BrowserSettings
    folder: Path
    """The run's folder, inside the sealer's; the evidence of this account goes into a folder of its own in it."""
    identity_key: bytes = field(repr=False)
    means: Means
    sealer: Sealer
    credentials: Credentials | None = field(default=None, repr=False)
    strict: bool = False
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    policy: Policy = field(default_factory=Policy)
    """What verdicts are worth to the accounts' owners."""
    answers: tuple[Statement, ...] = ()
    """What people said and still stands."""
    limits: Limits = field(default_factory=Limits)
    cases: tuple[Case, ...] = ()
    """The objections that were filed; one without a decision in time is a finding."""
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    doing: Callable[[str], None] = field(default=lambda _: None, repr=False)
    """Told what is being done: `sign_in`, each surface as it is opened, `seal`."""
    today: Callable[[], date] = field(default=lambda: day_of(datetime.now(UTC)))

    @property
    def secrets(self) -> tuple[str, ...]:
        """What the user gave for this account, and may stand nowhere: evidence that holds it is not sealed."""
        given = self.credentials
        kept = (given.password, given.totp_secret) if given else ()
        keys = tuple(one.get_secret_value() for one in kept if one)
        return tuple(text for text in (*self._callings, *keys) if text in keys or not is_name(text))

    @property
    def names(self) -> tuple[str, ...]:
        """What the user gave that names a person: masked in evidence, and no key to the account."""
        return tuple(text for text in self._callings if is_name(text))

    @property
    def _callings(self) -> tuple[str, ...]:
        given = self.credentials
        return (self.account.identity, *((given.username.get_secret_value(),) if given else ()))

    @property
    def subject(self) -> str:
        """The account as evidence names it."""
        return subject(self.account.identity, self.identity_key)


_ENDS = ("before", "after")
"""What an entry of the journal says of addresses."""


def with_addresses_hidden(visit: VisitRecord, secrets: Secrets) -> VisitRecord:
    """The visit with `[secret]` in place of each such value, in whatever spelling; what is alike then is one."""
    journal = [json.loads(line) for line in visit.journal.splitlines()]
    texts = {*_requested(visit), *(entry[key] for entry in journal for key in _ENDS if key in entry)}
    hidden = {text: plain for text, plain in secrets.hidden_in(texts).items() if text != plain}
    if not hidden:
        return visit
    for entry in journal:
        entry |= {key: hidden.get(entry[key], entry[key]) for key in _ENDS if key in entry}
    return replace(
        visit,
        guard=_guard(visit.guard, hidden),
        network=_network(visit.network, hidden) if visit.network else None,
        steps=tuple(replace(step, url=hidden.get(step.url, step.url)) for step in visit.steps),
        journal=b"".join(_line(entry) for entry in journal),
    )


def _line(entry: Mapping[str, object]) -> bytes:
    return json.dumps(entry, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _requested(visit: VisitRecord) -> Iterator[str]:
    for request in visit.guard.requests:
        yield from (request.host, request.path, request.operation)
    if visit.network:
        yield from (exchange.url for exchange in visit.network.exchanges)
        yield from (body.url for body in visit.network.bodies)
    yield from (step.url for step in visit.steps)


def _guard(record: GuardRecord, hidden: Mapping[str, str]) -> GuardRecord:
    counts: Counter[RequestRecord] = Counter()
    for entry in record.requests:
        host, path, operation = (hidden.get(text, text) for text in (entry.host, entry.path, entry.operation))
        counts[replace(entry, host=host, path=path, operation=operation, count=1)] += entry.count
    return replace(record, requests=tuple(replace(entry, count=count) for entry, count in counts.items()))


def _network(record: NetworkRecord, hidden: Mapping[str, str]) -> NetworkRecord:
    counts: Counter[Exchange] = Counter()
    for exchange in record.exchanges:
        counts[replace(exchange, url=hidden.get(exchange.url, exchange.url), count=1)] += exchange.count
    return replace(
        record,
        exchanges=tuple(replace(exchange, count=count) for exchange, count in counts.items()),
        bodies=tuple(replace(body, url=hidden.get(body.url, body.url)) for body in record.bodies),
    )


_KEY_NAME = "identity.key"
HEX = "hex:"
"""What the kept key begins with where it is written as text."""


def identity_key(configured: str | None, data_folder: Path) -> bytes:
    """
    The key of the HMACs that stand for accounts: the configured one, or one made once and kept beside.

    Raises:
        ConfigurationError: the configured one begins like bytes in hexadecimal and is none.
        OutputError: the kept key cannot be read or written.
    """
    if configured:
        return key_from_text(configured)
    path = data_folder / _KEY_NAME
    with writing(path, "Set TEMOIN_IDENTITY_KEY to a long random text."):
        if not path.exists():
            data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, random.token_bytes(32), mode=0o600, shared=True, first_wins=True)
        return path.read_bytes()


def key_from_text(text: str) -> bytes:
    """
    A key as a variable holds it: `hex:` and its bytes in hexadecimal, or any other text, which is taken as it is.

    Raises:
        ConfigurationError: what follows `hex:` is no hexadecimal.
    """
    if not text.startswith(HEX):
        return text.encode()
    try:
        return bytes.fromhex(text.removeprefix(HEX))
    except ValueError:
        raise ConfigurationError(
            "TEMOIN_IDENTITY_KEY begins with hex: and goes on otherwise",
            "Copy the whole line that `temoin evidence key identity show` prints.",
        ) from None


def keep_identity_key(key: bytes, data_folder: Path) -> Path:
    """
    Keep a key on this machine in the place of the one before; where it lies.

    Raises:
        OutputError: it cannot be written.
    """
    path = data_folder / _KEY_NAME
    with writing(path):
        data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, key, mode=0o600, shared=True)
    return path


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
        self._guard: Guard | None = None
        self._environment: Environment | None = None
        self.states: list[Mapping[str, Any]] = []
        """Storage states that were used, or that the service renewed."""
        self.facts = BrowserFacts()
        """What the browser says of itself."""
        self.visit: VisitLog | None = None
        """The log of the reading; None where none began."""
        self.reader: Reader | None = None
        self.observation: Observation | None = None
        self.filing: Filing | None = None
        """What a person filed, and what left."""
        self.trouble: CheckError | None = None
        """What ended the visit early."""
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

    def breached(self, what: str) -> None:
        """The guard was breached: nothing that was read is believed."""
        self.observation = None
        self.trouble = CheckError(what, "Run `temoin doctor` before the next check.", reason=Reason.GUARD_BLOCKED)

    def record(self) -> VisitRecord:
        """Make the record; the visit is over, and nothing may be added any more."""
        if self.trouble is not None:
            self.journal.done("stopped", self.trouble.step or "", note=self.trouble.reason.value)
        # A plan needs no driver of a browser.
        from automation.browser.capture.journal import masked_guard  # noqa: PLC0415
        from automation.browser.capture.record import masked_observation, masked_steps  # noqa: PLC0415

        visit, guard = self.visit, self._guard.record() if self._guard else _NO_GUARD
        return VisitRecord(
            started_at=self._started_at,
            timings=tuple(self._timings),
            trouble=self.trouble,
            observation=masked_observation(self.observation, visit.masks) if self.observation and visit else None,
            locale=self.reader.locale if self.reader else "",
            steps=masked_steps(tuple(visit.steps), visit.masks) if visit else (),
            redactions=tuple(visit.redactions) if visit else (),
            guard=masked_guard(guard, visit.masks) if visit else guard,
            environment=self._environment,
            facts=self.facts,
            network=visit.network.record(self._guard.addresses) if visit and self._guard else None,
            answers=tuple(visit.answers) if visit else (),
            clock=visit.network.clock if visit else None,
            journal=self.journal.lines(visit.masks if visit else None),
            original=self.original,
            filing=self.filing,
            states=tuple(self.states),
            tokens=frozenset(visit.masks.tokens) if visit else frozenset(),
        )


_NO_GUARD = GuardRecord(0, 0, (), (), (), self_test="not run")  # untold: a key of `reports.names`
