"""A session's value in an address costs no result, and the search finds what is not in one. Pure: no browser."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import TypeAdapter

from automation.core.records import Body, BrowserFacts, Exchange, JournalEntry, NetworkRecord, RequestRecord
from automation.evidence.write.secret_scan import first_hit
from automation.text.redaction import Secrets
from automation.visit.order import VisitRecord, with_addresses_hidden
from tests.builders import A_MOMENT, a_guard_record, a_step

SESSION = "zQ9-81kx_77tt00v2:bE4/mm"
"""As a cookie has it; its unbroken parts are what is looked for."""
PART = "zQ9-81kx_77tt00v2"
PASSWORD = "Kör*bchen/7=+"
KNOWN = Secrets.of(own=[PASSWORD], state={"cookies": [{"name": "sid", "value": SESSION}]})
HOST = "cdn.example"
SPELT = {
    "as it is": PART,
    "within a longer name": f"user-{PART}.png",
    "hex": PART.encode().hex(),
    "base64": "elE5LTgxa3hfNzd0dDAwdjI",
}


def a_visit(*paths: str, **changes: Any) -> VisitRecord:
    """A visit whose pages asked for these paths of one host."""
    entry = JournalEntry(1, A_MOMENT, 1, 1, "open", before="", after=f"https://{HOST}{paths[0]}")
    visit = VisitRecord(
        started_at=A_MOMENT,
        timings=(),
        trouble=None,
        observation=None,
        locale="",
        steps=(a_step(url=f"https://{HOST}{paths[0]}"),),
        redactions=(),
        answers=(),
        guard=a_guard_record(
            requests=tuple(RequestRecord("check", "GET", HOST, p, "get", allowed=True) for p in paths)
        ),
        environment=None,
        facts=BrowserFacts(),
        network=NetworkRecord(
            exchanges=tuple(Exchange("GET", f"https://{HOST}{path}", 200, "image") for path in paths),
            bodies=(Body("GET", f"https://{HOST}{paths[0]}", 200, "document", "a" * 64, 300),),
        ),
        clock=None,
        journal=TypeAdapter(JournalEntry).dump_json(entry) + b"\n",
        original=None,
        filing=None,
        states=(),
        tokens=frozenset(),
    )
    return replace(visit, **changes)


def written(visit: VisitRecord) -> dict[str, bytes]:
    """The files that hold addresses, as the evidence has them."""
    made = {"guard": visit.guard, "network": visit.network, "steps": visit.steps}
    files = {
        name: TypeAdapter(type(value) if name != "steps" else Any).dump_json(value) for name, value in made.items()
    }
    return {**files, "journal": visit.journal}


@pytest.mark.parametrize("spelt", SPELT.values(), ids=SPELT)
def test_a_sessions_value_in_a_path_is_hidden(spelt: str) -> None:
    """However it is spelt: the search, which found it before, finds nothing, and the rest of the path is kept."""
    visit = a_visit(f"/assets/{spelt}/logo.svg")
    for name, data in written(visit).items():
        assert first_hit({name: data}, KNOWN) == name
    hidden = with_addresses_hidden(visit, KNOWN)
    assert first_hit(written(hidden), KNOWN) is None
    [request] = hidden.guard.requests
    assert request.path.startswith("/assets/")
    assert request.path.endswith("/logo.svg")
    assert "[secret]" in request.path


def test_what_is_alike_then_is_counted_together() -> None:
    """Two values of one session in one place are one entry, in both records."""
    token = "Qw7-ErTy99-zXcV31"
    visit = a_visit(f"/a/{PART}/1.js", f"/a/{token}/1.js")
    hidden = with_addresses_hidden(visit, replace(KNOWN, seen=(*KNOWN.seen, token)))
    assert [(entry.path, entry.count) for entry in hidden.guard.requests] == [("/a/[secret]/1.js", 2)]
    assert hidden.network is not None
    assert [(entry.url, entry.count) for entry in hidden.network.exchanges] == [(f"https://{HOST}/a/[secret]/1.js", 2)]
    assert hidden.guard.allowed == visit.guard.allowed


def test_a_host_and_an_operation_are_hidden_too() -> None:
    """A value may stand in a host's name as well."""
    entry = RequestRecord("check", "GET", f"{PART}.cdn.example", "/", "get", allowed=True, operation=f"A{PART}")
    hidden = with_addresses_hidden(a_visit("/", guard=a_guard_record(requests=(entry,))), KNOWN)
    assert (hidden.guard.requests[0].host, hidden.guard.requests[0].operation) == ("[secret].cdn.example", "A[secret]")


def test_the_search_stays_closed() -> None:
    """What the user gave is not hidden but found, and so is a value that stands anywhere but in an address."""
    own = with_addresses_hidden(a_visit(f"/x/{quote(PASSWORD)}"), KNOWN)
    assert first_hit(written(own), KNOWN) is not None
    entry = replace(JournalEntry(1, A_MOMENT, 1, 1, "open", after=f"https://{HOST}/{PART}"), note=PART)
    noted = a_visit(f"/{PART}", journal=TypeAdapter(JournalEntry).dump_json(entry) + b"\n")
    hidden = with_addresses_hidden(noted, KNOWN)
    assert json.loads(hidden.journal)["after"] == f"https://{HOST}/[secret]"
    assert first_hit({"journal": hidden.journal}, KNOWN) == "journal"


def test_without_such_a_value_nothing_is_changed() -> None:
    """The usual visit is handed on as it is."""
    visit = a_visit("/rsrc.php/v4/yA/r/1.js")
    assert with_addresses_hidden(visit, KNOWN) is visit
