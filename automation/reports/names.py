"""What verdicts, outcomes, changes, actors and exit codes are called. All texts are English, to be translated."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.core.cases import OVERDUE, Case, CaseEvent, CaseSource, CaseState
from automation.core.observations import ProbeOutcome
from automation.core.results import Outcome
from automation.core.signals import Wording
from automation.core.verdicts import Reason, Verdict
from automation.storage.changes import ChangeKind, FormChangeKind
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.flows import FlowGuide, Text
    from automation.text.language import Language


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

SYMBOLS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.OBJECTED: ("✓", "+"),
    Verdict.NOT_OBJECTED: ("✗", "x"),
    Verdict.PENDING: ("…", "~"),
    Verdict.REFUSED: ("⊘", "/"),
    Verdict.NOT_OFFERED: ("–", "-"),
    Verdict.NEEDS_HUMAN: ("!", "!"),
    Verdict.UNKNOWN: ("?", "?"),
}
"""For a terminal: a sign, and what stands for it where only ASCII can be written. One column wide each."""

OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.OK: N_("As wanted"),
    Outcome.FINDING: N_("Not as wanted"),
    Outcome.INCOMPLETE: N_("Still open"),
}

NOTHING_EXPECTED = N_("Nothing expected")
"""Instead of an outcome, of an answer that the account expects nothing of."""

SETTLED = N_("Settled by a person")
"""Instead of an outcome, where the verdict leaves it open and a person's word, an exception or a rule does not."""

CHANGE_NAMES: Mapping[str, str] = {
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

UNREAD: Mapping[str, str] = {
    "no_session": N_("nobody is signed in"),
    "session_unusable": N_("the saved session cannot be used"),
    Reason.LOGIN_REQUIRED: N_("the session has ended"),
    Reason.CHALLENGE: N_("the service wants proof that a person is there"),
    Reason.TWO_FACTOR: N_("the service asks for the second factor"),
    Reason.REAUTH: N_("the service asks for the password once more"),
    Reason.RATE_LIMITED: N_("the service wants a pause"),
    Reason.BLOCKED: N_("the service has locked the account"),
    Reason.WRONG_ACCOUNT: N_("another account was signed in"),
    Reason.STALE_FLOW: N_("what was read does not count where the run is strict"),
    Reason.FLOW_BROKEN: N_("a file of the flow is wrong"),
    Reason.TIMEOUT: N_("the service did not answer in time"),
    Reason.BROWSER_LOST: N_("the browser stopped"),
    Reason.INTERRUPTED: N_("the check was ended"),
    Reason.INTERNAL_ERROR: N_("Témoin itself failed"),
}
"""Why nothing was read that counts, as half a sentence: by a result's `because_key`, else by its reason."""

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
SENT: Mapping[CaseState, str] = {
    CaseState.FILED: N_("Objection sent on %(day)s, no answer yet"),
    CaseState.ACKNOWLEDGED: N_("Objection sent on %(day)s, acknowledged, not decided yet"),
    CaseState.MORE_INFORMATION: N_("Objection sent on %(day)s, and the service wants more information"),
}
"""What a card says of an open case."""
_AGREED = N_("Agreed to")
CASE_SOURCES: Mapping[str, str] = {
    CaseSource.FILING: N_("sent from this machine"),
    CaseSource.CHECK: N_("read by a check"),
    CaseSource.INBOX: N_("read in the mailbox"),
    CaseSource.PERSON: N_("said by a person"),
}
CASE_STEPS: Mapping[str, str] = {
    "released": N_("Look into the inbox of the service, or run `temoin check %(account)s`, before you file again."),
    "filed": N_("Run `temoin check %(account)s` or `temoin object mail` for the answer."),
    "acknowledged": N_("Run `temoin check %(account)s` or `temoin object mail` for the answer."),
    "more_information": N_("Answer the service yourself; Témoin writes nothing to it."),
    "refused": N_("You may complain to the authority: `temoin object letter %(account)s --to cnil` (or dpc)."),
    OVERDUE: N_(
        "No decision within 30 days. Remind the service, or complain to the authority: "
        "`temoin object letter %(account)s --to cnil` (or dpc)."
    ),
}
CASE_IN_SHORT: Mapping[str, str] = {
    OVERDUE: N_("No decision on the objection within 30 days: remind the service, or complain to the authority")
}


def event_name(case: Case, event: CaseEvent) -> str:
    """What happened; the consent of a case of which something left is no more than that."""
    left = event.state is CaseState.RELEASED and case.filed_at is not None
    return _AGREED if left else CASE_NAMES[event.state]


RULES: Mapping[str, str] = {
    "get": N_("pages, pictures and data fetched"),
    "local": N_("what the browser holds already"),
    "operation": N_("reads that the site sends like a form, known by name"),
    "read_path": N_("reads that the site sends like a form, known by address"),
    "sign_in": N_("what signing in needs"),
    "submit": N_("the objection itself, released by a person"),
    "undecided": N_("left the browser before the guard had decided"),
    "telemetry": N_("usage statistics"),
    "write": N_("could change something"),
    "preflight": N_("asking leave to write"),
    "socket": N_("a standing connection"),
    "not_https": N_("not encrypted"),
    "host_not_listed": N_("to an address outside the service"),
    "method_override": N_("a write in the guise of a read"),
    "get_that_writes": N_("an address that changes something when opened"),
    "get_with_body": N_("a fetch that carries data"),
    "get_with_operation": N_("a fetch that carries an operation"),
    "address_override": N_("an address in the guise of another one"),
    "operation_mutation": N_("an operation that writes"),
    "operation_subscription": N_("a standing connection for an operation"),
    "operation_acts": N_("an operation that acts, although it is named like a read"),
    "operation_as_text": N_("an operation sent as text"),
    "operation_unknown": N_("an operation that is not known as a read"),
    "operation_unnamed": N_("an operation without a name"),
    "operation_mismatch": N_("an operation under two names"),
    "unparsable_body": N_("data that cannot be read"),
    "odd_path": N_("an address spelt in an odd way"),
    "odd_query": N_("an address with names spelt in an odd way"),
    "submit_not_released": N_("the objection itself, not released"),
    "submit_not_pressed": N_("the objection itself, sent by the page without a press of the button"),
    "submit_altered": N_("the objection itself, with something else in it than was reviewed"),
    "submit_again": N_("the objection itself, a second time"),
    "submit_kept": N_("the objection itself, kept here by the person who saw it"),
    "answer_failed": N_("a request that got an error, or no answer"),
    "document_too_large": N_("a document too large to be read"),
    "hint_refused": N_("lost with its connection to a hint that was refused"),
    "locked": N_("the guard had closed everything"),
    "unasked": N_("sent by the browser of its own accord"),
    "not_http": N_("a connection that carries no requests"),
    "unreadable_tls": N_("a connection that the guard cannot read"),
    "proxy_refused": N_("refused by the outgoing proxy"),
    "proxy_asks_for_name": N_("the outgoing proxy wants a name and a password"),
    "proxy_unclear": N_("what was named as outgoing proxy is none"),
}


TERMS: Mapping[str, Mapping[str, str]] = {
    "kinds": {
        "profile": N_("profile"),
        "page_admin": N_("author of a Page"),
        "professional": N_("professional account"),
    },
    "surfaces": {
        "path": N_("the way to the form"),
        "form": N_("the form"),
        "inbox": N_("the inbox"),
        "exposure": N_("what decides how far the account is concerned"),
        "identity": N_("the account, looked at again at the end"),
        "filled": N_("the form, filled in"),
        "confirmation": N_("what came after it was sent"),
        "seen": N_("page that a person opened"),
        "stopped": N_("where the visit ended"),
        "home": N_("home page"),
        "sign_in": N_("sign-in page"),
        "setting": N_("page of the setting"),
        "setting_again": N_("page of the setting, loaded anew"),
    },
    "wordings": {
        Wording.NONE: "",
        Wording.SOURCED: N_("words known from a source"),
        Wording.ASSUMED: N_("words that no source gives, assumed"),
        Wording.CONFIRMED: N_("words that a person confirmed"),
    },
    "fields": {
        "email": N_("e-mail address"),
        "text": N_("text"),
        "textarea": N_("longer text"),
        "select": N_("list"),
        "checkbox": N_("tick box"),
        "radio": N_("one of several"),
        "code": N_("code"),
        "file": N_("file"),
        "hidden": N_("hidden"),
    },
    "shapes": {
        "other": N_("a shape not seen before"),
    },
    "probes": {
        ProbeOutcome.FORM: N_("the form"),
        ProbeOutcome.OTHER_FORM: N_("another form"),
        ProbeOutcome.LOGIN: N_("a request to sign in"),
        ProbeOutcome.NOT_OFFERED: N_("not offered"),
        ProbeOutcome.NOT_FOUND: N_("no such page"),
        ProbeOutcome.ERROR: N_("an error"),
        ProbeOutcome.UNRECOGNISED: N_("a page that was not recognised"),
    },
    "exposure": {
        "acting_as_page": N_("Acts in the name of a Page"),
    },
    "exposure_values": {
        "on": N_("on"),
        "off": N_("off"),
        "yes": N_("yes"),
        "no": N_("no"),
        "present": N_("is there"),
    },
    "exposure_notes": {
        "shown": N_("shown by the page"),
        "not_shown": N_("the page does not show it"),
        "locale_uncovered": N_("the words of this language are not known"),
        "not_opened": N_("the page could not be opened"),
    },
    "phases": {
        "session": N_("signing in"),
        "login": N_("a person signing in"),
        "check": N_("reading"),
        "attended": N_("filing it, with a person there"),
    },
    "self_tests": {
        "passed": N_("passed"),
        "passed earlier in this process, with this browser": N_("passed earlier in this process, with this browser"),
        "not run": N_("not run: the visit ended before it"),  # untold: a key
        "see the log": N_("not known; the log of the run says more"),  # untold: a key
    },
    "verified": {
        "never": N_("never on the live site"),
        "current": N_("on %(date)s"),
        "shared": N_("on %(date)s, by people of a registry"),
        "stale": N_("on %(date)s, too long ago"),
    },
    "changes": CHANGE_NAMES,
    "sources": CASE_SOURCES,
}
"""The engine's own technical names by kind; a flow's pages, shapes and exposures have more words in its guide."""


def term(kind: str, name: str, language: Language, guide: FlowGuide | None = None) -> str:
    """
    The words for a name; where there are none, of a page those of the first part of its name, else its name, opened.

    Args:
        kind: of `TERMS`, whose words come first.
        name: of a surface (the numbers with which files begin do not matter), a shape …
        language: of the reader.
        guide: the flow's words, under the same kind.
    """
    own: Mapping[str, Text] = getattr(guide, kind, {})
    if kind == "surfaces":
        name = re.sub(r"^\d+-", "", name)
        first, known = re.split("[-_]", name)[0], {*TERMS[kind], *own}
        name = first if name not in known and first in known else name
    if name in TERMS[kind]:
        return language.gettext(TERMS[kind][name])
    said = own.get(name, {})
    return language.typeset(said[language.code]) if language.code in said else said.get("en", name.replace("_", " "))
