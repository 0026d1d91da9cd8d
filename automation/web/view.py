"""What a page is made of: its templates in one language, who is asking, and how an answer looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from automation.app.logs import redact
from automation.browser.environment.machine import has_screen
from automation.core.errors import BrowserNotFound, TemoinError
from automation.reports import as_html
from automation.reports.names import VERDICT_NAMES
from automation.reports.saying import own_name
from automation.text.catalogue import LANGUAGES, N_
from automation.text.language import Language, language
from automation.web.cards import Deed, pressed
from automation.web.desk import Desk
from automation.web.jobs import JobKind, Jobs, JobState
from automation.web.security import LANGUAGE_COOKIE, Door, posted

HERE = Path(__file__).parent
SAID: Mapping[str, str] = {
    "added": N_("The account is there now. Check it to see where it stands."),
    "signed_in": N_("Signed in. The session is stored on this machine, encrypted."),
    "changed": N_("Changed."),
    "removed": N_("The account and its session are gone from this machine. Its evidence stays in the folder."),
    "recorded": N_("Written down as said by you. It settles what the next check leaves open."),
    "looked": N_("Written down as what you saw. It counts at once for every account that is shown the same."),
    "revoked": N_("Taken back. What rested on it is judged again without it."),
    "installed": N_("The schedule is installed."),
    "uninstalled": N_("The schedule is off."),
}
"""What is said at the top of the next page; an address can only choose one of these."""


@dataclass(frozen=True)
class Front:
    """What the pages share."""

    desk: Desk
    door: Door
    jobs: Jobs
    default_language: str
    quit: Callable[[], None]
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class View:
    """One request, as a handler sees it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.front: Front = request.app.state.front
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        self.words: Language = language(chosen if chosen in LANGUAGES else self.front.default_language)
        self.desk, self.jobs, self.root = self.front.desk, self.front.jobs, self.front.door.root

    @property
    def path(self) -> str:
        """The address below the first page."""
        return str(self.request.scope["path"]).removeprefix(self.root)

    def page(self, template: str, values: Mapping[str, Any] | None = None, status: int = HTTPStatus.OK) -> Response:
        """A whole page."""
        said = self.words.gettext(SAID.get(self.request.query_params.get("said", ""), ""))
        shown = {
            "notice": said,
            "running": self.jobs.running(),
            "screenless": not has_screen(self.desk.around.computer()),
        }
        text = self.part(template, **shown, **(values or {}))
        return HTMLResponse(text, status)

    def part(self, template: str, **values: Any) -> str:
        """The text of a template."""
        made = environment(self.words.code).get_template(template)
        return made.render(
            whose=self.desk.known_as, root=self.root, token=self.front.door.form, path=self.path, **values
        )

    def go(self, where: str, said: str = "", part: str = "") -> Response:
        """Send the browser to another page of ours after a post, or to a part of it."""
        address = self.root + where + (f"?said={said}" if said else "") + (f"#{part}" if part else "")
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)

    def trouble(self, error: TemoinError, status: int = HTTPStatus.BAD_REQUEST) -> Response:
        """A page that says what is wrong and what to do; secrets that the log knows are hidden here, too."""
        values: dict[str, Any] = {
            "message": redact(self.said(error.message)),
            "remedy": redact(self.said(error.remedy)),
        }
        values["lacks_browser"] = isinstance(error, BrowserNotFound)
        return self.page("trouble.j2", {**values, "back": self._page_before()}, status)

    def said(self, text: str) -> str:
        """A text of the engine in the reader's language, with this window's buttons in place of commands."""
        return pressed(self.words.said(text), self.words)

    def _page_before(self) -> str:
        """The page of ours that the request came from, below the first page; empty where it is this one, or none."""
        before = urlsplit(self.request.headers.get("referer", ""))
        path = before.path.removeprefix(self.root)
        ours = before.netloc == self.front.door.host and before.path.startswith(self.root)
        return path if ours and path != self.path else ""


class Form:
    """The fields of a posted form."""

    def __init__(self, body: bytes, kind: str = "") -> None:
        self._fields, self.files = posted(body, kind)

    def __getitem__(self, name: str) -> str:
        """The last value of a field, without the white space around; empty where it is not there."""
        return next((value.strip() for key, value in reversed(self._fields) if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return tuple(value.strip() for key, value in self._fields if key == name)


def reading(handler: Callable[[View], Response]) -> Callable[[Request], Response]:
    """A page that only shows something; Starlette calls it in a thread, where it may block."""

    def endpoint(request: Request) -> Response:
        view = View(request)
        try:
            return handler(view)
        except TemoinError as error:
            return view.trouble(error)

    return endpoint


def acting(handler: Callable[[View, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A page that does what a form asks for, in a thread, where it may block."""

    async def endpoint(request: Request) -> Response:
        view, form = View(request), Form(await request.body(), request.headers.get("content-type", ""))
        try:
            return await run_in_threadpool(handler, view, form)
        except TemoinError as error:
            return await run_in_threadpool(view.trouble, error)

    return endpoint


@lru_cache(maxsize=len(LANGUAGES))
def environment(code: str) -> Environment:
    """Templates of one language."""
    words = language(code)
    return as_html.environment(
        HERE / "templates",
        words,
        languages=[(other, own_name(other)) for other in LANGUAGES],
        Deed=Deed,
        JobKind=JobKind,
        JobState=JobState,
        verdict_names={verdict.value: words.gettext(name) for verdict, name in VERDICT_NAMES.items()},
    )
