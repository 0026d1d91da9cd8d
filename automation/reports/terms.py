"""Words for the technical names in a result, so that a person can read them. A name without words stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.domain.observations import ProbeOutcome, Wording
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.text.language import Language

ACCOUNT_KINDS: Mapping[str, str] = {
    "profile": N_("profile"),
    "page_admin": N_("author of a Page"),
    "professional": N_("professional account"),
}

SURFACES: Mapping[str, str] = {
    "home": N_("home page"),
    "settings_menu": N_("settings menu"),
    "privacy_centre": N_("privacy centre"),
    "ai_topic": N_("explanation of AI"),
    "form_a": N_("objection form, first address"),
    "form_b": N_("objection form, second address"),
    "form_moved": N_("address to which the form may have moved"),
    "support_inbox": N_("support inbox"),
    "support_inbox-item": N_("message in the support inbox"),
    "audience": N_("who can see the content"),
    "accounts_centre": N_("accounts centre"),
    "sign_in": N_("sign-in page"),
    "setting": N_("page of the setting"),
    "setting_again": N_("page of the setting, loaded anew"),
    "team": N_("page of the setting, for teams"),
}

SIGNALS: Mapping[str, str] = {
    "identity.same": N_("The right account was signed in, from start to end"),
    "identity.acting_as_page": N_("The login acts in the name of a Page"),
    "identity.confirmed": N_("A person confirmed who is signed in"),
    "identity.unknown": N_("Nothing says who is signed in"),
    "control.trains": N_("The setting lets the content be used"),
    "control.protects": N_("The setting keeps the content out"),
    "control.section": N_("The setting stands where it belongs"),
    "control.absent": N_("The setting is not on the page"),
    "control.unread": N_("The page of the setting could not be read"),
    "control.twice": N_("The setting is there more than once"),
    "control.stateless": N_("The setting does not say how it stands"),
    "control.data_missing": N_("The page did not get all of its data"),
    "control.doubted": N_("The page says that what it shows may not be what is stored"),
    "control.disabled": N_("The setting is greyed out"),
    "control.covered": N_("Something lies over the setting"),
    "control.contradicted": N_("Another setting for the same thing is there"),
    "control.misplaced": N_("The setting stands where nobody expects it"),
    "control.changed": N_("The setting said two things in two readings"),
    "control.unproven": N_("The sources know this setting too badly"),
    "objects.unread": N_("A blog, site or team was not read"),
    "objects.unlisted": N_("Whether all blogs, sites or teams were read is not known"),
    "form.id": N_("The form carries the known number"),
    "form.title": N_("The page carries the form's title"),
    "form.open": N_("The form is open and can be sent"),
    "form.twice": N_("Two forms that look alike"),
    "form.unfamiliar": N_("A form with fields that no source knows"),
    "page.other_form": N_("Another form answered at this address"),
    "page.covered": N_("Something lies over the form"),
    "page.accepted": N_("The page says that the objection is honoured"),
    "page.refused": N_("The page says that the objection is refused"),
    "page.pending": N_("The page says that an objection is being looked at"),
    "page.unclear": N_("The page says something about objections that is not clear"),
    "page.not_offered": N_("The page says that the form is not offered"),
    "inbox.known": N_("The support inbox could be read"),
    "inbox.nothing": N_("The support inbox holds no answer to an objection"),
    "inbox.unread": N_("The support inbox could not be read in full"),
    "reply.accepted": N_("The service's answer: honoured"),
    "reply.refused": N_("The service's answer: refused"),
    "reply.pending": N_("The service's answer: not decided"),
    "reply.more_information": N_("The service's answer: it wants to know more"),
    "reply.unclear": N_("An answer that is not clear"),
    "reply.unclassified": N_("An answer whose words are not known"),
    "reply.about_ai": N_("The answer is about AI"),
    "reply.frame": N_("The answer comes from the service"),
}

WORDINGS: Mapping[Wording, str] = {
    Wording.NONE: "",
    Wording.SOURCED: N_("words known from a source"),
    Wording.ASSUMED: N_("words that no source gives, assumed"),
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
    "eu_2024": N_("shape of 2024: country, e-mail address and a reason"),
    "eu_2025": N_("shape of 2025: e-mail address, reason optional"),
    "br_2025": N_("Brazilian shape: country, e-mail address and a reason"),
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
    "account_privacy": N_("Private account"),
    "default_audience": N_("Who sees new posts"),
    "tags_and_mentions": N_("Who may tag and mention"),
    "region": N_("Country"),
    "age": N_("Age"),
    "accounts_centre": N_("Accounts centre (an objection counts for all accounts in it)"),
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
    "undecided": N_("left without a decision"),
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
    "operation_mutation": N_("an operation that writes"),
    "operation_unknown": N_("an operation that is not known as a read"),
    "operation_unnamed": N_("an operation without a name"),
    "operation_mismatch": N_("an operation under two names"),
    "unparsable_body": N_("data that cannot be read"),
    "odd_path": N_("an address spelt in an odd way"),
    "submit_not_released": N_("the objection itself, not released"),
    "locked": N_("the guard had closed everything"),
}

VERIFIED: Mapping[str, str] = {
    "never": N_("never on the live site"),
    "current": N_("on %(date)s"),
    "stale": N_("on %(date)s, too long ago"),
}

HOW_FOUND = (
    N_("heading"),
    N_("it may answer another request"),
    N_("heading or signature"),
    N_("heading or title of the page"),
    N_("id in the address or the form's own data"),
    N_("link in the reply"),
    N_("links to items"),
    N_("not a plain answer"),
    N_("nothing ties it to objecting to AI"),
    N_("nothing shows that it is the service's answer"),
    N_("heading of the item"),
    N_("its data holds an empty list"),
    N_("every item was read, none concerns it"),
    N_("fields and a control that sends them"),
    N_("fields that no source knows"),
    N_("text that may speak of an earlier objection"),
    N_("the address did not answer with the inbox"),
    N_("neither its title nor its data was found"),
    N_("the list speaks of an objection, no item does"),
    N_("an item could not be opened"),
    N_("another form answered"),
    N_("sentence of the reply"),
    N_("something lies over the form"),
    N_("speaks of it"),
    N_("stands in the service's own inbox"),
    N_("text of the page"),
    N_("the page's own read"),
    N_("the service's own data, at the start and at the end"),
    N_("two forms or two like fields"),
    N_("who is acting"),
    N_("words in the reply"),
    N_("it changed between two readings"),
    N_("the service's own data, on every page read"),
    N_("a person saw who was signed in when this session was saved"),
    N_("no page names the account"),
    N_("raw attribute or property, read twice"),
    N_("chosen value, read twice"),
    N_("text that the button shows, read twice"),
    N_("name and text of the button, read twice"),
    N_("heading or landmark that holds it"),
    N_("no control of the known names; that is not off"),
    N_("the page is an error or did not come to rest"),
    N_("more than one control of that name"),
    N_("no state is stated, or its statements disagree"),
    N_("it cannot be changed"),
    N_("a request of the page for its data failed, was refused, or is not answered to its end"),
    N_("the page says that it could not load or save, or shows a draft"),
    N_("something lies over it"),
    N_("another control for the same thing is there"),
    N_("no known heading or landmark holds it"),
    N_("two readings differ"),
    N_("the sources know it too badly for a verdict"),
    N_("the account names no blogs, sites or teams"),
    N_("linked or named, and not read"),
)
"""What the engine says of how a signal was found; what is not here is shown in the engine's English."""


def term(table: Mapping[str, str], name: str, language: Language) -> str:
    """The words for a name; the name with its underscores opened where there are none."""
    words = table.get(name)
    return name.replace("_", " ") if words is None else language.gettext(words)


def surface_name(name: str, language: Language) -> str:
    """What a person calls a page; the numbers with which files begin do not matter."""
    return term(SURFACES, re.sub(r"^\d+-", "", name), language)
