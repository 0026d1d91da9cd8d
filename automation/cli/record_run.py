"""A recording from the first page to the trial of what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import typer
from playwright.async_api import Playwright, async_playwright

from automation.authoring.recorder import form_storing, storing
from automation.authoring.recorder.form_writing import FormDraft
from automation.authoring.recorder.recorded_tab import LiveReading, read_live
from automation.authoring.recorder.storing import Room
from automation.authoring.recorder.writing import Draft
from automation.authoring.refused_reads import RefusedReads
from automation.authoring.replica import load_site
from automation.authoring.replica.trial import Tried, try_flow
from automation.browser.capture import Masks
from automation.browser.pool import launched
from automation.cli.record_control import draft_of, one_more_step
from automation.cli.record_form import form_draft_of
from automation.cli.record_window import Beginning, Window, opened, signed_in, telling_refused
from automation.core.errors import FlowError
from automation.core.settings.browser import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.flow.recorded_page import Recording
from automation.guard import Guard, GuardPolicy, Phase
from automation.text.known_secrets import Secrets
from automation.text.language import Language
from automation.visit.reader import SignedInAccount

_MOST_STEPS = 4
"""How much may have to be opened before a setting shows."""
Answer = tuple[Verdict, Reason | None]
"""What the engine says of the live page."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What was written into the room."""

    flow: Flow
    public: tuple[str, ...]
    """Words and addresses that the files give on purpose."""
    masks: Masks
    own: tuple[str, ...] = field(repr=False)
    """What names the account."""
    answer: Answer
    recording: Recording
    draft: Draft | FormDraft


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of the page once its recording was tried."""

    answer: Answer
    alone: Verdict | None
    """What the recorded page shows by itself, where only what the guard refused the live one left that open."""
    lines_offered: bool
    """Whether there is a line of `site.toml` for everything that was refused."""


async def recorded(place: Room, order: Beginning, browser: BrowserSettings, words: Language) -> Recorded:
    """
    The whole recording, in its room; what the engine says of the live page, and of the recorded one.

    Raises:
        TemoinError: it cannot be made; nothing is written outside of the room.
    """
    guard = Guard(
        GuardPolicy.parse(order.site.tables), replica_map=dict(browser.replica_map) or None, proxy=browser.proxy
    )
    refused = RefusedReads(order.site.tables, lambda: order.url)
    async with async_playwright() as playwright:
        async with (
            launched(playwright, replace(browser, headless=False), guard),
            telling_refused(refused, words, partial(typer.echo, err=True), file_of_site(place)),
        ):
            state = await signed_in(guard, order.site, words) if order.signs_in else order.state
            async with opened(guard, Phase.CHECK, words, state=state) as (context, terminal):
                guard.on_refused = refused.note  # not before: signing in has its own list
                window = Window(context, terminal, guard, order.site, order.labels, order.identity)
                made = await (_form if order.is_form else _record_control)(window, place, order, browser.timeout_s)
                _tell_guard(window)
                states = [state or {}, await context.storage_state()]
        storing.refuse_faults(made.flow)
        _search(place, made, states)
        alone = await _try(playwright, made, place, browser, words)
    return Recorded(made.answer, alone, refused.have_lines)


def file_of_site(place: Room) -> Path:
    """The service's `site.toml` among the user's flows, once the recording is there."""
    return place.into / place.service.name / "site.toml"


async def _record_control(window: Window, place: Room, order: Beginning, timeout_s: float) -> _Made:
    """A setting that one control shows."""
    draft, masks, private = await draft_of(window, place.name, order.url)
    storing.refuse_private(draft, masks)
    draft, flow, live = await _read(window, place, draft, timeout_s)
    storing.refuse_private(draft, masks)
    masks.include(live.masks)
    recording = storing.write_recording(place, draft, flow, live, masks, order.identity)
    public = (*draft.texts, draft.url, draft.name)
    return _Made(flow, public, masks, (order.identity, *private), live.answer, recording, draft)


async def _read(window: Window, place: Room, draft: Draft, timeout_s: float) -> tuple[Draft, Flow, LiveReading]:
    """
    Read the live page as a check would, asking for what has to be opened first as long as the setting does not show.

    Raises:
        CheckError: the page cannot be read. FlowError: it never shows.
    """
    account = SignedInAccount(window.identity, draft.on.isoformat())
    for _ in range(_MOST_STEPS + 1):
        flow = storing.write_flow(place, draft)
        page = await window.context.new_page()
        reading = await read_live(page, await window.context.new_cdp_session(page), flow, account, timeout_s)
        if reading.shows_the_setting:
            return draft, flow, reading
        draft = await one_more_step(window, draft, reading.reader)
    raise FlowError(
        f"after {_MOST_STEPS} steps the page still does not show the setting", "Give another address by --url."
    )


async def _form(window: Window, place: Room, order: Beginning, timeout_s: float) -> _Made:
    """A form that the service answers in an inbox."""
    draft, identity, masks, private = await form_draft_of(window, place.name, order.url, order.known)
    form_storing.refuse_private_words(draft, masks)
    shipped = order.known is not None and not (place.setting / "flow.toml").is_file()
    flow = form_storing.write_form(place, draft, shipped=shipped)
    window.terminal.say(window.terminal.words.gettext("The pages are read now, as a check does. Press nothing."))
    page = await window.context.new_page()
    account = SignedInAccount(identity, draft.on.isoformat())
    live = await read_live(page, await window.context.new_cdp_session(page), flow, account, timeout_s)
    masks.include(live.masks)
    form_storing.refuse_private_words(draft, masks)
    recording = form_storing.write_form_recording(place, draft, flow, live, masks, identity)
    public = (*draft.texts, draft.home, draft.form_url, draft.inbox_url, draft.name)
    return _Made(flow, public, masks, (identity, *private), live.answer, recording, draft)


def _tell_guard(window: Window) -> None:
    record = window.guard.record()
    sent = record.writes_let_through
    said = window.terminal.words.gettext(
        "Writes let through: %(writes)s. You can close the window; the recording is tried now.", writes=sent
    )
    window.terminal.say(said)


def _search(place: Room, made: _Made, states: list[Mapping[str, Any]]) -> None:
    for state in states:
        known = Secrets.of(own=made.own, state=state, tokens=made.masks.tokens, public=made.public)
        storing.refuse_secrets(place, known)


async def _try(
    playwright: Playwright, made: _Made, place: Room, browser: BrowserSettings, words: Language
) -> Verdict | None:
    """
    What `temoin flows test` would say, the recorded page among it.

    Returns:
        What the recorded page shows by itself, where that is more than the live one proved.

    Pages alone may prove less than they did with the data that came with them, and more than where the guard refused
    requests of theirs: then the recording says so.

    Raises:
        FlowError: a stand-in is not read as it should be; the recorded page not as the live one was.
    """
    plain = replace(browser, headless=True, replica_map={}, replica_spki=())
    alone = None
    [tried] = await try_flow(playwright, made.flow, load_site(place.service.name, place.folder), plain)
    for one in tried:
        if one.right:
            continue
        is_open = one.verdict == Verdict.UNKNOWN.value
        if isinstance(made.draft, FormDraft) and is_open and one.scenario.startswith(_RECORDED):
            storing.write_table(place, made.draft, storing.shown_alone(made.recording, one.verdict, one.reason or ""))
            said = words.gettext(
                "Without the data that came with them, the recorded pages prove less: %(reason)s (%(why)s).",
                reason=one.reason or "",
                why=one.why,
            )
            typer.echo(said, err=True)
            continue
        if _is_shown_alone(made, one) and not isinstance(made.draft, FormDraft):
            storing.write_table(place, made.draft, storing.shown_alone(made.recording, one.verdict))
            alone = Verdict(one.verdict)
            continue
        raise FlowError(
            f"the stand-in is not read as it should be ({one.scenario}: {one.verdict}, {one.why})",
            "Nothing was written. Please report this with what kind of control or message it is.",
        )
    return alone


def _is_shown_alone(made: _Made, one: Tried) -> bool:
    """Whether a page that was just recorded shows the setting, and only what the guard refused it left it unproven."""
    if isinstance(made.draft, FormDraft) or made.answer != (Verdict.UNKNOWN, Reason.GUARD_BLOCKED):
        return False
    return one.scenario.endswith(f"{_RECORDED}{made.draft.stem}") and one.verdict != Verdict.UNKNOWN.value


_RECORDED = "recorded_"
