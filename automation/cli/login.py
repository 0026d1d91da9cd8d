"""`temoin account add` and `login`: the questions of the page's "Add an account", which write the same file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer

import flows
from automation.app.accounts import add_from_csv, kept, key_file, key_trouble, make_key, name_seen, rename
from automation.app.interrupts import run_async
from automation.app.login import Wish, keep_session, news_line, signed_in
from automation.cli.options import AccountName, Config, Lang, say, words
from automation.cli.settings import load_settings, settings_and_words
from automation.cli.terminal import agrees, require_attendance, tell_error
from automation.config import Settings
from automation.core.accounts import AccountKind
from automation.core.errors import CheckError
from automation.flow import Flow
from automation.reports.advice import title_of
from automation.session.means import News
from automation.session.newcomer import Newcomer
from automation.text.catalogue import N_
from automation.text.language import Language, printable

SignInWindow = Callable[..., Coroutine[None, None, Newcomer]]
"""Lets somebody sign in, as `automation.cli.session.newcomer.signed_in`; the call may bring another (`ctx.obj`)."""
_MOST = 12
"""Services listed at once; more than these are searched anew."""
_KINDS = {
    "profile": N_("a person's own profile"),
    "page_admin": N_("somebody who writes for a Page"),
    "professional": N_("a professional account"),
}


def add(
    ctx: typer.Context,
    table: Annotated[
        Path | None, typer.Option("--csv", help="Take them from this table, whose first line names flow, identity, …")
    ] = None,
    config: Annotated[Path, typer.Option(help="The configuration file that is written.")] = Path("temoin.toml"),
    minutes: Annotated[float, typer.Option(min=0.1, max=120, help="How long to wait for each sign-in.")] = 10.0,
    lang: Lang = None,
) -> None:
    """
    Add accounts: choose each, sign in, and say that it is the one.

    No file has to be written and no number looked up. `temoin ui` asks the same in a window of your browser.
    """
    if table is not None:
        typer.echo("\n".join(add_from_csv(config, table)))
        return
    require_attendance("temoin account add")
    settings = _settings(config)
    said = words(lang, settings)
    window = ctx.obj or signed_in
    _ensure_vault_key(settings, config, said)
    while True:
        wish, flow = _wish(_settings(config), said)
        newcomer = _newcomer(window, wish, flow, _settings(config), 60 * minutes, said)
        if newcomer is not None:
            called = name_seen(newcomer) or _text(said.gettext("What shall we call it?"), [])
            name = kept(wish, newcomer, config, called)
            text = said.gettext(
                "%(account)s is in %(file)s; its session is stored, encrypted.", account=name, file=config
            )
            say(text)
        if not agrees(said.gettext("Another account?"), said):
            break
    beside = "" if config == Path("temoin.toml") else f" --config {config}"
    say(said.gettext("What comes next: %(command)s", command=f"temoin check{beside}"))


def _settings(config: Path) -> Settings:
    return load_settings(config if config.exists() else Path(os.devnull), for_signing_in=False)


def _ensure_vault_key(settings: Settings, config: Path, words: Language) -> None:
    """
    Make sure that a session can be kept before anybody signs in; where there is no keyring, a file of this user's.

    Raises VaultError: there is no place for the key, and the person wants none.
    """
    trouble = key_trouble(settings)
    if trouble is None:
        return
    say(f"! {words.said(trouble.message)}")
    question = words.gettext("Make a key and keep it in %(file)s, which only you may read?", file=key_file(config))
    if not agrees(question, words, default=True):
        raise trouble
    make_key(config)
    say(words.gettext("Kept. Do not hand this file on, nor commit it."))


def _wish(settings: Settings, words: Language) -> tuple[Wish, Flow]:
    _ = words.gettext
    flow = _service(settings, words)
    owners = list(dict.fromkeys(account.owner for account in settings.accounts))
    owner = _text(_("Whose account is it? (company or person, as the report is to name them)"), owners[-1:])
    kind = AccountKind(tuple(_KINDS)[_chosen(_("What is it used for?"), [_(text) for text in _KINDS.values()], words)])
    page = _text(_("Name of the Page"), []) if kind is AccountKind.PAGE_ADMIN else None
    protected = agrees(_("Is its content to be kept out of AI training?"), words, default=True)
    return Wish(flow.id, owner, kind, page, protected), flow


def _service(settings: Settings, words: Language) -> Flow:
    """The setting that the person finds by a part of its name."""
    known = list(flows.find(settings.flow_paths).flows.values())
    while True:
        sought = _text(words.gettext("Which service? (a part of its name)"), ["Facebook"]).casefold()
        found = [
            flow for flow in known if sought in f"{flow.site.name} {title_of(flow.guide, flow.id, words)}".casefold()
        ]
        if not found:
            say(words.gettext("No service of this name can be looked at yet."))
        elif len(found) > _MOST:
            say(words.gettext("Too many fit; write more of the name."))
        else:
            titles = [title_of(flow.guide, flow.id, words) for flow in found]
            return found[_chosen(words.gettext("Which one?"), titles, words) if len(found) > 1 else 0]


def _chosen(question: str, choices: list[str], words: Language) -> int:
    """The place of the choice in the list."""
    for number, text in enumerate(choices, 1):
        say(f"  {number}  {text}")
    while True:
        answer = typer.prompt(question, default="1", err=True).strip()
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        say(words.gettext("Give the number of a line."))


def _text(question: str, usual: list[str]) -> str:
    while True:
        answer: str = typer.prompt(
            question, default=usual[0] if usual else "", show_default=bool(usual), err=True
        ).strip()
        if answer:
            return answer


def _newcomer(
    window: SignInWindow, wish: Wish, flow: Flow, settings: Settings, limit_s: float, words: Language
) -> Newcomer | None:
    """The right one, asked as often as somebody signs in; None where nobody did, which was said."""

    def tell(news: News) -> None:
        say(news_line(news, wish.owner, flow.site.name, words))

    while True:
        try:
            newcomer = run_async(window(flow, settings, wish, words, tell, limit_s))
        except CheckError as error:
            tell_error(words.gettext("No session: %(text)s", text=words.said(error.message)), error, words)
            return None
        if newcomer.names and (name := printable(newcomer.names[0])):
            say(words.gettext("Signed in: %(name)s", name=name))
        say(words.gettext("The service calls this account %(identity)s.", identity=printable(newcomer.identity)))
        if agrees(words.gettext("Is this the account you mean?"), words, default=True):
            return newcomer


_INCOMPLETE, _FAULT = 3, 4


def login(
    ctx: typer.Context,
    account: AccountName,
    config: Config = None,
    minutes: Annotated[float, typer.Option(min=0.1, max=120, help="How long to wait for you.")] = 10.0,
    lang: Lang = None,
) -> None:
    """
    Sign in to an account yourself, in a window, and keep the session.

    Nothing is typed or pressed for you. The session is stored once the service names the right account.
    """
    if config is None and not Path("temoin.toml").exists():
        missing = words(lang, None).gettext(
            "There is no temoin.toml in this folder, so `temoin account add` begins one."
        )
        say(missing)
        add(ctx, minutes=minutes, lang=lang)
        return
    settings, told = settings_and_words(config, (account,), lang=lang)
    try:
        keep_session(settings, told, 60 * minutes, say=say, run=run_async)
    except CheckError as error:
        tell_error(told.gettext("No session: %(text)s", text=told.said(error.message)), error, told)
        raise typer.Exit(_FAULT if error.reason.value == "guard_blocked" else _INCOMPLETE) from None
    if not settings.accounts[0].called and settings.config and sys.stdin.isatty():
        rename(settings.config, account, _text(told.gettext("What shall we call it?"), [account]))
    typer.echo(
        told.gettext(
            "%(account)s: signed in, and it is the right account. The session is stored, encrypted.", account=account
        )
    )
