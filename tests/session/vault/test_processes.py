"""Several real processes and real kills: one at a time uses a session, and none leaves half of one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

from automation.core.errors import NoSession, SessionBusy
from automation.core.verdicts import Reason
from automation.session.vault import Vault
from automation.session.vault_keys import new_key
from tests.session.vault.builders import a_session, a_state, a_vault, bytes_below, leaks
from tests.turns import HANGING_S

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks and kills as POSIX has them")

ROOT = Path(__file__).parents[3]
KEY = new_key()[0]
HEAD = """\
import json, os, pathlib, signal, sys, time
from dataclasses import replace
from automation.core.errors import SessionBusy
from tests.session.vault.builders import a_session, a_state, a_vault
vault = a_vault(pathlib.Path(sys.argv[1]), sys.argv[2])
"""


def _start(folder: Path, code: str) -> subprocess.Popen[str]:
    """Another Python with a vault of the same folder and key."""
    command = [sys.executable, "-c", HEAD + textwrap.dedent(code), str(folder), KEY]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _vault(folder: Path) -> Vault:
    return a_vault(folder, KEY)


HOLD = """
with vault.locked("atelier-facebook"):
    print("locked", flush=True)
    sys.stdin.read()
"""


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_session_is_used_by_one_process_at_a_time(tmp_path: Path) -> None:
    """While another process uses it, it cannot be used, stored or forgotten here; the message names that process."""
    vault = _vault(tmp_path)
    vault.store(a_session())
    other = _start(tmp_path, HOLD)
    with other:
        assert _line(other) == "locked"
        for act in (
            lambda: vault.locked("atelier-facebook").__enter__(),
            lambda: vault.store(a_session(storage_state={})),
            lambda: vault.forget("atelier-facebook"),
        ):
            with pytest.raises(SessionBusy) as caught:
                act()
            assert f"the process {other.pid} is using" in caught.value.message
            assert caught.value.reason is Reason.TIMEOUT
            assert caught.value.retryable
        assert other.poll() is None, "whoever has it still has it: nobody waited for its end"
        with vault.locked("studio"):
            vault.store(a_session("studio"))
        assert vault.load("atelier-facebook") == a_session(), "reading needs no lock: a file is old or new"
    assert other.returncode == 0
    with vault.locked("atelier-facebook"):
        assert vault.forget("atelier-facebook")


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """After kill -9 of the process that holds it: the next one gets the session at once, with nothing to clean up."""
    other = _start(tmp_path, HOLD)
    with other:
        assert _line(other) == "locked"
        other.kill()
        other.wait(timeout=HANGING_S)
        with _vault(tmp_path).locked("atelier-facebook"):
            _vault(tmp_path).entries()


def test_two_visits_of_one_process_keep_apart_too(tmp_path: Path) -> None:
    """A second visit to the same account in this very process is refused like any other."""
    with (
        _vault(tmp_path).locked("atelier-facebook"),
        pytest.raises(SessionBusy, match=f"the process {os.getpid()} is using"),
        _vault(tmp_path).locked("atelier-facebook"),
    ):
        pass
    with _vault(tmp_path).locked("atelier-facebook"):
        pass


COUNT = """
done = 0
while done < 25:
    try:
        with vault.locked("atelier-facebook"):
            saved = vault.load("atelier-facebook")
            vault.store(replace(saved, storage_state={"count": saved.storage_state["count"] + 1}))
        done += 1
    except SessionBusy:
        time.sleep(0.003)
"""


def test_two_processes_that_want_it_all_the_time_lose_nothing(tmp_path: Path) -> None:
    """Two processes load, change and store the same session 25 times each: every change is there in the end."""
    vault = _vault(tmp_path)
    vault.store(a_session(storage_state={"count": 0}))
    running = [_start(tmp_path, COUNT) for _ in range(2)]
    for process in running:
        with process:
            process.wait(timeout=HANGING_S)
        assert process.returncode == 0
    assert vault.load("atelier-facebook").storage_state == {"count": 50}


AT_EVERY_LINE = """
from automation.storage import files

old, new = a_session(), a_session(storage_state=a_state("canary-new" * 5000))

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def at_line(number):
    reached = 0
    def each(frame, event, argument):
        nonlocal reached
        if event == "line":
            reached += 1
            if reached == number:
                die()
        return each
    def only_writing(frame, event, argument):
        return each if frame.f_code.co_filename == files.__file__ else None
    sys.settrace(only_writing)

class HalfWritten:
    def __init__(self, file):
        self.file = file
    def __enter__(self):
        return self
    def __exit__(self, *_error):
        pass
    def write(self, data):
        os.write(self.file.fileno(), data[: len(data) // 2])
        die()

def half(_number):
    real = os.fdopen
    os.fdopen = lambda *arguments: HalfWritten(real(*arguments))

def killed(prepare, number):
    vault.store(old)
    child = os.fork()
    if child == 0:
        prepare(number)
        vault.store(new)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    left = sorted(p.name for p in pathlib.Path(sys.argv[1]).iterdir() if p.suffix == ".partial")
    found = vault.load("atelier-facebook")
    print(json.dumps({
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "exited": os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0,
        "found": "old" if found == old else "new" if found == new else "neither",
        "left": left,
    }))
    return os.WIFSIGNALED(status)

killed(half, 0)
number = 1
while killed(at_line, number):
    number += 1
"""


def test_a_kill_at_any_point_of_writing_leaves_the_old_or_the_new_session(tmp_path: Path) -> None:
    """
    With kill -9 in the middle of the bytes and before every line that writes: what is there is whole, and it goes on.

    Each point is a real process that dies there; the write after it takes away what it left.
    """
    process = _start(tmp_path, AT_EVERY_LINE)
    out, _ = process.communicate(timeout=HANGING_S)
    assert process.returncode == 0
    half, *points, last = [json.loads(line) for line in out.splitlines()]
    assert half == {"killed": True, "exited": False, "found": "old", "left": [".atelier-facebook.age.partial"]}
    assert last["exited"]
    assert (last["found"], last["left"]) == ("new", [])
    assert len(points) >= 10, "beside, open, write, flush, sync, rename, sync of the folder"
    assert all(point["killed"] for point in points)
    found = [point["found"] for point in points]
    assert "neither" not in found
    renamed = found.index("new")
    assert found == ["old"] * renamed + ["new"] * (len(found) - renamed), "once the new one is there it stays"
    assert any(point["left"] for point in points[:renamed])
    assert leaks(bytes_below(tmp_path), ("canary-new", "canary-cookie")) == [], "what a kill leaves is sealed too"


STORE_ON_AND_ON = """
print("ready", flush=True)
number = 0
while True:
    number += 1
    vault.store(a_session(storage_state=a_state(f"{number} " * 20000)))
"""


def test_a_kill_at_any_moment_leaves_a_whole_session(tmp_path: Path) -> None:
    """A process that stores without a pause is killed at arbitrary moments; what is there always opens."""
    vault = _vault(tmp_path)
    for pause_s in (0.0, 0.003, 0.011, 0.02):
        process = _start(tmp_path, STORE_ON_AND_ON)
        with process:
            assert _line(process) == "ready"
            time.sleep(pause_s)
            process.send_signal(signal.SIGKILL)
        with suppress(NoSession):
            values = {c["value"] for c in vault.load("atelier-facebook").storage_state["cookies"]}
            (value,) = values
            old = a_session().storage_state["cookies"][0]["value"]  # where the kill came before the first new one
            assert value in {old, a_state(f"{value.split()[0]} " * 20000)["cookies"][0]["value"]}
        vault.store(a_session())
        assert vault.load("atelier-facebook") == a_session()
        assert list(tmp_path.glob(".*.partial")) == []
