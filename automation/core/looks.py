"""
Looks: what a person says that a sealed picture shows, bound to what was shown.

A look is given once and holds wherever the same is shown: see `automation.reading.letters.looks` for what "the same"
means. Kept as a file of the user's own beside `temoin.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

NEXT_STEP = "look"
"""Name of what is to be done next where a person can say what a picture shows; see `Result.next_step`."""


class ShownKind(StrEnum):
    """What a person can be asked about."""

    LETTER = "letter"
    """What a service wrote in one thread: `lines` are its sentences, a group a turn."""
    LIST = "list"
    """A place where answers are listed: `lines` are its rows as they are read."""
    CONTROL = "control"
    """A switch, box or choice: `lines` are its label, its role, and the headings that hold it."""
    FORM = "form"
    """A form: `lines` are its title, the labels of its fields, and its address without query."""


class Says(StrEnum):
    """What a person says of it."""

    ACCEPTED = "accepted"
    """The objection is honoured; of a control: it stands so that content is kept out."""
    REFUSED = "refused"
    PENDING = "pending"
    """Not decided yet."""
    MORE_INFORMATION = "more_information"
    """The service wants something from the person."""
    PARTLY = "partly"
    """Granted in part: neither `objected` nor `refused`."""
    TAKEN_BACK = "taken_back"
    """An earlier acceptance no longer holds."""
    NOTHING = "nothing"
    """Not about this objection; of a list: no answer is in it; of a control: content is used."""
    UNSURE = "unsure"
    """The person cannot tell; kept, and changes nothing."""
    ON = "on"
    OFF = "off"
    THIS_FORM = "form"
    OTHER_FORM = "other_form"


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing of a visit that a picture shows and that code alone could not settle. Stored with the observation."""

    kind: ShownKind
    surface: str
    locale: str
    """As its page says, BCP-47; empty where it does not."""
    lines: tuple[str, ...]
    """As they were read, names and numbers taken out; what each is says `ShownKind`."""
    picture: str | None = None
    """Name of the picture that shows it."""
    state: str = ""
    """Of a control: `on`, `off`, the chosen value, or empty where none is stated."""
    at: datetime | None = None
    """The newest date in a list, as the page shows it, without a time zone."""


class Basis(StrEnum):
    """What an answer rests on."""

    SOURCED = "sourced"
    """Words and settings that a source describes, or, marked as such, assumed words."""
    LOOKED_AT = "looked_at"
    """What a person said that a picture shows; without it there would be another answer, or none."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One look that an answer rests on, as a result names it."""

    look: str
    """`Look.id`."""
    says: Says
    by: str
    at: datetime
    """Aware, UTC."""
    bundle: str
    """SHA-256 of the manifest of the bundle that was looked at."""
    imported: bool = False
    """Whether somebody else looked at it, and `by` vouches for them."""

    @property
    def source(self) -> str:
        """Whose word it is, in one line: name, day, beginning of the bundle's digest."""
        name = f"{self.by} (imported)" if self.imported else self.by
        return f"{name}, {self.at.date().isoformat()}, {self.bundle[:12]}"


@dataclass(frozen=True, slots=True)
class Look:
    """What one person said of one thing that was shown."""

    kind: ShownKind
    says: Says
    flow: str
    """In whose pages it was seen; counts for every flow of the same company."""
    locale: str
    lines: tuple[tuple[str, ...], ...]
    """What it is bound to: of a letter the sentences of each turn of the service, oldest first; else one group."""
    by: str
    at: datetime
    """Aware, UTC."""
    bundle: str
    """SHA-256 of the manifest of the bundle that was looked at."""
    picture: str = ""
    """SHA-256 of the picture; empty where the bundle was made before pictures were bound."""
    subject: str = ""
    """HMAC of the account's identity, where it holds for that account only; empty where it holds for all."""
    state: str = ""
    """Of a control: how it stood when it was looked at."""
    stand_in: bool = False
    """Whether a stand-in's evidence was looked at; it then counts for stand-ins only."""
    imported: bool = False
    """Whether somebody else looked at it, and `by` vouches for them."""
    files: tuple[str, ...] = ()
    """Names of what the person added, which hold its SHA-256; see `automation.app.look_files`."""
    sentence: str = ""
    """Of what `temoin words` recorded: the sentence that decides; the other lines may stand beside it in any order."""

    @property
    def id(self) -> str:
        """Eight hexadecimal digits that stand for what is bound, for whom, and in whose pages; not for the answer."""
        return _digest(self.kind, self.flow, self.subject, self.stand_in, lines=self.lines)[:8]

    @property
    def named(self) -> LookedAt:
        """It as results name it."""
        return LookedAt(self.id, self.says, self.by, self.at, self.bundle, self.imported)

    @property
    def source(self) -> str:
        """Whose word it is, for signals."""
        return self.named.source


def _digest(*parts: object, lines: tuple[tuple[str, ...], ...]) -> str:
    told = "\n\n".join("\n".join(group) for group in lines)
    return sha256("\n".join(map(str, (*parts, told))).encode()).hexdigest()


def agreed(looks: Iterable[Look]) -> Look | None:
    """The newest of looks at one thing, where the newest of each person say the same."""
    newest = {look.by: look for look in sorted(looks, key=lambda look: look.at)}
    said = {look.says for look in newest.values()}
    return max(newest.values(), key=lambda look: look.at) if len(said) == 1 else None


def look_at(shown: Shown, looks: Iterable[Look], subject: str) -> Look | None:
    """The look that says what a list or form is, of those for everybody and for this account; None where none does."""
    bound = (look for look in looks if (look.kind, look.lines) == (shown.kind, (shown.lines,)))
    return agreed(look for look in bound if look.subject in {"", subject})


@dataclass(frozen=True, slots=True)
class Line:
    """One line that a person is shown."""

    text: str
    speaker: str
    """`service`, `person` or `unknown`; of anything but a letter empty."""
    known: bool
    """Whether a source or an earlier look knows it."""
    new: bool = False
    """Whether it was not there in the letter, list or form that was looked at before and is nearest to this one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing of a visit that a person is asked about."""

    kind: ShownKind
    surface: str
    locale: str
    picture: str | None
    lines: tuple[Line, ...]
    answers: tuple[Says, ...]
    """What can be said of it, in the order in which it is offered."""
    bound: tuple[tuple[str, ...], ...]
    """`Look.lines` of a look at it."""
    own: bool = False
    """Whether a look at it can hold for this account only."""
    asked: bool = False
    """Whether the person wrote in it: that it answers nothing here says nothing of what somebody else asked."""
    state: str = ""
    at: datetime | None = None
    number: int = 0
    """Place among the replies or shown things of the observation."""

    @property
    def key(self) -> str:
        """Equal for two accounts that are shown the same, whatever their particulars."""
        return _digest(self.kind, lines=self.bound)[:16]

    def is_own(self, says: Says) -> bool:
        """Whether a look that says so can hold for this account only."""
        return self.own or (self.asked and says is Says.NOTHING)
