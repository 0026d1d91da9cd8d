"""What may come instead of the page of a setting: a page that stands in front of it, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.errors import SignInNeeded
from automation.core.verdicts import ChallengeKind
from automation.reading.controls.doubts import page_doubt
from automation.reading.walls import signed_out, wall_of
from automation.text.normalizing import quote

if TYPE_CHECKING:
    from automation.page.read_page import ReadPage
    from automation.visit.reader import Reader

_FIRST_FAULT = 500
_OF_TESTS = frozenset({403, 429, 503})
"""With which tests for humans come; any other fault is told as what it is."""


def refuse_wall(reader: Reader, *, found: bool) -> None:
    """
    End the visit where the present page stands in front of the setting, or shows that of somebody signed out.

    Raises:
        SignInNeeded: with what is asked for.
    """
    page = reader.page
    if page is None:
        return
    wall = signed_out(page.view) if found else wall_of(page.view)
    tested = wall is not None and wall.kind is ChallengeKind.CAPTCHA and page.status in _OF_TESTS
    if page.failed and not tested:
        return
    if wall is not None and not (wall.kind is None and reader.asks_to_sign_in()):  # the reader says that more exactly
        raise SignInNeeded(f'in front of the setting stands a page that says "{quote(wall.words, 60)}"', kind=wall.kind)


def answers(page: ReadPage | None) -> bool:
    """Whether the service sent a page at all: neither a fault of its own, nor nothing."""
    return page is not None and page.status is not None and page.status < _FIRST_FAULT and bool(words_on(page))


def says_that_it_failed(page: ReadPage | None) -> bool:
    """Whether a page says that it could not load or save something: what it does not show may be missing for that."""
    return page is not None and page_doubt(page.view) != ""


def words_on(page: ReadPage) -> str:
    """All that a page says, its frame included."""
    return page.view.text(chrome=True).strip()
