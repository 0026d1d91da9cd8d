"""A setting and what saves it; in an HTML form the person switches it, and nothing else of the form may differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.core.errors import NotFiled, PageChanged
from automation.guard.policy import GuardPolicy
from automation.reading.controls.reading import read_page
from automation.reading.forms.finding import find_forms, sends
from automation.text.normalizing import fold_label
from automation.visit.attended.controls import Controls
from automation.visit.attended.form import FormInWindow
from automation.visit.attended.review import Review, SettingReview
from automation.visit.attended.switch import SwitchInWindow
from automation.visit.control import go_to_control

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from playwright.async_api import CDPSession, Page

    from automation.flow.control_table import ControlTable, Saving
    from automation.flow.manifest import Flow
    from automation.guard.policy import Submit
    from automation.guard.submission import Submission
    from automation.page import Node, PageView
    from automation.reading.controls.outcome import ControlReading
    from automation.reading.forms.finding import FoundForm
    from automation.visit.reader import Reader

_YOURSELF = "Change it yourself in your own browser, then run `temoin check`."


class FormOfSetting(FormInWindow):
    """
    The form that saves one setting.

    Args:
        reader: of the person's tab.
        controls: of the form's document.
        found: the form as it was read.
        view: the page that it was read on.
        form_id: as the form names itself.
        frame: the browser's name of the frame that holds it.
        table: how the setting is read.
        saving: what the request says of it.
        rule: what the request holds beside the form's fields.
        label: of the setting.
    """

    def __init__(
        self,
        reader: Reader,
        controls: Controls,
        found: FoundForm,
        view: PageView,
        form_id: str,
        frame: str,
        table: ControlTable,
        saving: Saving,
        rule: Submit,
        label: str,
    ) -> None:
        super().__init__(reader, controls, found, view, form_id, frame)
        self._named = True
        self._table, self._saving, self._rule, self._label = table, saving, rule, label
        self._at_first: tuple[Review, Submission] | None = None

    async def review(self) -> Review:
        """
        The form as it stands now, against how it stood when it was first looked at.

        Raises:
            PageChanged: it is not the form any more that was recognised.
        """
        held = await self._held()
        sent = await self._submission(held)
        found = self._review(held, sent)
        if self._at_first is None:
            self._at_first = found, sent
        page = await self._reader.read_after(0)
        shown = read_page(page.view, self._table, self._reader.words.in_language(page.locale))
        setting = SettingReview(
            self._label, shown.meaning == "protects", self._changed(*self._at_first, now=found, sent=sent)
        )
        return replace(found, setting=setting, submission=replace(sent, declared={self._field: self._saving.protects}))

    @property
    def _field(self) -> str:
        return self._saving.field or ""

    def _changed(self, first: Review, at_first: Submission, *, now: Review, sent: Submission) -> tuple[str, ...]:
        """Labels of what else a person sees that holds something different, and names of what nobody sees."""
        own = self._field
        lines = zip(now.fields, first.fields, strict=True)
        seen = {one.label or one.name: one.name for one, then in lines if one != then and one.name != own}
        before, after = self._sent(at_first), self._sent(sent)
        unseen = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return (*seen, *(name for name in unseen if name not in {own, *seen.values()}))

    def _sent(self, submission: Submission) -> dict[str, object]:
        """Name → what is sent by it; without what the page's script may add."""
        rule = self._rule
        unseen = {
            name: text
            for name, text in submission.hidden.items()
            if not rule.is_carried(name, text) and (text or not rule.carries_empty.fit(name))
        }
        return {**{one.name: one.values for one in submission.fields}, **unseen}

    async def is_answered(self) -> bool:
        """Whether the service sent another document in the place of the form's."""
        gone = not await self._controls.has(self._button)
        if gone:
            await self._reader.read_after(0)
        return gone


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
    reading = await go_to_control(reader, flow, table)
    if reading.meaning is None or reading.anchor is None or reading.label is None or table.submit is None:
        raise NotFiled("the page does not show how the setting stands", _YOURSELF)
    if reading.meaning == "protects":
        return None
    if reading.worded:
        raise NotFiled("the page tells the setting in words, and shows nothing by which it is set", _YOURSELF)
    if table.submit.by_script:
        form_id = f"{table.submit.method} {urlsplit(page.url).path}"
        return SwitchInWindow(reader, page, session, table, table.submit, form_id)
    return await _form_that_saves(reader, flow, table, table.submit, reading, page, session)


async def _form_that_saves(
    reader: Reader,
    flow: Flow,
    table: ControlTable,
    saving: Saving,
    reading: ControlReading,
    page: Page,
    session: CDPSession,
) -> FormOfSetting:
    shown, anchor, label = reader.page, reading.anchor, reading.label
    if shown is None or anchor is None or label is None:
        raise PageChanged("no page is open")
    view = shown.view
    holders = {node.index for node in view.ancestors(anchor.index)}
    forms = [one for one in find_forms(view, shown.surface, reader.words) if one.root in holders]
    if not forms or not _posts(view.nodes[forms[0].root]):
        raise NotFiled("the setting stands in no form that a button sends", _YOURSELF)
    key = saving.button
    button = _button(view, forms[0].root, reader.words.in_language(shown.locale).names(key) if key else None)
    found = replace(forms[0], submit=button.index, form=replace(forms[0].form, submit=button.name))
    frame = view.frames[view.nodes[found.root].document]
    controls = Controls(page, session, frame)
    try:
        await controls.open()
    except PageChanged as error:
        raise NotFiled(error.message, _YOURSELF) from None
    rule = GuardPolicy.parse(flow.site.tables).guard.submit
    form_id = _form_id(await controls.unseen(button, ()), rule)
    form = FormOfSetting(reader, controls, found, view, form_id, frame, table, saving, rule, label.text)
    await form.review()
    return form


def _button(view: PageView, root: int, names: Collection[str] | None) -> Node:
    """
    The one button that sends a form: another one of it may do anything, such as closing the account.

    Args:
        view: the page.
        root: index of the form.
        names: folded, of the button; None where the flow names none.

    Raises:
        NotFiled: it has none of these names, or more than one.
    """
    found = [one for one in view.within(root) if one.shown and sends(view, one)]
    found = [one for one in found if names is None or fold_label(one.name) in names]
    if len(found) != 1:
        raise NotFiled("which button of the form saves the setting is not known", _YOURSELF)
    return found[0]


def _posts(root: Node) -> bool:
    return root.tag == "FORM" and root.attributes.get("method", "").lower() == "post"


def _form_id(fields: Mapping[str, str], rule: Submit) -> str:
    """
    By what the form names itself, in one of the fields that the service's file lists.

    Raises:
        NotFiled: it does not.
    """
    found = next((fields[name] for name in sorted(rule.form_id_fields) if fields.get(name)), "")
    if not found:
        raise NotFiled("the form does not say which one it is, so its request could not be told from another")
    return found
