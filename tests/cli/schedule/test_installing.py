"""A schedule is put in and taken away without touching what is not ours; the scheduler itself is a fake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from automation.app import schedulers
from automation.app.schedule import Every, Host, usual_time
from automation.app.schedulers import Way
from automation.core.errors import ConfigurationError

HOST = Host(usual_time(Every.WEEK, ["a"]), "/opt/temoin", "/srv/accounts", "0.1.0")
THEIRS = "MAILTO=claire@example.org\n# backup\n0 3 * * * backup --all\n"


class Machine:
    """A computer that has every program; its crontab and systemctl have a memory."""

    system = "linux"

    def __init__(self, table: str = "", *, fails: str = "", home: Path = Path("/home/lou")) -> None:
        self.table, self.fails, self.home = table, fails, home
        self.calls: list[str] = []

    def on_path(self, name: str) -> Path | None:
        """Each is there."""
        return Path("/usr/bin") / name

    def run(self, words: Sequence[str], text: str = "") -> tuple[int, str]:
        """What a call answers."""
        line = " ".join(words)
        self.calls.append(line)
        if self.fails and self.fails in line:
            return 1, "no bus"
        if line == "crontab -l":
            return (0, self.table) if self.table else (1, "no crontab for claire")
        if line == "crontab -":
            self.table = text
        return 0, ""


@pytest.fixture(autouse=True)
def _own_units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.mark.parametrize("before", ["", THEIRS])
def test_the_rest_of_a_crontab_stays(before: str) -> None:
    """Installed twice there is one schedule; removed, the table is what it was."""
    machine = Machine(before)
    for _ in range(2):
        schedulers.install(Way.CRON, HOST, machine)
    assert machine.table.startswith(before)
    assert machine.table.count("/opt/temoin check") == 1
    assert schedulers.installed(machine) is Way.CRON
    assert schedulers.remove(machine)
    assert machine.table == before
    assert not schedulers.remove(machine)


def test_units_are_enabled_and_gone_again(tmp_path: Path) -> None:
    """The user's systemd gets both units, starts the timer, and forgets them on removal."""
    machine = Machine()
    schedulers.install(Way.SYSTEMD, HOST, machine)
    assert "systemctl --user enable --now temoin.timer" in machine.calls
    assert "/opt/temoin check" in (tmp_path / "systemd" / "user" / "temoin.service").read_text()
    assert schedulers.installed(machine) is Way.SYSTEMD
    schedulers.remove(machine)
    assert "systemctl --user disable --now temoin.timer" in machine.calls
    assert schedulers.installed(machine) is None


def test_a_scheduler_that_refuses_leaves_nothing_behind() -> None:
    """Half an installation is none; what the scheduler said is told."""
    with pytest.raises(ConfigurationError, match="no bus"):
        schedulers.install(Way.SYSTEMD, HOST, Machine(fails="enable"))
    assert schedulers.installed(Machine()) is None


def test_changing_the_way_leaves_one_schedule() -> None:
    """Who had cron and takes systemd is not checked twice."""
    machine = Machine(THEIRS)
    schedulers.install(Way.CRON, HOST, machine)
    schedulers.install(Way.SYSTEMD, HOST, machine)
    assert machine.table == THEIRS
    assert schedulers.installed(machine) is Way.SYSTEMD


class Mac(Machine):
    """With `launchctl`."""

    system = "darwin"


def test_launchd_loads_the_agent_and_forgets_it(tmp_path: Path) -> None:
    """On macOS the agent is written below the user's own folder and loaded; one that is refused leaves nothing."""
    agent = tmp_path / "Library" / "LaunchAgents" / "temoin.check.plist"
    machine = Mac(home=tmp_path)
    assert Way.LAUNCHD in schedulers.ways(machine)
    schedulers.install(Way.LAUNCHD, HOST, machine)
    assert agent.read_text().startswith("<?xml")
    assert any(call.startswith("launchctl bootstrap gui/") and call.endswith(str(agent)) for call in machine.calls)
    assert schedulers.installed(machine) is Way.LAUNCHD
    assert schedulers.remove(machine)
    assert not agent.exists()
    with pytest.raises(ConfigurationError, match="no bus"):
        schedulers.install(Way.LAUNCHD, HOST, Mac(fails="bootstrap", home=tmp_path))
    assert not agent.exists()


class Windows(Machine):
    """`schtasks` with a memory."""

    system = "win32"

    def __init__(self) -> None:
        super().__init__()
        self.task = b""

    def run(self, words: Sequence[str], text: str = "") -> tuple[int, str]:
        """What a call answers."""
        if words[0] != "schtasks":
            return 127, ""
        self.calls.append(" ".join(words))
        if words[1] == "/create":
            self.task = Path(words[words.index("/xml") + 1]).read_bytes()
        held = bool(self.task)
        if words[1] == "/delete":
            self.task = b""
        return (0, "") if held else (1, "ERROR: The system cannot find the file specified.")


def test_task_scheduler_is_handed_a_file() -> None:
    """On Windows the task is made from UTF-16 with its mark, asked for by name, and deleted."""
    machine = Windows()
    assert Way.TASK_SCHEDULER in schedulers.ways(machine)
    schedulers.install(Way.TASK_SCHEDULER, HOST, machine)
    assert machine.task.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert "<Command>/opt/temoin</Command>" in machine.task.decode("utf-16")
    assert schedulers.installed(machine) is Way.TASK_SCHEDULER
    assert schedulers.remove(machine)
    assert schedulers.installed(machine) is None
