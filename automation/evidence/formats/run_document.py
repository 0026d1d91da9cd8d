"""
The run document: what seals the results and the reports of a run, which stand beside the bundles and in none of them.

It is signed as a bundle's statement is, and has a line in the ledger, so that it cannot be taken away unseen. Since the
second form it names the end of the ledger that it follows and the authorities that were to stamp it, and its line names
the stamps that came: so nothing beside a run stands for itself. The first form had the ledger's end in a file of its
own, of which no line told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from automation.evidence.formats.encoding import Hex256, Moment, Record
from automation.evidence.formats.statement import Previous, Tool


class RunDocumentSeal(Record):
    """What is signed."""

    run: str
    """Name of the run's folder."""
    operator: str
    """Who made the run; empty where the configuration names nobody."""
    case: str
    """Number or name of the audit's case; empty where the configuration names none."""
    files: Mapping[str, Hex256]
    """Every sealed file of the run's own folder, by name → its SHA-256."""
    bundles: Mapping[str, Hex256]
    """Every bundle of the run, by the name of its folder → SHA-256 of its envelope."""
    sealed_at: Moment
    tool: Tool
    previous: Previous | None = None
    """The end of the ledger before the run's own line; None in the first form."""
    authorities: tuple[str, ...] = ()
    """Those that were to stamp it; empty where none is configured, and in the first form."""
    schema_: Literal["temoin.run-seal/1", "temoin.run-seal/2"] = Field(default="temoin.run-seal/2", alias="schema")

    @property
    def is_first_form(self) -> bool:
        """Whether the ledger's end after the run stands in a file of its own."""
        return self.previous is None

    @model_serializer(mode="wrap")
    def _as_it_was(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Documents of the first form stay canonical."""
        plain: dict[str, Any] = serialize(self)
        return plain if self.previous is not None else {k: v for k, v in plain.items() if k not in _SECOND_FORM}

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.schema_ == "temoin.run-seal/1") is not (self.previous is None):
            raise ValueError("a form that does not go with its schema")
        return self


_SECOND_FORM = frozenset({"previous", "authorities"})
