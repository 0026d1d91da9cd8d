"""A process that records runs, to be killed or to compete with another: `writer.py FILE PREFIX RUNS ACCOUNTS`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from automation.core.verdicts import Verdict
from automation.storage.sqlite import SqliteHistory
from tests.builders import A_MOMENT, a_document, a_result


def main(path: str, prefix: str, runs: str, accounts: str) -> None:
    """Record runs one after the other; a run's number is printed once it is recorded."""
    with SqliteHistory(Path(path)) as history:
        print("open", flush=True)  # noqa: T201 - for the test that waits
        for number in range(int(runs)):
            moment = A_MOMENT + timedelta(minutes=number)
            results = (a_result(f"{prefix}-{n}", Verdict.OBJECTED, finished_at=moment) for n in range(int(accounts)))
            history.record(a_document(results=results, id=f"{prefix}-{number}"))
            print(number, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
