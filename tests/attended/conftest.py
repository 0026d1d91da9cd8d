"""A screen, and a desk before it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from automation.authoring.replica import Replica, load_site
from tests.attended.desk import AttendedDesk
from tests.attended.hostile import TurnedReplica
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


@asynccontextmanager
async def at_desk(folder: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """A stand-in of Facebook, and a place to work; nothing but submissions may have reached it."""
    async with TurnedReplica([SITE]) as replica:
        desk = AttendedDesk(replica, SITE, folder, person)
        yield desk
        await desk.stop()
        assert desk.other_writes == []


@asynccontextmanager
async def at_the_desk_of_a_setting(folder: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """A stand-in of LinkedIn, and a place to work; nothing is written to it, whatever happens."""
    site = load_site("linkedin").having()
    async with Replica([site]) as replica:
        desk = AttendedDesk(replica, site, folder, person)
        yield desk
        await desk.stop()
        assert replica.writes == []


@pytest.fixture
async def desk(tmp_path: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """A place to work for one test."""
    async with at_desk(tmp_path, person) as desk:
        yield desk
