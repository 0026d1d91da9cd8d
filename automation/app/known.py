"""Never less than was known: the last answer of accounts of which a later run has read nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from automation.app.setup import known_keys, looks_that_count
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.results import Result
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.chain_reading import chain_above
from automation.evidence.verify.opened import Agreement, compare_answer, compare_run
from automation.reports.stored import NAME, IndexedResult, StoredRun, index_of, last_known, lines_of, open_all


def last_answers_of(shown: Mapping[str, tuple[str, datetime]], evidence: Path, settings: Settings) -> dict[str, Result]:
    """
    Account → the answer that stands although its result has none, from the runs of an evidence folder.

    What is not as it was sealed is left out, and so is what rests on a look that was taken back. `shown` are accounts
    whose result has no answer: the flow, and when it finished.
    """
    if not shown:
        return {}
    runs = sorted(open_all(evidence.glob(f"*/{NAME}")), key=lambda stored: stored.run.finished_at, reverse=True)

    def until_shown(stored: StoredRun) -> Iterator[IndexedResult]:
        try:
            found = tuple(index_of(stored))
        except ConfigurationError:
            return iter(())
        return (one for one in found if one.account in shown and one.at <= shown[one.account][1])

    lines = lines_of(map(until_shown, runs), {name: flow for name, (flow, _) in shown.items()})
    looks, trust = {look.id for look in looks_that_count(settings)}, known_keys(settings)
    found: dict[str, Result] = {}
    for name, line in lines.items():
        known = last_known(line, looks)
        if known is None or line[0].at != shown[name][1]:
            continue
        answer = known.read()
        if _is_as_sealed(known.file, answer, trust):
            found[name] = answer
    return found


def _is_as_sealed(file: Path, answer: Result, trust: Trust | None) -> bool:
    """Whether an answer of a file of results is the one in its bundle, or in the sealed results of its run."""
    chain = chain_above(file, trust)
    if chain is None or chain.findings:
        return False
    found = compare_answer(file.parent, answer, chain)
    by_run = found is Agreement.NOT_HERE and compare_run(file, chain, trust).agreement is Agreement.SAME
    return found is Agreement.SAME or by_run
