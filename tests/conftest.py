"""What many tests share: a real browser, without the guard, for pages that a test writes itself."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import keyring
import pytest
import pytest_asyncio
from keyring.backends import fail
from loguru import logger
from playwright.async_api import Browser, CDPSession, Page, async_playwright

import flows as shipped
from automation.browser.finder import find_browser
from automation.browser.snapshot import take
from automation.core.settings import BrowserSettings
from automation.flow import Flow
from automation.page import PageView
from automation.text.labels import Labels
from tests import postgres
from tests.disk import FaultyDisk

# What is slow under load is no fault. The same inputs each time: a run that fails has found what the change before it
# did. `make test-all` looks for others.
hypothesis.settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "exploring", deadline=None, max_examples=2_000, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys and sessions of whoever runs the tests are left alone, also by what names no folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


_LONGEST = (
    "packaging/test_fresh_machine.py",
    "real/test_applications.py",
    "real/test_objecting.py",
    "documentation/test_add_a_service.py",
    "documentation/test_commands.py",
    "pytest_plugin/test_plugin.py",
    "attended/test_filing.py",
    "flows/test_suite.py",
    "documentation/test_site.py",
    "session/test_password.py",
    "guard/test_hostile.py",
    "evidence/test_canaries.py",
    "session/test_challenges.py",
    "attended/test_scripted.py",
    "fleet/test_worker.py",
    "session/test_window.py",
    "cli/test_check.py",
    "attended/test_setting.py",
    "web/test_first_run.py",
    "attended/test_in_page.py",
    "session/test_one_try.py",
    "flows/test_declared_visits.py",
    "guard/test_guard_in_browser.py",
    "session/test_saved_sessions.py",
    "visit/test_inbox_pages.py",
    "reports/test_in_browser.py",
    "web/test_in_browser.py",
    "messaging/test_blind_letters.py",
    "visit/test_runner.py",
    "flows/test_raw_submit.py",
    "guard/test_take_over.py",
    "session/test_declared_by_hand.py",
    "guard/test_self_test.py",
    "cli/test_doctor.py",
    "flow/test_no_service.py",
    "evidence/test_fuzz.py",
    "flows/test_declared.py",
    "guard/test_layers.py",
    "cli/test_french.py",
    "evidence/test_folders.py",
    "browser/test_pool.py",
    "evidence/test_faults.py",
    "attended/test_guided.py",
    "web/test_door.py",
    "config/test_installation.py",
    "browser/capture/test_pictures.py",
    "authoring/recorder/test_record_window.py",
    "authoring/recorder/test_record_form_window.py",
    "replica/test_in_browser.py",
    "replica/test_trial.py",
    "authoring/recorder/test_verify_window.py",
    "cli/test_flows.py",
    "session/test_kept_sessions.py",
    "real/test_signing_in.py",
    "replica/test_pages.py",
    "cli/test_report.py",
    "evidence/test_recipe.py",
    "cli/test_keys_kept.py",
    "reading/test_corpus.py",
    "flows/test_own_flows.py",
    "flows/test_stored.py",
    "cli/test_interrupts.py",
    "web/test_pages.py",
    "evidence/test_ledger.py",
)
"""Files that take longest, the longest first: whoever works side by side must not begin one of them last."""


# Whatever collecting makes stays until the end: looking through all of it again and again took a third of that time.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, among what tests make."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; tests of the shared browser run in the loop to which it belongs."""
    root = Path(__file__).parent
    place = {root / name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))
    for item in items:
        if "a_browser" in getattr(item, "fixturenames", ()) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_runtest_teardown() -> None:
    """A test that called the program in French leaves a log that is English again."""
    logger.configure(patcher=lambda _record: None)


def pytest_sessionfinish() -> None:
    """End the PostgreSQL of this process, if a test needed one."""
    postgres.end_shared()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def a_browser() -> AsyncIterator[Browser]:
    """Whatever Chromium this machine has, one for all files: each test opens pages of its own."""
    found = find_browser(BrowserSettings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            chromium_sandbox=found.sandbox,
        )
        yield browser
        await browser.close()


class Stage:
    """A page that a test fills, and what the reader sees of it."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self.page, self._session = page, session

    async def show(self, html: str, lang: str = "en") -> PageView:
        """Put a body on the page and take its view."""
        return await self.show_document(f'<!doctype html><html lang="{lang}"><body>{html}</body></html>')

    async def show_document(self, html: str) -> PageView:
        """Put a whole document on the page and take its view."""
        await self.page.set_content(html)
        return await take(self.page, self._session)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _page(a_browser: Browser) -> AsyncIterator[Page]:
    page = await a_browser.new_page()
    yield page
    await page.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(_page: Page) -> AsyncIterator[Stage]:
    """An empty page: always the same tab, with a new document, which takes a fraction of what a new tab takes."""
    await _page.goto("about:blank")
    session = await _page.context.new_cdp_session(_page)
    yield Stage(_page, session)
    await session.detach()


@pytest.fixture
def faulty_disk(monkeypatch: pytest.MonkeyPatch) -> FaultyDisk:
    """The disk of this test, of which it may break something."""
    disk = FaultyDisk()
    for name, stand_in in disk.calls().items():
        monkeypatch.setattr(os, name, stand_in)
    return disk


@pytest.fixture
def without_package(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Takes a package away, as where its extra is not installed."""
    return lambda name: monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """A machine whose keyring keeps nothing."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture(scope="session")
def flows() -> dict[str, Flow]:
    """The flows that Témoin ships."""
    return shipped.load()


@pytest.fixture(scope="session")
def meta_labels(flows: dict[str, Flow]) -> Labels:
    """The words of Facebook and Instagram."""
    return flows["facebook.ai_objection"].labels
