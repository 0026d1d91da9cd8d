"""
Install what some tests need beside Python and a browser: servers, a screen that nobody sees, applications.

On Debian and its kin, as root or with a sudo that asks for no password, what is missing is offered. Elsewhere it is
named, and the tests that need it are skipped and say so. Nothing that is installed is left running.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import ghost

from automation.browser.environment.machine import ThisMachine
from automation.browser.finder import find_browser
from automation.cli.get_browser import Apt, NobodyToAsk, TerminalShell
from automation.core.settings import BrowserSettings
from automation.text.language import language

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = {
    "dovecot-imapd": ("dovecot",),
    "openssl": ("openssl",),
    "postgresql": ("pg_ctlcluster",),
    "xvfb": ("Xvfb",),
    "xdotool": ("xdotool",),
    "php-cli": ("php",),
    "chromium": ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser"),  # one with a window
}
"""Debian's package → the programs of which one will do."""
FOLDERS = {
    # MediaWiki asks for some web server: the smallest one, which does not start by itself, spares Apache's.
    ("mediawiki", "micro-httpd"): "/usr/share/mediawiki",
    ("dokuwiki",): "/usr/share/dokuwiki",
}
"""Debian's packages → where the application lies."""
MODULES = {"php-sqlite3": "pdo_sqlite"}
"""Debian's package → the module of PHP."""
RARE_PROGRAMS = {"mariadb-server-core": ("mariadbd",), "nodejs": ("node",), "npm": ("npm",)}
RARE_FOLDERS = {
    ("wordpress",): "/usr/share/wordpress",
    ("wordpress-l10n",): "/usr/share/wordpress/wp-content/languages",
}
RARE_MODULES = {"php-mysql": "mysqli"}
"""For the tests of real applications that only `make test-all` runs."""
QUICK = "chromium-headless-shell"
"""The tests take a tenth less time in it than in a whole Chromium, and it is what a fresh machine gets."""
SERVERS = {"dovecot-imapd": ("dovecot.service", "dovecot.socket"), "postgresql": ("postgresql.service",)}
_POLICY = "/usr/sbin/policy-rc.d"


def missing(*, rare: bool = False) -> list[str]:
    """Debian's packages of what is not there; with those of the rare tests where that is said."""
    programs, folders, needed = PROGRAMS, FOLDERS, MODULES
    if rare:
        programs, folders, needed = programs | RARE_PROGRAMS, folders | RARE_FOLDERS, needed | RARE_MODULES
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = {name for name, those in programs.items() if not any(shutil.which(one, path=path) for one in those)}
    found |= {name for names, folder in folders.items() if not Path(folder).is_dir() for name in names}
    php = shutil.which("php", path=path)
    modules = subprocess.run([php, "-m"], capture_output=True, text=True, check=False).stdout if php else ""  # noqa: S603 - found on PATH
    return sorted(found | {name for name, module in needed.items() if module not in modules.split()})


def install(apt: Apt, shell: TerminalShell, packages: list[str]) -> None:
    """Offer the packages that this system knows, and install them; the lists are fetched where one is not known."""
    offer = apt.offer(*packages)
    if offer is None and apt.update():
        known = [name for name in packages if apt.offer(name)]
        offer = apt.offer(*known) if known else None
    if offer is None or not shell.agrees(offer):
        return
    with _nothing_starts(apt, shell):
        ended = shell.run(offer.command, "Installing what some tests need", offer.steps)
    if ended.code:
        sys.stderr.write(f"{ended.trouble}\n")


@contextmanager
def _nothing_starts(apt: Apt, shell: TerminalShell) -> Iterator[None]:
    """Packages start their servers at once, and at each boot; the tests start servers of their own."""
    script = (
        f"test -e {_POLICY} || {{ printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod 755 {_POLICY} && echo made; }}"
    )
    made = "made" in shell.run([*apt.before, "sh", "-c", script]).output
    there = {name for name in SERVERS if name not in missing()}
    try:
        yield
    finally:
        if made:
            shell.run([*apt.before, "rm", "-f", _POLICY])
        new = [unit for name, units in SERVERS.items() if name not in there for unit in units]
        if new and shutil.which("systemctl"):
            shell.run([*apt.before, "systemctl", "--no-reload", "disable", *new])


def main() -> int:
    """Install what is missing, as far as that is possible and wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yes", action="store_true", help="install without asking")
    parser.add_argument("--rare", action="store_true", help="WordPress and Ghost with their database, too")
    said = parser.parse_args()
    shell = TerminalShell(language("en"), yes=said.yes)
    try:
        packages(shell, rare=said.rare)
        if said.rare and not ghost.is_there() and shutil.which("npm"):
            trouble = ghost.install(shell)
            if trouble:
                sys.stderr.write(f"Ghost is not installed, and its tests are skipped: {trouble}\n")
    except NobodyToAsk:
        sys.stderr.write("Nobody can be asked whether to install this; --yes says so beforehand.\n")
    return 0


def packages(shell: TerminalShell, *, rare: bool) -> None:
    """
    Install what is missing of Debian's packages, as far as that is possible and wanted; name the rest.

    Raises:
        NobodyToAsk: there is no terminal to ask at.
    """
    wanted = missing(rare=rare)
    slow = not find_browser(BrowserSettings()).headless_only
    if not wanted and not slow:
        return
    apt = Apt.of(ThisMachine(), shell)
    try:
        if apt is not None and wanted:
            install(apt, shell, wanted)
        if apt is not None and slow and apt.offer(QUICK):
            install(apt, shell, [QUICK])
    finally:
        if left := missing(rare=rare):
            sys.stderr.write(f"Missing for some tests, which are skipped: {' '.join(left)}\n")
            sys.stderr.write(f"  → Debian, Ubuntu: sudo apt-get install {' '.join(left)}\n")


if __name__ == "__main__":
    sys.exit(main())
