"""The pages in a real browser, with every verdict on them: everybody can use them, at every width, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.cli.ui.seeded import seed
from tests.cli.ui.serving import Served, serving

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PAGES = (
    "",
    "add",
    "add/facebook.ai_objection",
    "accounts/atelier-not-objected",
    "schedule",
    "mailbox",
    "settings",
    "no/such",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Accounts with every verdict, one never checked, and their past."""
    folder = tmp_path_factory.mktemp("ui")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        with serving(seed(folder, folder / "data")) as page:
            yield page


async def let_in(a_browser: Browser, served: Served, lang: str, **options: object) -> BrowserContext:
    """A browser with the cookie, in a language."""
    context = await a_browser.new_context(**options)  # type: ignore[arg-type]
    place = {"domain": "127.0.0.1", "path": served.door.root}
    cookies = {"temoin": served.door.cookie, "temoin-lang": lang}
    await context.add_cookies([{"name": name, "value": value, **place} for name, value in cookies.items()])  # type: ignore[list-item]
    return context


@pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [("en", "light", DESK), ("fr", "dark", DESK), ("fr", "light", PHONE), ("en", "dark", PHONE)],
)
async def test_axe_finds_nothing_on_any_page(
    a_browser: Browser, served: Served, lang: str, scheme: str, size: dict[str, int]
) -> None:
    """No fault at all, contrast included, with every part open; nothing is wider than the window; no error is logged."""
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    context = await let_in(a_browser, served, lang, viewport=size, color_scheme=scheme)
    for path in PAGES:
        page, errors = await context.new_page(), []
        page.on("console", lambda message, kept=errors: kept.append(message.text) if message.type == "error" else None)
        await page.goto(served.url + path)
        await page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        found = (await axe.Axe().run(page)).response
        assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found["violations"]] == [], path
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert path == "no/such" or errors == [], path
        await page.close()
    await context.close()


async def test_by_keyboard_alone(a_browser: Browser, served: Served) -> None:
    """The skip link comes first; searching and choosing a service needs no mouse; the chosen boxes name the button."""
    context = await let_in(a_browser, served, "en", viewport=DESK)
    page = await context.new_page()
    await page.goto(served.url)
    await page.keyboard.press("Tab")
    assert await _focused(page) == "To the content"
    box = page.get_by_role("checkbox", name="Choose atelier-objected")
    await box.focus()
    await page.keyboard.press("Space")
    assert await page.get_by_role("button", name="Check those chosen").is_visible()
    await page.goto(f"{served.url}add")
    await page.get_by_role("searchbox").focus()
    await page.keyboard.type("linkedin")
    assert await page.locator(".services li:visible").count() == 1
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="LinkedIn").wait_for()
    await context.close()


async def _focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.textContent"))
