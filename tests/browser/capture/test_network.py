"""The record of what was asked for. Pure: no browser."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from automation.browser.capture.journal import NetworkLog, masked_guard, with_second
from automation.browser.capture.masks import Masks
from automation.core.records import Body, Exchange, RequestRecord, SecondConnection, Server
from automation.flow.site import EmbeddedId, Masking
from automation.page import PageView
from automation.text.labels import Labels
from tests.builders import A_MOMENT, a_guard_record


@pytest.fixture
def masks() -> Masks:
    """Rules that learn a name from a page's data."""
    return Masks(Masking(names=(EmbeddedId(near="Person", field="name"),)), Labels())


def test_answers_are_counted_without_secrets(masks: Masks) -> None:
    """Alike ones are one entry, whatever their query said; a name learnt later is masked in earlier ones too."""
    log = NetworkLog(masks)
    for token in ("a1", "b2"):
        log.answered("GET", f"https://x.example/claire.moreau?token={token}", 200, "document")
    log.answered("POST", "https://x.example/api", None, "fetch")
    masks.learn(PageView("https://x.example/", "", (), ('{"Person": {"name": "Claire Moreau"}}',)))
    assert log.record().exchanges == (
        Exchange("GET", "https://x.example/[name]?token=…", 200, "document", 2),
        Exchange("POST", "https://x.example/api", None, "fetch", 1),
    )


def test_the_record_is_bounded(masks: Masks) -> None:
    """A page that asks for ever new addresses does not fill the disk, and the record says that it is cut."""
    log = NetworkLog(masks)
    for number in range(2000):
        log.answered("GET", f"https://x.example/{number}", 200, "fetch")
    record = log.record()
    assert len(record.exchanges) == 1500
    assert record.truncated


def test_a_server_is_named_with_its_certificate_and_address(masks: Masks) -> None:
    """The certificate as the browser saw it, the address as the tunnel dialled it; asked for until it is known."""
    log = NetworkLog(masks)
    assert log.wants_certificate("x.example")
    assert log.wants_certificate("x.example")
    log.certificate("x.example", {"protocol": "TLS 1.3", "issuer": "CA", "subjectName": "x", "validTo": 1800000000})
    assert not log.wants_certificate("x.example")
    assert [log.wants_certificate("silent.example") for _ in range(20)].count(True) < 20
    servers = log.record({"x.example": ["192.0.2.7:443"], "cdn.example": ["192.0.2.8:443"]}).servers
    assert [(s.host, s.addresses, s.protocol, s.issuer) for s in servers] == [
        ("cdn.example", ("192.0.2.8:443",), "", ""),
        ("silent.example", (), "", ""),
        ("x.example", ("192.0.2.7:443",), "TLS 1.3", "CA"),
    ]
    assert servers[2].valid_to == datetime(2027, 1, 15, 8, tzinfo=UTC)


def test_what_was_given_is_noted_by_its_digest(masks: Masks) -> None:
    """Never the content, nor of what is short enough to be guessed; bounded, the address masked like every other."""
    log = NetworkLog(masks)
    log.given("GET", "https://x.example/claire.moreau?token=a1", 200, "document", b"x" * 300)
    log.given("GET", "https://x.example/short", 200, "document", b"x" * 255)
    masks.learn(PageView("https://x.example/", "", (), ('{"Person": {"name": "Claire Moreau"}}',)))
    digest = hashlib.sha256(b"x" * 300).hexdigest()
    assert log.record().bodies == (Body("GET", "https://x.example/[name]?token=…", 200, "document", digest, 300),)
    for _ in range(300):
        log.given("GET", "https://x.example/", 200, "document", b"y" * 300)
    record = log.record()
    assert (len(record.bodies), record.truncated) == (200, True)


SEEN = Server("x.example", ("192.0.2.7:443",), "TLS 1.3", "x.example", "CA", A_MOMENT, A_MOMENT)
SHOWN = SecondConnection(
    "192.0.2.7:443", A_MOMENT, sha256=("a" * 64,), subject="x.example", issuer="CA", valid_from=A_MOMENT,
    valid_to=A_MOMENT,
)  # fmt: skip


@pytest.mark.parametrize(
    ("server", "second", "agrees"),
    [
        (SEEN, SHOWN, True),
        (SEEN, replace(SHOWN, issuer="Another CA"), False),
        (SEEN, replace(SHOWN, valid_to=A_MOMENT + timedelta(days=1)), False),
        (SEEN, replace(SHOWN, subject=""), True),
        (SEEN, SecondConnection("192.0.2.7:443", A_MOMENT, problem="no answer"), None),
        (Server("x.example", ("192.0.2.7:443",)), SHOWN, None),
    ],
    ids=["the same", "another issuer", "another end", "names nobody", "shown nothing", "seen nothing"],
)
def test_a_second_connection_is_compared(server: Server, second: SecondConnection, agrees: bool | None) -> None:
    """Whether it was the certificate that the browser saw; nothing is claimed where one of them saw none."""
    found = with_second(server, second)
    assert found.second is not None
    assert found.second.agrees is agrees
    assert replace(found, second=None) == server


@pytest.mark.parametrize(
    ("date", "sent", "received", "offset_s"),
    [
        ("Wed, 25 Nov 2026 07:30:00 GMT", 1795591800.0, 1795591801.0, 0.0),
        ("Wed, 25 Nov 2026 07:30:10 GMT", 1795591800.0, 1795591801.0, 10.0),
        ("yesterday", 1795591800.0, 1795591801.0, None),
        ("Wed, 25 Nov 2026 07:30:00 GMT", 1795591800.0, 1795591700.0, None),
    ],
)
def test_the_clock_is_compared_with_the_site(
    masks: Masks, date: str, sent: float, received: float, offset_s: float | None
) -> None:
    """The middle of the exchange against the middle of the second that the header names; nonsense is no reading."""
    log = NetworkLog(masks)
    log.date("x.example", date, sent, received)
    assert log.clock.offset_s == offset_s
    assert bool(log.clock.problem) is (offset_s is None)
    if offset_s is not None:
        assert (log.clock.round_trip_s, log.clock.precision_s) == (1.0, 1.0)


def test_the_guards_record_names_nobody(masks: Masks) -> None:
    """Ids in its paths are masked, and what is alike then is counted together."""
    requests = tuple(
        RequestRecord("check", "GET", "x.example", f"/p/{number}", "get", allowed=True, count=2)
        for number in ("100012345678901", "100012345678902")
    )
    masked = masked_guard(a_guard_record(requests=requests), masks)
    assert [(entry.path, entry.count) for entry in masked.requests] == [("/p/[id]", 4)]
    assert masked.allowed == a_guard_record().allowed
