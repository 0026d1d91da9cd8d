"""
A look at the account's own pages: a person goes where they want, and what they see then is kept for their answer.

Nothing can be written meanwhile: the pages are shown in a context of a check's. What they show is asked about: an inbox
as one thing, for this account only, whatever its words; of a page of settings each control. Nothing else of the account
was read, so nothing is judged by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from playwright.async_api import Error

from automation.browser.capture.journal import browser_facts
from automation.browser.pool import context_options
from automation.core.looks import Shown
from automation.core.observations import Observation
from automation.core.signals import SignalName, Way
from automation.flow.control_table import ControlTable, ObjectionTable
from automation.guard import Phase
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import InboxList, ListPage, shown_list
from automation.reading.lists.opened import item_on
from automation.reading.threads.authors import Speaker
from automation.session.attended import close
from automation.text.normalizing import fold
from automation.visit.account import OpenAccount, reader_of
from automation.visit.control import ControlNotes, identity_signal, note_account, note_shown, signals_of
from automation.visit.control_way import read_shown, refuse_wall

if TYPE_CHECKING:
    from automation.flow.manifest import Flow
    from automation.visit.order import Order
    from automation.visit.reader import Reader, ReadPage


class Viewer(Protocol):
    """The person before the window."""

    async def sees(self) -> None:
        """Wait until they say that they see what they want to show."""


@dataclass(frozen=True, slots=True)
class LiveLook:
    """Shows a person the account's pages, and keeps the one that they name; the work of `automation.visit.account`."""

    viewer: Viewer

    async def __call__(self, account: OpenAccount, state: Mapping[str, Any]) -> None:
        """
        From where it is made sure whose they are to the page that the person names.

        Raises:
            CheckError: another account, a challenge, a lost browser.
        """
        order, log, guard = account.order, account.log, account.guard
        options = context_options(no_viewport=True)
        for pinned in ("viewport", "device_scale_factor"):
            options.pop(pinned)
        context = await guard.new_context(Phase.CHECK, **options, storage_state=state)
        try:
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            log.facts = await browser_facts(session)
            reader, _visit = reader_of(account, state, page, session)
            table = order.flow.rule
            if isinstance(table, ObjectionTable):
                log.observation = await _see_inbox(reader, order, table, self.viewer)
            else:
                log.observation = await _see_control(reader, order.flow, table, order.subject, self.viewer)
        finally:
            with suppress(Error):
                log.states.append({"cookies": await context.cookies()})
            await close(guard, context, order.limits.closing_s)


async def _see_control(reader: Reader, flow: Flow, table: ControlTable, subject: str, viewer: Viewer) -> Observation:
    """The controls of a page that the person goes to, for them to say which is the setting."""
    notes, surface = ControlNotes(), table.surfaces[0]
    await reader.open(surface)
    await note_account(reader, notes)
    notes.picture = (await reader.capture("setting")).picture
    await viewer.sees()
    page = await reader.read_after(0)
    refuse_wall(reader, found=False)
    reader.refuse_login()
    await note_account(reader, notes)
    reading = read_shown(reader, table, page, "")
    if not reading.faults:  # even what the flow would know stands where only the person went
        reading = replace(reading, section=None, described=None)
    step = await reader.capture("seen", note="named by a person")
    notes.signals += signals_of(reading, reading, table, surface, picture=step.picture, locale=reader.locale)
    note_shown(reader, table, reading, surface, step, notes)
    notes.signals.append(identity_signal(reader, surface, notes))
    return notes.observation(reader, flow, subject, table.surfaces)


async def _see_inbox(reader: Reader, order: Order, table: ObjectionTable, viewer: Viewer) -> Observation:
    """The page of an inbox that the person goes to, whose it is, and one thing that only they can answer."""
    await reader.open(table.home, until=reader.names_somebody)
    reader.refuse_login()
    await reader.check_account(must_name=True)
    home = await reader.capture("home")
    await reader.open(table.inbox)
    await viewer.sees()
    read = await reader.read_after(0)
    reader.refuse_login()
    await reader.check_account()
    shown = _shown(reader, read, order, table)
    step = await reader.capture("seen", note="named by a person")
    signals = (
        SignalName.IDENTITY_SAME.seen(table.home, Way.AT_START_AND_END, picture=home.picture),
        SignalName.INBOX_UNREAD.seen(table.inbox, Way.ITEM_UNOPENED, picture=step.picture),
        SignalName.INBOX_LATER.seen(table.inbox, Way.ITEM_UNOPENED, picture=step.picture),
    )
    return Observation(
        flow=order.flow.id,
        flow_revision=order.flow.revision,
        subject=order.subject,
        locale=reader.locale,
        signals=signals,
        steps=reader.steps,
        shown=(replace(shown, picture=step.picture),),
    )


def _shown(reader: Reader, read: ReadPage, order: Order, table: ObjectionTable) -> Shown:
    """The lines of the page, without what the account's holder wrote."""
    speakers = reader.speakers(read.view)
    turns = item_on(read.view, table.inbox, reader.words, speakers, inline=True).turns
    reader.withhold(turns)
    blocks = [block.text for turn in turns if turn.speaker is Speaker.PERSON for block in turn.blocks]
    own = {fold(line) for text in blocks for line in text.split("\n")}
    reads = ListReads(order.flow.operations, order.flow.site.reads)
    surface = order.flow.surfaces[table.inbox]
    listed = InboxList(table.inbox, surface, reads, [ListPage(read)], at_end=False, all_tabs=False)

    def hide(line: str) -> str:
        return "{own}" if fold(line) in own else reader.masked(line)

    return shown_list(listed, reader.words.locale, speakers.holder, hide)
