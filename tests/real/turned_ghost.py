"""
Ghost's switch and its Save button before a person, with an admin that may turn against them.

Real: Ghost with its admin, API, database and the log that it keeps of what people do. Not real: the scripts that stand at
the head of its admin, the service worker, and a redirect in place of its answer, all of which the proxy in front of it
puts there.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.real import ghost
from tests.real.account import FLOWS
from tests.real.applications import Rows
from tests.real.ghost import Ghost
from tests.real.objecting import WITH_WORKER, AtSetting, worker
from tests.real.serving import Asked
from tests.real.turning import Turning

READER = "claire"
OPENS, KEY, LABEL = "ghost.opens", "email_track_opens", "Newsletter opens"
SETTINGS = "/ghost/api/admin/settings/"
DECLARED = json.dumps({"settings": [{"key": KEY, "value": False}]}, separators=(",", ":"))

_SAVE = """
const save = body => fetch('/ghost/api/admin/settings/',
  {method: 'PUT', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
"""
_MEANS = (
    f"const declared = {DECLARED}, place = '{SETTINGS}', honest = window.fetch;"
    + _SAVE.replace("fetch", "honest")
    + """
const other = {settings: [{key: 'title', value: 'Mine'}]};
const switchOf = label => [...document.querySelectorAll('[role=switch]')]
  .find(one => one.labels[0]?.textContent === label);
const buttons = () => [...document.querySelectorAll('button')].filter(one => one.textContent.trim() === 'Save');
const atPress = (type, act) => addEventListener(type, event => {
  const button = event.target.closest?.('button');
  if (button?.textContent.trim() === 'Save') act(button, event);
}, true);
const beforeIt = act => atPress('click', (button, event) => {
  if (!event.isTrusted) return;
  event.stopImmediatePropagation();
  act();
  setTimeout(() => button.click(), 500);
});
const asItSends = act => { window.fetch = (address, options = {}) => {
  if (options.method !== 'PUT') return honest(address, options);
  const sent = {address, body: JSON.parse(options.body), method: 'PUT', by: honest};
  act(sent);
  const {by} = sent;
  return by(sent.address, {...options, method: sent.method, body: JSON.stringify(sent.body)});
}; };
"""
)
_INSTEAD = {
    "another_value": "asItSends(sent => { sent.body.settings[0].value = true; });",
    "another_setting": "asItSends(sent => { sent.body.settings[0].key = 'is_private'; });",
    "a_setting_more": "asItSends(sent => { sent.body.settings.push(other.settings[0]); });",
    "another_method": "asItSends(sent => { sent.method = 'POST'; });",
    "another_address": "asItSends(sent => { sent.address = '/ghost/api/admin/users/me/'; });",
    "a_query": "asItSends(sent => { sent.address += '?include=all'; });",
    "from_a_frame": "if (top !== window) save(declared); asItSends(sent => { sent.by = () => { "
    "const frame = document.createElement('iframe'); frame.src = '/ghost/'; document.body.append(frame); "
    "return new Promise(() => null); }; });",
    "from_another_tab": "if (opener) save(declared); "
    "asItSends(sent => { sent.by = () => (window.open('/ghost/'), new Promise(() => null)); });",
    "another_switch_pressed": "beforeIt(() => switchOf('Newsletter clicks').click());",
    "switched_back": "beforeIt(() => switchOf('Newsletter opens').click());",
    "another_button": "atPress('pointerover', old => { if (old.dataset.copy) return; "
    "const copy = old.cloneNode(true); copy.dataset.copy = '1'; copy.onclick = () => save(declared); "
    "old.replaceWith(copy); });",
}
_BESIDE = {
    "a_form": "atPress('click', () => { const form = document.createElement('form'); "
    "const aside = document.createElement('iframe'); form.method = 'post'; form.action = place; "
    "form.target = aside.name = 'aside'; document.body.append(aside, form); form.submit(); });",
    "the_same_once_more": "atPress('click', () => { save(declared); save(declared); });",
    "other_requests": "atPress('click', () => { save(other); const asked = new XMLHttpRequest(); "
    "asked.open('PUT', place); asked.setRequestHeader('content-type', 'application/json'); "
    "asked.send(JSON.stringify(other)); navigator.sendBeacon(place, JSON.stringify(other)); });",
    "all_the_time": "setInterval(() => save(declared).catch(() => null), 300);",
    "an_empty_frame": "asItSends(sent => { const frame = document.createElement('iframe'); "
    "document.body.append(frame); sent.by = frame.contentWindow.fetch; save(declared); });",
    "another_tab": "if (opener) save(declared); atPress('click', () => window.open('/ghost/'));",
    "a_worker": "atPress('click', () => new Worker(URL.createObjectURL(new Blob([`fetch('${location.origin}${place}', "
    "{method: 'PUT', headers: {'content-type': 'application/json'}, body: '${JSON.stringify(declared)}'})`]))));",
    "a_service_worker": WITH_WORKER,
}


@dataclass
class AtSwitch(AtSetting):
    """Claire at Ghost's settings, and the switch of whether it is recorded that readers open a letter."""

    publication: Ghost = None  # type: ignore[assignment]

    label = LABEL
    once = (
        [f"PUT {SETTINGS} {DECLARED}"],
        [f"+ actions: edited {KEY}", f"- settings: {KEY} true", f"+ settings: {KEY} false"],
    )
    instead, beside = _INSTEAD, _BESIDE
    unheard = frozenset({"another_address"})
    presses_itself = "setInterval(() => buttons().forEach(one => one.click()), 200);"

    def put_back(self) -> None:
        """And what the scripts would change."""
        self.publication.choose(email_track_opens=True, email_track_clicks=True, title="Hearth", is_private=False)

    @property
    def is_on(self) -> bool:
        """By the text that stands for it."""
        return self.publication.setting(KEY) == "true"

    def state(self) -> Rows:
        """All of them: nothing changes there by itself."""
        return self.publication.state()

    def row(self, table: str, row: tuple[object, ...]) -> str:
        """Settings with their value, and what the log says of who changed what."""
        if table == "settings":
            return f"{table}: {row[2]} {row[3]}"
        if table == "actions":
            return f"{table}: {row[5]} {json.loads(str(row[6]))['key']}"
        return table

    def said(self, one: Asked) -> str:
        """With its body."""
        return f"{one.method} {one.path} {one.body}"

    def turned(self, script: str) -> AbstractContextManager[None]:
        """At the head of its admin."""
        return self.served.turned(Turning(f"{{{_MEANS}{script}}}", worker(f"{_SAVE}save({DECLARED})")))

    def redirecting(self, status: int) -> AbstractContextManager[None]:
        """To the same address, by the proxy."""
        return self.served.turned(Turning(redirect=status, target=SETTINGS))

    async def save_in(self, page: Page) -> None:
        """By the switch and its group's button."""
        await ghost.save_switch(page, LABEL)

    def cookies(self) -> list[dict[str, object]]:
        """By its API."""
        return self.publication.cookies(READER)

    async def switch(self) -> None:
        """Nothing is sent by that: a button comes."""
        desk = self.user.desk
        await desk.act(lambda: desk.person.toggle(LABEL))

    async def press_early(self) -> None:
        """By the keyboard, as it is outlined only once it may be pressed: it comes after the one that gives up."""
        someone = self.user.desk.person
        await self.user.desk.act(
            lambda: someone.seek("Cancel"), lambda: someone.press("Tab", "Return"), someone.wait_until_still
        )


@asynccontextmanager
async def at_switch(folder: Path) -> AsyncIterator[AtSwitch]:
    """A publication with one more administrator, who has signed in by hand."""
    ghost.require()
    async with ghost.staged(folder, OPENS, READER) as (publication, served, user):
        user.configure(FLOWS / "ghost")
        await user.sign_in(publication.address(READER), field="Email address")
        yield AtSwitch(served, user, publication=publication)
