"""Headers of HTTP/2 are unpacked as RFC 7541 says, and what breaks its rules is refused."""

from __future__ import annotations

import pytest

from automation.guard.request_heads import HeaderTable, UnreadableHeadersError

WWW = (":authority", "www.example.com")
FIRST = [(":method", "GET"), (":scheme", "http"), (":path", "/"), WWW]
SECOND = [*FIRST, ("cache-control", "no-cache")]
THIRD = [
    (":method", "GET"), (":scheme", "https"), (":path", "/index.html"), WWW, ("custom-key", "custom-value"),
]  # fmt: skip
DATE = "Mon, 21 Oct 2013 20:13:21 GMT"
ANSWER = [
    (":status", "302"), ("cache-control", "private"), ("date", DATE), ("location", "https://www.example.com"),
]  # fmt: skip


@pytest.mark.parametrize(
    "blocks",
    [
        [
            "828684410f7777772e6578616d706c652e636f6d",
            "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ],
        [
            "828684418cf1e3c2e5f23a6ba0ab90f4ff",
            "828684be5886a8eb10649cbf",
            "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
        ],
    ],
    ids=["appendix C.3", "appendix C.4"],
)
def test_the_standards_own_requests_are_read(blocks: list[str]) -> None:
    """Three requests on one connection, as they are and Huffman-coded; later ones refer to earlier ones."""
    table = HeaderTable()
    assert [table.unpack(bytes.fromhex(block)) for block in blocks] == [FIRST, SECOND, THIRD]


def test_a_small_table_forgets_its_oldest_entries() -> None:
    """Appendix C.5: with 256 bytes the fourth header pushes out the first, and the numbers of the others move."""
    table = HeaderTable()
    first = (
        "3fe101"  # the table may hold 256 bytes
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54"
        "6e1768747470733a2f2f7777772e6578616d706c652e636f6d"
    )
    assert table.unpack(bytes.fromhex(first)) == ANSWER
    assert table.unpack(bytes.fromhex("4803333037c1c0bf")) == [(":status", "307"), *ANSWER[1:]]
    with pytest.raises(UnreadableHeadersError):
        table.unpack(bytes.fromhex("c2"))


@pytest.mark.parametrize(
    "block",
    [
        "80", "c0", "ff80808080808000", "40", "4005", "410f7777", "0001", "82c5", "4181ff", "4184ffffffff",
        "41821f00", "0081ff00",
    ],
    ids=[
        "entry 0", "no such entry", "a number without end", "no name", "a name cut short", "a value cut short",
        "no value", "an entry after a good one", "padding alone", "the symbol that ends", "padding of zeros", "a byte",
    ],
)  # fmt: skip
def test_what_breaks_the_rules_is_refused(block: str) -> None:
    """A block that a server might read in another way is not read at all."""
    with pytest.raises(UnreadableHeadersError):
        HeaderTable().unpack(bytes.fromhex(block))
