"""Who is asking, and what a sign-in page may do about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp

from automation.authoring.replica.actors import Actor
from automation.authoring.replica.site import ReplicaSite

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Visitor:
    """The browser that sends a request, seen by its cookies; templates sign it in and out."""

    site: ReplicaSite
    actor: Actor | None
    """Fully signed in."""
    pending: Actor | None
    """Password accepted, second step missing."""
    tries: Counter[str]
    approved: set[str]
    """User names whose holder said yes on another device."""
    cookies: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and domain of cookies to set; an empty value deletes."""

    @property
    def someone(self) -> Actor | None:
        """Whoever is known, even halfway."""
        return self.actor or self.pending

    def world(self) -> dict[str, Any]:
        """What the pages look at: the scenario's values over the site's options."""
        someone = self.someone
        return {**self.site.options, **(someone.world if someone else {})}

    def try_password(self, username: str, password: str) -> Actor | None:
        """The account that a name and password open; counts the try."""
        self.tries[username] += 1
        for actor in self.site.cast:
            if actor.username == username and actor.password == password:
                return actor
        return None

    def knows(self, username: str) -> bool:
        """Whether an account of that name exists."""
        return any(actor.username == username for actor in self.site.cast)

    def await_code(self, actor: Actor) -> None:
        """Remember the account until its second step is done."""
        self.pending = actor
        self._set(self.site.session.pending, actor.token("pending"))

    def try_code(self, code: str) -> bool:
        """Whether a code is the pending account's: of its app, one step of 30 s either way, or one that was sent."""
        if self.pending is None:
            return False
        given, secret = code.replace(" ", ""), self.pending.totp_secret
        return pyotp.TOTP(secret).verify(given, valid_window=1) if secret else given == self.pending.answer

    def is_approved(self) -> bool:
        """Whether the pending account's holder said yes on another device."""
        return self.pending is not None and self.pending.username in self.approved

    def sign_in(self, actor: Actor) -> None:
        """Set the cookies of a session."""
        self.actor, self.pending = actor, None
        for name, value in self.site.session_cookies(actor).items():
            self._set(name, value)
        self._set(self.site.session.pending, "")

    def share(self, domain: str, actor: Actor) -> None:
        """Carry a session over to another domain of the service."""
        self.cookies.append((self.site.session.shared, actor.token("shared"), domain))

    def renew(self, number: int) -> None:
        """Give the cookie that does not stay the same its next value; nothing where the service has none."""
        if self.actor is not None and self.site.session.renewed:
            self._set(self.site.session.renewed, f"{self.actor.token('renewed')}.{number}")

    def sign_out(self) -> None:
        """End the session."""
        session = self.site.session
        self.actor = None
        for name in (session.identity, session.token, session.pending, session.acting):
            if name:
                self._set(name, "")

    def _set(self, name: str, value: str) -> None:
        self.cookies.append((name, value, self.site.session.domain))


def visitor_of(
    site: ReplicaSite, cookies: Mapping[str, str], carried: str | None, tries: Counter[str], approved: set[str]
) -> Visitor:
    """
    See who sends a request.

    Args:
        site: the service whose host was asked.
        cookies: by name.
        carried: a session token in the query or body, as the service's other domains get it.
        tries: password tries so far, counted on.
        approved: user names whose holder said yes on another device.
    """
    session = site.session
    actor = (
        site.actor("session", cookies.get(session.token))
        or site.actor("shared", cookies.get(session.shared))
        or site.actor("shared", carried)
    )
    return Visitor(site, actor, site.actor("pending", cookies.get(session.pending)), tries, approved)
