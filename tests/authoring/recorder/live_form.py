"""The same service with a form to object by and an inbox that answers, in words that no flow knows."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.authoring.recorder.live import HOST, Live

HOME = f"https://{HOST}/settings"
FORM = f"https://{HOST}/help/contact/ai-objection"
INBOX = f"https://{HOST}/requests"
TITLE, SUBMIT, HANDLE, REQUESTS = "Keep my uploads out of it", "Send my wish", "What we call you", "Your requests"
ANSWERED, INVOICE = "Your wish of 12 November", "Dupont invoice"
SENTENCE = "We leave your uploads out of our studio models from now on."
SIGNATURE = "Studio wishes desk"
MESSAGE, OTHER = f"{INBOX}/8841", f"{INBOX}/8702"

_PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta name="csrf-token" content="csrf-8f3kQz71LmPw0a">
<script type="application/json">{{"viewer": {{"id": "100080001234567", "name": "Claire Moreau"}}}}</script></head>
<body><header style="display:flex;gap:40px;padding:16px"><a href="/help/contact/ai-objection">Object</a>
<a href="/requests">Requests</a><span>Claire Moreau</span></header><main style="padding:16px">{main}</main>
<script>fetch("/seen", {{method: "POST", body: "csrf-8f3kQz71LmPw0a"}}).catch(() => 0);</script></body></html>"""
_FORM = f"""<h1>{TITLE}</h1><p>Tell us, and we decide within a month.</p>
<form method="post" action="/help/contact/submit"><p><label>E-mail <input type="email" name="mail"></label></p>
<p><label>{HANDLE} <input name="handle" value="claire.moreau"></label></p>
<p><label>Why <textarea name="why"></textarea></label></p><button>{SUBMIT}</button></form>"""
_INBOX = f"""<h1>{REQUESTS}</h1><ul><li><a href="/requests/8841">{ANSWERED}</a></li>
<li><a href="/requests/8702">{INVOICE}</a></li></ul>"""
_MESSAGE = f"""<h1>{ANSWERED}</h1><p>Hi Claire,</p><p>{SENTENCE}</p><p>{SIGNATURE}</p>"""
_OTHER = f"""<h1>{INVOICE}</h1><p>Hi Claire,</p><p>Thank you for your payment.</p>"""


class LiveForm(Live):
    """The service while it is entered (`async with`)."""

    def routes(self) -> list[Route]:
        """Its pages, beside the one that signs in."""
        pages = {
            "/settings": ("Claire Moreau – settings", "<h1>Settings</h1>"),
            "/help/contact/ai-objection": (TITLE, _FORM),
            "/requests": (REQUESTS, _INBOX),
            "/requests/8841": (ANSWERED, _MESSAGE),
            "/requests/8702": (INVOICE, _OTHER),
        }

        def served(title: str, main: str) -> Route | object:
            async def page(request: Request) -> Response:
                if request.cookies.get("sid") != "session-Zq81mVb7Tt":
                    return RedirectResponse("/login")
                return HTMLResponse(_PAGE.format(title=title, main=main))

            return page

        return [Route(path, served(*shown)) for path, shown in pages.items()]  # type: ignore[arg-type]
