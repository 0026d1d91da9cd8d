"""Sessions of pytest in a process of their own, as somebody else starts them."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from automation.authoring.replica import Actor
from tests.cli.test_check import IDENTITY_KEY, secrets_of
from tests.turns import HANGING_S

_LISTED = re.compile(r"(PASSED|FAILED|SKIPPED|ERROR) +(\S+::\S+)|(\S+::\S+) +(PASSED|FAILED|SKIPPED|ERROR)")


@dataclass(frozen=True, slots=True)
class Ended:
    """What a session ended with."""

    code: int
    out: str

    def outcomes(self) -> dict[str, str]:
        """Test → its outcome, as `-v` lists them."""
        found = (match.groups() for match in _LISTED.finditer(self.out))
        return {first or second: word or outcome for word, first, second, outcome in found}


async def session(folder: Path, actors: Mapping[str, Actor], *arguments: str) -> Ended:
    """Run pytest in a folder, with the secrets of these accounts and a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMOIN_", "PYTEST_", "COV_"))}
    kept |= {
        "LANG": "en_GB.UTF-8", "COLUMNS": "80", "DEBUG": "pw:api",
        "XDG_DATA_HOME": str(folder / "data"), "TEMOIN_IDENTITY_KEY": IDENTITY_KEY,
    }  # fmt: skip
    for name, actor in actors.items():
        kept |= secrets_of(name, actor)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *arguments, cwd=folder, env=kept,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), HANGING_S)
    return Ended(process.returncode or 0, out.decode())
