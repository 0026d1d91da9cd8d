"""
Bundles of looks into a mailbox: the same seal and ledger as visits, and never taken for one.

What is not real: the mailbox; tests/mailbox looks into a real one.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from automation.core.errors import BundleError
from automation.core.mail import InboxDocument
from automation.evidence.formats import names
from automation.evidence.formats.signed import UnknownStatement, canonical, read_statement
from automation.messaging.keeping import Keeper
from tests.edits import edit
from tests.evidence.building import Place, a_look, an_hour

if TYPE_CHECKING:
    from tests.cli.conftest import Program


def test_a_look_is_sealed_like_a_visit(stamped: Place, temoin: Program) -> None:
    """Stamped, in the one ledger, valid beside visits; the statement names its kind, no account and no verdict."""
    folder = a_look(stamped)
    assert names.BUNDLE.fullmatch(folder.name)
    said = json.loads((folder / names.STATEMENT).read_text())
    predicate = said["predicate"]
    assert (predicate["kind"], predicate["account"], predicate["verdicts"]) == ("inbox", "", {})
    assert (predicate["outcome"], predicate["masks"], predicate["sequence"]) == ("incomplete", {"email": 1}, 4)
    assert [one["name"] for one in said["subject"]] == [names.MANIFEST, names.TAG_MANIFEST, names.INBOX]
    found = json.loads(temoin("verify", str(stamped.root), "--trust", str(stamped.trust_file()), "--json").out)
    assert (found["exit_code"], [one["kind"] for one in found["bundles"]]) == (0, ["inbox", *["visit"] * 3])


def test_a_visits_statement_reads_as_before_there_were_kinds(stamped: Place) -> None:
    """A visit leaves the kind out, so that what was sealed earlier stays as it is; one that names it is refused."""
    data = (stamped.bundles()[0] / names.STATEMENT).read_bytes()
    assert b'"kind"' not in data
    assert read_statement(data).predicate.kind is names.FileKind.VISIT
    plain = json.loads(data)
    plain["predicate"]["kind"] = "visit"
    with pytest.raises(UnknownStatement):
        read_statement(canonical(plain))


@pytest.mark.parametrize(
    ("path", "old", "new", "code", "words"),
    [
        ("data/message-01.json", "objection", "rejection", 1, "altered: data/message-01.json"),
        (names.INBOX, "temoin.inbox/1", "temoin.inbox/9", 5, "the schema “temoin.inbox/9”"),
        (names.INBOX, '"exit_code": 3', '"exit_code": "none"', 5, "data/inbox.json does not follow its schema"),
        (names.STATEMENT, '"kind":"inbox",', "", 1, "seal/statement.json is not what was signed"),
    ],
)  # fmt: skip
def test_a_spoilt_look_is_named(
    place: Place, temoin: Program, path: str, old: str, new: str, code: int, words: str
) -> None:
    """What was changed, with the same exit codes as for a visit; what can be signed again is, with the real key."""
    folder = a_look(place)
    edit(folder / path, old, new)
    if code == 5:
        place.sign_again(folder)
    answer = temoin("verify", str(folder), "--trust", str(place.trust_file()), "--allow-unstamped")
    assert (answer.code, words in answer.out) == (code, True), answer.out


def test_a_visit_does_not_pass_for_a_look(place: Place, temoin: Program) -> None:
    """A statement of one kind over files of another is a fault, even by the right key."""
    look = a_look(place)
    visit = place.sealed()
    shutil.copy(visit / names.RESULT, look / names.RESULT)
    place.sign_again(look)
    answer = temoin("verify", str(look), "--trust", str(place.trust_file()), "--allow-unstamped")
    assert answer.code == 1
    assert f"not the file that the statement names: {names.RESULT}" in answer.out


def test_a_look_that_took_no_time_is_outside_its_window(place: Place, temoin: Program) -> None:
    """A look that says that it began before it was opened shows."""
    folder = a_look(place, started_at=an_hour(datetime.now(UTC)))
    answer = temoin("verify", str(folder), "--trust", str(place.trust_file()), "--allow-unstamped")
    assert (answer.code, "started_at" in answer.out) == (3, True)


def test_a_secret_refuses_the_look(place: Place) -> None:
    """A secret that slipped past the redaction leaves no bundle, no folder and no line."""
    opened = place.sealer.open()
    at = datetime.now(UTC)
    document = InboxDocument(
        id="inbox-1", started_at=at, finished_at=at, temoin="0", since=at, accounts=(), folders=(), answers=(),
        unanswered=(), exit_code=3, output=str(place.root / "inbox-1"),
    )  # fmt: skip
    twice = b"the%2520secret%2520of%2520ours"  # quoted twice, which the redaction does not undo
    with pytest.raises(BundleError, match=r"data/message-01\.json"):
        Keeper(place.sealer, ("the secret of ours",)).keep(document, {"message-01.json": twice}, opened)
    assert not (place.root / "inbox-1").exists()
    assert not place.ledger.path.exists()


def test_who_asks_for_visits_is_told(place: Place, temoin: Program) -> None:
    """`diff` and `rejudge` refuse a look with a sentence; a whole folder is judged again without it, which is said."""
    look, visit = a_look(place), place.sealed(change=lambda result: replace(result, flow="facebook.ai_objection"))
    for command in (
        ("history", "diff", str(look), str(visit)),
        ("history", "diff", str(visit), str(look)),
        ("history", "rejudge", str(look)),
    ):
        answer = temoin(*command, "--trust", str(place.trust_file()))
        assert (answer.code, "this is a look into a mailbox, no visit" in answer.err) == (2, True), answer.err
    answer = temoin("history", "rejudge", str(place.root), "--json", "--trust", str(place.trust_file()))
    assert answer.code in {0, 1}
    assert [one["account"] for one in json.loads(answer.out)] == ["atelier-facebook"]
    assert "Left out: 1 look into a mailbox" in answer.err


def test_the_history_is_of_visits(place: Place, temoin: Program) -> None:
    """Making the history again passes looks by without a complaint."""
    a_look(place)
    place.sealed()
    answer = temoin("history", "rebuild", "--output", str(place.root))
    assert (answer.code, answer.err) == (0, "")
    assert "1 result of" in answer.out


def test_looks_are_pruned_by_themselves(place: Place, temoin: Program) -> None:
    """`--keep 1` keeps the newest look beside the newest visit of each account."""
    first, _ = a_look(place, 1), a_look(place, 2)
    place.sealed()
    answer = temoin("evidence", "prune", "--keep", "1", "--output", str(place.root), "--dry-run")
    assert (answer.code, answer.out.split()) == (0, [first.relative_to(place.root).as_posix()])
