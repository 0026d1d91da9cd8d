"""Which cases of a table a developer waits for, and which wait for `make check` or `make test-all`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from automation.authoring.replica import Actor


def first(*cases: Any, quick: int = 1, mark: pytest.MarkDecorator = pytest.mark.thorough) -> list[Any]:
    """
    The first cases as they are, the others with a mark of a later tier.

    Args:
        cases: one a row, a tuple where the table has several columns; or a `pytest.param`.
        quick: how many stay in `make test`.
        mark: the tier of the others.
    """
    return [*cases[:quick], *(marked(case, mark) for case in cases[quick:])]


def marked(case: Any, mark: pytest.MarkDecorator = pytest.mark.thorough) -> Any:
    """A case of a table with the mark of a tier; its id and its own marks stay."""
    if isinstance(case, tuple) and hasattr(case, "marks"):
        return pytest.param(*case.values, marks=[*case.marks, mark], id=case.id)
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=mark)


def chosen(request: pytest.FixtureRequest, file: str) -> list[Actor]:
    """The actors of a file's tests that this run did not leave out, each once: only those are to be played."""
    actors = [
        item.callspec.params["actor"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == Path(file) and hasattr(item, "callspec")
    ]
    return list({id(actor): actor for actor in actors}.values())
