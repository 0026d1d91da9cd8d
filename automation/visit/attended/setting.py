"""A setting and what saves it: the HTML form that holds it, or the page's script once a switch or button is pressed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page

from automation.core.errors import NotFiled, PageChanged
from automation.flow.control_table import ControlTable, Saving
from automation.guard import GuardPolicy
from automation.guard.submission import ScriptedSubmission
from automation.reading.controls.reading import read_page
from automation.reading.forms import find_forms, sends
from automation.text.normalizing import fold_label
from automation.visit.attended.controls import Controls
from automation.visit.attended.desk import Review, ReviewedField, SettingReview
from automation.visit.attended.form import FormOfSetting
from automation.visit.control import go_to_control
from automation.visit.reader import Reader

if TYPE_CHECKING:
    from automation.flow.manifest import Flow
    from automation.page import Node, PageView
    from automation.reading.controls.outcome import ControlReading
    from automation.reading.forms import FoundForm
    from automation.text.page_words import PageWords
    from automation.visit.reader import ReadPage

_YOURSELF = "Change it yourself in your own browser, then run `temoin check`."


@dataclass
class SwitchInWindow:
    """One switch on screen, and what may be sent for it."""

    reader: Reader
    page: Page
    session: CDPSession
    table: ControlTable
    saving: Saving
    form_id: str
    """What stands on record for it."""
    _controls: Controls | None = None

    @property
    def saved_by_press(self) -> bool:
        """Whether the press of the switch saves it, and no button does."""
        return self.saving.button is None

    @property
    def address(self) -> str:
        """Of the document that holds it."""
        return self._controls.address if self._controls is not None else self.page.url

    async def outline(self) -> None:
        """Draw a line around what the person is to press, as far as it is there by now."""
        shown, reading = await self._read()
        button = self._button(shown, reading)
        if button is not None:
            await (await self._controls_of(shown.view, button)).outline(button)

    async def review(self) -> Review:
        """
        How the setting stands in the window, and what may be sent.

        Raises:
            PageChanged: the switch is not there any more.
        """
        shown, reading = await self._read()
        button = self._button(shown, reading)
        if reading.label is None or reading.anchor is None:
            raise PageChanged("the page does not show the setting any more")
        pressed, body = button or reading.anchor, self.saving.body or {}
        controls = await self._controls_of(shown.view, pressed)
        return Review(
            heading=reading.label.text,
            button=pressed.name or reading.label.text,
            fields=tuple(ReviewedField(name, "", None, text) for name, text in _lines("", body)),
            submission=ScriptedSubmission(
                host=urlsplit(controls.address).netloc.lower(),
                frames=frozenset({controls.frame}),
                method=self.saving.method,
                body=body,
                moment=await controls.moment(pressed, self.reader),
            ),
            setting=SettingReview(
                reading.label.text,
                reading.meaning == "protects",
                (),
                saved_by_press=self.saved_by_press,
                has_button=button is not None,
            ),
        )

    async def watch(self, pressed: Callable[[], None]) -> None:
        """
        Tell of each press by the person's own mouse or keys; what is to be pressed is looked for anew.

        Raises:
            PageChanged: it is not there.
        """
        shown, reading = await self._read()
        button = self._button(shown, reading)
        if button is None:
            raise PageChanged("what saves the setting is not there any more")
        controls = await self._controls_of(shown.view, button)
        await controls.outline(button)
        await controls.watch(button, pressed)

    async def is_answered(self) -> bool:
        """Whether the page shows the setting as it was wanted."""
        _, reading = await self._read()
        return reading.meaning == "protects"

    async def _read(self) -> tuple[ReadPage, ControlReading]:
        shown = await self.reader.read_after(0)
        return shown, read_page(shown.view, self.table, self.reader.words.in_language(shown.locale))

    def _button(self, shown: ReadPage, reading: ControlReading) -> Node | None:
        """What the person is to press; None where it is not there, or more than one could be meant."""
        if self.saving.button is None:
            return None if reading.worded else reading.anchor
        names = self.reader.words.in_language(shown.locale).names(self.saving.button)
        found = [n for n in shown.view.shown_nodes() if n.role == "button" and fold_label(n.name) in names]
        return found[0] if len(found) == 1 else None

    async def _controls_of(self, view: PageView, node: Node) -> Controls:
        frame = view.frames[view.nodes[node.index].document]
        if self._controls is None or self._controls.frame != frame:
            self._controls = Controls(self.page, self.session, frame)
        await self._controls.open()
        return self._controls


def _lines(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """What a person reads of the body: where each text stands in it."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _lines(f"{name}.{key}" if name else key, part)
    elif isinstance(value, list):
        for number, part in enumerate(value, start=1):
            yield from _lines(f"{name} {number}", part)
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


async def setting_in_window(
    reader: Reader, flow: Flow, table: ControlTable, page: Page, session: CDPSession
) -> FormOfSetting | SwitchInWindow | None:
    """
    Go to the setting, and find what saves it.

    Returns:
        The form, as the page came with it, or the switch that a script saves; None where the setting stands as wanted.

    Raises:
        NotFiled: the page shows no such form.
        CheckError: the setting could not be reached.
    """
    reading, saving = await go_to_control(reader, flow, table), table.submit
    if reading.meaning is None or reading.anchor is None or reading.label is None or saving is None:
        raise NotFiled("the page does not show how the setting stands", _YOURSELF)
    if reading.meaning == "protects":
        return None
    if reading.worded:
        raise NotFiled("the page tells the setting in words, and shows nothing by which it is set", _YOURSELF)
    if saving.by_script:
        return SwitchInWindow(reader, page, session, table, saving, f"{saving.method} {urlsplit(page.url).path}")
    shown = reader.page
    if shown is None:
        raise PageChanged("no page is open")
    view, key = shown.view, saving.button
    found = _form_around(shown, reading.anchor, reader.words)
    root = view.nodes[found.root]
    button = _button(view, root, reader.words.in_language(shown.locale).names(key) if key else None)
    found = replace(found, submit=button.index, form=replace(found.form, submit=button.name))
    controls = Controls(page, session, view.frames[root.document])
    try:
        await controls.open()
    except PageChanged as error:
        raise NotFiled(error.message, _YOURSELF) from None
    rule = GuardPolicy.parse(flow.site.tables).guard.submit
    unseen = await controls.unseen(button, ())
    form_id = next((unseen[name] for name in sorted(rule.form_id_fields) if unseen.get(name)), "")
    if not form_id:
        raise NotFiled("the form does not say which one it is, so its request could not be told from another")
    form = FormOfSetting(reader, controls, found, view, form_id, table, saving, rule, reading.label.text)
    await form.review()
    return form


def _form_around(shown: ReadPage, node: Node, words: PageWords) -> FoundForm:
    """
    The form that holds a control and is sent by POST.

    Raises:
        NotFiled: there is none.
    """
    view = shown.view
    holders = {holder.index for holder in view.ancestors(node.index)}
    for found in find_forms(view, shown.surface, words):
        root = view.nodes[found.root]
        if found.root in holders:
            if root.tag == "FORM" and root.attributes.get("method", "").lower() == "post":
                return found
            break
    raise NotFiled("the setting stands in no form that a button sends", _YOURSELF)


def _button(view: PageView, root: Node, names: Collection[str] | None) -> Node:
    """
    The one button that sends a form: another one of it may do anything, such as closing the account.

    Args:
        view: the page.
        root: of the form.
        names: folded, of the button; None where the flow names none.

    Raises:
        NotFiled: it has none of these names, or more than one.
    """
    found = [one for one in view.within(root.index) if one.shown and sends(view, one)]
    found = [one for one in found if names is None or fold_label(one.name) in names]
    if len(found) != 1:
        raise NotFiled("which button of the form saves the setting is not known", _YOURSELF)
    return found[0]
