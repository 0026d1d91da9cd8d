"""A schedule put into this machine's own scheduler after a yes, and taken away again: systemd of the user, or cron."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from automation.errors import ConfigurationError

if TYPE_CHECKING:
    from automation.cli.schedule.files import Host

_BEGIN, _END = "# temoin: begin (temoin schedule remove)", "# temoin: end"
_TIMER = "temoin.timer"
_LIMIT_S = 20.0


class Way(StrEnum):
    """What can start a program at a time."""

    SYSTEMD = "systemd"
    CRON = "cron"


Call = Callable[[Sequence[str], str], "tuple[int, str]"]
"""Runs a program with a text as its input; its exit code and what it printed."""


def call(words: Sequence[str], text: str = "") -> tuple[int, str]:
    """Run a program of this machine; 127 where it is not there or does not end."""
    import subprocess

    try:
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=_LIMIT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 127, ""
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def ways(run: Call = call) -> tuple[Way, ...]:
    """What this machine has, the better one first."""
    found = []
    if shutil.which("systemctl") and run(["systemctl", "--user", "show-environment"], "")[0] == 0:
        found.append(Way.SYSTEMD)
    if shutil.which("crontab"):
        found.append(Way.CRON)
    return tuple(found)


def text_of(way: Way, host: Host) -> str:
    """What would be installed."""
    from automation.cli.schedule import files

    return files.cron(host) if way is Way.CRON else "\n".join(files.systemd(host).values())


def installed(run: Call = call) -> Way | None:
    """Which of them holds a schedule of ours; None: no one does."""
    if (_units() / _TIMER).exists():
        return Way.SYSTEMD
    return Way.CRON if shutil.which("crontab") and _BEGIN in _crontab(run) else None


def install(way: Way, host: Host, run: Call = call) -> None:
    """
    Put a schedule in, in the place of one of ours that is there.

    Raises:
        ConfigurationError: the machine's scheduler does not take it; nothing of ours is left then.
        OutputError: the units cannot be written.
    """
    from automation.cli.schedule import files
    from automation.storage.files import write_text, writing

    remove(run)
    if way is Way.CRON:
        lines = [*_without_ours(_crontab(run)), _BEGIN, *files.cron(host).splitlines(), _END]
        _expect(run(["crontab", "-"], "\n".join(lines) + "\n"), "crontab")
        return
    with writing(_units()):
        _units().mkdir(parents=True, exist_ok=True)
    for name, text in files.systemd(host).items():
        write_text(_units() / name, text)
    try:
        _expect(run(["systemctl", "--user", "daemon-reload"], ""), "systemd")
        _expect(run(["systemctl", "--user", "enable", "--now", _TIMER], ""), "systemd")
    except ConfigurationError:
        remove(run)
        raise


def remove(run: Call = call) -> bool:
    """Take our schedule away, wherever it is; whether there was one."""
    gone = False
    if (_units() / _TIMER).exists():
        run(["systemctl", "--user", "disable", "--now", _TIMER], "")
        for name in (_TIMER, "temoin.service"):
            (_units() / name).unlink(missing_ok=True)
        run(["systemctl", "--user", "daemon-reload"], "")
        gone = True
    if shutil.which("crontab") and _BEGIN in (table := _crontab(run)):
        kept = _without_ours(table)
        _expect(run(["crontab", "-"], "".join(f"{line}\n" for line in kept)), "crontab")
        gone = True
    return gone


def refuse() -> NoReturn:
    """
    Say that there is no scheduler that we know.

    Raises:
        ConfigurationError: always.
    """
    raise ConfigurationError(
        "this machine has neither systemd for its users nor cron",
        "Start `temoin check` with the scheduler that it has, or use `temoin schedule github` or `gitlab`.",
    )


def _units() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir()) / "systemd" / "user"


def _crontab(run: Call) -> str:
    """The user's table; empty where they have none."""
    code, text = run(["crontab", "-l"], "")
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
            f"{whose} did not take the schedule: {text.strip()[:300]}", "Install what `temoin schedule` prints by hand."
        )
