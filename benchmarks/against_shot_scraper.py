"""
One check with a saved session, as a ratio to `shot-scraper multi` with a saved login on the same pages.

shot-scraper takes as many pictures of the same addresses, with the half second of waiting without which its pictures
show pages that are still loading. It judges nothing and proves nothing. It gets an environment of its own, made once in
the user's cache folder, and the browser that Témoin would take. Both are the programs that people call, each with its
start, its browser's and its end (`temoin check` writes the report in two languages, too), and alternate.

Run: python benchmarks/against_shot_scraper.py [rounds]
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
import venv
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from loguru import logger
from one_check import check
from plain_script import route_of
from pydantic import SecretStr
from stand_in import OPEN, SITE, StandIn, folder, load, stand_in

from automation.browser.finder import find_browser
from automation.core.accounts import subject
from automation.core.settings import BrowserSettings
from automation.session.saved import SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key

ROUNDS = 5
WAIT_MS = 500
KEY = "the benchmarks' accounts are made up"
_MISSING = re.compile(r"Executable doesn't exist at (\S+)")


def shot_scraper() -> tuple[Path, dict[str, str]]:
    """Its program, installed if it is not there yet, and the environment in which it finds the browser."""
    home = Path(platformdirs.user_cache_dir("temoin-benchmarks"))
    program = home / "shot-scraper" / "bin" / "shot-scraper"
    if not program.exists():
        venv.create(home / "shot-scraper", with_pip=True)
        pip = [str(program.with_name("python")), "-m", "pip", "install", "--quiet", "shot-scraper"]
        subprocess.run(pip, check=True)
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(home / "browsers")}
    tried = subprocess.run(
        [program, "about:blank", "-o", os.devnull], check=False, capture_output=True, text=True, env=environment
    )
    missing = _MISSING.search(tried.stderr + tried.stdout)
    if missing:
        place = Path(missing[1])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f'#!/bin/sh\nexec {find_browser(BrowserSettings()).path} "$@"\n')
        place.chmod(0o755)
    return program, environment


def shots(route: list[tuple[str, int]], place: Path) -> Path:
    """The file that tells shot-scraper what to do; JSON is YAML."""
    entries = []
    for number, (address, pictures) in enumerate(route):
        for picture in range(max(1, pictures)):
            entry = {"url": address, "output": str(place / f"{number}-{picture}.png"), "width": 1280, "wait": WAIT_MS}
            entries.append(entry if picture == 0 else {**entry, "height": 900})
    file = place / "shots.yml"
    file.write_text(json.dumps(entries))
    return file


def other(program: Path, environment: dict[str, str], served: StandIn, file: Path) -> float:
    """Seconds of one round of shot-scraper."""
    login = file.with_name("login.json")
    login.write_text(json.dumps(SITE.storage_state(OPEN)))
    rules = ", ".join(f"MAP {host}:443 {address}" for host, address in served.replica_map.items())
    arguments = [
        f"--ignore-certificate-errors-spki-list={served.spki}", f"--host-resolver-rules={rules}", "--no-sandbox",
    ]  # fmt: skip
    given = [part for argument in arguments for part in ("--browser-arg", argument)]
    began = time.perf_counter()
    subprocess.run(
        [program, "multi", str(file), "--auth", str(login), "--silent", "--fail", *given], check=True, env=environment
    )
    return time.perf_counter() - began


def machine(served: StandIn, place: Path) -> tuple[Path, dict[str, str]]:
    """A configuration with one account, and the environment of a machine that has kept a session of it."""
    secret, _ = new_key()
    vault, owner = (
        Vault(place / "temoin" / "sessions", open_key(SecretStr(secret))),
        subject(OPEN.identity, KEY.encode()),
    )
    vault.store(SavedSession("account", "facebook", owner, datetime.now(UTC), None, SITE.storage_state(OPEN)))
    config = place / "temoin.toml"
    config.write_text(f"""
[browser]
replica_map = {{ {", ".join(f'"{host}" = "{address}"' for host, address in served.replica_map.items())} }}
replica_spki = ["{served.spki}"]
timeout_s = 30

[[accounts]]
name = "account"
flow = "{OPEN.flow}"
owner = "{OPEN.owner}"
identity = "{OPEN.identity}"
kind = "{OPEN.kind}"
sign_in = "session"
""")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"XDG_DATA_HOME": str(place), "TEMOIN_VAULT_KEY": secret, "TEMOIN_IDENTITY_KEY": KEY}
    return config, environment | own


def ours(config: Path, environment: dict[str, str]) -> float:
    """Seconds of one `temoin check`."""
    temoin = Path(sys.executable).with_name("temoin")
    command = [temoin, "check", "--json", "--config", config, "--output", config.with_name("evidence")]
    began = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    took = time.perf_counter() - began
    (result,) = json.loads(done.stdout)["results"] if done.stdout else ({"verdict": done.stderr},)
    if result["verdict"] != OPEN.expected.verdict:
        raise SystemExit(f"the check went wrong: {result}")
    return took


def main(rounds: int) -> int:
    """Alternate, print, and return 1 where Témoin is slower."""
    program, environment = shot_scraper()
    times: dict[str, list[float]] = {"shot-scraper": [], "temoin": []}
    with stand_in() as served, folder() as place:
        route = route_of(asyncio.run(check(served, saved=True))[2])
        file = shots(route, place)
        config, kept = machine(served, place)
        ours(config, kept)  # compiled, and its keys made, as on a machine where it is used
        for _ in range(rounds):
            times["shot-scraper"].append(other(program, environment, served, file))
            times["temoin"].append(ours(config, kept))
        taken = len(list(place.glob("*.png")))
    for name, found in times.items():
        print(f"{name:13} {statistics.median(found):6.2f} s")
    pairs = zip(times["temoin"], times["shot-scraper"], strict=True)
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    print(f"{len(route)} pages, {taken} pictures: ratio {ratio:.2f} (less than 1 wanted); {load()}")
    return 0 if ratio < 1 else 1


if __name__ == "__main__":
    logger.remove()
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
