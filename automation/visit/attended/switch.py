"""A setting that the page's script saves: by the press of its switch, or of a button once it is switched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from automation.core.errors import PageChanged
from automation.guard.submission import ScriptedSubmission
from automation.reading.controls.reading import read_page
from automation.text.normalizing import fold_label
from automation.visit.attended.controls import Controls
from automation.visit.attended.review import Review, ReviewedField, SettingReview

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.flow.control_table import ControlTable, Saving
    from automation.page import Node, PageView
    from automation.reading.controls.outcome import ControlReading
    from automation.visit.reader import Reader, ReadPage


class SwitchInWindow:
    """
    One switch on screen, and what may be sent for it.

    Args:
        reader: of the person's tab.
        page: the tab.
        session: the same tab's.
        table: how the setting is read.
        saving: what the request says.
        form_id: what stands on record for it.
    """

    def __init__(
        self, reader: Reader, page: Page, session: CDPSession, table: ControlTable, saving: Saving, form_id: str
    ) -> None:
        self._reader, self._page, self._session = reader, page, session
        self._table, self._saving, self.form_id = table, saving, form_id
        self._controls: Controls | None = None

    @property
    def saved_by_press(self) -> bool:
        """Whether the press of the switch saves it, and no button does."""
        return self._saving.button is None

    @property
    def address(self) -> str:
        """Of the document that holds it."""
        return self._controls.address if self._controls is not None else self._page.url

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
        controls = await self._controls_of(shown.view, button or reading.anchor)
        protects, body = reading.meaning == "protects", self._saving.body or {}
        return Review(
            heading=reading.label.text,
            button=(button or reading.anchor).name or reading.label.text,
            fields=tuple(ReviewedField(name, "", None, text) for name, text in _lines("", body)),
            submission=ScriptedSubmission(
                host=urlsplit(controls.address).netloc.lower(),
                frames=frozenset({controls.frame}),
                method=self._saving.method,
                body=body,
                moment=await controls.moment(button or reading.anchor, self._reader),
            ),
            setting=SettingReview(
                reading.label.text, protects, (), saved_by_press=self.saved_by_press, has_button=button is not None
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
        shown = await self._reader.read_after(0)
        return shown, read_page(shown.view, self._table, self._reader.words.in_language(shown.locale))

    def _button(self, shown: ReadPage, reading: ControlReading) -> Node | None:
        """What the person is to press; None where it is not there, or more than one could be meant."""
        if self._saving.button is None:
            return None if reading.worded else reading.anchor
        names = self._reader.words.in_language(shown.locale).names(self._saving.button)
        found = [n for n in shown.view.shown_nodes() if n.role == "button" and fold_label(n.name) in names]
        return found[0] if len(found) == 1 else None

    async def _controls_of(self, view: PageView, node: Node) -> Controls:
        frame = view.frames[view.nodes[node.index].document]
        if self._controls is None or self._controls.frame != frame:
            self._controls = Controls(self._page, self._session, frame)
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
