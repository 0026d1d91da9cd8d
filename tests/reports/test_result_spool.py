"""Results that are written as they come: nothing of them is lost, and thousands of them need little memory."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from automation.core.results import Result, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import pieces, read_result, result_text, to_json
from automation.reports.background import FULL_UP_TO
from automation.reports.stored import SPOOL, ResultSpool
from tests.builders import a_document, a_result

if TYPE_CHECKING:
    from pathlib import Path

MANY = FULL_UP_TO + 1
_KB = 1024


def a_large_result(number: int) -> Result:
    """As large as that of a long visit."""
    one = a_result(f"account-{number:04}", reason=Reason.TIMEOUT if number % 3 == 0 else None)
    steps = [list(one.steps) for _ in range(4)]
    evidence = tuple(artifact for _ in range(12) for artifact in one.evidence)
    return a_result(
        one.account,
        one.verdict,
        reason=one.reason,
        form=one.form,
        steps=tuple(step for found in steps for step in found),
        evidence=evidence,
        because="a sentence\nover two lines, with \u2028 and \u201cquotes\u201d",
    )


@pytest.mark.parametrize("accounts", [3, MANY])
def test_what_is_written_in_the_end_is_what_came(tmp_path: Path, accounts: int) -> None:
    """To the letter, in the plan's order, whatever the order in which they came; the file of the meantime is gone."""
    spool, whole = ResultSpool(accounts), [a_large_result(number) for number in range(accounts)]
    held = {one.account: spool.keep(tmp_path, one) for one in reversed(whole)}
    assert (tmp_path / SPOOL).read_bytes().count(b"\n") == accounts
    never_looked_at = a_result("broken-flow", reason=Reason.FLOW_BROKEN)
    document = a_document(*(held[one.account] for one in whole), never_looked_at)
    wanted = RunDocument(document.run, (*whole, never_looked_at))
    assert "".join(pieces(document.run, spool.in_full(document.results))) == to_json(wanted)
    spool.close()
    assert not (tmp_path / SPOOL).exists()


def test_few_results_stay_as_they_are_and_many_keep_what_the_history_needs(tmp_path: Path) -> None:
    """A report in full needs all of a result; the history needs its form."""
    one = a_result("a", Verdict.NOT_OBJECTED)
    assert ResultSpool(FULL_UP_TO).keep(tmp_path, one) is one
    kept = ResultSpool(MANY).keep(tmp_path, one)
    assert (kept.verdict, kept.form, kept.bundle) == (one.verdict, one.form, one.bundle)
    assert kept.steps == ()


@pytest.mark.thorough
def test_a_run_grows_by_little_an_account(tmp_path: Path) -> None:
    """Of each result at most a third of its size stays in memory, and at most 16 kB."""
    spool = ResultSpool(MANY)

    def grown(keep: bool) -> float:
        held = []
        gc.collect()
        tracemalloc.start()
        for number in range(100):
            one = read_result(
                result_text(a_large_result(number)).encode()
            )  # as a check gives it: read from what was sealed
            held.append(spool.keep(tmp_path, one) if keep else one)
            del one
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size / len(held)

    whole, brief = grown(keep=False), grown(keep=True)
    assert brief < whole / 3, f"{brief / _KB:.0f} kB of {whole / _KB:.0f}"
    assert brief < 16 * _KB
