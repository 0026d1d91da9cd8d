"""
README and `docs/`: every block of commands is run, in a folder with one account and one result, or says what it needs.

Real: the shell, the program, its configuration, one visit with a real browser, the evidence that it leaves. Not real:
the service, which is the stand-in, and the account.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from pyrage import x25519

from automation.authoring.replica import Replica, load_site
from automation.config import load
from tests.cli.test_check import actor_of, secrets_of
from tests.documents import ACCOUNTS, ROOT, Block, blocks, configurations, write_configuration
from tests.turns import HANGING_S

pytestmark = pytest.mark.rare

ACTOR = actor_of("facebook", "accepted")
ACCOUNT = "atelier-facebook"


def _to_run() -> dict[Path, list[Block]]:
    """Page → its blocks that are to be run, the same commands only on the first page that has them."""
    found: dict[Path, list[Block]] = defaultdict(list)
    seen: set[str] = set()
    for block in blocks("sh"):
        bare = re.sub(r"\s+#.*", "", block.text)
        if (not block.mark or block.mark.startswith("ends with:")) and bare not in seen:
            seen.add(bare)
            found[block.page].append(block)
    return found


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder in which README's first account was checked once, on the stand-in, and the environment of its owner."""
    folder = tmp_path_factory.mktemp("prepared")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    bin_folder = tmp_path_factory.mktemp("bin")
    program = bin_folder / "temoin"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m automation "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment |= {
        "PATH": f"{bin_folder}{os.pathsep}{environment['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LANG": "en_GB.UTF-8",
        "COLUMNS": "100",
        "GITHUB_STEP_SUMMARY": "summary.md",
        "TEMOIN_IDENTITY_KEY": "an identity key for the documents",
        "TEMOIN_VAULT_KEY": str(x25519.Identity.generate()),  # a machine for tests may have no keyring
        **secrets_of(ACCOUNT, ACTOR),
    }
    text = _of_somebody(ACCOUNTS).replace('expect   = "objected"', 'expect   = "objected"\nsign_in  = "password"', 1)
    (folder / "temoin.toml").write_text(text, encoding="utf-8")

    async def visit() -> subprocess.CompletedProcess[str]:
        async with Replica([load_site("facebook")]) as replica:
            mapped = {
                "TEMOIN_BROWSER__REPLICA_MAP": json.dumps(dict(replica.replica_map)),
                "TEMOIN_BROWSER__REPLICA_SPKI": json.dumps([replica.spki]),
            }
            return await asyncio.to_thread(_shell, f"temoin check {ACCOUNT}", folder, environment | mapped)

    ended = asyncio.run(visit())
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder, environment


def _of_somebody(text: str) -> str:
    """A configuration of the documents with identities that could be somebody's: the examples are refused."""
    for example, real in (("100080000000000", ACTOR.identity), ("100081000000000", "100081234509800")):
        text = text.replace(f'"{example}"', f'"{real}"', 1)
    return text.replace('"17841400000000000"', '"17841412345098001"')


def _shell(text: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, env=environment | {"XDG_DATA_HOME": str(folder / "data")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=HANGING_S,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ended(
    prepared: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Path, Future[list[str]]]]:
    """Page → what went wrong in its blocks, each page in a copy of the prepared folder, some at a time."""
    with ThreadPoolExecutor(3) as several:
        yield {
            page: several.submit(_run_page, page, of_page, prepared, tmp_path_factory.mktemp(page.stem))
            for page, of_page in _to_run().items()
        }


def _run_page(page: Path, of_page: list[Block], prepared: tuple[Path, dict[str, str]], folder: Path) -> list[str]:
    before, environment = prepared
    shutil.copytree(before, folder, dirs_exist_ok=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "temoin").symlink_to(shutil.which("temoin", path=environment["PATH"]) or "temoin")
    (folder / "mail.png").write_bytes((ROOT / "docs/pictures/report.en.webp").read_bytes())
    own = [block.text for block in configurations() if block.page == page]
    if own and page.name != "README.md":
        write_configuration(folder, [_of_somebody(text) for text in own])
        evidence = load(folder / "temoin.toml", folder / ".env").output
        if not (folder / evidence).exists():
            (folder / evidence).parent.mkdir(parents=True, exist_ok=True)
            (folder / "temoin-evidence").rename(folder / evidence)
    wrong: list[str] = []
    for block in of_page:
        answer = _shell(_real_names(block.text, folder), folder, environment)
        if answer.returncode != int(block.mark.removeprefix("ends with:") or 0):
            wrong.append(f"{block} ended with {answer.returncode}:\n{answer.stdout[-1500:]}{answer.stderr[-1500:]}")
    return wrong


def _real_names(text: str, folder: Path) -> str:
    """Names that a document makes up (of a run, of an answer) as they are in this folder."""
    run = next((path.name for path in folder.rglob("*Z-*") if (path / "results.json").is_file()), "")
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]+", run, text)
    return text.replace(
        "withdraw 0a1b2c3d", "withdraw $(temoin answer list | grep -oE '\\b[0-9a-f]{8}\\b' | head -n 1)"
    )


@pytest.mark.parametrize("document", list(_to_run()), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_block_runs(document: Path, ended: dict[Path, Future[list[str]]]) -> None:
    """Each block that says no need ends well, in the order of its page, in a folder with one account and one result."""
    wrong = ended[document].result()
    assert not wrong, "\n\n".join(wrong)
