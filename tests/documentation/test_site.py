"""The documentation's site, built as `make docs` builds it and opened in a browser: in the page's language."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
ROOT = Path(__file__).resolve().parents[2]
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site; a warning of the builder is an error."""
    folder = tmp_path_factory.mktemp("site")
    call = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(call, check=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"})
    return folder


async def test_a_french_page_speaks_french(a_browser: Browser, site: Path) -> None:
    """Its language is declared, and so are search, table of contents and sections in French; an English one is English."""
    page = await a_browser.new_page(viewport=DESK)  # type: ignore[arg-type]
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
