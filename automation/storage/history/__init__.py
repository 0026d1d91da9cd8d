"""What was answered before, and what changed since. The bundles stay the truth; this can be made again from them."""

from automation.storage.history.changes import Change, ChangeKind, Standing
from automation.storage.history.entries import DayStanding, HistoryEntry, Recorded, last_answers
from automation.storage.history.forms import FormChange, FormChangeKind
from automation.storage.history.interface import History
from automation.storage.history.sqlite import SqliteHistory

__all__ = [
    "Change",
    "ChangeKind",
    "DayStanding",
    "FormChange",
    "FormChangeKind",
    "History",
    "HistoryEntry",
    "Recorded",
    "SqliteHistory",
    "Standing",
    "last_answers",
]
