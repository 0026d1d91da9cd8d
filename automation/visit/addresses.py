"""
Addresses without what the service gave: values of cookies, storage and form tokens that stand in a path or a name.

Some services put a session's value into the address of a picture or a script. It is taken out of the records of
requests and pages, so that it costs no result; the search for secrets follows all the same, and finds what is left.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.core.records import Exchange, GuardRecord, NetworkRecord, RequestRecord
    from automation.text.known_secrets import Secrets
    from automation.visit.check_log import VisitRecord


_ENDS = ("before", "after")
"""What an entry of the journal says of addresses."""


def with_addresses_hidden(visit: VisitRecord, secrets: Secrets) -> VisitRecord:
    """The visit with `[secret]` in place of each such value, in whatever spelling; what is alike then is one."""
    journal = [json.loads(line) for line in visit.journal.splitlines()]
    texts = {*_requested(visit), *(entry[key] for entry in journal for key in _ENDS if key in entry)}
    hidden = {text: plain for text, plain in secrets.hidden_in(texts).items() if text != plain}
    if not hidden:
        return visit
    for entry in journal:
        entry |= {key: hidden.get(entry[key], entry[key]) for key in _ENDS if key in entry}
    return replace(
        visit,
        guard=_guard(visit.guard, hidden),
        network=_network(visit.network, hidden) if visit.network else None,
        steps=tuple(replace(step, url=hidden.get(step.url, step.url)) for step in visit.steps),
        journal=b"".join(_line(entry) for entry in journal),
    )


def _line(entry: Mapping[str, object]) -> bytes:
    return json.dumps(entry, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _requested(visit: VisitRecord) -> Iterator[str]:
    for request in visit.guard.requests:
        yield from (request.host, request.path, request.operation)
    if visit.network:
        yield from (exchange.url for exchange in visit.network.exchanges)
        yield from (body.url for body in visit.network.bodies)
    yield from (step.url for step in visit.steps)


def _guard(record: GuardRecord, hidden: Mapping[str, str]) -> GuardRecord:
    counts: Counter[RequestRecord] = Counter()
    for entry in record.requests:
        host, path, operation = (hidden.get(text, text) for text in (entry.host, entry.path, entry.operation))
        counts[replace(entry, host=host, path=path, operation=operation, count=1)] += entry.count
    return replace(record, requests=tuple(replace(entry, count=count) for entry, count in counts.items()))


def _network(record: NetworkRecord, hidden: Mapping[str, str]) -> NetworkRecord:
    counts: Counter[Exchange] = Counter()
    for exchange in record.exchanges:
        counts[replace(exchange, url=hidden.get(exchange.url, exchange.url), count=1)] += exchange.count
    return replace(
        record,
        exchanges=tuple(replace(exchange, count=count) for exchange, count in counts.items()),
        bodies=tuple(replace(body, url=hidden.get(body.url, body.url)) for body in record.bodies),
    )
