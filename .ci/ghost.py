"""
Ghost, for the tests that meet an admin of one page: its maker's release from npm, in build/ghost.

The release and everything that it needs are known by their digests: its own here, that of each package by the lock file
that the release brings. No package's scripts are run, so nothing is compiled; the database for which something would
have to be is left out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tarfile
import tempfile
from pathlib import Path

from automation.cli.get_browser import Offer, TerminalShell

VERSION = "5.130.6"
_SHA512 = "CAWqPKt+7ws+/1NrVmvuiWiDZDEtutiu7niVMTku9uM29MjfNFFUVKM3giQBpZGZrUORXkWiXSlqbry4QGVrBw=="
_ROOT = Path(__file__).parent.parent / "build"
FOLDER = _ROOT / "ghost"
_INSTALL = (
    "npm", "install", "--omit=dev", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund",
    "--replace-registry-host=always",  # its lock file names another host with the same packages
)  # fmt: skip
_LEFT_OUT = ("devDependencies", "optionalDependencies")


def is_there() -> bool:
    """Whether this release is installed, whole."""
    package = FOLDER / "package.json"
    return package.is_file() and json.loads(package.read_text()).get("version") == VERSION


def install(shell: TerminalShell) -> str:
    """
    Offer it, and install it.

    Returns:
        Why that did not work; empty where it did, or was not wanted.

    Raises:
        NobodyToAsk: there is no terminal to ask at.
    """
    what = f"Ghost {VERSION}"
    if not shell.agrees(Offer(what, "npm, into build/ghost", "225 MB to download, 520 MB on disk", _INSTALL)):
        return ""
    _ROOT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_ROOT, prefix="ghost-") as name:
        folder = Path(name)
        fetched = shell.run(["npm", "pack", f"ghost@{VERSION}", "--pack-destination", name], f"Fetching {what}")
        archives = list(folder.glob("*.tgz"))
        if fetched.code or len(archives) != 1:
            return fetched.trouble
        if base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode() != _SHA512:
            return f"{what} is not the release that is known"
        with tarfile.open(archives[0]) as archive:
            archive.extractall(folder, filter="data")
        there = folder / "package"
        package = json.loads((there / "package.json").read_text())
        wanted = {key: value for key, value in package.items() if key not in _LEFT_OUT}
        (there / "package.json").write_text(json.dumps(wanted, indent=2))
        done = shell.run([*_INSTALL, "--prefix", str(there)], f"Installing what {what} needs")
        if done.code:
            return done.trouble
        shutil.rmtree(FOLDER, ignore_errors=True)
        there.rename(FOLDER)
    return ""
