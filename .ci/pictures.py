"""
Take the pictures of the documentation from the demo's report: `docs/pictures/*.webp`, in both languages.

`make pictures` runs the demo for it; `.ci/pictures.py FOLDER` takes a run that is there already.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, ViewportSize, async_playwright

from automation.browser.finder import find_browser
from automation.domain.settings.browser import BrowserSettings

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
LIMIT_BYTES = 200_000


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
    Shot("account", "#account-giulia-facebook", 1400),
)


def main(arguments: list[str]) -> int:
    """Take all pictures of one run; of a fresh demo where none is given."""
    if arguments:
        return asyncio.run(_take(Path(arguments[0])))
    with tempfile.TemporaryDirectory() as folder:
        call = [sys.executable, "-m", "automation", "demo", "--output", folder, "--lang", "en"]
        subprocess.run(call, check=True, cwd=ROOT)  # noqa: S603 - our own program
        (run,) = (path.parent for path in Path(folder).glob("*/report.en.html"))
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
            for lang in ("en", "fr"):
                size = ViewportSize(width=shot.width, height=shot.height)
                page = await browser.new_page(viewport=size, bypass_csp=True)  # for our own rule below
                await page.goto((run / f"report.{lang}.html").resolve().as_uri())
                target = FOLDER / f"{shot.name}.{lang}.webp"
                target.write_bytes(_webp(await _shoot(page, shot)))
                sys.stderr.write(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB\n")
                too_large += [target.name] if target.stat().st_size > LIMIT_BYTES else []
                await page.close()
        await browser.close()
    if too_large:
        sys.stderr.write(f"Larger than {LIMIT_BYTES // 1000} kB: {', '.join(too_large)}\n  → Show less of the page.\n")
    return 1 if too_large else 0


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
