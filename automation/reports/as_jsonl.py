"""Results as JSON Lines: one account a line, for jq and for stores of logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.reports.as_json import in_one_line
from automation.reports.background import NOTHING, Background

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.core.results import Result

SCHEMA = "temoin.line/1"


def lines(results: Iterable[Result], background: Background = NOTHING) -> Iterator[str]:
    """
    One line an account, each with its line break; nothing is held back, so any number of results may pass.

    A line is an object: `schema`, `change` (null where the past is not known) and `result` as in
    `temoin check --json`.
    """
    for result in results:
        change = background.changes.get(result.account)
        yield in_one_line({"schema": SCHEMA, "change": change, "result": result}) + "\n"
