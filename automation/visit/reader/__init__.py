"""
The closed set of read-only verbs: the only thing a flow gets.

There is no verb that fills, presses, sends, evaluates or sleeps. `reveal` follows a link, a tab or an expander
and refuses whatever would send a form. A `Reader` is a `Navigator`, which moves one tab; where the pages come from is
the tab's `PageSource`, and where its steps are filed its `StepFiles`: both are a `Sight`.
"""

from automation.page.read_page import ReadPage
from automation.visit.reader.navigator import Sight
from automation.visit.reader.reader import Reader
from automation.visit.reader.visit_log import SignedInAccount, VisitLog

__all__ = ["ReadPage", "Reader", "Sight", "SignedInAccount", "VisitLog"]
