"""
One way to read any flow: the manifest's own table decides how.

Apart from the package itself, so that who judges a stored observation needs the flow and no browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.flow.control_table import ControlTable
from automation.visit.control import read_control
from automation.visit.objection import read_objection

if TYPE_CHECKING:
    from automation.core.observations import Observation
    from automation.flow.manifest import Flow
    from automation.visit.reader import Reader


async def read(reader: Reader, flow: Flow, subject: str) -> Observation:
    """
    Read one setting of one account.

    Raises:
        CheckError: where reading cannot go on: a challenge, another account, a lost browser.
    """
    if isinstance(flow.rule, ControlTable):
        return await read_control(reader, flow, flow.rule, subject)
    return await read_objection(reader, flow, flow.rule, subject)
