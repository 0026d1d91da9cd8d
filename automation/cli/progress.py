"""A progress bar for what takes more than a second; none where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count


@contextmanager
def shown(total: int, *, quiet: bool = False) -> Iterator[Callable[[str, str], None]]:
    """Show how many accounts are done and which are under way; yields what to call with news of one."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _account, _what: None
        return
    under_way: dict[str, None] = {}
    with Progress(
        SpinnerColumn(), MofNCompleteColumn(), BarColumn(bar_width=24), TimeElapsedColumn(),
        TextColumn("{task.description}"), console=console, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task("", total=total)

        def tell(account: str, what: str) -> None:
            if what == "started":
                under_way[account] = None
            else:
                under_way.pop(account, None)
                progress.advance(task)
            progress.update(task, description=", ".join(under_way)[:40])

        yield tell


@contextmanager
def counted() -> Iterator[Callable[[str], None]]:
    """Show how many of an unknown number are done, and which is under way; yields what to call with the next one."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what: None
        return
    with console.status("") as status:
        numbers = count(1)
        yield lambda what: status.update(f"{next(numbers)}  {what[:40]}")
