"""Accounts whose newest answer is a letter that nobody understands: sealed evidence, results and a configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from automation.cli.shared.common import write_results
from automation.domain.observations import Observation
from automation.domain.results import Result
from automation.domain.verdicts import Reason
from automation.flow import Flow
from tests.builders import a_document, a_result
from tests.evidence.building import Place
from tests.reading.test_confirmed_words import FLOW, POLISH, observation_of

HOLDERS = {"anna-facebook": "Anna Kowalska", "piotr-facebook": "Piotr Nowak", "ewa-facebook": "Ewa Lis"}
"""Account → its holder; all got one letter."""
HEDGED = "Uwzględnimy Twój sprzeciw, jeśli przyślesz nam dokument."


def strangers(folder: Path, flows: Mapping[str, Flow], letter: tuple[str, ...] = POLISH) -> Path:
    """
    Write the evidence of one run, its results and a configuration without `flow_paths`; where the configuration lies.

    Args:
        folder: where everything goes; the evidence in `evidence`.
        flows: known ones.
        letter: its lines.
    """
    place = Place(folder)
    results = [_sealed(place, account, letter, flows[FLOW]) for account in HOLDERS]
    document = a_document(*results, id="run-1", output=str(place.root / "run-1"))
    write_results(document)
    config = folder / "temoin.toml"
    config.write_text(
        'output = "evidence"  # on the large disk\n' + "".join(_table(n, a) for n, a in enumerate(HOLDERS))
    )
    return config


def _sealed(place: Place, account: str, letter: tuple[str, ...], flow: Flow) -> Result:
    observation = observation_of(letter, flow, holder=HOLDERS[account], number=f"{900 + len(account)}")
    stored, told = a_result(reason=Reason.LOCALE_UNCOVERED), list[Result]()

    def unknown(result: Result) -> Result:
        judged = {name: getattr(stored, name) for name in ("verdict", "reason", "because", "because_key")}
        told.append(replace(result, **judged))
        return told[-1]

    files = {"observation.json": TypeAdapter(Observation).dump_json(observation)}
    reference = asyncio.run(place.bundle("run-1", account, files=files, change=unknown))
    return replace(told[0], bundle=reference)


def _table(number: int, account: str) -> str:
    return (
        f'\n[[accounts]]\nname = "{account}"\nflow = "{FLOW}"\nowner = "Pracownia Lis"\n'
        f'identity = "10008345671{number:04}"\nsign_in = "password"\n'
    )
