"""
Pictures from a real browser.

What is hidden is tested by its only meaning: two pages that differ in nothing else give the same bytes. That they
do differ, and that the rest of the page is not hidden along with it, is tested beside.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess

import pytest

from automation.browser.capture import Camera, Masks, Recorder
from automation.browser.capture.cover import MASK_COLOUR
from automation.browser.capture.record import nodes_json, outline, packed, visible_text
from automation.core.records import Artifact
from automation.evidence.write import secret_scan
from automation.flow.site import Masking
from automation.text.labels import Labels
from tests.browser.capture.conftest import NAMES, Tab, opened
from tests.builders import A_MOMENT
from tests.tiers import first

pytestmark = pytest.mark.browser

HEAD = """<!doctype html><html lang=en><style>
  body {{ font: 20px monospace; margin: 20px }} .face {{ width: 40px; height: 40px; border-radius: 50% }}
</style><script type="application/json">{{"Person": {{"name": "{name}"}}}}</script>"""
RED = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='60' height='60'><rect width='60' height='60' fill='%23c00'/></svg>"
BLUE = RED.replace("%23c00", "%2300c")
PERSONS = [
    {"name": "Claire Moreau", "mail": "claire@example.org", "phone": "+33 6 12 34 56 78", "id": "100012345678901",
     "photo": RED, "colour": "#c00", "letter": "C"},
    {"name": "Amelie Durand", "mail": "amelie@example.org", "phone": "+33 7 98 76 54 32", "id": "100098765432109",
     "photo": BLUE, "colour": "#00c", "letter": "A"},
]  # fmt: skip
PAGES = {
    "name": "<p>Hello <b>{name}</b>, and once more: {name}!",
    "glued to a word, in capitals, greeted": "<p>facebook{name}<p style='text-transform: uppercase'>{name}<p>Hi {name},",
    "in place of a picture": '<img alt="{name}" width=300 height=40>',
    "styled": "<p style='-webkit-text-fill-color: green !important; text-shadow: 1px 1px red; text-decoration: underline'>{name}",
    "link": "<a href='https://www.example.org/me/'>{letter}. who is learnt nowhere</a>",
    "e-mail, phone and id": "<p>{mail} — {phone} — {id}",
    "modal dialog": "<dialog id=d>{name}</dialog><script>d.showModal()</script>",
    "closed shadow tree": '<div id=h></div><script>h.attachShadow({{mode:\'closed\'}}).innerHTML = `<p>{name} <input value="{mail}"><img src="{photo}">`</script>',
    "frame": '<iframe width=600 height=200 srcdoc="<body style=font-family:monospace><p>{name}<p>{mail}<img src=&quot;{photo}&quot;>"></iframe>',
    "typed": "<input id=i><textarea id=t></textarea><div contenteditable role=textbox>{mail}</div><input type=password value={id}>"
    "<script>i.value = '{mail}'; t.value = '{name}'</script>",
    "pictures": '<img src="{photo}"><svg width=60 height=60><image href="{photo}" width=60 height=60 /></svg>'
    '<canvas id=c width=60 height=60></canvas><div style="width:60px;height:60px;background:url(&quot;{photo}&quot;)"></div>'
    "<style>#b::before {{ content: ''; display: block; width: 60px; height: 60px; background: url(\"{photo}\") }}</style><div id=b></div>"
    "<script>{{ const p = c.getContext('2d'); p.fillStyle = '{colour}'; p.fillRect(0, 0, 60, 60) }}</script>",
    "avatar": "<div class=face style='background: linear-gradient(white, {colour})'>{letter}</div><span class=face style='display:block;background:{colour}'>{letter}</span>"
    "<div role=img aria-label=x style='width:60px;height:60px;background:linear-gradient(white, {colour})'></div>",
}


def page_of(kind: str, person: dict[str, str]) -> str:
    """A page about a person."""
    return (HEAD + PAGES[kind]).format(**person)


@pytest.mark.parametrize("kind", first(*PAGES, quick=4))
async def test_pages_that_differ_in_what_is_hidden_give_the_same_bytes(tab: Tab, kind: str) -> None:
    """Neither picture nor text tells two persons apart; without masks the pages do look different."""
    pictures, texts, bare = [], [], []
    for person in PERSONS:
        await tab.page.set_content(page_of(kind, person))
        shot = await tab.shoot()
        assert shot is not None
        pictures.append(shot.whole)
        view = shot.plan.view
        texts.append((visible_text(view), outline(view), nodes_json(view)))
        bare.append(await tab.page.screenshot())
    assert bare[0] != bare[1]
    assert pictures[0] == pictures[1]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<label>E-mail <input value=a@example.org></label>", "<label>E-post <input value=a@example.org></label>"),
        ("<button>Submit</button>", "<button disabled>Submit</button>"),
        ("<p>Dear Claire, we will honour it.", "<p>Dear Claire, we will not honour it."),
        ("<input value=x@example.org>", "<input>"),
        ("<input type=checkbox>", "<input type=checkbox checked>"),
        ("<input placeholder='Your name'>", "<input placeholder='Your town'>"),
        ("<select><option>France</select>", "<select><option>Brésil</select>"),
        ("<p>6359191084165019", "<p>6359191084165018"),
        ("<p>2026-10-02", "<p>2026-10-03"),
    ],
)
async def test_what_a_verdict_rests_on_stays_visible(tab: Tab, one: str, other: str) -> None:
    """Labels, buttons and their state, answers, whether a field is filled, the form's id and dates can be read."""
    masks = Masks(NAMES, Labels(), public=["https://x.example/6359191084165019", "https://x.example/6359191084165018"])
    found = []
    for html in (one, other):
        await tab.page.set_content(HEAD.format(name="Claire Moreau") + html)
        shot = await tab.shoot(masks)
        assert shot is not None
        found.append(shot.whole)
    assert found[0] != found[1]


async def test_the_same_page_twice_gives_the_same_bytes(tab: Tab) -> None:
    """A spinner, a transition on its way, a blinking caret and a video-like canvas change nothing."""
    html = (
        HEAD.format(name="Claire Moreau")
        + "<style>@keyframes turn { to { transform: rotate(1turn) } } @keyframes come { from { opacity: 0 } }"
        "#s { width: 40px; height: 40px; background: linear-gradient(90deg, red, blue); animation: turn 1s linear infinite }"
        "#f { animation: come 5s } #m { margin-left: 0; transition: margin 5s }</style>"
        "<div id=s></div><p id=f>Fading in</p><p id=m>Moving</p><input autofocus>"
        "<script>document.querySelector('input').focus(); requestAnimationFrame(() => m.style.marginLeft = '300px')</script>"
    )
    shots = []
    for wait_ms in (0, 137, 411):
        await tab.page.set_content(html)
        await tab.page.wait_for_timeout(wait_ms)
        shot = await tab.shoot()
        assert shot is not None
        shots.append((shot.whole, packed(nodes_json(shot.plan.view))))
    assert shots[0] == shots[1] == shots[2]


async def test_the_page_is_left_as_it_was(tab: Tab) -> None:
    """No element is added or changed, nothing stays, and the page's own scripts see nothing new among their names."""
    await tab.page.set_content(page_of("pictures", PERSONS[0]) + PAGES["name"].format(**PERSONS[0]))
    await tab.page.evaluate(
        "window.seen = []; window.before = 0; before = Object.keys(window).length;"
        "new MutationObserver((all) => seen.push(...all.map((one) => one.type)))"
        ".observe(document, {subtree: true, childList: true, attributes: true, characterData: true})"
    )
    markup = await tab.page.content()
    assert await tab.shoot() is not None
    assert await tab.page.content() == markup
    left = await tab.page.evaluate(
        "[seen.length, CSS.highlights.size, document.adoptedStyleSheets.length, document.getAnimations().length,"
        " Object.keys(window).length - before]"
    )
    assert left == [0, 0, 0, 0, 0]


async def test_what_appears_while_the_picture_is_taken_is_hidden_too(tab: Tab) -> None:
    """A page that shows an address the moment it sees the mask is pictured again, with that address masked."""
    watch = (
        "<p id=p>Waiting</p><script>{{ const t = setInterval(() => {{ if (document.adoptedStyleSheets.length) {{"
        " p.textContent = '{mail}'; clearInterval(t) }} }}, 0) }}</script>"
    )
    found = []
    for person in PERSONS:
        await tab.page.set_content((HEAD + watch).format(**person))
        shot = await tab.shoot()
        assert shot is not None
        assert "[e-mail]" in visible_text(shot.plan.view)
        found.append(shot.whole)
    assert found[0] == found[1]


async def test_a_page_that_never_stops_showing_new_addresses_is_not_pictured(tab: Tab) -> None:
    """Rather no picture than one with something unmasked."""
    await tab.page.set_content(
        HEAD.format(name="x")
        + "<p id=p></p><script>var n = 0; setInterval(() => { const s = document.createElement('p');"
        " s.textContent = `a${n++}@example.org`; p.replaceWith(s); s.id = 'p' }, 0)</script>"
    )
    assert await tab.shoot() is None


async def test_a_long_page_is_pictured_whole(tab: Tab) -> None:
    """The whole page, and the form cut out of it; neither holds metadata."""
    await tab.page.set_content(
        HEAD.format(name="x")
        + "<div style='height:1500px'></div><form aria-label=f style='width:300px;height:120px;background:#fc0'></form>"
    )
    shot = await tab.shoot(focus="form")
    assert shot is not None
    whole, form = opened(shot.whole), opened(shot.focus)
    assert form.size == (324, 144)
    assert whole.width == 1280
    assert whole.height == shot.page_size[1] > 1600
    assert form.getpixel((162, 72)) == (255, 204, 0)
    for data in (shot.whole, shot.focus):
        assert data is not None
        assert {kind for kind, _ in secret_scan.chunks(data)} <= secret_scan.NEEDED


async def test_each_mask_is_on_record_where_it_lies(tab: Tab) -> None:
    """The boxes on record are those in the picture: each is filled with the mask's colour, frames included."""
    await tab.page.set_content(
        HEAD.format(name="Claire Moreau")
        + "<p>Claire Moreau</p><iframe style='margin:50px 0 0 200px;border:0' srcdoc='<p>me@example.org'></iframe>"
    )
    from automation.browser.capture.record import _redaction

    shot = await tab.shoot()
    assert shot is not None
    masks = {mask.rule: mask for mask in _redaction(1, "home", [], shot).masks}
    assert set(masks) == {"name", "email"}
    picture = opened(shot.whole)
    colour = tuple(bytes.fromhex(MASK_COLOUR[1:]))
    for mask in masks.values():
        for left, top, width, height in mask.boxes:
            assert picture.getpixel((left + width // 2, top + height // 2)) == colour
            assert picture.getpixel((left - 2, top + height // 2)) != colour


async def test_a_masked_page_as_json_holds_ticks_and_no_values(tab: Tab) -> None:
    """The live state of a tick is there and what was typed is not; scripts, classes and hidden values neither."""
    await tab.page.set_content(
        HEAD.format(name="x")
        + "<form class=secret-class><input type=checkbox id=a><input id=b><input type=hidden name=k value=tok3n-1234567890>"
        "</form><script>a.checked = true; b.value = 'typed-here'</script>"
    )
    shot = await tab.shoot()
    assert shot is not None
    data = gzip.decompress(packed(nodes_json(shot.plan.view))).decode()
    assert '"ticked":true' in data
    assert not any(word in data for word in ("typed-here", "tok3n", "secret-class", "a.checked"))


async def test_messages_about_something_else_are_hidden(tab: Tab) -> None:
    """A row that speaks of the setting stays, another one goes; in a language without words for it all stay."""
    from automation.text.labels import parse_labels

    labels = parse_labels({"ai": {"words": {"en": [{"words": ["object*"], "source": "a test"}]}}}, "test")
    masking = Masking.model_validate({"about": ["ai.words"], "private": [{"role": "listitem", "steps": ["inbox*"]}]})
    rows = "<ul><li><b>You objected</b><i>Closed</i></li><li><b>Your parcel</b><i>Lost</i></li><li>Footer</li></ul>"
    read = {}
    for lang, step in (("en", "inbox"), ("en", "form"), ("fi", "inbox")):
        await tab.page.set_content(f"<!doctype html><html lang={lang}>{rows}")
        shot = await tab.shoot(Masks(masking, labels), step)
        assert shot is not None
        read[lang, step] = visible_text(shot.plan.view)
    assert "You objected" in read["en", "inbox"]
    assert "parcel" not in read["en", "inbox"]
    assert "Footer" in read["en", "inbox"]
    assert all("parcel" in read[key] for key in (("en", "form"), ("fi", "inbox")))


class Folder:
    """A bundle or an unmasked copy, in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, path: str, data: bytes, kind: str = "", media_type: str = "") -> Artifact:
        """Keep one file."""
        self.files[path] = data
        return Artifact(path, kind, media_type, "", len(data), A_MOMENT)


async def test_a_step_is_filed_masked_and_for_the_holder_unmasked(tab: Tab) -> None:
    """The bundle gets pictures, texts and the record of masks, and no name; only the holder's copy shows her."""
    await tab.page.set_content(
        page_of("name", PERSONS[0]) + "<form aria-label=f style='width:300px;height:99px'></form>"
    )
    bundle, original = Folder(), Folder()
    masks = Masks(NAMES, Labels())
    recorder = Recorder(Camera(tab.page, tab.session, tab.view), masks, bundle, original)
    focus_of = lambda view: next(n for n in view.nodes if n.role == "form")  # noqa: E731
    filed = await recorder.step(3, "form_a", await tab.view(), focus_of)
    assert filed is not None
    path, alone = filed.picture, opened(bundle.files["pictures/03-form_a-form.png"])
    assert (path, filed.size) == ("pictures/03-form_a.png", opened(bundle.files["pictures/03-form_a.png"]).size)
    assert filed.outline is not None
    left, top, width, height = filed.outline
    assert (width, height) == alone.size
    assert opened(bundle.files[path]).crop((left, top, left + width, top + height)).tobytes() == alone.tobytes()
    assert set(bundle.files) == {
        "pictures/03-form_a.png", "pictures/03-form_a-form.png", "pages/03-form_a.txt", "pages/03-form_a.outline.txt",
        "pages/03-form_a.json.gz",
    }  # fmt: skip
    for name, data in bundle.files.items():
        assert b"Claire" not in (gzip.decompress(data) if name.endswith(".gz") else data)
    assert b"Claire Moreau" in original.files["03-form_a.txt"]
    assert opened(original.files["03-form_a.png"]).tobytes() != opened(bundle.files[path]).tobytes()
    redaction = filed.redaction
    assert (redaction.step, redaction.page, redaction.pictures[0]) == (3, (1280, 900), path)
    assert [(mask.rule, mask.count) for mask in redaction.masks] == [("name", 2)]
    assert dict(redaction.texts) == {"name": 2}


async def test_a_closed_tab_gives_no_picture_and_no_fault(tab: Tab) -> None:
    """A browser that dies while a picture is taken costs the picture, not the result."""
    await tab.page.close()
    assert await tab.shoot() is None


SIGNED_IN = (
    "<!doctype html><html lang=en><style>body, button {{ font: 24px monospace }} body {{ margin: 20px }}</style>"
    "<header><button id=user-menu aria-haspopup=menu aria-label='Account menu for {name}'>{name}</button></header>"
    "<main><h1>{name} ({mail})</h1><p>Good evening, {first}<p>Train on my posts<div>{name}</div><div>{mail}</div></main>"
)
"""A page that gives its reader's name in no data."""


async def test_nobody_s_name_can_be_read_in_a_picture(tab: Tab) -> None:
    """A name that only stands beside an address or on the account's button: two persons give the same bytes."""
    pictures, bare = [], []
    for person in PERSONS:
        await tab.page.set_content(SIGNED_IN.format(**person, first=person["name"].split(maxsplit=1)[0]))
        shot = await tab.shoot(Masks(Masking(), Labels(), ids=[person["mail"]]), "setting")
        assert shot is not None
        pictures.append(shot.whole)
        bare.append(await tab.page.screenshot())
    assert bare[0] != bare[1]
    assert pictures[0] == pictures[1]
    if (reader := shutil.which("tesseract")) is not None:
        seen, masked = [_recognised(reader, picture) for picture in (bare[0], pictures[0] or b"")]
        assert "Moreau" in seen
        assert "Train on my posts" in masked
        assert "Moreau" not in masked
        assert "Claire" not in masked


def _recognised(reader: str, picture: bytes) -> str:
    return subprocess.run([reader, "-", "-"], input=picture, capture_output=True, check=True).stdout.decode()
