"""What opens a browser: checking accounts, and the window in which a person signs in; as `temoin check` and `login`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.cli.session.newcomer import Wish
    from automation.session import News
    from automation.session.newcomer import Newcomer
    from automation.text.language import Language
    from automation.web.desk import Desk
    from automation.web.jobs import Job

_LIMIT_S = 600.0


def check(desk: Desk, names: Sequence[str], lang: str, job: Job) -> Any:
    """
    Check accounts and write their reports.

    Raises:
        TemoinError: nothing could be checked at all.
    """
    from automation.cli.check.command import remembered
    from automation.cli.shared.common import load_settings, words, write_reports
    from automation.cli.shared.plans import plan_of
    from automation.cli.shared.sealing import seal_documents
    from automation.reports.result_spool import ResultSpool
    from automation.visit import runner

    settings = load_settings(desk.config, tuple(names))
    plan, spool = plan_of(settings, settings.browser), ResultSpool(len(settings.accounts))
    document = job.run_async(lambda stop: runner.run(plan, job.tell, stop, keep=spool.keep))
    background = remembered(document, settings, settings.output, words(lang, settings), spool)
    write_reports(document, {flow.id: flow.guide for flow in plan.flows.values()}, lang, background)
    seal_documents(document, plan.sealer)
    return document


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
    from automation.browser.environment.machine import ThisMachine
    from automation.cli.shared.common import load_settings
    from automation.cli.shared.places import vault_of
    from automation.cli.shared.waiting import said
    from automation.session import require_screen

    require_screen(ThisMachine())
    settings = load_settings(desk.file, for_signing_in=False)
    vault_of(settings).recipient()  # a keyring that does not work is told before somebody signs in, not after
    flow = desk.flows(settings)[wish.flow]

    def tell(news: News) -> None:
        job.say(said(news, wish.owner, flow.site.name, words))

    found: Newcomer = job.run_async(lambda _stop: desk.around.signs_in(flow, settings, wish, words, tell, _LIMIT_S))
    return found


def key_trouble(desk: Desk) -> str:
    """Why no session could be kept on this machine, where a private file would help; empty where one can be."""
    from automation.cli.session.newcomer import key_trouble

    trouble = key_trouble(desk.settings())
    return trouble.message if trouble else ""


def has_sessions() -> bool:
    """Whether sessions are stored on this machine."""
    from automation.cli.shared.places import data_folder

    return any((data_folder() / "sessions").glob("*.age"))


def make_key(desk: Desk) -> None:
    """Keep the key of the sessions in a file that only this user may read."""
    from automation.cli.session.newcomer import make_key

    make_key(desk.config)


def sign_in(desk: Desk, name: str, words: Language, job: Job) -> None:
    """
    Open the window for an account of the configuration, and keep the session.

    Raises:
        TemoinError: nobody was signed in, or it was somebody else.
    """
    from automation.cli.session.login import keep_session
    from automation.cli.shared.common import load_settings

    settings = load_settings(desk.file, (name,), for_signing_in=False)
    keep_session(settings, words, _LIMIT_S, say=job.say, run=lambda work: job.run_async(lambda _stop: work))


def keep(desk: Desk, wish: Wish, newcomer: Newcomer) -> str:
    """Keep what the person confirmed; the account's name in the configuration."""
    from automation.cli.session.newcomer import kept

    return kept(wish, newcomer, desk.config)
