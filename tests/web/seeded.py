"""Accounts with every verdict and the configuration that goes with them; also what the documentation's pictures show."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from automation.core.results import RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.evidence import Keys, Ledger, Sealer
from automation.evidence.write.sealer import seal_run
from automation.reports.as_json import to_json
from automation.storage.sqlite import SqliteHistory
from tests.builders import a_document, a_result

_PEOPLE = ("Atelier Dupont", "Cabinet Arnaud")


def everything(evidence: Path) -> RunDocument:
    """One account a verdict and some reasons, of two owners, one an author of a Page."""
    answers = [(f"atelier-{v.value.replace('_', '-')}", v, None) for v in Verdict if v.is_answer]
    answers += [
        ("arnaud-code", Verdict.NEEDS_HUMAN, Reason.TWO_FACTOR),
        ("arnaud-late", Verdict.UNKNOWN, Reason.TIMEOUT),
    ]
    results = [a_result(name, verdict, reason=reason, bundle=None) for name, verdict, reason in answers]
    results[2] = replace(results[2], kind="page_admin", page="Atelier Dupont, luthier")
    named = tuple(replace(r, owner=_PEOPLE[r.account.startswith("arnaud")]) for r in results)
    document = a_document(*named)
    return replace(document, run=replace(document.run, output=str(evidence / document.run.id)))


def configuration(document: RunDocument) -> str:
    """The `temoin.toml` of these accounts, and of one that was never checked."""
    text = ""
    for number, result in enumerate(document.results):
        page = f"kind = {json.dumps(result.kind)}\npage = {json.dumps(result.page)}\n" if result.page else ""
        text += (
            f"[[accounts]]\nname = {json.dumps(result.account)}\nflow = {json.dumps(result.flow)}\n"
            f'owner = {json.dumps(result.owner)}\nidentity = "10008345671{number:04}"\nexpect = "objected"\n{page}\n'
        )
    return (
        text
        + '[[accounts]]\nname = "arnaud-linkedin"\nflow = "linkedin.ai_training"\nowner = "Cabinet Arnaud"\nidentity = "hotel-des-postes"\n'
    )


def seed(folder: Path, data: Path) -> Path:
    """
    Write configuration, results, past and, as far as a page looks, sessions; where the configuration lies.

    Args:
        folder: of the configuration and the evidence.
        data: what `platformdirs` finds as this user's data.
    """
    evidence = folder / "temoin-evidence"
    document = everything(evidence)
    run = Path(document.run.output)
    run.mkdir(parents=True)
    (run / "results.json").write_text(to_json(document))
    seal_run(run, Sealer(Keys(data / "temoin" / "keys"), (), Ledger(evidence)))
    with SqliteHistory(evidence / "history.sqlite3") as history:
        history.record(document)
    sessions = data / "temoin" / "sessions"
    sessions.mkdir(parents=True)
    for result in document.results:
        (sessions / f"{result.account}.age").touch()
    config = folder / "temoin.toml"
    config.write_text(configuration(document))
    return config
