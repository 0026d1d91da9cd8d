"""One person's filing as it goes on record: the case is written before anything can leave."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from automation.guard.submission import Known
from automation.text.catalogue import N_
from automation.visit.attended.desk import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from automation.core.accounts import Account
    from automation.core.filings import Filing
    from automation.core.records import BundleRef
    from automation.storage.cases import CaseBook
    from automation.text.language import Language
    from automation.visit.attended.desk import Consent
    from automation.visit.attended.review import Departing, Review

TOLD: Mapping[Told, str] = {
    Told.GOING: N_("Going to the form. Nothing can be sent on the way."),
    Told.CHANGED: N_("The form holds something else than what was shown. Nothing was sent. Once more:"),
    Told.SWITCH: N_("The setting stands as before. Switch it in the window; nothing can be sent yet."),
    Told.NOT_SWITCHED: N_("Nothing was released: the setting has to be switched, and nothing else changed. Once more:"),
    Told.NO_BUTTON: N_(
        "Nothing was released: the page does not show the one button that saves the setting. Once more:"
    ),
    Told.PRESS_LATER: N_("The setting stands as before. Its own press saves it: press it once you have agreed."),
    Told.PRESSED_EARLY: N_("Nothing was released: it was pressed too early, and nothing was saved. Once more:"),
    Told.RELEASED: N_(
        "Now press the outlined button in the window, within ten minutes. One request with exactly these fields may "
        "leave, once; everything else stays refused. Close the window to send nothing."
    ),
    Told.SENT: N_("Sent. Nothing more can leave. Waiting for what the page says."),
    Told.UNANSWERED: N_(
        "No answer came back, or an error: nobody here knows whether the service has it. Look into your mail and the "
        "service's notifications before you file again."
    ),
    Told.CODE: N_(
        "The service wants the code that it has mailed. Type it into the form in the window; `temoin inbox` may show "
        "the message."
    ),
    Told.READING: N_("Reading the account again, with everything closed."),
}


KNOWN: Mapping[Known, str] = {
    Known.REVIEWED: N_("as you reviewed it"),
    Known.RENAMED: N_("a text that you reviewed, under a name that you did not see"),
    Known.UNSEEN: N_("stood in the form where nobody sees it"),
    Known.DECLARED: N_("as the setting's own file says"),
    Known.FORM: N_("the form's own number"),
    Known.OPERATION: N_("what the service is to do"),
    Known.ACCOUNT: N_("the account that is signed in"),
    Known.CARRIED: N_("a mark or counter of the page"),
}


class RecordingDesk(ABC):
    """
    One person who is asked (`visit.attended.desk.Desk`), with the case of one account as their filing writes it.

    Args:
        account: that it is about.
        by: who sits there.
        book: where the case is kept.
    """

    def __init__(self, account: Account, by: str, book: CaseBook) -> None:
        self.account, self._by, self._book = account, by, book
        self._case = ""
        self.sent_at: datetime | None = None
        """When the first request left; None: nothing did."""

    @property
    def by(self) -> str:
        """Who sits there."""
        return self._by

    @abstractmethod
    def tell(self, what: Told) -> None:
        """Say what happens."""

    @abstractmethod
    async def consent(self, review: Review) -> Consent:
        """Show what would be sent, and wait for what they say to it."""

    @abstractmethod
    async def let_on(self, departing: Departing) -> bool:
        """Show the request that is held; whether they let it on."""

    @abstractmethod
    def refused(self, reason: str) -> None:
        """Say that the guard refused what the page sent."""

    def released(self, form_id: str) -> None:
        """Keep that they agreed."""
        if not self._case:
            self._case = self._book.begin(self.account.name, self.account.flow, form_id, by=self._by)

    def leaving(self, at: datetime) -> None:
        """Keep that the request is about to leave."""
        if self.sent_at is None:
            self._book.leaving(self._case, at)
            self.sent_at = at

    def filed(self, filing: Filing) -> None:
        """Keep what the page said."""
        if filing.reference or filing.promise:
            self._book.details(self._case, filing)

    def sealed(self, bundle: BundleRef) -> None:
        """Keep which bundle shows it."""
        self._book.sealed(self._case, bundle)


def wanting_lines(review: Review, words: Language) -> Iterator[str]:
    """What is still to be done in the window before the form can be sent."""
    _, setting = words.gettext, review.setting
    if setting is None:
        for label in review.wanting:
            yield _("The form wants this, and it is empty: %(label)s. Fill it in in the window.", label=label)
        return
    if setting.saved_by_press:
        if setting.protects:
            yield _("It was pressed before you agreed, and nothing was saved. Reload the page in the window.")
        return
    if not setting.protects:
        yield _("The setting stands as before: %(label)s. Switch it in the window.", label=setting.label)
    elif not setting.has_button:
        yield _(
            "It is switched in the window, but no button that saves it is shown, or more than one. Wait, or reload the "
            "page and switch it again."
        )
    for label in setting.changed:
        yield _("This was changed, and only the setting may be: %(label)s. Put it back in the window.", label=label)


def departing_lines(departing: Departing, words: Language) -> Iterator[tuple[str, str, bool]]:
    """What a held request says: what it is, its text, and whether the person has not seen it so before."""
    _ = words.gettext
    yield _("goes to"), departing.place, False
    yield _("sent by"), departing.frame, False
    if departing.operation:
        yield _("operation"), " ".join((departing.operation, *departing.numbers)), False
    yield _("account"), departing.account or _("(not named)"), not departing.account
    for part in departing.parts:
        yield f"{part.name} ({_(KNOWN[part.known])})", part.text or _("(empty)"), part.known.is_new


def open_case_line(book: CaseBook, account: Account, words: Language) -> str:
    """That an objection of this account waits for an answer already; empty where none does."""
    from automation.core.cases import newest

    case = newest(book.cases(), account.name)
    if case is None or case.filed_at is None or not case.state.is_open:
        return ""
    return words.gettext(
        "%(account)s: an objection was filed on %(day)s, and an answer is waited for. Filing again begins a "
        "second case.",
        account=account.name,
        day=words.full_date(case.filed_at.date()),
    )


def sent_line(record: RecordingDesk, words: Language) -> str:
    """Whether something left this machine, and when."""
    at = record.sent_at
    if at is None:
        return words.gettext("%(account)s: nothing was sent.", account=record.account.name)
    return words.gettext(
        "%(account)s: the objection was sent on %(day)s at %(time)s (UTC). `temoin cases` follows it.",
        account=record.account.name,
        day=words.full_date(at.date()),
        time=f"{at:%H:%M:%S}",
    )
