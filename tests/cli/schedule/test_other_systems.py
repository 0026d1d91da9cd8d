"""
Files for macOS and Windows: read as those systems read them, as far as that can be done elsewhere.

Real: the property list's own parser, `sh` running what launchd would start, an XML schema written from Microsoft's
documentation. Not real: launchd and Task Scheduler; nobody has tried the files there.
"""

from __future__ import annotations

import plistlib
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from automation.app import schedule
from automation.app.schedule import Every, Host, usual_time
from tests.cli.conftest import Program
from tests.cli.schedule.test_files import a_host

NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
WINDOWS = Host(
    usual_time(Every.WEEK, ["a"]),
    r"C:\Bureau\Zoë & Co\temoin.exe",
    r"C:\Bureau\Zoë & Co\<comptes>",
    "0.1.0",
    ("atelier", "--config", 'my "own" file.toml'),
)


@pytest.mark.parametrize("every", Every)
def test_launchd_gets_the_time_and_the_program(every: Every, tmp_path: Path) -> None:
    """The list is one of Apple's, its time the schedule's, its words the program's; evidence is for its owner alone."""
    host = replace(a_host(tmp_path), when=usual_time(every, ["a"]))
    told = plistlib.loads(schedule.launchd(host).encode())
    when = {"Hour": host.when.hour, "Minute": host.when.minute}
    when |= {Every.WEEK: {"Weekday": host.when.weekday}, Every.MONTH: {"Day": host.when.day}}.get(every, {})
    assert told["StartCalendarInterval"] == when
    assert told["ProgramArguments"] == [host.program, "check", *host.arguments]
    assert (told["WorkingDirectory"], told["Umask"]) == (host.folder, 0o077)
    assert "RunAtLoad" not in told, "installing it checks nobody at once"
    assert "nobody has run it" in schedule.launchd(host)


@pytest.mark.parametrize(("code", "sent"), [(0, True), (1, True), (2, False), (3, True), (4, False)])
def test_what_launchd_starts_keeps_the_code(code: int, sent: bool, tmp_path: Path) -> None:
    """Run as launchd would: the program with its words, the heartbeat only after a result, the program's exit code."""
    host = a_host(tmp_path, "https://hc.example/a?b=1&c=2")
    (Path(host.folder) / "code").write_text(str(code))
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\necho "$*" > "$0.called"\n')
    curl.chmod(0o755)
    told = plistlib.loads(schedule.launchd(host).encode())
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    ended = subprocess.run(told["ProgramArguments"], cwd=told["WorkingDirectory"], env=environment, check=False)
    assert ended.returncode == code
    assert (Path(host.folder) / "called").read_text() == f"{host.folder}\ncheck|atelier|--config|x%y.toml|"
    assert curl.with_suffix(".called").exists() is sent
    assert not sent or curl.with_suffix(".called").read_text().endswith("https://hc.example/a?b=1&c=2\n")


@pytest.mark.parametrize("every", Every)
def test_a_task_follows_the_schema(every: Every) -> None:
    """Names, order and types of its elements are those of Microsoft's documentation, at the schedule's time."""
    schema = xmlschema.XMLSchema(Path(__file__).with_name("task.xsd"))
    host = replace(WINDOWS, when=usual_time(every, ["a"]))
    text = schedule.task_scheduler(host)
    schema.validate(text)
    assert not schema.is_valid(text.replace("<RandomDelay>PT20M</RandomDelay>", "").replace("Boundary", "Bound"))
    task = ElementTree.fromstring(text)
    start = task.findtext(".//t:StartBoundary", namespaces=NAMESPACE)
    assert start is not None
    assert start.endswith(f"T{host.when.hour:02}:{host.when.minute:02}:00")
    days = [re.sub(r"\{.*\}", "", day.tag) for day in task.findall(".//t:DaysOfWeek/*", NAMESPACE)]
    assert days == ([["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"][host.when.weekday - 1]] if days else [])
    assert bool(days) is (every is Every.WEEK)
    assert len(task.findall(".//t:Months/*", NAMESPACE)) == (12 if every is Every.MONTH else 0)


def test_a_task_quotes_for_windows() -> None:
    """Marks of XML and of a command line in names stay what they are; the task has no more rights than its user."""
    task = ElementTree.fromstring(schedule.task_scheduler(WINDOWS))
    said = {name: task.findtext(f".//t:{name}", namespaces=NAMESPACE) for name in ("Command", "WorkingDirectory")}
    assert said == {"Command": WINDOWS.program, "WorkingDirectory": WINDOWS.folder}
    arguments = task.findtext(".//t:Arguments", namespaces=NAMESPACE)
    assert arguments == r'check atelier --config "my \"own\" file.toml"'
    assert task.findtext(".//t:RunLevel", namespaces=NAMESPACE) == "LeastPrivilege"


@pytest.mark.parametrize("way", ["launchd", "task-scheduler"])
def test_it_is_said_that_nobody_tried_it(way: str, temoin: Program) -> None:
    """The file goes to stdout, and the warning beside it, where no pipe swallows it."""
    Path("temoin.toml").write_text(
        '[[accounts]]\nname = "a"\nflow = "facebook.ai_objection"\nowner = "o"\nidentity = "100083456712345"\n'
    )
    told = temoin("schedule", way)
    assert told.code == 0, told.err
    assert told.out.startswith("<?xml")
    assert "never run there" in told.err
