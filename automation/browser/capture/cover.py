"""
Masks laid over a page in the browser itself, so that what they hide never becomes a pixel.

They are set from an isolated world: the page's own scripts run none of it and are given nothing. No element is
added or changed: text is hidden by a highlight, which follows its letters wherever they are drawn; single elements
by an animation that stands still; all else by a style sheet that belongs to no element. Afterwards all of it is
taken off again.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import CDPSession, Error, Page

from automation.browser.capture.plan import Cover

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

PROFILE = "temoin.capture/3"
"""Changes whenever the same page would give other bytes: another window, scale, mask, style or file format."""
MASK_COLOUR = "#b0b0b0"
"""What `FILTER` makes of every colour; light enough that dark text on a masked background stays readable."""
FILTER = "brightness(0) invert(69%)"
HIGHLIGHT = "temoin-mask"
LONGEST_PICTURE_PX = 6_000
"""A page that goes on for ever is pictured down to here."""

_TEXT_FIELDS = (
    ":is(textarea, [role=textbox], [role=searchbox], [contenteditable]:not([contenteditable=false]), "
    "input:not([type=checkbox], [type=radio], [type=submit], [type=button], [type=reset], [type=image], "
    "[type=range], [type=color]))"
)
_PICTURES = ":is(img, image, video, canvas, object, embed, input[type=image])"
_STRONG = ":not(#\\9#\\9#\\9)"
"""Names three ids that no element has: the rule then wins over the page's own `!important` ones."""

STYLE = f"""
*, *::before, *::after {{
  animation-delay: 0s !important; animation-duration: 0s !important; animation-iteration-count: 1 !important;
  transition: none !important; caret-color: transparent !important; scroll-behavior: auto !important;
}}
:root{_STRONG} {{ filter: opacity(1) !important; }}
*{_STRONG}, *{_STRONG}::before, *{_STRONG}::after {{ text-shadow: none !important; }}
::highlight({HIGHLIGHT}) {{
  background-color: {MASK_COLOUR}; color: transparent; -webkit-text-fill-color: transparent;
  text-decoration: none; text-shadow: none;
}}
{_PICTURES}{_STRONG} {{
  filter: {FILTER} !important; color: transparent !important; -webkit-text-fill-color: transparent !important;
}}
{_TEXT_FIELDS}{_STRONG}, {_TEXT_FIELDS}{_STRONG} * {{
  -webkit-text-fill-color: transparent !important;
}}
{_TEXT_FIELDS}{_STRONG}::placeholder {{ -webkit-text-fill-color: #757575 !important; }}
"""
"""
What the tab looks like while a picture is taken.

Animations and transitions stand at their end. Text throws no shadow: that of a line under masked words would stand
out beside the mask. The root's filter changes nothing and has the browser paint the whole page anew; else the last
pixel of a shadow stays now and then. Pictures lose their colours and keep their outline, so a photograph becomes a grey
area and an icon stays an icon; the words that stand in for one that did not come are invisible. So is what is typed
into a field; its placeholder is not.
"""


_WORLD = "temoin"
_PUT_ON = f"""
async (style, plan, ...nodes) => {{
  await Promise.race([document.fonts.ready, new Promise((done) => setTimeout(done, 3000))]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  const trees = nodes.filter((node, i) => plan[i].how === "root").map((node) => node.getRootNode());
  const roots = new Set([document, ...trees.filter((root) => root.adoptedStyleSheets)]);
  for (const root of roots) root.adoptedStyleSheets.push(sheet);
  const highlight = new Highlight();
  const still = [];
  const fill = {{
    field: {{ backgroundImage: "none", backgroundColor: "{MASK_COLOUR}", filter: "{FILTER}" }},
    backdrop: {{ backgroundImage: "linear-gradient({MASK_COLOUR}, {MASK_COLOUR})" }},
    whole: {{ filter: "{FILTER}" }},
  }};
  const boxes = plan.map(({{ how, start, end, pseudo }}, i) => {{
    let shape = nodes[i];
    if (how === "root") return [];
    if (how === "text") {{
      shape = document.createRange();
      shape.setStart(nodes[i], Math.min(start, nodes[i].length));
      shape.setEnd(nodes[i], Math.min(end, nodes[i].length));
      highlight.add(shape);
    }} else {{
      still.push(shape.animate([fill[how]], {{ duration: 0, fill: "both", pseudoElement: pseudo || undefined }}));
    }}
    return [...shape.getClientRects()].map((r) => [r.x + scrollX, r.y + scrollY, r.width, r.height]);
  }});
  CSS.highlights.set("{HIGHLIGHT}", highlight);
  globalThis.takeOff = () => {{
    CSS.highlights.delete("{HIGHLIGHT}");
    for (const animation of still) animation.cancel();
    for (const root of roots) {{
      root.adoptedStyleSheets = [...root.adoptedStyleSheets].filter((other) => other !== sheet);
    }}
  }};
  return boxes;
}}
"""


@dataclass(frozen=True, slots=True)
class Covered:
    """One mask as it lies on the page."""

    cover: Cover
    boxes: tuple[tuple[float, float, float, float], ...]
    """Left, top, width, height in CSS pixels of its own document."""


@asynccontextmanager
async def covered(
    page: Page, session: CDPSession, frames: Sequence[str], covers: Sequence[Cover]
) -> AsyncIterator[tuple[Covered, ...]]:
    """
    Mask a page for the time of the block, frames included.

    Args:
        page: the page.
        session: a CDP session of it.
        frames: frame ids by document number, as `PageView.frames` has them.
        covers: what is to be hidden beyond what the style sheet hides everywhere.

    Raises:
        playwright.async_api.Error: something cannot be masked: the page is gone or has changed meanwhile.
    """
    worlds: list[tuple[CDPSession, int]] = []
    others: list[CDPSession] = []
    try:
        sessions, others = await _sessions(page, session, frames)
        found: list[Covered] = []
        for number, frame in enumerate(frames):
            owner = sessions[frame]
            world = await owner.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})
            worlds.append((owner, world["executionContextId"]))
            here = [cover for cover in covers if cover.document == number]
            found.extend(await _put_on(owner, world["executionContextId"], here))
        yield tuple(found)
    finally:
        for owner, world_id in worlds:
            await _quietly(owner, "Runtime.evaluate", {"expression": "takeOff()", "contextId": world_id})
        for other in others:
            await _quietly(other)


async def _put_on(session: CDPSession, world: int, covers: Sequence[Cover]) -> list[Covered]:
    async def handle(backend_id: int) -> dict[str, str]:
        node = await session.send("DOM.resolveNode", {"backendNodeId": backend_id, "executionContextId": world})
        return {"objectId": node["object"]["objectId"]}

    nodes = await asyncio.gather(*(handle(cover.backend_id) for cover in covers))
    plan = [{"how": cover.how, "start": cover.start, "end": cover.end, "pseudo": cover.pseudo} for cover in covers]
    answer = await session.send(
        "Runtime.callFunctionOn",
        {
            "functionDeclaration": _PUT_ON,
            "executionContextId": world,
            "arguments": [{"value": STYLE}, {"value": plan}, *nodes],
            "returnByValue": True,
            "awaitPromise": True,
        },
    )
    if "exceptionDetails" in answer:
        raise Error("a mask could not be put on")
    boxes = answer["result"]["value"]
    return [
        Covered(cover, tuple((r[0], r[1], r[2], r[3]) for r in rects))
        for cover, rects in zip(covers, boxes, strict=True)
    ]


async def _sessions(
    page: Page, session: CDPSession, frames: Sequence[str]
) -> tuple[dict[str, CDPSession], list[CDPSession]]:
    """Frame id → the session of the process that draws it, and the sessions opened for that."""
    if len(frames) == len(page.frames) == 1:
        return {frames[0]: session}, []
    found = dict.fromkeys(await _frames_of(session), session)
    others: list[CDPSession] = []
    if not set(frames) <= found.keys():
        for frame in page.frames[1:]:
            try:
                other = await page.context.new_cdp_session(frame)
            except Error:
                continue  # of the page's own process
            others.append(other)
            found |= dict.fromkeys(await _frames_of(other), other)
    if not set(frames) <= found.keys():
        raise Error("a frame has gone")
    return found, others


async def _frames_of(session: CDPSession) -> list[str]:
    tree = await session.send("Page.getFrameTree")

    def ids(branch: Mapping[str, Any]) -> list[str]:
        return [branch["frame"]["id"], *(i for child in branch.get("childFrames", ()) for i in ids(child))]

    return ids(tree["frameTree"])


async def _quietly(session: CDPSession, command: str = "", parameters: dict[str, Any] | None = None) -> None:
    """Send a command, or detach; a page that has gone meanwhile needs neither."""
    try:
        await (session.send(command, parameters) if command else session.detach())
    except Error:
        return
