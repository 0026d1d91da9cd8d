"""What the local page shows and does, asked by HTTP; windows and visits are in `test_first_run.py`."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from automation.app.accounts import fingerprint, kept, name_of, rename
from automation.app.login import Wish
from automation.app.setup import vault_of
from automation.core.accounts import Account, AccountKind, SignInMethod
from automation.core.cases import CaseEvent, CaseSource, CaseState
from automation.core.errors import SignInNeeded
from automation.core.results import Outcome, Result
from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.flow import Flow
from automation.reports.advice import advise
from automation.reports.as_json import to_json
from automation.reports.complaint import Complaint
from automation.session.newcomer import Newcomer
from automation.session.person import SignedIn
from automation.storage.books import CaseBook
from automation.text.language import language
from automation.web.cards import Deed, card_of, in_window, pressed
from automation.web.desk import DeskSurroundings
from automation.web.jobs import Job, JobKind, Jobs, JobState
from automation.web.objecting import PageSwitcher
from tests.builders import a_document, a_result
from tests.session.vault.builders import a_session, a_state
from tests.web.serving import Served, at_a_desk, serving

COMMENTED = """# Our accounts.
lang = "en"          # for the reports

[[accounts]]         # the first one
name = "studio-facebook"
flow = "facebook.ai_objection"
owner = "Studio"     # as in the register
identity = "100083456712345"
expect = "objected"

[browser]
timeout_s = 20.0     # the line is slow
"""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A configuration with one account, and its page."""
    from pyrage import x25519

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", str(x25519.Identity.generate()))
    (tmp_path / "temoin.toml").write_text(COMMENTED, encoding="utf-8")
    with serving(tmp_path / "temoin.toml") as page:
        yield page


def somebody(identity: str) -> Newcomer:
    """Who signed in."""
    return Newcomer(identity, ("Claire Martin",), b"", SignedIn({"cookies": [], "origins": []}))


class Somebody(DeskSurroundings):
    """Signs in as these, one after the other, then closes the window; letters are not printed."""

    def __init__(self, *newcomers: Newcomer) -> None:
        self._newcomers = iter(newcomers)
        self.letters: list[Complaint] = []

    async def signs_in(self, *_arguments: Any) -> Newcomer:
        """The next one."""
        newcomer = next(self._newcomers, None)
        if newcomer is None:
            raise SignInNeeded("the window was closed", "Start again.")
        return newcomer

    def prints(self, letter: Complaint, _settings: Any) -> bytes:
        """Keep it."""
        self.letters.append(letter)
        return b"%PDF-"


def test_a_change_keeps_comments_and_order(served: Served) -> None:
    """What a person wrote into the file stays as they wrote it; only the changed words differ."""
    seen = fingerprint(served.desk.config)
    served.post("accounts/studio-facebook/change", owner="Atelier", wanted="watched", seen=seen)
    expected = COMMENTED.replace('"Studio" ', '"Atelier" ').replace('expect = "objected"\n', "")
    assert served.desk.config.read_text().replace(" ", "") == expected.replace(" ", "")


def test_an_answer_is_accepted_until_a_day(served: Served) -> None:
    """A press keeps an exception in the file, with its comments; card and list count it at once, and without why none."""
    _checked(served, a_result("studio-facebook", Verdict.REFUSED))
    until = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    for reason in ("", "The complaint is under way."):
        seen = fingerprint(served.desk.config)
        fields = {"until": until, "reason": reason, "by": "Lou", "seen": seen}
        served.post("accounts/studio-facebook/accept", **fields)
        assert served.desk.config.read_text().count("[[exceptions]]") == bool(reason)
    assert served.desk.config.read_text().startswith(COMMENTED)
    shown = served.desk.cards(served.desk.settings(), language("en"))
    assert (shown.tally["ok"], shown.cards[0].outcome) == (1, "ok")


def test_two_windows_do_no_harm(served: Served) -> None:
    """The second of two windows that change the same file is told, and nothing is written over."""
    seen = fingerprint(served.desk.config)
    first = served.post("accounts/studio-facebook/change", owner="First", wanted="protected", seen=seen)
    second = served.post("accounts/studio-facebook/change", owner="Second", wanted="protected", seen=seen)
    assert (first.status_code, second.status_code) == (303, 400)
    assert "First" in served.desk.config.read_text()
    assert "changed meanwhile" in second.text


def test_no_change_leaves_a_file_behind(served: Served) -> None:
    """In the person's folder lies what they know, and nothing of ours that a repository would show."""
    seen = fingerprint(served.desk.config)
    served.post("accounts/studio-facebook/change", owner="Atelier", wanted="watched", seen=seen)
    fields = {"host": "imap.example.org", "username": "claire@example.org", "password": "a b c"}
    served.post("mailbox", seen=fingerprint(served.desk.config), **fields)
    assert {path.name for path in served.desk.config.parent.iterdir()} == {"temoin.toml", ".env", "data"}


def test_accounts_added_at_the_same_moment_are_all_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten at once, from an empty folder: ten accounts of ten names, and a file that loads."""
    from pyrage import x25519

    from automation.config import load

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", str(x25519.Identity.generate()))
    wish = Wish("facebook.ai_objection", "Atelier Dupont & Fils", AccountKind.PROFILE)
    config = tmp_path / "temoin.toml"
    added = [threading.Thread(target=kept, args=(wish, somebody(f"10008345671{n:04}"), config)) for n in range(10)]
    for thread in added:
        thread.start()
    for thread in added:
        thread.join()
    accounts = load(config, for_signing_in=False).accounts
    assert len({account.name for account in accounts}) == len({account.identity for account in accounts}) == 10
    assert kept(wish, somebody("100083456710003"), config) in {account.name for account in accounts}
    assert len(load(config, for_signing_in=False).accounts) == 10


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("Atelier Dupont", "atelier-dupont-facebook"),
        ("Ève & Cie, Été", "eve-cie-ete-facebook"),
        ("李", "facebook"),
        ("x" * 200, f"{'x' * 48}-facebook"),
    ],
)
def test_a_name_is_made_of_any_owner(owner: str, name: str) -> None:
    """Nobody is asked for lower-case letters and hyphens; a taken name gets a number."""
    wish = Wish("facebook.ai_objection", owner, AccountKind.PROFILE)
    assert name_of(wish, ()) == name
    assert name_of(wish, {name}) == f"{name}-2"


def test_a_name_never_holds_the_identity() -> None:
    """Where a service calls accounts by names, the account's own is in no name that evidence would show."""
    wish = Wish("linkedin.ai_training", "Claire Martin", AccountKind.PROFILE)
    assert "claire-martin" not in name_of(wish, (), "claire-martin")


@pytest.mark.parametrize(
    ("verdict", "reason", "signed_in", "deed"),
    [
        (None, None, False, Deed.SIGN_IN),
        (None, None, True, Deed.CHECK),
        (Verdict.OBJECTED, None, True, Deed.NOTHING),
        (Verdict.PENDING, None, True, Deed.NOTHING),
        (Verdict.NOT_OBJECTED, None, True, Deed.OBJECT),
        (Verdict.REFUSED, None, True, Deed.OBJECT),
        (Verdict.NOT_OFFERED, None, True, Deed.LOOK),
        (Verdict.NEEDS_HUMAN, Reason.LOGIN_REQUIRED, True, Deed.SIGN_IN),
        (Verdict.NEEDS_HUMAN, Reason.TWO_FACTOR, True, Deed.SIGN_IN),
        (Verdict.NEEDS_HUMAN, Reason.RATE_LIMITED, True, Deed.LOOK),
        (Verdict.NEEDS_HUMAN, Reason.ACTING_AS_PAGE, True, Deed.LOOK),
        (Verdict.UNKNOWN, Reason.TIMEOUT, True, Deed.CHECK),
        (Verdict.UNKNOWN, Reason.WRONG_ACCOUNT, True, Deed.SIGN_IN),
        (Verdict.UNKNOWN, Reason.NOT_RECOGNISED, True, Deed.LOOK),
        (Verdict.OBJECTED, None, False, Deed.SIGN_IN),
    ],
)
def test_each_state_has_one_thing_to_do(
    verdict: Verdict | None, reason: Reason | None, signed_in: bool, deed: Deed, flows: dict[str, Flow]
) -> None:
    """The button is what a careful adviser would say to do next."""
    account = Account("a", "facebook.ai_objection", "o", "1", sign_in=SignInMethod.SESSION, expect=Verdict.OBJECTED)
    outcome = Outcome.OK if verdict is Verdict.OBJECTED else Outcome.FINDING
    result = a_result(verdict=verdict, reason=reason, outcome=outcome, probes=()) if verdict else None
    card = card_of(account, flows[account.flow].guide, result, None, language("en"), signed_in=signed_in)
    assert card.deed is deed
    if deed is Deed.OBJECT:
        assert card.advice
        assert card.advice.addresses
        assert card.reason


def test_an_answer_that_nothing_was_expected_of_is_not_green(flows: dict[str, Flow]) -> None:
    """Its card has the grey edge: it is neither as wanted nor a finding."""
    account = Account("a", "facebook.ai_objection", "o", "1", sign_in=SignInMethod.SESSION)
    result = a_result(verdict=Verdict.NOT_OBJECTED, expect=None)
    card = card_of(account, flows[account.flow].guide, result, None, language("en"), signed_in=True)
    assert card.outcome == "new"


def test_an_account_is_taken_out_only_by_its_name(served: Served) -> None:
    """A slip of the mouse removes nothing; its evidence stays whatever is removed."""
    seen = fingerprint(served.desk.config)
    assert served.post("accounts/studio-facebook/remove", name="studio", seen=seen).status_code == 400
    assert served.post("accounts/studio-facebook/remove", name="studio-facebook", seen=seen).status_code == 303
    assert "studio" not in served.desk.config.read_text()
    assert "the line is slow" in served.desk.config.read_text()


def test_the_mailbox_password_goes_into_a_private_file(served: Served) -> None:
    """It stands in `.env`, for this user alone, and in no page and not in temoin.toml."""
    fields = {"host": "imap.example.org", "username": "claire@example.org", "password": "it's \\ 'quoted' #1"}
    assert served.post("mailbox", seen=fingerprint(served.desk.config), **fields).status_code == 303
    env = served.desk.config.with_name(".env")
    assert env.stat().st_mode & 0o777 == 0o600
    mailbox = served.desk.settings().mailbox
    assert mailbox.password is not None
    assert mailbox.password.get_secret_value() == fields["password"]
    assert fields["password"] not in served.desk.config.read_text() + served.get("mailbox").text


def test_a_broken_file_is_one_clear_page(served: Served) -> None:
    """A mistake that somebody made by hand is told with its line, on every page that needs the file."""
    served.desk.config.write_text(COMMENTED.replace("timeout_s = 20.0", 'timeout_s = "soon"'))
    answer = served.get()
    assert answer.status_code == 400
    assert "temoin.toml:12" in answer.text


def test_a_job_is_not_doubled_by_a_second_window() -> None:
    """Two presses of "Check the account now" are one check; the second window watches the first one's."""
    jobs, go_on = Jobs(), threading.Event()
    first = jobs.start(Job(JobKind.CHECK), lambda _job: go_on.wait(10))
    second = jobs.start(Job(JobKind.CHECK), lambda _job: go_on.wait(10))
    go_on.set()
    jobs.end()
    assert second is first
    assert first.state is JobState.DONE


def test_a_fault_of_ours_is_told_and_logged(served: Served) -> None:
    """The window says that Témoin failed, the log says how; nothing of the fault's own text is on the page."""
    logged: list[str] = []
    sink = logger.add(lambda message: logged.append(str(message)), level="ERROR")

    def fails(_job: Job) -> None:
        raise ValueError("what only the log may hold")

    job = served.jobs.start(Job(JobKind.MAIL), fails)
    served.jobs.end()
    logger.remove(sink)
    assert job.state is JobState.FAILED
    page = served.get(f"jobs/{job.id}").text
    assert "Témoin itself failed" in page
    assert "what only the log" not in page
    assert any("what only the log may hold" in message for message in logged)


def test_cancelling_reaches_what_waits() -> None:
    """A sign-in that waits for a person ends at once when it is cancelled, and keeps nothing."""
    import asyncio

    started, ended = threading.Event(), list[str]()

    async def wait(_stop: Any) -> None:
        started.set()
        await asyncio.sleep(60)
        ended.append("slept")

    jobs = Jobs()
    job = jobs.start(Job(JobKind.ADD), lambda job: job.run_async(wait))
    assert started.wait(10)
    jobs.end()
    assert job.state is JobState.CANCELLED
    assert job.answer is None
    assert ended == [], "what waited was cancelled, and not waited for"


def test_the_person_is_asked_before_anything_is_kept(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who signed in is shown; only "Yes" writes it down, and "No" throws the session away and opens the window anew."""
    at_a_desk(monkeypatch)
    served.desk.around = Somebody(somebody("100083456799991"), somebody("100083456799992"))
    before = served.desk.config.read_text()
    path = served.post("add/instagram.ai_objection", owner="Studio", kind="profile").headers["location"]
    job = _over(served, path)
    assert "Claire Martin" in served.get(f"jobs/{job.id}").text
    path = served.post(f"jobs/{job.id}/confirm", is_it="no").headers["location"]
    assert served.desk.config.read_text() == before
    assert job.answer is None
    second = _over(served, path)
    answer = served.post(f"jobs/{second.id}/confirm", is_it="yes", then="")
    assert answer.headers["location"].endswith("?said=added")
    assert 'called = "Claire Martin"' in served.desk.config.read_text()
    assert "100083456799992" in served.desk.config.read_text()
    assert "100083456799991" not in served.desk.config.read_text()
    assert served.post(f"jobs/{second.id}/confirm", is_it="yes").status_code == 400


def test_an_account_goes_by_what_people_call_it(served: Served) -> None:
    """Given in the window, shown first on every page of it, taken away again; one that holds the identity is refused."""
    seen, fields = fingerprint(served.desk.config), {"owner": "Studio", "wanted": "protected"}
    served.post("accounts/studio-facebook/change", called="Zélie Quenouille", seen=seen, **fields)
    assert served.desk.known_as("studio-facebook") == "Zélie Quenouille (Facebook)"
    assert "Zélie Quenouille" in served.get().text
    assert "<h1><bdi>Zélie Quenouille</bdi></h1>" in served.get("accounts/studio-facebook").text
    seen = fingerprint(served.desk.config)
    answer = served.post("accounts/studio-facebook/change", called="Zélie 100083456712345", seen=seen, **fields)
    assert answer.status_code == 400
    served.post("accounts/studio-facebook/change", called="", seen=seen, **fields)
    assert served.desk.known_as("studio-facebook") == "studio-facebook"
    rename(served.desk.config, "studio-facebook", "Zélie")
    assert served.desk.known_as("studio-facebook") == "Zélie (Facebook)"


def test_what_was_known_stays_on_the_card(served: Served) -> None:
    """Not objected, then a session that ended: the answer with its day, why there is no newer one, and the red edge."""
    at = datetime(2026, 12, 2, 9, tzinfo=UTC)
    _checked(served, a_result("studio-facebook", bundle=None, finished_at=at), id="one", finished_at=at)
    later = at + timedelta(days=1)
    ended = a_result("studio-facebook", reason=Reason.LOGIN_REQUIRED, signals=(), bundle=None, finished_at=later)
    _checked(served, ended, id="two", finished_at=later)
    for page in (served.get("?of=finding").text, served.get("accounts/studio-facebook").text):
        assert "Not objected, read on 2 Dec 2026; on 3 Dec 2026 it could not be read: the session has ended" in page
        assert "edge-finding" in page
        assert "v-not_objected" in page
    latest = a_result("studio-facebook", reason=Reason.NOT_RECOGNISED, bundle=None, finished_at=later)
    _checked(served, latest, id="three", finished_at=later + timedelta(days=1))
    assert "could not be read" not in served.get().text


def test_a_sessions_likely_end_is_on_the_card(served: Served) -> None:
    """When the sign-in's cookies run out: a date while that is far, a warning in the last days, nothing if unknown."""
    vault = vault_of(served.desk.settings())
    for days, told in ((-1, ""), (90, "signed in until about"), (3, "sign in again before that")):
        expires = (datetime.now(UTC) + timedelta(days=days)).timestamp() if days > 0 else -1
        vault.store(a_session("studio-facebook", storage_state=a_state(expires=expires)))
        for page in (served.get().text, served.get("accounts/studio-facebook").text):
            assert [one in page for one in ("signed in until about", "sign in again before that")].count(True) == bool(
                told
            )
            assert told in page


def test_a_filed_objection_is_on_the_card_and_a_second_one_is_asked_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card says when it was sent; the form is not opened again before the person has said that they want that."""
    at_a_desk(monkeypatch)
    _checked(served, a_result("studio-facebook", bundle=None))
    book = CaseBook(served.desk.settings().output)
    number = book.begin("studio-facebook", "facebook.ai_objection", "1", by="Anne")
    assert "Objection sent" not in served.get().text
    book.leaving(number, datetime.now(UTC))
    page = served.get().text
    assert re.search(r"Objection sent on [^<]*, no answer yet", page)
    assert "Object now" not in page
    answer = served.post("accounts/studio-facebook/object", who="Anne")
    assert "File a second objection all the same" in answer.text
    assert not list(served.jobs)


def test_an_objection_without_a_decision_in_time_is_shown(served: Served) -> None:
    """On the card, in the count of what is to do, and as the account's case with each step; a damaged book costs no page."""
    book, at = CaseBook(served.desk.settings().output), datetime.now(UTC) - timedelta(days=31)
    number = book.begin("studio-facebook", "facebook.ai_objection", "1", by="Anne", at=at)
    assert "No decision on the objection" not in served.get().text
    book.leaving(number, at)
    assert "No decision on the objection" in served.get().text
    assert 'id="card-studio-facebook"' in served.get("?of=finding").text
    page = served.get("accounts/studio-facebook").text
    for words in ('id="case"', "Agreed to", "Anne", "Filed", "complain to the authority"):
        assert words in page
    book.move(number, CaseEvent(CaseState.ACCEPTED, datetime.now(UTC), CaseSource.PERSON, "Anne", "By e-mail."))
    assert "No decision on the objection" not in served.get().text
    accepted = served.get("accounts/studio-facebook").text
    assert "By e-mail." in accepted
    assert "Project-Id" not in accepted
    (served.desk.settings().output / "cases" / "cases.jsonl").write_text("nonsense\n")
    assert served.get("accounts/studio-facebook").status_code == 200


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS"])
def test_in_ci_and_without_a_screen_nothing_is_filed(
    served: Served, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Neither the page that leads there nor its post starts anything; at a desk the page says what will be filled in."""
    at_a_desk(monkeypatch)
    asked = served.get("accounts/studio-facebook/object").text
    assert "What will be filled in" in asked
    assert 'name="who" required maxlength="80" list="names" value=""' in asked  # nobody gave a name yet
    monkeypatch.setenv(variable, "true")
    for answer in (served.get("accounts/studio-facebook/object"), served.post("accounts/studio-facebook/object")):
        assert answer.status_code == 400
        assert "is filed by a person" in answer.text
    monkeypatch.delenv(variable)
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for answer in (served.get("accounts/studio-facebook/object"), served.post("accounts/studio-facebook/object")):
        assert answer.status_code == 400
        assert "there is no screen" in answer.text
    assert not list(served.jobs)


def test_a_setting_is_read_and_never_filed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page says that the person changes it themselves; nothing is filled in or agreed to, and nothing has begun."""
    at_a_desk(monkeypatch)
    served.desk.config.write_text(COMMENTED.replace("facebook.ai_objection", "linkedin.ai_training"))
    answer = served.get("accounts/studio-facebook/object")
    assert answer.status_code == 200
    assert "You change it yourself, in your own browser" in answer.text
    assert "What will be filled in" not in answer.text
    assert not list(served.jobs)


@pytest.mark.parametrize("end", [False, True])
def test_a_changed_setting_is_said_once_or_not_at_all(end: bool) -> None:
    """Two windows say it at once: the work goes on, once; cancelled instead, it ends where it waits."""
    job = Job(JobKind.SWITCH, ("a",))
    account = Account("a", "linkedin.ai_training", "o", "1", sign_in=SignInMethod.SESSION)
    person = job.about = PageSwitcher(account, "LinkedIn", job)
    advice = advise(a_result(), None, language("en"))
    jobs = Jobs()
    person.answer()
    jobs.start(job, lambda _job: person.is_done(advice))
    wait_until(lambda: person.question is not None)
    assert person.question == advice
    if end:
        job.cancel()
    else:
        person.answer()
        person.answer()
    wait_until(lambda: job.state is not JobState.RUNNING)
    assert (job.state, job.answer) == ((JobState.CANCELLED, None) if end else (JobState.DONE, True))
    assert person.question is None
    jobs.end()


def test_the_complaint_is_offered_when_it_is_time(served: Served) -> None:
    """Not before the month is over; then as a file to save, in the authority's language, beside the cases."""
    person = served.desk.around = Somebody()
    book, now = CaseBook(served.desk.settings().output), datetime.now(UTC)
    number = book.begin("studio-facebook", "facebook.ai_objection", "1", by="Anne", at=now)
    book.leaving(number, now - timedelta(days=29))
    assert "Complaint to the CNIL" not in served.get("accounts/studio-facebook").text
    job = served.jobs.get(
        served.post("accounts/studio-facebook/complaint", to="cnil").headers["location"].split("/")[-1]
    )
    assert job is not None
    _until_over(job)
    assert job.state is JobState.FAILED
    assert "has time to answer" in served.get(f"jobs/{job.id}").text
    other = book.begin("studio-facebook", "facebook.ai_objection", "1", by="Anne", at=now)
    book.leaving(other, now - timedelta(days=31))
    assert "Complaint to the CNIL" in served.get("accounts/studio-facebook").text
    job = _over(served, served.post("accounts/studio-facebook/complaint", to="cnil").headers["location"])
    assert served.get(f"jobs/{job.id}/file").content == b"%PDF-"
    assert (person.letters[0].language, person.letters[0].recipient[-6:]) == ("fr", "(CNIL)")
    book.move(other, CaseEvent(CaseState.ACCEPTED, now, CaseSource.CHECK))
    assert "Complaint to the CNIL" not in served.get("accounts/studio-facebook").text


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_a_private_file_is_offered(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anybody signs in; after the yes the key is in a file of this user's, and no page has it."""
    monkeypatch.delenv("TEMOIN_VAULT_KEY")
    at_a_desk(monkeypatch)
    served.desk.around = Somebody()
    fields = {"owner": "Studio", "kind": "profile"}
    offered = served.post("add/instagram.ai_objection", **fields)
    env = served.desk.config.with_name(".env")
    assert "no keyring" in offered.text
    assert not env.exists()
    assert not list(served.jobs)
    assert served.post("add/instagram.ai_objection", **fields, make_key="yes").status_code == 303
    assert env.stat().st_mode & 0o777 == 0o600
    assert env.read_text().partition("'")[2].strip("'\n") not in served.get("settings").text


@pytest.mark.usefixtures("no_keyring")
def test_signing_in_again_asks_for_the_key_as_well(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an account that is there already, too: the question comes before the window, and no shell line is shown."""
    monkeypatch.delenv("TEMOIN_VAULT_KEY")
    at_a_desk(monkeypatch)
    offered = served.post("accounts/studio-facebook/sign-in")
    assert "Where is the key to be kept?" in offered.text
    assert "new-key" not in offered.text
    assert "stored here already" not in offered.text
    assert not list(served.jobs)
    sessions = served.desk.config.parent / "data" / "temoin" / "sessions"
    sessions.mkdir(parents=True)
    (sessions / "studio-facebook.age").touch()
    assert "stored here already" in served.post("check", account="studio-facebook").text
    assert not list(served.jobs)


@pytest.mark.parametrize("path", ["accounts/studio-facebook", ""])
def test_no_step_names_a_command_that_has_a_button(served: Served, path: str) -> None:
    """Of an account that nobody signed in to: what to do is said with the window's own words."""
    _checked(served, a_result("studio-facebook", reason=Reason.LOGIN_REQUIRED, because_key="no_session", bundle=None))
    page = served.get(path).text
    assert "Nobody has signed in to this account here yet" in page
    assert "temoin account login" not in page
    assert "temoin check" not in page
    assert ">Sign in</button>" in page
    assert "Sign in again" not in page


@pytest.mark.parametrize("code", ["en", "fr"])
def test_commands_become_the_buttons_of_this_window(code: str, flows: dict[str, Flow]) -> None:
    """Of every reason and every challenge, in both languages; what only a terminal can do stays."""
    words, guide = language(code), flows["facebook.ai_objection"].guide
    results = [a_result("a", reason=reason) for reason in Reason]
    results += [a_result("a", reason=kind.reason, challenge=kind) for kind in ChallengeKind]
    for result in results:
        advice = advise(result, guide, words)
        steps = in_window(advice, words, signed_in=True).steps
        assert steps
        for step in steps:
            assert not re.search(r"temoin (login|check|words confirm|object|inbox|session)\b", step.text), step.text
        assert any("temoin account login" in step.text for step in advice.steps) <= any(
            words.gettext("Sign in again") in step.text for step in steps
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sign in with `temoin account login a`.", "Sign in with “Sign in again”."),
        ("Run `temoin check a` or `temoin object mail` for the answer.", "Run “Check the account now” or “Look for answers now” for the answer."),
        ("Sign in with `temoin account login` and say there whose account it is.", "Sign in with “Sign in again” and say there whose account it is."),
        ("Say it: temoin look", "Say it: “Say what the picture shows”"),
        ("`temoin account list` lists them.", "`temoin account list` lists them."),
        ("Run `temoin checks` twice.", "Run `temoin checks` twice."),
        ("Then run the check again: temoin check atelier-facebook", "Then run the check again: “Check the account now”"),
    ],
)  # fmt: skip
def test_a_command_in_a_sentence(text: str, said: str) -> None:
    """With its account, in backticks or without, in the middle of a sentence or at its end."""
    assert pressed(text, language("en")) == said


def test_a_page_admin_without_a_page_is_asked_again(served: Served) -> None:
    """What was answered stays, what is missing is named, and nothing has begun; the same for the owner."""
    answer = served.post("add/facebook.ai_objection", owner="Café", kind="page_admin", page="", wanted="watched")
    assert answer.status_code == 400
    assert 'value="Café"' in answer.text
    assert re.search(r'value="page_admin" checked', answer.text)
    assert re.search(r'value="watched" checked', answer.text)
    assert re.search(r'name="page"[^>]* aria-invalid="true"', answer.text)
    assert "for a Page also which one" in answer.text
    assert 'aria-invalid="true"' in served.post("add/facebook.ai_objection", owner="", kind="profile").text
    assert not list(served.jobs)


@pytest.mark.parametrize(
    ("flow", "lang", "told"),
    [
        ("facebook.ai_objection", "fr", True),
        ("instagram.ai_objection", "fr", True),
        ("facebook.ai_objection", "en", False),
        ("linkedin.ai_training", "fr", False),
    ],
)
def test_what_cannot_be_told_is_said_before_the_account_is_added(
    flow: str, lang: str, told: bool, served: Served
) -> None:
    """In a language in which no source says how the service accepts, and where it answers at all."""
    with served.client() as client:
        client.cookies.set("temoin-lang", lang)
        page = client.get(f"add/{flow}").text
    assert ("Témoin ne devine pas" in page) == told


def test_a_page_of_trouble_leads_back(served: Served) -> None:
    """To the page of ours from which the form was sent, and to no other place."""
    data = {"token": served.door.form, "name": "slip"}
    origin = f"http://{served.door.host}"
    for referer, link in [
        (f"{served.url}accounts/studio-facebook", f'href="{served.door.root}accounts/studio-facebook"'),
        ("https://www.example.org/accounts/studio-facebook", ""),
    ]:
        with served.client() as client:
            headers = {"Origin": origin, "Referer": referer}
            answer = client.post("accounts/studio-facebook/remove", data=data, headers=headers)
        assert answer.status_code == 400
        assert (link in answer.text) if link else "example.org" not in answer.text


@pytest.mark.usefixtures("no_keyring")
def test_no_copy_is_offered_of_keys_that_are_not_there(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first check there may be none; with one, whichever it is, its copy is offered."""
    assert 'name="passphrase"' in served.get("settings").text
    monkeypatch.delenv("TEMOIN_VAULT_KEY")
    page = served.get("settings").text
    assert 'name="passphrase"' not in page
    assert "Once there is a key" in page


def _checked(served: Served, result: Result, **of_run: Any) -> None:
    """Keep a run of one result as `temoin check` does."""
    document = a_document(result, **of_run)
    folder = served.desk.settings().output / document.run.id
    folder.mkdir(parents=True)
    (folder / "results.json").write_text(to_json(document))


def _over(served: Served, path: str) -> Job:
    job = served.jobs.get(path.rpartition("/")[2])
    assert job is not None
    _until_over(job)
    assert job.state is JobState.DONE, job.error
    return job


def _until_over(job: Job) -> None:
    wait_until(lambda: job.state is not JobState.RUNNING)


def wait_until(holds: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Until something holds."""
    end = time.monotonic() + limit_s
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()
