"""A schedule put into this machine's own scheduler after a yes, and taken away again."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from automation.cli.schedule.schedulers import Computer, Cron, Launchd, Scheduler, Systemd, TaskScheduler
from automation.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.cli.schedule.files import Host


class Way(StrEnum):
    """What can start a program at a time, the better one of a machine first."""

    SYSTEMD = "systemd"
    LAUNCHD = "launchd"
    TASK_SCHEDULER = "task-scheduler"
    CRON = "cron"

    @property
    def is_tried(self) -> bool:
        """Whether we have seen it start a check; the others are made from their documentation alone."""
        return self in {Way.SYSTEMD, Way.CRON}


_SCHEDULERS: Mapping[Way, Scheduler] = {
    Way.SYSTEMD: Systemd(),
    Way.LAUNCHD: Launchd(),
    Way.TASK_SCHEDULER: TaskScheduler(),
    Way.CRON: Cron(),
}


def ways(here: Computer) -> tuple[Way, ...]:
    """What this machine has, the better one first."""
    return tuple(way for way in Way if _SCHEDULERS[way].is_here(here))


def text_of(way: Way, host: Host) -> str:
    """What would be installed."""
    return _SCHEDULERS[way].text(host)


def installed(here: Computer) -> Way | None:
    """Which of them holds a schedule of ours; None: no one does."""
    return next((way for way in Way if _SCHEDULERS[way].holds_ours(here)), None)


def install(way: Way, host: Host, here: Computer) -> None:
    """
    Put a schedule in, in the place of one of ours that is there.

    Raises:
        ConfigurationError: the machine's scheduler does not take it; nothing of ours is left then.
        OutputError: a file cannot be written.
    """
    remove(here)
    try:
        _SCHEDULERS[way].put(host, here)
    except ConfigurationError:
        remove(here)
        raise


def remove(here: Computer) -> bool:
    """
    Take our schedule away, wherever it is; whether there was one.

    Raises:
        ConfigurationError: the scheduler does not let go of it.
    """
    holding = [scheduler for scheduler in _SCHEDULERS.values() if scheduler.holds_ours(here)]
    for scheduler in holding:
        scheduler.take_away(here)
    return bool(holding)


def refuse() -> NoReturn:
    """
    Say that there is no scheduler that we know.

    Raises:
        ConfigurationError: always.
    """
    raise ConfigurationError(
        "this machine has none of the schedulers that Témoin knows: systemd, launchd, Task Scheduler, cron",
        "Start `temoin check` with the scheduler that it has, or use `temoin schedule github` or `gitlab`.",
    )
