"""
WordPress as Debian installs it, in a folder of its own, on a MariaDB of its own that listens on a socket alone.

The application's files stay where the package put them; configuration, content and database are made here and are gone
afterwards. A setting is changed as an administrator would, past the browser: by WordPress's own functions.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from automation.browser.environment.record import ci_of
from tests.real import mariadb
from tests.real.account import UserAtDesk, at_desk
from tests.real.applications import FASTER, PASSWORD, Rows, run
from tests.real.serving import Served, over_tls, php, playwright_cookies
from tests.session.screen import screen

SOURCE = Path("/usr/share/wordpress")
PACKAGES = {
    "php-cli": Path("/usr/bin/php"),
    "wordpress": SOURCE,
    "wordpress-l10n": SOURCE / "wp-content" / "languages" / "admin-fr_FR.mo",
    "mariadb-server-core": mariadb.PROGRAM,
}
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%s');
define('WP_HOME', 'https://%s'); define('WP_SITEURL', WP_HOME); define('WP_CONTENT_DIR', '%s/wp-content');
// Chores run while a page is asked for, and news is fetched from its maker; nobody can be reached from here.
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
%s
$table_prefix = 'wp_';
if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') $_SERVER['HTTPS'] = 'on';
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """
define('WP_INSTALLING', true); require ABSPATH . 'wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
[, $owner, $password] = $argv;
wp_install('Hearth', $owner, 'keeper@hearth.example', false, '', $password);
"""
# As its installer does: also while it is under maintenance.
_LOADED = "define('WP_INSTALLING', true); require ABSPATH . 'wp-load.php'; "
_ROWS = """
$all = [];
foreach ($wpdb->get_col('SHOW TABLES') as $table) $all[$table] = $wpdb->get_results("SELECT * FROM `$table`", ARRAY_N);
echo json_encode($all, JSON_INVALID_UTF8_SUBSTITUTE);
"""


def missing() -> list[str]:
    """Debian packages without which it cannot run."""
    found = [package for package, path in PACKAGES.items() if not path.exists()]
    if "php-cli" not in found and "mysqli" not in run(["php", "-m"], {}):
        found.append("php-mysql")
    return found


def require() -> None:
    """Skip the test where it cannot run; a CI job that lacks it is set up wrongly."""
    if lacking := missing():
        reason = f"{', '.join(lacking)} of Debian 13 not installed; `make applications` gets them there"
        pytest.fail(reason) if ci_of() else pytest.skip(reason)


@dataclass(frozen=True)
class WordPress:
    """A blog with its owner."""

    inside: str
    folder: Path
    host = "blog.hearth.example"
    owner = "keeper"

    def add(self, person: str, role: str = "subscriber") -> None:
        """Give somebody an account."""
        self._call("wp_create_user($argv[1], $argv[2], $argv[3]);", person, PASSWORD, f"{person}@hearth.example")
        self._call("get_user_by('login', $argv[1])->set_role($argv[2]);", person, role)

    def choose(self, person: str, option: str, value: str) -> None:
        """Set one option of somebody's profile."""
        self._call(
            "update_user_option(get_user_by('login', $argv[1])->ID, $argv[2], $argv[3], true);", person, option, value
        )

    def option(self, person: str, option: str) -> str:
        """One option of somebody's profile, as the database has it."""
        return self._call("echo get_user_option($argv[2], get_user_by('login', $argv[1])->ID);", person, option)

    def sign_out(self, person: str) -> None:
        """End somebody's sessions at the service's side."""
        self._call("WP_Session_Tokens::get_instance(get_user_by('login', $argv[1])->ID)->destroy_all();", person)

    def cookies(self, person: str) -> list[dict[str, object]]:
        """Of a browser in which somebody has signed in, as Playwright takes them."""
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Cookie": "wordpress_test_cookie=WP Cookie check"}
        form = {"log": person, "pwd": PASSWORD, "testcookie": "1"}
        with httpx.Client(headers=headers, timeout=30) as client:
            answer = client.post(f"{self.inside}/wp-login.php", data=form)
            assert answer.status_code == 302, answer.text[:500]
            return playwright_cookies(client, self.host)

    @contextmanager
    def with_plugin(self, name: str, code: str) -> Iterator[None]:
        """Have a must-use plugin of one file; afterwards it is gone."""
        path = self.folder / "wp-content" / "mu-plugins" / f"{name}.php"
        path.write_text(f"<?php\n{code}")
        try:
            yield
        finally:
            path.unlink()

    @contextmanager
    def maintenance(self) -> Iterator[None]:
        """Do as an update does while it is under way."""
        mark = self.folder / ".maintenance"
        mark.write_text("<?php $upgrading = time();")
        try:
            yield
        finally:
            mark.unlink()

    def state(self) -> Rows:
        """Every row of every table."""
        rows: Rows = {name: tuple(map(tuple, rows)) for name, rows in json.loads(self._call(_ROWS)).items()}
        return rows

    def _call(self, code: str, *arguments: str) -> str:
        return _php(self.folder, _LOADED + code, *arguments)


def _php(folder: Path, code: str, *arguments: str) -> str:
    return run(
        ["php", "-d", "display_errors=stderr", "-r", f"require '{folder}/prepend.php'; {code}", "--", *arguments], {}
    )


@contextmanager
def wordpress(folder: Path) -> Iterator[WordPress]:
    """Install one into an empty folder, and run it."""
    folder.mkdir(parents=True)
    for entry in SOURCE.iterdir():
        if entry.name not in {"wp-config.php", "wp-content"}:
            (folder / entry.name).symlink_to(entry)
    for part in ("plugins", "mu-plugins", "themes"):
        (folder / "wp-content" / part).mkdir(parents=True)
    (folder / "wp-content" / "languages").symlink_to(SOURCE / "wp-content" / "languages")
    (folder / "prepend.php").write_text(f"<?php define('ABSPATH', '{folder}/');\n")
    with mariadb.running("wordpress") as socket:
        salts = "".join(
            f"define('{name}_{kind}', '{name} {kind} of a test');"
            for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
            for kind in ("KEY", "SALT")
        )
        (folder / "wp-config.php").write_text(_CONFIG % (socket, WordPress.host, folder, salts))
        _php(folder, _INSTALL, WordPress.owner, PASSWORD)
        with php(SOURCE, {}, {"auto_prepend_file": str(folder / "prepend.php"), **FASTER}) as inside:
            yield WordPress(inside, folder)


@asynccontextmanager
async def staged(folder: Path, flow: str, reader: str) -> AsyncIterator[tuple[WordPress, Served, UserAtDesk]]:
    """A blog behind TLS with one reader, and the reader at a desk with a configuration still to be written."""
    with wordpress(folder / "blog") as blog, screen() as person:
        blog.add(reader)
        desk = folder / "desk"
        desk.mkdir()
        async with over_tls(blog.host, blog.inside) as served, at_desk(person, desk, served, flow, reader) as user:
            yield blog, served, user
