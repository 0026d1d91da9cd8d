"""Accounts whose newest answer is a letter that nobody knows: sealed evidence, results and a configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from automation.app.check import write_results
from automation.core.observations import Observation
from automation.core.results import Result
from automation.core.verdicts import Reason
from automation.flow import Flow
from automation.text.labels import Labels
from tests.builders import a_document, a_result
from tests.evidence.building import Place
from tests.reading.letters.builders import an_item, an_observation

FLOW = "facebook.ai_objection"
HOLDERS = {"anna-facebook": "Anna Kowalska", "piotr-facebook": "Piotr Nowak", "ewa-facebook": "Ewa Lis"}
"""Account → its holder; all got one letter."""
LETTER = "Hello {first},\n\nYour wish is granted: nothing of yours will be fed to our machines."
DECISIVE = "Your wish is granted: nothing of yours will be fed to our machines."
OPPOSITE = "We cannot honour your objection."
"""Known words that say no."""


def strangers(folder: Path, flows: Mapping[str, Flow], letter: str = LETTER) -> Path:
    """
    Write the evidence of one run, sealed by this machine's key, its results and a configuration; where that lies.

    Args:
        folder: where everything goes, the user's own data (`XDG_DATA_HOME`) too.
        flows: known ones.
        letter: paragraphs, separated by empty lines.
    """
    place = Place(folder / "temoin")
    results = [_sealed(place, account, letter, flows[FLOW]) for account in HOLDERS]
    document = a_document(*results, id="run-1", output=str(place.root / "run-1"))
    write_results(document)
    config = folder / "temoin.toml"
    config.write_text(f'output = "{place.root}"\n' + "".join(_table(n, a) for n, a in enumerate(HOLDERS)))
    return config


def _sealed(place: Place, account: str, letter: str, flow: Flow) -> Result:
    observation = _unread(letter, HOLDERS[account], flow.labels)
    stored, told = a_result(reason=Reason.LOCALE_UNCOVERED), list[Result]()

    def unknown(result: Result) -> Result:
        judged = {name: getattr(stored, name) for name in ("verdict", "reason", "because", "because_key")}
        told.append(replace(result, **judged))
        return told[-1]

    files = {"observation.json": TypeAdapter(Observation).dump_json(observation)}
    reference = asyncio.run(place.bundle("run-1", account, files=files, change=unknown))
    return replace(told[0], bundle=reference)


def _unread(letter: str, holder: str, labels: Labels) -> Observation:
    """What a check keeps of an inbox whose one thread holds this letter."""
    text = letter.format(first=holder.split(maxsplit=1)[0])
    seen = an_observation(an_item(text, labels=labels, holder=holder), labels=labels, subject=holder)
    replies = tuple(replace(reply, picture="data/pictures/01-form_a.png") for reply in seen.replies)
    return replace(seen, replies=replies)


def _table(number: int, account: str) -> str:
    return (
        f'\n[[accounts]]\nname = "{account}"\nflow = "{FLOW}"\nowner = "Pracownia Lis"\n'
        f'identity = "10008345671{number:04}"\nsign_in = "password"\n'
    )
