"""
Inboxes that somebody wrote who had not seen this code, from the sources alone: which of them say that they are empty.

The pages lie beside this file, with what a careful reader would answer. No rule may be fitted to one of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from automation.reading.lists.completeness import says_empty
from tests.conftest import Stage

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
INBOXES = json.loads((HERE / "inboxes" / "expected.json").read_text(encoding="utf-8"))


async def test_an_inbox_is_empty_only_where_it_says_so(stage: Stage) -> None:
    """Empty inboxes say it in many words; loading, errors, filters and searches without a hit do not."""
    for page in INBOXES:
        markup = (HERE / "inboxes" / page["file"]).read_text(encoding="utf-8")
        view = await stage.show_document(markup)
        assert says_empty(view, view.locale) is (page["says_empty"]), page["file"]
