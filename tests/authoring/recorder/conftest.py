"""Somebody before a screen, and what stands on the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.authoring.recorder.desk import Desk
from tests.session.screen import Person, screen


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Somebody before a screen."""
    with screen() as before_it:
        yield before_it


@pytest.fixture
async def desk(tmp_path: Path, person: Person) -> AsyncIterator[Desk]:
    """An empty folder and a terminal."""
    desk = Desk(person, tmp_path)
    yield desk
    await desk.leave()
