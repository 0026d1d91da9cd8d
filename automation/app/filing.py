"""
Objecting with a person: a form that they file, on record before anything can leave; a setting that they change.

The one way from the program to `visit.attended`; a command and a page of the window may import it, and nothing else. No
source says what the pages of settings send when they are switched, so those are read before and after, and no request
of theirs is let through.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from automation.app.check import CheckDone, Engine, check, keep, plan_of
from automation.config import Settings
from automation.core.accounts import Account
from automation.core.records import BundleRef
from automation.core.results import ExitCode, Filing, Outcome, Result, RunDocument
from automation.core.verdicts import Verdict
from automation.guard.submission import Known
from automation.reports.advice import Advice, advise, title_of
from automation.reports.names import VERDICT_NAMES
from automation.session.means import TellOf
from automation.storage.books import CaseBook
from automation.text.catalogue import N_
from automation.text.language import Language
from automation.visit.attended.desk import Consent, Departing, Review, Told, reason_in, require_person, with_window
from automation.visit.attended.filing import ObjectionAtDesk, file_objection
from automation.visit.runner import RunPlan

__all__ = [
    "KNOWN",
    "TOLD",
    "Consent",
    "Departing",
    "Readings",
    "RecordingDesk",
    "Review",
    "Switcher",
    "Told",
    "departing_lines",
    "filed",
    "guide",
    "plan_at_desk",
    "reason_in",
    "require_person",
    "sent_line",
    "wanting_lines",
]

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
        "The service wants the code that it has mailed. Type it into the form in the window; `temoin object mail` may "
        "show the message."
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
    """One person who is asked (`visit.attended.desk.Desk`), with the case of one account as their filing writes it."""

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


def sent_line(record: RecordingDesk, words: Language) -> str:
    """Whether something left this machine, and when."""
    at = record.sent_at
    if at is None:
        return words.gettext("%(account)s: nothing was sent.", account=record.account.name)
    return words.gettext(
        "%(account)s: the objection was sent on %(day)s at %(time)s (UTC). `temoin object list` follows it.",
        account=record.account.name,
        day=words.full_date(at.date()),
        time=f"{at:%H:%M:%S}",
    )


def plan_at_desk(settings: Settings, tell: TellOf, words: Language, output: Path | None = None) -> RunPlan:
    """What is to be done in a browser with a window; `tell` is told what the person there is waited for."""
    return plan_of(settings, words, with_window(settings.browser), output=output, attended=tell)


def filed(
    plan: RunPlan,
    account: Account,
    settings: Settings,
    desk: RecordingDesk,
    words: Language,
    run: Callable[[Coroutine[Any, Any, RunDocument]], RunDocument],
) -> CheckDone:
    """
    Let a person file, and keep cases, results, history and reports as after a check.

    Raises TemoinError: it could not be done; `desk.sent_at` says whether something was sent.
    """
    document = run(file_objection(plan, account, ObjectionAtDesk(desk, settings.reasons)))
    (result,) = document.results
    if result.filing is not None and result.bundle is not None:
        desk.sealed(result.bundle)
    return keep(document, None, plan, settings, words)


class Switcher(Protocol):
    """The person who changes the setting."""

    def say(self, text: str) -> None:
        """Tell them something."""

    def is_done(self, advice: Advice) -> bool:
        """Show them the way, and wait until they say that they have changed it; False where they do not want to."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the service showed before and after."""

    before: RunDocument
    after: RunDocument | None
    """None where it stood as wanted, or the person did not go on."""

    @property
    def exit_code(self) -> int:
        """Of the last reading; 3 where the person did not go on."""
        if self.after is not None:
            return self.after.run.exit_code
        as_wanted = self.before.results[0].verdict is Verdict.OBJECTED
        return self.before.run.exit_code if as_wanted else int(ExitCode.INCOMPLETE)


def guide(
    plan: RunPlan, account: Account, settings: Settings, person: Switcher, words: Language, run: Engine
) -> Readings:
    """
    Read the setting of one account, say how to change it, and read it again once the person says that they have.

    Both results are kept with their evidence, as those of any check.
    """
    _, guide = words.gettext, plan.flows[account.flow].guide
    person.say(f"{account.name}: {title_of(guide, account.flow, words)}")
    yours = N_(
        "You switch this yourself, in your own browser: no source says what its page sends, so nothing is let through."
    )
    person.say(_(yours))

    def read() -> Result:
        """Check the account, in a context in which nothing can be written, and keep what was read."""
        person.say(_("Reading the setting."))
        done = check(replace(plan, accounts=(account,)), settings, words, run)
        documents.append(done.document)
        bundle = done.document.results[0].bundle
        if bundle is not None:
            person.say(_("%(what)s: %(text)s", what=_("Evidence"), text=bundle.path))
        person.say(_("%(what)s: %(text)s", what=_("Report"), text=done.report))
        return done.document.results[0]

    documents: list[RunDocument] = []
    first = read()
    person.say(_("%(account)s: now: %(verdict)s", account=account.name, verdict=_(VERDICT_NAMES[first.verdict])))
    if first.verdict is Verdict.OBJECTED:
        return Readings(documents[0], None)
    # What to do, and where, to have the setting as one who objects wants it.
    wanted = replace(first, verdict=Verdict.NOT_OBJECTED, reason=None, challenge=None, next_step="not_objected")
    if not person.is_done(advise(wanted, guide, words)):
        person.say(_("%(account)s: not read again.", account=account.name))
        return Readings(documents[0], None)
    last = read()
    verdicts = {"before": _(VERDICT_NAMES[first.verdict]), "now": _(VERDICT_NAMES[last.verdict])}
    person.say(_("%(account)s: before: %(before)s, now: %(now)s", account=account.name, **verdicts))
    if last.outcome is Outcome.FINDING and last.verdict is first.verdict:
        person.say(_("The service shows it as before. Some save only with a button of their own, or after a while."))
    return Readings(*documents)
