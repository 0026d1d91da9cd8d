"""`temoin bundle`: housekeeping in an evidence folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Housekeeping in an evidence folder.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def everything() -> None:
    """Housekeeping in an evidence folder."""


@app.command("prune")
def prune(
    keep: Annotated[str, typer.Option(help="What stays: 90d for 90 days, or 12 for the newest 12 of each account.")],
    output: Annotated[Path | None, typer.Option(help="The evidence folder; usual: the configured one.")] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
) -> None:
    """
    Remove old bundles; each leaves a line in the ledger that says so.

    The newest bundle of each account always stays. Unfinished folders of checks that died a day ago go, too.
    """
    from datetime import UTC, datetime

    from automation.bundle.ledger import Ledger
    from automation.bundle.prune import parse_keep, plan
    from automation.bundle.prune import prune as remove
    from automation.cli.common import language, load_settings
    from automation.cli.sealing import keys_of
    from automation.errors import ConfigurationError

    wanted = parse_keep(keep)
    settings = load_settings(config)
    root = output or settings.output
    if not root.is_dir():
        raise ConfigurationError(f"{root}: there is no such folder", "Name the evidence folder with --output.")
    ledger = Ledger(root)
    planned = plan(ledger, wanted, datetime.now(UTC))
    for path in (*planned.bundles, *planned.left_over):
        typer.echo(path)
    total = len(planned.bundles) + len(planned.left_over)
    french = language(None, settings) == "fr"
    if not total or dry_run:
        typer.echo(
            f"{total} à retirer ; rien n'a été retiré." if french else f"{total} to remove; nothing was.", err=True
        )
        return
    question = f"Retirer ces {total} pour de bon ?" if french else f"Remove these {total} for good?"
    if not yes and not typer.confirm(question, err=True):
        raise typer.Exit(2)
    remove(ledger, keys_of(settings), planned)
    typer.echo(f"{total} retirés." if french else f"{total} removed.", err=True)
