"""Two real authorities, a place with stamped bundles, and the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import _own_place, temoin
from tests.evidence.authorities import RealAuthority
from tests.evidence.building import Place

__all__ = ["_own_place", "temoin"]


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealAuthority, RealAuthority]]:
    """Two OpenSSL time-stamp authorities on this machine."""
    folder = tmp_path_factory.mktemp("authorities")
    with RealAuthority(folder, "alpha").serving() as first, RealAuthority(folder, "beta").serving() as second:
        yield first, second


@pytest.fixture(scope="session")
def _stamped(tmp_path_factory: pytest.TempPathFactory, authorities: tuple[RealAuthority, RealAuthority]) -> Place:
    place = Place(tmp_path_factory.mktemp("stamped"), tuple(one.authority() for one in authorities))
    for number in range(3):
        place.sealed(f"run-{number + 1}")
    return place


@pytest.fixture
def stamped(_stamped: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three bundles, each stamped by both authorities; a copy that a test may spoil."""
    return _stamped.copy_to(tmp_path_factory.mktemp("copy") / "place")


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An empty place without authorities."""
    return Place(tmp_path_factory.mktemp("place"))
