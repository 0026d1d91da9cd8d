"""A saved session: its form inside the sealed file, and what of a browser's own storage state can become one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from automation.core.errors import SessionUnusable
from automation.flow.site import Site, decoded

FORMAT = "temoin.session/1"
_TEXTS = ("account", "service", "subject")
_BROWSER_TEXTS = ("executable", "version", "user_agent", "languages", "time_zone", "window")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a person said whose account it is, and what the service showed of it then."""

    at: datetime
    """Aware, UTC."""
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind → HMACs of what named the account over two loads; empty where no page names it."""


@dataclass(frozen=True, slots=True)
class SigningBrowser:
    """The browser that a person signed in with, as it said itself."""

    executable: str
    """Its path on the machine where that was."""
    version: str
    """Such as `156.0.7800.1`."""
    user_agent: str
    languages: str
    time_zone: str
    window: str
    """Inner size, such as `1280×900`."""
    windowed: bool = True
    """False where it had no window."""


@dataclass(frozen=True, slots=True)
class SavedSession:
    """One sign-in that can be used again. Its `repr` holds no cookie."""

    account: str
    service: str
    """The folder in `flows/`."""
    subject: str
    """HMAC-SHA-256 of the account's identity, in hex, as evidence has it."""
    stored_at: datetime
    """When somebody signed in; aware, UTC. A session that the service refreshed keeps it."""
    used_at: datetime | None
    """The last check that this session carried through; aware, UTC. None: not used yet."""
    storage_state: Mapping[str, Any] = field(repr=False)
    """As Playwright gives and takes it: cookies, local storage, IndexedDB."""
    confirmation: Confirmation | None = None
    """None where the service's own data named the account, or an earlier Témoin kept no marks."""
    unconfirmed: bool = False
    """True where nobody has seen whose account it is, as with a browser's own storage state."""
    browser: SigningBrowser | None = None
    """None where that is not known."""

    @property
    def confirmed_on(self) -> str | None:
        """ISO date on which a person saw who is signed in; None where nobody did."""
        if self.unconfirmed:
            return None
        return (self.confirmation.at if self.confirmation else self.stored_at).date().isoformat()

    def runs_out_at(self, cookies: tuple[str, ...]) -> datetime | None:
        """When the first of these cookies runs out; None without a date, SessionUnusable where one is not there."""
        there = {c["name"]: c.get("expires", -1) for c in self.storage_state.get("cookies", ()) if c.get("value")}
        missing = [name for name in cookies if name not in there]
        if missing:
            raise SessionUnusable(
                f"{self.account}: the saved session lacks the cookie {missing[0]} of a sign-in",
                f"Sign in again with `temoin account login {self.account}`.",
            )
        dates = [there[name] for name in cookies if there[name] > 0]
        return datetime.fromtimestamp(min(dates), UTC) if dates else None


@dataclass(frozen=True, slots=True)
class SavedSessionInfo:
    """What may be shown of one saved session."""

    account: str
    service: str = ""
    """Empty where the file cannot be opened."""
    stored_at: datetime | None = None
    used_at: datetime | None = None
    problem: str = ""
    """Why it cannot be used; empty where it can."""
    likely_end: datetime | None = None
    """When it will likely end; None where nothing is known."""


def to_bytes(saved: SavedSession) -> bytes:
    """The session as JSON, to be sealed at once."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "account": saved.account,
        "service": saved.service,
        "subject": saved.subject,
        "stored_at": saved.stored_at.isoformat(),
        "used_at": saved.used_at.isoformat() if saved.used_at else None,
        "storage_state": saved.storage_state,
        "unconfirmed": saved.unconfirmed,
    }
    if saved.confirmation:
        document["confirmation"] = {"at": saved.confirmation.at.isoformat(), "marks": dict(saved.confirmation.marks)}
    if saved.browser:
        document["browser"] = asdict(saved.browser)
    return json.dumps(document, separators=(",", ":")).encode()


def from_bytes(data: bytes, name: str) -> SavedSession:
    """Read what `to_bytes` wrote, or SessionUnusable; the text of the session is in no message and no cause."""
    document = _parsed(data)
    form = document.get("format")
    if isinstance(form, str) and form.startswith("temoin.session/") and form != FORMAT:
        raise SessionUnusable(
            f"{name}: this session has the format {form[:40]}, and this version of Témoin knows {FORMAT}",
            "Update Témoin, or sign in again with this version.",
        )
    stored_at, state = _time(document.get("stored_at")), document.get("storage_state")
    texts = {key: text for key in _TEXTS if isinstance(text := document.get(key), str)}
    if form != FORMAT or stored_at is None or not isinstance(state, dict) or len(texts) < len(_TEXTS):
        raise SessionUnusable(
            f"{name}: what is sealed in this file is no session of Témoin's",
            "Name a file that `temoin account export` wrote.",
        )
    account, service, subject = (texts[key] for key in _TEXTS)
    used_at = _time(document.get("used_at"))
    return SavedSession(
        account,
        service,
        subject,
        stored_at,
        used_at,
        state,
        confirmation=_confirmation(document.get("confirmation")),
        unconfirmed=document.get("unconfirmed") is True,
        browser=_browser(document.get("browser")),
    )


def _confirmation(table: object) -> Confirmation | None:
    at = _time(table.get("at")) if isinstance(table, dict) else None
    if at is None or not isinstance(table, dict):
        return None
    marks = table.get("marks")
    kept = {str(kind): tuple(map(str, digests)) for kind, digests in marks.items()} if isinstance(marks, dict) else {}
    return Confirmation(at, kept)


def _browser(table: object) -> SigningBrowser | None:
    if not isinstance(table, dict):
        return None
    texts = {key: str(table.get(key, "")) for key in _BROWSER_TEXTS}
    return SigningBrowser(**texts, windowed=table.get("windowed") is not False)


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError:  # it holds the whole text, so it must not become the cause of anything
        return {}
    return document if isinstance(document, dict) else {}


def _time(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return time.astimezone(UTC) if time is not None and time.tzinfo is not None else None


def is_storage_state(data: bytes) -> bool:
    """Whether these bytes are one, and no sealed export."""
    return isinstance(_parsed(data).get("cookies"), list)


def of_service(data: bytes, site: Site, identity: str, name: str) -> tuple[Mapping[str, Any], bool]:
    """
    The part of a storage state that belongs to a service, and whether its cookies name the account.

    Raises SessionUnusable: nothing in it is the service's, or its cookies name another account. `name` is what to call
    the file in a message.
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
