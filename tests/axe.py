"""What axe-core finds in a page: its rules, run in the page itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.async_api import Page


async def faults(page: Page, rules: Sequence[str] = ()) -> list[tuple[str, str]]:
    """
    Rule and markup of each fault.

    Args:
        page: as it stands now.
        rules: of axe; all where none is named.
    """
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    options: dict[str, object] = {"resultTypes": ["violations"]}  # of what is right one element a rule is described
    if rules:
        options["runOnly"] = list(rules)
    found = (await axe.Axe().run(page, options=options)).response
    assert found["passes"], "it looked at nothing"
    return [(fault["id"], node["html"][:160]) for fault in found["violations"] for node in fault["nodes"]]
