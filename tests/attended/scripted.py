"""
A made-up service whose settings a script saves: one as soon as its switch is pressed, one by a button that comes then.

Real: the browser's window, the person's mouse, the guard and TLS. Not real: the service, its page and its script.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from automation.authoring.replica import Replica
from tests.attended.desk import AttendedDesk
from tests.attended.studio import FLOWS, RELEASED, SITE, SettingDesk, answered

if TYPE_CHECKING:
    from pathlib import Path

    from automation.authoring.replica import Actor
    from tests.attended.studio import Answer
    from tests.session.screen import Person

PRIVACY, SAVES = "/privacy", "/api/privacy"
SHARING, DRAFTS = "Share my pictures with partners", "Use my drafts for training"
_JSON = (b"content-type", b"application/json")
_SENDS = {
    SHARING: ("PATCH", "{share: {partners: on, since: 0}, csrf: 't1'}"),
    DRAFTS: ("PUT", "{settings: [{key: 'drafts', value: on}], csrf: 't1'}"),
}

INSTEAD = {
    "another_value": "body.share.partners = true;",
    "a_value_more": "body.share.everything = true;",
    "another_kind": "body.share.partners = 'false';",
    "another_method": "method = 'PUT';",
    "another_address": "address += '?all=1';",
}
"""What the page's script exchanges as it sends."""
BESIDE = {
    "the_same_once_more": "send();",
    "by_a_worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${location.origin}${address}', {method: '${method}', "
    "headers: {'content-type': 'application/json'}, body: '${JSON.stringify(body)}'})`])));",
    "another_setting": "fetch(address, {method, headers: {'content-type': 'application/json'}, "
    "body: JSON.stringify({share: {partners: true, since: 0}})});",
}
"""What the page's script sends after it."""


class ScriptedStudio(Replica):
    """The service; its script can be turned against the person."""

    def __init__(self, label: str) -> None:
        super().__init__([SITE])
        self.label = label
        self.stands = True
        """How the setting stands at the service."""
        self.instead = self.beside = self.by_itself = ""
        """What the script does before it sends, after it, and without any press; `body` is what it is about to send."""
        honest: Any = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or scope["path"] not in {PRIVACY, SAVES}:
                await honest(scope, receive, send)
                return
            await answered(scope, receive, send, honest, actor_of(label), self._answer)

        self._app = app  # type: ignore[assignment]

    def _answer(self, method: str, path: str, sent: bytes) -> Answer:
        if path == PRIVACY:
            return 200, self._page().encode(), (b"content-type", b"text/html; charset=utf-8")
        if method not in {"PATCH", "PUT"}:
            return 405, b"{}", _JSON
        said = json.loads(sent)
        self.stands = said["share"]["partners"] if "share" in said else said["settings"][0]["value"]
        return 200, b"{}", _JSON

    def _page(self) -> str:
        method, body = _SENDS[self.label]
        return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Privacy</title></head><body>
<header><a href="/people/{actor_of(self.label).identity}">{escape(actor_of(self.label).name)}</a></header>
<main><h1>Privacy</h1><section><h2>Data for AI</h2>
<p><button type="button" role="switch" aria-checked="{str(self.stands).lower()}" aria-labelledby="called">&#9679;</button>
<span id="called">{self.label}</span></p>
<p id="place"></p></section></main>
<script>
const it = document.querySelector('[role=switch]'), direct = {str(self.label == SHARING).lower()};
const shown = () => it.getAttribute('aria-checked') === 'true';
async function send() {{
  let on = shown(), address = '{SAVES}', method = '{method}', body = {body};
  {self.instead}
  const save = fetch(address, {{method, headers: {{'content-type': 'application/json'}}, body: JSON.stringify(body)}});
  {self.beside.replace("send();", "if (!window.again) { window.again = true; send(); }")}
  const answer = await save.catch(() => null);
  if (!answer || !answer.ok) it.setAttribute('aria-checked', '{str(self.stands).lower()}');
}}
it.addEventListener('click', () => {{
  it.setAttribute('aria-checked', String(!shown()));
  if (direct) send();
  else place.innerHTML = '<button type="button">Save changes</button>', place.firstChild.onclick = send;
}});
{self.by_itself}
</script></body></html>"""


def actor_of(label: str) -> Actor:
    """Whose setting it is."""
    scenario = "sharing_trains" if label == SHARING else "drafts_trains"
    return next(one for one in SITE.cast if one.scenario == scenario)


@dataclass
class ScriptedDesk(SettingDesk):
    """Somebody before their terminal, with one account at such a service."""

    studio: ScriptedStudio

    @property
    def actor(self) -> Actor:
        """Whose account it is."""
        return actor_of(self.label)

    async def release(self) -> None:
        """Go as far as the moment in which the press may save the setting."""
        await self.begin()
        if self.label == DRAFTS:
            await self.toggle()
        await self.agree()
        await self.desk.hears(RELEASED)


@asynccontextmanager
async def at_a_script(folder: Path, person: Person, label: str) -> AsyncIterator[ScriptedDesk]:
    """The service, and a place to work."""
    async with ScriptedStudio(label) as studio:
        desk = AttendedDesk(studio, SITE, folder, person)
        desk.configure(actor_of(label), more=f'flow_paths = ["{FLOWS}"]', expect="objected")
        yield ScriptedDesk(studio, desk, label, studio)
        await desk.stop()
