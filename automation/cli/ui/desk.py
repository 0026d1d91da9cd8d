"""
The one layer between the page and the commands: each act of the page is one method, and calls what a command calls.

Nothing here knows of requests or HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automation.cli.ui.archive import Archive

if TYPE_CHECKING:
    from automation.cli.session.newcomer import Wish
    from automation.cli.ui.jobs import Job
    from automation.config import Settings
    from automation.session import News
    from automation.session.newcomer import Newcomer
    from automation.text.language import Language

_LIMIT_S = 600.0


class Desk(Archive):
    """
    What can be done with one configuration.

    Args:
        config: the `temoin.toml`; it need not exist yet.
    """

    # -- checking, as `temoin check` -------------------------------------------------------------------------

    def check(self, names: Sequence[str], lang: str, job: Job) -> Any:
        """
        Check accounts and write their reports.

        Raises:
            TemoinError: nothing could be checked at all.
        """
        from automation.check import runner
        from automation.cli.check.command import remembered
        from automation.cli.shared.common import load_settings, words, write_reports
        from automation.cli.shared.plans import plan_of
        from automation.reports.result_spool import ResultSpool

        settings = load_settings(self.config, tuple(names))
        plan, spool = plan_of(settings, settings.browser), ResultSpool(len(settings.accounts))
        document = job.run_async(lambda stop: runner.run(plan, job.tell, stop, keep=spool.keep))
        background = remembered(document, settings, settings.output, words(lang, settings), spool)
        write_reports(document, {flow.id: flow.guide for flow in plan.flows.values()}, lang, background)
        return document

    def picture(self, since: datetime) -> bytes:
        """The newest picture that a check has taken since then, masked like all evidence; empty where there is none."""
        root = self.settings().output
        try:
            runs = [run for run in root.iterdir() if run.is_dir() and run.stat().st_mtime >= since.timestamp()]
            found = [(path.stat().st_mtime, path) for run in runs for path in run.glob("*/data/**/*.png")]
            return max(found)[1].read_bytes() if found else b""
        except OSError:  # the folder gets its name at this moment, or is not there yet
            return b""

    # -- signing in, as `temoin login` -----------------------------------------------------------------------

    def sign_in_newcomer(self, wish: Wish, words: Language, job: Job) -> Newcomer:
        """
        Open the window of a service for an account that is not configured yet.

        Raises:
            TemoinError: nobody was signed in.
        """
        from automation.browser.environment.machine import ThisMachine
        from automation.cli.session import newcomer
        from automation.cli.shared.common import load_settings, vault_of
        from automation.cli.shared.waiting import said
        from automation.session import require_screen

        require_screen(ThisMachine())
        settings = load_settings(self._file, for_signing_in=False)
        vault_of(settings).recipient()  # a keyring that does not work is told before somebody signs in, not after
        flow = self.flows(settings)[wish.flow]

        def tell(news: News) -> None:
            job.say(said(news, wish.owner, flow.site.name, words))

        found: Newcomer = job.run_async(lambda _stop: newcomer.signed_in(flow, settings, wish, words, tell, _LIMIT_S))
        return found

    def key_trouble(self) -> str:
        """Why no session could be kept on this machine, where a private file would help; empty where one can be."""
        from automation.cli.session.newcomer import key_trouble

        trouble = key_trouble(self.settings())
        return trouble.message if trouble else ""

    def make_key(self) -> None:
        """Keep the key of the sessions in a file that only this user may read."""
        from automation.cli.session.newcomer import make_key

        make_key(self.config)

    def sign_in(self, name: str, words: Language, job: Job) -> None:
        """
        Open the window for an account of the configuration, and keep the session.

        Raises:
            TemoinError: nobody was signed in, or it was somebody else.
        """
        from automation.cli.session.login import keep_session
        from automation.cli.shared.common import load_settings

        settings = load_settings(self._file, (name,), for_signing_in=False)
        keep_session(settings, words, _LIMIT_S, say=job.say, run=lambda work: job.run_async(lambda _stop: work))

    def keep(self, wish: Wish, newcomer: Newcomer) -> str:
        """Keep what the person confirmed; the account's name in the configuration."""
        from automation.cli.session.newcomer import kept

        return kept(wish, newcomer, self.config)

    # -- the file ----------------------------------------------------------------------------------------------

    def change_account(self, name: str, values: Mapping[str, Any], seen: str) -> None:
        """Change what a person said of an account."""
        from automation.cli.shared.editing import editing

        with editing(self.config, seen=seen) as draft:
            draft.change("accounts", "name", name, values)

    def remove_account(self, name: str, seen: str) -> None:
        """Take an account out of the file and forget its session; its evidence stays."""
        from automation.cli.shared.common import cooldown, load_environment, vault_of
        from automation.cli.shared.editing import editing

        with editing(self.config, seen=seen) as draft:
            draft.remove("accounts", "name", name)
        vault_of(load_environment()).forget(name)
        cooldown().succeeded(name)

    def set_language(self, code: str | None, seen: str) -> None:
        """The language of reports and messages, for the command line as well."""
        from automation.cli.shared.editing import editing

        with editing(self.config, seen=seen) as draft:
            draft.set_at_top("lang", code)

    # -- evidence, as `temoin verify`, `report`, `answer` --------------------------------------------------------

    def verify(self, bundle: Path, words: Language) -> tuple[bool, tuple[str, ...]]:
        """Whether a bundle is what it says it is, and each step of finding out."""
        from automation.cli.evidence.verify import verified_lines

        return verified_lines(bundle, words)

    def answer(self, account: str, verdict: str, seen: str, until: str) -> None:
        """
        Write down what a person saw.

        Raises:
            ConfigurationError: it is no answer, or says nothing.
        """
        from automation.cli.history.answer import recorded
        from automation.storage.statements import AnswerBook

        recorded(AnswerBook(self.settings(account).output), account, verdict, seen, until)

    def pdf(self, names: Sequence[str], lang: str) -> Path:
        """Write the report as a PDF; its path."""
        from automation.cli.report.command import write_pdf
        from automation.cli.shared.known_flows import known_flows
        from automation.cli.shared.stored_runs import open_runs, subject_of

        settings = self.settings()
        guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
        wanted = set(names) or {account.name for account in settings.accounts}
        subject = subject_of(open_runs((), settings, None), wanted, settings, None, in_full=False)
        return Path(write_pdf(subject, guides, lang, None, settings))

    def report(self, names: Sequence[str], words: Language, root: str) -> tuple[str, ...]:
        """
        The report of these accounts, or of all, as a page; evidence lies below `root`, as seen from it.

        Raises:
            ConfigurationError: there are no results.
        """
        from automation.cli.shared.known_flows import known_flows
        from automation.cli.shared.stored_runs import open_runs, subject_of
        from automation.reports.as_html import pieces
        from automation.reports.pictures import Source

        settings = self.settings()
        guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
        wanted = set(names) or {account.name for account in settings.accounts}
        subject = subject_of(open_runs((), settings, None), wanted, settings, None, in_full=False)
        below = subject.root.absolute().relative_to(settings.output.absolute()).as_posix()
        source = Source(f"{root}/{below}" if below != "." else root)
        return tuple(
            pieces(subject.document, guides, words.code, source, other_languages={}, background=subject.background)
        )

    # -- the mailbox, as `temoin inbox` ----------------------------------------------------------------------------

    def mail(self, words: Language) -> tuple[str, ...]:
        """
        Look for the services' answers in the mailbox, changing nothing in it; what was found, line by line.

        Raises:
            TemoinError: no mailbox is configured, or it cannot be read.
        """
        from automation.cli.inbox.command import looked
        from automation.cli.shared.common import load_settings

        return looked(load_settings(self._file), words)

    def set_mailbox(self, host: str, username: str, password: str, seen: str) -> None:
        """Say where the mailbox is: its server in the file, name and password in the `.env` beside it."""
        from automation.cli.shared.editing import editing, set_variables

        with editing(self.config, seen=seen) as draft:
            draft.set_in("mailbox", {"host": host})
        secrets = {"TEMOIN_MAILBOX__USERNAME": username, "TEMOIN_MAILBOX__PASSWORD": password}
        set_variables(self.config.with_name(".env"), {name: value for name, value in secrets.items() if value})

    # -- keys, as `temoin keys` --------------------------------------------------------------------------------------

    def keys(self, settings: Settings, words: Language) -> tuple[tuple[str, str], ...]:
        """What keys there are and where each is kept; never a key."""
        from automation.cli.shared.common import data_folder
        from automation.cli.shared.sealing import keys_of
        from automation.errors import TemoinError
        from automation.session.vault import open_key

        _, folder = words.gettext, data_folder()
        try:
            vault = open_key(settings.vault_key)
            kept = vault.is_made()
            where = "TEMOIN_VAULT_KEY" if settings.vault_key else _("the system's keyring")
            sessions = where if kept else _("will be made in %(where)s", where=where)
        except TemoinError as error:
            sessions = error.message
        try:
            signing = keys_of(settings).in_use()
        except TemoinError as error:
            signing = error.message
        own = folder / "identity.key"
        identity = "TEMOIN_IDENTITY_KEY" if settings.identity_key else str(own) if own.exists() else ""
        none_yet = _("none yet: the first check makes it")
        return (
            (_("Signs the evidence"), f"{signing[:16]}…" if signing and len(signing) > 40 else signing or none_yet),
            (_("Seals the saved sessions"), sessions),
            (_("Stands for accounts in the evidence"), identity or none_yet),
        )

    def backup(self, passphrase: str) -> bytes:
        """
        Every key of this machine, sealed with a passphrase.

        Raises:
            ConfigurationError: the passphrase is too short, or there is no key.
        """
        from automation.cli.evidence.keys_backup import sealed_keys

        return sealed_keys(self.settings(), passphrase)
