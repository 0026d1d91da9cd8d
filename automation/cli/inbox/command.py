"""`temoin inbox`: read the mailbox for the service's answer, without changing anything in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.core.mail import InboxDocument
    from automation.flow import Flow
    from automation.messaging.mailbox.inbox import InboxOrder
    from automation.text.language import Language

_MONTH = timedelta(days=31)
"""How long a service may take to answer, in EU law."""


def inbox(
    ctx: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Argument(help="Accounts whose answer is looked for; all when none is named.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day to look at; 31 days ago when not given.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the messages, masked.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """Read the mailbox for the service's answer, and change nothing in it."""
    from automation.cli.doctor.surroundings import Surroundings
    from automation.cli.shared.cases import follow_inbox
    from automation.cli.shared.common import load_settings, words
    from automation.messaging.mailbox.packages import require_packages
    from automation.text.redaction import Redactor

    around = ctx.obj or Surroundings()
    require_packages(around.has_module)
    settings = load_settings(config, tuple(accounts or ()))
    if settings.config is None:
        from automation.core.errors import ConfigurationError

        raise ConfigurationError(
            "there is no temoin.toml in this folder",
            "Make one with `temoin init` or `temoin ui`, or name another with --config.",
        )
    order = _order(settings, (since or datetime.now(UTC) - _MONTH).replace(tzinfo=UTC), output or settings.output)
    document = _read(order, quiet=json)
    follow_inbox(document, order.output)
    redactor = Redactor(settings.secret_values())
    if json:
        from automation.messaging.mailbox.keeping import to_json

        typer.echo(redactor.redact(to_json(document)), nl=False)
    else:
        from automation.cli.inbox.lines import lines_of

        for line in lines_of(document, words(lang, settings)):
            typer.echo(redactor.redact(line))
    raise typer.Exit(document.exit_code)


def looked(settings: Settings, words: Language) -> tuple[str, ...]:
    """
    Look for the answers of the last month in the mailbox; what was found, line by line, without secrets.

    Raises:
        ConfigurationError: no mailbox is configured, or no account is answered by mail.
        TemoinError: it cannot be read.
    """
    from automation.cli.inbox.lines import lines_of
    from automation.cli.shared.cases import follow_inbox
    from automation.text.redaction import Redactor

    document = _read(_order(settings, datetime.now(UTC) - _MONTH, settings.output), quiet=True)
    follow_inbox(document, settings.output)
    return tuple(map(Redactor(settings.secret_values()).redact, lines_of(document, words)))


def _order(settings: Settings, since: datetime, output: Path) -> InboxOrder:
    from automation.cli.shared.known_flows import flows_for
    from automation.cli.shared.sealing import sealer_of
    from automation.core.errors import ConfigurationError
    from automation.messaging.mailbox.inbox import InboxOrder
    from automation.messaging.mailbox.keeping import Keeper
    from automation.messaging.mailbox.matching import Addressee
    from automation.messaging.mailbox.services import Correspondent

    known = flows_for(settings).flows
    _check_senders(settings)
    usable = [account for account in settings.accounts if account.flow in known]
    asked = [account for account in usable if _is_answered_by_mail(known[account.flow])]
    if not asked:
        raise ConfigurationError(
            "there is no account whose service answers an objection",
            "Add an account with such a flow, as facebook.ai_objection, or name another account.",
        )
    nothing_before = _last_without_objection(settings, output, [account.name for account in asked])
    services = {account.service: known[account.flow] for account in asked}
    return InboxOrder(
        settings=settings.mailbox,
        addressees=[
            Addressee(
                account=account.name,
                flow=account.flow,
                service=account.service,
                addresses=tuple(_addresses(account, settings)),
                objection_after=nothing_before.get(account.name),
                names=tuple(name for name in (account.page, account.owner) if name and name != account.name),
            )
            for account in asked
        ],
        services=[
            Correspondent.of(flow.site, flow.labels_with_confirmed, settings.mailbox.senders.get(name, ()))
            for name, flow in services.items()
        ],
        since=since,
        output=output,
        keeper=Keeper(sealer_of(settings, output), settings.secret_values()),
    )


def _last_without_objection(settings: Settings, output: Path, accounts: list[str]) -> Mapping[str, datetime]:
    """Account → when a check of the service itself last found no objection; only accounts that had such a check."""
    from loguru import logger

    from automation.cli.shared.places import history_path
    from automation.core.errors import HistoryError
    from automation.core.verdicts import Verdict
    from automation.storage.history import SqliteHistory

    path = history_path(settings, output)
    if not path.exists():
        return {}
    try:
        with SqliteHistory(path) as history:
            return {
                entry.account: entry.change.now.at  # the newest stays
                for account in accounts
                for entry in history.timeline(account)
                if entry.change.now.verdict is Verdict.NOT_OBJECTED and not entry.stand_in
            }
    except HistoryError as error:
        logger.warning("messages are matched without the history: {}", error.message)
        return {}


def _is_answered_by_mail(flow: Flow) -> bool:
    """Whether the flow has words for answers; a mere switch has none."""
    return bool(flow.labels.languages("reply.accepted"))


def _check_senders(settings: Settings) -> None:
    import flows
    from automation.core.errors import ConfigurationError

    services = sorted({folder.parent.name for folder in flows.folders(settings.flow_paths)})
    for name in settings.mailbox.senders:
        if name not in services:
            raise ConfigurationError(
                f'`senders` in [mailbox] names "{name}", which is no service', f"Known services: {', '.join(services)}."
            )


def _addresses(account: Account, settings: Settings) -> Iterator[str]:
    """The address that was given for an account, or the one it signs in with."""
    if account.name in settings.mailbox.addresses:
        given = settings.mailbox.addresses[account.name]
        yield from (given,) if isinstance(given, str) else given
    elif account.name in settings.secrets:
        name = settings.secrets[account.name].username.get_secret_value()
        if "@" in name:
            yield name


def _read(order: InboxOrder, *, quiet: bool) -> InboxDocument:
    import sys

    from automation.messaging.mailbox.inbox import read_inbox

    if quiet or not sys.stderr.isatty():
        return read_inbox(order)
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(folder: str, done: int, total: int) -> None:
            if folder not in tasks:
                tasks[folder] = progress.add_task(folder, total=total)
            progress.update(tasks[folder], completed=done)

        return read_inbox(order, tell)
