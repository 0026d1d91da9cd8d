"""What takes its time: checking accounts, a person's sign-in, reports, letters; each calls what a command calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from starlette.responses import Response

from automation.app import check as checks
from automation.app.accounts import key_trouble, make_key
from automation.app.cases import complaint_of
from automation.app.live_looks import seen_live
from automation.app.login import Wish, keep_session, news_line
from automation.app.report import ReportSubject, open_runs, subject_of, write_pdf
from automation.app.setup import data_folder, is_demo, known_flows, vault_of
from automation.browser.finder import FoundBrowser
from automation.cli.get_browser import Ended, Offer, get_browser, working
from automation.cli.options import words as words_of
from automation.cli.settings import load_settings
from automation.config import Settings
from automation.core.accounts import Account
from automation.core.errors import ConfigurationError
from automation.core.flows import FlowGuide
from automation.reports.as_html import pieces
from automation.reports.pictures import Source
from automation.session.means import News, TellOf
from automation.session.newcomer import Newcomer
from automation.session.signing_browser import require_window
from automation.storage.books import CASES, CaseBook
from automation.storage.files import write_whole
from automation.text.language import Language, language
from automation.web.desk import Desk
from automation.web.jobs import Job, Press
from automation.web.view import Form, View

_LIMIT_S = 600.0


def require_real(settings: Settings, words: Language) -> None:
    """
    Let nobody sign in, check or file in the demo's window, whose stand-ins are gone.

    Raises:
        ConfigurationError: the evidence is a demo's.
    """
    if is_demo(settings.output):
        raise ConfigurationError(
            words.gettext("These accounts are made up, and their service is gone."),
            words.gettext("`temoin demo` plays them anew; here you can look at what it left, and answer it."),
        )


def check(desk: Desk, names: Sequence[str], lang: str, job: Job) -> Any:
    """
    Check accounts and write their reports.

    Raises:
        TemoinError: nothing could be checked at all.
    """
    settings = load_settings(desk.config, tuple(names))
    said = words_of(lang, settings)
    return checks.check(checks.plan_of(settings, said), settings, said, job.run_async, job.tell).document


def picture(desk: Desk, since: datetime) -> bytes:
    """The newest picture that a check has taken since then, masked like all evidence; empty where there is none."""
    root = desk.settings().output
    try:
        runs = [run for run in root.iterdir() if run.is_dir() and run.stat().st_mtime >= since.timestamp()]
        found = [(path.stat().st_mtime, path) for run in runs for path in run.glob("*/data/**/*.png")]
        return max(found)[1].read_bytes() if found else b""
    except OSError:  # the folder gets its name at this moment, or is not there yet
        return b""


def sign_in_newcomer(desk: Desk, wish: Wish, words: Language, job: Job) -> Newcomer:
    """
    Open the window of a service for an account that is not configured yet.

    Raises:
        TemoinError: nobody was signed in.
    """
    settings = load_settings(desk.file, for_signing_in=False)
    require_window(settings.browser, desk.around.computer())
    vault_of(settings).recipient()  # a keyring that does not work is told before somebody signs in, not after
    flow = desk.flows(settings)[wish.flow]

    def tell(news: News) -> None:
        job.say(news_line(news, wish.owner, flow.site.name, words))

    found: Newcomer = job.run_async(lambda _stop: desk.around.signs_in(flow, settings, wish, words, tell, _LIMIT_S))
    return found


def sign_in(desk: Desk, name: str, words: Language, job: Job) -> None:
    """
    Open the window for an account of the configuration, and keep the session.

    Raises:
        TemoinError: nobody was signed in, or it was somebody else.
    """
    settings = load_settings(desk.file, (name,), for_signing_in=False)
    keep_session(settings, words, _LIMIT_S, say=job.say, run=lambda work: job.run_async(lambda _stop: work))


def telling(words: Language, job: Job) -> TellOf:
    """Says what a person at the service's window is waited for."""
    return lambda name, service, news: job.say(news_line(news, name, service, words))


class PageViewer(Press):
    """One person before the page, who goes through the pages of an account."""

    def __init__(self, account: Account, job: Job) -> None:
        super().__init__(job)
        self.account = account

    async def sees(self) -> None:
        """Wait until they press "this is what I see"."""
        await self.asked(self.account.name)


class WindowShell(Press):
    """Installs for one person before the page, who sees each offer and says yes to it; `back` is where they were."""

    def __init__(self, desk: Desk, words: Language, job: Job, back: str) -> None:
        super().__init__(job)
        self.words, self.back, self._desk = words, back, desk

    def agrees(self, offer: Offer) -> bool:
        """Show it, and wait for the yes; who does not want it cancels the job."""
        self._job.run_async(lambda _stop: self.asked(offer))
        return True

    def run(self, command: Sequence[str], doing: str = "", steps: int = 0) -> Ended:
        """Run a command to its end."""
        del steps
        if doing:
            self._job.say(f"{doing} …")
        return self._desk.around.runs(command, self.words)

    def say(self, text: str) -> None:
        """Tell them something."""
        self._job.say(text)


def install_browser(desk: Desk, shell: WindowShell) -> FoundBrowser:
    """
    Install a browser that can show windows, where there is none.

    Raises:
        BrowserNotFound: nothing helped.
    """
    settings = replace(desk.settings().browser, headless=False)
    return get_browser(settings, desk.around.computer(), shell, check=partial(working, start=desk.around.starts))


def look_live(desk: Desk, person: PageViewer, words: Language, job: Job) -> Path:
    """
    Show a person the pages of an account, and seal what they name; its evidence.

    Raises:
        TemoinError: no window could be opened, or nothing was kept.
    """
    settings = load_settings(desk.config, (person.account.name,))
    return seen_live(settings, person, telling(words, job), words, job.run_async)


def asked_for_key(view: View, form: Form, names: Iterable[str] = ()) -> Response | None:
    """
    Ask where the key of the saved sessions is to be kept, on a machine without a keyring.

    The same form is sent again with the answer. None where there is a key, or one was just made.

    Args:
        view: the request.
        form: what was sent.
        names: of its fields, to be sent again.
    """
    config = view.desk.config
    require_real(view.desk.settings(), view.words)
    if form["make_key"]:
        make_key(config)
        return None
    if key_trouble(view.desk.settings()) is None:
        return None
    shown = {
        "action": view.path,
        "fields": [(name, value) for name in names for value in form.all(name)],
        "has_sessions": any((data_folder() / "sessions").glob("*.age")),
    }
    return view.page("keyless.j2", shown)


# -- what is written from evidence


def pdf(desk: Desk, names: Sequence[str], lang: str) -> Path:
    """Write the report as a PDF; its path."""
    settings = desk.settings()
    subject, guides = _subject(settings, names, language(lang))
    return Path(write_pdf(subject, guides, lang, None, settings))


def report(desk: Desk, names: Sequence[str], words: Language, root: str) -> tuple[str, ...]:
    """
    The report of these accounts, or of all, as a page; evidence lies below `root`, as seen from it.

    Raises:
        ConfigurationError: there are no results.
    """
    settings = desk.settings()
    subject, guides = _subject(settings, names, words)
    below = subject.root.absolute().relative_to(settings.output.absolute()).as_posix()
    source = Source(f"{root}/{below}" if below != "." else root)
    return tuple(
        pieces(subject.document, guides, words.code, source, other_languages={}, background=subject.background)
    )


def _subject(settings: Settings, names: Sequence[str], words: Language) -> tuple[ReportSubject, dict[str, FlowGuide]]:
    guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
    wanted = set(names) or {account.name for account in settings.accounts}
    return subject_of(open_runs((), settings, None), wanted, settings, None, words, in_full=False), guides


def complaint(desk: Desk, account: str, to: str) -> Path:
    """
    Write the complaint about an account's objection as a PDF, in the authority's language; its path.

    Raises:
        ConfigurationError: there is nothing to complain about.
    """
    settings = desk.settings()
    letter = complaint_of(CaseBook(settings.output).cases(), account, to, settings, None, datetime.now(UTC))
    file: Path = settings.output / CASES / f"complaint-{account}-{to}.pdf"
    write_whole(file, desk.around.prints(letter, settings))
    return file
