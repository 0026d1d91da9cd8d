"""The documentation's site, built as `make docs` builds it and opened in a browser: for everybody, in the page's language."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "index",
    "fr/index",
    "window",
    "fr/fenetre",
    "tutorial",
    "fr/tutoriel",
    "verdicts",
    "reference/commands",
    "404",
)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site; a warning of the builder is an error."""
    folder = tmp_path_factory.mktemp("site")
    call = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(call, check=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"})
    return folder


async def faults(page: Page) -> list[tuple[str, str]]:
    """What axe finds."""
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    found = (await axe.Axe().run(page)).response
    return [(fault["id"], node["html"][:160]) for fault in found["violations"] for node in fault["nodes"][:3]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing(a_browser: Browser, site: Path, scheme: str, size: dict[str, int]) -> None:
    """No fault on pages of each kind, contrast included, nor in the search with results in it."""
    context = await a_browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    found = {}
    for name in PAGES:
        page = await context.new_page()
        await page.goto((site / f"{name}.html").as_uri())
        found[name] = await faults(page)
        if name in {"index", "fr/index"}:
            await _search(page)
            found[f"{name}, searching"] = await faults(page)
        await page.close()
    await context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


async def _search(page: Page) -> None:
    await page.locator("label[for=__search]").first.click()
    await page.locator("input.md-search__input").fill("objection")
    with suppress(PlaywrightTimeout):  # without a worker there are no results; the dialog is looked at nevertheless
        await page.locator(".md-search-result__item").first.wait_for(timeout=10_000)


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
    await page.close()
