"""The one request by which a page's script saves a setting, given as a whole by the user's own flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from automation.guard.bodies import form_pairs, media_type
from automation.guard.request import Refuse
from automation.guard.submission import json_of

if TYPE_CHECKING:
    from automation.guard.policy import SubmitRule
    from automation.guard.request import Request


@dataclass(frozen=True, slots=True)
class ScriptedSubmission:
    """What the person's press of a switch may send."""

    host: str
    """Of the page that holds the switch. The request may go to any host of the declared place."""
    frames: frozenset[str]
    """The browser's names of the frames that the request may come from."""
    method: str
    body: Mapping[str, Any] = field(repr=False)
    """All that it says: an object of JSON, or the names and texts of a form."""

    def is_carried_by(self, request: Request, rule: SubmitRule) -> bool:
        """Whether a request says exactly this; only what the service's file lists in `carries` may stand beside it."""
        if request.query or request.method != self.method or request.frame not in self.frames:
            return False
        said = _said(request)
        return isinstance(said, dict) and _same(self.body, said, rule)


def _said(request: Request) -> object:
    """The body; None where it cannot be read with certainty."""
    if not request.body:
        return None
    if media_type(request) == "application/json":
        return json_of(request.body)
    pairs = form_pairs(request)
    if isinstance(pairs, Refuse) or len(dict(pairs)) != len(pairs):
        return None
    return dict(pairs)


def _same(declared: object, said: object, rule: SubmitRule) -> bool:
    """Whether both are the same; `True` is no 1, and 1 is no "1"."""
    if isinstance(declared, Mapping):
        if not isinstance(said, dict) or not declared.keys() <= said.keys():
            return False
        return all(
            _same(declared[name], value, rule) if name in declared else _carried(name, value, rule)
            for name, value in said.items()
        )
    if isinstance(declared, list):
        if not isinstance(said, list) or len(said) != len(declared):
            return False
        return all(_same(one, other, rule) for one, other in zip(declared, said, strict=True))
    return type(declared) is type(said) and declared == said


def _carried(name: str, value: object, rule: SubmitRule) -> bool:
    """Whether something may stand beside what was declared: it is listed, and so is everything in it."""
    if isinstance(value, dict):
        return rule.carries.fit(name) and all(_carried(key, part, rule) for key, part in value.items())
    if isinstance(value, list):
        return all(_carried(name, part, rule) for part in value)
    return rule.carries.fit(name) or (value in ("", None) and rule.carries_empty.fit(name))
