"""
Two applications that nobody here wrote, each in a folder of its own: MediaWiki on SQLite and DokuWiki on plain files.

Debian's packages, set up by their own installers or in their own file formats, started on loopback and stopped again.
A setting is changed as an administrator would, past the browser: in the database, or in the configuration file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.serving import php

MEDIAWIKI, DOKUWIKI = Path("/usr/share/mediawiki"), Path("/usr/share/dokuwiki")
PACKAGES = {"php-cli": Path("/usr/bin/php"), "mediawiki": MEDIAWIKI, "dokuwiki": DOKUWIKI}
PASSWORD = "a long pass-phrase of nobody 42"
FASTER = {"opcache.enable_cli": "1", "opcache.revalidate_freq": "0", "display_errors": "0"}
Rows = Mapping[str, tuple[tuple[object, ...], ...]]


def missing() -> list[str]:
    """Debian packages without which neither can run."""
    found = [package for package, path in PACKAGES.items() if not path.exists()]
    if "php-cli" not in found and "pdo_sqlite" not in run(["php", "-m"], {}):
        found.append("php-sqlite3")
    return found


def run(command: list[str], environment: Mapping[str, str]) -> str:
    """Run a command that has to succeed; what it printed."""
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


# -- MediaWiki -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MediaWiki:
    """A wiki on SQLite with one reader."""

    inside: str
    folder: Path
    host = "wiki.hearth.example"

    def choose(self, name: str, option: str, value: str) -> None:
        """Set one preference of somebody, in the database."""
        with closing(self._database()) as database, database:
            (user,) = database.execute("SELECT user_id FROM user WHERE user_name = ?", (name,)).fetchone()
            database.execute("INSERT OR REPLACE INTO user_properties VALUES (?, ?, ?)", (user, option, value))

    def state(self) -> Rows:
        """Every row of every table of the wiki."""
        with closing(self._database()) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: tuple(database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables}

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "data" / "my_wiki.sqlite", timeout=10)


@contextmanager
def mediawiki(folder: Path, reader: str) -> Iterator[MediaWiki]:
    """Install one into an empty folder, with an account for one reader, and run it."""
    config = {"MW_CONFIG_FILE": str(folder / "LocalSettings.php")}
    script = str(MEDIAWIKI / "maintenance" / "run.php")
    (folder / "data").mkdir(parents=True)
    run(
        ["php", script, "install", "--dbtype", "sqlite", "--dbpath", str(folder / "data"), "--confpath", str(folder),
         "--scriptpath", "", "--server", f"https://{MediaWiki.host}", "--pass", PASSWORD, "Hearth", "Keeper"],
        {},
    )  # fmt: skip
    with (folder / "LocalSettings.php").open("a") as settings:
        # Jobs would otherwise be done while a page is asked for, now and then; nobody can be written to from here.
        settings.write("$wgJobRunRate = 0;\n$wgEmailAuthentication = false;\n")
    run(["php", script, "createAndPromote", reader, PASSWORD], config)
    with closing(sqlite3.connect(folder / "data" / "my_wiki.sqlite")) as database, database:
        database.execute("UPDATE user SET user_email = 'reader@hearth.example' WHERE user_name = ?", (reader,))
    with php(MEDIAWIKI, config, FASTER) as inside:
        yield MediaWiki(inside, folder)


# -- DokuWiki ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DokuWiki:
    """A wiki on plain files, with the one person who may see its settings."""

    inside: str
    folder: Path
    host = "notes.hearth.example"
    person = "keeper"

    def choose(self, **settings: str | int) -> None:
        """Write the wiki's own settings; the others stand as they come."""
        lines = {
            "title": "Hearth",
            "useacl": 1,
            "superuser": "@admin",
            "savedir": str(self.folder / "data"),
            **settings,
        }
        text = "".join(f"$conf['{key}'] = {value!r};\n" for key, value in lines.items())
        (self.folder / "conf" / "local.php").write_text(f"<?php\n{text}")

    def permit(self, level: int) -> None:
        """What everybody may do with its pages: 0 nothing, 1 read, and so on."""
        (self.folder / "conf" / "acl.auth.php").write_text(f"*\t@ALL\t{level}\n")

    def state(self) -> Mapping[str, str]:
        """Digest of every file, by its path."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


@contextmanager
def dokuwiki(folder: Path) -> Iterator[DokuWiki]:
    """Write its files into an empty folder and run it."""
    for part in (
        "pages",
        "attic",
        "media",
        "media_attic",
        "media_meta",
        "meta",
        "cache",
        "index",
        "locks",
        "tmp",
        "log",
    ):
        (folder / "data" / part).mkdir(parents=True)
    shutil.copytree("/etc/dokuwiki", folder / "conf", ignore=shutil.ignore_patterns("*.auth.php", "local.php"))
    # What signs people in elsewhere has pages of settings of its own; they make the one that is read thrice as long.
    others = "".join(f"$plugins['{name}'] = 0;\n" for name in ("authad", "authldap", "authpdo"))
    (folder / "conf" / "plugins.local.php").write_text(f"<?php\n{others}")
    hashed = run(["php", "-r", "echo password_hash($argv[1], PASSWORD_BCRYPT);", PASSWORD], {})
    (folder / "conf" / "users.auth.php").write_text(f"{DokuWiki.person}:{hashed}:Keeper:k@hearth.example:admin,user\n")
    (folder / "prepend.php").write_text(
        "<?php $_SERVER['SERVER_PORT'] = '443'; "
        f"define('DOKU_CONF', '{folder}/conf/'); define('DOKU_MAIN_CONF', '{folder}/conf/');\n"
    )
    notes = DokuWiki("", folder)
    notes.choose()
    notes.permit(1)
    with php(DOKUWIKI, {}, {**FASTER, "auto_prepend_file": str(folder / "prepend.php")}) as inside:
        yield DokuWiki(inside, folder)
