"""
A form and its inbox, read live and from what is put on file of them: the same answer, and nothing of the account.

Real: the browser, the guard, TLS, the engine's own reading and the trial of the stand-in. Not real: the service.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from automation.authoring.audit import audit
from automation.authoring.recorder import form_proposal, form_storing
from automation.authoring.recorder.form_writing import FormDraft, RecordedReply
from automation.authoring.recorder.recorded_tab import LiveReading, read_live
from automation.authoring.recorder.storing import room
from automation.authoring.recorder.writing import site_toml
from automation.browser.capture import Masks
from automation.browser.pool import context_options, launched
from automation.browser.snapshot import take
from automation.domain.observations import Field
from automation.domain.settings.browser import BrowserSettings
from automation.flow import Flow
from automation.flow.site import EmbeddedId
from automation.guard import Guard, GuardPolicy, Phase
from automation.reader import SignedInAccount
from automation.reading.replies import Meaning
from automation.replica import load_site
from automation.replica.trial import try_flow
from automation.text.labels import Labels
from tests.authoring.recorder.live import HOST, PRIVATE
from tests.authoring.recorder.live_form import (
    ANSWERED,
    FORM,
    HANDLE,
    HOME,
    INBOX,
    MESSAGE,
    REQUESTS,
    SENTENCE,
    SIGNATURE,
    SUBMIT,
    TITLE,
    LiveForm,
)  # fmt: skip

pytestmark = pytest.mark.browser

COOKIE = {"name": "sid", "value": "session-Zq81mVb7Tt", "domain": HOST, "path": "/", "secure": True}
NUMBER = "100080001234567"
FIELDS = tuple(
    Field(label=label, kind=kind, required=False, filled=None, options=(), role=role)
    for label, kind, role in (("E-mail", "email", "email"), (HANDLE, "text", "name"), ("Why", "textarea", "reason"))
)
DRAFT = FormDraft(
    name="studio.ai_objection", title="Studio", home=HOME, locale="en", on=dt.date(2026, 11, 20), form_url=FORM,
    form_title=TITLE, submit=SUBMIT, fields=FIELDS, inbox_url=INBOX, inbox_title=REQUESTS, items="/requests/*",
    reply=RecordedReply(SENTENCE, Meaning.ACCEPTED, SIGNATURE, "studio models", "leave your uploads out", (ANSWERED,)),
    identity=EmbeddedId(near="viewer", field="id"),
)  # fmt: skip


async def _recorded(live: LiveForm, into: Path, draft: FormDraft) -> tuple[Flow, LiveReading, Path]:
    """Write a draft, read the live pages with it, and put them on file."""
    with room(into, draft.name) as place:
        (place.service / "site.toml").write_text(site_toml("Studio", HOME, (HOST,), ()))
        flow = form_storing.write_form(place, draft, shipped=False)
        guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=live.browser["replica_map"])
        async with async_playwright() as playwright:
            async with launched(playwright, BrowserSettings(**live.browser), guard):
                context = await guard.new_context(Phase.CHECK, **context_options())
                await context.add_cookies([COOKIE])  # type: ignore[list-item]
                page = await context.new_page()
                account = SignedInAccount(NUMBER, draft.on.isoformat())
                session = await context.new_cdp_session(page)
                reading = await read_live(page, session, flow, account, 20)
                masks = Masks(flow.site.masking, flow.labels, ids=[NUMBER, "Claire Moreau", "claire.moreau"])
                masks.include(reading.masks)
                form_storing.write_form_recording(place, draft, flow, reading, masks, NUMBER)
                await guard.close_context(context)
            [tried] = await try_flow(playwright, flow, load_site("studio", place.folder), BrowserSettings())
        for path in place.service.rglob("*"):
            if path.is_file():
                for private in (*PRIVATE, "8841", "8702"):
                    assert private not in path.read_text(), (path, private)
        assert audit(flow)[0] == []
        assert tried, "the recording is one of the flow's scenarios"
        assert [one.verdict for one in tried] == [reading.answer[0].value], [one.why for one in tried]
        assert all(one.right for one in tried), [(one.verdict, one.reason, one.why) for one in tried]
        return flow, reading, place.folder


async def test_an_answer_is_read_live_and_from_its_recording(tmp_path: Path) -> None:
    """The recorded sentence is the service's yes, on the live page and on the page without the account."""
    async with LiveForm() as live:
        _, reading, _ = await _recorded(live, tmp_path / "ours", DRAFT)
        assert live.writes == []
    names = {signal.name.value for signal in reading.observation.signals}
    assert reading.answer[0].value == "objected", names
    assert {"identity.same", "form.open", "inbox.known", "reply.accepted", "reply.frame", "reply.about_ai"} <= names


async def test_what_is_pointed_at_is_found_by_the_readers_own_rules(tmp_path: Path) -> None:
    """Title, button, fields, the message's address and the place that names the account come from the page."""
    async with LiveForm() as live, async_playwright() as playwright:
        (tmp_path / "site.toml").write_text(site_toml("Studio", HOME, (HOST,), ()))
        with room(tmp_path / "ours", DRAFT.name) as place:
            (place.service / "site.toml").write_text(site_toml("Studio", HOME, (HOST,), ()))
            flow = form_storing.write_form(place, replace(DRAFT, reply=None), shipped=False)
        guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=live.browser["replica_map"])
        async with launched(playwright, BrowserSettings(**live.browser), guard):
            context = await guard.new_context(Phase.CHECK, **context_options())
            await context.add_cookies([COOKIE])  # type: ignore[list-item]
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            await page.goto(FORM)
            view = await take(page, session)

            def at(text: str) -> int:
                return next(n.backend_id for n in view.nodes if n.tag == "#text" and n.text.strip() == text)

            assert form_proposal.title_at(view, at(TITLE)) == TITLE
            button = form_proposal.button_at(view, at(SUBMIT))
            assert button is not None
            assert form_proposal.button_at(view, at(TITLE)) is None
            found = form_proposal.form_of(view, button, Labels({}))
            assert found is not None
            assert [(one.label, one.role) for one in found.form.fields] == [
                ("E-mail", "email"), (HANDLE, form_proposal.OTHER), ("Why", "reason"),
            ]  # fmt: skip
            named = form_proposal.place_naming(view, ["claire.moreau", NUMBER])
            assert named == (EmbeddedId(near="viewer", field="id"), NUMBER)
            assert form_proposal.place_naming(view, ["somebody else"]) is None
            await page.goto(INBOX)
            view = await take(page, session)
            assert form_proposal.link_at(view, at(ANSWERED)) == MESSAGE
            assert form_proposal.item_pattern(MESSAGE) == "/requests/*"
            await page.goto(MESSAGE)
            view = await take(page, session)
            assert form_proposal.sentences_at(view, at(SENTENCE)) == (SENTENCE,)
            await guard.close_context(context)
