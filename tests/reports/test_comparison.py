"""Two pieces of evidence side by side: what is said, what the pictures show, and the commands that tell it."""

from __future__ import annotations

import io
import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from pydantic import TypeAdapter

from automation.core.errors import ConfigurationError
from automation.core.observations import Observation
from automation.core.records import Mask, Redaction
from automation.core.results import Result
from automation.core.signals import Signal, SignalName, Way
from automation.core.verdicts import Reason, Verdict
from automation.reports.comparison import (
    Difference,
    DifferenceKind,
    NotAlike,
    PixelBox,
    compare_answers,
    compare_pictures,
)
from tests.builders import a_field, a_form, a_result, a_signal, a_step, an_exposure
from tests.cli.conftest import Program, _own_place, temoin
from tests.evidence.building import Place

__all__ = ["_own_place", "temoin"]


def test_the_same_twice_differs_in_nothing() -> None:
    """A result beside itself has no difference, whatever it holds."""
    result = a_result(form=a_form(), signals=(a_signal(),), exposure=(an_exposure(),))
    assert compare_answers(result, result) == ()


def test_the_verdict_comes_first() -> None:
    """What matters most stands first: the verdict, its reason, then what led to it."""
    before = a_result(verdict=Verdict.NOT_OBJECTED, signals=(a_signal(SignalName.INBOX_NOTHING),))
    now = replace(
        before, verdict=Verdict.UNKNOWN, reason=Reason.AMBIGUOUS, signals=(a_signal(SignalName.PAGE_UNCLEAR),)
    )
    found = compare_answers(before, now)
    assert found[:2] == (
        Difference(DifferenceKind.VERDICT, "", "not_objected", "unknown"),
        Difference(DifferenceKind.REASON, "", None, "ambiguous"),
    )
    assert {(d.what, d.before is None, d.now is None) for d in found if d.kind is DifferenceKind.SIGNAL} == {
        ("inbox.nothing", False, True),
        ("page.unclear", True, False),
    }


def test_a_switch_that_turned_is_named_with_both_states() -> None:
    """The state of a control before and now, not only that something moved."""
    on = a_signal(SignalName.CONTROL_TRAINS, quote="on")
    before, now = a_result(signals=(on,)), a_result(signals=(replace(on, quote="off"),))
    assert compare_answers(before, now) == (Difference(DifferenceKind.CONTROL, "control.trains", "on", "off"),)


def test_what_the_form_gained_and_lost() -> None:
    """A field that is new, one that is gone and a changed submit control are told by their labels."""
    before = a_result(form=a_form())
    fields = (a_field(), a_field("Country", kind="select", role="country", filled=False))
    now = a_result(form=a_form(fields=fields, submit="Send", fingerprint="0" * 64))
    told = {(d.detail, d.before, d.now) for d in compare_answers(before, now) if d.kind is DifferenceKind.FORM}
    assert told == {("added", None, "Country"), ("removed", "How this impacts you", None), ("submit", "Submit", "Send")}


def test_a_form_that_is_gone_is_a_difference() -> None:
    """A form in one and none in the other is told, both ways."""
    with_form, without = a_result(form=a_form()), a_result(form=None)
    assert [(d.kind, d.detail) for d in compare_answers(with_form, without)] == [(DifferenceKind.FORM, "removed")]
    assert [(d.kind, d.detail) for d in compare_answers(without, with_form)] == [(DifferenceKind.FORM, "added")]


def test_other_rules_are_said() -> None:
    """A flow of another revision is named, as the answer may differ because of it."""
    before = a_result()
    (found,) = compare_answers(before, replace(before, flow_revision="another"))
    assert (found.kind, found.what, found.now) == (DifferenceKind.RULES, before.flow, "another")


@pytest.mark.parametrize("changes", [{"flow": "instagram.ai_objection"}, {"subject": "f" * 64}])
def test_two_accounts_or_settings_are_refused(changes: dict[str, str]) -> None:
    """What belongs to two accounts or settings is not compared: every difference would mislead."""
    before = a_result(subject="a" * 64)
    with pytest.raises(NotAlike) as caught:
        compare_answers(before, replace(before, **changes))
    assert caught.value.remedy


def png(*boxes: tuple[PixelBox, str], size: tuple[int, int] = (300, 200)) -> bytes:
    """A white page with coloured rectangles."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for box, colour in boxes:
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


SWITCH = PixelBox(40, 50, 30, 16)
NAME = PixelBox(200, 10, 80, 20)


def test_the_same_picture_twice_differs_nowhere() -> None:
    """Nothing differs between a picture and itself, and every pixel was compared."""
    found = compare_pictures(png((SWITCH, "blue")), png((SWITCH, "blue")))
    assert (found.pixels, found.where, found.picture, found.of) == (0, None, None, 300 * 200)


def test_a_switch_that_turned_is_found_where_it_is() -> None:
    """The difference has the switch's size and place, and a picture of it that can be opened."""
    found = compare_pictures(png((SWITCH, "blue")), png((SWITCH, "grey")))
    assert found.pixels == SWITCH.width * SWITCH.height
    assert found.where is not None
    assert found.where.x <= SWITCH.x
    assert found.where.x + found.where.width >= SWITCH.x + SWITCH.width
    assert found.picture is not None
    drawn = Image.open(io.BytesIO(found.picture))
    assert drawn.size == (found.where.width, found.where.height)
    assert (255, 0, 0) in [colour for _, colour in drawn.getcolors() or ()]


def test_masked_areas_are_left_out() -> None:
    """What is masked in either picture is neither compared nor counted, even where masks overlap."""
    masks = (NAME, PixelBox(NAME.x + 40, NAME.y, 80, 20))
    found = compare_pictures(png((NAME, "black")), png((NAME, "red")), masks)
    assert found.pixels == 0
    assert found.of == 300 * 200 - 100 * 20  # the second mask reaches over the picture's edge
    both = compare_pictures(png((NAME, "black"), (SWITCH, "blue")), png((NAME, "red"), (SWITCH, "grey")), masks)
    assert both.pixels == SWITCH.width * SWITCH.height


def test_a_longer_page_differs_by_what_it_gained() -> None:
    """What only one picture has counts as different, although it is as white as the ground of the other."""
    found = compare_pictures(png(), png(size=(300, 260)))
    assert found.pixels == 300 * 60
    assert found.sizes == ((300, 200), (300, 260))
    assert 0 < found.share < 1


@pytest.mark.parametrize("broken", [b"", b"no picture", png()[:60], b"\xff\xd8\xff\xe0 JFIF"])
def test_what_is_no_picture_is_said(broken: bytes) -> None:
    """A file that is no PNG, or half of one, is one clear error."""
    with pytest.raises(ConfigurationError, match="picture"):
        compare_pictures(png(), broken)


def test_a_picture_that_claims_to_be_huge_is_refused() -> None:
    """A header of 100,000 by 100,000 pixels is refused before memory is taken for it."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = png()
    huge = data[:8] + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    with pytest.raises(ConfigurationError, match="picture"):
        compare_pictures(huge, png())


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
    answer = temoin("history", "diff", str(first), str(second))
    answer.ended(0, out=("1 picture is the same",))
    assert not Path("temoin-diff").exists()


def test_what_differs_is_told_with_its_picture(place: Place, temoin: Program) -> None:
    """Another answer and a turned switch end with 1; the picture shows the switch and not the masked name."""
    first, second = sealed(place), sealed(place, colour="grey", verdict=Verdict.OBJECTED)
    answer = temoin("history", "diff", str(first), str(second), "--json", "--output", "there/changed")
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
    answer = temoin("--lang", "fr", "history", "diff", str(first), str(second))
    answer.ended(1, out=("Réponse", "Image de l’étape"))


def test_two_accounts_are_not_compared(place: Place, temoin: Program) -> None:
    """Bundles of two accounts are refused in one sentence, and nothing is compared."""
    answer = temoin("history", "diff", str(sealed(place)), str(sealed(place, subject="b" * 64)))
    answer.ended(2, "two accounts")


def test_an_altered_bundle_is_not_believed(place: Place, temoin: Program) -> None:
    """Neither command reads anything out of a bundle that is not as it was sealed."""
    bundle = sealed(place, observation=seen(*SIGNALS))
    file = bundle / "data/observation.json"
    file.write_bytes(file.read_bytes().replace(b"inbox.nothing", b"inbox.unread"))
    for call in (("history", "rejudge", str(bundle)), ("history", "diff", str(bundle), str(bundle))):
        answer = temoin(*call)
        answer.ended(2, "temoin verify")


def test_todays_rules_give_the_same_answer(place: Place, temoin: Program) -> None:
    """A visit whose signals still mean what they meant is answered alike, with exit code 0."""
    bundle = sealed(place, observation=seen(*_not_objected()))
    answer = temoin("history", "rejudge", str(bundle), "--json")
    (told,) = json.loads(answer.out)
    assert (answer.code, told["changed"], told["now"]["verdict"]) == (0, False, "not_objected")


def test_other_rules_are_called_by_their_name(place: Place, temoin: Program) -> None:
    """An answer that today's rules do not give is told as a change of the rules; the evidence stays as it is."""
    bundle = sealed(place, observation=seen(SIGNALS[0]), verdict=Verdict.OBJECTED)
    before = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    answer = temoin("history", "rejudge", str(bundle))
    answer.ended(1, out=("The rules have changed, not the account"))
    assert {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()} == before
    french = temoin("--lang", "fr", "history", "rejudge", str(bundle))
    assert "Les règles ont changé, pas le compte" in french.out


def test_a_visit_that_read_nothing_keeps_its_answer(place: Place, temoin: Program) -> None:
    """Where the visit was stopped there is nothing to judge; that is said, and is no change."""
    answer = temoin("history", "rejudge", str(sealed(place)))
    answer.ended(0, out=("nothing had been read",))


def test_a_run_is_judged_whole(place: Place, temoin: Program) -> None:
    """A folder that holds several bundles is judged bundle by bundle; one without any is an error."""
    for _ in range(2):
        sealed(place, observation=seen(*_not_objected()))
    answer = temoin("history", "rejudge", str(place.root), "--json")
    assert len(json.loads(answer.out)) == 2
    Path("empty").mkdir()
    assert temoin("history", "rejudge", "empty").code == 2


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
