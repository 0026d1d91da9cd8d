"""The one place where the guard takes in whatever is raised: what it cannot explain must close it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def failing_closed(close: Callable[[Exception], None]) -> Iterator[None]:
    """
    Run the block; whatever exception it raises goes to `close` and ends here, unless `close` raises one itself.

    A cancellation passes. Nothing that the block had still to let through is let through then.

    Args:
        close: cuts the way out, notes a fault, or takes the answer that trusts nothing.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the guard must close
        close(error)
