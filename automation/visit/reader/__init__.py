"""
The closed set of read-only verbs: the only thing a flow gets.

There is no verb that fills, presses, sends, evaluates or sleeps. `reveal` follows a link, a tab or an expander
and refuses whatever would send a form. A `Reader` has a `Navigator`, which moves one tab; where the pages come from is
a `PageSource`, and where its steps are filed a `StepFiles`.
"""

from automation.page.read_page import ReadPage
from automation.visit.reader.navigator import Navigator
from automation.visit.reader.reader import Reader
from automation.visit.reader.visit_log import SignedInAccount, VisitLog

__all__ = ["Navigator", "ReadPage", "Reader", "SignedInAccount", "VisitLog"]
