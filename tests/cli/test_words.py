"""
`temoin words`, called as a person does, on sealed bundles.

Real: the sealing, the program, the flows, `temoin rejudge`. Not real: the visits, and the Polish letter, which is made up.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from automation.domain.observations import Observation
from automation.domain.results import Result
from automation.domain.verdicts import Reason
from automation.flow import Flow
from tests.builders import a_result
from tests.cli.conftest import Program
from tests.evidence.building import Place
from tests.reading.test_confirmed_words import DECISIVE, FLOW, POLISH, observation_of

CONFIG = """
flow_paths = ["ours"]

[[accounts]]
name = "atelier-facebook"
flow = "facebook.ai_objection"
owner = "Atelier Dupont"
identity = "100080000000000"
sign_in = "password"
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An evidence folder of its own."""
    return Place(tmp_path / "place")


@pytest.fixture
def bundles(place: Place, flows: dict[str, Flow]) -> list[Path]:
    """Three accounts that got one letter, sealed; a configuration with a folder for the user's own flows."""
    Path("ours").mkdir()
    Path("temoin.toml").write_text(CONFIG)
    made = []
    for number, holder in enumerate(("Anna Kowalska", "Piotr Nowak", "Ewa Lis")):
        observation = observation_of(POLISH, flows[FLOW], holder=holder, number=f"{900 + number}")
        files = {"observation.json": TypeAdapter(Observation).dump_json(observation)}
        made.append(place.sealed(f"run-{number}", files=files, change=_unknown))
    return made


def _unknown(result: Result) -> Result:
    """The result of a check that read a letter in a language without words."""
    stored = a_result(reason=Reason.LOCALE_UNCOVERED)
    return replace(
        result, verdict=stored.verdict, reason=stored.reason, because=stored.because, because_key=stored.because_key
    )


def number_of(shown: str, text: str) -> str:
    """The number that stands before a sentence where it is shown."""
    [line] = [line for line in shown.splitlines() if text[:30] in line]
    return line.split()[0]


def test_confirmed_once_it_lifts_every_stored_answer(bundles: list[Path], place: Place, temoin: Program) -> None:
    """Shown with its picture, confirmed by name; `rejudge` answers for all three and says whose word it is."""
    assert temoin("rejudge", str(place.root)).code == 0
    shown = temoin("words", "confirm", str(bundles[0]))
    assert shown.code == 2
    picture = shown.err.partition("Its picture: ")[2].splitlines()[0]
    assert Path(picture).read_bytes().startswith(b"\x89PNG")
    number = number_of(shown.err, DECISIVE)
    told = temoin("words", "confirm", str(bundles[0]), "--sentence", number, "--means", "accepted", "--by", "Claire M.")
    assert told.code == 0, told.err
    answer = temoin("rejudge", str(place.root), "--json")
    assert answer.code == 1
    now = json.loads(answer.out)
    assert [one["now"]["verdict"] for one in now] == ["objected"] * 3
    assert {word.partition(",")[0] for one in now for word in one["confirmed_words"]} == {"Claire M."}
    assert "Claire M." in temoin("rejudge", str(bundles[2])).out
    strict = json.loads(temoin("rejudge", str(place.root), "--strict", "--json").out)
    assert {one["now"]["reason"] for one in strict} == {"locale_uncovered"}


def test_a_word_is_listed_revoked_and_shared(bundles: list[Path], place: Place, temoin: Program) -> None:
    """An export names nobody; what is imported says who vouches for it; a revoked sentence counts no more."""
    assert temoin("words", "list").out.strip() == "No sentence is confirmed."
    number = number_of(temoin("words", "confirm", str(bundles[0])).err, DECISIVE)
    temoin("words", "confirm", str(bundles[0]), "--sentence", number, "--means", "accepted", "--by", "Claire M.")
    [listed] = json.loads(temoin("words", "list", "--json").out)
    assert (listed["who"], listed["locale"], listed["means"]) == ("Claire M.", "pl", "accepted")
    assert temoin("words", "export", "shared.toml").code == 0
    assert "Claire" not in Path("shared.toml").read_text(encoding="utf-8")
    assert temoin("words", "revoke", listed["id"]).code == 0
    assert temoin("rejudge", str(place.root)).code == 0
    assert temoin("words", "revoke", listed["id"]).code == 2
    assert temoin("words", "import", "shared.toml", "--by", "Paul T.").code == 0
    assert "Paul T." in temoin("words", "list").out
    assert "imported" in temoin("rejudge", str(bundles[1])).out
    assert "1 sentence exported" in temoin("words", "export", "again.toml").out
    assert Path("again.toml").read_text(encoding="utf-8") == Path("shared.toml").read_text(encoding="utf-8")


def test_an_export_with_a_name_in_it_is_refused(bundles: list[Path], temoin: Program) -> None:
    """The account's owner in a sentence stops the export, which then writes nothing."""
    number = number_of(temoin("words", "confirm", str(bundles[0])).err, DECISIVE)
    temoin("words", "confirm", str(bundles[0]), "--sentence", number, "--means", "accepted", "--by", "Claire M.")
    file = Path("ours/words.toml")
    file.write_text(file.read_text(encoding="utf-8").replace("privacy operations", "atelier dupont"), encoding="utf-8")
    answer = temoin("words", "export", "shared.toml")
    assert answer.code == 2
    assert "nothing is exported" in answer.err
    assert not Path("shared.toml").exists()


@pytest.mark.usefixtures("bundles")
def test_what_cannot_be_confirmed_is_said(place: Place, temoin: Program) -> None:
    """A bundle without an answer, and a configuration without a folder of one's own: one sentence each, exit 2."""
    without = place.sealed("run-9")
    assert "holds no answer" in temoin("words", "confirm", str(without)).err
    Path("temoin.toml").write_text(CONFIG.replace('flow_paths = ["ours"]', ""))
    assert "flow_paths names none" in temoin("words", "confirm", str(without)).err
