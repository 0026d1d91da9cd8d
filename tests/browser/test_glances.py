"""
A glance costs less and misses nothing that a person could see; what it may miss is looked at before it is believed.

Both glances: at what the browser says of the whole page, and at what it counts of its own work.
"""

from __future__ import annotations

from typing import Any

import pytest

from automation.browser.snapshot import Snapshots
from automation.browser.tab import Stillness, Tab
from automation.browser.traffic import Traffic
from tests.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
SILENT = """
<script>customElements.define('x-switch', class extends HTMLElement {
  constructor() { super(); this.internals = this.attachInternals(); this.internals.role = 'switch'; this.say('before') }
  say(name) { this.internals.ariaLabel = name }
})</script><x-switch style="display: block; width: 40px; height: 20px"></x-switch>
"""
"""A control whose name changes without any change of document, text, layout or style."""


class Asked:
    """A session that notes what it is asked."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.commands: list[str] = []

    async def send(self, command: str, parameters: dict[str, Any] | None = None) -> Any:
        """Ask, and note it."""
        self.commands.append(command)
        return await self._session.send(command, parameters)


CHANGES = [
    ("document.querySelector('h1').textContent = 'Done'", "Done"),
    ("document.querySelector('p').style.display = 'block'", "We will honour your objection"),
    ("document.styleSheets[0].insertRule('p { display: block !important }', 1)", "We will honour your objection"),
    ("location.hash = '2'; document.body.append('late')", "late"),
]
"""A text, a style of one element, a rule of a style sheet, an address."""
CHANGING = "<style>p { display: none }</style><h1>Object</h1><p>We will honour your objection</p>"


async def glancing(stage: Stage, markup: str) -> tuple[Snapshots, Asked]:
    """A page that was looked at once."""
    await stage.show(markup)
    asked = Asked(await stage.page.context.new_cdp_session(stage.page))
    snapshots = Snapshots(stage.page, asked)  # type: ignore[arg-type]
    await snapshots.take()
    asked.commands.clear()
    return snapshots, asked


async def test_a_page_that_did_not_change_is_the_same_view(stage: Stage) -> None:
    """Nothing is worked out anew, and no names are asked for."""
    snapshots, asked = await glancing(stage, "<h1>Object</h1><button>Send</button>")
    first, second = await snapshots.glance(), await snapshots.glance()
    assert first is second
    assert set(asked.commands) == {"DOMSnapshot.captureSnapshot"}
    assert await snapshots.take() is first


@pytest.mark.parametrize(("change", "seen"), CHANGES)
async def test_whatever_a_person_could_see_change_is_seen(stage: Stage, change: str, seen: str) -> None:
    """The glance becomes a whole look."""
    snapshots, _ = await glancing(stage, CHANGING)
    assert seen not in (await snapshots.glance()).text()
    await stage.page.evaluate(f"() => {{ {change} }}")
    assert seen in (await snapshots.glance()).text()


@pytest.mark.parametrize(("change", "seen"), CHANGES)
async def test_whatever_a_person_could_see_change_is_counted(stage: Stage, change: str, seen: str) -> None:
    """While nothing changes the browser is asked for its counters alone; whatever changes moves one of them."""
    snapshots, asked = await glancing(stage, CHANGING)
    stillness = Stillness(stage.page, asked, snapshots)  # type: ignore[arg-type]
    first = await stillness.glance()
    asked.commands.clear()
    assert await stillness.glance() is first
    assert asked.commands == ["Performance.getMetrics"]
    await stage.page.evaluate(f"() => {{ {change} }}")
    await _drawn(stage)
    assert seen in (await stillness.glance()).text()


@pytest.mark.parametrize(
    "change",
    [
        "shadow.querySelector('b').firstChild.data = 'out'",
        "document.querySelector('[type=checkbox]').checked = true",
        "document.querySelector('[type=text]').value = 'typed'",
        "document.title = 'Done'",
        "const sheet = new CSSStyleSheet(); sheet.replaceSync('h1 { color: green }'); document.adoptedStyleSheets = [sheet]",
    ],
)
async def test_what_changes_no_text_of_the_document_is_counted(stage: Stage, change: str) -> None:
    """A closed shadow tree, a tick, a field, the title, and a sheet of a script's own."""
    markup = "<h1>Object</h1><input type=checkbox><input type=text><div id=host></div>"
    script = "<script>window.shadow = host.attachShadow({mode: 'closed'}); shadow.innerHTML = '<b>in</b>'</script>"
    snapshots, asked = await glancing(stage, markup + script)
    stillness = Stillness(stage.page, asked, snapshots)  # type: ignore[arg-type]
    first = await stillness.glance()
    await stage.page.evaluate(f"() => {{ {change} }}")
    await _drawn(stage)
    assert await stillness.glance() is not first


async def test_what_a_frame_shows_is_looked_at_each_time(stage: Stage) -> None:
    """Another process may draw it, and counts for itself."""
    snapshots, asked = await glancing(stage, "<iframe srcdoc='<p>one</p>'></iframe>")
    stillness = Stillness(stage.page, asked, snapshots)  # type: ignore[arg-type]
    await stillness.glance()
    asked.commands.clear()
    await stillness.glance()
    assert "DOMSnapshot.captureSnapshot" in asked.commands


async def test_a_new_document_at_the_same_address_is_seen(stage: Stage) -> None:
    """A page that is loaded again is not taken for the one before it."""
    snapshots, asked = await glancing(stage, "<p>before</p>")
    stillness = Stillness(stage.page, asked, snapshots)  # type: ignore[arg-type]
    await stillness.glance()
    await stage.show("<p>after!</p>")
    assert "after!" in (await stillness.glance()).text()


async def test_what_is_ticked_is_seen(stage: Stage) -> None:
    """The live state of a box is no attribute, and is seen all the same."""
    snapshots, _ = await glancing(stage, "<input type=checkbox>")
    await stage.page.check("input")
    view = await snapshots.glance()
    assert [node.ticked for node in view.nodes if node.tag == "INPUT"] == [True]


async def test_a_page_is_looked_at_in_full_before_it_is_believed(stage: Stage) -> None:
    """A name that changes in silence escapes a glance, and does not escape the look that a settled page ends with."""
    await stage.show(SILENT)
    session = await stage.page.context.new_cdp_session(stage.page)
    tab = Tab(stage.page, session, Traffic(frozenset()), 5.0)

    def names(view: Any) -> list[str]:
        return [node.name for node in view.shown_nodes() if node.role == "switch"]

    assert names(await tab.stillness.look()) == ["before"]
    await stage.page.evaluate("document.querySelector('x-switch').say('after')")
    assert names(await tab.snapshots.glance()) == ["before"], "else this test shows nothing"
    assert names(await tab.stillness.glance()) == ["before"], "else this test shows nothing"
    loaded = await tab.settled(0.2, None)
    assert loaded.settled
    assert names(loaded.view) == ["after"]


@pytest.mark.parametrize("feed", [True, False])
async def test_a_feed_may_say_for_ever_that_it_loads(stage: Stage, feed: bool) -> None:
    """With what is sought on it, it is there; any other page is waited for until it stops, or time has run out."""
    await stage.show("<main aria-busy=true><p>there is more below</p></main>")
    session = await stage.page.context.new_cdp_session(stage.page)
    feeds = frozenset({stage.page.url} if feed else ())
    tab = Tab(stage.page, session, Traffic(frozenset()), 1.0, endless=feeds)
    assert (await tab.settled(0.2, lambda view: "more" in view.text())).settled is feed
    assert not (await tab.settled(0.2, lambda view: "nobody" in view.text())).settled


async def _drawn(stage: Stage) -> None:
    """Wait until what has changed is drawn."""
    await stage.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
