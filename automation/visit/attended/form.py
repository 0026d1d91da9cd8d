"""The form in the person's window: filled in, outlined, reviewed, and watched for the press of its button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.core.errors import PageChanged
from automation.flow.control_table import ControlTable, Saving
from automation.guard.policy import Submit
from automation.guard.submission import Submission, plain
from automation.page import PageView
from automation.reading.controls.reading import read_page
from automation.reading.forms import FoundForm, find_forms
from automation.visit.attended.controls import Controls
from automation.visit.attended.desk import Review, ReviewedField, SettingReview, option_for
from automation.visit.reader import Reader

if TYPE_CHECKING:
    from automation.page import Node
    from automation.visit.attended.controls import Held


@dataclass
class FormInWindow:
    """One form on screen."""

    reader: Reader
    controls: Controls
    """Of the form's document."""
    found: FoundForm
    view: PageView
    """The page that it was read on."""
    form_id: str
    """As the service calls it, or as the form of a setting names itself."""

    @property
    def named(self) -> bool:
        """Whether an HTML form sends its fields by their names, and no script does."""
        return self.found.form.dom == "legacy"

    @property
    def button(self) -> Node:
        """What sends it."""
        if self.found.submit is None:
            raise PageChanged("the form has no button")
        return self.view.nodes[self.found.submit]

    @property
    def address(self) -> str:
        """Of the document that holds it."""
        return self.controls.address

    async def fill(self, reason: str, region: str | None) -> None:
        """
        Fill in the reason and the country where they are empty; the e-mail address stays as the service filled it in.

        Args:
            reason: in the page's language; empty leaves it to the person.
            region: the account's country, ISO 3166-1 alpha-2; None leaves it to the person.
        """
        for field, index in zip(self.found.form.fields, self.found.inputs, strict=True):
            node = self.view.nodes[index]
            if field.role == "reason" and reason and not field.filled:
                await self.controls.type(node, reason)
            elif field.role == "country" and region:
                await self._choose(node, region)

    async def _choose(self, node: Node, region: str) -> None:
        view, locale = self.view, self.reader.locale
        if options := [n for n in view.within(node.index) if n.tag == "OPTION"]:
            texts = [(n.name or "".join(t.text for t in view.within(n.index))).strip() for n in options]
            if option := option_for(region, texts, locale):
                await self.controls.choose(node, option)
            return
        await self.controls.press(node)
        listed = [n for n in (await self.reader.read_after(0)).view.shown_nodes() if n.role == "option" and n.name]
        option = option_for(region, [n.name for n in listed], locale)
        await self.controls.press(next(n for n in listed if n.name == option) if option else node)

    async def outline(self) -> None:
        """Draw a line around its button, in the window alone."""
        await self.controls.outline(self.button)

    async def watch(self, pressed: Callable[[], None]) -> None:
        """Tell of each press of its button by the person's own mouse or keys."""
        await self.controls.watch(self.button, pressed)

    async def review(self) -> Review:
        """
        The form as it stands now.

        Raises:
            PageChanged: it is not the form any more that was recognised.
        """
        return (await self._reviewed())[0]

    async def _reviewed(self) -> tuple[Review, Submission]:
        form, inputs = self.found.form, [self.view.nodes[i] for i in self.found.inputs]
        held = [await self.controls.held(node, named=self.named) for node in inputs]
        lines = zip(form.fields, held, strict=True)
        fields = tuple(ReviewedField(one.label, one.role, one.required, has.shown, has.name) for one, has in lines)
        submission = await self._submission(held, inputs)
        return Review(form.heading, form.submit or "", fields, submission), submission

    async def _submission(self, held: list[Held], inputs: list[Node]) -> Submission:
        """What the press of its button may send."""
        unseen: dict[str, str] = {}
        if self.named:
            held = [one for one in (*held, await self.controls.sent_with(self.button)) if one is not None and one.name]
            unseen = await self.controls.unseen(self.button, inputs)
        return Submission(
            host=urlsplit(self.controls.address).netloc.lower(),
            frames=frozenset({self.controls.frame}),
            form_id=self.form_id,
            fields=tuple(one.sent for one in held),
            hidden={name: plain(text) for name, text in unseen.items()},
            moment=await self.controls.moment(self.button, self.reader),
        )

    async def is_answered(self) -> bool:
        """Whether the page shows something else than this form by now."""
        page = await self.reader.read_after(0)
        fingerprint = self.found.form.fingerprint
        forms = find_forms(page.view, page.surface, self.reader.words)
        return all(one.form.fingerprint != fingerprint for one in forms)


@dataclass
class FormOfSetting(FormInWindow):
    """The form that saves one setting: the person switches it, and nothing else of the form may differ."""

    table: ControlTable
    """How the setting is read."""
    saving: Saving
    """What the request says of it."""
    rule: Submit
    """What the request holds beside the form's fields."""
    label: str
    """Of the setting."""
    _at_first: tuple[Review, Submission] | None = None

    @property
    def named(self) -> bool:
        """Always: only what an HTML form sends can be compared with how it stood."""
        return True

    async def review(self) -> Review:
        """
        The form as it stands now, against how it stood when it was first looked at.

        Raises:
            PageChanged: it is not the form any more that was recognised.
        """
        now, sent = await self._reviewed()
        first, at_first = self._at_first = self._at_first or (now, sent)
        page = await self.reader.read_after(0)
        shown = read_page(page.view, self.table, self.reader.words.in_language(page.locale))
        setting = SettingReview(self.label, shown.meaning == "protects", self._changed(first, at_first, now, sent))
        sent = replace(sent, declared={self.saving.field or "": self.saving.protects})
        return replace(now, setting=setting, submission=sent)

    def _changed(self, first: Review, at_first: Submission, now: Review, sent: Submission) -> tuple[str, ...]:
        """Labels of what else a person sees that holds something different, and names of what nobody sees."""
        own = self.saving.field or ""
        lines = zip(now.fields, first.fields, strict=True)
        seen = {one.label or one.name: one.name for one, then in lines if one != then and one.name != own}
        before, after = self._sent(at_first), self._sent(sent)
        unseen = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return (*seen, *(name for name in unseen if name not in {own, *seen.values()}))

    def _sent(self, submission: Submission) -> dict[str, object]:
        """Name → what is sent by it; without what the page's script may add."""
        rule = self.rule
        unseen = {
            name: text
            for name, text in submission.hidden.items()
            if not rule.is_carried(name, text) and (text or not rule.carries_empty.fit(name))
        }
        return {**{one.name: one.values for one in submission.fields}, **unseen}

    async def is_answered(self) -> bool:
        """Whether the service sent another document in the place of the form's."""
        gone = not await self.controls.has(self.button)
        if gone:
            await self.reader.read_after(0)
        return gone
