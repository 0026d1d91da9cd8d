"""An inbox's list as a visit hands it over, made of pages that a test writes."""

from __future__ import annotations

from typing import Any

from automation.flow.manifest import Surface
from automation.flow.reads import ReadRules
from automation.reading.letters.answers import Item
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import InboxList, ListPage
from automation.visit.inbox_items import read_items

NO_READS = ListReads(frozenset(), ReadRules())
"""Of a list that no data fill."""


async def items_of(reader: Any, surface: Surface, *pages: ListPage) -> tuple[list[Item], int]:
    """The items of a list of these pages, and how many could not be opened."""
    return await read_items(reader, InboxList("support_inbox", surface, NO_READS, pages, at_end=True, all_tabs=False))
