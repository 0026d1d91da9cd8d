"""
Notifications: real HTTP on loopback, through the real Apprise.

What is not real: the services. A server of the standard library takes what `json://` posts, or refuses it.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import SecretStr

from automation.config.installation import ways_to_add
from automation.core.results import Outcome, RunDocument
from automation.core.settings import NotificationSettings
from automation.core.verdicts import Verdict
from automation.messaging.notifications import compose, notify
from automation.storage.changes import Change, ChangeKind, FormChange, FormChangeKind, Standing
from tests.answering import Asked, answering
from tests.builders import A_MOMENT, a_document, a_result

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise imports it
_SECRET = "tok3n-of-nobody"


@dataclass
class Receiver:
    """A server that keeps what it is sent."""

    status: int = 200
    address: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def url(self) -> SecretStr:
        """Where to send to, with secrets in every part of it."""
        return SecretStr(f"json://lou:{_SECRET}@{self.address.removeprefix('http://')}/{_SECRET}")


@contextmanager
def _receiver(status: int = 200) -> Iterator[Receiver]:
    kept = Receiver(status)

    def answer(asked: Asked) -> tuple[int, bytes]:
        kept.bodies.append(json.loads(asked.body))
        kept.paths.append(asked.path)
        return kept.status, b""

    with answering(answer) as kept.address:
        yield kept


def _standing(verdict: Verdict, outcome: Outcome = Outcome.OK) -> Standing:
    return Standing(verdict, None, outcome, A_MOMENT, "run-1")


def _change(kind: ChangeKind, now: Verdict, before: Verdict | None = None, **more: Any) -> Change:
    previous = _standing(before) if before else None
    return Change(kind, _standing(now), previous, previous, A_MOMENT, **more)


def _document() -> RunDocument:
    return a_document(*(a_result(account=name) for name in ("atelier-facebook", "atelier-instagram", "mairie")))


CHANGES = {
    "atelier-facebook": _change(ChangeKind.REGRESSED, Verdict.NOT_OBJECTED, Verdict.OBJECTED),
    "atelier-instagram": _change(ChangeKind.STILL, Verdict.OBJECTED, Verdict.OBJECTED),
    "mairie": _change(ChangeKind.FIXED, Verdict.OBJECTED, Verdict.PENDING),
}


async def test_one_message_a_run_tells_all_changes() -> None:
    """All changes of a run arrive as one message, without a single account's name unless names are allowed."""
    with _receiver() as receiver:
        settings = NotificationSettings(urls=(receiver.url(),))
        assert await notify(settings, _document(), CHANGES, "en") == ()
        assert await notify(replace(settings, names=True), _document(), CHANGES, "fr") == ()
    english, french = receiver.bodies
    assert english["title"] == "Témoin: 2 changes, 3 accounts checked"
    assert english["message"].splitlines()[:2] == [
        "1 × Worse: Objected → Not objected",
        "1 × Put right: Pending → Objected",
    ]
    assert not any(name in json.dumps(english) for name in CHANGES)
    assert french["title"] == "Témoin\u00a0: 2 changements, 3 comptes vérifiés"
    assert french["message"].splitlines()[0].startswith("atelier-facebook: ")
    assert "atelier-instagram" not in french["message"], "what did not change is not told"


async def test_nothing_is_sent_where_nothing_changed() -> None:
    """A run that changed nothing tells nobody; neither does a run without any change known."""
    with _receiver() as receiver:
        settings = NotificationSettings(urls=(receiver.url(),))
        assert await notify(settings, _document(), {"mairie": CHANGES["atelier-instagram"]}, "en") == ()
        assert await notify(settings, _document(), {}, "en") == ()
    assert receiver.bodies == []


async def test_a_form_that_changed_is_news() -> None:
    """A new form field is told although the verdict stayed, because it may call for action."""
    form = FormChange(kind=FormChangeKind.ADDED, label="Country")
    change = _change(ChangeKind.STILL, Verdict.OBJECTED, Verdict.OBJECTED, form_changes=(form,))
    notice = compose(_document(), {"mairie": change}, "en", names=False)
    assert notice is not None
    assert notice.body.splitlines()[0] == "1 × As before: Objected; the form is another"


async def test_a_failing_notifier_is_reported_and_costs_nothing(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """A refusing server, a closed port and an address of no known kind each become a sentence; the others are told."""
    caplog.set_level(logging.DEBUG)
    with socket.socket() as closed, _receiver(status=500) as refusing, _receiver() as receiver:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is refused
        urls = (
            refusing.url(),
            SecretStr(f"json://lou:{_SECRET}@127.0.0.1:{closed.getsockname()[1]}/{_SECRET}"),
            SecretStr(f"nothing-known://{_SECRET}"),
            receiver.url(),
        )
        problems = await notify(NotificationSettings(urls=urls), _document(), CHANGES, "en")
        french = await notify(NotificationSettings(urls=urls[:1]), _document(), CHANGES, "fr")
    assert len(receiver.bodies) == 1
    assert len(refusing.bodies) == 2
    assert [problem.partition(" of TEMOIN")[0] for problem in problems] == [
        "The notification to address 1", "The notification to address 2", "Address 3",
    ]  # fmt: skip
    assert "(json)" in problems[0]
    assert french[0].startswith("La notification à l’adresse 1")
    said = "\n".join((*problems, *french, caplog.text, *capfd.readouterr()))
    assert _SECRET not in said
    assert "127.0.0.1" not in said
    assert logging.getLogger("apprise").propagate, "the loggers are given back"


async def test_without_the_package_a_sentence_says_what_to_install(without_package: Callable[[str], None]) -> None:
    """Where Apprise is not installed, the run goes on and says what is missing."""
    without_package("apprise")
    settings = NotificationSettings(urls=(SecretStr("json://127.0.0.1"),))
    (problem,) = await notify(settings, _document(), CHANGES, "en")
    assert ways_to_add("notify")[0] in problem


def test_a_message_stays_short_and_steers_nothing() -> None:
    """However many accounts changed, only the first twenty are named, and no name can carry control characters."""
    many = {f"a{n:03}\x1b[31m": CHANGES["mairie"] for n in range(100)}
    notice = compose(_document(), many, "en", names=True)
    assert notice is not None
    assert "and 80 more" in notice.body
    assert len(notice.body.splitlines()) < 30
    assert "\x1b" not in notice.body


def test_answers_of_a_stand_in_are_told_as_such() -> None:
    """A message about a local stand-in says so, so that nobody takes it for the service."""
    document = _document()
    notice = compose(replace(document, run=replace(document.run, stand_in=True)), CHANGES, "en", names=False)
    assert notice is not None
    assert "stand-in, not from the service" in notice.body


def test_an_objection_without_a_decision_in_time_is_told_as_such() -> None:
    """That the time for an answer is over is news although the service says what it said before."""
    late = a_document(a_result(account="mairie", verdict=Verdict.PENDING, next_step="overdue"))
    change = _change(ChangeKind.REGRESSED, Verdict.PENDING, Verdict.PENDING)
    notice = compose(late, {"mairie": change}, "en", names=True)
    assert notice is not None
    assert notice.body.splitlines()[0].startswith("mairie: Worse: No decision on the objection within 30 days")
