"""
Turns templates into answers: words filled in, class names hashed, actions numbered.

A view is a template whose text is the page's content. It may set `title` and `data` at its top level, and
says through `answer` how it wants to be sent. Its controls carry no readable hints: `act("go", url)` puts a
number into the page, and what the number means goes to the script as data.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import jinja2
import pyotp
from babel import Locale
from babel.dates import format_date
from markupsafe import Markup

from automation.authoring.replica.actors import Actor
from automation.authoring.replica.loading import WORLD
from automation.authoring.replica.site import ReplicaSite
from automation.flow.recorded_page import IDENTITY

_MISSING = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Not recorded</title></head><body></body></html>\n'
_CLASS_ATTRIBUTE = re.compile(r'(?<![\w-])class="([^"]*)"')
_HASHED = re.compile(r"x[0-9a-f]{7}")
_CLASS_SELECTOR = re.compile(r"\.(-?[a-z][a-z0-9-]*)(?=[^{}]*\{)")


@dataclass(slots=True)
class HttpResponse:
    """How a page is sent. Templates call its methods with `{% do %}`."""

    status: int = 200
    location: str = ""
    delay_s: float = 0.0
    hangs: bool = False
    """Whether nothing is ever sent."""
    whole: bool = False
    """Whether the template's text is the whole document."""
    late: bool = True
    """Whether the content may come by a read of its own, where the route names one."""
    embedded: bool = False
    """Whether the content comes with the document, as data for the script."""
    media: str = "text/html"
    """What a whole document is."""
    view: str = ""
    """Another template to show in its place."""
    shell: str = "shell.j2"
    """Template that stands around the content."""
    actions: list[list[Any]] = field(default_factory=list)

    def redirect(self, url: str, status: int = 302) -> None:
        """Send the browser somewhere else."""
        self.location, self.status = url, status

    def become(self, view: str, status: int = 200) -> None:
        """Show another template."""
        self.view, self.status = view, status

    def set(self, **values: Any) -> None:
        """Set attributes."""
        for name, value in values.items():
            setattr(self, name, value)

    def act(self, *action: Any) -> Markup:
        """Number an action for the script; stands among an element's attributes."""
        self.actions.append(list(action))
        return Markup('data-x="{}"').format(len(self.actions) - 1)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a template may know of the request that it answers."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    params: Mapping[str, str]
    phase: str
    """`document` for the page itself, `data` for the read that brings its content."""

    @property
    def url(self) -> str:
        """Path and query, as a link would hold it."""
        pairs = "&".join(f"{quote(key)}={quote(value, safe='')}" for key, value in self.query.items())
        return f"{self.path}?{pairs}" if pairs else self.path


@dataclass(frozen=True, slots=True)
class View:
    """A template's result."""

    text: str
    title: str
    data: Any
    answer: HttpResponse


class Renderer:
    """The templates of one site."""

    def __init__(self, site: ReplicaSite) -> None:
        self.site = site
        self._environment = _environment(tuple(str(folder) for folder in site.folders))

    def asset(self, name: str) -> str:
        """Path of a style sheet or script, with a name that says nothing."""
        return f"{self.site.assets}y{_short(self.site.build, name, length=11)}/{name.rpartition('.')[2]}"

    def asset_text(self, path: str) -> tuple[str, str] | None:
        """Text and media type of an asset's path."""
        if not path.startswith(self.site.assets):
            return None
        for kind, media in (("css", "text/css"), ("js", "application/javascript"), ("svg", "image/svg+xml")):
            for folder in self.site.folders:
                for file in folder.glob(f"*.{kind}"):
                    if self.asset(file.name) == path:
                        text = file.read_text(encoding="utf-8")
                        if kind == "css":
                            text = _CLASS_SELECTOR.sub(lambda found: f".{self._class(found[1])}", text)
                        return text, media
        return None

    def view(
        self, name: str, request: HttpRequest, visitor: Visitor, locale: str, memory: set[str], **more: Any
    ) -> View:
        """Fill in a template, following `answer.become`."""
        answer = HttpResponse()
        actor = visitor.actor
        page = recorded_page(actor.world, f"{request.host}{request.path or '/'}", actor.identity) if actor else None
        if page is not None:
            answer.set(whole=True, status=page[0])
            return View(page[1], "", {}, answer)
        for _ in range(4):
            values = self._values(answer, request, visitor, locale, memory) | more
            exports: Any = self._environment.get_template(name).make_module(values)
            if not answer.view:
                break
            name, answer.view = answer.view, ""
            answer.actions.clear()
        title, data = str(getattr(exports, "title", "")), getattr(exports, "data", {})
        return View(self.hash_classes(str(exports)), title, data, answer)

    def hash_classes(self, text: str) -> str:
        """Replace readable class names by ones that say nothing."""

        def hashed(found: re.Match[str]) -> str:
            return 'class="{}"'.format(" ".join(self._class(name) for name in found[1].split()))

        return _CLASS_ATTRIBUTE.sub(hashed, text)

    def _class(self, name: str) -> str:
        return name if _HASHED.fullmatch(name) else f"x{_short(self.site.build, name, length=7)}"

    def _values(
        self, answer: HttpResponse, request: HttpRequest, visitor: Visitor, locale: str, memory: set[str]
    ) -> dict[str, Any]:
        words = self.site.words

        def w(key: str, **values: str) -> str:
            text = words.text(key, locale)
            return text.format(**values) if values else text

        return {
            "service": self.site.service,
            "asset": self.asset,
            "answer": answer,
            "act": answer.act,
            "request": request,
            "phase": request.phase,
            "params": request.params,
            "visitor": visitor,
            "actor": visitor.actor,
            "world": visitor.world(),
            "locale": locale,
            "lang": locale.partition("-")[0],
            "memory": memory,
            "w": w,
            "known": lambda key: key in words.entries,
            "day": lambda text: format_date(date.fromisoformat(text), "long", _babel(locale)),
            "hashed": self._class,
            "hash_classes": self.hash_classes,
        }


def recorded_page(world: Any, place: str, identity: str) -> tuple[int, str] | None:
    """Status and markup of an address (host and path), for an account that stands for a recording; else None."""
    pages = world.get(WORLD)
    if not pages:
        return None
    status, text = pages.get(place, (404, _MISSING))
    return status, text.replace(IDENTITY, identity)


@lru_cache(maxsize=16)
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    """Templates of some folders; compiled once for all replicas of a process."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        extensions=["jinja2.ext.do"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quoted"] = lambda url: quote(url, safe="")
    environment.filters["from_json"] = json.loads
    environment.filters["query_value"] = lambda url, key: dict(parse_qsl(urlsplit(url).query)).get(key, "")
    return environment


@lru_cache(maxsize=64)
def _babel(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))


@lru_cache(maxsize=4096)
def _short(*parts: str, length: int) -> str:
    """Letters and digits from a hash."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:length]


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
        known = (actor for actor in self.site.cast if actor.username == username and actor.password == password)
        return next(known, None)

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
        for name in filter(None, (session.identity, session.token, session.pending, session.acting)):
            self._set(name, "")

    def _set(self, name: str, value: str) -> None:
        self.cookies.append((name, value, self.site.session.domain))


def visitor_of(
    site: ReplicaSite, cookies: Mapping[str, str], carried: str | None, tries: Counter[str], approved: set[str]
) -> Visitor:
    """
    See who sends a request to a service's host.

    `carried` is a session token in the query or body, as its other domains get it; `tries` are counted on.
    """
    session = site.session
    actor = (
        site.actor("session", cookies.get(session.token))
        or site.actor("shared", cookies.get(session.shared))
        or site.actor("shared", carried)
    )
    return Visitor(site, actor, site.actor("pending", cookies.get(session.pending)), tries, approved)
