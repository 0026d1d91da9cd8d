"""Where a fleet stands, as a person reads it in a terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from automation.fleet.status import FleetStatus
    from automation.text.language import Language

_MOST_WAITING = 20


def show(found: FleetStatus, words: Language) -> None:
    """Print it: services, workers, the last day, and for whom a person is needed."""
    from rich.console import Console

    console, _ = Console(), words.gettext
    if found.services:
        console.print(_services(found, words))
    else:
        typer.echo(_("No account was handed over."))
    typer.echo()
    if found.workers:
        console.print(_workers(found, words))
    else:
        typer.echo(_("No worker is running."))
    typer.echo()
    typer.echo(
        _(
            "24 hours: %(done)s done, %(failed)s failed, %(lost)s lost",
            done=found.done,
            failed=found.failed,
            lost=found.lost,
        )
    )
    for service in found.services:
        if service.cools_until:
            until = f"{service.cools_until:%Y-%m-%d %H:%M} UTC"
            pause = _(
                "%(service)s: wanted a pause and is left alone until %(until)s", service=service.name, until=until
            )
            typer.echo(f"! {pause}")
    _show_waiting(found, words)


def _show_waiting(found: FleetStatus, words: Language) -> None:
    from automation.text.language import printable

    for one in found.waiting[:_MOST_WAITING]:
        account = f"{printable(one.account)} ({one.service})"
        said = words.gettext("%(account)s: waits for a person (%(reason)s)", account=account, reason=one.waits_for)
        typer.echo(f"! {said}")
    left = len(found.waiting) - _MOST_WAITING
    if left > 0:
        typer.echo(words.ngettext("… and %(num)s more: --json", "… and %(num)s more: --json", left, num=left))
    if found.waiting:
        typer.echo("  → " + words.gettext("temoin login ACCOUNT, then temoin enqueue ACCOUNT --now"))


def _table(heads: tuple[str, ...], numbers: frozenset[int]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in numbers else "left", overflow="fold")
    return table


def _services(found: FleetStatus, words: Language) -> Table:
    _ = words.gettext
    heads = (
        _("Service"), _("Accounts"), _("Due"), _("Longest wait"), _("Queued"), _("Now"), _("Cooling"), _("A person"),
        _("Last hour"),
    )  # fmt: skip
    table = _table(heads, frozenset(range(1, 9)))
    for one in found.services:
        table.add_row(
            one.name, str(one.accounts), str(one.due), _time(one.overdue_s) if one.due else "-",
            str(one.queued), str(one.visiting), str(one.cooling), str(one.waiting_for_a_person),
            f"{one.begun_last_hour}/{one.per_hour:g}",
        )  # fmt: skip
    return table


def _workers(found: FleetStatus, words: Language) -> Table:
    _ = words.gettext
    heads = (_("Worker"), _("Pool"), _("Side by side"), _("Version"), _("Clock"), _("Seen"))
    table = _table(heads, frozenset({2}))
    for one in found.workers:
        seen = _("%(time)s ago", time=_time(one.seen_s))
        if one.silent:
            seen = _("%(seen)s (silent)", seen=seen)
        pool = one.pool or _("upkeep only")
        table.add_row(one.name, pool, str(one.contexts), one.version, f"{one.ahead_s:+.1f} s", seen)
    return table


def _time(seconds: float) -> str:
    """A time as `0:00:12`, or with days before it."""
    return str(timedelta(seconds=round(seconds))).replace(" days, ", " d ").replace(" day, ", " d ")
