"""What the guard refused while somebody signed in, in words that can be reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.core.records import RequestRecord

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


def after_last_left(records: Sequence[RequestRecord]) -> Sequence[RequestRecord]:
    """The records after the last write that left for signing in; all where none did."""
    last = max((i for i, r in enumerate(records) if left([r])), default=-1)
    return records[last + 1 :]


def writes_refused(records: Iterable[RequestRecord]) -> tuple[str, ...]:
    """Refused requests to the service itself that signing in may have needed, each once."""
    refused = (r for r in records if not r.allowed and r.rule not in _EVERYDAY | _OUTSIDE and r.method != "CONNECT")
    return tuple(dict.fromkeys(described(record) for record in refused))


def hosts_refused(records: Iterable[RequestRecord]) -> tuple[str, ...]:
    """Hosts that are not the service's and were asked for, such as another company's CAPTCHA; each once."""
    return tuple(dict.fromkeys(r.host for r in records if not r.allowed and r.rule == "host_not_listed" and r.host))


def described(record: RequestRecord) -> str:
    """One request: method, host, path without its query, and the operation where it names one."""
    named = f" ({record.operation})" if record.operation else ""
    return f"{record.method} {record.host}{record.path}{named}"
