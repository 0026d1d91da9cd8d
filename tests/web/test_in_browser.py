"""The pages in a real browser, with every verdict on them: everybody can use them, at every width, in both languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from automation.flow import Flow
from automation.text.language import language
from tests.axe import faults
from tests.web.seeded import seed
from tests.web.serving import Served, at_a_desk, serving
from tests.web.waiting import HOLDERS, strangers

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PAGES = (
    "",
    "add",
    "add/facebook.ai_objection",
    "accounts/atelier-not-objected",
    "accounts/atelier-not-objected/object",
    "accounts/arnaud-linkedin/object",
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
        at_a_desk(patch)
        with serving(seed(folder, folder / "data")) as page:
            yield page


async def let_in(a_browser: Browser, served: Served, lang: str, **options: object) -> BrowserContext:
    """A browser with the cookie, in a language."""
    context = await a_browser.new_context(**options)  # type: ignore[arg-type]
    place = {"domain": "127.0.0.1", "path": served.door.root}
    cookies = {"temoin": served.door.cookie, "temoin-lang": lang}
    await context.add_cookies([{"name": name, "value": value, **place} for name, value in cookies.items()])  # type: ignore[list-item]
    return context


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory, flows: dict[str, Flow]) -> Iterator[Served]:
    """Accounts whose letter nobody knows."""
    folder = tmp_path_factory.mktemp("strange")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        for account in HOLDERS:
            for part in ("USERNAME", "PASSWORD"):
                patch.setenv(f"TEMOIN_SECRETS__{account.replace('-', '_').upper()}__{part}", "nobody")
        with serving(strangers(folder, flows)) as page:
            yield page


_TIERS = [(("en", "light", DESK), []), (("fr", "dark", PHONE), [pytest.mark.thorough])]
everywhere = pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [
        pytest.param(*case, marks=next((marks for known, marks in _TIERS if known == case), [pytest.mark.rare]))
        for case in itertools.product(("en", "fr"), ("light", "dark"), (DESK, PHONE))
    ],
)


@everywhere
async def test_axe_finds_nothing_on_any_page(
    a_browser: Browser, served: Served, lang: str, scheme: str, size: dict[str, int]
) -> None:
    """No fault at all, contrast included, with every part open; nothing is wider than the window; no error is logged."""
    context = await let_in(a_browser, served, lang, viewport=size, color_scheme=scheme)
    page, errors = await context.new_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        await page.goto(served.url + path)
        await look(page, size, path)
        assert path == "no/such" or errors == [], path
        errors.clear()
    await context.close()


@pytest.mark.thorough
@everywhere
async def test_axe_finds_nothing_where_people_look(
    a_browser: Browser, strange: Served, lang: str, scheme: str, size: dict[str, int]
) -> None:
    """The question, what an answer would do, and the list of looks: each is for everybody, and loads its picture."""
    _ = language(lang).gettext
    context = await let_in(a_browser, strange, lang, viewport=size, color_scheme=scheme)
    page = await context.new_page()
    await page.goto(f"{strange.url}accounts/anna-facebook/look")
    assert await page.locator("img.latest").evaluate(
        "async image => { await image.decode(); return image.naturalWidth > 0 }"
    )
    await look(page, size, "look")
    await page.get_by_label(_("Your name")).fill("Claire M.")
    await page.get_by_role("button", name=_("the objection is honoured"), exact=True).click()
    await look(page, size, "preview")
    await page.get_by_role("button", name=_("Yes, that is what I see")).click()
    await page.locator(".told").wait_for()
    await page.goto(f"{strange.url}looks")
    await look(page, size, "looks")
    await page.get_by_role("button", name=_("Take it back")).click()
    await context.close()


async def look(page: Page, size: dict[str, int], where: str) -> None:
    """Axe finds nothing, with every part open, and nothing is wider than the window."""
    await page.wait_for_load_state()  # a heading is there before the style sheet that gives it its colours
    await page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert await faults(page) == [], where
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], where


ENGLISH = re.compile(r"(?<![\w-])(the|and|with|your|this|that|which|what|from|not|is|are|of)(?![\w-])", re.IGNORECASE)
"""Words that no French sentence holds; a name with hyphens is an account's."""
_WORDS_SEEN = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest('code, pre, script, style, bdi, [lang]:not(html)')) continue;
    texts.push(walker.currentNode.textContent.trim());
  }
  for (const element of document.querySelectorAll('[alt], [aria-label], [placeholder], [title]')) {
    for (const name of ['alt', 'aria-label', 'placeholder', 'title']) texts.push(element.getAttribute(name) || '');
  }
  for (const element of document.querySelectorAll('*')) texts.push(...Object.values(element.dataset).filter(Boolean));
  return texts.filter(Boolean);
}"""


async def english_on(page: Page) -> list[str]:
    """What holds an English word on a page, outside of names, commands and what is marked as another language."""
    return [text for text in await page.evaluate(_WORDS_SEEN) if ENGLISH.search(text)]


@pytest.mark.thorough
async def test_no_page_speaks_english_to_the_french(a_browser: Browser, served: Served, strange: Served) -> None:
    """Outside of names, commands and what is marked as another language, no English word stands on any page."""
    for pages, paths in (
        (served, PAGES),
        (strange, ("", "look", "accounts/anna-facebook", "accounts/anna-facebook/look", "looks")),
    ):
        context = await let_in(a_browser, pages, "fr", viewport=DESK)
        page = await context.new_page()
        for path in paths:
            await page.goto(pages.url + path)
            assert await english_on(page) == [], path
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
    await page.keyboard.type("linkdin")
    await expect(page.locator(".services li")).to_have_count(1)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="LinkedIn").wait_for()
    await context.close()


@pytest.mark.parametrize("lang", ["en", "fr"])
async def test_three_presses_by_keyboard_on_a_phone(a_browser: Browser, strange: Served, lang: str) -> None:
    """From the first page to the changed card, with the Tab and Enter keys alone, at the width of a phone."""
    words = language(lang)
    _ = words.gettext
    context = await let_in(a_browser, strange, lang, viewport=PHONE)
    page = await context.new_page()
    await page.goto(strange.url)
    first = words.ngettext("%(num)s answer to look at", "%(num)s answers to look at", 1, num=1)
    for pressed in (first, _("the objection is honoured"), _("Yes, that is what I see")):
        await page.get_by_text(pressed, exact=True).wait_for()
        name = page.get_by_label(_("Your name"))
        if await name.is_visible():  # where nobody has given one yet: the machine's is none
            await name.fill("Claire")
        for _stop in range(40):
            await page.keyboard.press("Tab")
            if await _focused(page) == pressed:
                break
        assert await _focused(page) == pressed
        await page.keyboard.press("Enter")
    await expect(page.locator(".card:target .v-objected")).to_be_in_viewport()
    await expect(page.locator(".card .v-objected")).to_have_count(3)
    await page.goto(f"{strange.url}looks")
    await page.get_by_role("button", name=_("Take it back")).last.click()
    await page.locator(".told").wait_for()
    await context.close()


async def _focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.textContent"))
