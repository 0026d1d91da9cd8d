"""
A page as the browser itself describes it: what is there, what is shown, what is ticked.

Built from Chromium's accessibility tree and DOM snapshot, outside the page, so that no script of the page
can answer for it. Pure data: everything that reads a page works on this and can be tested without a browser.
"""

from automation.page.json_values import walk
from automation.page.node import DISCLOSURES, Block, Box, Node
from automation.page.view import PageView, once_a_page

__all__ = ["DISCLOSURES", "Block", "Box", "Node", "PageView", "once_a_page", "walk"]
