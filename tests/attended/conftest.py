"""A screen, and a desk before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from automation.authoring.replica import Replica, load_site
from tests.attended.desk import AttendedDesk
from tests.session.screen import Person, screen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

SITE = load_site("facebook").having(cookie_dialog=False)


@pytest.fixture(scope="session")
def person() -> Iterator[Person]:
    """Somebody before a screen."""
    with screen() as before_it:
        yield before_it


@pytest.fixture
async def desk(tmp_path: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """A stand-in of Facebook, and a place to work."""
    async with Replica([SITE]) as replica:
        desk = AttendedDesk(replica, SITE, tmp_path, person)
        yield desk
        await desk.stop()
        assert desk.other_writes == []
