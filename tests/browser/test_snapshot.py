"""What the browser says of a page, in a real browser: typed values stay out, states are read raw, tricks do not count."""

from __future__ import annotations

import pytest

from automation.page import PageView
from tests.conftest import Stage

pytestmark = pytest.mark.browser


def named(view: PageView, role: str) -> list[str]:
    """Names of all shown nodes of a role."""
    return [n.name for n in view.shown_nodes() if n.role == role]


async def test_typed_text_is_never_kept(stage: Stage) -> None:
    """Of a field only "something is there" is known, whether it was typed, prefilled or edited in place."""
    await stage.show(
        '<input type=email value="prefilled@example.org"><input id=t><textarea id=a></textarea>'
        "<input type=password id=p>"
    )
    for field in ("#t", "#a", "#p"):
        await stage.page.fill(field, "typed-secret-value")
    from automation.browser.snapshot import take

    session = await stage.page.context.new_cdp_session(stage.page)
    view = await take(stage.page, session)
    fields = [n for n in view.nodes if n.tag in {"INPUT", "TEXTAREA"}]
    assert [n.filled for n in fields] == [True] * 4
    assert "typed-secret-value" not in repr(view)
    assert "prefilled@example.org" not in repr(view)


async def test_an_off_switch_differs_from_one_without_a_state(stage: Stage) -> None:
    """The accessibility tree calls both "off"; the raw attribute tells them apart."""
    view = await stage.show(
        "<div role=switch tabindex=0 aria-label=A aria-checked=false></div><div role=switch tabindex=0 aria-label=B></div>"
        "<style>[role=switch]{width:40px;height:20px}</style>"
    )
    states = {n.name: n.attributes.get("aria-checked") for n in view.shown_nodes() if n.role == "switch"}
    assert states == {"A": "false", "B": None}


async def test_ticked_is_the_live_property(stage: Stage) -> None:
    """A box ticked by script has no attribute, and one with the attribute may have been unticked."""
    await stage.show("<input type=checkbox id=a><input type=checkbox id=b checked>")
    await stage.page.evaluate("a.checked = true; b.checked = false")
    from automation.browser.snapshot import take

    view = await take(stage.page, await stage.page.context.new_cdp_session(stage.page))
    assert [n.ticked for n in view.nodes if n.tag == "INPUT"] == [True, False]


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility:hidden",
        "opacity:0",
        "width:0;height:0;overflow:hidden;display:block",
        "position:absolute;left:-9999px",
        "color:#fff",
        "color:transparent",
        "position:absolute;width:1px;height:1px;overflow:hidden",
        "clip-path:inset(50%)",
        "max-height:0;overflow:hidden",
    ],
)
async def test_what_nobody_can_see_is_not_read(stage: Stage, style: str) -> None:
    """Hidden words are no words of the page."""
    view = await stage.show(f'<p>seen</p><div style="{style}"><p>We will honour your objection.</p></div>')
    assert not view.says("honour")
    assert view.says("seen")


async def test_frames_and_shadow_trees_are_part_of_the_page(stage: Stage) -> None:
    """A form in a frame, an open or a closed shadow tree is read like any other."""
    view = await stage.show(
        "<iframe srcdoc='<button>In frame</button>'></iframe><div id=o></div><div id=c></div>"
        "<script>o.attachShadow({mode:'open'}).innerHTML='<button>Open</button>';"
        "c.attachShadow({mode:'closed'}).innerHTML='<button>Closed</button>'</script>"
    )
    assert sorted(named(view, "button")) == ["Closed", "In frame", "Open"]


async def test_lines_and_paragraphs_stay_apart(stage: Stage) -> None:
    """Text in one paragraph is one block, whatever is bold in it; a line break stays a line break."""
    view = await stage.show("<p>We will <b>honour</b> your objection.<br>Thanks</p><div>Next</div>")
    assert [b.text for b in view.blocks()] == ["We will honour your objection.\nThanks", "Next"]


async def test_quotations_are_marked(stage: Stage) -> None:
    """What stands in a quotation is known to be one."""
    view = await stage.show("<blockquote><p>quoted</p></blockquote><p>said</p>")
    assert [(b.text, b.quoted) for b in view.blocks()] == [("quoted", True), ("said", False)]


async def test_the_page_says_its_language(stage: Stage) -> None:
    """The language comes from the page's own attribute, not from its doctype or a frame."""
    view = await stage.show("<iframe srcdoc='<html lang=de>'></iframe>", lang="fr_CA")
    assert view.locale == "fr-CA"


async def test_something_opaque_covers_what_is_under_it(stage: Stage) -> None:
    """An overlay without any role still keeps a person from the button under it; one beside it does not."""
    button = "<button style='position:absolute;top:50px;left:50px'>Submit</button>"
    cover = "<div style='position:absolute;background:#fff;width:300px;height:200px;top:{};left:0'></div>"
    for top, covered in (("0", True), ("400px", False)):
        view = await stage.show(button + cover.format(top))
        node = next(n for n in view.shown_nodes() if n.role == "button")
        assert view.covered(node.index) is covered


async def test_a_modal_dialog_shuts_the_rest_out(stage: Stage) -> None:
    """What is outside a modal dialog cannot be used; what is inside can."""
    view = await stage.show(
        "<button>Outside</button><div role=dialog aria-modal=true aria-label=D><button>Inside</button></div>"
    )
    covered = {n.name: view.covered(n.index) for n in view.shown_nodes() if n.role == "button"}
    assert covered == {"Outside": True, "Inside": False}


async def test_the_short_way_to_an_answer_is_not_needed(stage: Stage) -> None:
    """A Playwright whose inside is otherwise gives the same page, by the way that it documents."""
    from automation.browser.snapshot import take

    await stage.show("<main><h1>Réglages</h1><input type=checkbox checked aria-label=Oui></main>", "fr")
    session = await stage.page.context.new_cdp_session(stage.page)

    class Outside:
        """Only what is documented."""

        send = session.send

    assert await take(stage.page, Outside()) == await take(stage.page, session)  # type: ignore[arg-type]
