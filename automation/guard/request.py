"""What the guard judges and what it answers: a request, a phase, a decision about both; and how it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods by which a page may read without the interception being asked; a preflight asks whether it may."""


class Phase(StrEnum):
    """Which part of a visit is going on; each lets through something else."""

    SESSION = "session"
    """Signing in: reads, and exactly the writes that the service's sign-in needs."""
    LOGIN = "login"
    """A person signs in: also the writes that answer what the service asks for then."""
    CHECK = "check"
    """Reading: no write at all."""
    ATTENDED = "attended"
    """A person files the objection: reads; a declared submit only once it was released for it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it is about to leave; each hop of a redirect is one of its own."""

    method: str
    """As the browser would send it, upper case for the standard ones."""
    host: str
    """Lower case; with the port (`example.org:8443`) where it is not the scheme's own."""
    path: str
    """As it stands in the address, still percent-encoded; `/` at least."""
    query: str = ""
    """Without the question mark, still percent-encoded."""
    body: bytes | None = None
    """None where there is none; `b""` where there is one that cannot be seen."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    resource: str = "Other"
    """The browser's word for what it is for: `Document`, `XHR`, `Image`, `Ping` … (CDP `resourceType`)."""
    navigation: bool = False
    """Whether it would replace a document."""
    scheme: str = "https"
    frame: str = ""
    """The browser's name of the frame that it comes from, or that it would load; empty where there is none."""
    number: str = ""
    """The interception's number of it; empty on the wire."""
    network: str = ""
    """The browser's number of it, by which a page's own session tells of it, too."""
    cookie: str = field(default="", repr=False)
    """The cookies that go with it, known on the wire alone."""


def same_place(one: Request, other: Request) -> bool:
    """Whether two requests go to the same address by the same method."""
    return (one.method, one.host, one.path, one.query) == (other.method, other.host, other.path, other.query)


@dataclass(frozen=True, slots=True)
class Allow:
    """The request may leave."""

    rule: str
    reads: bool
    """False for the writes that signing in needs."""
    operation: str = ""
    """The name of the operation in the body, where there is one."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """The request stays here; docs/guard.md lists the reasons."""

    reason: str
    operation: str = ""


@contextmanager
def failing_closed(close: Callable[[Exception], None]) -> Iterator[None]:
    """Run the block; whatever exception it raises, but for a cancellation, goes to `close`, which cuts the way out."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the guard must close
        close(error)
