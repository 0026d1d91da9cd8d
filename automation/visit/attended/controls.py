"""
The form's controls in the person's window: what they hold, filling them in, the outline, and the press of the button.

All of it runs in a world of its own beside the page's scripts, which can neither see nor change it, nor forge a press.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error

from automation.core.errors import PageChanged
from automation.guard.submission import Moment, ShownField, plain

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.page import Node
    from automation.visit.reader import Reader

_READ = """function (named) {
  const name = named ? (this.name || '') : '';
  const sent = values => named && this.matches(':disabled') ? [] : values;
  if (this.tagName === 'SELECT') {
    const chosen = this.selectedOptions[0];
    if (!chosen) return {name, shown: '', values: []};
    if (!chosen.value) return {name, shown: '', values: sent(named ? [''] : [])};
    return {name, shown: chosen.text, values: sent(named ? [chosen.value] : [chosen.text, chosen.value])};
  }
  if (this.type === 'checkbox' || this.type === 'radio') {
    return {name, shown: this.checked ? '\\u2713' : '', values: sent(this.checked ? [this.value] : [])};
  }
  const text = 'value' in this ? this.value : this.textContent;
  return {name, shown: text, values: sent(text || named ? [text] : [])};
}"""
_SENDS = """function () {
  const sends = this.tagName === 'BUTTON' || this.tagName === 'INPUT';
  return sends && this.name && this.value ? [this.name, this.value] : null;
}"""
_UNSEEN = """function (...seen) {
  const form = this.closest('form');
  const parts = form ? [...Reflect.get(HTMLFormElement.prototype, 'elements', form)] : [];
  const silent = ':disabled, button, fieldset, object, output, '
    + '[type=button], [type=image], [type=reset], [type=submit]';
  return parts
    .filter(one => one.name && !seen.includes(one) && !one.matches(silent))
    .filter(one => !['checkbox', 'radio'].includes(one.type) || one.checked)
    .map(one => [one.name, one.value]);
}"""
"""A field of the name `elements` would hide the form's own property."""
_IS_THERE = "function () { return this.isConnected; }"
_CHOOSE = """function (text) {
  const option = [...this.options].find(o => o.text.trim() === text);
  if (!option) return false;
  this.value = option.value;
  this.dispatchEvent(new Event('input', {bubbles: true}));
  this.dispatchEvent(new Event('change', {bubbles: true}));
  return true;
}"""
_MARKUP = """function () {
  const seen = [this.ownerDocument];
  try { seen.push(top.document) } catch { /* of another site */ }
  return [...new Set(seen)].map(one => one.documentElement.outerHTML).join('\\n');
}"""
_OUTLINE = """function () {
  this.style.setProperty('outline', '4px solid #d6006e', 'important');
  this.style.setProperty('outline-offset', '4px', 'important');
  this.scrollIntoView({block: 'center'});
}"""
_WATCH = """function (told) {
  const button = this, told_ = globalThis[told];
  const pressed = (event) => {
    if (!event.isTrusted || !event.composedPath().includes(button)) return;
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    told_('pressed');
  };
  for (const type of ['pointerdown', 'click', 'keydown']) addEventListener(type, pressed, {capture: true});
}"""


@dataclass(frozen=True, slots=True)
class Held:
    """What one control holds, as it would be sent."""

    name: str
    """Its `name`, where an HTML form sends it by that; else empty."""
    shown: str = field(repr=False)
    """As a person sees it."""
    values: tuple[str, ...] = field(repr=False)
    """The texts that may be sent for it; empty where nothing is."""

    @property
    def sent(self) -> ShownField:
        """As a field of a submission."""
        return ShownField(self.name, frozenset(map(plain, self.values)))


class Controls:
    """
    The controls of one document.

    Args:
        page: the person's tab.
        session: the same tab's.
        frame: the browser's name of the frame that holds the form.
    """

    def __init__(self, page: Page, session: CDPSession, frame: str) -> None:
        self._page, self._session, self.frame = page, session, frame
        self._world = f"temoin-{secrets.token_hex(8)}"
        self._context: int | None = None
        self.address = ""
        """Of the document, once it is open."""

    async def open(self) -> None:
        """
        Make the world; to be done again after the document has changed.

        Raises:
            PageChanged: the form stands in a frame of another origin than its page's, or is gone.
        """
        made = None
        with suppress(Error):
            tree = await self._session.send("Page.getFrameTree")
            self.address = _address_in(tree["frameTree"], self.frame)
            given = {"frameId": self.frame, "worldName": self._world}
            made = await self._session.send("Page.createIsolatedWorld", given)
        if made is None or not self.address:
            raise PageChanged("the form stands in a frame of another site, or is gone")
        self._context = made["executionContextId"]

    async def _object(self, node: Node) -> str:
        found = await self._session.send(
            "DOM.resolveNode", {"backendNodeId": node.backend_id, "executionContextId": self._context}
        )
        return str(found["object"]["objectId"])

    async def _call(self, node: Node, function: str, *arguments: object, nodes: Sequence[Node] = ()) -> Any:
        try:
            given = [{"value": value} for value in arguments] + [{"objectId": await self._object(one)} for one in nodes]
            call = {"objectId": await self._object(node), "functionDeclaration": function, "arguments": given}
            answer = await self._session.send("Runtime.callFunctionOn", {**call, "returnByValue": True})
        except Error:
            raise PageChanged("the form changed while it was looked at") from None
        if "exceptionDetails" in answer:
            raise PageChanged("the form cannot be looked at")
        return answer["result"].get("value")

    async def held(self, node: Node, *, named: bool) -> Held:
        """What a control holds; `named` where an HTML form sends it by its name."""
        found = await self._call(node, _READ, named)
        return Held(found["name"], found["shown"], tuple(found["values"]))

    async def sent_with(self, button: Node) -> Held | None:
        """The pair that the button of an HTML form adds to its fields; None where it adds none."""
        found = await self._call(button, _SENDS)
        return Held(found[0], "", (found[1],)) if found else None

    async def unseen(self, button: Node, seen: Sequence[Node]) -> dict[str, str]:
        """Names and values of what the HTML form around a button sends beside the fields that a person sees."""
        return dict(await self._call(button, _UNSEEN, nodes=seen))

    async def moment(self, node: Node, reader: Reader) -> Moment:
        """What is known of the page as it stands: whose it is, and the markup and cookies that hold its tokens."""
        named = await reader.identity()
        ids = set(named.ids.values())
        identity = ids.pop() if len(ids) == 1 and named.acting is None else ""
        cookies = await self._page.context.cookies(self.address)
        page = "\n".join([await self._call(node, _MARKUP), *(one.get("value", "") for one in cookies)])
        return Moment(identity if reader.is_own(identity) else "", page)

    async def has(self, node: Node) -> bool:
        """Whether the document still holds a control."""
        try:
            return bool(await self._call(node, _IS_THERE))
        except PageChanged:
            return False

    async def type(self, node: Node, text: str) -> None:
        """Put a text into an empty field, as typing does."""
        try:
            await self._session.send("DOM.focus", {"backendNodeId": node.backend_id})
            await self._session.send("Input.insertText", {"text": text})
        except Error:
            raise PageChanged("a field of the form cannot be filled in") from None

    async def choose(self, node: Node, option: str) -> bool:
        """Choose an option of a drop-down list; whether it is there."""
        return bool(await self._call(node, _CHOOSE, option))

    async def press(self, node: Node) -> None:
        """Press a control that only opens or chooses; the guard lets nothing leave meanwhile."""
        try:
            await self._session.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node.backend_id})
            box = await self._session.send("DOM.getContentQuads", {"backendNodeId": node.backend_id})
            quad = box["quads"][0]
            await self._page.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)
        except (Error, IndexError):
            raise PageChanged("a field of the form cannot be filled in") from None

    async def outline(self, button: Node) -> None:
        """Draw a line around the button, in the window alone."""
        await self._call(button, _OUTLINE)

    async def watch(self, button: Node, pressed: Callable[[], None]) -> None:
        """Tell of each press of the button by the person's own mouse or keys."""
        name = f"told{secrets.token_hex(8)}"

        def heard(event: Mapping[str, Any]) -> None:
            if event.get("name") == name:
                pressed()

        self._session.on("Runtime.bindingCalled", heard)
        try:
            await self._session.send("Runtime.addBinding", {"name": name, "executionContextName": self._world})
        except Error:
            raise PageChanged("the form changed while it was looked at") from None
        await self._call(button, _WATCH, name)


def _address_in(tree: Mapping[str, Any], frame: str) -> str:
    """Address of the document in a frame; empty where it, or a frame around it, is of another origin than the page."""
    shown = tree["frame"]
    if shown["id"] == frame:
        return str(shown["url"])
    inside = (child for child in tree.get("childFrames", ()) if _origin(child) == _origin(tree))
    return next(filter(None, (_address_in(child, frame) for child in inside)), "")


def _origin(tree: Mapping[str, Any]) -> tuple[str, str]:
    address = urlsplit(tree["frame"]["url"])
    return address.scheme, address.netloc.lower()
