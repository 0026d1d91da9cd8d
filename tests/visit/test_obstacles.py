"""What comes instead of a setting's page, by its status and its words; the reader is a stand-in, the pages are outlines."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from automation.core.errors import SignInNeeded
from automation.core.verdicts import ChallengeKind
from automation.page.read_page import ReadPage
from automation.visit.control_way import refuse_wall
from tests.reading.outline import Part, el, page

URL = "https://www.example.org/settings"
TEST = el("p", "Verifying you are human. This may take a few seconds.")
REVIEW = el("p", "example.org needs to review the security of your connection before proceeding.")
CODE = el("input", role="textbox", name="Code", autocomplete="one-time-code")


def reader_at(status: int | None, *inside: Part) -> Any:
    """A reader that stands before a page."""
    view = page(el("main", el("h1", "example.org"), *inside), title="Just a moment...", url=URL)
    shown = ReadPage("setting", URL, URL, (), status, view, settled=True, answers=(), locale="en", seconds=0.0)
    return SimpleNamespace(page=shown, asks_to_sign_in=lambda: False)


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize("inside", [TEST, REVIEW])
def test_a_test_for_humans_is_one_whatever_its_status(status: int, inside: Part) -> None:
    """Cloudflare sends it with 403, others with 429 or 503."""
    with pytest.raises(SignInNeeded) as stopped:
        refuse_wall(reader_at(status, inside), found=False)
    assert stopped.value.kind is ChallengeKind.CAPTCHA


@pytest.mark.parametrize("status", [None, 404, 500])
@pytest.mark.parametrize("inside", [CODE, TEST, el("p", "Something went wrong.")])
def test_any_other_fault_is_told_as_what_it_is(status: int | None, inside: Part) -> None:
    """Whatever it shows is no page that asks for something."""
    refuse_wall(reader_at(status, inside), found=False)
