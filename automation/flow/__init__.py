"""What a flow is: its manifest, and how the kinds of declared flows are read."""

from automation.flow.manifest import Flow, load_flow

__all__ = ["Flow", "load_flow"]
