"""`temoin object mail`: read the mailbox for the service's answer, without changing anything in it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from automation.app.cases import follow_inbox
from automation.app.inbox import MONTH, lines_of, order_of
from automation.cli.options import AccountNames, Config, Lang, as_json, words
from automation.cli.settings import configured, load_settings
from automation.core.mail import InboxDocument
from automation.messaging.inbox import InboxOrder, read_inbox
from automation.messaging.keeping import to_json
from automation.text.redaction import Redactor


def inbox(
    accounts: AccountNames = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day to look at; 31 days ago when not given.")
    ] = None,
    config: Config = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the messages, masked.")] = None,
    json: Annotated[bool, as_json("the answers")] = False,
    lang: Lang = None,
) -> None:
    """Read the mailbox for the service's answer, and change nothing in it."""
    settings = configured(load_settings(config, tuple(accounts or ())))
    order = order_of(settings, (since or datetime.now(UTC) - MONTH).replace(tzinfo=UTC), output or settings.output)
    document = _read(order, quiet=json)
    follow_inbox(document, order.output)
    redactor = Redactor(settings.secret_values())
    if json:
        typer.echo(redactor.redact(to_json(document)), nl=False)
    else:
        for line in lines_of(document, words(lang, settings)):
            typer.echo(redactor.redact(line))
    raise typer.Exit(document.exit_code)


def _read(order: InboxOrder, *, quiet: bool) -> InboxDocument:
    if quiet or not sys.stderr.isatty():
        return read_inbox(order)

    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(folder: str, done: int, total: int) -> None:
            if folder not in tasks:
                tasks[folder] = progress.add_task(folder, total=total)
            progress.update(tasks[folder], completed=done)

        return read_inbox(order, tell)
