"""
A made-up service whose settings are one HTML form, and a person at their desk before it.

Its flow is one of the user's own (`flows/studio`): the only kind that can declare what a setting's button sends, as no
source says that of any service.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from automation.authoring.replica import Replica, load_site
from tests.attended.desk import ACCOUNT, AttendedDesk

if TYPE_CHECKING:
    from automation.authoring.replica import Actor
    from tests.session.screen import Person

FLOWS = Path(__file__).parent / "flows"
SITE = load_site("studio", FLOWS)
ACTOR = next(one for one in SITE.cast if one.scenario == "training_trains")
SETTINGS = "/settings"
LABEL = "Use my pictures for training"
ASKED = "and press Enter; Enter alone"
RELEASED = "Now press the outlined button"
_TOKEN = "a token of the form 42"

INSTEAD = {
    "another_action": "form.action = '/leave';",
    "another_field": "form.elements.name.value = 'Somebody else';",
    "the_setting_back": "form.elements.training.checked = true;",
    "a_field_more": "const more = document.createElement('input'); more.type = 'hidden'; more.name = 'everything'; "
    "more.value = 'on'; form.append(more);",
    "an_empty_field_more": "const more = document.createElement('input'); more.type = 'hidden'; more.name = 'offers'; "
    "form.append(more);",
    "a_field_less": "form.elements.beta.remove();",
    "a_hidden_value": "form.elements.token.value = 'another';",
    "another_target": "form.target = '_blank';",
    "another_encoding": "form.enctype = 'multipart/form-data';",
}
"""What the page exchanges at the moment of the press: nothing arrives."""
BESIDE = {
    "another_form": "document.forms[1].submit();",
    "the_form_by_script": "fetch('/settings', {method: 'POST', body: new URLSearchParams({form: 'settings', training: '1'})});",
    "another_tab": "window.open('/settings').fetch('/settings', {method: 'POST', body: new URLSearchParams("
    "{form: 'settings', training: '1'})});",
}
"""What the page sends at the moment of the press: the declared form arrives once, and nothing else."""


@dataclass
class Kept:
    """How the account's settings stand at the service."""

    name: str = "Claire"
    newsletter: bool = True
    offers: bool = False
    beta: bool = True
    training: bool = True


class Studio(Replica):
    """The service; its page can be turned against the person."""

    def __init__(self) -> None:
        super().__init__([SITE])
        self.kept = Kept()
        self.at_press = ""
        """What the page's script does at the moment of the press; `form` is the form."""
        self.other_button = ""
        """Another button of the form, before the one that saves it."""
        self.event = "pointerdown"
        """What is the moment of the press to it."""
        honest: Any = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or scope["path"] != SETTINGS:
                await honest(scope, receive, send)
            else:
                await answered(scope, receive, send, honest, ACTOR, self._answer)

        self._app = app  # type: ignore[assignment]

    def _answer(self, method: str, _path: str, sent: bytes) -> Answer:
        if method == "POST":
            self._save(dict(parse_qsl(sent.decode(), keep_blank_values=True)))
            return 303, b"", (b"location", SETTINGS.encode())
        return 200, self._page().encode(), (b"content-type", b"text/html; charset=utf-8")

    def _save(self, said: dict[str, str]) -> None:
        """As servers in PHP do: a box is ticked where its name is there."""
        ticked = {name: name in said for name in ("newsletter", "offers", "beta", "training")}
        self.kept = Kept(said.get("name", self.kept.name), **ticked)

    def _page(self) -> str:
        kept = self.kept

        def box(name: str, label: str, style: str = "") -> str:
            ticked = " checked" if getattr(kept, name) else ""
            return (
                f'<p style="{style}"><label><input type="checkbox" name="{name}" value="1"{ticked}> {label}</label></p>'
            )

        return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Settings</title></head><body>
<header><a href="/people/{ACTOR.identity}">{escape(ACTOR.name)}</a></header>
<main><h1>Settings</h1>
<form method="post" action="/settings">
<input type="hidden" name="form" value="settings"><input type="hidden" name="token" value="{_TOKEN}">
<section><h2>You</h2><p><label>Display name <input name="name" value="{escape(kept.name)}"></label></p>
<p><label>Login <input name="login" value="claire" disabled></label></p>
{box("newsletter", "News by e-mail")}{box("offers", "Offers of others")}{box("beta", "Try new things", "display:none")}</section>
<section><h2>Data for AI</h2>{box("training", LABEL)}</section>
<p>{self.other_button}<button name="save" value="yes">Save</button></p></form>
<form method="post" action="/settings"><input type="hidden" name="form" value="leave"><button>Leave Studio</button></form>
</main>
<script>addEventListener('{self.event}', event => {{
  if (event.target.name !== 'save') return;
  const form = document.forms[0];
  {self.at_press}
}}, true);</script></body></html>"""


Answer = tuple[int, bytes, tuple[bytes, bytes]]
"""Status, body, and one header."""


async def answered(
    scope: Any, receive: Any, send: Any, honest: Any, actor: Actor, answer: Callable[[str, str, bytes], Answer]
) -> None:
    """
    Serve a page of the service's own to whoever is signed in; the replica counts what arrives, as it always does.

    Args:
        scope: of the request, as the two after it.
        receive: gives its parts.
        send: takes the answer's.
        honest: the replica as it is.
        actor: whose page it is.
        answer: given method, path and body.
    """
    sent, messages = b"", list[Any]()

    async def hear() -> Any:
        nonlocal sent
        message = await receive()
        sent += message.get("body", b"")
        return message

    async def keep(message: Any) -> None:
        messages.append(message)

    await honest(scope, hear, keep)
    cookies = dict(scope["headers"]).get(b"cookie", b"")
    if all(value.encode() in cookies for value in SITE.session_cookies(actor).values()):
        status, body, header = answer(scope["method"], scope["path"], sent)
        headers = [header, (b"content-length", str(len(body)).encode())]
        messages = [
            {"type": "http.response.start", "status": status, "headers": headers},
            {"type": "http.response.body", "body": body},
        ]
    for message in messages:
        await send(message)


@dataclass
class SettingDesk:
    """Somebody before their terminal, with one account whose setting they want to switch."""

    replica: Replica
    desk: AttendedDesk
    label: str

    @property
    def saved(self) -> list[str]:
        """Paths of every write that arrived."""
        return [one.path for one in self.replica.writes]

    async def begin(self) -> None:
        """Start, as far as the first question."""
        await self.desk.start("object", "file", ACCOUNT)
        await self.desk.hears(ASKED)

    async def toggle(self, label: str = "") -> None:
        """Press a box or a switch by the keyboard."""
        await self.desk.act(lambda: self.desk.person.toggle(label or self.label))

    async def agree(self) -> None:
        """Have it shown once more, and type the account's name."""
        asked = self.desk.said.count(ASKED)
        self.desk.types("")
        await self.desk.hears(ASKED, times=asked + 1)
        self.desk.types(ACCOUNT)

    async def interrupted(self) -> None:
        """Ctrl-C, for the program and all that it started."""
        assert self.desk.process is not None
        os.killpg(self.desk.process.pid, signal.SIGINT)
        assert await self.desk.ends() == 130, self.desk.said


@dataclass
class StudioDesk(SettingDesk):
    """The same at the studio's form."""

    studio: Studio
    switched: Kept = field(default_factory=lambda: replace(Kept(), training=False))
    """The settings as they are once the setting is switched, and nothing else."""

    async def release(self) -> None:
        """Go as far as the moment in which the press may save the setting."""
        await self.begin()
        await self.toggle()
        await self.agree()
        await self.desk.hears(RELEASED)


@asynccontextmanager
async def at_the_studio(folder: Path, person: Person) -> AsyncIterator[StudioDesk]:
    """A stand-in of the service, and a place to work."""
    async with Studio() as studio:
        desk = AttendedDesk(studio, SITE, folder, person)
        desk.configure(ACTOR, more=f'flow_paths = ["{FLOWS}"]', expect="objected")
        yield StudioDesk(studio, desk, LABEL, studio)
        await desk.stop()
