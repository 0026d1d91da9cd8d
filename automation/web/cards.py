"""One account as the first page shows it: where it stands, since when, and the one thing to do about it now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from automation.app.session_ends import LikelyEnd
from automation.core.accounts import Account, SignInMethod
from automation.core.cases import OVERDUE, Case, CaseState, newest
from automation.core.flows import FlowGuide
from automation.core.policy import Ruling, Statement
from automation.core.results import Outcome, Result
from automation.core.verdicts import Reason, Verdict
from automation.reports.advice import Advice, AdviceWords, advise, title_of
from automation.reports.names import CASE_IN_SHORT
from automation.storage.changes import Change
from automation.text.catalogue import N_
from automation.text.language import Language

SIGN_IN, SIGN_IN_AGAIN = N_("Sign in"), N_("Sign in again")
BUTTONS: Mapping[str, str] = {
    "account login": SIGN_IN_AGAIN,
    "check": N_("Check the account now"),
    "object file": N_("File an objection"),
    "look": N_("Say what the picture shows"),
    "object mail": N_("Look for answers now"),
    "evidence parcel": N_("Make a parcel for Témoin's authors"),
    "verify": N_("Verify the evidence"),
    "account add": N_("Add an account"),
}
"""Command → the button that does the same here."""
_COMMAND = re.compile(rf"(`?)temoin ({'|'.join(BUTTONS)})(?![\w-])(?: (?!--|[a-z-]* )[^\s`,;]*[^\s`,;.])?\1")
_WITHOUT_BUTTON = re.compile(r"--attended|temoin account confirm")
"""What only the command line has, for sessions that never saw a window: a step with it is left out here."""


def pressed(text: str, words: Language, *, signed_in: bool = True) -> str:
    """A text, in whatever language, with the names of buttons where it names their commands."""

    def button(found: re.Match[str]) -> str:
        name = SIGN_IN if found[2] == "account login" and not signed_in else BUTTONS[found[2]]
        return words.quoted(words.gettext(name))

    return _COMMAND.sub(button, text)


def in_window(advice: Advice, words: Language, *, signed_in: bool) -> Advice:
    """What to do about a result, with the buttons of this window."""
    steps = (step for step in advice.steps if not _WITHOUT_BUTTON.search(step.text))
    return replace(
        advice, steps=tuple(replace(step, text=pressed(step.text, words, signed_in=signed_in)) for step in steps)
    )


_AT_THE_WINDOW = frozenset(
    {Reason.LOGIN_REQUIRED, Reason.CHALLENGE, Reason.TWO_FACTOR, Reason.REAUTH, Reason.WRONG_ACCOUNT}
)
_AGAIN = frozenset({Reason.TIMEOUT, Reason.BROWSER_LOST, Reason.INTERRUPTED})
_TO_OBJECT = frozenset({Verdict.NOT_OBJECTED, Verdict.REFUSED})


class Deed(StrEnum):
    """What a person can do about an account; each is one button."""

    SIGN_IN = "sign_in"
    CHECK = "check"
    CONFIRM = "confirm"
    """Say what a picture shows that no source explains."""
    OBJECT = "object"
    """File it, or change the setting: to the form's last button, or with the setting read before and after."""
    LOOK = "look"
    """Look at the pictures, look at the service, and write down what was seen."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Card:
    """One account."""

    account: Account
    service: str
    title: str
    result: Result | None
    """The newest; None where the account was never checked."""
    change: Change | None
    deed: Deed
    advice: Advice | None
    signed_in: bool
    """Whether a session is kept, or it signs in with a password."""
    overdue: bool = False
    """Whether an objection has had no decision in time."""
    can_file: bool = False
    """Whether Témoin can take a person to its form."""
    ruling: Ruling | None = None
    """What would make the result's outcome today: people may have spoken since."""
    known: Result | None = None
    """The answer that is the last one all the same, where the newest result read nothing."""
    cases: tuple[Case, ...] = ()
    """The objections that were filed, oldest first."""
    session_end: LikelyEnd | None = None
    """When its session will likely end."""

    @property
    def verdict(self) -> Verdict | None:
        """The last answer, else why there is none; None where the account was never checked."""
        shown = self.known or self.result
        return shown.verdict if shown else None

    @property
    def reason(self) -> AdviceWords | None:
        """A reason ready to be pasted into the form."""
        return self.advice.reason if self.advice else None

    @property
    def outcome(self) -> str:
        """Colours its edge: as `Outcome` spells it; `settled` by people; `new` if unread, or if nothing is expected."""
        if self.overdue:
            return Outcome.FINDING.value
        if self.result is None or self.result.is_unmeasured:
            return "new"
        if self.result.is_settled:
            return "settled"
        return standing_of(self.result.outcome, self.known.outcome if self.known else None).value

    @property
    def said(self) -> Statement | None:
        """What a person says that they saw, where it settles what Témoin could not read."""
        return self.ruling.answer if self.ruling else None

    @property
    def is_to_be_counted(self) -> bool:
        """Whether what people said or decided since the last check gives another outcome at the next one."""
        return _moves(self.result, self.ruling)


def card_of(
    account: Account,
    guide: FlowGuide | None,
    result: Result | None,
    change: Change | None,
    words: Language,
    *,
    signed_in: bool,
    waits: bool = False,
    overdue: bool = False,
    can_file: bool = False,
    ruling: Ruling | None = None,
    known: Result | None = None,
    cases: tuple[Case, ...] = (),
    session_end: LikelyEnd | None = None,
) -> Card:
    """
    What one account's card shows.

    Args:
        account: as configured.
        guide: what its flow tells its readers.
        result: its newest.
        change: where that came in time.
        words: of the reader.
        signed_in: whether a session is kept.
        waits: whether a person can say what its pictures show.
        overdue: whether an objection has had no decision in time.
        can_file: whether Témoin can take a person to its form.
        ruling: what would make the result's outcome today: people may have spoken since.
        known: the answer that is the last one all the same.
        cases: the account's, oldest first.
        session_end: when its session will likely end.
    """
    ready = signed_in or account.sign_in is SignInMethod.PASSWORD
    advice = in_window(advise(result, guide, words), words, signed_in=ready) if result else None
    deed, waiting = _deed(result, ready, advice, ruling, waits=waits), newest(cases, account.name)
    is_waiting = waiting is not None and waiting.state.is_open
    return Card(
        account=account,
        service=guide.service if guide else account.service,
        title=title_of(guide, account.flow, words),
        result=result,
        change=change,
        deed=Deed.CHECK if deed is Deed.OBJECT and is_waiting else deed,
        advice=advice,
        signed_in=ready,
        overdue=overdue,
        can_file=can_file,
        ruling=ruling,
        known=known,
        cases=cases,
        session_end=session_end,
    )


def standing_of(now: Outcome, known: Outcome | None) -> Outcome:
    """How an account stands: a finding stays one as long as nothing else is read, and nothing else is as wanted."""
    return Outcome.FINDING if known is Outcome.FINDING else now


def _deed(result: Result | None, ready: bool, advice: Advice | None, ruling: Ruling | None, *, waits: bool) -> Deed:
    if result is not None and result.is_settled and not _moves(result, ruling):
        return Deed.NOTHING
    if not ready:
        return Deed.SIGN_IN
    if result is None or result.reason in _AGAIN or _moves(result, ruling):
        return Deed.CHECK
    if result.reason in _AT_THE_WINDOW:
        return Deed.SIGN_IN
    if result.verdict in _TO_OBJECT and advice and advice.addresses:
        return Deed.OBJECT if result.outcome is not Outcome.OK else Deed.NOTHING
    if result.verdict in {Verdict.OBJECTED, Verdict.PENDING}:
        return Deed.NOTHING
    return Deed.CONFIRM if waits else Deed.LOOK


def _moves(result: Result | None, ruling: Ruling | None) -> bool:
    """Whether what is open, or was settled by people, is otherwise by what they say today."""
    if result is None or ruling is None or ruling.outcome is result.outcome:
        return False
    return result.is_settled or ruling.answer is not None


_STEPS: Mapping[CaseState, str] = {
    CaseState.RELEASED: N_("Look into the inbox of the service, or check the account, before you file again."),
    CaseState.FILED: N_("Check the account, or look into the mailbox, for the answer."),
    CaseState.ACKNOWLEDGED: N_("Check the account, or look into the mailbox, for the answer."),
    CaseState.MORE_INFORMATION: N_("Answer the service yourself; Témoin writes nothing to it."),
    CaseState.REFUSED: N_("You may complain to the authority."),
}


def step(case: Case, now: datetime, words: Language) -> str:
    """What to do next about a case; empty where there is nothing to do."""
    text = CASE_IN_SHORT[OVERDUE] if case.is_overdue(now) else _STEPS.get(case.state)
    return words.gettext(text) if text else ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of one Page, or an owner's other accounts."""

    page: str | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Household:
    """The cards of one owner."""

    owner: str
    shelves: tuple[Shelf, ...]

    @property
    def is_known(self) -> bool:
        """Whether any of its accounts was ever checked, so that there is something to hand on."""
        return any(card.result for shelf in self.shelves for card in shelf.cards)


def households(cards: Iterable[Card]) -> tuple[Household, ...]:
    """Cards by owner and Page, in the order of the configuration; Pages first."""
    owners: dict[str, dict[str, list[Card]]] = {}
    for card in cards:
        owners.setdefault(card.account.owner, {}).setdefault(card.account.page or "", []).append(card)
    return tuple(
        Household(owner, tuple(Shelf(page or None, tuple(found)) for page, found in sorted(pages.items(), key=_last)))
        for owner, pages in owners.items()
    )


def _last(item: tuple[str, list[Card]]) -> bool:
    return not item[0]
