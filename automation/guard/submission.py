"""
What a person reviewed of a form or a setting, and what a request says against it, name by name.

What differs from the review is no submission: another account, number, frame or text, and anything under a name that
nobody declared. What is left is shown as it would leave, with what is known of each text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from automation.guard.bodies import UNREADABLE, form_pairs, json_of, media_type
from automation.guard.request import Request

if TYPE_CHECKING:
    from automation.guard.policy import GuardPolicy, Submit

_DEEPEST = 10
Path = tuple[str | int, ...]
"""Keys of objects and places in lists, from the outermost."""
_COUNTER = re.compile(r"[0-9]{0,6}|[0-9a-z]{1,3}|true|false|\{\}|\[\]")
"""What a page counts or switches by, which says nothing by itself."""
_TOKEN = re.compile(r"[\w.:/+=%|~!*-]{4,}")


class Known(StrEnum):
    """What is known of one text in a request; each has words in both languages."""

    REVIEWED = "reviewed"
    """A field that the person reviewed, under its own name."""
    RENAMED = "renamed"
    """A text that they reviewed, under a name that the page's script gives it."""
    UNSEEN = "unseen"
    """As the form held it at the review, where nobody sees it."""
    DECLARED = "declared"
    """As the flow's own file says."""
    FORM = "form"
    OPERATION = "operation"
    ACCOUNT = "account"
    CARRIED = "carried"
    """A token or counter of the page, as at the review."""

    @property
    def is_new(self) -> bool:
        """Whether the person has not seen it so before."""
        return self in {Known.RENAMED, Known.UNSEEN}


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a request."""

    name: str
    """With the names of what it stands in: `variables.input.fields`."""
    text: str = field(repr=False)
    known: Known


@dataclass(frozen=True, slots=True)
class Moment:
    """What was read at the review."""

    identity: str = field(default="", repr=False)
    """Of the account that is signed in, as the service calls it; empty where the service does not say."""
    page: str = field(default="", repr=False, compare=False)
    """The documents' markup and the cookies, in which the page's tokens stand."""

    def holds(self, text: str) -> bool:
        """Whether a token is one that the page held then, or no more than a counter."""
        if _COUNTER.fullmatch(text):
            return True
        page = self.page.replace("\\/", "/")
        return _TOKEN.fullmatch(text) is not None and (text in page or text in html.unescape(page))


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

    Everything else of the form has to be there then, as it was.
    """
    moment: Moment = Moment()

    def parts_of(self, request: Request, policy: GuardPolicy) -> tuple[Part, ...] | None:
        """All that a request says; None where it is not the form's id, its fields and what `carries` lists."""
        if request.query or request.host != self.host or request.frame not in self.frames or request.method != "POST":
            return None
        if self.declared and media_type(request) == "application/json":
            return None  # an HTML form was reviewed
        said = _said(request)
        return None if said is None else _Comparison(self, policy).parts(said)


class _Comparison:
    """One request held against what was reviewed."""

    def __init__(self, submission: Submission, policy: GuardPolicy) -> None:
        self._of, self._rule = submission, policy.guard.submit
        operations = policy.guard.operations
        self._naming = operations.fields.names | operations.fields.ids if operations else frozenset[str]()
        # Of a setting also what is left out, or there and empty, says something.
        self._exact = bool(submission.declared)
        self._waiting = [one for one in submission.fields if one.values and (self._exact or any(one.values))]
        self._empty = {one.name for one in submission.fields if one.name and "" in one.values}
        self._unsaid = {name for name in submission.hidden if self._exact or name in self._rule.account_fields}
        self._declared: dict[str, object] = dict.fromkeys(submission.declared)

    def parts(self, said: Mapping[str, object]) -> tuple[Part, ...] | None:
        """What each text is known as; None where one is not known, or one is missing."""
        found: list[Part] = []
        for path, value in _leaves(said, self._rule.content_fields):
            text = _text(value)
            known = None if text is None else self._known(_name(path), text, top=len(path) == 1)
            if text is None or known is None:
                return None
            found.append(Part(_dotted(path), text, known))
        named_form = any(part.known is Known.FORM for part in found)
        whole = named_form and not self._waiting and not self._unsaid and self._declared == self._of.declared
        return tuple(found) if whole else None

    def _known(self, name: str, text: str, *, top: bool) -> Known | None:
        of, rule = self._of, self._rule
        self._unsaid.discard(name)
        if name in self._declared:
            self._declared[name] = text
        if name in rule.form_id_fields:
            return Known.FORM if text == of.form_id else None
        if name in rule.account_fields:
            return Known.ACCOUNT if text == of.moment.identity != "" else None
        if top and name in self._naming:
            return Known.OPERATION
        if name in of.hidden:
            return Known.UNSEEN if text == of.hidden[name] else None
        if rule.is_carried(name):  # a token of the review's moment
            return Known.CARRIED if of.moment.holds(text) else None
        return Known.CARRIED if self._goes_with_it(name, text) else self._reviewed(name, text)

    def _goes_with_it(self, name: str, text: str) -> bool:
        """Whether the flow lists this text, or lets this field be empty."""
        if text:
            return self._rule.is_carried(name, text)
        return self._rule.carries_empty.fit(name) or (name in self._empty and not self._exact)

    def _reviewed(self, name: str, text: str) -> Known | None:
        """As what the person saw the text; each that was seen counts once."""
        match = next((one for one in self._waiting if one.name in {name, ""} and text in one.values), None)
        if match is None:
            return None
        self._waiting.remove(match)
        if name in self._declared:
            return Known.DECLARED
        return Known.REVIEWED if match.name else Known.RENAMED


@dataclass(frozen=True, slots=True)
class ScriptedSubmission:
    """What the person's press of a switch may send, given as a whole by the user's own flow."""

    host: str
    """Of the page that holds the switch. The request may go to any host of the declared place."""
    frames: frozenset[str]
    """The browser's names of the frames that the request may come from."""
    method: str
    body: Mapping[str, Any] = field(repr=False)
    """All that it says: an object of JSON, or the names and texts of a form."""
    moment: Moment = Moment()

    def parts_of(self, request: Request, policy: GuardPolicy) -> tuple[Part, ...] | None:
        """All that a request says; None where it is not exactly this, beside what `carries` lists."""
        rule = policy.guard.submit
        if request.query or request.method != self.method or request.frame not in self.frames:
            return None
        said = _said(request)
        if said is None or not self._is_all_of(said, rule):
            return None
        return tuple(
            Part(_dotted(path), _shown(value), Known.DECLARED if path[0] in self.body else Known.CARRIED)
            for path, value in _leaves(said, rule.content_fields)
        )

    def _is_all_of(self, said: Mapping[str, object], rule: Submit) -> bool:
        """Whether a body says what was declared; `True` is no 1, and 1 is no "1"."""
        waiting = dict(_leaves(self.body))
        known = {path[:length] for path in waiting for length in range(len(path) + 1)}
        for path, value in _leaves(said):
            if path in waiting:
                declared = waiting.pop(path)
                if value is UNREADABLE or type(declared) is not type(value) or declared != value:
                    return False
            else:
                new = next((length for length in range(len(path)) if path[: length + 1] not in known), len(path))
                if not self._is_carried(path[new:], value, rule):
                    return False
        return not waiting

    def _is_carried(self, path: Path, value: object, rule: Submit) -> bool:
        """Whether something may stand beside what was declared: it is listed, and so is everything around it."""
        if not path or not isinstance(path[0], str) or value == []:
            return False
        *around, name = (part for part in path if isinstance(part, str))
        if not all(map(rule.is_carried, around)):
            return False
        if value in ("", None) and rule.carries_empty.fit(name):
            return True
        if name in rule.account_fields:
            return str(value) == self.moment.identity != ""
        if not rule.is_carried(name):
            return isinstance(value, str) and rule.is_carried(name, value)
        return value is None or self.moment.holds(_shown(value))


Releasable = Submission | ScriptedSubmission
"""What a person agreed to send."""


def _said(request: Request) -> dict[str, object] | None:
    """Names and values of the body; None where it cannot be read with certainty."""
    if not request.body:
        return None
    if media_type(request) == "application/json":
        document = json_of(request.body)
        return document if isinstance(document, dict) else None
    pairs = form_pairs(request)
    if pairs is None or len({name for name, _ in pairs}) != len(pairs):
        return None
    return dict(pairs)


def _leaves(said: object, content_fields: Collection[str] = (), path: Path = ()) -> Iterator[tuple[Path, object]]:
    """
    Path and value of everything that is said; `UNREADABLE` for what is too deep, or no JSON where that is declared.

    Args:
        said: an object of JSON, or the names and texts of a form.
        content_fields: its fields that hold JSON as a text.
        path: of what is said.
    """
    if len(path) == 1 and path[0] in content_fields and isinstance(said, str):
        said, path = json_of(said.encode()), (*path, "")
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(said, dict):
        inner = said.items()
    elif isinstance(said, list):
        inner = enumerate(said)
    if len(path) > _DEEPEST:
        yield path, UNREADABLE
    elif not inner or not said:  # that a name is there at all says something to some servers
        yield path, said
    else:
        for key, part in inner:
            yield from _leaves(part, content_fields, (*path, key))


def _name(path: Path) -> str:
    """By which a value is called: a list's is that of its items."""
    return [part for part in path if isinstance(part, str)][-1]


def _dotted(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str) and part)


def _text(value: object) -> str | None:
    """As a form would say it; None where that cannot be told from another value."""
    if value is None or value in ("", [], {}):
        return ""
    return plain(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def plain(text: str) -> str:
    """A text with the one kind of line end: forms send another than fields hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
