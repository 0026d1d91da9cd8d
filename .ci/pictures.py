"""
Take the documentation's pictures, `docs/pictures/*.webp`: of the demo's report and of the window, in both languages.

`make pictures` runs the demo for it; `.ci/pictures.py FOLDER` takes a run that is there already. `make walk` takes
every page of the window, to be looked at.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from automation.app.looks import looks_of
from automation.app.setup import for_evidence
from automation.browser.finder import find_browser
from automation.config import Settings
from automation.core.looks import Says
from automation.core.settings import BrowserSettings
from automation.reports.as_json import from_json
from automation.storage.sqlite import NAME, SqliteHistory
from automation.text.language import language
from automation.web.app import application, listening, served
from automation.web.desk import Desk
from automation.web.jobs import Jobs
from automation.web.security import Door
from automation.web.view import Front

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
LIMIT_BYTES = 200_000
LANGUAGES = ("en", "fr")
PAGES = {"window": "", "window-account": "accounts/paul-facebook", "look": "look"}
"""Name of a picture → the page of the window, as far as a window of the desk's width shows it."""
_LOADED = """
() => Promise.all([...document.images].map(image => {
  image.loading = "eager";
  return image.decode().catch(() => null);
}))
"""
"""Waits for every image: what lies further down would else be loaded only when it is seen."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the report in a window of this size, from the top of one of its elements on."""

    name: str
    of: str
    height: int
    width: int = 1120


SHOTS = (
    Shot("report", "body", 1000),
    Shot("accounts", "section:has(table)", 900),
    Shot("account", "#account-grace-facebook", 1400),
)


def main(arguments: list[str]) -> int:
    """Take all pictures of one run; of a fresh demo where none is given."""
    if arguments:
        return asyncio.run(_take(Path(arguments[0])))
    with tempfile.TemporaryDirectory() as folder:
        evidence = Path(folder) / "evidence"
        call = [sys.executable, "-m", "automation", "demo", "--output", str(evidence), "--lang", "en"]
        subprocess.run(call, check=True, cwd=ROOT)  # noqa: S603 - our own program
        (run,) = (path.parent for path in evidence.glob("*/report.en.html"))
        return asyncio.run(_take(run))


async def _take(run: Path) -> int:
    found = find_browser(BrowserSettings())
    too_large: list[str] = []
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            chromium_sandbox=found.sandbox,
        )
        for shot in SHOTS:
            for lang in LANGUAGES:
                size = ViewportSize(width=shot.width, height=shot.height)
                page = await browser.new_page(viewport=size, bypass_csp=True)  # for our own rule below
                await page.goto((run / f"report.{lang}.html").resolve().as_uri())
                target = FOLDER / f"{shot.name}.{lang}.webp"
                target.write_bytes(_webp(await _shoot(page, shot)))
                sys.stderr.write(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB\n")
                too_large += [target.name] if target.stat().st_size > LIMIT_BYTES else []
                await page.close()
        too_large += await _take_window(browser, run)
        await browser.close()
    if too_large:
        sys.stderr.write(f"Larger than {LIMIT_BYTES // 1000} kB: {', '.join(too_large)}\n  → Show less of the page.\n")
    return 1 if too_large else 0


async def _take_window(browser: Browser, run: Path) -> list[str]:
    """The window over the accounts of a run; names of pictures that are too large."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_DATA_HOME": str(Path(folder) / "data"), "DISPLAY": os.environ.get("DISPLAY", ":0")}
        config = _configured(Path(folder), run)
        listener, jobs = listening(), Jobs()
        door = Door(listener.getsockname()[1])
        server = served(application(Front(Desk(config), door, jobs, "en", lambda: None)))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            for lang in LANGUAGES:
                await _take_pages(browser, door, lang)
        finally:
            server.should_exit = True
            await serving
    pictures = [FOLDER / f"{name}.{lang}.webp" for name in PAGES for lang in LANGUAGES]
    return [picture.name for picture in pictures if picture.stat().st_size > LIMIT_BYTES]


async def _take_pages(browser: Browser, door: Door, lang: str) -> None:
    context = await browser.new_context(viewport=ViewportSize(width=1280, height=900))
    given = {"temoin": door.cookie, "temoin-lang": lang}
    for cookie, value in given.items():
        await context.add_cookies([{"name": cookie, "value": value, "domain": "127.0.0.1", "path": door.root}])
    for name, path in PAGES.items():
        page = await context.new_page()
        await page.goto(f"http://{door.host}{door.root}{path}")
        await page.evaluate(_LOADED)
        (FOLDER / f"{name}.{lang}.webp").write_bytes(_webp(await page.screenshot()))
        await page.close()
    await context.close()


def _configured(folder: Path, run: Path) -> Path:
    """A configuration of the run's accounts, with its evidence, a look at it, the past that it makes, and sessions."""
    evidence = folder / "temoin-evidence"
    shutil.copytree(run.parent, evidence)  # what lies outside of the folder is not shown
    keys = Path(shutil.copytree(run.parent.with_name(f"{run.parent.name}-keys"), folder / f"{evidence.name}-keys"))
    looks = looks_of(for_evidence(Settings(), evidence), language("en"))
    first = looks.waiting()[0]
    looks.take(first.visits[0], ((first.question, Says.ACCEPTED, False),), "Claire Dupont")
    shutil.rmtree(keys)  # from here on it is shown as anybody's
    (evidence / "looks.toml").rename(folder / "looks.toml")
    document = from_json((run / "results.json").read_text(encoding="utf-8"))
    with SqliteHistory(evidence / NAME) as history:
        history.record(document)
    sessions = folder / "data" / "temoin" / "sessions"
    sessions.mkdir(parents=True)
    tables = ['output = "temoin-evidence"\n']
    for number, result in enumerate(document.results):
        (sessions / f"{result.account}.age").touch()
        keys = {"name": result.account, "flow": result.flow, "owner": result.owner, "kind": result.kind}
        keys |= {"page": result.page} if result.page else {}
        keys |= {"identity": f"10008345671{number:04}", "expect": "objected"}
        tables.append("[[accounts]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
    config = folder / "temoin.toml"
    config.write_text("\n".join(tables), encoding="utf-8")
    return config


async def _shoot(page: Page, shot: Shot) -> bytes:
    # Else what lies further up gets its real height only when it is seen, and the page moves on under the camera.
    await page.add_style_tag(content="* { content-visibility: visible !important; scroll-behavior: auto !important }")
    await page.locator(shot.of).first.evaluate("element => element.scrollIntoView({ block: 'start' })")
    await page.wait_for_timeout(1000)
    return await page.screenshot()


def _webp(png: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=82, method=6)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
