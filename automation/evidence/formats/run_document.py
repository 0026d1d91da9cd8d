"""
The run document: what seals the results and the reports of a run, which stand beside the bundles and in none of them.

It is signed as a bundle's statement is, and has a line in the ledger, so that it cannot be taken away unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from automation.evidence.formats.encoding import Hex256, Moment, Record
from automation.evidence.formats.statement import Tool


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
    schema_: Literal["temoin.run-seal/1"] = Field(default="temoin.run-seal/1", alias="schema")
