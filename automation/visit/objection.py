"""
How any flow is read, and a right to object that is exercised by a form and answered in an inbox.

The way a person takes, a picture at each step; then every known address of the form; then the inbox, in which
alone an earlier objection shows; then what decides how far the account is concerned; then the inbox once more, in a
tab that has stood open meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from loguru import logger

from automation.browser.traffic import without_query
from automation.core.errors import CheckError, PageChanged, during
from automation.core.observations import ExposureItem, Form, Observation, Probe, ProbeOutcome, Reply, Step
from automation.core.signals import Signal, SignalName, Way
from automation.core.verdicts import Reason
from automation.flow.control_table import ControlTable, ObjectionTable
from automation.reading.form_text import TOLD_BESIDE
from automation.reading.forms import FormPage, find_forms, read_form_page
from automation.reading.lists.completeness import ListReads
from automation.text.normalizing import quote
from automation.visit.control import Notes, read_control
from automation.visit.inbox import InboxTwice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.flow.control_table import ExposureRule
    from automation.flow.manifest import Flow
    from automation.flow.site import Who
    from automation.page import PageView
    from automation.visit.reader import Reader, ReadPage


async def read_exposure(reader: Reader, rules: Sequence[ExposureRule], form: Form | None) -> list[ExposureItem]:
    """What each rule says; a surface that cannot be read is reported as such."""
    items: list[ExposureItem] = []
    opened = ""
    for rule in rules:
        if rule.surface is None:
            items.append(_from_form(form, rule))
            continue
        if rule.surface != opened:
            opened = rule.surface if await _opens(reader, rule.surface) else ""
        items.append(_read(reader, rule) if opened else ExposureItem(rule.name, None, "not_opened", rule.surface))
    return items


async def _opens(reader: Reader, surface: str) -> bool:
    """Whether the surface opens and comes to rest for this account."""
    try:
        page = await reader.open(surface)
        await reader.check_account()
        if page.failed or not page.settled or reader.asks_to_sign_in():
            return False
        await reader.capture(surface)
    except CheckError as error:
        if error.ends_visit:
            raise
        return False
    return True


def _from_form(form: Form | None, rule: ExposureRule) -> ExposureItem:
    """What a field of the form shows; not every shape of it asks for the same."""
    value = next((f.chosen for f in form.fields if f.role == rule.field and f.chosen), None) if form else None
    return ExposureItem(rule.name, value, "shown" if value else "not_shown", form.surface if form else "")


def _read(reader: Reader, rule: ExposureRule) -> ExposureItem:
    key, surface = rule.key or "", rule.surface or ""
    if not reader.words.covered(key):
        return ExposureItem(rule.name, None, "locale_uncovered", surface)
    if rule.switch:
        state = reader.switch(rule.switch)
        value = None if state is None else ("on" if state else "off")
    elif rule.landmark:
        value = "present" if reader.present(rule.landmark) else None
    else:
        value = reader.choice(key)
    note = "shown" if value is not None else "not_shown"
    return ExposureItem(rule.name, quote(value, 60) if value else None, note, surface)


_NAMED_S = 0.1
"""For how long a page must stand still of which only its own data on who is signed in is wanted."""


@dataclass(kw_only=True)
class _Notes(Notes):
    table: ObjectionTable
    probes: list[Probe] = field(default_factory=list)
    exposure: list[ExposureItem] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    form: Form | None = None
    linked_from: tuple[str, str] | None = None
    """Surface and address of a link to the form that the way led to."""


async def read_objection(reader: Reader, flow: Flow, table: ObjectionTable, subject: str) -> Observation:
    """
    Read the state of an objection, as the flow's table says.

    Raises:
        CheckError: where reading cannot go on: a challenge, another account, a lost browser.
    """
    notes = _Notes(table=table)
    person, home = await _at_home(reader, notes)
    if person.acting is not None:
        acting = SignalName.IDENTITY_ACTING_AS_PAGE.seen(table.home, quote=person.acting, picture=home.picture)
        notes.signals.append(replace(acting, locator=person.acting))
        notes.exposure.append(ExposureItem("acting_as_page", "yes", "shown", table.home))
        return _observation(reader, flow, subject, notes)
    inbox = InboxTwice(table.inbox, flow.surfaces[table.inbox], ListReads(flow.operations, flow.site.reads))
    with during("inbox"):
        await inbox.load(reader)
    with during("path"):
        await _walk(reader, flow, notes, inbox)
    await reader.expect(_further_pages(flow, notes))
    with during("form"):
        await _probe(reader, flow, notes)
    with during("inbox"):
        await inbox.read(reader)
    with during("exposure"):
        notes.exposure.extend(await read_exposure(reader, flow.exposure, notes.form))
    with during("inbox"):
        await inbox.read_again(reader)
    notes.signals.extend(inbox.signals)
    notes.missing.extend(inbox.missing)
    notes.replies.extend(inbox.replies)
    notes.shown.extend(inbox.shown)
    with during("identity"):
        await reader.open(table.home, until=reader.names_somebody, quiet_s=_NAMED_S)
        await reader.check_account(must_name=True)
        same = SignalName.IDENTITY_SAME.seen(table.home, Way.AT_START_AND_END, picture=home.picture)
        notes.signals.append(replace(same, locator=", ".join(person.ids)))
    return _observation(reader, flow, subject, notes)


async def go_to_form(reader: Reader, flow: Flow, table: ObjectionTable) -> FormPage | None:
    """
    Go the same way as far as the form, and stay there.

    Returns:
        The page on which the form is open; None where none of the known addresses shows it to this account.

    Raises:
        CheckError: as `read_objection`; with `acting_as_page` where the account acts as a Page.
    """
    notes = _Notes(table=table)
    person, _ = await _at_home(reader, notes)
    if person.acting is not None:
        raise CheckError("the account acts as a Page", "Switch back to the profile.", reason=Reason.ACTING_AS_PAGE)
    with during("path"):
        await _walk(reader, flow, notes, None)
    with during("form"):
        for name in _order(notes):
            for url in flow.surfaces[name].urls:
                page = await _probe_one(reader, notes, name, url, patient=True)
                if page.form is not None:
                    return page
    return None


async def _at_home(reader: Reader, notes: _Notes) -> tuple[Who, Step]:
    """Begin on the home page, and make sure whose it is."""
    with during("home"):
        await reader.open(notes.table.home, until=reader.names_somebody)
        await reader.check_account()
        reader.refuse_login()
        person = await reader.check_account(must_name=True)
        notes.locale = reader.locale
        return person, await reader.capture("home")


async def _walk(reader: Reader, flow: Flow, notes: _Notes, inbox: InboxTwice | None) -> None:
    """
    The way a person takes. A step that cannot be clicked is opened by its address, and noted as such.

    After each step an inbox that stands open is scrolled: the sooner it is at its end, the sooner it has stood there.
    """
    for step in flow.path:
        how = "link"
        try:
            before = reader.page.view.fingerprint() if reader.page else 0
            page = await reader.reveal(step.reveal, step.surface or notes.table.home)
            moved = page is not None and page.view.fingerprint() != before
            if step.surface and (not moved or not _on(flow, step.surface, page.final if page else "")):
                how = "address"
                page = await _first_that_answers(reader, flow, step.surface)
            if page is None or (how == "link" and not moved):
                continue
            await reader.check_account()
        except PageChanged as error:
            if error.reason is not Reason.NOT_RECOGNISED:
                raise
            logger.debug("step {} cannot be taken: {}", step.name, error.message)
            continue
        await reader.capture(step.name, how=how)
        if step is not flow.path[-1]:
            await _scroll(inbox, reader)
    await _scroll(inbox, reader)
    _look_for_link(reader, flow, notes)


async def _scroll(inbox: InboxTwice | None, reader: Reader) -> None:
    if inbox is not None:
        with during("inbox"):
            await inbox.scroll_to_end(reader)


def _on(flow: Flow, surface: str, url: str) -> bool:
    return urlsplit(url).path.rstrip("/") in {urlsplit(u).path.rstrip("/") for u in flow.surfaces[surface].urls}


async def _first_that_answers(reader: Reader, flow: Flow, surface: str) -> ReadPage | None:
    for url in flow.surfaces[surface].urls:
        page = await reader.open(surface, url=url)
        if not page.failed:
            return page
    return None


def _look_for_link(reader: Reader, flow: Flow, notes: _Notes) -> None:
    """A link to the form on the page where the way ended: the address that this account is really sent to."""
    if reader.page is None:
        return
    for _, href in reader.page.view.links():
        target = urljoin(reader.page.view.url, href)
        for name in notes.table.forms:
            if any(without_query(target) == without_query(url) for url in flow.surfaces[name].urls):
                notes.linked_from = (name, target)
                return


def _order(notes: _Notes) -> list[str]:
    """The surfaces of the form, the one first that the way led to."""
    order = list(notes.table.forms)
    if notes.linked_from:
        order.remove(notes.linked_from[0])
        order.insert(0, notes.linked_from[0])
    return order


def _further_pages(flow: Flow, notes: _Notes) -> list[tuple[str, str]]:
    """What is opened by its address once the way was walked, by surface and in order, but for the end."""
    forms = [(name, url) for name in _order(notes) for url in flow.surfaces[name].urls]
    shown = dict.fromkeys(rule.surface for rule in flow.exposure if rule.surface is not None)
    return [*forms, *((name, flow.surfaces[name].urls[0]) for name in (notes.table.inbox, *shown))]


async def _probe(reader: Reader, flow: Flow, notes: _Notes) -> None:
    """Every known address of the form, the one that the service links to first."""
    pages: list[FormPage] = []
    for name in _order(notes):
        for url in flow.surfaces[name].urls:
            # Once the form is found, the other addresses are only asked where they lead now.
            found = any(page.form is not None for page in pages)
            pages.append(await _probe_one(reader, notes, name, url, patient=not found))
            if pages[-1].outcome is ProbeOutcome.LOGIN and not found and _is_of_session(flow, url):
                reader.refuse_login()
    _settle_form(pages, notes)


def _is_of_session(flow: Flow, url: str) -> bool:
    """Whether an address is on the site that the session is for; elsewhere a login page says nothing of it."""
    home, there = (urlsplit(u).hostname or "" for u in (flow.site.sign_in.home, url))
    return home.split(".")[-2:] == there.split(".")[-2:]


async def _probe_one(reader: Reader, notes: _Notes, name: str, url: str, *, patient: bool) -> FormPage:
    words = reader.words

    def arrived(view: PageView) -> bool:
        return bool(find_forms(view, name, words.in_language(view.locale)))

    try:
        page = await reader.open(name, url=url, until=arrived if patient else None)
        await reader.check_account()
    except CheckError as error:
        if error.ends_visit:
            raise
        logger.debug("{}: {}", name, error.message)
        notes.probes.append(Probe(name, without_query(url), without_query(url), (), None, ProbeOutcome.ERROR))
        return FormPage(ProbeOutcome.ERROR, ())
    words = words.in_language(reader.locale or notes.locale)
    found = read_form_page(page, notes.table, words, login=reader.asks_to_sign_in())
    how = "link" if notes.linked_from and notes.linked_from[1] == url else "address"
    step = await reader.capture(name, note=found.outcome.value, how=how)
    notes.probes.append(Probe(name, page.requested, page.final, page.redirects, page.status, found.outcome))
    signals = tuple(_pictured(reader, signal, step.picture) for signal in found.signals)
    shown = tuple(replace(one, lines=tuple(map(reader.masked, one.lines)), picture=step.picture) for one in found.shown)
    return replace(found, signals=signals, shown=shown)


def _pictured(reader: Reader, signal: Signal, picture: str | None) -> Signal:
    """A signal with its picture; a sentence that a person is asked about says the same for everybody."""
    told = reader.masked(signal.quote) if signal.name is SignalName.PAGE_UNCLEAR else signal.quote
    return replace(signal, quote=told, picture=picture)


def _settle_form(pages: Sequence[FormPage], notes: _Notes) -> None:
    """Keep the page on which the form is open; without one, keep what every page said."""
    opened = next((page for page in pages if page.form is not None), None)
    notes.form = opened.form if opened else None
    for page in sorted(pages, key=lambda page: page is not opened):
        told = [s for s in page.signals if opened is None or page is opened or s.name in TOLD_BESIDE]
        notes.signals.extend(told)
        notes.shown.extend(page.shown if told or opened is None else ())
        notes.missing.extend(page.missing if opened is None else ())


def _observation(reader: Reader, flow: Flow, subject: str, notes: _Notes) -> Observation:
    return replace(
        notes.observation(reader, flow, subject, (*notes.table.forms, notes.table.inbox)),
        form=notes.form,
        probes=tuple(notes.probes),
        exposure=tuple(notes.exposure),
        replies=tuple(notes.replies),
    )


async def read(reader: Reader, flow: Flow, subject: str) -> Observation:
    """
    Read one setting of one account, as the manifest's own table says.

    Raises:
        CheckError: where reading cannot go on: a challenge, another account, a lost browser.
    """
    if isinstance(flow.rule, ControlTable):
        return await read_control(reader, flow, flow.rule, subject)
    return await read_objection(reader, flow, flow.rule, subject)
