"""
Install Ghost from npm into `build/ghost`, for the tests of real applications: 510 MB, some minutes.

Ghost's package is made to be unpacked and installed as a project of its own, with its own command, which wants a system
service. Here it is unpacked, its tools for development are taken out (one comes from GitHub), and nothing that it
depends on runs a script but SQLite's binding: compiled where no prebuilt one can be fetched.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from automation.cli.shared.installing import NobodyToAsk, Offer, TerminalShell
from automation.text.language import language

VERSION = "5.130.6"
FOLDER = Path(__file__).parents[1] / "build" / "ghost"
BINDING = FOLDER / "node_modules" / "sqlite3" / "build" / "Release" / "node_sqlite3.node"
_HEADERS = Path("/usr/include/node/node.h")
"""Where Debian's libnode-dev and NodeSource's nodejs have them; else node-gyp fetches them."""


def missing() -> list[str]:
    """What is not there: programs without which it cannot be installed, and `ghost` itself."""
    programs = [name for name in ("node", "npm", "make", "g++") if shutil.which(name) is None]
    return programs if programs or BINDING.exists() else ["ghost"]


def install() -> None:
    """
    Install it anew.

    Raises:
        subprocess.CalledProcessError: npm could not; what it said is on stderr.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        folder = Path(name)
        _npm(folder, "pack", f"ghost@{VERSION}")
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        unpacked = folder / "package"
        manifest = json.loads((unpacked / "package.json").read_text())
        for key in ("devDependencies", "resolutions", "scripts"):
            manifest.pop(key, None)
        (unpacked / "package.json").write_text(json.dumps(manifest))
        _npm(unpacked, "install", "--ignore-scripts", "--legacy-peer-deps")
        headers = [f"--nodedir={_HEADERS.parents[2]}"] if _HEADERS.exists() else []
        _npm(unpacked, "rebuild", "sqlite3", "--foreground-scripts", *headers)
        unpacked.rename(FOLDER)


def _npm(folder: Path, *arguments: str) -> None:
    command = ["npm", *arguments, "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own commands


def main() -> int:
    """Install it where it is missing, wanted and possible."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yes", action="store_true", help="install without asking")
    lacking, shell = missing(), TerminalShell(language("en"), yes=parser.parse_args().yes)
    if lacking == ["ghost"]:
        try:
            if shell.agrees(Offer("ghost", "npm, into build/ghost", "510 MB on disk, some minutes", ())):
                install()
        except NobodyToAsk:
            sys.stderr.write("Nobody can be asked whether to install this; --yes says so beforehand.\n")
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"The tests with Ghost are skipped: {error}\n")
    elif lacking:
        sys.stderr.write(f"Missing for the tests with Ghost, which are skipped: {' '.join(lacking)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
