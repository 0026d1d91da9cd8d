"""
One control on one page: its state by raw attribute or live property, its label by name or row, its section by outline.

Real: Chromium and the reader's view of it. The pages are written here; every trap has a twin without it.
"""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import async_playwright

from automation.browser.finder import find_browser
from automation.browser.snapshot import take
from automation.core.settings import BrowserSettings
from automation.flow.control_table import ControlTable
from automation.reading.controls.outcome import ControlReading
from automation.reading.controls.reading import read_page
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from automation.visit.control import signals_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LABELS = parse_labels(
    {
        "control": {
            "label": {"en": [{"names": ["Use my posts"], "source": "a test"}]},
            "section": {"en": [{"names": ["Data sharing"], "source": "a test"}]},
            "text": {"en": [{"names": ["Let us train on what you write"], "source": "a test"}]},
            "older": {"en": [{"names": ["AI crawlers"], "source": "a test"}]},
        },
        "state": {
            "on": {"en": [{"names": ["On"], "source": "a test"}]},
            "off": {"en": [{"names": ["Off"], "source": "a test"}]},
        },
        "value": {
            "yes": {"en": [{"names": ["Allowed"], "sentences": ["Allowed since"], "source": "a test"}]},
            "no": {"en": [{"names": ["Not allowed"], "source": "a test"}]},
        },
    },
    "a test",
)
SURE = {"address": "H", "label": "H", "meaning": "H"}
SWITCH = ControlTable.model_validate(
    {
        "kind": "switch", "surfaces": ["setting"], "on": "trains", "description": "control.text",
        "unlike": "control.older", "confidence": SURE, "sources": ["a test"],
    }
)  # fmt: skip
VALUES = {"value.yes": "trains", "value.no": "protects"}


def valued(kind: str) -> ControlTable:
    """The same setting as a list, choice or button."""
    return ControlTable.model_validate(
        {"kind": kind, "surfaces": ["setting"], "values": VALUES, "confidence": SURE, "sources": ["a test"]}
    )


HEAD = "<h1>Settings</h1><h2>Data sharing</h2>"
SIZE = "style='width:40px;height:20px;background:#777'"
FLEX = "style='display:flex;justify-content:space-between'"
CASES: list[tuple[str, ControlTable, str, str]] = [
    # name, table, page, what is read: a meaning, or the names of the faults
    ("property on", SWITCH, HEAD + "<label><input type=checkbox checked> Use my posts</label>", "trains"),
    ("property off", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label>", "protects"),
    ("changed after loading", SWITCH, HEAD + "<label><input id=a type=checkbox> Use my posts</label><script>document.getElementById('a').checked = true</script>", "trains"),
    ("attribute on", SWITCH, HEAD + f"<div role=switch tabindex=0 aria-checked=true aria-label='Use my posts' {SIZE}></div>", "trains"),
    ("attribute off", SWITCH, HEAD + f"<div role=switch tabindex=0 aria-checked=false aria-label='Use my posts' {SIZE}></div>", "protects"),
    ("no attribute", SWITCH, HEAD + f"<div role=switch tabindex=0 aria-label='Use my posts' {SIZE}></div>", "control.stateless"),
    ("attribute empty", SWITCH, HEAD + f"<div role=switch tabindex=0 aria-checked='' aria-label='Use my posts' {SIZE}></div>", "control.stateless"),
    ("attribute mixed", SWITCH, HEAD + f"<div role=checkbox tabindex=0 aria-checked=mixed aria-label='Use my posts' {SIZE}></div>", "control.stateless"),
    ("pressed button", SWITCH, HEAD + f"<button aria-pressed=true {SIZE}>Use my posts</button>", "trains"),
    ("button that is not pressed", SWITCH, HEAD + f"<button aria-pressed=false {SIZE}>Use my posts</button>", "protects"),
    ("class is no state", SWITCH, HEAD + f"<div role=switch class=on tabindex=0 aria-label='Use my posts' {SIZE}></div>", "control.stateless"),
    ("attribute against property", SWITCH, HEAD + "<label><input type=checkbox aria-checked=true> Use my posts</label>", "control.stateless"),
    ("word against attribute", SWITCH, HEAD + f"<div><span>Use my posts</span><button role=switch aria-checked=false {SIZE}></button><span>On</span></div>", "control.stateless"),
    ("word with attribute", SWITCH, HEAD + f"<div><span>Use my posts</span><button role=switch aria-checked=true {SIZE}></button><span>On</span></div>", "trains"),
    ("name against attribute", SWITCH, HEAD + f"<div role=switch tabindex=0 aria-checked=true aria-label='Use my posts Off' {SIZE}></div>", "control.stateless"),
    ("name with its text", SWITCH, HEAD + "<label><input type=checkbox> <b>Use my posts</b> Let us train on what you write.</label>", "protects"),
    ("text alone as name", SWITCH, HEAD + "<label><input type=checkbox checked> Let us train on what you write</label>", "trains"),
    ("name with an unknown text", SWITCH, HEAD + "<label><input type=checkbox> <b>Use my posts</b> but only on Sundays</label>", "control.absent"),
    ("name that only begins alike", SWITCH, HEAD + "<label><input type=checkbox> Use my postscript</label>", "control.absent"),
    ("described by the text", SWITCH, HEAD + "<p id=d>Use my posts</p><p>why</p><input type=checkbox aria-describedby=d>", "protects"),
    ("one of three, by its text", SWITCH, HEAD + "".join(f"<div><p>{t}</p><p>more</p><div><input type=checkbox{c}></div></div>" for t, c in (("Personal feed", ""), ("Use my posts", " checked"), ("History", ""))), "trains"),
    ("label far from the only box", SWITCH, HEAD + "<div><div><div><div><div><div><p>Use my posts</p></div></div></div></div></div></div><div><input type=checkbox></div>", "control.absent"),
    ("label of a row without a box", SWITCH, HEAD + "<div><p>Use my posts</p></div><div><h3>Mail</h3><div><input type=checkbox></div></div>", "control.absent"),
    ("a heading stands between", SWITCH, HEAD + "<div><p>Use my posts</p><h3>Mail</h3><input type=checkbox></div>", "control.absent"),
    ("a text is nearer to the box", SWITCH, HEAD + "<div><p>Use my posts</p><div><span>Side bar</span><input type=checkbox></div></div>", "control.absent"),
    ("several texts stand between", SWITCH, HEAD + "<div><p>Use my posts</p><p>why</p><p>Side bar</p><input type=checkbox></div>", "control.absent"),
    ("its text and one more stand between", SWITCH, HEAD + "<div><p>Use my posts</p><p>Let us train on what you write</p><p>Side bar</p><input type=checkbox></div>", "control.absent"),
    ("its text with a link stands between", SWITCH, HEAD + "<div><p>Use my posts</p><p>Let us train on what you write. <a href=/more>More</a></p><input type=checkbox checked></div>", "trains"),
    ("its text stands between", SWITCH, HEAD + "<div><p>Use my posts</p><p>Let us train on what you write</p><input type=checkbox></div>", "protects"),
    ("words before the label turn it round", SWITCH, HEAD + "<div><div><b>Opt out:</b> <label for=o>Use my posts</label></div><input type=checkbox id=o checked></div>", "control.stateless"),
    ("a library's own state disagrees", SWITCH, HEAD + f"<button role=switch aria-checked=false data-state=checked aria-label='Use my posts' {SIZE}></button>", "control.stateless"),
    ("a library's own state agrees", SWITCH, HEAD + f"<button role=switch aria-checked=false data-state=unchecked aria-label='Use my posts' {SIZE}></button>", "protects"),
    ("still being saved", SWITCH, HEAD + "<label aria-busy=true><input type=checkbox style='opacity:0'> Use my posts</label>", "control.stateless"),
    ("a draft", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label><p>You have unsaved changes.</p>", "control.doubted"),
    ("could not load", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label><div role=alert>We couldn’t load your settings. Try again.</div>", "control.doubted"),
    ("tells of saving", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label><p>Your changes are saved at once.</p>", "protects"),
    ("a dialog asks anew", SWITCH, HEAD + "<div inert><label><input type=checkbox checked> Use my posts</label></div><div role=dialog aria-modal=true aria-label='Data sharing'><label><input type=checkbox> Use my posts</label></div>", "control.twice"),
    ("a dialog asks anew over a veil", SWITCH, HEAD + "<div aria-hidden=true inert><span id=l>Use my posts</span><span style='display:inline-block;width:40px;height:20px'><input type=checkbox role=switch aria-labelledby=l checked style='opacity:0'></span></div><div style='position:fixed;inset:0;background:rgba(0,0,0,.5)'><div role=dialog aria-modal=true aria-label='Data sharing' style='background:#fff'><label><input type=checkbox> Use my posts</label></div></div>", "control.twice"),
    ("quoted in a notice", SWITCH, HEAD + "<div><del>Use my posts</del><input type=checkbox></div>", "control.absent"),
    ("quoted in a sentence", SWITCH, HEAD + "<div><p>See <q>Use my posts</q></p><input type=checkbox></div>", "control.absent"),
    ("two of one name", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label><label><input type=checkbox checked> Use my posts</label>", "control.twice"),
    ("a hidden twin", SWITCH, HEAD + "<div hidden><label><input type=checkbox> Use my posts</label></div><label><input type=checkbox checked> Use my posts</label>", "trains"),
    ("a twin outside the page", SWITCH, HEAD + "<div style='position:absolute;left:-9999px'><label><input type=checkbox> Use my posts</label></div><label><input type=checkbox checked> Use my posts</label>", "trains"),
    ("a transparent twin", SWITCH, HEAD + "<div style='opacity:0'><label><input type=checkbox> Use my posts</label></div><label><input type=checkbox checked> Use my posts</label>", "trains"),
    ("only for screen readers", SWITCH, HEAD + "<label><input type=checkbox checked style='position:absolute;opacity:0'> Use my posts</label>", "trains"),
    ("hidden from everybody", SWITCH, HEAD + "<input type=checkbox checked style='display:none' aria-label='Use my posts'>", "control.absent"),
    ("greyed out", SWITCH, HEAD + "<label><input type=checkbox disabled> Use my posts</label>", "control.disabled"),
    ("greyed out by its group", SWITCH, HEAD + "<fieldset disabled><label><input type=checkbox> Use my posts</label></fieldset>", "control.disabled"),
    ("under a cover", SWITCH, HEAD + "<div style='position:relative'><label><input type=checkbox> Use my posts</label><div style='position:absolute;inset:0;background:#fff'></div></div>", "control.covered control.absent"),
    ("behind a dialog", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label><div role=dialog aria-modal=true aria-label=Hi>hello</div>", "control.covered"),
    ("beside an older one", SWITCH, HEAD + "<label><input type=checkbox> Use my posts</label><label><input type=checkbox> AI crawlers</label>", "control.contradicted"),
    ("in no section", SWITCH, "<label><input type=checkbox> Use my posts</label>", "control.misplaced"),
    ("in the next section", SWITCH, HEAD + "<p>nothing</p><h2>Mail</h2><label><input type=checkbox> Use my posts</label>", "control.misplaced"),
    ("under a heading of its section", SWITCH, HEAD + "<h3>Training</h3><label><input type=checkbox> Use my posts</label>", "protects"),
    ("heading in a closed section", SWITCH, "<section><h2>Data sharing</h2></section><section><label><input type=checkbox> Use my posts</label></section>", "control.misplaced"),
    ("heading comes after", SWITCH, "<label><input type=checkbox> Use my posts</label><h2>Data sharing</h2>", "control.misplaced"),
    ("a named region", SWITCH, "<section aria-label='Data sharing'><label><input type=checkbox> Use my posts</label></section>", "protects"),
    ("a named tab", SWITCH, "<button role=tab id=t aria-selected=true>Data sharing</button><div role=tabpanel aria-labelledby=t><label><input type=checkbox> Use my posts</label></div>", "protects"),
    ("heading only in the menu", SWITCH, "<nav><h2>Data sharing</h2></nav><main><label><input type=checkbox> Use my posts</label></main>", "control.misplaced"),
    ("a dialog has its own headings", SWITCH, HEAD + "<div role=dialog aria-label='Welcome'><label><input type=checkbox> Use my posts</label></div>", "control.misplaced"),
    ("list", valued("select"), HEAD + "<label>Use my posts <select><option>Allowed<option selected>Not allowed</select></label>", "protects"),
    ("list changed after loading", valued("select"), HEAD + "<label for=s>Use my posts</label><select id=s><option>Allowed<option selected>Not allowed</select><script>document.getElementById('s').selectedIndex = 0</script>", "trains"),
    ("list without a choice", valued("select"), HEAD + "<label for=s>Use my posts</label><select id=s><option>Allowed<option>Not allowed</select><script>document.getElementById('s').selectedIndex = -1</script>", "control.stateless"),
    ("list with an unknown value", valued("select"), HEAD + "<label for=s>Use my posts</label><select id=s><option>Allowed<option selected>Ask me</select>", "control.stateless"),
    ("list made of a button", valued("select"), HEAD + "<div><span>Use my posts</span><button aria-haspopup=listbox>Not allowed</button></div>", "protects"),
    ("choice", valued("radio"), HEAD + "<fieldset><legend>Use my posts</legend><label><input type=radio name=r> Allowed</label><label><input type=radio name=r checked> Not allowed</label></fieldset>", "protects"),
    ("choice with an unknown third", valued("radio"), HEAD + "<fieldset><legend>Use my posts</legend><label><input type=radio name=r checked> Allowed</label><label><input type=radio name=r> Not allowed</label><label><input type=radio name=r> Ask me</label></fieldset>", "control.stateless"),
    ("choice not made", valued("radio"), HEAD + "<fieldset><legend>Use my posts</legend><label><input type=radio name=r> Allowed</label><label><input type=radio name=r> Not allowed</label></fieldset>", "control.stateless"),
    ("choice made of divs", valued("radio"), HEAD + f"<div role=radiogroup aria-label='Use my posts'><div role=radio aria-checked=true {SIZE}>Allowed</div><div role=radio aria-checked=false {SIZE}>Not allowed</div></div>", "trains"),
    ("choice where one says nothing", valued("radio"), HEAD + f"<div role=radiogroup aria-label='Use my posts'><div role=radio aria-checked=true {SIZE}>Allowed</div><div role=radio {SIZE}>Not allowed</div></div>", "control.stateless"),
    ("menu button", valued("menu_button"), HEAD + "<div><h3>Use my posts</h3><p>When this is Not allowed, nothing is kept.</p><button aria-haspopup=menu aria-label='Stop allowing it'>Allowed</button><p>Allowed since 3 March</p></div>", "trains"),
    ("menu button against its line", valued("menu_button"), HEAD + "<div><h3>Use my posts</h3><button aria-haspopup=menu aria-label='Allow it'>Not allowed</button><p>Allowed since 3 March</p></div>", "control.stateless"),
    ("menu button that shows nothing", valued("menu_button"), HEAD + "<div><h3>Use my posts</h3><button aria-haspopup=menu aria-label='Not allowed'><svg width=9 height=9></svg></button></div>", "control.stateless"),
    ("state button", valued("state_button"), HEAD + "<button><span>Use my posts</span> <span>Not allowed</span></button>", "protects"),
    ("state button against its text", valued("state_button"), HEAD + "<button aria-label='Use my posts Allowed'><span>Use my posts</span> <span>Not allowed</span></button>", "control.stateless"),
    ("state button without a state", valued("state_button"), HEAD + "<button>Use my posts</button>", "control.stateless"),
    ("terms in a grid", SWITCH, HEAD + "<dl style='display:grid;grid-template-columns:1fr 1fr'><dt>Mail<dd>On<dt>Use my posts<dd>Off</dl>", "protects"),
    ("words in a flexible row", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><span>On</span></div><div {FLEX}><span>Mail</span><span>Off</span></div>", "trains"),
    ("words in a table", SWITCH, HEAD + "<table><tr><th>Setting<th>Status<th></tr><tr><td>Mail<td>Off<td><button>✎</button></tr><tr><td>Use my posts<td>On<td><button aria-label=Edit>✎</button></tr></table>", "trains"),
    ("title of a drawing", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><svg width=20 height=20><title>Off</title><circle r=9 cx=10 cy=10 /></svg></div>", "protects"),
    ("drawing that is read out", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><svg role=img aria-label=On width=20 height=20><circle r=9 cx=10 cy=10 /></svg></div>", "trains"),
    ("picture that is read out", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><img alt=Off width=20 height=20 src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></div>", "protects"),
    ("icon with a tooltip", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><i title=Off {SIZE}></i></div>", "protects"),
    ("row that leads on", SWITCH, HEAD + f"<a href=/posts {FLEX}><span>Use my posts</span><svg width=20 height=20><title>Off</title><circle r=9 cx=10 cy=10 /></svg><svg width=9 height=9></svg></a>", "protects"),
    ("rows without boxes of their own", SWITCH, HEAD + "<div style='display:grid'><div style='display:contents'><div>Mail</div><div>On</div></div><div style='display:contents'><div>Use my posts</div><div>Off</div></div></div>", "protects"),
    ("word that only screen readers get", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><span style='position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)'>Off</span></div>", "control.absent"),
    ("word under a cover", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><span style='position:relative'>Off<i style='position:absolute;inset:0;background:#fff'></i></span></div>", "control.covered control.absent"),
    ("word behind a dialog", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><span>Off</span></div><div role=dialog aria-modal=true aria-label=Hi>hello</div>", "control.covered"),
    ("word behind what is pressed", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><span tabindex=0 {SIZE}></span><span>On</span></div>", "control.absent"),
    ("word behind a drawn box", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><label><input type=checkbox hidden><i {SIZE}></i></label><span>On</span></div>", "control.stateless control.absent"),
    ("word that is crossed out", SWITCH, HEAD + f"<div {FLEX}><span>Use my posts</span><span style='text-decoration:line-through'>On</span></div>", "control.absent"),
]  # fmt: skip


async def read_all() -> dict[str, ControlReading]:
    """Show every page in one browser and read it."""
    found = find_browser(BrowserSettings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            chromium_sandbox=found.sandbox,
        )
        page = await browser.new_page()
        session = await page.context.new_cdp_session(page)
        readings = {}
        for name, table, html, _ in CASES:
            await page.set_content(f"<!doctype html><html lang=en><body style='background:#fff'>{html}</body></html>")
            readings[name] = read_page(await take(page, session), table, PageWords.of(LABELS, "en"))
        await browser.close()
        return readings


@pytest.fixture(scope="module")
def readings() -> dict[str, ControlReading]:
    """All pages, once."""
    return asyncio.run(read_all())


@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, _, expected in CASES])
def test_a_page_says_this_and_no_more(readings: dict[str, ControlReading], name: str, expected: str) -> None:
    """The state where everything agrees; else what is wrong, and no state that could be believed."""
    reading = readings[name]
    if expected.startswith("control."):
        assert reading.faults, reading
        assert set(reading.faults) <= set(expected.split()), reading
    else:
        assert (reading.faults, reading.meaning) == ((), expected), reading


def test_two_readings_must_agree(readings: dict[str, ControlReading]) -> None:
    """A state counts where both readings give it; where they differ, that is all that is said."""
    on, off = readings["property on"], readings["property off"]
    assert [s.name for s in signals_of(on, on, SWITCH, "setting")] == ["control.trains", "control.section"]
    assert [s.name for s in signals_of(on, off, SWITCH, "setting")] == ["control.changed"]
    gone = [s.name for s in signals_of(off, readings["hidden from everybody"], SWITCH, "setting")]
    assert gone == ["control.absent", "control.changed"]


def test_what_the_sources_know_badly_is_shown_and_not_believed(readings: dict[str, ControlReading]) -> None:
    """A weak meaning, or an assumed word, gives the value for a person to see, and no state."""
    off = readings["property off"]
    graded = {
        name: SWITCH.model_copy(update={"confidence": SWITCH.confidence.model_copy(update={name: "L"})})
        for name in ("address", "label", "meaning")
    }
    signals = signals_of(off, off, graded["meaning"], "setting")
    assert [(s.name, s.quote) for s in signals] == [("control.unproven", "Use my posts: off")]
    for name in ("address", "label"):  # the page shows one, and those very words
        signals = signals_of(off, off, graded[name], "setting")
        assert [s.name for s in signals] == ["control.protects", "control.section"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"on": None}, "says what `on` means"),
        ({"values": VALUES}, "has no `values`"),
        ({"kind": "select"}, "no `on`"),
        ({"kind": "select", "on": None, "values": {"value.yes": "trains"}}, "both meanings"),
        ({"objects": {"url": "https://example.org/settings"}}, "{object}"),
        ({"objects": {"links": "/settings/blog"}}, "one *"),
        ({"sources": []}, "at least 1"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(change: dict[str, object], says: str) -> None:
    """What a kind of control needs must be there, and what makes no sense for it must not."""
    with pytest.raises(ValueError, match=re.escape(says)):
        ControlTable.model_validate({**SWITCH.model_dump(), **change})
