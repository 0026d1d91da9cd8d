"""What the states of a case are called, who moved it, and what to do next. All texts are English, to be translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.cases import OVERDUE, Case, CaseEvent, CaseSource, CaseState
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

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
