"""What is shown while something takes more than a second; nothing where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from automation.core.guides import FlowGuide
from automation.core.verdicts import Verdict
from automation.reports.terms import surface_name
from automation.text.catalogue import N_
from automation.text.language import Language

if TYPE_CHECKING:  # rich takes a tenth of a second, and is needed only where somebody watches
    from rich.console import Console

_LONGEST_NAME = 30
_DOING = {"started": N_("starting"), "sign_in": N_("signing in"), "seal": N_("sealing the evidence")}


@contextmanager
def shown(
    total: int, words: Language, *, quiet: bool = False, guides: Mapping[str, FlowGuide] | None = None
) -> Iterator[Callable[[str, str], None]]:
    """
    Show how many accounts are done, and what each that is under way is doing.

    Args:
        total: how many there are.
        quiet: show nothing.
        words: of the reader.
        guides: account → what its flow calls its pages.

    Yields:
        Called with an account's name and what it is doing (`automation.visit.side_by_side.Tell`); a verdict ends it.
    """
    if quiet:
        yield _silent
        return
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _silent
        return
    with _lines(console, total, words, guides or {}) as tell:
        yield tell


def _silent(_account: str, _what: str) -> None:
    """Nobody watches."""


@contextmanager
def _lines(
    console: Console, total: int, words: Language, guides: Mapping[str, FlowGuide]
) -> Iterator[Callable[[str, str], None]]:
    from rich.console import Group  # noqa: PLC0415 - only where somebody watches
    from rich.live import Live  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    bar = Progress(SpinnerColumn(), MofNCompleteColumn(), BarColumn(bar_width=24), TimeElapsedColumn())
    lines = Progress(TextColumn("  {task.description}"), TextColumn("[dim]{task.fields[doing]}"))
    whole = bar.add_task("", total=total)
    under_way: dict[str, TaskID] = {}
    ends = {verdict.value for verdict in Verdict}

    def tell(account: str, what: str) -> None:
        if what in ends:
            bar.advance(whole)
            if account in under_way:
                lines.remove_task(under_way.pop(account))
        elif account in under_way:
            lines.update(under_way[account], doing=_said(what, words, guides.get(account)))
        else:
            doing = _said(what, words, guides.get(account))
            under_way[account] = lines.add_task(account[:_LONGEST_NAME], doing=doing)

    with Live(Group(bar, lines), console=console, transient=True, refresh_per_second=5):
        yield tell


def _said(what: str, words: Language, guide: FlowGuide | None) -> str:
    """What an account is doing, in words; a surface by the name that people know it by."""
    if what in _DOING:
        return words.gettext(_DOING[what])

    return surface_name(what, words, guide)


@contextmanager
def counted() -> Iterator[Callable[[str], None]]:
    """Show how many of an unknown number are done, and which is under way; yields what to call with the next one."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what: None
        return
    with console.status("") as status:
        numbers = count(1)
        yield lambda what: status.update(f"{next(numbers)}  {what[:40]}")
