"""What may leave does not hang on how it is spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import flows
from automation.guard import Allow, GuardPolicy, decide
from tests.guard.spellings import GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.guard.spellings import Asked

LEAST = 600


@pytest.fixture(scope="module")
def policies() -> dict[str, GuardPolicy]:
    """Every shipped service's, with what it extends."""
    sites = {name.partition(".")[0]: flow.site.tables for name, flow in flows.load().items()}
    return {service: GuardPolicy.parse(tables) for service, tables in sites.items()}


@pytest.mark.parametrize("group", GROUPS)
def test_a_request_is_judged_by_what_a_server_reads(
    group: Callable[[], Iterator[Asked]], policies: dict[str, GuardPolicy]
) -> None:
    """What acts stays however it is spelt, and what only looks so is read."""
    wrong = []
    for asked in group():
        decision = decide(policies[asked.service], asked.phase, asked.request)
        if isinstance(decision, Allow) is not asked.right:
            wrong.append((asked, decision))
    assert not wrong


def test_the_list_is_long() -> None:
    """The groups are not emptied by mistake."""
    assert sum(1 for group in GROUPS for _ in group()) >= LEAST
