"""The documentation's site, built as `make docs` builds it and opened in a browser: in the page's language, for all."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from tests.answering import showing
from tests.axe import faults
from tests.tiers import marked

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
ROOT = Path(__file__).resolve().parents[2]
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
SEARCHED = ("index", "fr/index", "404")
PAGES = (
    *SEARCHED,
    "tutorial",  # pictures, and commands to copy
    "fr/tutoriel",
    "fr/sessions",  # tables without headings
    "services",  # tables wider than the page
    "sources",
    "reference/exit-codes",  # links that are code
    "reference/settings",
    "decisions/index",
)
"""One page of each kind, and those on which the search is opened as well."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site; a warning of the builder is an error."""
    folder = tmp_path_factory.mktemp("site")
    call = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(call, check=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"})
    return folder


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of the site on a server: the page for addresses that lead nowhere gets its styles only there."""
    with showing(site) as address:
        yield address


_OF_COLOURS = ("color-contrast", "link-in-text-block")
NARROW = (*SEARCHED, "services")
DARK = ("index", "tutorial", "services", "reference/exit-codes")
"""With the search, pictures, commands, tables, and links that are code: every colour that there is."""


@pytest.mark.parametrize(
    ("size", "pages", "scheme"),
    [
        (DESK, PAGES, "light"),
        marked((DESK, DARK, "dark"), pytest.mark.rare),
        marked((PHONE, NARROW, "light"), pytest.mark.rare),
        marked((PHONE, NARROW, "dark"), pytest.mark.rare),
    ],
    ids=["desk-light", "desk-dark", "phone-light", "phone-dark"],
)
async def test_axe_finds_nothing(
    a_browser: Browser, served: str, size: ViewportSize, pages: tuple[str, ...], scheme: Any
) -> None:
    """
    No fault on a page of each kind, contrast included, nor in the search with results in it.

    The dark scheme is the same page in other colours: there only what depends on colours is looked at anew.
    """
    rules = _OF_COLOURS if scheme == "dark" else ()
    context = await a_browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for name in pages:
        page = await context.new_page()
        await page.goto(f"{served}/{name}.html")
        found[name] = await faults(page, rules)
        if name in SEARCHED:
            await _search(page, narrow=size is PHONE)
            found[f"{name}, searching"] = await faults(page, rules)
        await page.close()
    await context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


async def _search(page: Page, *, narrow: bool) -> None:
    """Open the search and wait for its results."""
    if narrow:
        await page.locator("label.md-header__button[for=__search]").click()
    await page.locator("input.md-search__input").click()
    await page.keyboard.type("objection")
    await page.locator(".md-search-result__item").first.wait_for()


def test_no_heading_of_a_table_is_empty(site: Path) -> None:
    """On no page of the site; a table may have none at all."""
    empty = re.compile(r"<th[^>]*>\s*</th>")
    pages = site.rglob("*.html")
    assert [str(page.relative_to(site)) for page in pages if empty.search(page.read_text(encoding="utf-8"))] == []


async def test_a_french_page_speaks_french(a_browser: Browser, site: Path) -> None:
    """Its language is declared, and so are search, table of contents and sections in French; an English one is English."""
    page = await a_browser.new_page(viewport=DESK)
    for name, lang, words in (
        ("fr/tutoriel", "fr", ("Commencer", "Rechercher")),
        ("tutorial", "en", ("Start", "Search")),
    ):
        await page.goto((site / f"{name}.html").as_uri())
        assert await page.locator("html").get_attribute("lang") == lang
        assert (await page.locator(".md-tabs__link").first.inner_text()).strip() == words[0]
        assert await page.locator("input.md-search__input").get_attribute("placeholder") == words[1]
        for part in ("[role=dialog]", "#__search", "#__drawer"):
            assert await page.locator(part).get_attribute("aria-label"), part
    await page.close()
