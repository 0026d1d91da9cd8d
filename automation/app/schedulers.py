"""The schedulers of machines: systemd of the user, cron, launchd on macOS, Task Scheduler on Windows."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, Protocol

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


class Scheduler(Protocol):
    """One of them."""

    def is_here(self, here: Computer) -> bool:
        """Whether this machine has it, for this user."""

    def holds_ours(self, here: Computer) -> bool:
        """Whether a schedule of ours is in it."""

    def put(self, host: Host, here: Computer) -> None:
        """
        Put ours in; none of ours is in it before.

        Raises ConfigurationError: it does not take it; OutputError: a file cannot be written.
        """

    def take_away(self, here: Computer) -> None:
        """Take ours out, and nothing else. Raises ConfigurationError: it does not let go of it."""


class _Systemd:
    """The user's own systemd: two units."""

    def is_here(self, here: Computer) -> bool:
        return bool(here.on_path("systemctl")) and here.run(["systemctl", "--user", "show-environment"], "")[0] == 0

    def holds_ours(self, here: Computer) -> bool:
        del here
        return (_units() / _TIMER).exists()

    def put(self, host: Host, here: Computer) -> None:
        with writing(_units()):
            _units().mkdir(parents=True, exist_ok=True)
        for name, text in schedule.systemd(host).items():
            write_text(_units() / name, text)
        _expect(here.run(["systemctl", "--user", "daemon-reload"], ""), "systemd")
        _expect(here.run(["systemctl", "--user", "enable", "--now", _TIMER], ""), "systemd")

    def take_away(self, here: Computer) -> None:
        here.run(["systemctl", "--user", "disable", "--now", _TIMER], "")
        for name in (_TIMER, "temoin.service"):
            (_units() / name).unlink(missing_ok=True)
        here.run(["systemctl", "--user", "daemon-reload"], "")


class _Cron:
    """The user's crontab: our lines between two marks."""

    def is_here(self, here: Computer) -> bool:
        return bool(here.on_path("crontab"))

    def holds_ours(self, here: Computer) -> bool:
        return self.is_here(here) and _BEGIN in _crontab(here)

    def put(self, host: Host, here: Computer) -> None:
        lines = [*_without_ours(_crontab(here)), _BEGIN, *schedule.cron(host).splitlines(), _END]
        _expect(here.run(["crontab", "-"], "\n".join(lines) + "\n"), "crontab")

    def take_away(self, here: Computer) -> None:
        kept = _without_ours(_crontab(here))
        _expect(here.run(["crontab", "-"], "".join(f"{line}\n" for line in kept)), "crontab")


class _Launchd:
    """launchd of macOS: an agent of the user."""

    def is_here(self, here: Computer) -> bool:
        return here.system == "darwin" and bool(here.on_path("launchctl"))

    def holds_ours(self, here: Computer) -> bool:
        return _agent(here).exists()

    def put(self, host: Host, here: Computer) -> None:
        with writing(_agent(here)):
            _agent(here).parent.mkdir(parents=True, exist_ok=True)
        write_text(_agent(here), schedule.launchd(host))
        _expect(here.run(["launchctl", "bootstrap", _session(), str(_agent(here))], ""), "launchd")

    def take_away(self, here: Computer) -> None:
        here.run(["launchctl", "bootout", f"{_session()}/{LABEL}"], "")
        _agent(here).unlink(missing_ok=True)


class _TaskScheduler:
    """Windows' Task Scheduler: a task of the user."""

    def is_here(self, here: Computer) -> bool:
        return here.system == "win32" and bool(here.on_path("schtasks"))

    def holds_ours(self, here: Computer) -> bool:
        return self.is_here(here) and here.run(["schtasks", "/query", "/tn", _TASK], "")[0] == 0

    def put(self, host: Host, here: Computer) -> None:
        with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
            file = Path(folder) / "temoin.xml"
            file.write_text(schedule.task_scheduler(host), encoding="utf-16")
            _expect(here.run(["schtasks", "/create", "/tn", _TASK, "/xml", str(file)], ""), "schtasks")

    def take_away(self, here: Computer) -> None:
        _expect(here.run(["schtasks", "/delete", "/tn", _TASK, "/f"], ""), "schtasks")


def _units() -> Path:
    return Path(platformdirs.user_config_dir()) / "systemd" / "user"


def _agent(here: Computer) -> Path:
    return here.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def _session() -> str:
    """The user's graphical session, as launchctl names it."""
    return f"gui/{os.getuid()}"


def _crontab(here: Computer) -> str:
    """The user's table; empty where they have none."""
    code, text = here.run(["crontab", "-l"], "")
    return text if code == 0 else ""


def _without_ours(table: str) -> list[str]:
    kept, ours = [], False
    for line in table.splitlines():
        ours = ours or line == _BEGIN
        if not ours:
            kept.append(line)
        ours = ours and line != _END
    return kept


def _expect(ended: tuple[int, str], whose: str) -> None:
    code, text = ended
    if code:
        raise ConfigurationError(
            f"{whose} refused the schedule: {text.strip()[:300]}", "Install what `temoin schedule` prints by hand."
        )


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
    Way.SYSTEMD: _Systemd(),
    Way.LAUNCHD: _Launchd(),
    Way.TASK_SCHEDULER: _TaskScheduler(),
    Way.CRON: _Cron(),
}


_TEXTS: Mapping[Way, Callable[[Host], str]] = {
    Way.SYSTEMD: lambda host: "\n".join(schedule.systemd(host).values()),
    Way.LAUNCHD: schedule.launchd,
    Way.TASK_SCHEDULER: schedule.task_scheduler,
    Way.CRON: schedule.cron,
}


def ways(here: Computer) -> tuple[Way, ...]:
    """What this machine has, the better one first."""
    return tuple(way for way in Way if _SCHEDULERS[way].is_here(here))


def text_of(way: Way, host: Host) -> str:
    """What would be installed."""
    return _TEXTS[way](host)


def installed(here: Computer) -> Way | None:
    """Which of them holds a schedule of ours; None: no one does."""
    return next((way for way in Way if _SCHEDULERS[way].holds_ours(here)), None)


def install(way: Way, host: Host, here: Computer) -> None:
    """
    Put a schedule in, in the place of one of ours that is there.

    Raises ConfigurationError: the machine's scheduler does not take it; nothing of ours is left then; OutputError: a
    file cannot be written.
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

    Raises ConfigurationError: the scheduler does not let go of it.
    """
    holding = [scheduler for scheduler in _SCHEDULERS.values() if scheduler.holds_ours(here)]
    for scheduler in holding:
        scheduler.take_away(here)
    return bool(holding)


def refuse() -> NoReturn:
    """Say that there is no scheduler that we know. Raises ConfigurationError: always."""
    raise ConfigurationError(
        "this machine has none of the schedulers that Témoin knows: systemd, launchd, Task Scheduler, cron",
        "Start `temoin check` with the scheduler that it has, or use `temoin schedule github` or `gitlab`.",
    )
