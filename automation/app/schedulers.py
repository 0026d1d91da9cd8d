"""The schedulers of machines: systemd of the user, cron, launchd on macOS, Task Scheduler on Windows."""

from __future__ import annotations

import os
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import platformdirs

from automation.app import schedule
from automation.app.schedule import LABEL, Host
from automation.browser.environment import machine
from automation.core.errors import ConfigurationError
from automation.storage.files import write_text, writing

_BEGIN, _END = "# temoin: begin (temoin schedule remove)", "# temoin: end"
_TIMER = "temoin.timer"
_TASK = "Temoin"
_LIMIT_S = 20.0
_NAMES = {"systemctl": "systemd", "launchctl": "launchd"}
"""Of a program, where the scheduler is known by another."""


class Computer(Protocol):
    """What schedulers need of the computer."""

    system: str
    """As `sys.platform`."""
    home: Path

    def on_path(self, name: str) -> Path | None:
        """The program of that name on PATH."""

    def run(self, words: Sequence[str], text: str = "") -> tuple[int, str]:
        """Run a program with a text as its input; its exit code, 127 where there is none, and what it printed."""


class ThisComputer(machine.ThisMachine):
    """The computer that this runs on, with its programs."""

    def run(self, words: Sequence[str], text: str = "") -> tuple[int, str]:
        """Run a program; 127 where it is not there or does not end."""
        try:
            done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=_LIMIT_S, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            return 127, ""
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def _expect(here: Computer, *words: str, text: str = "") -> None:
    """Run a program of a scheduler. Raises ConfigurationError: it refuses."""
    code, said = here.run(words, text)
    if code:
        whose = _NAMES.get(words[0], words[0])
        raise ConfigurationError(
            f"{whose} refused the schedule: {said.strip()[:300]}",
            "Install what `temoin schedule` prints by hand.",
        )


class _Scheduler(ABC):
    """One of them; of this user alone."""

    @abstractmethod
    def is_here(self, here: Computer) -> bool:
        """Whether this machine has it."""

    @abstractmethod
    def holds_ours(self, here: Computer) -> bool:
        """Whether a schedule of ours is in it."""

    @abstractmethod
    def put(self, host: Host, here: Computer) -> None:
        """Put ours in; none of ours is in it before. Raises ConfigurationError, OutputError: it does not take it."""

    @abstractmethod
    def take_away(self, here: Computer) -> None:
        """Take ours out, and nothing else. Raises ConfigurationError: it does not let go of it."""


class _Systemd(_Scheduler):
    """The user's own systemd: two units."""

    def is_here(self, here: Computer) -> bool:
        return bool(here.on_path("systemctl")) and here.run(["systemctl", "--user", "show-environment"])[0] == 0

    def holds_ours(self, here: Computer) -> bool:
        del here
        return (self._units() / _TIMER).exists()

    def put(self, host: Host, here: Computer) -> None:
        with writing(self._units()):
            self._units().mkdir(parents=True, exist_ok=True)
        for name, text in schedule.systemd(host).items():
            write_text(self._units() / name, text)
        _expect(here, "systemctl", "--user", "daemon-reload")
        _expect(here, "systemctl", "--user", "enable", "--now", _TIMER)

    def take_away(self, here: Computer) -> None:
        here.run(["systemctl", "--user", "disable", "--now", _TIMER])
        for name in (_TIMER, "temoin.service"):
            (self._units() / name).unlink(missing_ok=True)
        here.run(["systemctl", "--user", "daemon-reload"])

    def _units(self) -> Path:
        return Path(platformdirs.user_config_dir()) / "systemd" / "user"


class _Cron(_Scheduler):
    """The user's crontab: our lines between two marks."""

    def is_here(self, here: Computer) -> bool:
        return bool(here.on_path("crontab"))

    def holds_ours(self, here: Computer) -> bool:
        return self.is_here(here) and _BEGIN in here.run(["crontab", "-l"])[1]

    def put(self, host: Host, here: Computer) -> None:
        self._write([*self._others(here), _BEGIN, *schedule.cron(host).splitlines(), _END], here)

    def take_away(self, here: Computer) -> None:
        self._write(self._others(here), here)

    def _write(self, lines: Sequence[str], here: Computer) -> None:
        _expect(here, "crontab", "-", text="".join(f"{line}\n" for line in lines))

    def _others(self, here: Computer) -> list[str]:
        """The lines of the user's table that are not ours; none where they have no table."""
        code, table = here.run(["crontab", "-l"])
        kept, ours = [], False
        for line in table.splitlines() if code == 0 else ():
            ours = ours or line == _BEGIN
            if not ours:
                kept.append(line)
            ours = ours and line != _END
        return kept


class _Launchd(_Scheduler):
    """launchd of macOS: an agent of the user, in their graphical session."""

    def is_here(self, here: Computer) -> bool:
        return here.system == "darwin" and bool(here.on_path("launchctl"))

    def holds_ours(self, here: Computer) -> bool:
        return self._agent(here).exists()

    def put(self, host: Host, here: Computer) -> None:
        agent = self._agent(here)
        with writing(agent):
            agent.parent.mkdir(parents=True, exist_ok=True)
        write_text(agent, schedule.launchd(host))
        _expect(here, "launchctl", "bootstrap", f"gui/{os.getuid()}", str(agent))

    def take_away(self, here: Computer) -> None:
        here.run(["launchctl", "bootout", f"gui/{os.getuid()}/{LABEL}"])
        self._agent(here).unlink(missing_ok=True)

    def _agent(self, here: Computer) -> Path:
        return here.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"


class _TaskScheduler(_Scheduler):
    """Windows' Task Scheduler: a task of the user."""

    def is_here(self, here: Computer) -> bool:
        return here.system == "win32" and bool(here.on_path("schtasks"))

    def holds_ours(self, here: Computer) -> bool:
        return self.is_here(here) and here.run(["schtasks", "/query", "/tn", _TASK])[0] == 0

    def put(self, host: Host, here: Computer) -> None:
        with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
            file = Path(folder) / "temoin.xml"
            file.write_text(schedule.task_scheduler(host), encoding="utf-16")
            _expect(here, "schtasks", "/create", "/tn", _TASK, "/xml", str(file))

    def take_away(self, here: Computer) -> None:
        _expect(here, "schtasks", "/delete", "/tn", _TASK, "/f")


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


_SCHEDULERS: Mapping[Way, _Scheduler] = {
    Way.SYSTEMD: _Systemd(),
    Way.LAUNCHD: _Launchd(),
    Way.TASK_SCHEDULER: _TaskScheduler(),
    Way.CRON: _Cron(),
}


def ways(here: Computer) -> tuple[Way, ...]:
    """What this machine has, the better one first."""
    return tuple(way for way in Way if _SCHEDULERS[way].is_here(here))


def text_of(way: Way, host: Host) -> str:
    """What would be installed."""
    if way is Way.SYSTEMD:
        return "\n".join(schedule.systemd(host).values())
    return {Way.LAUNCHD: schedule.launchd, Way.TASK_SCHEDULER: schedule.task_scheduler, Way.CRON: schedule.cron}[way](
        host
    )


def installed(here: Computer) -> Way | None:
    """Which of them holds a schedule of ours; None: no one does."""
    return next((way for way in Way if _SCHEDULERS[way].holds_ours(here)), None)


def install(way: Way, host: Host, here: Computer) -> None:
    """
    Put a schedule in, in the place of one of ours that is there.

    Raises ConfigurationError: the scheduler does not take it, and nothing of ours is left; OutputError.
    """
    remove(here)
    try:
        _SCHEDULERS[way].put(host, here)
    except ConfigurationError:
        remove(here)
        raise


def remove(here: Computer) -> bool:
    """Take our schedule away, wherever it is; whether there was one. Raises ConfigurationError: it cannot."""
    holding = [scheduler for scheduler in _SCHEDULERS.values() if scheduler.holds_ours(here)]
    for scheduler in holding:
        scheduler.take_away(here)
    return bool(holding)


def chosen_way(way: Way | None, here: Computer) -> Way:
    """The one that was named, else the best of this machine. Raises ConfigurationError: it has none that we know."""
    if found := way or next(iter(ways(here)), None):
        return found
    raise ConfigurationError(
        "this machine has none of the schedulers that Témoin knows: systemd, launchd, Task Scheduler, cron",
        "Start `temoin check` with the scheduler that it has, or use `temoin schedule github` or `gitlab`.",
    )
