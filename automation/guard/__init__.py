"""The write guard: nothing leaves the browser but what a service's policy lets through."""

from automation.guard.decision import decide
from automation.guard.foreign import ReadOnly, read_only
from automation.guard.guard import Guard
from automation.guard.policy import GuardPolicy
from automation.guard.record import ANSWER_FAILED
from automation.guard.request import Allow, Phase, Refuse, Request

__all__ = [
    "ANSWER_FAILED",
    "Allow",
    "Guard",
    "GuardPolicy",
    "Phase",
    "ReadOnly",
    "Refuse",
    "Request",
    "decide",
    "read_only",
]
