"""
A made-up service whose settings are one HTML form, and a person at their desk before it.

Its flow is one of the user's own (`flows/studio`): the only kind that can declare what a setting's button sends, as no
source says that of any service.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from automation.authoring.replica import Replica, load_site
from tests.attended.desk import ACCOUNT, AttendedDesk

if TYPE_CHECKING:
    from tests.session.screen import Person

FLOWS = Path(__file__).parent / "flows"
SITE = load_site("studio", FLOWS)
ACTOR = next(one for one in SITE.cast if (one.scenario, one.locale) == ("trains", "en"))
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
                return
            sent, answer = b"", []

            async def hear() -> Any:
                nonlocal sent
                message = await receive()
                sent += message.get("body", b"")
                return message

            async def keep(message: Any) -> None:
                answer.append(message)

            await honest(scope, hear, keep)
            cookies = dict(scope["headers"]).get(b"cookie", b"")
            is_theirs = all(value.encode() in cookies for value in SITE.session_cookies(ACTOR).values())
            if is_theirs and scope["method"] == "POST":
                self._save(dict(parse_qsl(sent.decode(), keep_blank_values=True)))
                answer = _answer(303, b"", (b"location", SETTINGS.encode()))
            elif is_theirs:
                answer = _answer(200, self._page().encode(), (b"content-type", b"text/html; charset=utf-8"))
            for message in answer:
                await send(message)

        self._app = app  # type: ignore[assignment]

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


def _answer(status: int, body: bytes, header: tuple[bytes, bytes]) -> list[Any]:
    return [
        {
            "type": "http.response.start",
            "status": status,
            "headers": [header, (b"content-length", str(len(body)).encode())],
        },
        {"type": "http.response.body", "body": body},
    ]


@dataclass
class StudioDesk:
    """Somebody before their terminal, with one account at the studio."""

    studio: Studio
    desk: AttendedDesk
    switched: Kept = field(default_factory=lambda: replace(Kept(), training=False))
    """The settings as they are once the setting is switched, and nothing else."""

    @property
    def saved(self) -> list[str]:
        """Paths of every write that arrived."""
        return [one.path for one in self.studio.writes]

    async def begin(self) -> None:
        """Start, as far as the first question."""
        await self.desk.start("object", ACCOUNT)
        await self.desk.hears(ASKED)

    async def toggle(self, label: str = LABEL) -> None:
        """Press a box by the keyboard."""
        await self.desk.act(lambda: self.desk.person.toggle(label))

    async def agree(self) -> None:
        """Have the form shown once more, and type the account's name."""
        asked = self.desk.said.count(ASKED)
        self.desk.types("")
        await self.desk.hears(ASKED, times=asked + 1)
        self.desk.types(ACCOUNT)

    async def release(self) -> None:
        """Go as far as the moment in which the press may save the setting."""
        await self.begin()
        await self.toggle()
        await self.agree()
        await self.desk.hears(RELEASED)

    async def interrupted(self) -> None:
        """Ctrl-C, for the program and all that it started."""
        assert self.desk.process is not None
        os.killpg(self.desk.process.pid, signal.SIGINT)
        assert await self.desk.ends() == 130, self.desk.said


@asynccontextmanager
async def at_the_studio(folder: Path, person: Person) -> AsyncIterator[StudioDesk]:
    """A stand-in of the service, and a place to work."""
    async with Studio() as studio:
        desk = AttendedDesk(studio, SITE, folder, person)
        desk.configure(ACTOR, more=f'flow_paths = ["{FLOWS}"]', expect="objected")
        yield StudioDesk(studio, desk)
        await desk.stop()
