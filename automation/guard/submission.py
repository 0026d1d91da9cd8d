"""The one submission that a person reviewed and released: its host, frame, form and fields, and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from automation.guard.bodies import form_pairs, media_type
from automation.guard.request import Allow, Refuse, Request

if TYPE_CHECKING:
    from automation.guard.policy import SubmitRule

SUBMIT = "submit"
"""The rule by which a released submission passes."""
NOT_RELEASED = "submit_not_released"
NOT_PRESSED, ALTERED, AGAIN = "submit_not_pressed", "submit_altered", "submit_again"
_PRESS_S = 15.0
"""How long after the press its request may come: the page may check the form, or ask for a token, in between."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of the form as the person saw it when they gave their consent."""

    name: str
    """As an HTML form sends it; empty where the page's script names it."""
    values: frozenset[str] = field(repr=False)
    """
    The texts that may stand for it: what is shown, or the chosen option's own value.

    None of them: it is not sent, as an unticked box is not; that a name is there at all says something to some servers.
    """


class Releasable(Protocol):
    """What a person agreed to send."""

    @property
    def host(self) -> str:
        """Of the page on which they saw it."""

    def is_carried_by(self, request: Request, rule: SubmitRule) -> bool:
        """Whether a request carries what was agreed to and nothing else."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What the person reviewed of a form, and what their press may therefore send."""

    host: str
    """Of the document that holds the form."""
    frames: frozenset[str]
    """The browser's names of the frames that the request may come from."""
    form_id: str
    fields: tuple[ShownField, ...]
    hidden: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names and values of what else the form sends, which nobody sees: it may not change either."""
    declared: Mapping[str, str | None] = field(default_factory=dict)
    """
    Of a setting, what the flow's file says that the request holds: name → text; None where the name may not be there.

    Everything else of the form has to be there then, as it was, and nothing that is empty may be added.
    """

    def is_carried_by(self, request: Request, rule: SubmitRule) -> bool:
        """
        Whether a request carries what was reviewed and nothing else.

        That is the form's id, its fields, and what the service's file says that such a request carries by itself.
        """
        if request.query or request.host != self.host or request.frame not in self.frames:
            return False
        if request.method != "POST" or (self.declared and media_type(request) == "application/json"):
            return False  # an HTML form was reviewed
        found = _said(request)
        return found is not None and _holds(self, rule, found)


class ReleasedSubmit:
    """
    One submission, released by a person: it may leave once, after a press, until the time is over.

    Args:
        submission: what was reviewed.
        rule: what the service's file declares of it.
        limit_s: how long the person has.
        leaving: told just before it leaves on the wire.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        submission: Releasable,
        rule: SubmitRule,
        limit_s: float,
        leaving: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._submission, self._rule, self._leaving, self._clock = submission, rule, leaving, clock
        self._until = clock() + limit_s
        self._pressed_at: float | None = None
        self._passed: Request | None = None
        self._closed = False
        self.left = False
        """Whether it was handed to the wire: the service may have it."""
        self.status: int | None = None
        """HTTP status of the answer, as soon as it begins; 0: none comes; None: it is not known yet."""

    @property
    def spent(self) -> bool:
        """Whether the one request was let through."""
        return self._passed is not None

    @property
    def failed(self) -> bool:
        """Whether an error came back, or it is known that nothing does."""
        return self.status is not None and not 0 < self.status < 400

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it."""
        return self._closed or self.spent or self._clock() >= self._until

    def press(self) -> None:
        """The person pressed the form's own button."""
        self._pressed_at = self._clock()

    def close(self) -> None:
        """Nothing passes any more."""
        self._closed = True

    def decide(self, request: Request, operation: str) -> Allow | Refuse:
        """Whether this request is the submission; it is spent by the first that is."""
        if self.spent:
            return Refuse(AGAIN, operation)
        if self.is_over:
            return Refuse(NOT_RELEASED, operation)
        if self._pressed_at is None or self._clock() - self._pressed_at > _PRESS_S:
            return Refuse(NOT_PRESSED, operation)
        if not self._submission.is_carried_by(request, self._rule):
            return Refuse(ALTERED, operation)
        self._passed = request
        return Allow(SUBMIT, reads=False, operation=operation)

    def leaves(self, head: Request) -> bool:
        """Whether what is about to leave on the wire is the request that passed; it leaves once."""
        passed = self._passed
        if passed is None or self.left or self._closed or not self.is_same_place(head):
            return False
        said = ("content-length", "content-type")
        expected = (str(len(passed.body or b"")), passed.headers.get("content-type", ""))
        if tuple(head.headers.get(name, "") for name in said) != expected:
            return False
        self._leaving()
        self.left = True
        return True

    def is_same_place(self, head: Request) -> bool:
        """Whether a request goes to where the one that passed went."""
        passed = self._passed
        return passed is not None and (head.method, head.host, head.path, head.query) == (
            passed.method,
            passed.host,
            passed.path,
            passed.query,
        )


def _said(request: Request) -> list[tuple[str, object]] | None:
    """Names and values of the body; None where it cannot be read with certainty."""
    if not request.body:
        return None
    if media_type(request) == "application/json":
        plain = json_of(request.body)
        return list(plain.items()) if isinstance(plain, dict) else None
    pairs = form_pairs(request)
    if isinstance(pairs, Refuse) or len({name for name, _ in pairs}) != len(pairs):
        return None
    return [(name, value) for name, value in pairs]


def _holds(submission: Submission, rule: SubmitRule, said: Iterable[tuple[str, object]]) -> bool:
    exact = bool(submission.declared)  # of a setting also what is left out, or there and empty, says something
    waiting = [one for one in submission.fields if one.values and (exact or any(one.values))]
    unsaid = set(submission.hidden) if exact else set()
    declared: dict[str, object] = dict.fromkeys(submission.declared)
    named_form = False
    for name, text in _leaves(said, rule):
        unsaid.discard(name)
        if name in declared:
            declared[name] = text
        if name in rule.form_id_fields:
            if text != submission.form_id:
                return False
            named_form = True
        elif name in submission.hidden:
            if text != submission.hidden[name]:
                return False
        elif not rule.carries.fit(name) and not (text == "" and (not exact or rule.carries_empty.fit(name))):
            match = next((one for one in waiting if one.name in {name, ""} and text in one.values), None)
            if match is None:
                return False
            waiting.remove(match)
    return named_form and not waiting and not unsaid and declared == submission.declared


class _Unreadable:
    """Stands for what is no text: no field has it."""


_UNREADABLE = _Unreadable()


def _leaves(said: Iterable[tuple[str, object]], rule: SubmitRule) -> Iterator[tuple[str, object]]:
    """Name and text of everything that is said."""
    for name, value in said:
        if name in rule.content_fields and isinstance(value, str):
            yield from _inside("", json_of(value.encode()), rule)
        else:
            yield from _inside(name, value, rule)


def _inside(name: str, value: object, rule: SubmitRule, depth: int = 0) -> Iterator[tuple[str, object]]:
    if depth > _DEEPEST:
        yield name, _UNREADABLE
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _inside(key, part, rule, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _inside(name, part, rule, depth + 1)
    elif value is None or value == "":
        yield name, ""
    elif isinstance(value, str):
        yield name, plain(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, str(value)
    else:
        yield name, _UNREADABLE


def plain(text: str) -> str:
    """A text with the one kind of line end: forms send another than fields hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def json_of(data: bytes) -> object:
    """A body of JSON; something that nothing equals where it cannot be read, or names something twice."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        return _UNREADABLE


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name occurs twice")
    return entries
