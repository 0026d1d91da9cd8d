"""What was done on a visit, line by line. Pure: no browser."""

from __future__ import annotations

import json

import pytest

from automation.browser.capture import Journal, Masks
from automation.core.errors import SiteUnreachable
from automation.core.verdicts import Reason
from automation.evidence.formats.result_file import BrokenSchema, check_beside
from automation.flow.site import EmbeddedId, Masking
from automation.page import PageView
from automation.text.labels import Labels

PATH = "data/journal.jsonl"


@pytest.fixture
def masks() -> Masks:
    """Rules that have learnt a name."""
    found = Masks(Masking(names=(EmbeddedId(near="Person", field="name"),)), Labels())
    found.learn(PageView("https://x.example/", "", (), ('{"Person": {"name": "Claire Moreau"}}',)))
    return found


def test_every_step_has_its_line(masks: Masks) -> None:
    """Action, place, addresses before and after, state, and its times by both clocks, in order; names are masked."""
    journal = Journal()
    journal.done("ended", "sign_in", note="as saved")
    with journal.doing("open", "form", before="about:blank") as deed:
        deed.after, deed.status = "https://x.example/claire.moreau?id=7", 200
    data = journal.lines(masks)
    first, second = map(json.loads, data.splitlines())
    assert (first["number"], first["action"], first["what"], first["before"]) == (1, "ended", "sign_in", "")
    assert first["note"] == "as saved"
    assert (second["before"], second["after"]) == ("about:…", "https://x.example/[name]?id=…")
    assert (second["number"], second["status"], second["note"]) == (2, 200, "")
    assert first["monotonic_ns"] <= second["monotonic_ns"]
    assert [name for name, _ in check_beside(PATH, data)] == [f"{PATH}:1", f"{PATH}:2"]


def test_a_step_that_failed_says_so(masks: Masks) -> None:
    """What broke off is noted with its reason, and goes on breaking off."""
    journal = Journal()

    def follow() -> None:
        with journal.doing("follow", "form") as deed:
            deed.note = "a link"
            raise SiteUnreachable("no answer", reason=Reason.TIMEOUT)

    with pytest.raises(SiteUnreachable):
        follow()
    with pytest.raises(ValueError, match="secret"), journal.doing("scroll"):
        raise ValueError("a secret text")
    notes = [json.loads(line)["note"] for line in journal.lines(masks).splitlines()]
    assert notes == ["a link; ended by timeout", "ended by ValueError"]


def test_without_masks_no_address_is_written() -> None:
    """Nobody could tell what an address gives away before a page was read."""
    journal = Journal()
    with journal.doing("open", before="https://x.example/claire.moreau"):
        pass
    assert b"claire" not in journal.lines(None)


def test_it_is_bounded(masks: Masks) -> None:
    """A flow that goes in circles does not fill the disk."""
    journal = Journal()
    for _ in range(3000):
        journal.done("scroll")
    assert journal.lines(masks).count(b"\n") == 2000


@pytest.mark.parametrize("line", [b"{}", b"no JSON", b"[]", b"\xff"])
def test_a_journal_that_is_none_is_named(masks: Masks, line: bytes) -> None:
    """One bad line among good ones is a broken schema."""
    journal = Journal()
    journal.done("open")
    with pytest.raises(BrokenSchema):
        check_beside(PATH, journal.lines(masks) + line + b"\n")
