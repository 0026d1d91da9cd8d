"""
From an empty folder to the report, as somebody who has never seen the program: eight clicks and three minutes at most.

Real: the program in a process of its own, two browsers with what they load, the window on a screen with mouse and keys,
X, TLS, the guard, the vault. Not real: Facebook.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page

from automation.authoring.replica import Actor, Replica
from automation.browser.environment import record as provenance
from automation.session.vault_keys import new_key
from automation.text.language import Language, language
from tests.axe import faults
from tests.session.playing import SITES, actor_of
from tests.session.screen import Person, screen
from tests.turns import HANGING_S

pytestmark = pytest.mark.browser
_LIMIT_S = 180
_MOST_TABS = 80
_WIDTH_ONCE_LOADED = "async image => { await image.decode(); return image.naturalWidth }"


class Mouse:
    """Somebody with a mouse, whose clicks are counted; each page that they come to is looked at by axe."""

    def __init__(self, page: Page, words: Language) -> None:
        self.page, self.words, self.count = page, words, 0

    async def on(self, role: str, name: str) -> None:
        """Choose something by what it is called in English."""
        await self.look()
        target = self.page.get_by_role(role, name=re.compile(re.escape(self.words.gettext(name)))).first  # type: ignore[arg-type]
        await self._choose(target)
        self.count += 1

    async def fill(self, label: str, text: str) -> None:
        """Write into a field."""
        await self.page.get_by_label(self.words.gettext(label)).fill(text)

    async def _choose(self, target: Locator) -> None:
        await target.click()

    async def look(self) -> None:
        """No fault for keyboard and screen reader."""
        assert await faults(self.page) == []


class Keyboard(Mouse):
    """Somebody with nothing but keys."""

    async def fill(self, label: str, text: str) -> None:
        """Go to a field, and write over what stands there."""
        await self._reach(self.page.get_by_label(self.words.gettext(label)))
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def _choose(self, target: Locator) -> None:
        await self._reach(target)
        before, stays = self.page.url, await target.get_attribute("target") == "_blank"
        await self.page.keyboard.press("Enter")
        if not stays:  # a key, unlike a click, is not waited for until the next page is there
            await self.page.wait_for_url(lambda url: url != before)

    async def _reach(self, target: Locator) -> None:
        """Press Tab until it has the focus, and see that this shows."""
        await target.wait_for()
        for _ in range(_MOST_TABS):
            await self.page.keyboard.press("Tab")
            if await target.evaluate("element => element === document.activeElement"):
                outline = await target.evaluate("element => getComputedStyle(element).outlineStyle")
                assert outline != "none"
                return
        pytest.fail(f"{target} is not reached with {_MOST_TABS} presses of Tab")


@pytest.mark.parametrize(
    ("kind", "lang"),
    [pytest.param(Mouse, "en", marks=pytest.mark.thorough), pytest.param(Keyboard, "fr", marks=pytest.mark.rare)],
)
async def test_from_an_empty_folder_to_the_report(
    a_browser: Browser, tmp_path: Path, kind: type[Mouse], lang: str
) -> None:
    """
    Add, choose, say whose, sign in, "Yes", and the answer is there with its pictures; no number was ever typed.

    The stand-in saw no write, what was signed in to stands in temoin.toml, and "Quit" ends the program.
    """
    actor = actor_of("facebook", "accepted")
    with screen() as person:
        async with Replica([SITES["facebook"].having(cookie_dialog=False)]) as replica:
            page = await a_browser.new_page(locale="en-GB")
            page.set_default_timeout(HANGING_S * 1000)
            trouble: list[str] = []
            page.on("pageerror", lambda error: trouble.append(str(error)))
            page.on("console", lambda message: _note(message, trouble))
            _ = language(lang).gettext
            since = time.monotonic()
            process, address = await started(tmp_path, at_a_desk_of(tmp_path, replica, person.display), lang)
            await page.goto(address)
            await page.get_by_role("heading", name=_("Your accounts"), exact=True).wait_for()
            hand = kind(page, language(lang))
            await hand.on("link", "Add an account")
            await hand.on("link", "Facebook")
            await hand.fill("Whose account is it?", "Atelier Dupont")
            await hand.on("button", "Sign in")
            await page.get_by_text(_("A window has opened. It may lie behind this one.")).wait_for()
            await page.locator("#live .now").wait_for()
            await asyncio.to_thread(sign_in, person, actor)
            await page.get_by_role("heading", name=_("Is this the account you mean?")).wait_for(
                timeout=HANGING_S * 1000
            )
            assert await page.locator("img.latest").evaluate(_WIDTH_ONCE_LOADED) > 300
            await hand.on("button", "Yes, this is the account I mean")
            await page.get_by_role("link", name=_("Open the report")).wait_for(timeout=HANGING_S * 1000)
            assert await page.locator(".badge.v-objected").count() == 1
            async with page.expect_popup() as popup:
                await hand.on("link", "Open the report")
            report = await popup.value
            await report.locator("#account-atelier-dupont-facebook").wait_for()
            taken = time.monotonic() - since
            await _has_pictures(report)
            _is_kept(tmp_path, actor.identity)
            assert actor.identity not in await page.content()
            await page.goto(address.partition("start")[0])
            await page.get_by_role("button", name=_("Quit Témoin")).click()
            await page.get_by_role("heading", name=_("Témoin has ended")).wait_for()
            assert await asyncio.wait_for(process.wait(), HANGING_S) == 0
            assert replica.writes == []
    assert trouble == []
    sys.stderr.write(f"{kind.__name__}, {lang}: first answer after {hand.count} choices and {taken:.0f} s\n")
    assert hand.count <= 8
    assert taken < _LIMIT_S


def sign_in(person: Person, actor: Actor) -> None:
    """Type name and password into the service's window, as a person does."""
    person.wait_until_still()
    person.touch_page()
    for text in (actor.username, actor.password):
        person.press("Tab")
        person.write(text)
    person.press("Return")


def _is_kept(folder: Path, identity: str) -> None:
    """The account stands in the configuration, and what was found is sealed, its results and reports as well."""
    written = tomllib.loads((folder / "temoin.toml").read_text())["accounts"]
    assert [(one["identity"], one["owner"]) for one in written] == [(identity, "Atelier Dupont")]
    assert len(list(folder.rglob("run.dsse.json"))) == 1


async def _has_pictures(report: Page) -> None:
    """The pictures of the visit are there, behind the same door as the report."""
    pictures = await report.locator("img").evaluate_all("all => all.map(one => one.src)")
    shown = [await report.context.request.get(picture) for picture in pictures]
    assert len(shown) > 2
    assert {picture.headers.get("content-type") for picture in shown} == {"image/png"}


def _note(message: ConsoleMessage, trouble: list[str]) -> None:
    if message.type == "error":
        trouble.append(f"{message.text}: {message.location['url']}")


def at_a_desk_of(folder: Path, replica: Replica, display: str) -> dict[str, str]:
    """The environment of a person whose services are a stand-in, wherever this runs."""
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TEMOIN_") and name not in provenance._CI
    }
    return {
        **mine,
        "DISPLAY": display,
        "XDG_DATA_HOME": str(folder / "data"),
        "TEMOIN_VAULT_KEY": new_key()[0],
        "TEMOIN_BROWSER__REPLICA_MAP": json.dumps(dict(replica.replica_map)),
        "TEMOIN_BROWSER__REPLICA_SPKI": json.dumps([replica.spki]),
    }


OURS = (sys.executable, "-m", "automation")
"""How the program is called."""


async def started(
    folder: Path, environment: dict[str, str], lang: str = "en", program: tuple[str, ...] = OURS
) -> tuple[asyncio.subprocess.Process, str]:
    """Start the program's window in a folder; the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        *program,
        *("ui", "--no-browser", "--lang", lang),
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    line = (await asyncio.wait_for(process.stderr.readline(), HANGING_S)).decode()
    found = re.search(r"http://127\.0\.0\.1:\S+", line)
    assert found, line
    asyncio.get_running_loop().create_task(_drained(process.stderr))
    return process, found[0]


async def _drained(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.thorough
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGHUP])
async def test_it_ends_with_the_terminal(tmp_path: Path, kind: signal.Signals) -> None:
    """Ctrl-C and a closed terminal end the program within seconds, and its port with it."""
    async with Replica([SITES["facebook"]]) as replica:
        process, address = await started(tmp_path, at_a_desk_of(tmp_path, replica, ""))
        try:
            async with httpx.AsyncClient(timeout=HANGING_S) as browser:
                assert (await browser.get(address)).status_code == 200
            process.send_signal(kind)
            assert await asyncio.wait_for(process.wait(), HANGING_S) == 0
        finally:
            if process.returncode is None:
                process.kill()
        port = int(re.findall(r":(\d+)/", address)[0])
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", port)
