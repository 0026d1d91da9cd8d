"""The page on which an account is signed in, and what can be told of it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NoReturn, Protocol

from playwright.async_api import BrowserContext, CDPSession, Page, Request, Response

from automation.browser.capture import Masks, file_picture
from automation.browser.snapshot import Snapshots
from automation.browser.traffic import without_query
from automation.core.errors import SignInNeeded
from automation.core.records import Artifact, Redaction, RequestRecord
from automation.core.verdicts import ChallengeKind, Reason
from automation.flow.site import Site
from automation.page import Node, PageView
from automation.reading.walls import challenge_of
from automation.text.labels import Labels
from automation.text.normalizing import fold_label
from automation.text.page_words import PageWords

ASKED: Mapping[ChallengeKind, str] = {
    ChallengeKind.TWO_STEP: "the service asks for a second factor that is not at hand",
    ChallengeKind.MAIL_CODE: "the service has sent a code by e-mail and asks for it",
    ChallengeKind.APPROVE: "the service wants the sign-in approved on another device",
    ChallengeKind.CAPTCHA: "the service shows a test that only people pass",
    ChallengeKind.CHECKPOINT: "the service wants a person to confirm something",
    ChallengeKind.AUTOMATED: "the service suspects that a program uses this account",
    ChallengeKind.CHOICE: "the service asks how the person wants to confirm who they are",
    ChallengeKind.CONSENT: "the service asks for a choice that is the account holder's own",
    ChallengeKind.RECOVERY: "the service offers to recover the account",
    ChallengeKind.REENTER_PASSWORD: "the service asks for the password again",
    ChallengeKind.RATE_LIMIT: "the service asks to wait",
    ChallengeKind.SUSPENDED: "the service has suspended or disabled the account",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why signing in stopped, and its picture."""

    reason: Reason
    message: str
    picture: str | None
    url: str
    kind: ChallengeKind | None = None
    redaction: Redaction | None = None
    """What was hidden in the picture."""


class SignInStopped(SignInNeeded):
    """Signing in stopped, with the picture of what the service showed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message, reason=trouble.reason, kind=trouble.kind)
        self.trouble = trouble


SIGN_IN = "sign_in"
"""The guard's rule for the writes that signing in needs."""
_EVERYDAY = frozenset({"telemetry", "socket", "locked", "preflight", "not_https"})
"""Refused in every visit; no sign-in waits for it."""
_OUTSIDE = frozenset(
    {"host_not_listed", "host_not_mapped", "no_upstream", "port_not_443", "plain_http", "unreadable_tls", "not_http"}
)


def left(records: Iterable[RequestRecord]) -> bool:
    """Whether one of the writes that signing in needs has left."""
    return any(record.allowed and record.rule == SIGN_IN for record in records)


def writes_refused(records: Iterable[RequestRecord]) -> tuple[str, ...]:
    """Refused requests to the service itself that signing in may have needed, each once: method, place, operation."""
    refused = (r for r in records if not r.allowed and r.rule not in _EVERYDAY | _OUTSIDE and r.method != "CONNECT")
    named = (f"{r.method} {r.host}{r.path}{f' ({r.operation})' if r.operation else ''}" for r in refused)
    return tuple(dict.fromkeys(named))


def hosts_refused(records: Iterable[RequestRecord]) -> tuple[str, ...]:
    """Hosts that are not the service's and were asked for, such as another company's CAPTCHA; each once."""
    return tuple(dict.fromkeys(r.host for r in records if not r.allowed and r.rule == "host_not_listed" and r.host))


POLL_S = 0.15
PATIENCE_S = 2.5
"""How long a press may take to send something, and an answer to change the page."""
_LONGEST_S = 6 * PATIENCE_S
"""The same where the page asks for something all the time."""


class Sink(Protocol):
    """Where the picture of a refusal goes."""

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Keep one file."""


class Requests(Protocol):
    """What the guard tells about requests that left."""

    def mark(self) -> int:
        """Now, as a number."""

    def since(self, mark: int) -> Sequence[RequestRecord]:
        """Records since then."""


class SignInPage:
    """One tab of the session phase."""

    def __init__(
        self, page: Page, session: CDPSession, site: Site, labels: Labels, sink: Sink, requests: Requests
    ) -> None:
        self.tab, self.site, self.requests = page, site, requests
        self._labels, self._session, self._sink = labels, session, sink
        self._snapshots = Snapshots(page, session, site.loading)
        self._masks = Masks(site.masking, labels)
        self._status: int | None = None
        self._opened = requests.mark()
        self._unanswered: set[Request] = set()
        self._answered_at = -math.inf
        page.on("request", self._note_request)
        page.on("requestfailed", self._note_failure)
        page.on("response", self._note_response)

    def know(self, *own: str) -> None:
        """Take note of what the account goes by, to hide it."""
        self._masks.know(*own)

    @property
    def context(self) -> BrowserContext:
        """The context that the tab is in."""
        return self.tab.context

    def _note_request(self, request: Request) -> None:
        if request.is_navigation_request() or (request.method == "POST" and request.resource_type in {"xhr", "fetch"}):
            self._unanswered.add(request)

    def _note_failure(self, request: Request) -> None:
        self._unanswered.discard(request)

    def _note_response(self, response: Response) -> None:
        request = response.request
        if request in self._unanswered:
            self._unanswered.discard(request)
            self._answered_at = time.monotonic()
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._status = response.status

    async def look(self) -> PageView:
        """Describe the page as it is now. Raises playwright.async_api.Error: it is gone, or just changing."""
        return await self._snapshots.take()

    async def is_loaded(self) -> bool:
        """Whether the browser has loaded the page, with all that it is made of."""
        return bool(await self.tab.evaluate("document.readyState") == "complete")

    async def signed_in(self) -> bool:
        """Whether the cookies of a session are all there."""
        return has_session(await cookies_of(self.context, self.site), self.site)

    async def something_left(self, mark: int) -> bool:
        """
        Whether a request for signing in left since the mark; waits a moment for one.

        What the page has asked for and the guard has not decided about yet may be that request: on a slow machine a
        second press would send a second try.
        """
        started = time.monotonic()
        while not self.had_time(started) and time.monotonic() - started < _LONGEST_S:
            if left(self.requests.since(mark)) or await self.signed_in():
                return True
            await asyncio.sleep(POLL_S)
        return left(self.requests.since(mark))

    def had_time(self, since: float) -> bool:
        """Whether the page had time to change since a moment of `time.monotonic`: the service has answered before."""
        return not self._unanswered and time.monotonic() - max(since, self._answered_at) >= PATIENCE_S

    @staticmethod
    def is_at(view: PageView, patterns: Iterable[str]) -> bool:
        """Whether the page's path fits one of these patterns, in which `*` stands for any letters."""
        return any(fnmatchcase(view.path, pattern) for pattern in patterns)

    def asks(self, view: PageView) -> ChallengeKind | None:
        """What the page wants from a person before it goes on."""
        return asked_of_a_person(view, self._status, self.site, self._labels)

    def named(self, key: str, view: PageView, *, everywhere: bool = False) -> list[Node]:
        """Buttons whose name the label table knows: in the page's language and English, or in every language."""
        words = self.words(view)
        names = (words.wherever_known(key) if everywhere else words.with_english).names(key)
        return [node for node in buttons_of(view) if fold_label(node.name) in names]

    def words(self, view: PageView) -> PageWords:
        """The service's words in the language that the page declares."""
        return PageWords.of(self._labels, view.locale)

    async def press(self, node: Node) -> None:
        """Press a button of the view by its accessible name."""
        await self.tab.get_by_role("button", name=node.name, exact=True).first.click()

    async def press_only(self, *selectors: str) -> bool:
        """Press what a selector finds, of the first that finds exactly one; whether there was such."""
        for selector in selectors:
            found = self.tab.locator(selector)
            if await found.count() == 1:
                await found.click()
                return True
        return False

    async def stop(self, reason: Reason, message: str, kind: ChallengeKind | None = None) -> NoReturn:
        """End signing in here, with a picture. Raises SignInStopped: always."""
        filed = await file_picture(self.tab, self._session, self._snapshots.take, self._masks, self._sink)
        url = self._masks.masked_url(without_query(self.tab.url))
        picture, hidden = (filed.picture, filed.redaction) if filed else (None, None)
        raise SignInStopped(Trouble(reason, message, picture, url, kind, hidden))

    async def stop_at(self, kind: ChallengeKind, message: str = "") -> NoReturn:
        """End at what the service asks for. Raises SignInStopped: always."""
        await self.stop(kind.reason, message or ASKED[kind], kind)

    async def stop_if_guarded(self, pressed: int, started: int | None = None) -> None:
        """
        End (`guard_blocked`) where the guard refused what a press sent, and nothing left after that.

        Args:
            pressed: mark of the press.
            started: mark before anything was filled in; what the page had tried by itself until then does not count.
        """
        everything = self.requests.since(self._opened)
        unasked = self.requests.since(pressed if started is None else started)
        usual = set(writes_refused(everything[: len(everything) - len(unasked)]))
        since = self.requests.since(pressed)
        last_left = max((number for number, record in enumerate(since) if left([record])), default=-1)
        refused = [what for what in writes_refused(since[last_left + 1 :]) if what not in usual]
        if refused:
            await self.stop(
                Reason.GUARD_BLOCKED,
                f"signing in to {self.site.name} leads nowhere, and the guard refused what it may have needed: "
                f"{'; '.join(refused[:3])}",
            )


async def cookies_of(context: BrowserContext, site: Site) -> dict[str, str]:
    """The cookies that the service's home page gets: name → value."""
    return {cookie["name"]: cookie.get("value", "") for cookie in await context.cookies([site.sign_in.home])}


def has_session(cookies: Mapping[str, str], site: Site) -> bool:
    """Whether the cookies of a session are all there."""
    return all(cookies.get(name) for name in site.sign_in.session_cookies)


def asked_of_a_person(view: PageView, status: int | None, site: Site, labels: Labels) -> ChallengeKind | None:
    """
    What a page wants from a person before it goes on.

    An offer after signing in, such as keeping the login, stands in nobody's way: it is the person's to take or leave.
    """
    if SignInPage.is_at(view, site.sign_in.skip_paths):
        return None
    return challenge_of(view, status, site, PageWords.of(labels, view.locale))


def buttons_of(view: PageView) -> list[Node]:
    """Shown buttons that have a name."""
    return [node for node in view.shown_nodes() if node.role == "button" and node.name]


def beside(view: PageView, field: Node | None, buttons: list[Node]) -> list[Node]:
    """The one button after a field in the smallest group that has any: for languages without a sourced name of it."""
    if field is None:
        return []
    for ancestor in view.ancestors(field.index):
        after = [
            b for b in buttons if b.tag != "A" and b.index > field.index and view.is_inside(b.index, ancestor.index)
        ]
        if after:
            return after if len(after) == 1 else []
    return []


def password_fields(view: PageView) -> list[Node]:
    """Shown fields for a password."""
    return [node for node in view.shown_nodes() if node.attributes.get("type", "").lower() == "password"]
