"""The browser that signed in is the browser that checks: which one is started, and how a difference is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loguru import logger

from automation.browser.capture import Journal
from automation.core.records import BrowserFacts
from automation.core.settings import BrowserSettings
from automation.flow import Flow
from automation.session.phase import KeptSession
from automation.session.saved import SigningBrowser
from automation.session.signing_browser import differences, settings_like, window_options
from automation.visit.order import CheckLog
from tests.browser.test_finder import CHROME, FULL, SHELL, FakeMachine
from tests.builders import an_account, an_environment
from tests.session.vault.builders import a_session, a_vault

SIGNED_IN = SigningBrowser(str(CHROME), "156.0.1.2", "Mozilla/5.0 Chrome/156", "fr-FR, fr", "Europe/Paris", "1270×893")
FACTS = BrowserFacts(
    executable=str(CHROME),
    languages="fr-FR, fr",
    time_zone="Europe/Paris",
    window="1270×893 at scale 1, screen 1600×1200",
    user_agent="Mozilla/5.0 Chrome/156",
)
PLAIN = BrowserSettings()


def machine() -> FakeMachine:
    """One with Chrome, Chromium and a headless shell."""
    return FakeMachine().has(CHROME, "156.0.1.2").has(FULL).has(SHELL)


def test_a_session_from_a_window_is_used_in_a_window_of_that_browser() -> None:
    """The same program, with a window; where it is gone, another one that has a window."""
    there = settings_like(SIGNED_IN, PLAIN, machine(), screen=True)
    assert there == replace(PLAIN, headless=False, path=CHROME)
    gone = settings_like(SIGNED_IN, PLAIN, FakeMachine().has(FULL).has(SHELL), screen=True)
    assert gone == replace(PLAIN, headless=False)


@pytest.mark.parametrize(
    ("signed_in", "settings", "screen"),
    [
        (None, PLAIN, True),
        (replace(SIGNED_IN, windowed=False), PLAIN, True),
        (SIGNED_IN, replace(PLAIN, headless_by_hand=True), True),
        (SIGNED_IN, replace(PLAIN, replica_map={"*": "127.0.0.1:1"}), True),
        (SIGNED_IN, replace(PLAIN, headless=False), True),
        (SIGNED_IN, PLAIN, False),
    ],
)
def test_the_usual_browser_serves(signed_in: SigningBrowser | None, settings: BrowserSettings, screen: bool) -> None:
    """Nothing is known, no window was there, somebody decided, it is a stand-in or watched, or no window can be shown."""
    assert settings_like(signed_in, settings, machine(), screen=screen) is None


def test_a_machine_without_a_window_still_checks() -> None:
    """A worker that has a headless shell alone checks with it; the difference is then told."""
    assert settings_like(SIGNED_IN, PLAIN, FakeMachine().has(SHELL), screen=True) is None


def test_a_browser_that_the_user_named_stays_the_one() -> None:
    """`browser.path` is not overruled by what signed in; only the window is added."""
    named = replace(PLAIN, path=Path(FULL))
    found = settings_like(SIGNED_IN, named, machine(), screen=True)
    assert found == replace(named, headless=False)


def test_each_difference_is_one_line() -> None:
    """No difference, no line; a headless shell of another version differs in everything that a service sees."""
    assert differences(SIGNED_IN, FACTS, "156.0.1.2") == ()
    assert differences(None, FACTS, "156.0.1.2") == ()
    shell = replace(
        FACTS, executable="/x/headless_shell", command_line=("--headless",), user_agent="HeadlessChrome/157"
    )
    lines = differences(SIGNED_IN, replace(shell, time_zone="UTC"), "157.0")
    assert [line.partition(":")[0] for line in lines] == ["window", "program", "version", "user agent", "time zone"]
    assert "UTC, signed in with Europe/Paris" in lines[-1]


@pytest.mark.parametrize(
    ("window", "options"),
    [
        ("1270×893", {"viewport": {"width": 1270, "height": 893}}),
        ("300×200", {}),
        ("", {}),
    ],
)
def test_the_window_has_the_size_that_signed_in(window: str, options: dict[str, object]) -> None:
    """As far as pages can be read in it."""
    assert window_options(replace(SIGNED_IN, window=window)) == options


def test_a_difference_is_told_once_a_sign_in_and_recorded_each_time(flows: dict[str, Flow], tmp_path: Path) -> None:
    """The first check after a sign-in warns in one line; later ones leave it to the record and the log's details."""
    headless = replace(FACTS, command_line=("--headless",), user_agent="HeadlessChrome/156")
    lines = differences(SIGNED_IN, headless, "156.0.1.2")
    kept = KeptSession(an_account(), "a-subject", flows["facebook.ai_objection"].site, a_vault(tmp_path))
    told: list[str] = []
    sink = logger.add(lambda message: told.append(message.record["message"]), level="WARNING")
    try:
        for used_at in (None, datetime(2026, 11, 26, tzinfo=UTC)):
            kept.saved = a_session(used_at=used_at)
            log = CheckLog(Journal())
            log.launched(an_environment())
            log.differs(lines, first=kept.is_first_use)
            environment = log.record().environment
            assert environment is not None
            assert environment.differs_from_sign_in == lines
    finally:
        logger.remove(sink)
    assert told == ["this browser differs from the one that signed in (window, user agent); the evidence holds how"]
