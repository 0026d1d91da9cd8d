"""
Words for the technical names in a result, so that a person can read them. A name without words stays as it is.

Here stand the engine's own names. What a flow calls its pages, the shapes of its form and what decides how far an
account is concerned, its guide says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.core.observations import ProbeOutcome
from automation.core.wording import Wording
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.guides import FlowGuide, Text
    from automation.text.language import Language

ACCOUNT_KINDS: Mapping[str, str] = {
    "profile": N_("profile"),
    "page_admin": N_("author of a Page"),
    "professional": N_("professional account"),
}

SURFACES: Mapping[str, str] = {
    "home": N_("home page"),
    "sign_in": N_("sign-in page"),
    "setting": N_("page of the setting"),
    "setting_again": N_("page of the setting, loaded anew"),
}

WORDINGS: Mapping[Wording, str] = {
    Wording.NONE: "",
    Wording.SOURCED: N_("words known from a source"),
    Wording.ASSUMED: N_("words that no source gives, assumed"),
    Wording.CONFIRMED: N_("words that a person confirmed"),
}

FIELD_KINDS: Mapping[str, str] = {
    "email": N_("e-mail address"),
    "text": N_("text"),
    "textarea": N_("longer text"),
    "select": N_("list"),
    "checkbox": N_("tick box"),
    "radio": N_("one of several"),
    "code": N_("code"),
    "file": N_("file"),
    "hidden": N_("hidden"),
}

FORM_SHAPES: Mapping[str, str] = {
    "other": N_("a shape not seen before"),
}

PROBES: Mapping[ProbeOutcome, str] = {
    ProbeOutcome.FORM: N_("the form"),
    ProbeOutcome.OTHER_FORM: N_("another form"),
    ProbeOutcome.LOGIN: N_("a request to sign in"),
    ProbeOutcome.NOT_OFFERED: N_("not offered"),
    ProbeOutcome.NOT_FOUND: N_("no such page"),
    ProbeOutcome.ERROR: N_("an error"),
    ProbeOutcome.UNRECOGNISED: N_("a page that was not recognised"),
}

EXPOSURES: Mapping[str, str] = {
    "acting_as_page": N_("Acts in the name of a Page"),
}

EXPOSURE_VALUES: Mapping[str, str] = {
    "on": N_("on"),
    "off": N_("off"),
    "yes": N_("yes"),
    "no": N_("no"),
    "present": N_("is there"),
}

EXPOSURE_NOTES: Mapping[str, str] = {
    "shown": N_("shown by the page"),
    "not_shown": N_("the page does not show it"),
    "locale_uncovered": N_("the words of this language are not known"),
    "not_opened": N_("the page could not be opened"),
}

PHASES: Mapping[str, str] = {
    "session": N_("signing in"),
    "login": N_("a person signing in"),
    "check": N_("reading"),
    "attended": N_("filing it, with a person there"),
}

SELF_TESTS: Mapping[str, str] = {
    "passed": N_("passed"),
    "passed earlier in this process, with this browser": N_("passed earlier in this process, with this browser"),
    "not run": N_("not run: the visit ended before it"),
    "see the log": N_("not known; the log of the run says more"),
}

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

VERIFIED: Mapping[str, str] = {
    "never": N_("never on the live site"),
    "current": N_("on %(date)s"),
    "stale": N_("on %(date)s, too long ago"),
}


def term(table: Mapping[str, str], name: str, language: Language, own: Mapping[str, Text] | None = None) -> str:
    """
    The words for a name; the name with its underscores opened where there are none.

    Args:
        table: the engine's own words, which come first.
        name: of a surface, a shape, a kind …
        language: of the reader.
        own: the flow's words, from its guide.
    """
    words = table.get(name)
    if words is not None:
        return language.gettext(words)
    said = (own or {}).get(name, {})
    return language.typeset(said[language.code]) if language.code in said else said.get("en", name.replace("_", " "))


def surface_name(name: str, language: Language, guide: FlowGuide | None = None) -> str:
    """What a person calls a page; the numbers with which files begin do not matter."""
    return term(SURFACES, re.sub(r"^\d+-", "", name), language, guide.surfaces if guide else None)
