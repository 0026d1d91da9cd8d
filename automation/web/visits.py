"""What opens a browser: checking accounts, and the window in which a person signs in; as `temoin check` and `login`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.app.login import Wish
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
    from automation.app import check as checks
    from automation.cli.options import words
    from automation.cli.settings import load_settings

    settings = load_settings(desk.config, tuple(names))
    said = words(lang, settings)
    plan = checks.plan_of(settings, said)
    return checks.check(plan, settings, said, job.run_async, job.tell).document


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
    from automation.app.login import news_line
    from automation.app.setup import vault_of
    from automation.browser.environment.machine import ThisMachine
    from automation.cli.settings import load_settings
    from automation.session import require_screen

    require_screen(ThisMachine())
    settings = load_settings(desk.file, for_signing_in=False)
    vault_of(settings).recipient()  # a keyring that does not work is told before somebody signs in, not after
    flow = desk.flows(settings)[wish.flow]

    def tell(news: News) -> None:
        job.say(news_line(news, wish.owner, flow.site.name, words))

    found: Newcomer = job.run_async(lambda _stop: desk.around.signs_in(flow, settings, wish, words, tell, _LIMIT_S))
    return found


def key_trouble(desk: Desk) -> str:
    """Why no session could be kept on this machine, where a private file would help; empty where one can be."""
    from automation.app.accounts import key_trouble

    trouble = key_trouble(desk.settings())
    return trouble.message if trouble else ""


def has_sessions() -> bool:
    """Whether sessions are stored on this machine."""
    from automation.app.setup import data_folder

    return any((data_folder() / "sessions").glob("*.age"))


def make_key(desk: Desk) -> None:
    """Keep the key of the sessions in a file that only this user may read."""
    from automation.app.accounts import make_key

    make_key(desk.config)


def sign_in(desk: Desk, name: str, words: Language, job: Job) -> None:
    """
    Open the window for an account of the configuration, and keep the session.

    Raises:
        TemoinError: nobody was signed in, or it was somebody else.
    """
    from automation.app.login import keep_session
    from automation.cli.settings import load_settings

    settings = load_settings(desk.file, (name,), for_signing_in=False)
    keep_session(settings, words, _LIMIT_S, say=job.say, run=lambda work: job.run_async(lambda _stop: work))


def keep(desk: Desk, wish: Wish, newcomer: Newcomer) -> str:
    """Keep what the person confirmed; the account's name in the configuration."""
    from automation.app.accounts import kept

    return kept(wish, newcomer, desk.config)
