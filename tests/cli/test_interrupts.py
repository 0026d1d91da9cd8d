"""
Ctrl-C during `temoin check`, as a terminal sends it: to the program and to everything that it started.

Real: the program in a process group of its own, the signals, the browser, the guard, the replica's server.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from automation.authoring.replica import Actor, Replica
from automation.cli.group import READER_GONE, quiet_when_reader_is_gone
from automation.evidence.verify.findings import VerifyCode
from automation.reports.as_json import schema
from tests import json_schemas
from tests.cli.test_check import IDENTITY_KEY, SITES, actor_of, secrets_of, write_configuration
from tests.evidence.building import Place
from tests.tiers import first
from tests.turns import HANGING_S, until

pytestmark = [pytest.mark.browser, pytest.mark.skipif(os.name == "nt", reason="signals and process groups of POSIX")]


@asynccontextmanager
async def checking(folder: Path, people: dict[str, Actor]) -> AsyncIterator[tuple[asyncio.subprocess.Process, Replica]]:
    """The program, one account after the other, on a stand-in; whatever it leaves is ended."""
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(folder, people, replica, "concurrency = 1\n")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
        environment |= {
            "LANG": "en_GB.UTF-8",
            "XDG_DATA_HOME": str(folder / "data"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "TEMOIN_IDENTITY_KEY": IDENTITY_KEY,
        }
        for name, actor in people.items():
            environment |= secrets_of(name, actor)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "automation", "check", "--json", "--config", str(folder / "temoin.toml"),
            cwd=folder, env=environment, start_new_session=True,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process, replica
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def until_reading(replica: Replica, actor: Actor) -> None:
    """Wait until an account is signed in and its pages are being read."""
    await until(lambda: bool(replica.sign_in_tries.get(actor.username)), 90)
    served = replica.pages_served.total()
    await until(lambda: replica.pages_served.total() >= served + 2, 60)


def browsers_of(replica: Replica) -> list[int]:
    """Processes that were started with the stand-in's certificate."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if replica.spki.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


@pytest.mark.thorough
async def test_once_ends_the_run_in_order(tmp_path: Path) -> None:
    """
    What is done is kept, what is under way is dropped within seconds, what has not begun says so.

    The results are written as of any other run, with exit code 3, and no half-written evidence and no browser stays.
    """
    people = {
        "done": actor_of("facebook", "checkpoint"),
        "under-way": actor_of("facebook", "open_slow"),
        "waiting": actor_of("facebook", "accepted"),
        "last": actor_of("facebook", "refused"),
    }
    async with checking(tmp_path, people) as (process, replica):
        await until_reading(replica, people["under-way"])
        os.killpg(process.pid, signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), HANGING_S)
        assert b"Ctrl-C again ends at once" in err
        assert process.returncode == 3
        document = json.loads(out)
        json_schemas.follow(document, schema())
        assert document["run"]["exit_code"] == 3
        said = {result["account"]: (result["verdict"], result["reason"]) for result in document["results"]}
        assert said["done"][0] == "needs_human"
        assert set(list(said.items())[1:]) == {
            (name, ("unknown", "interrupted")) for name in ("under-way", "waiting", "last")
        }
        because = {result["account"]: result["because"] for result in document["results"]}
        assert "while this account was looked at" in because["under-way"]
        assert "before this account was looked at" in because["waiting"]
        assert replica.sign_in_tries == {people["done"].username: 1, people["under-way"].username: 1}
        assert replica.writes == []
        assert browsers_of(replica) == []
    run = tmp_path / document["run"]["output"]
    assert json.loads((run / "results.json").read_text()) == document
    assert (run / "report.en.html").is_file()
    assert list(run.rglob("*.partial")) == []
    assert len([path for path in run.iterdir() if path.is_dir()]) == 1


async def test_twice_ends_at_once(tmp_path: Path) -> None:
    """The second one waits for nothing; nothing leaves after it, and the browsers end by themselves."""
    people = {"under-way": actor_of("facebook", "open_slow")}
    async with checking(tmp_path, people) as (process, replica):
        await until_reading(replica, people["under-way"])
        assert browsers_of(replica)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        async with asyncio.timeout(HANGING_S):
            while b"Ctrl-C again" not in await process.stderr.readline():
                pass
        os.killpg(process.pid, signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), HANGING_S) == 130
        assert list(tmp_path.rglob("results.json")) == [], "it did not wait until those under way were dropped"
        served = replica.pages_served.total()
        await until(lambda: not browsers_of(replica))
        assert replica.pages_served.total() == served
        assert replica.writes == []


@pytest.mark.parametrize(("does", "code"), [("cleans up", -signal.SIGINT), ("hangs", 130)])
async def test_any_other_command_is_broken_off(does: str, code: int) -> None:
    """It cleans up first; where that does not end, it is ended."""
    program = f"""
import asyncio
from automation.app.interrupts import breakable

async def work():
    print("begun", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        if {does!r} == "hangs":
            await asyncio.Event().wait()
        print("cleaned up", flush=True)

asyncio.run(breakable(work(), cleaning_s=1.0))
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), HANGING_S) == b"begun\n"
    process.send_signal(signal.SIGINT)
    rest = await asyncio.wait_for(process.stdout.read(), HANGING_S)
    assert (await process.wait(), rest) == (code, b"cleaned up\n" if does == "cleans up" else b"")


ROOT = Path(__file__).parents[2]


def _unread(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and error output of the program, started with a pipe that nobody reads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    started = subprocess.Popen(
        [sys.executable, "-m", "automation", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(folder / "data"), "LANG": "en_GB.UTF-8"},
    )
    assert started.stdout is not None
    started.stdout.close()
    said = started.communicate(timeout=HANGING_S)[1]
    return started.returncode, said


@pytest.mark.parametrize("arguments", first("flow list", "--help", "flow schema"))
def test_a_command_ends_quietly(arguments: str, tmp_path: Path) -> None:
    """Plain text, long text and tables: no word on the error output, and a code of its own, no finding."""
    assert _unread(tmp_path, *arguments.split()) == (READER_GONE, "")


@pytest.mark.parametrize("option", first("--json", "--quiet", "--lang=fr"))
def test_verifying_for_nobody(option: str, tmp_path: Path) -> None:
    """Never one of the exit codes that say something of the evidence, unless there was nothing to print."""
    place = Place(tmp_path)
    place.sealed()
    code, said = _unread(
        tmp_path, "verify", "evidence", "--trust", str(place.trust_file()), option, "--allow-unstamped"
    )
    assert (code, said) == (VerifyCode.VALID if option == "--quiet" else READER_GONE, "")


def _write_to_nobody() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        os.write(writing, b"x")
    finally:
        os.close(writing)


def test_another_broken_pipe_stays_a_fault() -> None:
    """A browser or server that is gone is no reader that is gone."""
    with pytest.raises(BrokenPipeError), quiet_when_reader_is_gone():
        _write_to_nobody()
    with pytest.raises(SystemExit), quiet_when_reader_is_gone():
        raise SystemExit(1)
