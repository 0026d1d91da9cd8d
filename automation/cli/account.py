"""`temoin account`: what `temoin.toml` says of accounts, the sessions that are kept of them, and changing both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

import flows
from automation.app.accounts import accept, rename, take_out
from automation.app.setup import cooldown, vault_of
from automation.cli.options import AccountName, By, Config, Lang, SomeAccounts, Yes, as_json, words
from automation.cli.session import ago, with_end
from automation.cli.settings import NO_FILE, configured, day, load_settings, settings_and_words
from automation.cli.terminal import agrees, speaker
from automation.config import CONFIG_NAME, Settings
from automation.core.errors import ConfigurationError, NoSession
from automation.core.verdicts import Verdict
from automation.reports.saying import Saying
from automation.reports.stored import NAME, newest_of_each, open_all
from automation.session.saved import SavedSessionInfo
from automation.text.language import Language, printable


def list_accounts(config: Config = None, json: Annotated[bool, as_json("the list")] = False, lang: Lang = None) -> None:
    """List accounts with what they are called, service, age, last good use and likely end of the session; no cookie."""
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    vault = vault_of(settings)
    known = {flow.partition(".")[0]: found for flow, found in flows.find(settings.flow_paths).flows.items()}
    sessions = {one.account: with_end(one, known.get(one.service), settings) for one in vault.entries()}
    holders = {one.name: vault.holder(one.entries) for one in settings.accounts}
    if json:
        kept = {name: holder if holder in sessions else None for name, holder in holders.items()}
        accounts = [
            {"name": one.name, "called": one.called, "flow": one.flow, "session": kept[one.name]}
            for one in settings.accounts
        ]
        document = {"accounts": accounts, "sessions": list(sessions.values())}
        typer.echo(TypeAdapter(dict[str, object]).dump_json(document, indent=2).decode())
        return
    _ = said.gettext
    rows = [(f"{one.name}\n{one.called}".strip(), one.service, holders[one.name]) for one in settings.accounts]
    rows += [(name, sessions[name].service or "?", name) for name in sorted(sessions.keys() - holders.values())]
    table, console = Table(box=None, pad_edge=False, header_style="bold"), Console()
    for title in (_("Account"), _("Service"), _("Signed in"), _("Last good use"), _("Likely end")):
        table.add_column(title, overflow="fold")
    for name, service, holder in rows:
        table.add_row(printable(name), service, *_times(sessions.get(holder), said))
    if rows:
        console.print(table)
    for entry in sessions.values():
        if entry.problem:
            console.print(f"✗ {said.said(entry.problem)}", soft_wrap=True, highlight=False, markup=False)
    if not sessions:
        typer.echo(_("No session is saved. Sign in with `temoin account login`."))


def _times(session: SavedSessionInfo | None, words: Language) -> tuple[str, ...]:
    """When it was signed in and last used, and when it will likely end; nothing of one that does not open."""
    if session is None or session.problem:
        return ()
    end = words.short_date(session.likely_end) if session.likely_end else ""
    return (ago(session.stored_at, words), ago(session.used_at, words) or words.gettext("never"), end)


def logout(accounts: SomeAccounts, lang: Lang = None) -> None:
    """
    Remove saved sessions from this machine.

    After a failed sign-in, it also lets signing in be tried again at once.
    """
    settings, said = settings_and_words(NO_FILE, lang=lang)
    vault = vault_of(settings)
    for account in accounts:
        forgotten = vault.forget(account)
        if not cooldown().succeeded(account) and not forgotten:
            raise NoSession(
                f"{account}: there is no saved session of this account", "`temoin account list` lists them."
            )
        typer.echo(said.gettext("%(account)s: forgotten.", account=account))


def rename_account(
    account: AccountName,
    called: Annotated[str, typer.Argument(help='What people call it, such as "Claire Dupont"; "" is its short name.')],
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Call an account by another name in the window and in reports; its short name stays."""
    file, _, said = _file(config, lang)
    rename(file, account, called)
    name = printable(called.strip()) or account
    typer.echo(said.gettext("%(account)s: called %(name)s from now on.", account=account, name=name))


def accept_answer(
    account: AccountName,
    until: Annotated[str, typer.Option(help="The last day on which it counts: 2027-01-31.")],
    reason: Annotated[str, typer.Option(help="Why it is lived with.")],
    answer: Annotated[Verdict | None, typer.Option(help="The answer that is accepted; usual: the newest one.")] = None,
    by: By = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Live with an answer until a day: an exception in temoin.toml, in place of the one about the same.

    It counts at once over what is stored, and is told thirty days before it ends.
    """
    file, settings, said = _file(config, lang)
    last = day(until, "--until")
    runs = open_all(sorted(settings.output.glob(f"*/{NAME}")))
    real = tuple(one for one in runs if one.run.stand_in == bool(settings.browser.replica_map))
    verdict = answer or next((one.verdict for _, one in newest_of_each(real, {account})), None)
    if verdict is None:
        raise ConfigurationError(f"{account}: there is no answer yet", "Check it first, or name one with --answer.")
    accept(file, account, verdict, reason=reason, owner=speaker(by, said), until=last)
    values = {"verdict": Saying(said).verdict(verdict), "day": said.full_date(last)}
    typer.echo(said.gettext("%(account)s: %(verdict)s, accepted until %(day)s.", account=account, **values))


def remove_accounts(accounts: SomeAccounts, yes: Yes = False, config: Config = None, lang: Lang = None) -> None:
    """
    Take accounts out of temoin.toml, with their exceptions and sessions; their evidence stays.

    `temoin evidence remove` takes that away, by somebody's decision.
    """
    file, _, said = _file(config, lang)
    question = said.gettext("Take out %(accounts)s, and forget the session?", accounts=", ".join(accounts))
    if not yes and not agrees(question, said):
        raise typer.Exit(2)
    for account in accounts:
        take_out(file, account)
        typer.echo(said.gettext("%(account)s: taken out.", account=account))


def _file(config: Path | None, lang: str | None) -> tuple[Path, Settings, Language]:
    """The configuration that is changed, what it says, and the words. Raises ConfigurationError: there is none."""
    settings = configured(load_settings(config, for_signing_in=False))
    return config or Path(CONFIG_NAME), settings, words(lang, settings)
