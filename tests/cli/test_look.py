"""
`temoin look`, called as a person and as a script do, on sealed bundles.

Real: the sealing, the ledger, the program, the flows. Not real: the visits, and the letters, which are made up.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from automation.check.conclusion import conclude, terms_of
from automation.cli.shared.common import write_results
from automation.domain.observations import Observation
from automation.domain.results import Outcome, Result
from automation.domain.verdicts import Verdict
from automation.evidence.write.run_sealer import seal_run
from automation.flow import Flow
from automation.storage.history import SqliteHistory
from tests.builders import a_document
from tests.cli.conftest import Program
from tests.evidence.building import Place
from tests.reading.letters.builders import an_item, an_observation

FLOW = "facebook.ai_objection"
ACCOUNT = """
[[accounts]]
name = "{name}"
flow = "facebook.ai_objection"
owner = "{name}"
identity = "10008000000000{number}"
sign_in = "password"
expect = "objected"
"""
NAMES = ("claire", "antoine", "eva")
LETTER = (
    "Hello {name},\n\nWe looked at your case.\n\nYour wish is granted: nothing of yours will be fed to our machines."
)
OTHER = "Hello {name},\n\nWe looked at your case.\n\nYour wish cannot be granted at this time of the year."


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The evidence folder of this machine's own configuration, sealed by its own key."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    place = Place(tmp_path / "temoin")
    accounts = "".join(ACCOUNT.format(name=name, number=n) for n, name in enumerate(NAMES))
    Path("temoin.toml").write_text(f'output = "{place.root}"\n{accounts}')
    return place


def an_unread(flow: Flow, *letters: str, subject: str) -> Observation:
    """A visit whose inbox holds letters that nobody knows."""
    items = [an_item(letter, labels=flow.labels, holder="Name") for n, letter in enumerate(letters)]
    seen = an_observation(*items, labels=flow.labels, subject=subject)
    replies = tuple(replace(reply, picture="data/pictures/01-form_a.png") for reply in seen.replies)
    return replace(seen, replies=replies)


def checked(place: Place, flow: Flow, run: str, letters: dict[str, tuple[str, ...]], **changes: Any) -> list[Path]:
    """A run as `temoin check` leaves it; the bundles, in the order of the accounts."""
    results, bundles = [], []
    for account, texts in letters.items():
        observation = an_unread(flow, *texts, subject=f"subject-{account}")
        told: list[Result] = []

        def change(result: Result, told: list[Result] = told, seen: Observation = observation) -> Result:
            judged = conclude(flow, seen, None, terms_of(result, datetime.now(UTC).date(), strict=False))
            told.append(
                replace(
                    result, form=None, flow=FLOW, subject=seen.subject, verdict=judged.verdict, reason=judged.reason, because=judged.because,
                    because_key=judged.because_key, missing=judged.missing, expect=Verdict.OBJECTED,
                    outcome=Outcome.INCOMPLETE, signals=(), **changes,
                )
            )  # fmt: skip
            return told[-1]

        files = {"observation.json": TypeAdapter(Observation).dump_json(observation)}
        reference = asyncio.run(place.bundle(run, account, files=files, change=change))
        bundles.append(place.root / run / reference.path)
        results.append(replace(told[0], bundle=reference))
    output = place.root / run
    document = a_document(*results, id=run, output=str(output), stand_in=False, finished_at=datetime.now(UTC))
    write_results(document)
    seal_run(output, place.sealer)
    with SqliteHistory(place.root / "history.sqlite3") as history:
        history.record(document)
    return bundles


def test_one_look_answers_every_account_with_the_letter(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """Two accounts got one letter: both are answered at once, in history, report and `verify`, and it says by whom."""
    bundles = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,), "antoine": (LETTER,), "eva": (OTHER,)})
    waiting = json.loads(temoin("look", "--json").out)
    assert [[one["account"] for one in each["accounts"]] for each in waiting] == [["claire", "antoine"], ["eva"]]
    taken = temoin("look", str(bundles[0]), "--says", "accepted", "--by", "Nora Falk", "--json")
    assert taken.code == 0, taken.err
    told = json.loads(taken.out)
    assert [(one["account"], one["then"]["verdict"], one["now"]["verdict"]) for one in told["changes"]] == [
        ("claire", "unknown", "objected"),
        ("antoine", "unknown", "objected"),
    ]
    entries = json.loads(temoin("history", "--json").out)["entries"]
    assert {entry["account"]: entry["change"]["now"]["verdict"] for entry in entries} == {
        "claire": "objected", "antoine": "objected", "eva": "unknown",
    }  # fmt: skip
    report = json.loads(temoin("report", "--format", "json").out)
    by_name = {result["account"]: result for result in report["results"]}
    assert by_name["claire"]["basis"] == "looked_at"
    assert (by_name["claire"]["outcome"], by_name["eva"]["basis"]) == ("ok", "sourced")
    assert [look["by"] for look in by_name["antoine"]["looks"]] == ["Nora Falk"]
    assert (place.root / by_name["claire"]["bundle"]["path"] / "data" / "pictures").is_dir()
    verified = temoin("verify", str(place.root), "--allow-unstamped")
    assert verified.code == 0, verified.out + verified.err
