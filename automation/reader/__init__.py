"""
The closed set of read-only verbs: the only thing a flow gets.

There is no verb that fills, presses, sends, evaluates or sleeps. `reveal` follows a link, a tab or an expander
and refuses whatever would send a form.
"""

from automation.page.read_page import ReadPage
from automation.reader.reader import Reader

__all__ = ["ReadPage", "Reader"]
