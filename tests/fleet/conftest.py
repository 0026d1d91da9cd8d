"""Every test of a fleet gets one of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fleet.building import AFleet, a_fleet


@pytest.fixture
def fleet() -> Iterator[AFleet]:
    """An empty fleet, in a database of its own."""
    with a_fleet() as made:
        yield made
