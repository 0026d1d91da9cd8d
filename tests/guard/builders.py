"""Requests and policies for the guard's tests."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Awaitable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from automation.guard import Allow, GuardPolicy, Refuse, Request
from automation.guard.released import ReleasedSubmit

FLOWS = Path(__file__).parents[2] / "flows"
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
GRAPHQL = "https://www.facebook.com/api/graphql/"
HOSTILE: dict[str, Any] = {
    "hosts": ["site.test", "*.site.test"],
    "guard": {
        "read_paths": ["/read"],
        "get_deny": {"paths": ["/logout*"], "segments": ["confirm*"], "query": ["action=*", "fb_dtsg=*"]},
        "operations": {
            "paths": ["/api/graphql/"],
            "name_fields": ["fb_api_req_friendly_name"],
            "name_headers": ["x-fb-friendly-name"],
            "id_fields": ["doc_id"],
            "text_fields": ["query"],
            "read": ["*Query"],
            "never": ["*Mutation*"],
            "never_ids": ["666"],
        },
        "sign_in": {"paths": ["/login/"]},
    },
}
"""What the hostile site's visitors may do there."""


@cache
def site_policy(service: str) -> GuardPolicy:
    """The policy of a service in `flows/`, as it is shipped."""
    return GuardPolicy.parse(tomllib.loads((FLOWS / service / "site.toml").read_text()))


def a_request(method: str, url: str, body: bytes | str | None = None, **more: Any) -> Request:
    """A request for an address; a body of text is sent as it is."""
    address = urlsplit(url)
    return Request(
        method=method,
        host=address.netloc.lower(),
        path=address.path or "/",
        query=address.query,
        body=body.encode() if isinstance(body, str) else body,
        scheme=address.scheme,
        **more,
    )


def an_operation(*names: str, url: str = GRAPHQL, headers: dict[str, str] | None = None, **fields: str) -> Request:
    """A form-encoded GraphQL request as Meta's client sends it."""
    pairs = [
        ("av", "100080000000000"),
        ("__a", "1"),
        ("fb_dtsg", "token"),
        *(("fb_api_req_friendly_name", name) for name in names),
        ("variables", "{}"),
        *fields.items(),
    ]
    return a_request("POST", url, urlencode(pairs), headers={**FORM, **(headers or {})})


async def seen(_request: Request) -> bool:
    """The page tells of a request as one of the frame that the person saw."""
    return True


async def answer(
    decided: Allow | Refuse | Awaitable[Allow | Refuse], release: ReleasedSubmit, *, yes: bool
) -> Allow | Refuse:
    """What becomes of a request; where it is held, the person says yes to it, or no."""
    if isinstance(decided, Allow | Refuse):
        return decided
    waiting = asyncio.ensure_future(decided)
    for _ in range(5):
        await asyncio.sleep(0)
    release.answer(let_on=yes)
    return await waiting
