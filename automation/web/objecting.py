"""
Objecting from the page: what is about to happen, the person's consent to what the form holds, and the result.

The only module of the page that reaches `visit.attended`: each start needs a post from a page of ours, and each
request a tick beside the person's own name and their press in the service's window. A setting is only read: the
person changes it in their own browser.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from automation.app.cases import open_case_line
from automation.app.filing import (
    TOLD,
    Consent,
    Departing,
    Readings,
    RecordingDesk,
    Review,
    Told,
    departing_lines,
    filed,
    guide,
    plan_at_desk,
    reason_in,
    require_person,
    wanting_lines,
)
from automation.app.setup import keep_name, kept_name
from automation.cli.settings import load_settings
from automation.core.accounts import Account
from automation.core.errors import ConfigurationError
from automation.core.verdicts import Verdict
from automation.flow import Flow
from automation.flow.control_table import ControlTable
from automation.flow.manifest import filing_table
from automation.reports.advice import Advice
from automation.reports.names import RULES
from automation.session.signing_browser import require_window
from automation.storage.books import CaseBook
from automation.text.language import Language
from automation.web.desk import Desk
from automation.web.jobs import Job, JobKind, Press
from automation.web.pages import account_of
from automation.web.view import Form, View
from automation.web.work import require_real, telling


class PageSwitcher(Press):
    """
    One person before the page, for one account.

    Args:
        account: that it is about.
        service: as a person writes it.
        job: that shows what happens.
    """

    def __init__(self, account: Account, service: str, job: Job) -> None:
        super().__init__(job)
        self.account, self.service = account, service

    def say(self, text: str) -> None:
        """Tell them something."""
        self._job.say(text)

    def is_done(self, advice: Advice) -> bool:
        """Show them the way, and wait until they say so; who does not want to cancels the job."""
        self._job.run_async(lambda _stop: self.asked(advice))
        return True


@dataclass(frozen=True, slots=True)
class Question:
    """A form as it stands, shown to the person once; an answer to another one is none to this."""

    id: str
    heading: str
    fields: tuple[tuple[str, str, bool], ...] = field(repr=False)
    """Label, content and whether it is new to the person; for their own page, and for no record."""
    wanting: tuple[str, ...]
    """What is still to be done in the window, each as a sentence."""
    is_held: bool = False
    """Whether it is the request itself, made by their press, that waits for a second yes."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of it."""

    verdict: Verdict
    is_filed: bool
    reference: str
    promise: str


class PageDesk(RecordingDesk):
    """
    One person before the page, for one account. The job's thread asks; a window's request answers.

    Args:
        account: that it is about.
        by: who they are.
        book: where the case is kept.
        words: of their language.
        job: that shows what happens.
    """

    def __init__(self, account: Account, by: str, book: CaseBook, words: Language, job: Job) -> None:
        super().__init__(account, by, book)
        self._words, self._job = words, job
        self._lock = threading.Lock()
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Future[Consent]] | None = None
        self.question: Question | None = None
        """What is asked now."""

    @property
    def sent_line(self) -> str:
        """Whether something left this machine, and when."""
        if self.sent_at is None:
            return self._words.gettext("Nothing was sent.")
        return self._words.gettext(
            "The objection was sent on %(day)s at %(time)s (UTC).",
            day=self._words.full_date(self.sent_at.date()),
            time=f"{self.sent_at:%H:%M:%S}",
        )

    def tell(self, what: Told) -> None:
        """Say what happens."""
        self._job.say(self._words.gettext(TOLD[what]))

    def refused(self, reason: str) -> None:
        """Say that the guard refused what the page sent."""
        what = self._words.gettext(RULES.get(reason, reason))
        self._job.say(self._words.gettext("Refused, and not sent: %(what)s.", what=what))

    async def consent(self, review: Review) -> Consent:
        """Show what would be sent, and wait for what they say to it."""
        fields = tuple((one.label, one.shown, False) for one in review.fields)
        return await self._asked(review.heading or review.button, fields, tuple(wanting_lines(review, self._words)))

    async def let_on(self, departing: Departing) -> bool:
        """Show the request that is held, and wait for the second yes."""
        heading = self._words.gettext("Your press made this request. It is held here, and nothing has left. It says:")
        said = await self._asked(heading, tuple(departing_lines(departing, self._words)), (), is_held=True)
        return said is Consent.GIVEN

    async def _asked(
        self,
        heading: str,
        fields: tuple[tuple[str, str, bool], ...],
        wanting: tuple[str, ...],
        *,
        is_held: bool = False,
    ) -> Consent:
        answered: asyncio.Future[Consent] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting = asyncio.get_running_loop(), answered
            self.question = Question(secrets.token_urlsafe(9), heading, fields, wanting, is_held)
        self._job.changed()
        try:
            return await answered
        finally:
            with self._lock:
                self._waiting = self.question = None
            self._job.changed()

    def answer(self, question: str, *, agrees: bool, end: bool) -> None:
        """
        Take what the person says; what was said to another question than the one that is asked now counts for nothing.

        Args:
            question: the id of the one that they saw.
            agrees: they agree, under their name.
            end: they do not want to send anything.
        """
        with self._lock:
            if self._waiting is None or self.question is None or self.question.id != question:
                return
            (loop, answered), self._waiting, self.question = self._waiting, None, None
        said = Consent.REFUSED if end else Consent.GIVEN if agrees else Consent.AGAIN
        loop.call_soon_threadsafe(_answered, answered, said)


def _answered(waiting: asyncio.Future[Consent], said: Consent) -> None:
    if not waiting.done():  # the window may have been closed meanwhile
        waiting.set_result(said)


def ask(view: View) -> Response:
    """What is about to happen, and what will be filled in."""
    account, flow = _wanted(view)
    if filing_table(flow) is None:
        return view.page("switch.j2", {"account": account, "flow": flow})
    settings = view.desk.settings()
    saving = flow.rule.submit if isinstance(flow.rule, ControlTable) else None
    shown = {
        "account": account,
        "service": flow.guide.service,
        "is_setting": isinstance(flow.rule, ControlTable),
        "by_script": saving is not None and saving.by_script,
        "reason": reason_in(view.words.code, settings.reasons, flow.guide.reason_text),
        "region": account.region or "",
        "who": kept_name() or settings.evidence.operator or "",
        "owner": account.owner or "",
        "waiting": open_case_line(CaseBook(settings.output), account, view.words),
    }
    return view.page("object.j2", shown)


def begin(view: View, form: Form) -> Response:
    """Open the service's window and go to the form, or read the setting."""
    account, flow = _wanted(view)
    require_window(view.desk.settings().browser, view.desk.around.computer())
    if filing_table(flow) is None:
        job = Job(JobKind.SWITCH, (account.name,))
        switcher = job.about = PageSwitcher(account, flow.guide.service, job)
        job = view.jobs.start(job, lambda job: _switch(view.desk, switcher, view.words, job))
        return view.go(f"jobs/{job.id}")
    if form["again"] != "yes" and open_case_line(CaseBook(view.desk.settings().output), account, view.words):
        return ask(view)
    by = form["who"] or kept_name() or view.desk.settings().evidence.operator
    if not by:
        return ask(view)
    keep_name(by)
    job = Job(JobKind.OBJECT, (account.name,))
    desk = PageDesk(account, by, CaseBook(view.desk.settings().output), view.words, job)
    job.about = desk
    job = view.jobs.start(job, lambda job: _file(view.desk, desk, view.words, job))
    return view.go(f"jobs/{job.id}")


def consent(view: View, form: Form) -> Response:
    """Take what the person says to the form that they were shown."""
    job = view.jobs.get(view.request.path_params["job"])
    if job is None or not isinstance(job.about, PageDesk):
        raise ConfigurationError(view.words.gettext("This has ended, and its page with it."))
    what = form["what"]
    agrees = what == "send" and form["agreed"] == "yes"
    job.about.answer(form["question"], agrees=agrees, end=what == "end")
    return view.go(f"jobs/{job.id}")


def _wanted(view: View) -> tuple[Account, Flow]:
    """
    The account that an address names, and its flow.

    Raises:
        ConfigurationError: nobody can be asked here, or its flow cannot be used, which `temoin flow check` explains.
    """
    require_real(view.desk.settings(), view.words)
    require_person(at_terminal=False)
    account = account_of(view)
    flow = view.desk.flows(view.desk.settings()).get(account.flow)
    if flow is None:
        raise ConfigurationError(
            view.words.gettext("%(flow)s cannot be used.", flow=account.flow),
            view.words.gettext("`temoin flow check` says why."),
        )
    return account, flow


def _switch(desk: Desk, person: PageSwitcher, words: Language, job: Job) -> Readings:
    """
    Read the setting before and after, in the job's thread.

    Raises:
        TemoinError: it could not be done.
    """
    settings = load_settings(desk.config, (person.account.name,))
    plan = plan_at_desk(settings, telling(words, job), words)
    return guide(plan, person.account, settings, person, words, job.run_async)


def _file(desk: Desk, person: PageDesk, words: Language, job: Job) -> Filed:
    """
    File in the job's thread.

    Raises:
        TemoinError: it could not be done.
    """

    def run(work: Any) -> Any:
        return job.run_async(lambda _stop: work)

    settings = load_settings(desk.config, (person.account.name,))
    plan = plan_at_desk(settings, telling(words, job), words)
    (result,) = filed(plan, person.account, settings, person, words, run).document.results
    done = result.filing
    return Filed(result.verdict, done is not None, done.reference if done else "", done.promise if done else "")
