"""What `[control]` and `[objection]` in a flow's manifest may say, and the states that they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from automation.core.errors import FlowError
from automation.core.flows import State, forbidden, needed
from automation.core.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.signals import FlowKind
    from automation.guard.policy import GuardPolicy

Meaning = Literal["trains", "protects"]
"""What a state means for the person's content: used for training, or kept out of it."""
Grade = Literal["H", "M", "L"]
"""High, medium, low: how well a source knows something."""

OBJECT = "{object}"
"""Stands in an address or a label for the name of one blog, site or team."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Confidence(_Table):
    """How well the sources know a control. What they know badly is shown and never judged."""

    address: Grade
    label: Grade
    meaning: Grade

    @property
    def proves(self) -> bool:
        """
        Whether a reading may become a verdict: not where it is weak what a state means.

        A weak address is no harm, and neither is a weak label: the page shows where one is, and those very words.
        """
        return self.meaning != "L"


class Objects(_Table):
    """One setting for each blog, site, team or organisation: a good value for one proves nothing for the others."""

    several: bool = True
    """Whether one account has several as a rule; else, where it names none, the one counts that it is signed in to."""
    url: str = ""
    """Address of one object's setting, with `{object}`; without it each object is given as its page's address."""
    links: str = ""
    """Pattern of the paths that name an object, `*` for its name: who is linked there must have been read."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.url and OBJECT not in self.url:
            raise ValueError(f"url must hold {OBJECT}")
        if self.links and self.links.count("*") != 1:
            raise ValueError("links must hold one *")
        return self


class Saving(_Table):
    """
    The request that saves the setting; where it goes is said by `[guard.submit]` of the service's file.

    Of an HTML form the setting's own `field` is named, as the rest is held against the form itself. What the page's
    script sends cannot be seen before it is sent, so its whole `body` is given.
    """

    field: str | None = Field(default=None, min_length=1)
    """Name of the field of an HTML form that holds the setting."""
    protects: str | None = None
    """Its text where content is kept out of training; None where the field is left out then, as an unticked box is."""
    body: dict[str, Any] | None = Field(default=None, min_length=1)
    """What the script sends where content is to be kept out: an object of JSON, or the names and texts of a form."""
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    """By which the script sends it."""
    button: str | None = None
    """
    Key of the names of the button that saves it.

    Of an HTML form where more than one sends it; of a script where the switch does not save by its own press.
    """

    @property
    def by_script(self) -> bool:
        """Whether the page's script sends it, and no HTML form."""
        return self.body is not None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.field is None) is (self.body is None):
            raise ValueError("submit has either the `field` of an HTML form or the `body` that a script sends")
        if self.body is not None and self.protects is not None:
            raise ValueError("submit's `body` says what the setting becomes; `protects` belongs to a `field`")
        if self.field is not None and self.method != "POST":
            raise ValueError("an HTML form is sent by POST")
        return self


class ControlTable(_Table):
    """
    One control whose state is the setting.

    Kinds: `switch` and `checkbox` (read alike: on or off), `select` (a list that shows its value), `radio` (one of
    several), `menu_button` (shows its value and opens a menu), `state_button` (its name ends with its value).
    """

    kind: Literal["switch", "checkbox", "select", "radio", "menu_button", "state_button"]
    surfaces: tuple[str, ...] = Field(min_length=1)
    """Where it may stand, each address tried in order; also where sources contradict each other."""
    reveal: tuple[str, ...] = ()
    """Label keys of the tabs, expanders or links that lead to it from there, in order."""
    label: str = "control.label"
    """Key of its names."""
    description: str | None = None
    """Key of the text that belongs to it and identifies it as well as its name."""
    section: str = "control.section"
    """Key of the heading or landmark that holds it: the second signal."""
    on: Meaning | None = None
    """What "on" means; of switches and checkboxes."""
    values: dict[str, Meaning] = {}
    """Key of a value's words → what it means; of all other kinds, every value of theirs."""
    actions: dict[str, Meaning] = {}
    """Key of what a button offers to do, where it shows that instead of the state → what is so while it is offered."""
    locked: Meaning | None = None
    """What a greyed-out control shows for sure, where a source says that the service itself locks it so."""
    unlike: str | None = None
    """Key of names of another control for the same thing whose states mean something else."""
    objects: Objects | None = None
    submit: Saving | None = None
    """Where known, so that a person can be taken to the button; one request is then let through."""
    confidence: Confidence
    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.two_states:
            if self.on is None or self.values:
                raise ValueError(f"a {self.kind} says what `on` means, and has no `values`")
        elif self.on is not None or set(self.values.values()) != {"trains", "protects"}:
            raise ValueError(f"a {self.kind} has `values` with both meanings, and no `on`")
        if self.submit is not None and self.objects is not None:
            raise ValueError("one request saves one setting: `submit` does not go with `objects`")
        return self

    def __hash__(self) -> int:
        """Of the object itself, whose fields have none: what was read with it is kept under it."""
        return id(self)

    @property
    def turned(self) -> Self:
        """The same setting as the control shows it whose states mean the opposite; what describes it is not known."""
        on = {"trains": "protects", "protects": "trains"}.get(self.on or "")
        other = {"label": self.unlike, "unlike": self.label, "on": on, "description": None}
        return self.model_copy(update=other)

    @property
    def two_states(self) -> bool:
        """Whether it is on or off."""
        return self.kind in {"switch", "checkbox"}

    def meaning(self, *, on: bool) -> Meaning:
        """What a switch's state means."""
        return "trains" if (self.on == "trains") is on else "protects"

    def needed(self) -> tuple[str, ...]:
        """Label keys without which a language cannot be read."""
        return (self.label, self.section, *self.values)

    def keys(self) -> list[str]:
        """Every label key that it names."""
        button = self.submit.button if self.submit else None
        optional = (key for key in (self.description, self.unlike, button) if key)
        return [*self.needed(), *self.reveal, *self.actions, *optional]


def saves_somewhere(table: ControlTable, policy: GuardPolicy) -> bool:
    """Whether a setting says what saves it, and its service where that goes."""
    if table.submit is None:
        return False
    if table.submit.by_script:
        return bool(policy.guard.submit.paths) or bool(policy.guard.submit.operations)
    return bool(policy.guard.submit.form_id_fields)


OTHER_SHAPE = "other"
"""A form of none of the shapes that a flow knows."""


class FormShape(_Table):
    """One make of the form that a source documents. A form of none of them does not count as open."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    needs: tuple[str, ...] = Field(min_length=1)
    """Purposes of the fields that it has."""
    may: tuple[str, ...] = ()
    """Purposes of fields that it may have, too."""
    optional: tuple[str, ...] = ()
    """Purposes of the fields that it does not require."""
    words: dict[str, str] = {}
    """Purpose of a field → label key of words that stand in its label."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.name == OTHER_SHAPE:
            raise ValueError(f"'{OTHER_SHAPE}' is a form of no known shape")
        unknown = sorted({*self.optional, *self.words} - {*self.needs, *self.may})
        if unknown:
            raise ValueError(f"{self.name}: neither `needs` nor `may` has {', '.join(unknown)}")
        return self


class ObjectionTable(_Table):
    """How a right to object is read that is exercised by a form and answered in an inbox."""

    home: str
    """Surface on which the visit begins."""
    forms: tuple[str, ...]
    """Surfaces of the form; every address of each is asked."""
    form_ids: tuple[str, ...]
    """Ids of the right form, as its address or its hidden fields carry them."""
    id_fields: tuple[str, ...] = ()
    """Names of the hidden fields that carry the id."""
    shapes: tuple[FormShape, ...] = Field(min_length=1)
    """The makes of the form that are known; the first that fits counts."""
    other_ids: dict[str, str] = {}
    """Ids of forms that look alike → what they are."""
    form_path: str
    """Regular expression with one group for the id, matched against an address' path."""
    inbox: str
    """Surface where the service answers."""
    inbox_operations: tuple[str, ...] = ()
    """Names of the reads that fill the inbox."""
    regions: tuple[str, ...] = ()
    """Countries in which the form is said to be offered, ISO 3166-1 alpha-2."""


class ExposureRule(_Table):
    """One thing that decides how far the account is concerned: seen on a surface, or a field of the form."""

    name: str
    surface: str | None = None
    switch: str | None = None
    """Label key of a switch; on and off are reported as `on` and `off`."""
    choice: str | None = None
    """Label key before a named choice; reported as shown."""
    landmark: str | None = None
    """Label key of a heading, control or line; reported as `present` where it is shown."""
    field: str | None = None
    """Purpose of a field of the form; its chosen country is reported."""

    @property
    def key(self) -> str | None:
        """Label key of what is looked for."""
        return self.switch or self.choice or self.landmark

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        keys = [key for key in (self.switch, self.choice, self.landmark, self.field) if key]
        if len(keys) != 1 or bool(self.field) is bool(self.surface):
            raise ValueError("it has a surface with one of switch, choice and landmark, or a field of the form")
        return self


class StateTable(BaseModel):
    """One state of the page, and the verdict that it gives."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    verdict: Verdict
    needs: tuple[str, ...] = Field(min_length=1)
    """Signals without which it does not hold."""
    forbids: tuple[str, ...] = ()
    """Signals with which it does not hold; `*` stands for any letters, and never for what the state needs."""
    because: str
    """Name of the sentence that explains it."""


def read_states(tables: Sequence[StateTable], kind: FlowKind, where: str) -> tuple[State, ...]:
    """
    The states of a flow, with every name of a signal looked up and every pattern written out.

    Raises:
        FlowError: naming the file, the state and the key, where a name or pattern fits no signal.
    """
    found: list[State] = []
    for number, table in enumerate(tables):
        key = "needs"
        try:
            needs = needed(table.needs, kind)
            key = "forbids"
            forbids = forbidden(table.forbids, needs, kind)
        except ValueError as error:
            raise FlowError(
                f"{where}: states.{number}.{key} ({table.because}): {error}",
                'The names stand in docs/flows.md, under "The signals".',
            ) from None
        found.append(State(table.verdict, needs, forbids, table.because))
    return tuple(found)
