"""`temoin stale` and `temoin schedule` as programs: what they print, and how they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.core.results import ExitCode
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import to_json
from automation.session.vault import new_key
from tests.builders import a_result, a_run

if TYPE_CHECKING:
    from tests.cli.conftest import Program

ACCOUNTS = """
[[accounts]]
name = "{0}"
flow = "facebook.ai_objection"
identity = "1000{0}"
"""


def configure(*names: str, head: str = "") -> None:
    """A temoin.toml with these accounts."""
    Path("temoin.toml").write_text(head + "".join(ACCOUNTS.format(name) for name in names))


def store(
    name: str, age: timedelta, *, folder: str = "temoin-evidence", stand_in: bool = False, **changes: object
) -> None:
    """A run with one result, so long ago."""
    from automation.core.results import RunDocument

    at = datetime.now(UTC) - age
    result = replace(a_result(), account=name, started_at=at, finished_at=at, **changes)  # type: ignore[arg-type]
    place = Path(folder) / f"run-{name}-{age.total_seconds():g}"
    place.mkdir(parents=True)
    run = a_run(started_at=at, finished_at=at, stand_in=stand_in)
    (place / "results.json").write_text(to_json(RunDocument(run, (result,))))


def test_who_has_a_new_result_is_not_named(temoin: Program) -> None:
    """Nothing is printed, and 0, as long as each account has a result that is new enough, whichever run it is from."""
    configure("one", "two")
    store("one", timedelta(days=30))
    store("one", timedelta(days=2))
    store("two", timedelta(days=9))
    answer = temoin("stale")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_who_has_none_is_named(temoin: Program) -> None:
    """Too old, never, only on a stand-in: each is named with the last day, and the exit code is 3."""
    configure("one", "two", "three", "four")
    store("one", timedelta(days=11))
    store("two", timedelta(hours=1))
    store("three", timedelta(hours=1), stand_in=True)
    answer = temoin("stale", "--older-than", "10d")
    assert answer.code == ExitCode.INCOMPLETE
    assert [line.partition(":")[0] for line in answer.out.splitlines()] == ["one", "three", "four"]
    assert "last result on " in answer.out
    assert "four: no result" in answer.out
    assert "aucun résultat" in temoin("--lang", "fr", "stale").out


def test_an_unknown_is_a_result_but_no_answer(temoin: Program) -> None:
    """A run that came to `unknown` has run; with `--answered` only an answer counts."""
    configure("one")
    store("one", timedelta(hours=1), verdict=Verdict.UNKNOWN, reason=Reason.TIMEOUT)
    assert temoin("stale").code == ExitCode.OK
    assert temoin("stale", "--answered").code == ExitCode.INCOMPLETE


def test_copies_elsewhere_count(temoin: Program) -> None:
    """Folders and files that are named are looked at instead; a damaged file is said and is no result."""
    configure("one")
    store("one", timedelta(hours=1), folder="copy")
    assert temoin("stale").code == ExitCode.USAGE, "the configured folder is not there"
    assert temoin("stale", "copy").code == ExitCode.OK
    (file,) = Path("copy").rglob("results.json")
    assert temoin("stale", str(file)).code == ExitCode.OK
    file.write_text(file.read_text()[:-40])
    answer = temoin("stale", "copy")
    assert (answer.code, answer.out) == (ExitCode.INCOMPLETE, "one: no result\n")
    assert str(file) in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["stale", "--older-than", "soon"], "36h, 10d, 2w"),
        (["stale", "--older-than", "0d"], "36h, 10d, 2w"),
        (["schedule", "alarm", "--older-than", "x"], "36h, 10d, 2w"),
        (["schedule", "cron", "--at", "25:00"], "--at 06:17"),
        (["schedule", "github", "--evidence-for", "age1nobody"], "age1… whole"),
        (["schedule", "github", "--evidence-for", "AGE-SECRET-KEY-1QQ"], "it is not repeated here"),
        (["schedule", "gitlab", "--heartbeat", "http://example.org"], "https address"),
        (["schedule", "gitlab", "--heartbeat", "https://example.org/'; rm -r ."], "https address"),
        (["schedule", "cron", "nobody"], 'no account "nobody"'),
        (["schedule", "github", "--every", "hour"], "day"),
        (["bundle", "pack", "--for", "age1", "-o", "x"], "age1… whole"),
        (["bundle", "unpack", "gone", "-o", "x", "--identity-file", "gone-too"], "gone-too: cannot be read"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], words: str, temoin: Program) -> None:
    """A wrong length, time, key, address or account: one message with what to write instead, exit code 2, no file."""
    configure("one")
    answer = temoin(*arguments)
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert words in answer.err
    assert "QQ" not in answer.err


def test_a_schedule_without_accounts_is_refused(temoin: Program) -> None:
    """A file that would check nothing is not printed."""
    Path("temoin.toml").write_text("strict = false\n")
    for kind in ("github", "gitlab", "cron", "systemd", "alarm"):
        answer = temoin("schedule", kind)
        assert (answer.code, answer.out) == (ExitCode.USAGE, "")
        assert "nothing would be checked" in answer.err
    assert temoin("stale").code == ExitCode.USAGE


def test_a_schedule_is_printed_and_nothing_else(temoin: Program) -> None:
    """Standard output is the file; beside it is said what is left to do: who may open the evidence, and what is installed."""
    Path("sub").mkdir()
    configure("one")
    Path("temoin.toml").rename("sub/mine.toml")
    answer = temoin("schedule", "github", "--config", "sub/mine.toml", "--at", "6:17", "--every", "month")
    assert answer.code == 0
    assert answer.out.startswith("# Written by `temoin schedule github`")
    assert 'CONFIG: "sub/mine.toml"' in answer.out
    assert '- cron: "17 6 ' in answer.out
    assert "temoin session recipient" in answer.err
    _, public = new_key()
    kept = temoin("schedule", "gitlab", "--config", "sub/mine.toml", "--evidence-for", public, "--keep-days", "3")
    assert kept.code == 0
    assert kept.err.startswith("! Fill in git+https://HOST/OWNER/temoin@COMMIT")
    assert "'temoin @ git+https://HOST/OWNER/temoin@COMMIT'" in kept.out
    wheel = "./temoin-0.1.0-py3-none-any.whl"
    words = ("--config", "sub/mine.toml", "--evidence-for", public)
    named = temoin("schedule", "gitlab", *words, "--package", wheel)
    assert (named.code, named.err) == (0, "")
    assert f"--root-user-action ignore {wheel}" in named.out
    assert "slim" in named.out, "a wheel needs no git"
    assert f"--for {public}" in kept.out
    assert "expire_in: 3 days" in kept.out
    cron = temoin("schedule", "cron", "one", "--config", "sub/mine.toml")
    assert f"cd {Path('sub').absolute()} &&" in cron.out
    assert "check one --config mine.toml" in cron.out


def test_the_units_are_written_where_systemd_looks(temoin: Program) -> None:
    """With a folder, both files lie in it, and their paths are printed."""
    configure("one")
    answer = temoin("schedule", "systemd", "--output", "units/user")
    assert answer.out.splitlines() == ["units/user/temoin.service", "units/user/temoin.timer"]
    assert "ExecStart=/" in Path("units/user/temoin.service").read_text()
    assert "OnCalendar=" in Path("units/user/temoin.timer").read_text()
