"""
The signals: the closed vocabulary of what a visit can read, and one signal as it was read.

A new signal is one entry of `SignalName` and the code that reads it. The judge, flow files, `flow check` and the
reports use this table; the test of docs/flows.md asks for its row there, the test of the catalogue for its French.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, Self

from automation.core.looks import Look
from automation.core.verdicts import Reason


class Wording(StrEnum):
    """How well the words behind a signal are known."""

    NONE = "none"
    """No words were needed."""
    SOURCED = "sourced"
    ASSUMED = "assumed"
    """No source gives them: the plainest form that such a text would take."""
    CONFIRMED = "confirmed"
    """No source gives them; a person looked at the answer and said what they mean."""


class KnownWords(Protocol):
    """Words of a label table."""

    @property
    def wording(self) -> Wording:
        """How well they are known."""

    @property
    def locale(self) -> str:
        """Their language, BCP-47."""

    @property
    def source(self) -> str:
        """Where they are documented."""


def mark(text: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return text


N_ = mark
"""The name under which Babel's extraction knows `mark`."""


class Way(StrEnum):
    """How a signal was found, where that is not the usual way of one signal."""

    AT_START_AND_END = N_("the service's own data, at the start and at the end")
    ON_EVERY_PAGE = N_("the service's own data, on every page read")
    STATE = N_("raw attribute or property, read twice")
    CHOSEN_VALUE = N_("chosen value, read twice")
    SHOWN_TEXT = N_("text that the button shows, read twice")
    NAME_AND_TEXT = N_("name and text of the button, read twice")
    WORDED = N_("words beside the setting's name, read twice")
    DESCRIBED = N_("known words, its own or beside it, that no other setting has")
    INBOX_TITLE = N_("heading")
    INBOX_ENTRY = N_("current entry of the menu")
    INBOX_DATA = N_("the page's own read")
    INBOX_LINKS = N_("links to items")
    INBOX_LINKED_AS = N_("heading or title, as the site's links to it are called")
    NOT_THE_INBOX = N_("the address did not answer with the inbox")
    INBOX_UNKNOWN = N_("neither its title nor its data was found")
    LIST_CONCERNS = N_("the list speaks of an objection, no item does")
    ITEM_UNOPENED = N_("an item could not be opened")
    MESSAGE_CLOSED = N_("a message stays closed")
    INBOX_CHANGED = N_("it changed between two readings")
    EMPTY_LIST = N_("its data holds an empty list")
    NO_ITEM_CONCERNS = N_("every item was read, none concerns it")
    NOT_PLAIN = N_("not a plain answer")
    ANOTHER_PERSON = N_("it greets somebody by another name")
    FOR_ANOTHER = N_("it is for somebody else, or for another account")
    ANOTHER_REQUEST = N_("it may answer another request")
    NO_TIE = N_("nothing ties it to objecting to AI")
    NO_FRAME = N_("nothing shows that it is the service's answer")
    LINK_IN_REPLY = N_("link in the reply")
    WORDS_IN_REPLY = N_("words in the reply")
    SIGNATURE = N_("heading or signature")
    ITEM_HEADING = N_("heading of the item")
    AUTHOR = N_("author of the message")
    ANSWERS_A_REQUEST = N_("title or request that it answers")
    NOT_KNOWN = N_("it holds words that no source knows")
    SEVERAL_ANSWERS = N_("several answers, and nothing says which came last")
    LOOKED_AT = N_("a person looked at it and said what it means")
    NOT_SEEN_BESIDE = N_("it did not stand beside the confirmed sentence")
    SAYS_EMPTY = N_("it says in words that it is empty")
    PAGE_TEXT = N_("text of the page")
    SENTENCE = N_("sentence of the reply")
    MAIL_SUBJECT = N_("subject of the message")
    MAIL_WORDS = N_("words in the message")


class SignalKind(StrEnum):
    """Where a signal comes from. Two of different kinds are needed for the verdicts that matter most."""

    DATA = "data"
    """An id, a link's path, embedded JSON or a cookie."""
    LANDMARK = "landmark"
    """A heading, region, signature or address that says which page this is."""
    TEXT = "text"
    """Words whose meaning is known."""
    FORM = "form"
    """Fields and a submit control."""
    CONTROL = "control"
    """A switch, checkbox or choice, from its raw attributes."""


class FlowKind(StrEnum):
    """How a setting is read, by the table that its manifest has."""

    OBJECTION = "objection"
    """A right exercised by a form and answered in an inbox."""
    CONTROL = "control"
    """A setting that one control shows."""


_DATA, _LANDMARK, _TEXT, _FORM, _CONTROL = SignalKind
_OBJECTIONS, _CONTROLS, _BOTH = (FlowKind.OBJECTION,), (FlowKind.CONTROL,), tuple(FlowKind)
_MISSING, _AMBIGUOUS = Reason.CONTROL_STATE_MISSING, Reason.AMBIGUOUS


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is known of a signal; see the attributes of `SignalName`."""

    name: str
    kind: SignalKind
    sentence: str
    how: str = ""
    by_data: tuple[Way, ...] = ()
    reason: Reason | None = None
    flows: tuple[FlowKind, ...] = _OBJECTIONS


def _control(
    name: str, sentence: str, how: str = "", reason: Reason | None = None, kind: SignalKind = _CONTROL
) -> _Entry:
    """A signal of the flows that read one control."""
    return _Entry(name, kind, sentence, how, reason=reason, flows=_CONTROLS)


# fmt: off
class SignalName(StrEnum):
    """
    The name of a signal, dotted; the states of flow files speak of these.

    Part of the schema of results: a stored visit with a name outside this list cannot be read. Where several signals
    give a reason, the first in this order counts.
    """

    IDENTITY_SAME = _Entry(
        "identity.same", _DATA, N_("The right account was signed in, from start to end"), flows=_BOTH)
    IDENTITY_ACTING_AS_PAGE = _Entry(
        "identity.acting_as_page", _DATA, N_("The login acts in the name of a Page"), N_("who is acting"),
        reason=Reason.ACTING_AS_PAGE)
    IDENTITY_CONFIRMED = _control(
        "identity.confirmed", N_("A person confirmed who is signed in"),
        N_("a person saw who was signed in when this session was saved"), kind=_DATA)
    IDENTITY_UNKNOWN = _control(
        "identity.unknown", N_("Nothing says who is signed in"), N_("no page names the account"),
        Reason.IDENTITY_UNCONFIRMED, _DATA)

    CONTROL_TRAINS = _control("control.trains", N_("The setting lets the content be used"))
    CONTROL_PROTECTS = _control("control.protects", N_("The setting keeps the content out"))
    CONTROL_SECTION = _control(
        "control.section", N_("The setting stands where it belongs"), N_("heading or landmark that holds it"),
        kind=_LANDMARK)
    CONTROL_UNREAD = _control(
        "control.unread", N_("The page of the setting could not be read"),
        N_("the page is an error or did not come to rest"))
    CONTROL_ABSENT = _control(
        "control.absent", N_("The setting is not on the page"), N_("no control of the known names; that is not off"))
    CONTROL_DATA_REFUSED = _control(
        "control.data_refused", N_("The guard refused a request of the page"),
        N_("the guard refused a request of which it does not know that it only reads"), Reason.GUARD_BLOCKED)
    CONTROL_STATELESS = _control(
        "control.stateless", N_("The setting does not say how it stands"),
        N_("no state is stated, or its statements disagree"), _MISSING)
    CONTROL_DATA_MISSING = _control(
        "control.data_missing", N_("The page did not get all of its data"),
        N_("a request of the page for its data failed, was refused, or is not answered to its end"), _MISSING)
    CONTROL_DOUBTED = _control(
        "control.doubted", N_("The page says that what it shows may not be what is stored"),
        N_("the page says that it could not load or save, or shows a draft"), _MISSING)
    CONTROL_TWICE = _control(
        "control.twice", N_("The setting is there more than once"), N_("more than one control of that name"),
        _AMBIGUOUS)
    CONTROL_CHANGED = _control(
        "control.changed", N_("The setting said two things in two readings"), N_("two readings differ"), _AMBIGUOUS)
    CONTROL_CONTRADICTED = _control(
        "control.contradicted", N_("Another setting for the same thing is there"),
        N_("another control for the same thing is there"), _AMBIGUOUS)
    CONTROL_MISPLACED = _control(
        "control.misplaced", N_("The setting stands where nobody expects it"),
        N_("no known heading or landmark holds it"), _AMBIGUOUS)
    CONTROL_COVERED = _control(
        "control.covered", N_("Something lies over the setting"), N_("something lies over it"), _AMBIGUOUS)
    CONTROL_DISABLED = _control(
        "control.disabled", N_("The setting is greyed out"), N_("it cannot be changed"), _AMBIGUOUS)
    CONTROL_UNPROVEN = _control(
        "control.unproven", N_("The sources know this setting too badly"),
        N_("the sources know it too badly for a verdict"), _AMBIGUOUS)
    OBJECTS_UNREAD = _control(
        "objects.unread", N_("A blog, site or team was not read"), N_("linked or named, and not read"),
        Reason.OBJECTS_UNREAD, _DATA)
    OBJECTS_UNLISTED = _control(
        "objects.unlisted", N_("Whether all blogs, sites or teams were read is not known"),
        N_("the account names no blogs, sites or teams"), Reason.OBJECTS_UNREAD, _DATA)

    FORM_ID = _Entry(
        "form.id", _DATA, N_("The form carries the known number"), N_("id in the address or the form's own data"))
    FORM_TITLE = _Entry(
        "form.title", _LANDMARK, N_("The page carries the form's title"), N_("heading or title of the page"))
    FORM_OPEN = _Entry(
        "form.open", _FORM, N_("The form is open and can be sent"), N_("fields and a control that sends them"))
    FORM_TWICE = _Entry("form.twice", _FORM, N_("Two forms that look alike"), N_("two forms or two like fields"),
        reason=_AMBIGUOUS)
    FORM_UNFAMILIAR = _Entry(
        "form.unfamiliar", _FORM, N_("A form with fields that no source knows"), N_("fields that no source knows"))
    PAGE_OTHER_FORM = _Entry(
        "page.other_form", _DATA, N_("Another form answered at this address"), N_("another form answered"))
    PAGE_COVERED = _Entry(
        "page.covered", _LANDMARK, N_("Something lies over the form"), N_("something lies over the form"),
        reason=_AMBIGUOUS)
    PAGE_ACCEPTED = _Entry(
        "page.accepted", _TEXT, N_("The page says that the objection is honoured"), Way.PAGE_TEXT)
    PAGE_REFUSED = _Entry(
        "page.refused", _TEXT, N_("The page says that the objection is refused"), Way.PAGE_TEXT)
    PAGE_PENDING = _Entry(
        "page.pending", _TEXT, N_("The page says that an objection is being looked at"), Way.PAGE_TEXT)
    PAGE_UNCLEAR = _Entry(
        "page.unclear", _TEXT, N_("The page says something about objections that is not clear"),
        N_("text that may speak of an earlier objection"), reason=_AMBIGUOUS)
    PAGE_NOT_OFFERED = _Entry(
        "page.not_offered", _TEXT, N_("The page says that the form is not offered"), Way.PAGE_TEXT)
    INBOX_KNOWN = _Entry(
        "inbox.known", _LANDMARK, N_("The support inbox could be read"),
        by_data=(Way.INBOX_DATA, Way.INBOX_LINKS, Way.INBOX_LINKED_AS))
    INBOX_NOTHING = _Entry(
        "inbox.nothing", _TEXT, N_("The support inbox holds no answer to an objection"), by_data=(Way.EMPTY_LIST,))
    INBOX_WHOLE = _Entry("inbox.whole", _LANDMARK, N_("Every message of the support inbox was read"))
    INBOX_UNREAD = _Entry("inbox.unread", _LANDMARK, N_("The support inbox could not be read in full"))
    INBOX_LATER = _Entry(
        "inbox.later", _LANDMARK, N_("An item of the support inbox that may be newer could not be read"))
    REPLY_ACCEPTED = _Entry("reply.accepted", _TEXT, N_("The service's answer: honoured"), Way.SENTENCE)
    REPLY_REFUSED = _Entry("reply.refused", _TEXT, N_("The service's answer: refused"), Way.SENTENCE)
    REPLY_PENDING = _Entry("reply.pending", _TEXT, N_("The service's answer: not decided"), Way.SENTENCE)
    REPLY_MORE_INFORMATION = _Entry(
        "reply.more_information", _TEXT, N_("The service's answer: it wants to know more"), Way.SENTENCE)
    REPLY_PARTLY = _Entry(
        "reply.partly", _TEXT, N_("The service's answer: honoured in part"), Way.LOOKED_AT, reason=_AMBIGUOUS)
    REPLY_TAKEN_BACK = _Entry(
        "reply.taken_back", _TEXT, N_("The service's answer: no longer honoured"), Way.LOOKED_AT)
    REPLY_UNCLEAR = _Entry(
        "reply.unclear", _TEXT, N_("An answer that is not clear"), reason=_AMBIGUOUS)
    REPLY_UNCLASSIFIED = _Entry(
        "reply.unclassified", _TEXT, N_("An answer whose words are not known"), N_("speaks of it"))
    REPLY_ABOUT_AI = _Entry(
        "reply.about_ai", _LANDMARK, N_("The answer is about AI"), by_data=(Way.LINK_IN_REPLY,))
    REPLY_FRAME = _Entry("reply.frame", _LANDMARK, N_("The answer comes from the service"))
    PAGE_RESTLESS = _Entry(
        "page.restless", _LANDMARK, N_("A page did not come to rest in time"),
        N_("it did not load, or kept changing, until the time for it was over"), reason=Reason.TIMEOUT, flows=_BOTH)
    # fmt: on

    kinds: tuple[SignalKind, ...]
    """Where it comes from: the first, or data where it was found there."""
    flows: tuple[FlowKind, ...]
    """Kinds of flows that can read it."""
    sentence: str
    """What it says, in English, for the catalogue."""
    how: str
    """How it is found, in English, for the catalogue; empty where there is no one usual way."""
    by_data: tuple[Way, ...]
    """Ways of finding it in data."""
    reason: Reason | None
    """Why there is no answer, where this signal alone says it."""
    _value_: str

    def __new__(cls, entry: _Entry) -> Self:
        """A member that is its name and carries its entry."""
        member = str.__new__(cls, entry.name)
        member._value_ = entry.name
        member.kinds = (entry.kind, SignalKind.DATA) if entry.by_data else (entry.kind,)
        member.flows, member.sentence, member.how = entry.flows, entry.sentence, str(entry.how)
        member.by_data, member.reason = entry.by_data, entry.reason
        return member

    def seen(
        self,
        surface: str,
        way: Way | None = None,
        *,
        how: str = "",
        quote: str = "",
        words: KnownWords | None = None,
        locale: str = "",
        source: str = "",
        picture: str | None = None,
    ) -> Signal:
        """
        This signal as it was read.

        Args:
            surface: the page it was read on.
            way: how it was found, where it is not found as usual.
            how: the same in other words, such as the message of an error.
            quote: the words or value seen, shortened and masked.
            words: the words of the label table that fit; without them, words with a `source` count as sourced.
            locale: language of the words.
            source: where the words are documented.
            picture: name of the picture that shows it.
        """
        kind = SignalKind.DATA if way in self.by_data else self.kinds[0]
        wording = Wording.SOURCED if source else Wording.NONE
        if words is not None:
            wording, locale, source = words.wording, words.locale, words.source
        return Signal(self, kind, surface, str(how or way or self.how), quote, wording, locale, picture, source)


HOW_FOUND = frozenset({*map(str, Way), *(name.how for name in SignalName if name.how)})
"""Every way of finding a signal that the catalogue has words for."""


def vocabulary(kind: FlowKind) -> tuple[SignalName, ...]:
    """The signals that flows of this kind can read."""
    return tuple(name for name in SignalName if kind in name.flows)


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that was read. Made by `SignalName.seen`."""

    name: SignalName
    kind: SignalKind
    surface: str
    """The page it was read on."""
    how: str
    """How it was found, for a person to find it again."""
    quote: str = ""
    """The words or value seen, at most 240 characters, e-mail addresses and long numbers masked."""
    wording: Wording = Wording.NONE
    locale: str = ""
    picture: str | None = None
    """Name of the picture that shows it."""
    source: str = ""
    """Where the words are documented."""
    box: tuple[int, int, int, int] | None = None
    """Left, top, width and height in that picture of what was read; None where nothing of it is drawn."""
    locator: str = ""
    """Where on the page it was found, for a person to find it again: role and name, or the field of the page's data."""

    def told_by(self, look: Look) -> Self:
        """The same as a person's look tells it."""
        return replace(self, wording=Wording.CONFIRMED, locale=look.locale, source=look.source)
