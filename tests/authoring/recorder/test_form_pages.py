"""
A form and its inbox, read live and from what is put on file of them: the same answer, and nothing of the account.

Real: the browser, the guard, TLS, the engine's own reading and the trial of the stand-in. Not real: the service.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright

import flows as shipped
from automation.authoring import pointing, storing
from automation.authoring.audit import audit
from automation.authoring.live_page import LiveReading, read_live
from automation.authoring.replica import Replica, load_site
from automation.authoring.replica.trial import try_flow
from automation.authoring.storing import room
from automation.authoring.writing import FormDraft, RecordedReply, known_site_toml, site_toml
from automation.browser.capture import Masks
from automation.browser.pool import context_options, launched
from automation.browser.snapshot import take
from automation.core.observations import Field
from automation.core.settings import BrowserSettings
from automation.flow import Flow
from automation.flow.site import EmbeddedId
from automation.guard import Guard, GuardPolicy, Phase
from automation.reading.letters.sentences import Meaning
from automation.text.labels import Labels
from automation.visit.reader import SignedInAccount
from tests.authoring.recorder.live import COOKIE, HOST, PRIVATE
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


@dataclass(frozen=True)
class Place:
    """Where a service is reached, and who is signed in there."""

    browser: BrowserSettings
    state: Any
    """As Playwright's storage state."""
    identity: str
    private: tuple[str, ...]
    """What may not be on file."""
    site: str
    """The service's file in the user's folder."""
    shipped: bool = False


async def _recorded(at: Place, into: Path, draft: FormDraft) -> tuple[Flow, LiveReading]:
    """Write a draft, read the live pages with it, put them on file, and play what is on file."""
    with room(into, draft.name) as place:
        service = draft.name.partition(".")[0]
        (place.service / "site.toml").write_text(at.site)
        flow = storing.write_form(place, draft, shipped=at.shipped)
        guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=at.browser.replica_map)
        async with async_playwright() as playwright:
            async with launched(playwright, at.browser, guard):
                context = await guard.new_context(Phase.CHECK, **context_options(storage_state=at.state))
                page = await context.new_page()
                account = SignedInAccount(at.identity, draft.on.isoformat())
                session = await context.new_cdp_session(page)
                reading = await read_live(page, session, flow, account, 20)
                masks = Masks(flow.site.masking, flow.labels, ids=[at.identity, *at.private])
                masks.include(reading.masks)
                storing.write_recording(place, draft, flow, reading, masks, at.identity)
                await guard.close_context(context)
            [tried] = await try_flow(playwright, flow, load_site(service, place.folder), BrowserSettings())
        for path in place.service.rglob("*"):
            if path.is_file():
                for private in (at.identity, *at.private):
                    assert private not in path.read_text(), (path, private)
        assert audit(flow)[0] == []
        assert tried, "the recording is one of the flow's scenarios"
        shown = [(one.verdict, one.reason, one.why) for one in tried]
        assert all(one.right for one in tried), (shown, reading.answer, reading.observation.signals)
        return flow, reading


def _names(reading: LiveReading) -> set[str]:
    return {signal.name.value for signal in reading.observation.signals}


@pytest.mark.thorough
async def test_an_answer_is_read_live_and_from_its_recording(tmp_path: Path) -> None:
    """The recorded sentence is the service's yes, on the live page and on the page without the account."""
    async with LiveForm() as live:
        state = {"cookies": [{**COOKIE, "expires": -1, "httpOnly": True, "sameSite": "Lax"}], "origins": []}
        private = (*PRIVATE, "8841", "8702")
        at = Place(BrowserSettings(**live.browser), state, NUMBER, private, site_toml("Studio", HOME, (HOST,), ()))
        _, reading = await _recorded(at, tmp_path / "ours", DRAFT)
        assert live.writes == []
    assert reading.answer[0].value == "objected", _names(reading)
    assert {
        "identity.same", "form.open", "inbox.known", "reply.accepted", "reply.frame", "reply.about_ai",
    } <= _names(reading)  # fmt: skip


@pytest.mark.rare
async def test_facebook_learns_a_language_that_no_source_gives(tmp_path: Path) -> None:
    """The shipped flow cannot read Finnish; with the words that a person points at, the same pages say yes."""
    site = load_site("facebook").having(cookie_dialog=False)
    actor = next(one for one in site.cast if (one.scenario, one.locale) == ("uncovered_accepted", "fi-FI"))
    known = shipped.load()["facebook.ai_objection"]
    draft = FormDraft(
        name=known.id, title="Facebook", home="https://www.facebook.com/", locale="fi", on=DRAFT.on,
        form_url="https://www.facebook.com/help/contact/6359191084165019",
        form_title="Vastusta tietojesi käyttöä tekoälyyn Metassa", submit="Lähetä",
        fields=(
            Field("Sähköpostiosoite", "email", required=False, filled=None, options=(), role="email"),
            Field("Kerro, miten käsittely vaikuttaa sinuun", "textarea", required=False, filled=None, options=(),
                  role="reason"),
        ),
        inbox_url="https://www.facebook.com/support/", inbox_title="Tuen postilaatikko", items="/support/item/*",
        reply=RecordedReply(
            "Olemme tutkineet pyyntösi ja noudatamme vastustustasi.", Meaning.ACCEPTED, "Vastauksemme",
            "tekoälyyn Metassa", "vastustustasi",
            ("Hei {name},", "Pyyntösi on voimassa tästä eteenpäin.", "Se koskee myös muita saman tilikeskuksen tilejä.",
             "Lue lisää: {link}"),
        ),
        known=known,
    )  # fmt: skip
    async with Replica([site]) as replica:
        browser = BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,))
        private = (actor.name, actor.email)
        at = Place(
            browser, site.storage_state(actor), actor.identity, private, known_site_toml("facebook"), shipped=True
        )
        flow, reading = await _recorded(at, tmp_path / "ours", draft)
        assert replica.writes == []
    assert "fi" in flow.labels.languages("reply.accepted")
    assert "fi" not in known.labels.languages("reply.accepted")
    assert flow.rule == known.rule, "nothing but the words is new"
    assert reading.answer[0].value == "objected", _names(reading)


async def test_what_is_pointed_at_is_found_by_the_readers_own_rules(tmp_path: Path) -> None:
    """Title, button, fields, the message's address and the place that names the account come from the page."""
    async with LiveForm() as live, async_playwright() as playwright:
        (tmp_path / "site.toml").write_text(site_toml("Studio", HOME, (HOST,), ()))
        with room(tmp_path / "ours", DRAFT.name) as place:
            (place.service / "site.toml").write_text(site_toml("Studio", HOME, (HOST,), ()))
            flow = storing.write_form(place, replace(DRAFT, reply=None), shipped=False)
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

            assert pointing.title_at(view, at(TITLE)) == TITLE
            button = pointing.button_at(view, at(SUBMIT))
            assert button is not None
            assert pointing.button_at(view, at(TITLE)) is None
            found = pointing.form_of(view, button, Labels({}))
            assert found is not None
            assert [(one.label, one.role) for one in found.form.fields] == [
                ("E-mail", "email"), (HANDLE, pointing.OTHER), ("Why", "reason"),
            ]  # fmt: skip
            named = pointing.place_naming(view, ["claire.moreau", NUMBER])
            assert named == (EmbeddedId(near="viewer", field="id"), NUMBER)
            assert pointing.place_naming(view, ["somebody else"]) is None
            await page.goto(INBOX)
            view = await take(page, session)
            assert pointing.link_at(view, at(ANSWERED)) == MESSAGE
            assert pointing.item_pattern(MESSAGE) == "/requests/*"
            await page.goto(MESSAGE)
            view = await take(page, session)
            assert pointing.sentences_at(view, at(SENTENCE)) == (SENTENCE,)
            await guard.close_context(context)
