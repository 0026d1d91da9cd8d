"""Where a fleet stands, as a person reads it in a terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from automation.fleet.status import FleetStatus

_MOST_WAITING = 20
_HEADS = {
    "en": ("Service", "Accounts", "Due", "Longest wait", "Queued", "Now", "Cooling", "A person", "Last hour"),
    "fr": ("Service", "Comptes", "Dus", "Attente", "En file", "En cours", "En pause", "Personne", "Dernière heure"),
}
_WORKERS = {
    "en": ("Worker", "Pool", "Side by side", "Version", "Clock", "Seen"),
    "fr": ("Exécutant", "Groupe", "De front", "Version", "Horloge", "Vu"),
}


def show(found: FleetStatus, lang: str) -> None:
    """Print it: services, workers, the last day, and for whom a person is needed."""
    from rich.console import Console

    from automation.text.language import printable

    console, french = Console(), lang == "fr"
    if found.services:
        console.print(_services(found, lang))
    else:
        typer.echo("Aucun compte n'est confié." if french else "No account was handed over.")
    if found.workers:
        console.print()
        console.print(_workers(found, lang))
    else:
        typer.echo("\nPersonne ne travaille." if french else "\nNobody works.")
    typer.echo(_last_day(found, french=french))
    for service in found.services:
        if service.cools_until:
            pause = "a demandé une pause, on le laisse jusqu'à" if french else "wanted a pause and is left alone until"
            typer.echo(f"! {service.name}: {pause} {service.cools_until:%Y-%m-%d %H:%M} UTC")
    for one in found.waiting[:_MOST_WAITING]:
        words = "attend une personne" if french else "waits for a person"
        typer.echo(f"! {printable(one.account)} ({one.service}): {words} ({one.waits_for})")
    left = len(found.waiting) - _MOST_WAITING
    if left > 0:
        typer.echo(f"… et {left} autre(s) : --json" if french else f"… and {left} more: --json")
    if found.waiting:
        typer.echo(
            "  → temoin login COMPTE, puis temoin enqueue COMPTE --now"
            if french
            else "  → temoin login ACCOUNT, then temoin enqueue ACCOUNT --now"
        )


def _table(heads: tuple[str, ...], numbers: frozenset[int]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in numbers else "left", overflow="fold")
    return table


def _services(found: FleetStatus, lang: str) -> Table:
    table = _table(_HEADS[lang], frozenset(range(1, 9)))
    for one in found.services:
        table.add_row(
            one.name, str(one.accounts), str(one.due), _time(one.overdue_s) if one.due else "-",
            str(one.queued), str(one.visiting), str(one.cooling), str(one.waiting_for_a_person),
            f"{one.begun_last_hour}/{one.per_hour:g}",
        )  # fmt: skip
    return table


def _workers(found: FleetStatus, lang: str) -> Table:
    french = lang == "fr"
    table = _table(_WORKERS[lang], frozenset({2}))
    for one in found.workers:
        pool = one.pool or ("intendance" if french else "upkeep only")
        silent = (" (muet)" if french else " (silent)") if one.silent else ""
        seen = f"il y a {_time(one.seen_s)}" if french else f"{_time(one.seen_s)} ago"
        table.add_row(one.name, pool, str(one.contexts), one.version, f"{one.ahead_s:+.1f} s", f"{seen}{silent}")
    return table


def _last_day(found: FleetStatus, *, french: bool) -> str:
    if french:
        return f"\n24 heures : {found.done} faites, {found.failed} échouées, {found.lost} perdues"
    return f"\n24 hours: {found.done} done, {found.failed} failed, {found.lost} lost"


def _time(seconds: float) -> str:
    """A time as `0:00:12`, or with days before it."""
    return str(timedelta(seconds=round(seconds))).replace(" days, ", " d ").replace(" day, ", " d ")
