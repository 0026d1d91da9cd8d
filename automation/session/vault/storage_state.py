"""A browser's own storage state, as Playwright writes it: what of it belongs to one service, and whom it names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from automation.core.errors import SessionUnusable
from automation.flow.site import decoded

if TYPE_CHECKING:
    from automation.flow.site import Site


def is_storage_state(data: bytes) -> bool:
    """Whether these bytes are one, and no sealed export."""
    return isinstance(_parsed(data).get("cookies"), list)


def of_service(data: bytes, site: Site, identity: str, name: str) -> tuple[Mapping[str, Any], bool]:
    """
    The part of a storage state that belongs to a service, and whether its cookies name the account.

    Args:
        data: the file's content.
        site: the service; what belongs to other sites is left out.
        identity: what the service calls the account.
        name: what to call the file in a message.

    Raises:
        SessionUnusable: nothing in it is the service's, or its cookies name another account.
    """
    document = _parsed(data)
    cookies = [c for c in document.get("cookies", ()) if isinstance(c, Mapping) and _owns(site, c)]
    origins = [
        o for o in document.get("origins") or () if isinstance(o, Mapping) and site.owns(str(o.get("origin", "")))
    ]
    if not cookies and not origins:
        raise SessionUnusable(
            f"{name}: this storage state holds nothing of {site.name}", "Write it after signing in there."
        )
    named = {decoded(str(c.get("value", ""))) for c in cookies if c.get("name") in site.identity.cookies}
    named -= set(site.identity.nobody)
    if named and named != {identity.strip()}:
        raise SessionUnusable(
            f"{name}: this session is of another account than the one in temoin.toml",
            "Correct `identity`, or sign in with the right account first.",
        )
    return {"cookies": cookies, "origins": origins}, bool(named)


def _owns(site: Site, cookie: Mapping[str, Any]) -> bool:
    domain = str(cookie.get("domain", "")).lstrip(".")
    return bool(domain) and (site.owns(f"https://{domain}/") or site.owns(f"https://www.{domain}/"))


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError:  # it may hold the whole text, which is a session
        return {}
    return document if isinstance(document, dict) else {}
