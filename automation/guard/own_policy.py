"""What a developer's own pages may be asked for, in a few lines of a test."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field

from automation.core.errors import FlowError
from automation.guard.policy import GuardPolicy
from automation.guard.spelling import Patterns
from automation.guard.written import LOOPBACK, OWN_HOST, Paths

_KEYS = ("hosts", "posts", "writes", "guard")
_USUAL_PORTS = frozenset({"80", "443"})


def _with_ports(found: Patterns) -> Patterns:
    """Hosts as requests name them: one of this machine without a port is every port of it."""
    texts = list(found.texts)
    for text in found.texts:
        local = LOOPBACK.fullmatch(text)
        if local and local[2] is None:
            texts.append(f"{text}:*")
        elif local and local[2] in _USUAL_PORTS:
            texts.append(local[1])  # a browser leaves it out
    return Patterns(tuple(texts))


class OwnPolicy(GuardPolicy):
    """Its `hosts`, this machine among them; `posts` that read; `writes` by GET; `guard` as services have it."""

    hosts: Annotated[Patterns, OWN_HOST, AfterValidator(_with_ports)]
    posts: Paths = Field(default_factory=Patterns)

    @classmethod
    def of(cls, written: Mapping[str, Any], source: str) -> Self:
        """
        Read it.

        Args:
            written: the keys `hosts`, `posts`, `writes` and `guard`, the last three if wanted.
            source: what holds it, for errors.

        Raises:
            FlowError: it cannot be used; the message says why.
        """
        if not isinstance(written, Mapping):
            raise FlowError(f"{source}: it is no table of keys", f"the keys are {', '.join(_KEYS)}")
        unknown = [str(key) for key in written if key not in _KEYS]
        if unknown:
            raise FlowError(f"{source}: there is no key {unknown[0]!r}", f"the keys are {', '.join(_KEYS)}")
        guard = dict(written.get("guard") or {})
        deny = dict(guard.get("get_deny") or {})
        deny["paths"] = [*deny.get("paths", ()), *written.get("writes", ())]
        kept = {key: written[key] for key in ("hosts", "posts") if key in written}
        return cls.parse({**kept, "guard": {**guard, "get_deny": deny}}, source)

    @cached_property
    def loopback(self) -> Patterns:
        """Those of this machine, which are read by http, too."""
        return Patterns(tuple(text for text in self.hosts.texts if LOOPBACK.match(text.removesuffix(":*"))))

    @property
    def named_posts(self) -> Patterns:
        """Paths to which anything may be sent: the developer says that they read."""
        return self.posts
