"""Whether a flow has a form that a person can be taken to: its submission is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.flow.control_table import ControlTable
from automation.guard.policy import GuardPolicy

if TYPE_CHECKING:
    from automation.flow.manifest import Flow
    from automation.flow.objection_table import ObjectionTable


def filing_table(flow: Flow) -> ObjectionTable | ControlTable | None:
    """How the form or the setting is found; None where nothing is declared by what its submission is known."""
    if isinstance(flow.rule, ControlTable) and flow.rule.submit is None:
        return None
    declared = GuardPolicy.parse(flow.site.tables).submit_rule.form_id_fields
    return flow.rule if declared else None
