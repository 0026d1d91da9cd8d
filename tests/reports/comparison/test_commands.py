"""
`temoin diff` and `temoin rejudge` on sealed bundles.

Real: the sealing, the flows' rules and the program. Not real: the visits, which are made up.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from automation.core.observations import Observation
from automation.core.records import Mask, Redaction
from automation.core.signals import Signal, SignalName, Way
from automation.core.verdicts import Verdict
from tests.builders import a_form, a_step
from tests.evidence.building import Place
from tests.reports.comparison.test_pictures import NAME, SWITCH, png

if TYPE_CHECKING:
    from automation.core.results import Result
    from tests.cli.conftest import Program

SIGNALS = (
    SignalName.IDENTITY_SAME.seen("home", Way.AT_START_AND_END),
    SignalName.FORM_OPEN.seen("form_a"),
    SignalName.FORM_TITLE.seen("form_a", source="a test"),
    SignalName.INBOX_KNOWN.seen("support_inbox", Way.INBOX_DATA),
    SignalName.INBOX_NOTHING.seen("support_inbox", Way.EMPTY_LIST),
)


def seen(*signals: Signal, form: bool = True) -> Observation:
    """What a visit read."""
    return Observation("facebook.ai_objection", "1", "a" * 64, "en-GB", signals, a_form() if form else None)


def sealed(
    place: Place,
    *,
    colour: str = "blue",
    observation: Observation | None = None,
    verdict: Verdict = Verdict.NOT_OBJECTED,
    subject: str = "a" * 64,
) -> Path:
    """One bundle with a picture of a switch, whose name is masked."""
    redaction = Redaction(
        1,
        "form_a",
        ("data/pictures/02-switch.png",),
        (300, 200),
        (0, 0, 300, 200),
        (Mask("name", 1, ((NAME.x, NAME.y, NAME.width, NAME.height),)),),
        (),
    )
    redactions = {"schema": "temoin.redactions/1", "steps": [TypeAdapter(Redaction).dump_python(redaction)]}
    files = {
        "pictures/02-switch.png": png((SWITCH, colour), (NAME, colour)),
        "redactions.json": json.dumps(redactions).encode(),
    }
    if observation is not None:
        files["observation.json"] = TypeAdapter(Observation).dump_json(observation)

    def change(result: Result) -> Result:
        steps = (a_step(1, "form_a", at=result.started_at, picture="data/pictures/02-switch.png"),)
        return replace(result, steps=steps, verdict=verdict, subject=subject, form=a_form())

    return place.sealed(f"run-{len(list(place.root.glob('*')))}", files=files, change=change)


def test_the_same_twice_is_said_to_be_the_same(place: Place, temoin: Program) -> None:
    """Two visits that found the same end with 0 and leave no picture; what is masked does not count."""
    first, second = sealed(place), sealed(place)
    answer = temoin("diff", str(first), str(second))
    answer.ended(0, out=("1 picture is the same",))
    assert not Path("temoin-diff").exists()


def test_what_differs_is_told_with_its_picture(place: Place, temoin: Program) -> None:
    """Another answer and a turned switch end with 1; the picture shows the switch and not the masked name."""
    first, second = sealed(place), sealed(place, colour="grey", verdict=Verdict.OBJECTED)
    answer = temoin("diff", str(first), str(second), "--json", "--output", "there/changed")
    assert answer.code == 1
    told = json.loads(answer.out)
    assert told["answers"][0] == {
        "kind": "verdict",
        "what": "",
        "before": "not_objected",
        "now": "objected",
        "detail": "",
    }
    (picture,) = told["pictures"]
    assert picture["pixels"] == SWITCH.width * SWITCH.height
    assert Path(picture["file"]).read_bytes().startswith(b"\x89PNG")


def test_what_differs_is_told_in_french(place: Place, temoin: Program) -> None:
    """A person who reads French is told in French what differs."""
    first, second = sealed(place), sealed(place, colour="grey", verdict=Verdict.OBJECTED)
    answer = temoin("--lang", "fr", "diff", str(first), str(second))
    answer.ended(1, out=("Réponse", "Image de l’étape"))


def test_two_accounts_are_not_compared(place: Place, temoin: Program) -> None:
    """Bundles of two accounts are refused in one sentence, and nothing is compared."""
    answer = temoin("diff", str(sealed(place)), str(sealed(place, subject="b" * 64)))
    answer.ended(2, "two accounts")


def test_an_altered_bundle_is_not_believed(place: Place, temoin: Program) -> None:
    """Neither command reads anything out of a bundle that is not as it was sealed."""
    bundle = sealed(place, observation=seen(*SIGNALS))
    file = bundle / "data/observation.json"
    file.write_bytes(file.read_bytes().replace(b"inbox.nothing", b"inbox.unread"))
    for call in (("rejudge", str(bundle)), ("diff", str(bundle), str(bundle))):
        answer = temoin(*call)
        answer.ended(2, "temoin verify")


def test_todays_rules_give_the_same_answer(place: Place, temoin: Program) -> None:
    """A visit whose signals still mean what they meant is answered alike, with exit code 0."""
    bundle = sealed(place, observation=seen(*_not_objected()))
    answer = temoin("rejudge", str(bundle), "--json")
    (told,) = json.loads(answer.out)
    assert (answer.code, told["changed"], told["now"]["verdict"]) == (0, False, "not_objected")


def test_other_rules_are_called_by_their_name(place: Place, temoin: Program) -> None:
    """An answer that today's rules do not give is told as a change of the rules; the evidence stays as it is."""
    bundle = sealed(place, observation=seen(SIGNALS[0]), verdict=Verdict.OBJECTED)
    before = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    answer = temoin("rejudge", str(bundle))
    answer.ended(1, out=("The rules have changed, not the account"))
    assert {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()} == before
    french = temoin("--lang", "fr", "rejudge", str(bundle))
    assert "Les règles ont changé, pas le compte" in french.out


def test_a_visit_that_read_nothing_keeps_its_answer(place: Place, temoin: Program) -> None:
    """Where the visit was stopped there is nothing to judge; that is said, and is no change."""
    answer = temoin("rejudge", str(sealed(place)))
    answer.ended(0, out=("nothing had been read",))


def test_a_run_is_judged_whole(place: Place, temoin: Program) -> None:
    """A folder that holds several bundles is judged bundle by bundle; one without any is an error."""
    for _ in range(2):
        sealed(place, observation=seen(*_not_objected()))
    answer = temoin("rejudge", str(place.root), "--json")
    assert len(json.loads(answer.out)) == 2
    Path("empty").mkdir()
    assert temoin("rejudge", "empty").code == 2


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An empty evidence folder, sealed by this machine's own key."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Place(tmp_path / "temoin")


def _not_objected() -> tuple[Any, ...]:
    """Whatever the flow needs for `not_objected`."""
    import flows

    flow = flows.load()["facebook.ai_objection"]
    state = next(s for s in flow.states if s.verdict is Verdict.NOT_OBJECTED)
    return tuple(name.seen("home", how="made up") for name in state.needs)
