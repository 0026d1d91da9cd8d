"""The hostile site, one for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.guard.hostile.site import Site, hostile_site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The hostile site, listening on loopback."""
    async with hostile_site() as serving:
        yield serving
