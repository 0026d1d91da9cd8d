"""
`temoin look`, called as a person and as a script do, on sealed bundles.

Real: the sealing, the ledger, the program, the flows. Not real: the visits, and the letters, which are made up.
"""

from __future__ import annotations

import asyncio
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import TypeAdapter

from automation.app.check import write_results
from automation.app.setup import flows_for
from automation.config import load
from automation.core.observations import Observation
from automation.core.results import Outcome, Result
from automation.core.signals import SignalName
from automation.core.verdicts import Reason, Verdict
from automation.evidence.write.sealer import seal_run
from automation.flow import Flow
from automation.storage.sqlite import SqliteHistory
from automation.text.labels import WHOLE
from automation.visit.conclusion import conclude, terms_of
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
LETTER = "Hello Name,\n\nWe looked at your case.\n\nYour wish is granted: nothing of yours will be fed to our machines."
OTHER = "Hello Name,\n\nWe looked at your case.\n\nYour wish cannot be granted at this time of the year."


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


def checked(
    place: Place,
    flow: Flow,
    run: str,
    letters: dict[str, tuple[str, ...]],
    change: Callable[[Result], Result] = lambda result: result,
    *,
    nameless: bool = False,
    **changes: Any,
) -> list[Path]:
    """A run as `temoin check` leaves it; the bundles, in the order of the accounts."""
    results, bundles = [], []
    for account, texts in letters.items():
        observation = an_unread(flow, *texts, subject=f"subject-{account}")
        if nameless:  # nothing of the pages said whose account it was
            named = [signal for signal in observation.signals if signal.name is not SignalName.IDENTITY_SAME]
            observation = replace(observation, signals=tuple(named))
        told: list[Result] = []

        def read(result: Result, told: list[Result] = told, seen: Observation = observation) -> Result:
            judged = conclude(flow, seen, None, terms_of(result, datetime.now(UTC).date(), strict=False))
            answer = {"verdict": judged.verdict, "reason": judged.reason, "because_key": judged.because_key, **changes}
            told.append(
                replace(
                    change(result),
                    form=None,
                    flow=FLOW,
                    subject=seen.subject,
                    because=judged.because,
                    missing=judged.missing,
                    expect=Verdict.OBJECTED,
                    outcome=Outcome.INCOMPLETE,
                    signals=(),
                    **answer,
                )
            )
            return told[-1]

        files = {"observation.json": TypeAdapter(Observation).dump_json(observation)}
        reference = asyncio.run(place.bundle(run, account, files=files, change=read))
        bundles.append(place.root / run / reference.path)
        results.append(replace(told[0], bundle=reference))
    output = place.root / run
    document = a_document(*results, id=run, output=str(output), stand_in=False, finished_at=datetime.now(UTC))
    write_results(document)
    seal_run(output, place.sealer)
    with SqliteHistory(place.root / "history.sqlite3") as history:
        history.record(document)
    return bundles


def at_stand_in(result: Result) -> Result:
    """The same of a visit to a stand-in."""
    return replace(result, environment=replace(result.environment, stand_in=True))


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


def look_at(temoin: Program, bundle: Path, says: str = "accepted", by: str = "Nora Falk") -> dict[str, Any]:
    """What a look that is taken says it did."""
    taken = temoin("look", str(bundle), "--says", says, "--by", by, "--json")
    assert taken.code == 0, taken.err
    told: dict[str, Any] = json.loads(taken.out)
    return told


def stands(temoin: Program) -> dict[str, str]:
    """Account → its newest answer, by the history."""
    entries = json.loads(temoin("history", "--json").out)["entries"]
    return {entry["account"]: entry["change"]["now"]["verdict"] for entry in entries}


@pytest.mark.parametrize("harm", ["results.json", "looks.toml", "gone"])
def test_a_changed_or_removed_answer_fails_verification(
    place: Place, flows: dict[str, Flow], temoin: Program, harm: str
) -> None:
    """What a look gave is sealed: neither it, nor the look beside it, nor the whole run can be changed unseen."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    [run] = look_at(temoin, bundle)["runs"]
    if harm == "gone":
        shutil.rmtree(run)
    else:
        file = Path(run) / harm
        file.write_text(file.read_text().replace("Nora Falk", "Nora Fake"))
    verified = temoin("verify", str(place.root), "--allow-unstamped")
    assert verified.code != 0, verified.out


def a_photograph(kind: str = "JPEG", size: tuple[int, int] = (4, 3)) -> bytes:
    """A picture that says where and with what it was taken."""
    data, taken = Image.Exif(), io.BytesIO()
    data[0x010F] = "Camera of Nora"
    Image.new("RGB", size, "red").save(taken, kind, exif=data)
    return taken.getvalue() + b"Camera of Nora"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "answer.eml",
            b"From: privacy@example.com\r\nDate: Wed, 2 Dec 2026 10:00:00 +0000\r\n\r\nYour wish is granted.",
        ),
        ("answer.pdf", b"%PDF-1.7\n%%EOF\n"),
        ("answer.png", a_photograph("PNG")),
        ("answer.jpg", a_photograph()),
    ],
)
def test_a_file_is_sealed_with_the_look(
    place: Place, flows: dict[str, Flow], temoin: Program, name: str, data: bytes
) -> None:
    """Its copy lies in the sealed run under its digest, which the look names; changed, gone or added it is found."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    Path(name).write_bytes(data)
    temoin("look", str(bundle), "--says", "accepted", "--by", "Nora Falk", "--file", name).ended(0)
    assert Path(name).read_bytes() == data
    [look] = json.loads(temoin("look", "list", "--json").out)
    assert "1 file" in temoin("look", "list").out
    [copy] = place.root.glob("*/seen-*")
    assert look["files"] == [copy.name]
    assert sha256(copy.read_bytes()).hexdigest() in copy.name
    assert b"Camera of Nora" not in copy.read_bytes()

    def found() -> str:
        return temoin("verify", str(place.root), "--allow-unstamped", "--json").out

    shown = temoin("verify", str(place.root), "--allow-unstamped")
    temoin("report", str(copy.parent), "--output", "page.html").ended(0)
    for said in (
        shown.out,
        Path("page.html").read_text(),
        *(path.read_text() for path in copy.parent.glob("report.*")),
    ):
        assert not any(words in said for words in ("Your wish is granted", "privacy@example.com"))
    assert shown.code == 0
    packed = temoin("evidence", "pack", str(copy.parent), "--output", "run.zip")
    unmasked = "1 mail or PDF that was added to a look is in it as it came"
    assert (packed.code, packed.err.count(unmasked)) == (0, int(name.endswith((".eml", ".pdf")))), packed.err
    added = copy.with_name(f"seen-{'0' * 64}.pdf")
    added.write_bytes(b"another")
    assert '"file_added"' in found()
    added.unlink()
    kept = copy.read_bytes()
    copy.write_bytes(b"another")
    assert '"file_altered"' in found()
    copy.unlink()
    assert '"file_missing"' in found()
    copy.write_bytes(kept)
    assert temoin("look", "export", "shared.toml").code == 0
    assert "seen-" not in Path("shared.toml").read_text()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"poster.png": a_photograph("PNG", (9000, 6000))}, "more than 50 million points"),
        ({"page.html": b"<html>"}, "no mail (.eml), no PDF and no photograph"),
        ({"note.eml": b"Your wish is granted."}, "no mail (.eml), no PDF and no photograph"),
        ({"large.pdf": b"%PDF-" + b" " * 10_000_000}, "larger than 10 MB"),
        ({f"{n}.pdf": b"%PDF-%%EOF" for n in range(4)}, "too many for one look"),
    ],
)
def test_what_is_no_such_file_is_refused(
    place: Place, flows: dict[str, Flow], temoin: Program, files: dict[str, bytes], why: str
) -> None:
    """It is said which file and why, and no look is kept."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    for name, data in files.items():
        Path(name).write_bytes(data)
    given = [word for name in files for word in ("--file", name)]
    temoin("look", str(bundle), "--says", "accepted", "--by", "Nora Falk", *given).ended(2, why)
    assert not Path("looks.toml").exists()


def test_a_file_needs_an_answer_to_be_sealed_with(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """Beside "I cannot tell" nothing is written that could seal it; without an account it belongs to nobody."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    Path("a.pdf").write_bytes(b"%PDF-%%EOF")
    unsure = temoin("look", str(bundle), "--says", "unsure", "--by", "Nora Falk", "--file", "a.pdf")
    unsure.ended(2, "sealed with a new answer")
    temoin("look", "--file", "a.pdf").ended(2, "belongs to one account")


@pytest.mark.usefixtures("at_a_desk")
def test_an_added_file_goes_with_the_answer_that_counts(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """Of two letters the first answer changes nothing yet; the file is copied once, with the second."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (OTHER, LETTER)})
    Path("a.pdf").write_bytes(b"%PDF-%%EOF")
    temoin("look", str(bundle), "--by", "Nora Falk", "--file", "a.pdf", piped="7\ny\n1\ny\n").ended(0)
    assert [len(look["files"]) for look in json.loads(temoin("look", "list", "--json").out)] == [0, 1]
    assert len([*place.root.glob("*/seen-*")]) == 1


def brought(place: Place, flow: Flow, temoin: Program, service: str) -> Path:
    """Evidence of a letter, and a folder of flows in which this service brings the look at it."""
    [bundle] = checked(place, flow, "run-1", {"claire": (LETTER,)})
    look_at(temoin, bundle)
    assert temoin("look", "export", "shared.toml").code == 0
    Path("looks.toml").unlink()
    Path(f"ours/{service}").mkdir(parents=True)
    Path("shared.toml").rename(f"ours/{service}/looks.toml")
    config = Path("temoin.toml")
    config.write_text(f'flow_paths = ["ours"]\n{config.read_text()}')
    return bundle


def test_a_folder_of_flows_brings_looks(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """They count as imported, not with `--strict`; they are in no file of the user's before one is taken back."""
    bundle = brought(place, flows[FLOW], temoin, "facebook")
    [look] = json.loads(temoin("look", "list", "--json").out)
    assert (look["by"], look["imported"]) == ("facebook/looks.toml", True)
    for strict, verdict in (((), "objected"), (("--strict",), "unknown")):
        [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json", *strict).out)
        assert now["now"]["verdict"] == verdict
    assert temoin("look", "revoke", look["id"], "--by", "Paul Weil").code == 0
    [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json").out)
    assert now["now"]["verdict"] == "unknown"
    assert "Paul Weil" in Path("looks.toml").read_text()


def test_a_folder_of_flows_speaks_for_its_own_service_alone(
    place: Place, flows: dict[str, Flow], temoin: Program
) -> None:
    """Looks at Facebook in the folder of another service count for nothing."""
    bundle = brought(place, flows[FLOW], temoin, "studio")
    assert json.loads(temoin("look", "list", "--json").out) == []
    [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json").out)
    assert now["now"]["verdict"] == "unknown"


def test_one_sentence_more_is_asked_again_and_marked(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """The letter that was looked at with one more sentence is unknown, and the question marks that sentence."""
    more = f"{LETTER} But the decision was meant for somebody else."
    bundles = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,), "eva": (more,)})
    look_at(temoin, bundles[0])
    assert stands(temoin) == {"claire": "objected", "eva": "unknown"}
    [question] = json.loads(temoin("look", "--json").out)
    assert [line["text"] for line in question["lines"] if line["new"]] == [
        "But the decision was meant for somebody else."
    ]


def test_a_look_that_was_taken_back_answers_nothing_more(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """The answer goes with the look; the look stays, with who took it back; all of it verifies."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    [look] = look_at(temoin, bundle)["looks"]
    assert temoin("look", "revoke", look["id"], "--by", "Paul Weil").code == 0
    assert stands(temoin) == {"claire": "unknown"}
    [kept] = json.loads(temoin("look", "list", "--json").out)
    assert (kept["by"], kept["revoked_by"]) == ("Nora Falk", "Paul Weil")
    assert temoin("look", "revoke", look["id"], "--by", "Paul Weil").code == 2
    assert temoin("verify", str(place.root), "--allow-unstamped").code == 0
    assert look_at(temoin, bundle, "refused")["changes"][0]["now"]["verdict"] == "refused"
    assert temoin("history", "rebuild").code == 0
    assert stands(temoin) == {"claire": "refused"}


def test_strict_takes_no_look(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """`rejudge` gives the looked answer with whose word it is, and with `--strict` the one without it."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    look_at(temoin, bundle)
    [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json").out)
    assert (now["now"]["verdict"], now["basis"]) == ("objected", "looked_at")
    assert "Nora Falk" in now["looks"][0]
    [strict] = json.loads(temoin("history", "rejudge", str(bundle), "--strict", "--json").out)
    assert (strict["now"]["verdict"], strict["basis"], strict["looks"]) == ("unknown", "sourced", [])


def test_evidence_of_a_key_that_nobody_knows_is_not_looked_at(
    flows: dict[str, Flow], temoin: Program, tmp_path: Path
) -> None:
    """Whoever makes something of evidence has to know who sealed it: refused, and nothing is written there."""
    other = Place(tmp_path / "other")
    [bundle] = checked(other, flows[FLOW], "run-1", {"claire": (LETTER,)})
    before = sorted(path.name for path in other.root.iterdir())
    refused = temoin("look", str(bundle), "--says", "accepted", "--by", "Rita")
    assert (refused.code, "head_not_trusted" in refused.err) == (2, True)
    assert sorted(path.name for path in other.root.iterdir()) == before


def test_a_stand_ins_evidence_of_an_unknown_key_is_looked_at(
    flows: dict[str, Flow], temoin: Program, tmp_path: Path
) -> None:
    """It is about no real service: the look counts for stand-ins, nothing is written there, altered it is refused."""
    other = Place(tmp_path / "other")
    [bundle] = checked(other, flows[FLOW], "run-1", {"claire": (LETTER,)}, change=at_stand_in)
    before = sorted(path.name for path in other.root.iterdir())
    told = look_at(temoin, bundle)
    assert (told["runs"], list(told["untouched"])) == ([], [str(other.root)])
    assert [name for name in sorted(path.name for path in other.root.iterdir()) if name not in before] == []
    [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json").out)
    assert now["now"]["verdict"] == "objected"
    assert temoin("history", "diff", str(bundle), str(bundle)).code == 2  # what is told of it elsewhere needs its key
    observation = bundle / "data/observation.json"
    observation.chmod(0o644)
    observation.write_text(observation.read_text() + " ")
    refused = temoin("history", "rejudge", str(bundle), "--json")
    assert (refused.code, "file_altered" in refused.err) == (2, True)


def test_what_cannot_be_said_says_why_in_one_line(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """A person has to act first; another account; nothing would change; nobody is named: exit 2, and no file."""
    flow = flows[FLOW]
    for run, reason in enumerate((Reason.CHALLENGE, Reason.WRONG_ACCOUNT)):
        [bundle] = checked(
            place, flow, f"run-{run}", {"claire": (LETTER,)}, verdict=reason.verdict, reason=reason, because_key=reason.value
        )  # fmt: skip
        refused = temoin("look", str(bundle), "--says", "accepted", "--by", "Nora Falk")
        assert refused.code == 2
        assert ("a person has to act" if reason is Reason.CHALLENGE else "the right account") in refused.err
    [bundle] = checked(place, flow, "run-9", {"claire": (LETTER,)})
    assert "nobody is named" in temoin("look", str(bundle), "--says", "accepted").err
    assert "is no answer" in temoin("look", str(bundle), "--says", "perhaps", "--by", "Nora").err
    assert not Path("looks.toml").exists()


def test_a_wrong_file_is_never_written_over(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """A `looks.toml` whose lines were changed: a look is refused, the file stays, and a judgement goes without it."""
    bundles = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,), "eva": (OTHER,)})
    look_at(temoin, bundles[0])
    file = Path("looks.toml")
    file.write_text(file.read_text().replace("your wish is granted", "your wish is read"))
    changed = file.read_bytes()
    assert temoin("look", str(bundles[1]), "--says", "refused", "--by", "Nora").code == 2
    assert file.read_bytes() == changed
    again = temoin("history", "rejudge", str(bundles[0]), "--json")
    assert json.loads(again.out)[0]["now"]["verdict"] == "unknown"
    assert "not those that were looked at" in again.err


def test_looks_are_shared_without_names_and_signed(
    place: Place, flows: dict[str, Flow], temoin: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export names nobody and breaks when it is changed; what is imported says who vouches, and counts at once."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    look_at(temoin, bundle)
    shared = tmp_path / "shared.toml"
    assert temoin("look", "export", str(shared)).code == 0
    assert "Nora" not in shared.read_text()
    Path("looks.toml").unlink()
    spoiled = tmp_path / "spoiled.toml"
    spoiled.write_text(shared.read_text().replace('says = "accepted"', 'says = "refused"'))
    assert "not as it was signed" in temoin("look", "import", str(spoiled), "--by", "Paul Weil").err
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(other))
    theirs = Place(other / "temoin")
    monkeypatch.chdir(other)
    Path("temoin.toml").write_text(f'output = "{theirs.root}"\n{ACCOUNT.format(name="antoine", number=1)}')
    checked(theirs, flows[FLOW], "run-1", {"antoine": (LETTER,)})
    taken = temoin("look", "import", str(shared), "--by", "Paul Weil", "--json")
    assert taken.code == 0, taken.err
    assert stands(temoin) == {"antoine": "objected"}
    [look] = json.loads(temoin("look", "list", "--json").out)
    assert (look["by"], look["imported"]) == ("Paul Weil", True)


def test_an_export_with_a_name_in_it_is_refused(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """An account's name in a letter stops the export, which then writes nothing."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER.replace("your case", "the page of Antoine"),)})
    look_at(temoin, bundle)
    temoin("look", "export", "shared.toml").ended(2, "nothing is exported")
    assert not Path("shared.toml").exists()


def test_what_was_confirmed_before_goes_on_counting(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """A `words.toml` of an earlier version answers as before, in a mailbox too; it is listed, and can be taken back."""

    def known_in_a_mailbox() -> bool:
        labels = flows_for(load(config, for_signing_in=False)).flows[FLOW].labels_with_confirmed
        return any(phrase.strength == WHOLE for phrase in labels.phrases("reply.accepted", "en"))

    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)})
    Path("ours").mkdir()
    config = Path("temoin.toml")
    config.write_text(f'flow_paths = ["ours"]\n{config.read_text()}')
    Path("ours/words.toml").write_text(
        f"""[[sentences]]
flow = "{FLOW}"
locale = "en"
means = "accepted"
text = "your wish is granted: nothing of yours will be fed to our machines"
beside = ["hello {{name}}", "we looked at your case"]
who = "Claire M."
when = 2026-11-26
bundle = "{"9f" * 32}"
"""
    )
    [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json").out)
    assert (now["now"]["verdict"], now["looks"]) == ("objected", ["Claire M., 2026-11-26, 9f9f9f9f9f9f"])
    assert known_in_a_mailbox()
    [look] = json.loads(temoin("look", "list", "--json").out)
    assert temoin("look", "revoke", look["id"], "--by", "Claire M.").code == 0
    assert not known_in_a_mailbox()
    [after] = json.loads(temoin("history", "rejudge", str(bundle), "--json").out)
    assert after["now"]["verdict"] == "unknown"


@pytest.mark.usefixtures("at_a_desk")
def test_a_person_goes_through_what_waits(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """The name once, each letter once, what it would do before the yes; in French, too."""
    checked(place, flows[FLOW], "run-1", {"claire": (LETTER,), "antoine": (LETTER,), "eva": (OTHER,)})
    first = temoin("look", "--lang", "fr", piped="Nora Falk\n1\no\n0\n")
    assert first.code == 0, first.err
    assert "Nora Falk" in Path("looks.toml").read_text()
    assert stands(temoin) == {"claire": "objected", "antoine": "objected", "eva": "unknown"}
    second = temoin("look", piped="2\nn\n")
    assert "With this, 1 account reads" in second.err
    assert stands(temoin)["eva"] == "unknown"


def test_scripts_of_before_are_told_what_takes_its_place(temoin: Program) -> None:
    """`temoin words` says what it is called now; it is in no help."""
    temoin("words", "confirm", "somewhere", "--means", "accepted").ended(2, "`temoin words` is now `temoin look`")
    assert " words " not in temoin("--help").out


def test_the_demos_looks_stay_in_its_own_folder(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """They are kept and sealed there, by its own key, and count for stand-ins only."""
    [bundle] = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)}, change=at_stand_in)
    keys = shutil.copytree(place.folder / "keys", place.root.with_name("evidence-keys"))
    trust = str(keys / "trust.json")
    Path("temoin.toml").unlink()
    [question] = json.loads(temoin("look", "--output", str(place.root), "--json").out)
    assert question["accounts"][0]["bundle"] == str(bundle)
    told = look_at(temoin, bundle)
    assert told["looks"][0]["stand_in"] is True
    assert len(told["runs"]) == 1
    assert (place.root / "looks.toml").is_file()
    assert not Path("looks.toml").exists()
    [now] = json.loads(temoin("history", "rejudge", str(bundle), "--json", "--trust", trust).out)
    assert now["now"]["verdict"] == "objected"
    verified = temoin("verify", str(place.root), "--trust", trust, "--allow-unstamped")
    assert verified.code == 0, verified.out


@pytest.mark.usefixtures("at_a_desk")
def test_several_letters_are_answered_one_after_the_other(
    place: Place, flows: dict[str, Flow], temoin: Program
) -> None:
    """The first answer alone changes nothing, says so and is kept; with the second the account is answered."""
    checked(place, flows[FLOW], "run-1", {"claire": (OTHER, LETTER)})
    first = temoin("look", "--by", "Nora Falk", piped="7\ny\n0\n")
    assert "Nothing changes before 1 other thing" in first.err
    assert stands(temoin) == {"claire": "unknown"}
    temoin("look", "--by", "Nora Falk", piped="1\ny\n")
    assert stands(temoin) == {"claire": "objected"}


def test_what_would_change_no_answer_is_not_taken(place: Place, flows: dict[str, Flow], temoin: Program) -> None:
    """Nothing says whose account it was, which no look can say either: the look is refused, and says so."""
    bundles = checked(place, flows[FLOW], "run-1", {"claire": (LETTER,)}, nameless=True)
    temoin("look", str(bundles[0]), "--says", "accepted", "--by", "Nora Falk").ended(2, "would change no answer")
    assert not Path("looks.toml").exists()
