"""What `[objection]` in a flow's manifest may say: a right exercised by a form and answered in an inbox."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

OTHER_SHAPE = "other"
"""A form of none of the shapes that a flow knows."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
