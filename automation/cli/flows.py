"""`temoin flows`: what can be read, how well it is known, and whether its files are in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from automation.cli.common import Lang

app = typer.Typer(no_args_is_help=True, help="What Témoin can read, and how well it is known.")

Paths = Annotated[list[Path] | None, typer.Option("--flow-path", help="Further folders with flows of your own.")]


@app.command("list")
def list_flows(paths: Paths = None, lang: Lang = None) -> None:
    """List every setting that can be read."""
    from datetime import UTC, datetime

    from rich.console import Console
    from rich.table import Table

    import flows
    from automation.cli.common import language

    words = language(lang, None)
    today = datetime.now(UTC).date()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in (
        ("Réglage", "Titre", "Vérifié en direct", "Langues")
        if words == "fr"
        else ("Setting", "Title", "Verified live", "Languages")
    ):
        table.add_column(title, overflow="fold")
    for flow in flows.load(paths or ()).values():
        verified = flow.verification(today)
        table.add_row(
            flow.id, flow.guide.title.get(words, ""), verified.date or _never(words),
            " ".join(flow.labels.languages("form.title")),
        )  # fmt: skip
    Console().print(table)


def _never(lang: str) -> str:
    return "jamais" if lang == "fr" else "never"


@app.command("show")
def show(flow_id: Annotated[str, typer.Argument(help="Such as facebook.ai_objection.")], paths: Paths = None) -> None:
    """Show what one flow opens, which states it knows, and what they need."""
    from rich.console import Console

    import flows
    from automation.errors import ConfigurationError

    known = flows.load(paths or ())
    if flow_id not in known:
        raise ConfigurationError(f"unknown flow '{flow_id}'", f"Known flows: {', '.join(sorted(known))}.")
    flow = known[flow_id]
    console = Console(highlight=False)
    console.print(f"[bold]{flow.id}[/bold]  revision {flow.revision}")
    console.print("\n[bold]Pages[/bold]")
    for name, surface in flow.surfaces.items():
        console.print(f"  {name}: {surface.urls[0]}", soft_wrap=True)
        for url in surface.urls[1:]:
            console.print(f"  {' ' * len(name)}  {url}", soft_wrap=True)
    console.print("\n[bold]States[/bold]")
    for state in flow.states:
        console.print(f"  [bold]{state.verdict}[/bold] ({state.because})")
        console.print(f"    needs   {', '.join(state.needs)}")
        if state.forbids:
            console.print(f"    forbids {', '.join(state.forbids)}")


@app.command("check")
def check(paths: Paths = None) -> None:
    """Check the files of every flow: manifest, words, addresses, guides in both languages."""
    import flows
    from automation.errors import FlowError
    from automation.flow import load_flow
    from automation.flow.audit import audit

    wrong = 0
    for folder in flows.folders(paths or ()):
        try:
            flow = load_flow(folder)
        except FlowError as error:
            wrong += 1
            typer.echo(str(error), err=True)
            continue
        problems, notes = audit(flow)
        wrong += len(problems)
        for problem in problems:
            typer.echo(f"{flow.id}: {problem}", err=True)
        for note in notes:
            typer.echo(f"{flow.id}: {note}")
    if wrong:
        typer.echo(f"{wrong} problem(s)", err=True)
        raise typer.Exit(2)
    typer.echo("All flows are in order.")
