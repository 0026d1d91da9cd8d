"""The form in the person's window: filled in, outlined, reviewed, and watched for the press of its button."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.core.errors import PageChanged
from automation.guard.submission import Submission, plain
from automation.reading.forms.finding import find_forms
from automation.visit.attended.review import Held, Review, option_for, reviewed_fields, shown_fields

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.reading.forms.finding import FoundForm
    from automation.visit.attended.controls import Controls
    from automation.visit.reader import Reader


class FormInWindow:
    """
    One form on screen.

    Args:
        reader: of the person's tab.
        controls: of the form's document.
        found: the form as it was read.
        view: the page that it was read on.
        form_id: as the service calls it.
        frame: the browser's name of the frame that holds it.
    """

    def __init__(
        self, reader: Reader, controls: Controls, found: FoundForm, view: PageView, form_id: str, frame: str
    ) -> None:
        self._reader, self._controls, self._found, self._view = reader, controls, found, view
        self.form_id, self._frame = form_id, frame
        self._named = found.form.dom == "legacy"

    @property
    def _button(self) -> Node:
        if self._found.submit is None:
            raise PageChanged("the form has no button")
        return self._view.nodes[self._found.submit]

    @property
    def address(self) -> str:
        """Of the document that holds it."""
        return self._controls.address

    async def fill(self, reason: str, region: str | None) -> None:
        """
        Fill in the reason and the country where they are empty; the e-mail address stays as the service filled it in.

        Args:
            reason: in the page's language; empty leaves it to the person.
            region: the account's country, ISO 3166-1 alpha-2; None leaves it to the person.
        """
        for field, index in zip(self._found.form.fields, self._found.inputs, strict=True):
            node = self._view.nodes[index]
            if field.role == "reason" and reason and not field.filled:
                await self._controls.type(node, reason)
            elif field.role == "country" and region:
                await self._choose(node, region)

    async def _choose(self, node: Node, region: str) -> None:
        view = self._view
        options = [n for n in view.within(node.index) if n.tag == "OPTION"]
        if options:
            texts = [(n.name or "".join(t.text for t in view.within(n.index))).strip() for n in options]
            option = option_for(region, texts, self._reader.locale)
            if option:
                await self._controls.choose(node, option)
            return
        await self._controls.press(node)
        listed = [n for n in (await self._reader.read_after(0)).view.shown_nodes() if n.role == "option" and n.name]
        option = option_for(region, [n.name for n in listed], self._reader.locale)
        await self._controls.press(next(n for n in listed if n.name == option) if option else node)

    async def outline(self) -> None:
        """Draw a line around its button, in the window alone."""
        await self._controls.outline(self._button)

    async def review(self) -> Review:
        """
        The form as it stands now.

        Raises:
            PageChanged: it is not the form any more that was recognised.
        """
        held = await self._held()
        return self._review(held, await self._submission(held))

    def _review(self, held: list[Held], submission: Submission) -> Review:
        form = self._found.form
        return Review(form.heading, form.submit or "", reviewed_fields(form.fields, held), submission)

    async def _submission(self, held: list[Held]) -> Submission:
        """What the press of its button may send."""
        sent_with = await self._controls.sent_with(self._button) if self._named else None
        sent = [*held, *([sent_with] if sent_with else [])]
        return Submission(
            host=urlsplit(self._controls.address).netloc.lower(),
            frames=frozenset({self._frame}),
            form_id=self.form_id,
            fields=shown_fields([one for one in sent if one.name or not self._named]),
            hidden=await self._unseen() if self._named else {},
            moment=await self._controls.moment(self._button, self._reader),
        )

    async def _held(self) -> list[Held]:
        return [await self._controls.held(self._view.nodes[i], named=self._named) for i in self._found.inputs]

    async def _unseen(self) -> dict[str, str]:
        seen = [self._view.nodes[i] for i in self._found.inputs]
        return {name: plain(text) for name, text in (await self._controls.unseen(self._button, seen)).items()}

    async def is_answered(self) -> bool:
        """Whether the page shows something else than this form by now."""
        page = await self._reader.read_after(0)
        fingerprint = self._found.form.fingerprint
        forms = find_forms(page.view, page.surface, self._reader.words)
        return all(one.form.fingerprint != fingerprint for one in forms)

    async def watch(self, pressed: Callable[[], None]) -> None:
        """Tell of each press of its button by the person's own mouse or keys."""
        await self._controls.watch(self._button, pressed)
