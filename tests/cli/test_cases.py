"""`temoin object list` and `temoin object file` without a window: what is told, kept, refused, and written as a letter."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation.app.cases import follow_check
from automation.core.cases import CaseEvent, CaseSource, CaseState
from automation.core.errors import ConfigurationError
from automation.core.records import BundleRef
from automation.core.results import Filing
from automation.core.verdicts import Verdict
from automation.storage.books import CaseBook
from automation.text.language import language
from tests.builders import a_document, a_result
from tests.cli.conftest import Program

NOW = datetime.now(UTC)
CONFIG = '[[accounts]]\nname = "atelier-facebook"\nflow = "facebook.ai_objection"\nidentity = "100080000000007"\n'
EVIDENCE = Path("temoin-evidence")


@pytest.fixture(autouse=True)
def _configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    Path("temoin.toml").write_text(CONFIG)


def a_filed_case(days_ago: int = 0) -> str:
    """A case that was filed so long ago, with its bundle and the service's number."""
    book, at = CaseBook(EVIDENCE), NOW - timedelta(days=days_ago)
    number = book.begin("atelier-facebook", "facebook.ai_objection", "6359191084165019", by="anne", at=at)
    book.leaving(number, at)
    filing = Filing("anne", at, at, "www.facebook.com", "6359191084165019", ("Email address",), reference="AB-123456")
    book.details(number, filing)
    book.sealed(number, BundleRef("atelier-facebook-1", "", envelope_sha256="c0" * 32))
    return number


def test_cases_are_listed_with_the_next_step_and_an_overdue_one_is_a_finding(temoin: Program) -> None:
    """A fresh case ends with 0; one without an answer after 30 days with 1, and names the complaint."""
    a_filed_case()
    fresh = temoin("object", "list")
    assert fresh.code == 0
    for words in ("atelier-facebook", "Filed", "AB-123456", "(anne)", "temoin check atelier-facebook"):
        assert words in fresh.out
    CaseBook(EVIDENCE)
    a_filed_case(days_ago=31)
    temoin("object", "list", "--lang", "fr").ended(1, out=("Pas de décision en 30 jours",))
    assert len(json.loads(temoin("object", "list", "--json").out)["cases"]) == 2


def test_a_person_moves_a_case_by_their_word(temoin: Program) -> None:
    """Their sentence and name are kept; a state that is none is refused, and so is an account without a case."""
    assert temoin("object", "confirm", "atelier-facebook", "accepted", "--seen", "By mail.").code == 2
    a_filed_case()
    temoin("object", "confirm", "atelier-facebook", "accepted", "--seen", "By mail.", "--by", "Anne").ended(
        0, out=("Accepted (Anne)", "By mail.")
    )
    temoin("object", "confirm", "atelier-facebook", "acepted", "--seen", "x").ended(2, "accepted")


def test_a_check_moves_a_case_once(temoin: Program) -> None:
    """What the check read is one event, however often it is read."""
    a_filed_case(days_ago=5)
    result = a_result(verdict=Verdict.OBJECTED, finished_at=NOW)
    for _ in range(2):
        follow_check(a_document(result), EVIDENCE, language("en"))
    (case,) = CaseBook(EVIDENCE).cases()
    assert [event.state for event in case.events] == [CaseState.RELEASED, CaseState.FILED, CaseState.ACCEPTED]


def test_an_overdue_case_is_told_after_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    """With the day and the command for the complaint; of accounts that the run did not look at, nothing."""
    a_filed_case(days_ago=31)
    follow_check(a_document(a_result("another", Verdict.PENDING), finished_at=NOW), EVIDENCE, language("fr"))
    assert capsys.readouterr().err == ""
    pending = a_result(verdict=Verdict.PENDING, finished_at=NOW)
    follow_check(a_document(pending, finished_at=NOW), EVIDENCE, language("fr"))
    told = capsys.readouterr().err
    assert "atelier-facebook, opposition déposée le" in told
    assert "Pas de décision en 30 jours" in told
    assert "temoin object letter atelier-facebook" in told


def test_a_later_decision_settles_an_earlier_case(temoin: Program) -> None:
    """A second filing alone leaves the first one overdue; its acceptance settles both."""
    a_filed_case(days_ago=40)
    number = a_filed_case(days_ago=5)
    assert temoin("object", "list").code == 1
    CaseBook(EVIDENCE).move(number, CaseEvent(CaseState.ACCEPTED, NOW, CaseSource.CHECK))
    assert temoin("object", "list").code == 0


def test_the_letter_says_what_is_on_record(temoin: Program) -> None:
    """In the authority's language, with dates, number and evidence; the person's name is left to them."""
    a_filed_case(days_ago=40)
    french = temoin("object", "letter", "atelier-facebook", "--to", "cnil")
    assert french.code == 0
    for words in ("CNIL", "article 77", "AB-123456", "c0" * 32, "[Votre nom", "6359191084165019"):
        assert words in french.out
    temoin("object", "letter", "atelier-facebook", "--to", "dpc", "--file", "letter.txt")
    english = Path("letter.txt").read_text()
    for words in ("Data Protection Commission", "objection without an answer", "Filed", "[Your name"):
        assert words in english
    assert temoin("object", "letter", "atelier-facebook", "--to", "ico").code == 2


def test_the_letter_tells_what_is_known_and_not_before_its_time(temoin: Program) -> None:
    """Nobody complains before the month is over; then each step is told, with who says so, and none that says nothing."""
    number = a_filed_case(days_ago=10)
    temoin("object", "letter", "atelier-facebook").ended(2, "has time to answer until")
    at = NOW - timedelta(days=9)
    CaseBook(EVIDENCE).move(number, CaseEvent(CaseState.ACKNOWLEDGED, at, CaseSource.PERSON, "Anne", "They will look."))
    CaseBook(EVIDENCE).move(number, CaseEvent(CaseState.REFUSED, NOW, CaseSource.INBOX))
    letter = temoin("object", "letter", "atelier-facebook", "--lang", "en").out
    assert "objection refused" in letter
    assert "Acknowledged, not decided yet (Anne): “They will look.”" in letter
    assert "Refused by the service (read in the mailbox)" in letter
    assert "nothing is known to have been sent" not in letter


def test_the_letter_is_about_the_case_that_is_late(temoin: Program) -> None:
    """A newer filing that is still in time, or a consent without a filing, does not hide the one that is not."""
    a_filed_case(days_ago=40)
    a_filed_case(days_ago=3)
    CaseBook(EVIDENCE).begin("atelier-facebook", "facebook.ai_objection", "1", by="anne")
    temoin("object", "letter", "atelier-facebook", "--to", "dpc").ended(0, out=("objection without an answer",))


@pytest.mark.thorough
@pytest.mark.browser
def test_the_letter_as_pdf(temoin: Program) -> None:
    """A tagged PDF: the letter on one page, its enclosure on the next."""
    a_filed_case(days_ago=40)
    assert temoin("object", "letter", "atelier-facebook", "--to", "dpc", "--file", "letter.pdf").code == 0
    data = Path("letter.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/Count 2" in data
    assert b"/MarkInfo" in data


def test_an_acknowledged_case_is_one_without_a_decision(temoin: Program) -> None:
    """Who got an acknowledgement does not complain of having had no answer at all."""
    number = a_filed_case(days_ago=40)
    CaseBook(EVIDENCE).move(number, CaseEvent(CaseState.ACKNOWLEDGED, NOW, CaseSource.CHECK))
    assert "objection without a decision" in temoin("object", "letter", "atelier-facebook", "--to", "dpc").out


def test_an_accepted_case_is_nothing_to_complain_about(temoin: Program) -> None:
    """There is no letter about an objection that was accepted; of a refused one the letter says so."""
    number = a_filed_case()
    CaseBook(EVIDENCE).move(number, CaseEvent(CaseState.REFUSED, NOW, CaseSource.CHECK))
    assert "has no compelling legitimate ground" in temoin("object", "letter", "atelier-facebook", "--to", "dpc").out
    CaseBook(EVIDENCE).move(number, CaseEvent(CaseState.ACCEPTED, NOW, CaseSource.CHECK))
    assert temoin("object", "letter", "atelier-facebook").code == 2


def test_a_damaged_book_is_said_and_not_written_on(temoin: Program) -> None:
    """A line that cannot be read is named; an unfinished last line is as if it had never been written."""
    a_filed_case()
    path = EVIDENCE / "cases" / "cases.jsonl"
    whole = path.read_text()
    path.write_text(whole + '{"schema": "temoin.case/1", "id"')
    assert temoin("object", "list").code == 0
    path.write_text(whole + "nonsense\n")
    temoin("object", "list").ended(2, "cases.jsonl:5")
    with pytest.raises(ConfigurationError):
        CaseBook(EVIDENCE).begin("atelier-facebook", "facebook.ai_objection", "1", by="anne")


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS", "GITLAB_CI"])
@pytest.mark.parametrize("more", [(), ("--all",)])
def test_in_ci_nothing_is_filed(
    temoin: Program, monkeypatch: pytest.MonkeyPatch, variable: str, more: tuple[str, ...]
) -> None:
    """Where `CI` is set nothing is started, whatever else is said."""
    monkeypatch.setenv(variable, "true")
    monkeypatch.setenv("DISPLAY", ":99")
    temoin("object", "file", *(more or ("atelier-facebook",))).ended(2, "is filed by a person")


def test_without_a_terminal_nothing_is_filed(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can be asked, that is said before anything is started."""
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "FORGEJO_ACTIONS", "GITEA_ACTIONS", "TF_BUILD", "CIRCLECI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    temoin("object", "file", "atelier-facebook").ended(2, "nobody can be asked")


def test_one_account_or_all_has_to_be_said(temoin: Program) -> None:
    """Neither, or both, is a mistake."""
    assert temoin("object", "file").code == 2
    assert temoin("object", "file", "atelier-facebook", "--all").code == 2
