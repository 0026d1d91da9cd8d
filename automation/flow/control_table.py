"""What `[control]` in a flow's manifest may say: one switch, list, choice or button, and what its states mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
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
        return bool(policy.submit_rule.paths) or bool(policy.submit_rule.operations)
    return bool(policy.submit_rule.form_id_fields)
