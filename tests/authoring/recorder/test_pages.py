"""
What becomes of a page on file: the control is found and called right, the rest is gone, and it reads as before.

Real: the browser that shows both pages. Pages are written here as sites make them.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from automation.authoring.markup import markup, styles_of
from automation.authoring.pointing import propose
from automation.authoring.scrubbing import Kept, named_in, scrubbed
from automation.browser.capture import Masks
from automation.browser.snapshot import take
from automation.core.signals import Wording
from automation.flow.control_table import Confidence, ControlTable
from automation.flow.recorded_page import IDENTITY, SOMEBODY_ELSE
from automation.flow.site import parse_site
from automation.page import PageView
from automation.reading.controls.reading import read_page
from automation.text.labels import Labels, Phrase
from automation.text.page_words import PageWords
from tests.conftest import Stage

LABEL, SECTION = "Train on my posts", "Privacy"
SITE = parse_site(
    "a",
    {
        "name": "A", "hosts": ["a.example"], "guard": {},
        "identity": {"link": "/in/*", "embedded": [{"near": "me", "field": "id"}]},
        "sign_in": {
            "url": "https://a.example/", "home": "https://a.example/", "session_cookies": [], "login_paths": [],
        },
    },
    "site.toml",
)  # fmt: skip

CONTROLS = {
    "role": ('<div id=":r1:">{label}</div><div role=switch tabindex=0 aria-labelledby=":r1:" aria-checked=true>·</div>',
             "switch", "role", "on", ()),
    "hidden input": (('<label for=c>{label}</label><span><input type=checkbox id=c style="position:absolute;opacity:0"'
                     '><i style="display:inline-block;width:40px;height:20px;background:#888"></i></span>'),
                     "checkbox", "styled", "off", ()),
    "with description": ("<label><input type=checkbox checked> {label} We learn from what you write.</label>",
                         "checkbox", "input", "on", ()),
    "unnamed": ("<div><p>{label}</p><p>More</p></div><button role=switch aria-checked=false style='width:40px;height:20px'></button>",
                "switch", "unnamed", "off", ()),
    "list": ("<label for=s>{label}</label><select id=s><option>Enabled<option selected>Disabled</select>",
             "select", "select", "Disabled", ("Enabled", "Disabled")),
    "choice": (("<fieldset><legend>{label}</legend><label><input type=radio name=r checked> Yes</label>"
               "<label><input type=radio name=r> No</label></fieldset>"), "radio", "radio", "Yes", ("Yes", "No")),
    "menu button": ("<div><h3>{label}</h3><button aria-haspopup=menu aria-label='Change it'>Everyone</button></div>",
                    "menu_button", "menu_button", "Everyone", ("Everyone",)),
    "state button": ("<button><span>{label}</span> <span>Off</span></button>",
                     "state_button", "state_button", "Off", ("Off",)),
}  # fmt: skip


def _text_node(view: PageView, text: str) -> int:
    return next(n.backend_id for n in view.nodes if n.tag == "#text" and text in n.text)


@pytest.mark.browser
@pytest.mark.parametrize("way", CONTROLS)
async def test_the_control_is_found_by_its_name(way: str, stage: Stage) -> None:
    """Kind, name, section, values and present state of each way of making a control, from a click on its name."""
    html, kind, style, shown, values = CONTROLS[way]
    row = html.format(label=LABEL)
    view = await stage.show(f"<h1>Claire</h1><section><h2>{SECTION}</h2><div>{row}</div></section>")
    found = propose(view, _text_node(view, LABEL))
    assert found is not None
    assert (found.kind, found.style, found.shown, found.values) == (kind, style, shown, values)
    assert found.sections[0] == SECTION
    whole = f"{found.label} {found.description}".strip()
    assert whole == (f"{LABEL} We learn from what you write." if way == "with description" else LABEL)


@pytest.mark.browser
@pytest.mark.parametrize(
    "html",
    [
        "<h2>Privacy</h2><p>Train on my posts</p>",
        (
            "<h2>Privacy</h2><div><label><input type=checkbox> Train on my posts</label></div>"
            "<div><label><input type=checkbox> Train on my posts</label></div>"
        ),
        "<label><input type=checkbox> Train on my posts</label>",
    ],
    ids=["no control", "two of that name", "under no heading"],
)
async def test_what_could_not_be_found_again_is_not_proposed(html: str, stage: Stage) -> None:
    """No control, two of one name, or one that nothing holds: the person is asked to point again."""
    view = await stage.show(html)
    assert propose(view, _text_node(view, LABEL)) is None


def _flow() -> tuple[ControlTable, Labels]:
    known = Confidence(address="H", label="H", meaning="H")
    table = ControlTable(kind="switch", surfaces=("s",), sources=("x",), on="trains", confidence=known)
    words = {"control.label": LABEL, "control.section": SECTION}
    return table, Labels({k: {"en": (Phrase(t, "en", Wording.SOURCED, "x", "names"),)} for k, t in words.items()})


READ_ALIKE = {
    "mixed": "<label><input type=checkbox id=m> {label}</label><script>m.indeterminate = true</script>",
    "live and not markup": "<label><input type=checkbox id=m checked> {label}</label><script>m.checked = false</script>",
    "greyed out": "<label><input type=checkbox disabled> {label}</label>",
    "covered": "<div style='position:relative'><label><input type=checkbox> {label}</label>"
               "<div style='position:absolute;inset:0;background:#fff'>Wait</div></div>",
    "hidden copy": "<label><input type=checkbox checked> {label}</label><div hidden><label><input type=checkbox> {label}</label></div>",
    "off the page": "<label style='position:absolute;left:-9999px'><input type=checkbox> {label}</label>",
    "longer": "<label><input type=checkbox> {label} of last year</label>",
    "shadow": "<div id=h></div><script>h.attachShadow({{mode: 'open'}}).innerHTML ="
              "'<label><input type=checkbox checked> {label}</label>'</script>",
    "frame": "<iframe srcdoc='<h2>Privacy</h2><label><input type=checkbox checked> {label}</label>'></iframe>",
    "dialog": "<dialog id=d><p>Take a tour</p></dialog><label><input type=checkbox> {label}</label><script>d.showModal()</script>",
}  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("way", READ_ALIKE)
async def test_the_page_on_file_reads_as_the_live_one(way: str, stage: Stage) -> None:
    """Same control, same state, same faults, though no script runs in it and its words are gone."""
    table, labels = _flow()
    await stage.page.set_content(
        f"<!doctype html><html lang=en><h1>Claire Moreau</h1><h2>{SECTION}</h2>{READ_ALIKE[way].format(label=LABEL)}"
    )
    session = await stage.page.context.new_cdp_session(stage.page)
    live = await take(stage.page, session)
    kept = Kept.of((LABEL, SECTION))
    text = markup(scrubbed(live, Masks(SITE.masking, labels), kept, SITE, ""), await styles_of(session), {})
    before = read_page(live, table, PageWords.of(labels, "en"))
    await stage.page.set_content(text)
    after = read_page(await take(stage.page, session), table, PageWords.of(labels, "en"))
    assert (after.found, after.meaning, after.faults) == (before.found, before.meaning, before.faults)
    assert "Claire" not in text
    assert "<script" not in text


@pytest.mark.browser
async def test_who_was_signed_in_becomes_a_mark(stage: Stage) -> None:
    """The places by which the engine tells the account keep their shape; the id itself is gone, and others' too."""
    view = await stage.show(
        '<a href="https://a.example/in/claire-9">Claire</a><a href="/in/paul">P</a><a href="/x">y</a><p id="claire-9">z</p>'
        '<script type="application/json">{"me": {"id": "claire-9"}, "x": 1}</script>'
    )
    data = named_in(view, SITE, "claire-9")
    text = markup(scrubbed(view, Masks(SITE.masking, Labels({})), Kept.of(()), SITE, "claire-9"), {}, data)
    assert data == {"me": {"id": IDENTITY}}
    assert "claire" not in text.lower()
    assert f'{{"me": {{"id": "{IDENTITY}"}}}}' in text
    assert named_in(view, SITE, "somebody")["me"]["id"] == SOMEBODY_ELSE


@settings(deadline=None)
@given(
    some.text(min_size=1, max_size=40),
    some.lists(some.sampled_from(["Train", "on my posts", "On", "Privacy"]), max_size=3),
)
def test_only_known_words_stay(secret: str, around: list[str]) -> None:
    """Whatever stands beside known words, all that is left of a text are whole words of theirs and marks."""
    kept = Kept.of((LABEL, SECTION, "On"))
    left = kept.part(" ".join([*around, secret]))
    allowed = set(re.findall(r"\w+", f"{LABEL} {SECTION} On [text]".casefold()))
    assert set(re.findall(r"\w+", left.casefold())) <= allowed


def test_a_line_that_goes_on_does_not_become_the_known_one() -> None:
    """`On since 3 March` is not `On`, and a longer name is not the name."""
    kept = Kept.of((LABEL, "On"))
    assert kept.part("On since 3 March") == "On [text]"
    assert kept.part(f"{LABEL} of last year") == f"{LABEL} [text]"
    assert kept.part(f"{LABEL} On") == f"{LABEL} On"
