"""What was answered before, and what changed since. The bundles stay the truth; this can be made again from them."""

from automation.history.changes import Change, ChangeKind, Standing
from automation.history.entries import DayStanding, Entry, Recorded, last_answers
from automation.history.forms import FormChange, FormChangeKind
from automation.history.interface import History
from automation.history.sqlite import SqliteHistory

__all__ = [
    "Change",
    "ChangeKind",
    "DayStanding",
    "Entry",
    "FormChange",
    "FormChangeKind",
    "History",
    "Recorded",
    "SqliteHistory",
    "Standing",
    "last_answers",
]
