"""What verdicts, outcomes, changes, actors and exit codes are called. All texts are English, to be translated."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from automation.core.cases import OVERDUE, Case, CaseEvent, CaseSource, CaseState
from automation.core.results import Outcome
from automation.core.verdicts import Verdict
from automation.storage.changes import ChangeKind, FormChangeKind
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class ActionOwner(StrEnum):
    """Who has to act: the owner of a reason, or with a verdict also the service or nobody."""

    NOBODY = "nobody"
    SERVICE = "service"
    ACCOUNT_HOLDER = "account_holder"
    FLOW_AUTHOR = "flow_author"
    TEMOIN = "temoin"


VERDICT_NAMES: Mapping[Verdict, str] = {
    Verdict.OBJECTED: N_("Objected"),
    Verdict.NOT_OBJECTED: N_("Not objected"),
    Verdict.PENDING: N_("Pending"),
    Verdict.REFUSED: N_("Refused"),
    Verdict.NOT_OFFERED: N_("Not offered"),
    Verdict.NEEDS_HUMAN: N_("Needs a person"),
    Verdict.UNKNOWN: N_("Unknown"),
}

OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.OK: N_("As wanted"),
    Outcome.FINDING: N_("Not as wanted"),
    Outcome.INCOMPLETE: N_("Still open"),
}

NOTHING_EXPECTED = N_("Nothing expected")
"""Instead of an outcome, of an answer that the account expects nothing of."""

SETTLED = N_("Settled by a person")
"""Instead of an outcome, where the verdict leaves it open and a person's word, an exception or a rule does not."""

CHANGE_NAMES: Mapping[ChangeKind, str] = {
    ChangeKind.NEW: N_("First answer"),
    ChangeKind.STILL: N_("As before"),
    ChangeKind.FIXED: N_("Put right"),
    ChangeKind.REGRESSED: N_("Worse"),
    ChangeKind.BECAME_UNKNOWN: N_("No longer known"),
    ChangeKind.RECOVERED: N_("Known again"),
    ChangeKind.CHANGED: N_("Changed"),
}

FORM_CHANGES: Mapping[FormChangeKind, str] = {
    FormChangeKind.ADDED: N_("the form gained a field: %(field)s"),
    FormChangeKind.REMOVED: N_("the form lost a field: %(field)s"),
    FormChangeKind.REQUIRED: N_("a field must be filled in now: %(field)s"),
    FormChangeKind.NOT_REQUIRED: N_("a field need no longer be filled in: %(field)s"),
    FormChangeKind.RELABELLED: N_("a field has another name: %(field)s, before that %(before)s"),
    FormChangeKind.RETYPED: N_("a field is of another kind: %(field)s"),
    FormChangeKind.OPTIONS: N_("a field offers other choices: %(field)s"),
    FormChangeKind.REORDERED: N_("the fields stand in another order"),
    FormChangeKind.SUBMIT: N_("the control that sends the form has another name: %(field)s, before that %(before)s"),
}
GAINED_REQUIRED = N_("the form gained a required field: %(field)s")
"""For a field that is new and must be filled in, which matters most."""

ACTORS: Mapping[ActionOwner, str] = {
    ActionOwner.NOBODY: N_("Nobody for now"),
    ActionOwner.SERVICE: N_("Nobody on your side: the service has to answer"),
    ActionOwner.ACCOUNT_HOLDER: N_("The person whose account it is"),
    ActionOwner.FLOW_AUTHOR: N_("Whoever maintains this flow; until then, you can look for yourself"),
    ActionOwner.TEMOIN: N_("Whoever runs Témoin"),
}

EXIT_CODES: Mapping[int, str] = {
    0: N_("all as wanted"),
    1: N_("something is not as wanted"),
    2: N_("the configuration or the command was wrong"),
    3: N_("something is still open, or nothing was checked"),
    4: N_("a fault inside Témoin, or the guard let something through"),
}


CASE_NAMES: Mapping[CaseState, str] = {
    CaseState.RELEASED: N_("Agreed to; nothing is known to have been sent"),
    CaseState.FILED: N_("Filed"),
    CaseState.ACKNOWLEDGED: N_("Acknowledged, not decided yet"),
    CaseState.MORE_INFORMATION: N_("The service wants more information"),
    CaseState.ACCEPTED: N_("Accepted"),
    CaseState.REFUSED: N_("Refused by the service"),
}
_AGREED = N_("Agreed to")
CASE_SOURCES: Mapping[CaseSource, str] = {
    CaseSource.FILING: N_("sent from this machine"),
    CaseSource.CHECK: N_("read by a check"),
    CaseSource.INBOX: N_("read in the mailbox"),
    CaseSource.PERSON: N_("said by a person"),
}
CASE_STEPS: Mapping[str, str] = {
    "released": N_("Look into the inbox of the service, or run `temoin check %(account)s`, before you file again."),
    "filed": N_("Run `temoin check %(account)s` or `temoin inbox` for the answer."),
    "acknowledged": N_("Run `temoin check %(account)s` or `temoin inbox` for the answer."),
    "more_information": N_("Answer the service yourself; Témoin writes nothing to it."),
    "refused": N_("You may complain to the authority: `temoin cases letter %(account)s --to cnil` (or dpc)."),
    OVERDUE: N_(
        "No decision within 30 days. Remind the service, or complain to the authority: "
        "`temoin cases letter %(account)s --to cnil` (or dpc)."
    ),
}
CASE_IN_SHORT: Mapping[str, str] = {
    OVERDUE: N_("No decision on the objection within 30 days: remind the service, or complain to the authority"),
}


def event_name(case: Case, event: CaseEvent) -> str:
    """What happened; the consent of a case of which something left is no more than that."""
    left = event.state is CaseState.RELEASED and case.filed_at is not None
    return _AGREED if left else CASE_NAMES[event.state]
