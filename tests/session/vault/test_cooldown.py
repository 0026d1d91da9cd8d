"""The cool-down after failed sign-ins: on a real disk, with a clock that a test sets."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation.core.errors import OutputError
from automation.session.vault import Cooldown

NOW = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_account_that_never_failed_waits_for_nothing(tmp_path: Path) -> None:
    """Asking makes no record and no folder."""
    assert Cooldown(tmp_path / "cooldown").remaining("a", NOW) is None
    assert not (tmp_path / "cooldown").exists()


def test_each_failure_waits_longer_and_a_new_process_knows(tmp_path: Path) -> None:
    """One hour, six, a day, three days, and never more; what is on the disk counts, not what a process remembers."""
    now = NOW
    for hours in (1, 6, 24, 72, 72):
        assert Cooldown(tmp_path).failed("a", "challenge", now) == hours * HOUR
        assert Cooldown(tmp_path).remaining("a", now) == hours * HOUR
        assert Cooldown(tmp_path).remaining("a", now + hours * HOUR - timedelta(seconds=1)) == timedelta(seconds=1)
        now += hours * HOUR
        assert Cooldown(tmp_path).remaining("a", now) is None
    assert Cooldown(tmp_path).remaining("b", NOW) is None, "accounts wait apart"


def test_a_scheduled_job_tries_five_times_in_a_week(tmp_path: Path) -> None:
    """A job every ten minutes against a wrong password knocks five times in a week, not a thousand."""
    cooldown, tries = Cooldown(tmp_path), 0
    for tick in range(7 * 24 * 6):
        now = NOW + tick * timedelta(minutes=10)
        if cooldown.remaining("a", now) is None:
            tries += 1
            cooldown.failed("a", "login_required", now)
    assert tries == 5


def test_success_or_a_person_ends_it(tmp_path: Path) -> None:
    """After a good sign-in the next failure is a first one again."""
    cooldown = Cooldown(tmp_path)
    cooldown.failed("a", "challenge", NOW)
    cooldown.failed("a", "challenge", NOW)
    assert cooldown.succeeded("a") is True
    assert cooldown.succeeded("a") is False
    assert cooldown.remaining("a", NOW) is None
    assert cooldown.failed("a", "challenge", NOW) == HOUR


def test_a_clock_set_back_neither_opens_the_way_nor_closes_it_for_ever(tmp_path: Path) -> None:
    """A failure from a wrong year counts from the first look on: the usual wait, then the way is free."""
    cooldown = Cooldown(tmp_path)
    cooldown.failed("a", "challenge", NOW + timedelta(days=3650))
    assert cooldown.remaining("a", NOW) == HOUR
    assert Cooldown(tmp_path).remaining("a", NOW + HOUR / 2) == HOUR / 2
    assert Cooldown(tmp_path).remaining("a", NOW + HOUR) is None


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"failures": 1}',
        b'{"failures": 0, "failed_at": "2026-11-25T07:30:00+00:00", "reason": "x"}',
        b'{"failures": "1", "failed_at": "2026-11-25T07:30:00+00:00", "reason": "x"}',
        b'{"failures": true, "failed_at": "2026-11-25T07:30:00+00:00", "reason": "x"}',
        b'{"failures": 1, "failed_at": "2026-11-25T07:30:00", "reason": "x"}',
        b'{"failures": 1, "failed_at": "yesterday", "reason": "x"}',
        b'{"failures": 1, "failed_at": 5, "reason": "x"}',
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_waits_an_hour(tmp_path: Path, text: bytes) -> None:
    """A damaged record is no permission to try, and no reason to wait for ever."""
    (tmp_path / "a.json").write_bytes(text)
    assert Cooldown(tmp_path).remaining("a", NOW) == HOUR
    assert Cooldown(tmp_path).remaining("a", NOW + HOUR) is None
    assert Cooldown(tmp_path).failed("a", "challenge", NOW + HOUR) == 6 * HOUR


def test_the_record_is_private_and_says_what_happened(tmp_path: Path) -> None:
    """Three facts and no secret, readable by its owner only."""
    cooldown = Cooldown(tmp_path / "cooldown")
    cooldown.failed("a", "two_factor", NOW)
    path = tmp_path / "cooldown" / "a.json"
    assert json.loads(path.read_text()) == {"failures": 1, "failed_at": NOW.isoformat(), "reason": "two_factor"}
    last = cooldown.last("a")
    assert last is not None
    assert (last.failures, last.reason) == (1, "two_factor")
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_record_nobody_tries_again(tmp_path: Path) -> None:
    """Where the failure cannot be written down, that is an error with its place, not a silent go-ahead."""
    (tmp_path / "cooldown").write_text("in the way")
    with pytest.raises(OutputError, match="cooldown"):
        Cooldown(tmp_path / "cooldown").failed("a", "challenge", NOW)
