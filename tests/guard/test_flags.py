"""The switches fit the installed Playwright."""

from __future__ import annotations

import re
from pathlib import Path

import playwright
import pytest

from automation.guard.flags import DISABLED_FEATURES, PLAYWRIGHT_DISABLED_FEATURES, guard_arguments

DRIVER = Path(playwright.__file__).parent / "driver" / "package" / "lib"


def features_that_playwright_switches_off() -> list[str]:
    """The list in the driver's own code, wherever this version keeps it."""
    for source in sorted(DRIVER.rglob("*.js")):
        found = re.search(r"disabledFeatures = \[(.*?)\]\.filter", source.read_text(errors="replace"), re.DOTALL)
        if found and "electron" not in source.parts:
            return re.findall(r'^\s*"(\w+)"', found.group(1), re.MULTILINE)
    pytest.fail("Playwright keeps its list of switched-off features elsewhere now")


def test_playwrights_own_list_is_repeated() -> None:
    """A second --disable-features replaces the first: what Playwright switches off must stay off."""
    theirs = features_that_playwright_switches_off()
    assert len(theirs) > 5
    assert set(theirs) == set(PLAYWRIGHT_DISABLED_FEATURES)


def test_one_list_of_features_holds_both() -> None:
    """There is one --disable-features among the switches, with Playwright's features and ours."""
    lists = [a for a in guard_arguments() if a.startswith("--disable-features=")]
    assert len(lists) == 1
    names = lists[0].partition("=")[2].split(",")
    assert set(names) == {*PLAYWRIGHT_DISABLED_FEATURES, *DISABLED_FEATURES}
    assert len(names) == len(set(names))
