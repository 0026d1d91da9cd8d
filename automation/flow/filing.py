"""Whether a flow has a form that a person can be taken to: its submission is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.flow.control_table import ControlTable, saves_somewhere
from automation.guard.policy import GuardPolicy

if TYPE_CHECKING:
    from automation.flow.manifest import Flow
    from automation.flow.objection_table import ObjectionTable


def filing_table(flow: Flow) -> ObjectionTable | ControlTable | None:
    """How the form or the setting is found; None where nothing is declared by what its submission is known."""
    policy = GuardPolicy.parse(flow.site.tables)
    if isinstance(flow.rule, ControlTable):
        return flow.rule if saves_somewhere(flow.rule, policy) else None
    return flow.rule if policy.submit_rule.form_id_fields else None
