"""`temoin session export` and `import`: a session handed to another machine, sealed for its key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.accounts import Account
    from automation.session.vault import SavedSession, Vault


def export(
    account: Annotated[str, typer.Argument(help="The account whose session is to be exported.")],
    to: Annotated[str, typer.Option("--to", help="Who may open it: age1… or 'ssh-ed25519 …', a public key.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output without it.")] = None,
    lang: Lang = None,
) -> None:
    """
    Seal a session for another key, such as a CI job's.

    There is no way to export it in clear.
    """
    from automation.cli.shared.common import load_environment, words
    from automation.cli.shared.places import vault_of
    from automation.session.vault import recipient_from, sealed
    from automation.storage.files import write_whole

    settings = load_environment()
    recipient = recipient_from(to)
    data = sealed(vault_of(settings).load(account), recipient, armored=True)
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    write_whole(output, data, mode=0o600, shared=True)
    typer.echo(words(lang, settings).gettext("Sealed for %(key)s: %(file)s", key=to, file=output), err=True)


def import_session(
    file: Annotated[
        str,
        typer.Argument(help="What `temoin session export` wrote, or a browser's storage state; - is standard input."),
    ],
    account: Annotated[
        str | None, typer.Option(help="Whose it is, by name; needed for a browser's storage state.")
    ] = None,
    identity_file: Annotated[
        Path | None, typer.Option(help="The key to open it with, age or SSH; without it, this machine's own.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    replace: Annotated[bool, typer.Option(help="Replace even a newer session, or one that does not open.")] = False,
    lang: Lang = None,
) -> None:
    """
    Put an exported session, or a browser's storage state as Playwright writes it, into this machine's vault.

    Of a storage state only what belongs to the service is kept. Remove the file afterwards: it is not encrypted.
    """
    from automation.cli.shared.common import load_environment, load_settings, words
    from automation.cli.shared.places import identity_key, vault_of
    from automation.core.accounts import subject
    from automation.session.vault import identities_in, opened
    from automation.session.vault.storage_state import is_storage_state

    vault = vault_of(load_environment())
    name, data = ("standard input" if file == "-" else file), _read(file)
    if is_storage_state(data):
        _import_state(data, name, account, config, words_in=lang, replace=replace)
        return
    if identity_file is None:
        saved = vault.opened(data, name)
    else:
        keys = identities_in(_read(str(identity_file)), str(identity_file))
        saved = opened(data, keys, name, str(identity_file))
    settings = load_settings(config, (saved.account,))
    chosen = settings.accounts[0]
    _expect(saved, chosen, subject(chosen.identity, identity_key(settings)), name)
    said = words(lang, settings)
    with vault.locked(saved.account):
        if not replace and _is_newer(vault, saved):
            typer.echo(said.gettext("%(account)s: kept, it is at least as recent.", account=saved.account))
            return
        vault.store(saved)
    typer.echo(said.gettext("%(account)s: stored.", account=saved.account))


def _import_state(
    data: bytes, name: str, account: str | None, config: Path | None, *, words_in: str | None, replace: bool
) -> None:
    from datetime import UTC, datetime

    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.known_flows import flow_of
    from automation.cli.shared.places import identity_key, vault_of
    from automation.core.accounts import subject
    from automation.core.errors import ConfigurationError
    from automation.session.vault import SavedSession
    from automation.session.vault.storage_state import of_service

    if account is None:
        raise ConfigurationError(
            f"{name}: this is a browser's storage state, which does not say whose it is", "Name it: --account NAME."
        )
    settings = load_settings(config, (account,), for_signing_in=False)
    chosen, said, vault = settings.accounts[0], words(words_in, settings), vault_of(settings)
    flow, now = flow_of(chosen, settings), datetime.now(UTC)
    state, named = of_service(data, flow.site, chosen.identity, name)
    holder = vault.holder(chosen.entries)
    stand_in = bool(settings.browser.replica_map)
    saved = SavedSession(
        holder,
        chosen.service,
        subject(chosen.identity, identity_key(settings)),
        now,
        None,
        state,
        unconfirmed=not named and not stand_in,  # whoever made the stand-in knows whose its accounts are
    )
    saved.runs_out_at(flow.site.sign_in.session_cookies)
    with vault.locked(holder):
        if not replace and _is_newer(vault, saved):
            typer.echo(said.gettext("%(account)s: kept, it is at least as recent.", account=account))
            return
        vault.store(saved)
    typer.echo(said.gettext("%(account)s: stored.", account=account))
    if saved.unconfirmed:
        typer.echo(said.gettext("Say whose account it is: temoin session confirm %(account)s", account=account))


def _expect(saved: SavedSession, account: Account, subject: str, name: str) -> None:
    from automation.core.errors import SessionUnusable

    if saved.service != account.service:
        raise SessionUnusable(
            f"{name}: this is a session at {saved.service}, and {account.name} is an account at {account.service}",
            "Correct `flow` in temoin.toml, or import the right file.",
        )
    if saved.subject != subject:
        raise SessionUnusable(
            f"{name}: this session is of another identity than that of {account.name} in temoin.toml, "
            "or the machine that exported it has another TEMOIN_IDENTITY_KEY",
            "Correct `identity`, or set the same TEMOIN_IDENTITY_KEY on both machines and export again.",
        )


def _is_newer(vault: Vault, offered: SavedSession) -> bool:
    """Whether the vault's own session of that account was signed in or used no earlier than the offered one."""
    from automation.core.errors import NoSession, SessionUnusable

    try:
        here = vault.load(offered.account)
    except NoSession:
        return False
    except SessionUnusable as error:
        raise SessionUnusable(error.message, "Correct that, or import with --replace.") from None

    def recency(saved: SavedSession) -> tuple[datetime, datetime]:
        return saved.stored_at, saved.used_at or saved.stored_at

    return here.subject == offered.subject and recency(here) >= recency(offered)


def _read(file: str) -> bytes:
    import sys

    from automation.core.errors import ConfigurationError

    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error.strerror or error})", "Correct the path or its permissions."
        ) from None
