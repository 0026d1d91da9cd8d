"""What a flow is: its manifest, and how the kinds of declared flows are read (`automation.visit.objection.read`)."""

from automation.flow.control_table import ControlTable
from automation.flow.manifest import Flow, load_flow

__all__ = ["ControlTable", "Flow", "load_flow"]
