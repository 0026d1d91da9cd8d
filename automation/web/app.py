"""The application: every address of the local page, behind its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from automation.web import adding, look_pages, objecting, pages, settings_pages, watching
from automation.web.security import Guarded
from automation.web.view import Form, Front, View, acting, reading

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp

_SHOWN: dict[str, Callable[[View], Response]] = {
    "/": pages.home,
    "/accounts/{name}": pages.account,
    "/accounts/{name}/look": look_pages.ask,
    "/accounts/{name}/object": objecting.ask,
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
    "/accounts/{name}/complaint": pages.complaint,
    "/accounts/{name}/folder": pages.folder,
    "/accounts/{name}/look": look_pages.answer,
    "/accounts/{name}/object": objecting.begin,
    "/looks/revoke": look_pages.revoke,
    "/report/pdf": pages.pdf,
    "/add/{flow}": adding.begin,
    "/jobs/{job}/confirm": adding.confirm,
    "/jobs/{job}/consent": objecting.consent,
    "/jobs/{job}/switched": objecting.switched,
    "/jobs/{job}/cancel": watching.cancel,
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
