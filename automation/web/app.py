"""The application: every address of the local page, behind its door."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from automation.app import logs
from automation.cli.options import Lang, language, words
from automation.cli.settings import load_environment, said_in_log
from automation.web import adding, look_pages, objecting, pages, parcels, settings_pages, watching
from automation.web.desk import Desk
from automation.web.jobs import Jobs
from automation.web.security import Door, Guarded
from automation.web.view import Form, Front, View, acting, reading

_SHOWN: dict[str, Callable[[View], Response]] = {
    "/": pages.home,
    "/accounts/{name}": pages.account,
    "/accounts/{name}/look": look_pages.ask,
    "/accounts/{name}/object": objecting.ask,
    "/accounts/{name}/parcel": parcels.show,
    "/look": look_pages.ask,
    "/looks": look_pages.given,
    "/report": pages.report,
    "/evidence/{file:path}": pages.evidence,
    "/static/{file}": pages.static,
    "/add": adding.choose,
    "/add/{flow}": adding.ask,
    "/jobs/{job}": watching.job_page,
    "/jobs/{job}/picture": watching.picture,
    "/jobs/{job}/file": watching.file,
    "/schedule": settings_pages.schedule,
    "/mailbox": settings_pages.mailbox,
    "/settings": settings_pages.settings,
}
_DONE: dict[str, Callable[[View, Form], Response]] = {
    "/check": pages.check,
    "/accounts/{name}/sign-in": pages.sign_in,
    "/accounts/{name}/change": pages.change,
    "/accounts/{name}/remove": pages.remove,
    "/accounts/{name}/answer": pages.answer,
    "/accounts/{name}/verify": pages.verify,
    "/accounts/{name}/accept": pages.accepted,
    "/accounts/{name}/complaint": pages.complaint,
    "/accounts/{name}/folder": pages.folder,
    "/accounts/{name}/parcel": parcels.save,
    "/accounts/{name}/look": look_pages.answer,
    "/accounts/{name}/live": look_pages.live,
    "/accounts/{name}/object": objecting.begin,
    "/look": look_pages.answer,
    "/looks/revoke": look_pages.revoke,
    "/report/pdf": pages.pdf,
    "/add/{flow}": adding.begin,
    "/jobs/{job}/confirm": adding.confirm,
    "/jobs/{job}/consent": objecting.consent,
    "/jobs/{job}/pressed": watching.pressed,
    "/jobs/{job}/cancel": watching.cancel,
    "/browser": settings_pages.get_browser,
    "/schedule/install": settings_pages.install,
    "/schedule/remove": settings_pages.uninstall,
    "/mailbox": settings_pages.set_mailbox,
    "/mailbox/look": settings_pages.look_into_mailbox,
    "/settings/language": settings_pages.set_language,
    "/settings/backup": settings_pages.backup,
    "/language": pages.speak,
    "/quit": pages.leave,
}


def application(front: Front) -> ASGIApp:
    """The pages of one start of `temoin ui`."""
    routes = [
        *(Route(path, reading(handler), methods=["GET"]) for path, handler in _SHOWN.items()),
        *(Route(path, acting(handler), methods=["POST"]) for path, handler in _DONE.items()),
        Route("/jobs/{job}/events", watching.events, methods=["GET"]),
        Route("/{rest:path}", reading(pages.nothing), methods=["GET", "POST"]),
    ]
    inner = Starlette(routes=[Mount(front.door.root.rstrip("/"), routes=routes)])
    inner.state.front = front
    return Guarded(inner, front.door, front.default_language)


_FAREWELL_S = 2.0
_READING_S = 20.0
"""How long the file with the address stays at most, for a browser that starts slowly."""


def ui(
    config: Annotated[Path, typer.Option(help="The configuration file; it is made with the first account.")] = Path(
        "temoin.toml"
    ),
    browser: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True,
    lang: Lang = None,
) -> None:
    """
    Look after accounts in a window of your browser instead of here.

    The page is served by this program alone, to this user on this machine, and nothing is loaded from elsewhere.
    """
    settings = load_environment()
    logs.configure("WARNING", settings.secret_values(), said=said_in_log(language(lang, settings)))
    listener = listening()
    door = Door(listener.getsockname()[1])
    said = words(lang, settings)
    typer.echo(said.gettext("Témoin's page, for this machine and once only: %(url)s", url=door.invitation()), err=True)
    typer.echo(said.gettext("It ends with Ctrl-C here, or with “Quit Témoin” there."), err=True)
    with contextlib.suppress(KeyboardInterrupt):  # the everyday way to end it
        asyncio.run(serve(listener, door, Desk(config), language(lang, settings), opens=browser))
    typer.echo(said.gettext("The page has ended."), err=True)


def listening() -> socket.socket:
    """A free port on the loopback address, and on no other."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # a browser may be faster than the server
    return listener


def served(app: ASGIApp) -> uvicorn.Server:
    """The server of these pages."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # who asks is known from the connection, and from nothing that they say
            timeout_graceful_shutdown=1,
        )
    )


async def serve(listener: socket.socket, door: Door, desk: Desk, lang: str, *, opens: bool) -> None:
    """Serve the pages until somebody quits; what is under way then is ended, too."""
    loop, jobs = asyncio.get_running_loop(), Jobs()

    def end() -> None:
        server.should_exit = True

    def leave() -> None:
        loop.call_soon_threadsafe(loop.call_later, _FAREWELL_S, end)  # the last page is on its way until then

    front = Front(desk, door, jobs, lang, leave)
    server = served(application(front))
    with suppress(AttributeError, NotImplementedError, RuntimeError):  # Windows knows no SIGHUP
        loop.add_signal_handler(signal.SIGHUP, leave)
    opening = asyncio.ensure_future(asyncio.to_thread(open_in_browser, door, webbrowser.open)) if opens else None
    try:
        await server.serve(sockets=[listener])
    finally:
        door.entered.set()  # nobody is let in any more, so nothing waits for that
        if opening is not None:
            opening.cancel()
        await asyncio.to_thread(jobs.end)


def open_in_browser(door: Door, show: Callable[[str], object], system: str = sys.platform) -> None:
    """
    Open the address in the user's browser.

    On Linux the door looks at who connects, so the address may stand on a command line, which every user can read.
    Elsewhere it travels in a file of this user's, which is gone once a browser was let in.

    Args:
        door: whose address.
        show: opens an address, as `webbrowser.open` does.
        system: as `sys.platform`.
    """
    address = door.invitation()
    if system.startswith("linux"):
        show(address)
        return
    with tempfile.TemporaryDirectory(prefix="temoin-") as folder:  # mode 0700
        page = Path(folder) / "temoin.html"
        page.write_text(f'<!doctype html><meta http-equiv="refresh" content="0; url={address}">', encoding="ascii")
        show(page.as_uri())
        door.entered.wait(_READING_S)
