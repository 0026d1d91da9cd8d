"""
`temoin flow record --form` as a person uses it: a form and its inbox, of a service whose words no flow knows.

Real: the program in a terminal, the browser's window on a screen, mouse and keys of that screen, the guard, TLS, and
the trial of what was recorded. Not real: the service.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.authoring.writing import site_toml
from automation.flow.control_table import ObjectionTable
from automation.text.labels import read_tables
from tests.authoring.recorder.desk import Desk, places_of
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
)
from tests.session.screen import Person

pytestmark = [pytest.mark.browser, pytest.mark.rare]


async def _places(live: LiveForm, person: Person, folder: Path) -> dict[str, tuple[int, int]]:
    """Where the pages show what the person is going to click."""
    file = folder / "site.toml"
    file.write_text(site_toml("Studio", HOME, (HOST,), ()))
    wanted = {FORM: [TITLE, SUBMIT, "Requests"], INBOX: [REQUESTS, ANSWERED], MESSAGE: [SENTENCE, SIGNATURE]}
    found: dict[str, tuple[int, int]] = {}
    for url, texts in {HOME: ["Object"], **wanted}.items():
        found |= await places_of(person, live.browser, read_tables(file), url, [COOKIE], texts)
    return found


async def _walk(desk: Desk, live: LiveForm, there: dict[str, tuple[int, int]]) -> None:
    """Sign in, point at the form, the inbox, the message and what it says."""
    someone = desk.person
    (desk.folder / "temoin.toml").write_text(live.browser_toml)
    await desk.start(
        "flow", "record", "studio.ai_objection", "--form", "--into", "ours", "--url", HOME, "--sign-in", "/login",
        "--config", "temoin.toml",
    )  # fmt: skip
    await desk.signs_in(live, "100080001234567", then="Walk to the objection form")
    await desk.points_at(there["Object"])
    await desk.act(someone.wait_until_still)
    desk.types()
    await desk.hears("Now click the form’s title")
    await desk.points_at(there[TITLE])
    await desk.hears(f"Found: {TITLE}")
    await desk.hears("Now click the control that sends the form")
    await desk.points_at(there[SUBMIT], clicks=2)
    await desk.hears(f"Found: {SUBMIT}")
    await desk.hears(HANDLE)
    await desk.answers("something else", "5")
    await desk.hears("Walk to the inbox")
    await desk.points_at(there["Requests"])
    await desk.act(someone.wait_until_still)
    desk.types()
    await desk.hears("Now click the inbox’s title")
    await desk.points_at(there[REQUESTS])
    await desk.answers("a message that answers an objection", "1")
    await desk.hears("Now click that message")
    await desk.points_at(there[ANSWERED])
    await desk.hears("Open that message")
    await desk.points_at(there[ANSWERED])
    await desk.act(someone.wait_until_still)
    desk.types()
    await desk.hears("Now click the sentence")
    await desk.points_at(there[SENTENCE])
    await desk.answers("What does it say", "1")
    await desk.answers("a signature or heading", "1")
    await desk.hears("Now click that signature")
    await desk.points_at(there[SIGNATURE])
    await desk.answers("By which words does the message name AI", "studio models")
    await desk.answers("speak of objecting", "leave your uploads out")
    await desk.hears(ANSWERED)
    await desk.answers("no, and the service writes it to everybody", "1")


@pytest.mark.timeout(500)
async def test_a_form_with_an_inbox(desk: Desk, tmp_path: Path) -> None:
    """
    What is recorded passes check and test at once, reads the answer live and from its own pages, and names nobody.

    No click on form, inbox or message sends anything, and what the sentence says is asked.
    """
    async with LiveForm() as live:
        there = await _places(live, desk.person, tmp_path)
        await _walk(desk, live, there)
        assert await desk.ends(240) == 0, desk.said
        assert live.writes == []
    assert "read as: objected" in desk.said
    assert "prove less" not in desk.said
    flow = shipped.load([tmp_path / "ours"])["studio.ai_objection"]
    assert audit(flow)[0] == []
    assert isinstance(flow.rule, ObjectionTable)
    assert flow.rule.form_ids == ("ai-objection",)
    assert flow.surfaces["inbox"].paths == ("/requests/*",)
    assert flow.site.identity.embedded[0].near == "viewer"
    assert flow.labels.entries["reply.accepted"]["en"][0].source.startswith("recorded by a person on")
    files = [path for path in (tmp_path / "ours").rglob("*") if path.is_file()]
    for path in files:
        for private in (*PRIVATE, "8841", "8702"):
            assert private not in path.read_text(), (path, private)
    table = tomllib.loads(
        next(path for path in files if path.parent.name == "recorded" and path.suffix == ".toml").read_text()
    )
    assert table["verdict"] == "objected"
    assert {page["url"] for page in table["pages"]} >= {HOME, FORM, INBOX, f"{INBOX}/message-1"}
