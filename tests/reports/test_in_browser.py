"""The page in a real browser: it obeys its own policy, works without script, and everybody can use it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page

from automation.core.results import Outcome, RunDocument, Verified
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.reports.background import FULL_UP_TO, past_of
from tests.axe import faults
from tests.builders import a_document, a_guide, a_probe, a_result, a_step
from tests.reports.pages import recorded, render
from tests.tiers import first

pytestmark = pytest.mark.browser
REASONS = (Reason.CHALLENGE, Reason.LOCALE_UNCOVERED, Reason.TIMEOUT)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def everything() -> RunDocument:
    """All verdicts, some reasons, a Page, long and right-to-left names, every notice."""
    answers = [a_result(f"v-{v.value}", v) for v in Verdict if v.is_answer]
    answers += [a_result(f"r-{r.value}", reason=r, owner="משרד <b>Martin</b>") for r in REASONS]
    answers.append(a_result("author", Verdict.PENDING, kind="page_admin", page="Atelier Dupont, luthier"))
    step = a_step(2, "form_a", picture_size=(320, 240), outline=(40, 60, 120, 90))
    answers.append(a_result("outlined", steps=(step,)))
    long = "a-name-without-any-place-to-break".replace("-", "") * 3
    far = "https://www.facebook.com/" + "x" * 300
    answers.append(a_result(long, probes=(a_probe(requested=far, final=far),), assumed_words=True))
    never = Verified("never", None, 90)
    return a_document(*(replace(result, flow_verified=never) for result in answers), stand_in=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, flows: dict[str, Flow]) -> Path:
    """A folder with the report in both languages, a past, and pictures where the evidence has them."""
    tmp_path = tmp_path_factory.mktemp("report")
    drawn = BytesIO()
    Image.new("RGB", (320, 240), "white").save(drawn, "PNG")
    picture = drawn.getvalue()
    document = everything()
    earlier = [replace(r, verdict=Verdict.PENDING, reason=None, outcome=Outcome.INCOMPLETE) for r in document.results]
    with recorded(tmp_path / "history.sqlite3", {9: earlier, 4: document.results}) as history:
        history.record(document)
        past = past_of(history, document.results, stand_in=True, lines_up_to=100)
    guides = {name: flow.guide for name, flow in flows.items()} | {"x": a_guide()}
    for result in document.results:
        for artifact in result.evidence:
            file = tmp_path / "proof" / (result.bundle.path if result.bundle else "") / artifact.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture if file.suffix == ".png" else b"{}")
    for lang, other in (("en", "fr"), ("fr", "en")):
        links = {other: f"report.{other}.html"}
        text = render(document, guides, lang, evidence_root="proof", other_languages=links, background=past)
        (tmp_path / f"report.{lang}.html").write_text(text, encoding="utf-8")
    return tmp_path


async def _open(browser: Browser, folder: Path, lang: str, **options: Any) -> Page:
    context = await browser.new_context(**options)
    page = await context.new_page()
    await page.goto((folder / f"report.{lang}.html").as_uri())
    return page


async def test_the_page_obeys_its_own_policy(a_browser: Browser, folder: Path) -> None:
    """Opened from a disk, the style applies, pictures show, nothing is refused and nothing else is asked for."""
    context = await a_browser.new_context(viewport=DESK)
    page = await context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    await page.goto((folder / "report.en.html").as_uri())
    # Not `wait_for_function`: from its second look on it evaluates a text, which the page's policy rightly refuses.
    await page.evaluate("Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode(); }))")
    widths = await page.evaluate("[...document.images].map(i => i.naturalWidth)")
    assert len(widths) == 32
    assert set(widths) == {320}
    assert await page.evaluate("getComputedStyle(document.querySelector('.account')).borderTopWidth") == "1px"
    assert said == []
    assert {url.split(":")[0] for url in asked} == {"file"}


async def test_pictures_wait_until_they_are_needed(a_browser: Browser, folder: Path) -> None:
    """A page of many accounts opens without loading the pictures at its end."""
    page = await _open(a_browser, folder, "en", viewport=DESK)
    loaded = await page.evaluate("[...document.images].filter(i => i.complete && i.naturalWidth).length")
    assert loaded < 15


async def test_the_filter_works_without_script(a_browser: Browser, folder: Path) -> None:
    """Choosing an outcome leaves only its rows and sections; it needs the keyboard alone, and no script."""
    page = await _open(a_browser, folder, "fr", java_script_enabled=False, viewport=DESK)
    everything_shown = await page.locator("tr.row:visible").count()
    await page.get_by_role("radio", name="tout").focus()
    await page.keyboard.press("ArrowRight")
    assert await page.get_by_role("radio", name="non conforme", exact=True).is_checked()
    shown = await page.locator("tr.row:visible").evaluate_all("rows => rows.map(r => r.dataset.outcome)")
    assert set(shown) == {"finding"}
    assert len(shown) < everything_shown
    assert await page.locator("article:visible").count() == len(shown)
    assert await page.locator("tr.owner:visible").count() == 1, "an owner without a row left goes too"
    assert await page.locator("tr.page:visible").count() == 0, "so does a Page"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
async def test_nothing_is_cut_off_sideways(a_browser: Browser, folder: Path, lang: str, window: dict[str, int]) -> None:
    """With all parts open, the page never scrolls sideways, long names and addresses notwithstanding."""
    page = await _open(a_browser, folder, lang, viewport=window)
    await page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert await page.evaluate("document.documentElement.scrollWidth") == window["width"]
    cells = page.locator(".grid :is(td, th)")
    over = await cells.evaluate_all("all => all.filter(c => c.scrollWidth > c.clientWidth + 1).map(c => c.innerText)")
    assert over == [], "nothing reaches into the next column"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
async def test_the_answer_stands_on_the_first_screen(
    a_browser: Browser, folder: Path, lang: str, window: dict[str, int]
) -> None:
    """The sentence, every warning's title, the counts and the first thing to do lie within the first 900 pixels."""
    page = await _open(a_browser, folder, lang, viewport=window)
    for part in ("h1", ".notices > :last-child", ".counts", ".todo > ol > li:first-child .act"):
        box = await page.locator(part).bounding_box() or {}
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= 900, part


@pytest.mark.thorough
async def test_a_link_to_an_account_lands_on_it(a_browser: Browser, folder: Path) -> None:
    """From the table to any account, far down too: its heading is at the top of the window."""
    page = await _open(a_browser, folder, "en", viewport=DESK)
    links = page.locator(".grid a.name")
    for number in (0, await links.count() // 2, await links.count() - 2):
        await links.nth(number).click()
        top = await page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top")
        assert -1 <= top <= 60
        await page.evaluate("scrollTo(0, 0)")


async def test_the_keyboard_goes_straight_to_the_accounts(a_browser: Browser, folder: Path) -> None:
    """The first stop is a visible link that skips to the accounts, with a visible focus ring."""
    page = await _open(a_browser, folder, "en", viewport=DESK)
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the accounts")
    assert await skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0")
    assert await skip.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "accounts"


async def test_a_screen_reader_hears_a_table_on_a_phone_too(a_browser: Browser, folder: Path) -> None:
    """Where the table is drawn as cards it is still a table with rows, headings and cells."""
    page = await _open(a_browser, folder, "en", viewport=PHONE)
    table = page.get_by_role("table", name="Accounts by owner and Page")
    assert await table.get_by_role("columnheader").count() == 6
    row = table.get_by_role("row").filter(has_text="v-refused")
    assert await row.get_by_role("cell").count() == 5
    assert await row.get_by_role("rowheader").count() == 1


@pytest.mark.thorough
async def test_paper_shows_all_that_is_folded_away(a_browser: Browser, folder: Path) -> None:
    """Printed, folded parts are open, pictures are in, and what only a screen can use is gone."""
    page = await _open(a_browser, folder, "fr", viewport=DESK)
    pdf = await page.pdf(prefer_css_page_size=True, tagged=True, print_background=True)
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    await page.emulate_media(media="print")
    folded = page.locator("article details:not([open]) dl.facts", has_text="Python").first
    assert (await folded.bounding_box() or {}).get("height", 0) > 100
    assert not await page.locator(".filter").is_visible()
    assert not await page.locator(".languages").is_visible()


@pytest.mark.parametrize(("lang", "scheme"), first(("en", "light"), ("fr", "dark")))
async def test_axe_finds_nothing(a_browser: Browser, folder: Path, lang: str, scheme: str) -> None:
    """With every part open, axe-core finds no fault at all, contrast included, in either language and scheme."""
    page = await _open(a_browser, folder, lang, viewport=DESK, color_scheme=scheme)
    await page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert await faults(page) == []


@pytest.mark.thorough
async def test_axe_finds_nothing_on_a_phone(a_browser: Browser, folder: Path) -> None:
    """The same on a narrow window, where the table becomes cards."""
    page = await _open(a_browser, folder, "fr", viewport=PHONE, color_scheme="light")
    assert await faults(page) == []


async def test_what_was_read_is_outlined_beside_the_picture(a_browser: Browser, folder: Path) -> None:
    """The drawn outline lies over the right place of a copy; the picture beside it opens as it was taken."""
    page = await _open(a_browser, folder, "en", viewport=DESK, java_script_enabled=False)
    pair = page.locator("#account-outlined li.pair")
    copy, outline, plain = pair.locator("svg img"), pair.locator("rect.outline"), pair.locator("a img")
    await copy.scroll_into_view_if_needed()
    picture, drawn = await copy.bounding_box(), await outline.bounding_box()
    assert picture is not None
    assert drawn is not None
    scale = picture["width"] / 320
    for side, offset in (("x", 40), ("y", 60)):
        assert drawn[side] - picture[side] == pytest.approx(offset * scale, abs=3)
    assert drawn["width"] == pytest.approx(120 * scale, abs=4)
    assert await plain.count() == 1
    assert await pair.locator("a svg, a rect").count() == 0


@pytest.mark.thorough
async def test_thousands_can_be_sorted_and_searched(a_browser: Browser, tmp_path: Path) -> None:
    """The table sorts up, down and back by keyboard, finds accounts and owners, and says how many it found."""
    answers = [a_result(f"account-{n}", list(Verdict)[n % 5], owner=f"Owner-{n % 7}") for n in range(FULL_UP_TO + 20)]
    (tmp_path / "report.en.html").write_text(render(a_document(*answers), {}, "en"), encoding="utf-8")
    page = await _open(a_browser, tmp_path, "en", viewport=DESK)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    names = page.locator("tr.row th .name")
    grouped = await names.all_inner_texts()
    heading = page.get_by_role("columnheader", name="Account")
    await heading.get_by_role("button").focus()
    for order, state in ((1, "ascending"), (-1, "descending")):
        await page.keyboard.press("Enter")
        assert await heading.get_attribute("aria-sort") == state
        numbers = [int(name.split("-")[1]) for name in await names.all_inner_texts()]
        assert numbers == sorted(range(len(answers)), reverse=order < 0)
    await page.keyboard.press("Enter")
    assert await names.all_inner_texts() == grouped
    await page.get_by_role("searchbox", name="Search").fill("owner-3 refused")
    wanted = [r.account for r in answers if r.owner == "Owner-3" and r.verdict is Verdict.REFUSED]
    status = page.locator("output")
    await status.filter(has_text=f"{len(wanted)} / {len(answers)}").wait_for()
    assert await page.locator("tr.row:visible .name").all_inner_texts() == wanted
    assert await page.locator("tr.owner:visible").count() == 1
    assert await faults(page) == []
    await page.get_by_role("searchbox").fill("")
    await page.locator("tr.row:visible").nth(len(answers) - 1).wait_for()
    leads = page.locator("tr.row .next-short a").first
    assert await page.locator(await leads.get_attribute("href") or "").is_visible()
    assert said == []


@pytest.mark.thorough
async def test_without_script_thousands_can_be_read(a_browser: Browser, tmp_path: Path) -> None:
    """Where no script runs, there is no empty search box, and the table is whole."""
    answers = [a_result(f"account-{n}") for n in range(40)]
    (tmp_path / "report.en.html").write_text(render(a_document(*answers), {}, "en"), encoding="utf-8")
    page = await _open(a_browser, tmp_path, "en", viewport=DESK, java_script_enabled=False)
    assert not await page.get_by_role("searchbox").is_visible()
    assert await page.locator("tr.row:visible").count() == 40
    assert await page.locator("thead button").count() == 0
