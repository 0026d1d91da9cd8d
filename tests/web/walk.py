"""
The walk of three people through Témoin, and a picture of every page of the window: `make walk`.

The head of a small company adds an account, a consultant checks twenty of two clients, an engineer asks in a terminal;
all on a fresh clone with an environment of its own (`--here`: on this one). The services are stand-ins, and everything
else is real. Pictures go to `build/walk`. It ends with 1 where the first verdict takes more than five presses, a page is
wider than its window, speaks English to the French, or is not on the way; seconds are only told.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, async_playwright

from automation.app.demo import Part, parts_of, window_file, with_password
from automation.authoring.replica import Replica, cast
from automation.browser.finder import find_browser
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Verdict
from automation.text.language import Language, language
from automation.web.app import _SHOWN
from tests.session.playing import SITES, actor_of
from tests.session.screen import Person, screen
from tests.turns import HANGING_S
from tests.web.test_first_run import OURS, Mouse, at_a_desk_of, sign_in, started
from tests.web.test_in_browser import english_on

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "walk"
LANGUAGES, WIDTHS = ("en", "fr"), (1280, 390, 320)
MOST_PRESSES = 5
CLIENTS = ("Atelier Dupont", "Whitfield Bookbinders")
ANSWERS = frozenset(verdict.value for verdict in Verdict if verdict.is_answer)
_NO_PAGES = re.compile(r"/(static|evidence)/|/(picture|file)$")
_WAITING_S = 300_000


@dataclass
class Walk:
    """What was seen on the way."""

    browser: Browser
    program: tuple[str, ...]
    told: list[tuple[str, str, str, float]] = field(default_factory=list)
    """Who, what, by how many presses, after how many seconds."""
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Routes."""
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def opened(self, folder: Path, environment: dict[str, str], words: Language) -> Page:
        """The first page of a window that is started in a folder."""
        process, address = await started(folder, environment, words.code, self.program)
        self.running.append(process)
        page = await self.browser.new_page()
        page.set_default_timeout(HANGING_S * 1000)
        await page.goto(address)
        await page.get_by_role("heading", name=words.gettext("Your accounts"), exact=True).wait_for()
        return page

    def tell(self, who: str, what: str, presses: int, since: float) -> None:
        """A point that somebody reached."""
        self.told.append((who, what, str(presses), time.monotonic() - since))
        if "first verdict" in what and presses > MOST_PRESSES:
            self.faults.append(f"{who}: {presses} presses to the first verdict")

    async def picture(self, page: Page, name: str, path: str | None = None) -> None:
        """A page of the window (this one, if none is named) in each language, at each width."""
        root = re.match(r"https?://[^/]+/[^/]+/", page.url)
        assert root, page.url
        address = page.url if path is None else root[0] + path
        where = "/" + address.removeprefix(root[0]).partition("?")[0].partition("#")[0]
        found = [route for route in _SHOWN if re.fullmatch(re.sub(r"{[^}]*}", "[^/]+", route), where)]
        self.seen.update(found)
        for lang in LANGUAGES:
            context = await self.browser.new_context(device_scale_factor=1)
            cookies = [one for one in await page.context.cookies() if one["name"] != "temoin-lang"]
            place = {"domain": "127.0.0.1", "path": urlsplit(root[0]).path}
            await context.add_cookies([*cookies, {"name": "temoin-lang", "value": lang, **place}])  # type: ignore[list-item]
            shown = await context.new_page()
            for width in WIDTHS:
                await shown.set_viewport_size({"width": width, "height": 900})
                answer = await shown.goto(address, wait_until="load")
                label = f"{name}.{lang}.{width}"
                if answer is None or answer.status >= 400:
                    self.faults.append(f"{label}: {answer and answer.status}")
                await shown.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
                await shown.screenshot(path=PICTURES / f"{label}.png", full_page=True)
                wide = await shown.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    self.faults.append(f"{label}: {wide} pixels wide")
            if lang == "fr":
                self.faults += [f"{name}: English under French: {text[:80]}" for text in await english_on(shown)]
            await context.close()


async def head(walk: Walk, folder: Path, person: Person) -> None:
    """From an empty folder to the first verdict and the report, in French."""
    words, actor = language("fr"), actor_of("facebook", "accepted")
    async with Replica([SITES["facebook"].having(cookie_dialog=False)]) as replica:
        begun = time.monotonic()
        environment = at_a_desk_of(folder, replica, person.display)
        page = await walk.opened(folder, environment, words)
        hand = Mouse(page, words)
        await walk.picture(page, "empty")
        await hand.on("link", "Add an account")
        await walk.picture(page, "choose")
        await hand.on("link", "Facebook")
        await walk.picture(page, "ask")
        await hand.fill("Whose account is it?", CLIENTS[0])
        await hand.on("button", "Sign in")
        await page.locator("#live .now").wait_for()
        await walk.picture(page, "signing-in")
        await asyncio.to_thread(sign_in, person, actor)
        await page.get_by_role("heading", name=words.gettext("Is this the account you mean?")).wait_for()
        await walk.picture(page, "is-it-you")
        await hand.on("button", "Yes, this is the account I mean")
        await page.locator(".badge").first.wait_for(timeout=_WAITING_S)
        walk.tell("head of a company", "first verdict", hand.count, begun)
        await page.get_by_role("link", name=words.gettext("Open the report")).wait_for(timeout=_WAITING_S)
        await walk.picture(page, "checked")
        async with page.expect_popup() as popup:
            await hand.on("link", "Open the report")
        await (await popup.value).locator("h1").first.wait_for()
        walk.tell("head of a company", "the report", hand.count, begun)
        if replica.writes:
            walk.faults.append(f"the stand-in was written to: {replica.writes}")


def twenty() -> Iterator[Part]:
    """Accounts of two clients, each answer among them."""
    told = list(parts_of(SITES, everybody=False))
    answered = [one for name in SITES for one in cast(name) if one.verdict in ANSWERS and one.kind == "profile"]
    parts: dict[str, Part] = {}
    for actor in (*(one.actor for one in told), *answered[::11], *answered[::5]):
        parts.setdefault((part := with_password(actor)).account.name, part)
    for number, part in enumerate([*parts.values()][:20]):
        yield replace(part, account=replace(part.account, owner=CLIENTS[number % 2]))


async def consultant(walk: Walk, folder: Path, person: Person) -> None:
    """Twenty accounts of two clients, from the first page to a PDF for each; then every page that there is."""
    words, parts = language("en"), list(twenty())
    window_file(parts, folder)
    async with Replica(list(SITES.values())) as replica:
        environment = at_a_desk_of(folder, replica, person.display)
        for part in parts:
            secret = f"TEMOIN_SECRETS__{part.account.name.replace('-', '_').upper()}__"
            environment |= {f"{secret}USERNAME": part.actor.username, f"{secret}PASSWORD": part.actor.password}
        begun = time.monotonic()
        page = await walk.opened(folder, environment, words)
        hand = Mouse(page, words)
        await hand.on("button", "Check all now")
        await page.locator(".steps .badge").first.wait_for(timeout=_WAITING_S)
        walk.tell("consultant", "first verdict", hand.count, begun)
        await walk.picture(page, "checking")
        await page.get_by_role("link", name="Open the report").wait_for(timeout=_WAITING_S)
        walk.tell("consultant", f"all {len(parts)} verdicts", hand.count, begun)
        home = re.match(r"https?://[^/]+/[^/]+/", page.url)
        assert home
        for client in CLIENTS:
            await page.goto(home[0])
            await hand.on("button", f"PDF for a client {client}")
            await page.locator("a[href$='/file']").first.wait_for(timeout=_WAITING_S)
        walk.tell("consultant", "a PDF for each client", hand.count, begun)
        await walk.picture(page, "pdf")
        names = {part.actor.verdict: part.account.name for part in parts}
        waiting = names["unknown"]
        for name, path in {
            "window": "",
            "account": f"accounts/{names['not_objected']}",
            "unknown": f"accounts/{waiting}",
            "look": "look",
            "look-at-one": f"accounts/{waiting}/look",
            "looks": "looks",
            "object": f"accounts/{names['not_objected']}/object",
            "parcel": f"accounts/{waiting}/parcel",
            "report": "report",
            "schedule": "schedule",
            "mailbox": "mailbox",
            "settings": "settings",
        }.items():
            await walk.picture(page, name, path)
        begun = time.monotonic()
        checked = await asyncio.create_subprocess_exec(
            *walk.program,
            *("check", parts[-1].account.name, "--json"),
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), **environment},
            stdout=asyncio.subprocess.PIPE,
        )
        said = json.loads((await checked.communicate())[0])
        walk.tell(
            "CI engineer", f"first verdict ({said['results'][0]['verdict']}, exit code {checked.returncode})", 0, begun
        )


@contextmanager
def cloned(folder: Path, *, here: bool) -> Iterator[tuple[tuple[str, ...], float]]:
    """How to call the program of a fresh clone, with the seconds that getting it took."""
    begun = time.monotonic()
    if here:
        yield OURS, 0.0
        return
    place = folder / "temoin"
    subprocess.run(["git", "clone", "--quiet", f"file://{ROOT}", str(place)], check=True)
    subprocess.run(["make", "--silent", "browser"], cwd=place, check=True, stdin=subprocess.DEVNULL)
    yield ("env", "-u", "PYTHONPATH", str(place / ".venv" / "bin" / "temoin")), time.monotonic() - begun


async def main(*, here: bool) -> int:
    """Walk, print, and say by the exit code whether all went well."""
    walking = asyncio.current_task()
    assert walking
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, walking.cancel)  # `timeout` must leave no window
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    found = find_browser(BrowserSettings())
    with TemporaryDirectory() as folder, cloned(Path(folder), here=here) as (program, seconds), screen() as person:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=str(found.path) if found.path else None,
                channel=found.channel,
                chromium_sandbox=found.sandbox,
            )
            walk = Walk(browser, program, [] if here else [("all", "clone and install", "0", seconds)])
            try:
                for part in (head, consultant):
                    (place := Path(folder) / part.__name__).mkdir()
                    await part(walk, place, person)
            finally:
                for process in walk.running:
                    process.terminate()
                    await process.wait()
                await browser.close()
    walk.faults += [f"not on the way: {one}" for one in _SHOWN if not _NO_PAGES.search(one) and one not in walk.seen]
    for who, what, presses, taken in walk.told:
        sys.stdout.write(f"{who:18} {what:44} {presses:>2} presses {taken:6.0f} s\n")
    sys.stdout.write(f"{len(list(PICTURES.iterdir()))} pictures in {PICTURES.relative_to(ROOT)}\n")
    for fault in walk.faults:
        sys.stdout.write(f"✗ {fault}\n")
    return 1 if walk.faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(here="--here" in sys.argv[1:])))
