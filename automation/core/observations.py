"""What was read on a visit, replies among it; stored with the evidence, it can be judged again without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from automation.core.looks import Shown
from automation.core.signals import Signal, SignalName


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, with `{name}`, `{date}`, `{number}`, `{address}` and `{link}` in place of what was taken out."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """What one side said at one time; of the user's own turns only the time."""

    speaker: str
    """`service`, `person` or `unknown`."""
    paragraphs: tuple[Paragraph, ...]
    at: datetime | None
    """As the page shows it, without a time zone."""
    marked: bool
    """Whether something on the page says who speaks."""
    named: bool
    """Whether a name or line says so."""
    title: str = ""
    """Of the thread."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One thread that speaks of an objection, and what it proves by itself."""

    surface: str
    locale: str
    """As its page says, BCP-47; empty where it does not."""
    signals: tuple[Signal, ...]
    missing: tuple[str, ...]
    at: datetime | None
    """When its decisive turn was written; without a time zone."""
    turns: tuple[KeptTurn, ...] = ()
    """Empty where its words are understood without a person."""
    about: Signal | None = None
    """What ties it to AI."""
    headed: Signal | None = None
    """What, beside its own words, shows that it is the service's answer."""
    objecting: bool = False
    """Whether its title or the user's request speaks of objecting."""
    around: tuple[Paragraph, ...] = ()
    """What stands above the messages and beside them: titles, statuses, a case's data."""
    own: bool = False
    """Whether its meaning hangs on more than the service's words, so that a look at it holds for this account only."""
    ordered: bool = True
    """Whether the turns are known to stand oldest first; otherwise they stand as on the page."""
    revision: int = 0
    """1 where `{later date}` tells a day after the letter's own, and short numbers stand as they were written."""
    picture: str | None = None
    """Name of the picture that shows it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. What was typed into it is never read, only whether something is there."""

    label: str
    kind: str
    """`email`, `text`, `textarea`, `select`, `checkbox`, `radio`, `code`, `file`, `hidden` …"""
    required: bool | None
    """None where the page does not say."""
    filled: bool | None
    """None where it cannot be told."""
    options: tuple[str, ...] = ()
    role: str = ""
    """What it is for: `country`, `email`, `reason`, `code`, `other`."""
    chosen: str | None = None
    """The chosen option of a select that offers countries; nothing else."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands, and a fingerprint that changes when its structure does."""

    surface: str
    form_id: str | None
    heading: str
    fields: tuple[Field, ...]
    submit: str | None
    """Name of the submit control."""
    submit_enabled: bool | None
    shape: str
    """Name of one of the flow's shapes, or `other`."""
    fingerprint: str
    """SHA-256 over kinds, roles, labels, options and order; not over what is filled in."""
    dom: str = "unknown"
    """`legacy` (one HTML form that posts) or `client` (controls without a form)."""
    in_frame: bool = False


class ProbeOutcome(StrEnum):
    """What one known address answered."""

    FORM = "form"
    OTHER_FORM = "other_form"
    LOGIN = "login"
    NOT_OFFERED = "not_offered"
    NOT_FOUND = "not_found"
    ERROR = "error"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Probe:
    """One known address of the form, and where it led."""

    surface: str
    requested: str
    final: str
    """URL without its query."""
    redirects: tuple[str, ...]
    """Every address on the way, in order, without queries."""
    status: int | None
    outcome: ProbeOutcome


@dataclass(frozen=True, slots=True)
class ExposureItem:
    """One thing that decides how far the account is concerned."""

    name: str
    """As the flow names it, or `acting_as_page`."""
    value: str | None
    """As the page shows it; None where it does not."""
    note: str
    """Name of a sentence: `shown`, `not_shown`, `locale_uncovered`, `not_opened`."""
    surface: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way, with its picture."""

    number: int
    name: str
    surface: str
    url: str
    """Without its query."""
    at: datetime
    """Aware, UTC."""
    picture: str | None
    """Path inside the evidence folder."""
    note: str = ""
    status: int | None = None
    how: str = "address"
    """`address` when opened by its address, `link` when followed from the page before."""
    locale: str = ""
    seconds: float = 0.0
    picture_alt: str = ""
    picture_size: tuple[int, int] | None = None
    """Width and height of the picture in pixels; None where they were not noted."""
    outline: tuple[int, int, int, int] | None = None
    """Left, top, width and height in the picture of the form or control that was read there; None without one."""


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one visit read."""

    flow: str
    flow_revision: str
    subject: str
    """HMAC of the account's identity."""
    locale: str
    """As the pages say, BCP-47; empty where they do not."""
    signals: tuple[Signal, ...] = ()
    form: Form | None = None
    probes: tuple[Probe, ...] = ()
    exposure: tuple[ExposureItem, ...] = ()
    missing: tuple[str, ...] = ()
    """Label keys that were needed and that the page's language lacks, as `locale:key`."""
    steps: tuple[Step, ...] = field(default=())
    replies: tuple[Reply, ...] = ()
    """What the service wrote about an objection, one thread each."""
    shown: tuple[Shown, ...] = ()
    """Lists, controls and forms that code alone could not settle, for `temoin look`."""

    @property
    def same_to_the_end(self) -> bool:
        """Whether the service's own data named the right account at the start and at the end."""
        return SignalName.IDENTITY_SAME in self.names()

    def names(self) -> frozenset[SignalName]:
        """Names of all signals."""
        return frozenset(signal.name for signal in self.signals)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer, without its texts."""

    surface: str
    operation: str
    status: int | None
    """None where the request failed, or where it came with the page."""
    filtered: bool
    """Whether the read asked for a part only."""
    embedded: bool
    """Whether it came with the page."""
    data: Any
    cut: bool = False
    """Whether it was larger than what is kept."""
