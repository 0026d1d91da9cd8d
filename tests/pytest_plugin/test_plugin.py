"""
`pytest --temoin`: an existing suite gains the checks of its accounts.

Real: pytest in a process of its own with its plugins, the configuration, the browser, the guard, the replica's server.
Not real: the services.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from automation.authoring.replica import Replica
from automation.browser.finder import find_browser
from automation.core.cases import CaseState
from automation.core.settings import BrowserSettings
from automation.storage.books import CaseBook
from tests.cli.test_check import SITES, actor_of, canaries, write_configuration
from tests.pytest_plugin.sessions import session
from tests.tiers import first

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = {
    "as-wanted": actor_of("facebook", "accepted"),
    "turned-down": actor_of("facebook", "refused"),
    "wants-person": actor_of("facebook", "wrong_password"),
}
EXISTING = """
def test_existing(page):
    page.set_content("<title>Ours</title>")
    assert page.title() == "Ours"
"""
"""A test of somebody's own, on pytest-playwright; its fixtures keep an event loop running in the tests' thread."""


def an_existing_suite(folder: Path, addopts: str = "") -> None:
    """A suite that runs with this machine's browser."""
    found = find_browser(BrowserSettings())
    arguments = {"executable_path": str(found.path), "chromium_sandbox": found.sandbox}
    (folder / "pytest.ini").write_text(f"[pytest]\naddopts = {addopts}\njunit_logging = system-out\n")
    (folder / "test_existing.py").write_text(EXISTING)
    (folder / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture(scope='session')\ndef browser_type_launch_args(browser_type_launch_args):\n"
        f"    return {{**browser_type_launch_args, **{arguments!r}}}\n"
    )


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_suite_gains_one_test_an_account(tmp_path: Path) -> None:
    """
    One line in the options of a suite, two workers: each account is one test with its verdict, JUnit says the same.

    As wanted passes, not as wanted fails with what to do, a person needed is skipped with the reason. What is still
    pending 31 days after it was filed is no open answer any more: it fails, too. Evidence and report are attached. No
    secret is in what pytest printed or wrote, even with locals and logs shown.
    """
    people = {name: PEOPLE[name] for name in ("as-wanted", "wants-person")}
    people["overdue"] = actor_of("facebook", "under_review")
    book, at = CaseBook(tmp_path / "evidence"), datetime.now(UTC) - timedelta(days=31)
    book.leaving(book.begin("overdue", "facebook.ai_objection", "6359191084165019", by="anne", at=at), at)
    an_existing_suite(tmp_path, "--temoin temoin.toml")
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica)
        ended = await session(
            tmp_path, people, "-n2", "-rA", "-l", "--log-level=DEBUG", "--slowmo=1", "--junit-xml=j.xml"
        )
    assert ended.outcomes() == {
        "test_existing.py::test_existing[chromium]": "PASSED",
        "temoin.toml::as-wanted": "PASSED",
        "temoin.toml::wants-person": "SKIPPED",
        "temoin.toml::overdue": "FAILED",
    }, ended.out
    assert ended.code == pytest.ExitCode.TESTS_FAILED
    assert "1 as wanted · 1 not as wanted · 1 still open" in ended.out
    assert "1. No decision on the objection within 30 days: remind the service" in ended.out
    assert [event.state for event in book.cases()[0].events][-1] is CaseState.ACKNOWLEDGED
    assert "SKIPPED [1] temoin.toml:" in ended.out
    assert replica.writes == []
    for path in (tmp_path / "j.xml", *(tmp_path / "evidence").rglob("*.json")):
        for canary in canaries(*people.values()):
            assert canary not in path.read_text(encoding="utf-8")
    for canary in canaries(*people.values()):
        assert canary not in ended.out
    cases = {case.get("name"): case for case in ET.parse(tmp_path / "j.xml").getroot().iter("testcase")}
    assert [child.tag for child in cases["overdue"] if child.tag == "failure"] == ["failure"]
    skipped = cases["wants-person"].find("skipped")
    assert skipped is not None
    assert "Needs a person" in skipped.get("message", "")
    for name, verdict in (("as-wanted", "objected"), ("overdue", "pending"), ("wants-person", "needs_human")):
        said = {found.get("name"): found.get("value", "") for found in cases[name].iter("property")}
        assert (said["temoin_verdict"], said["temoin_writes_let_through"]) == (verdict, "0")
        bundle = tmp_path / said["temoin_bundle"]
        assert (bundle / "seal" / "envelope.dsse.json").is_file()
        assert (tmp_path / said["temoin_report"]).is_file()
        assert json.loads((bundle.parent / "results.json").read_text())["results"][0]["verdict"] == verdict
        written = cases[name].findtext("system-out") or ""
        attached = [line[13:-2] for line in written.splitlines() if line.startswith("[[ATTACHMENT|")]
        assert [file for file in attached if file.endswith(".png")]
        assert all((tmp_path / file).is_file() for file in attached)


@pytest.mark.thorough
@pytest.mark.browser
async def test_one_account_can_be_named_and_an_open_answer_can_fail(tmp_path: Path) -> None:
    """An account has the id of a test; with `--temoin-open fail` what needs a person is a failure, not a skip."""
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, PEOPLE, replica)
        ended = await session(
            tmp_path, PEOPLE, "--temoin", "temoin.toml", "--temoin-open", "fail", "temoin.toml::wants-person"
        )
    assert ended.outcomes() == {"temoin.toml::wants-person": "FAILED"}, ended.out
    assert "Traceback" not in ended.out
    assert "0 as wanted · 0 not as wanted · 1 still open" in ended.out
    assert replica.sign_in_tries[PEOPLE["as-wanted"].username] == 0


@pytest.mark.thorough
async def test_whoever_names_tests_visits_nobody(tmp_path: Path) -> None:
    """With `--temoin` in addopts, naming a test runs that test alone; on the command line it adds the accounts."""
    an_existing_suite(tmp_path, "--temoin temoin.toml")
    write_configuration(tmp_path, PEOPLE, None)
    accounts = ("<AccountTest as-wanted>", "<AccountTest turned-down>", "<AccountTest wants-person>")
    alone = await session(tmp_path, {}, "--collect-only", "test_existing.py")
    assert [name for name in accounts if name in alone.out] == [], alone.out
    asked = await session(tmp_path, {}, "--collect-only", "--temoin=temoin.toml", "test_existing.py")
    assert [name for name in accounts if name in asked.out] == list(accounts), asked.out
    everything = await session(tmp_path, {}, "--collect-only", "-m", "temoin")
    assert [everything.out.count(name) for name in accounts] == [1, 1, 1], everything.out
    assert "test_existing" not in everything.out


@pytest.mark.parametrize(
    ("configuration", "arguments", "words", "code"),
    first(
        (None, (), "temoin.toml: there is no such file in", pytest.ExitCode.USAGE_ERROR),
        ("accounts = 3\n", (), "temoin.toml:1", pytest.ExitCode.INTERRUPTED),
        ("strict = false\n", (), "there is no account in it", pytest.ExitCode.INTERRUPTED),
        ("", ("--browser", "firefox"), "Chromium only, not with firefox", pytest.ExitCode.INTERRUPTED),
    ),
    ids=["no file", "wrong key", "no account", "firefox"],
)
async def test_what_cannot_be_checked_is_an_error(
    tmp_path: Path, configuration: str | None, arguments: tuple[str, ...], words: str, code: int
) -> None:
    """A missing or wrong configuration, one without accounts, or another browser: an error with the place, never green."""
    if configuration == "":
        write_configuration(tmp_path, PEOPLE, None)
    elif configuration is not None:
        (tmp_path / "temoin.toml").write_text(configuration)
    ended = await session(tmp_path, {}, "--temoin", "temoin.toml", *arguments)
    assert words in ended.out, ended.out
    assert "Traceback" not in ended.out
    assert ended.code == code


async def test_a_missing_secret_and_a_missing_browser_concern_their_account(tmp_path: Path) -> None:
    """What is missing is said as the command says it, without a traceback; the session goes on."""
    write_configuration(tmp_path, PEOPLE, None, browser='channel = "chrome"\n')
    one = {"as-wanted": PEOPLE["as-wanted"]}
    options = ("--temoin", "temoin.toml", "--browser-channel", "chrome-dev")
    ended = await session(tmp_path, one, *options, "temoin.toml::as-wanted", "temoin.toml::turned-down")
    assert ended.outcomes() == {"temoin.toml::as-wanted": "FAILED", "temoin.toml::turned-down": "FAILED"}
    assert "TEMOIN_SECRETS__TURNED_DOWN__USERNAME and TEMOIN_SECRETS__TURNED_DOWN__PASSWORD are not set" in ended.out
    assert "google/chrome-unstable" in ended.out
    assert "Correct browser.path or browser.channel" in ended.out
    assert "Traceback" not in ended.out
