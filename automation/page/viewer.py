"""
Answers that speak of the person who is signed in, by the address that they were asked for at.

Applications of one page carry no data in their documents: they ask an API who is signed in, at an address that ends in
`me`, `whoami` and the like. Whatever such an answer calls the person, nobody else is meant. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from automation.page.json_values import walk

_ASKING = re.compile(
    r"me|myself|self|whoami|who[_-]am[_-]i|viewer|user_?info|(?:current|logged[_-]?in)[_-]?(?:user|account|member)|session",
    re.IGNORECASE,
)
"""The last part of an address; `userinfo` is OpenID Connect's, the others are habits of those who write APIs."""
_NAMING = re.compile(r"(?:.*_)?(?:e?mail|login|name|handle)|(?:user|e?mail)_?(?:name|address)", re.IGNORECASE)
_WRAPPING = re.compile(
    r"data|results?|response|payload|body|items?|(?:(?:current|logged|signed)[_-]?(?:in)?[_-]?)?(?:users?|viewer|me|self|accounts?"
    r"|members?|profiles?|session|person|people|staff)",
    re.IGNORECASE,
)
"""What an answer may be wrapped in; `{"support": {…}}` and `{"invites": […]}` hold somebody else."""
_DEEPEST = 4


def asks_who(path: str) -> bool:
    """Whether a read at this path asks who is signed in."""
    last = path.rstrip("/").rpartition("/")[2].removesuffix(".json")
    return _ASKING.fullmatch(last) is not None


def person_in(answer: Any) -> Mapping[str, Any] | None:
    """
    What an answer to such a read says of the person, out of its wrapping; None where it says nothing.

    `{"users": [{…}]}` and `{"data": {…}}` are wrappings, until something is called a name; a list of several is no
    answer.
    """
    for _ in range(_DEEPEST):
        if isinstance(answer, list):
            answer = answer[0] if len(answer) == 1 else None
        if not isinstance(answer, Mapping):
            return None
        inner = [key for key, value in answer.items() if isinstance(value, Mapping | list)]
        named = any(_NAMING.fullmatch(str(key)) for key in answer)
        if len(inner) != 1 or named or not _WRAPPING.fullmatch(str(inner[0])):
            break
        answer = answer[inner[0]]
    told = isinstance(answer, Mapping) and any(isinstance(value, str) for value in walk(answer))
    return answer if told else None
