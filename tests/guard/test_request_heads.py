"""Requests are found in what a browser sends, however it is cut into pieces; what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.guard.request_heads import NotHttpError, RequestHeads

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = bytes.fromhex("000000040000000000")
GET = bytes.fromhex("828784410973 6974652e74657374".replace(" ", ""))
"""`GET https://site.test/`"""
POST = bytes.fromhex("83878401 09 736974652e74657374".replace(" ", ""))
FIRST = (
    b"POST /read?a=1 HTTP/1.1\r\nHost: Site.test\r\nContent-Length: 3\r\nCookie: secret=1\r\n\r\nG=1"
    b"GET / HTTP/1.1\r\nHost: site.test\r\nX-Own: 1\r\n\r\n"
)


def frame(kind: int, flags: int, content: bytes, stream: int = 1) -> bytes:
    """A frame of HTTP/2."""
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content


SECOND = (
    PREFACE + SETTINGS
    + frame(1, 4, POST) + frame(0, 0, b"a=1&") + frame(0, 1, b"b=2")
    + frame(1, 1, GET[:5], 3) + frame(9, 4, GET[5:], 3)
    + frame(1, 0x2D, b"\x02" + bytes(5) + bytes.fromhex("828784be") + bytes(2), 5)
)  # fmt: skip
"""A POST with its body in two frames, a GET in two frames, a padded one with a priority that repeats its host."""


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_requests_of_the_first_protocol_are_found(size: int) -> None:
    """Each head once, bodies passed over, in pieces of any size; cookies are left out."""
    heads = RequestHeads()
    found = [r for at in range(0, len(FIRST), size) for r in heads.take(FIRST[at : at + size])]
    assert [(r.method, r.host, r.path, r.query, r.body) for r in found] == [
        ("POST", "site.test", "/read", "a=1", b""),
        ("GET", "site.test", "/", "", None),
    ]
    assert [dict(r.headers) for r in found] == [{"content-length": "3"}, {"x-own": "1"}]
    assert not heads.incomplete


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_requests_of_the_second_protocol_are_found(size: int) -> None:
    """The same over HTTP/2: heads in several frames, padding, priorities and bodies between them."""
    heads = RequestHeads()
    found = [r for at in range(0, len(SECOND), size) for r in heads.take(SECOND[at : at + size])]
    assert [(r.method, r.host, r.path, r.body) for r in found] == [
        ("POST", "site.test", "/", b""),
        ("GET", "site.test", "/", None),
        ("GET", "site.test", "/", None),
    ]
    assert not heads.incomplete


@pytest.mark.parametrize(
    "begun",
    [b"G", b"GET / HTTP/1.1\r\nHost: site.test\r\n", PREFACE[:9], PREFACE + frame(1, 1, GET), PREFACE + b"\x00\x00"],
    ids=["a letter", "a head", "a preface", "a block", "a frame's head"],
)
def test_what_has_only_begun_is_said_to_be_incomplete(begun: bytes) -> None:
    """It must not leave yet."""
    heads = RequestHeads()
    assert heads.take(begun) == []
    assert heads.incomplete


@pytest.mark.parametrize(
    ("head", "resource"),
    [
        (b"GET /socket HTTP/1.1\r\nHost: site.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "WebSocket"),
        (
            PREFACE + frame(1, 4, bytes.fromhex("87844207434f4e4e4543544009") + b":protocol\x09websocket\x01\x01x"),
            "WebSocket",
        ),
    ],
    ids=["HTTP/1.1", "HTTP/2"],
)
def test_a_socket_is_known_as_one(head: bytes, resource: str) -> None:
    """Whether by `Upgrade` or by the extended CONNECT of RFC 8441."""
    assert [r.resource for r in RequestHeads().take(head)] == [resource]


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x03\x00\x08!\x12\xa4B", b"GET / HTTP/1.0\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
        b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"G" * 300_000,
        PREFACE + frame(5, 4, b"\x00\x00\x00\x02" + GET), PREFACE + frame(1, 5, b"\x80"), PREFACE + frame(1, 5, b"\x82"),
        PREFACE + frame(77, 0, b"x"),
    ],
    ids=[
        "TURN", "HTTP/1.0", "no host", "a proxy's request", "a whole address", "a body of unknown length", "a length",
        "a head without end", "a push", "headers that cannot be read", "no path", "an unknown frame",
    ],
)  # fmt: skip
def test_what_is_no_request_of_a_page_is_refused(sent: bytes) -> None:
    """What cannot be read in exactly one way does not leave."""
    with pytest.raises(NotHttpError):
        RequestHeads().take(sent)


def test_later_heads_refer_to_earlier_ones() -> None:
    """RFC 7541, appendix C.4: three requests on one connection, Huffman-coded, each shorter by what came before."""
    blocks = ("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf",
              "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")  # fmt: skip
    sent = PREFACE + b"".join(frame(1, 5, bytes.fromhex(one), 2 * n + 1) for n, one in enumerate(blocks))
    found = RequestHeads().take(sent)
    assert {(r.method, r.host) for r in found} == {("GET", "www.example.com")}
    assert [r.path for r in found] == ["/", "/", "/index.html"]
    assert [dict(r.headers).get("custom-key", "") for r in found] == ["", "", "custom-value"]


@pytest.mark.parametrize(
    "block",
    ["80", "c0", "ff80808080808000", "40", "4005", "410f7777", "0001", "82c5", "4184ffffffff", "41821f00"],
    ids=["entry 0", "no such entry", "a number without end", "no name", "a name cut short", "a value cut short",
         "no value", "an entry after a good one", "the symbol that ends", "padding of zeros"],
)  # fmt: skip
def test_headers_that_break_the_rules_are_refused(block: str) -> None:
    """A block that a server might read in another way is not read at all."""
    with pytest.raises(NotHttpError):
        RequestHeads().take(PREFACE + frame(1, 5, bytes.fromhex("828785" + block)))


@given(
    st.sampled_from([b"", PREFACE, PREFACE + SETTINGS]),
    st.lists(st.binary(max_size=60) | st.binary(max_size=40).map(lambda block: frame(1, 5, block)), max_size=6),
)
def test_whatever_is_sent_is_read_or_refused(begin: bytes, pieces: list[bytes]) -> None:
    """No bytes end in another error: that would be a fault of the guard."""
    heads = RequestHeads()
    try:
        for piece in (begin, *pieces):
            heads.take(piece)
    except NotHttpError:
        pass
