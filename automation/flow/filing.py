"""Whether a flow has a form that a person can be taken to: its submission is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.flow.objection_table import ObjectionTable
from automation.guard.policy import GuardPolicy

if TYPE_CHECKING:
    from automation.flow.manifest import Flow


def filing_table(flow: Flow) -> ObjectionTable | None:
    """How the form is found; None for a setting, and where nothing is declared by what a submission is known."""
    if not isinstance(flow.rule, ObjectionTable):
        return None
    declared = GuardPolicy.parse(flow.site.tables).submit_rule.form_id_fields
    return flow.rule if declared else None
