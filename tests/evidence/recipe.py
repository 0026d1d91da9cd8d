"""Somebody who verifies as docs/verify-without-temoin.md says: with a shell, sha256sum and openssl."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.evidence.building import Place

DOCS = Path(__file__).parents[2] / "docs"
RECIPE = (DOCS / "verify-without-temoin.md").read_text(encoding="utf-8")
TOOLS = (
    "sha256sum", "openssl", "mktemp", "grep", "cut", "wc", "cat", "sed", "expr", "find", "sort", "cmp", "ls", "tr",
    "sh",
)  # fmt: skip


def blocks() -> list[str]:
    """The scripts of the page, in their order."""
    return re.findall(r"<!-- run by: tests/evidence/test_recipe.py -->\n```sh\n(.*?)```", RECIPE, re.DOTALL)


@dataclass(frozen=True)
class Sceptic:
    """Somebody with a shell and a few tools, and without Témoin."""

    tools: Path
    signer: str
    root: Path

    def runs(self, block: int, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run one block of the page, to the letter, where nothing but those few tools is to be had."""
        return self.run(blocks()[block], folder, **changes)

    def saved(self) -> dict[str, str]:
        """The recipes that the one for a folder is told of, saved as the page says."""
        files = {"RECIPE": "recipe.sh", "RUN": "run.sh", "CHAIN": "ledger.sh"}
        for block, name in enumerate(files.values()):
            (self.tools / name).write_text(blocks()[block])
        return {variable: str(self.tools / name) for variable, name in files.items()}

    def key_of(self, place: Place) -> Path:
        """A key that came another way than the evidence."""
        path = self.tools / "key.pem"
        path.write_text(place.keys.signing().public)
        return path

    def run(self, text: str, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a script so."""
        for tool in TOOLS:
            link = self.tools / tool
            if not link.exists():
                link.symlink_to(shutil.which(tool) or tool)
        known = {"SIGNER": self.signer, "ROOT": str(self.root), "AUTHORITY": "alpha", **changes}
        environment = {"PATH": str(self.tools), "LC_ALL": "C", **known}
        shell = shutil.which("sh") or "/bin/sh"
        return subprocess.run(
            [shell, "-c", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def of_folder(self, place: Place, root: Path | None = None, **changes: str) -> tuple[bool, str]:
        """What the recipe for a folder says of a place that nobody stamped, or of what lies elsewhere by its key."""
        known = {"SIGNER": place.keys.signing().id, "AUTHORITY": "none", "ROOT": "", "KEY": str(self.key_of(place))}
        return ending(self.runs(3, root or place.root, **self.saved(), **{**known, **changes}))


def ending(ended: subprocess.CompletedProcess[str]) -> tuple[bool, str]:
    """Whether it ended well, and its last line."""
    return ended.returncode == 0, (ended.stdout if ended.returncode == 0 else ended.stderr).strip().split("\n")[-1]
