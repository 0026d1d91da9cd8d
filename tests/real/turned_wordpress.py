"""
WordPress's profile form before a person, whose page may turn against them.

Real: WordPress with its form, its database and its own redirects; the scripts come from plugins. Not real: the service
worker, which the proxy in front of it answers with.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.real import wordpress
from tests.real.account import FLOWS
from tests.real.applications import Rows
from tests.real.objecting import WITH_WORKER, AtSetting, worker
from tests.real.serving import Asked
from tests.real.turning import Turning
from tests.real.wordpress import WordPress

READER = "claire"
TOOLBAR, OPTION, LABEL = "wordpress.toolbar", "show_admin_bar_front", "Show Toolbar when viewing site"
PROFILE = "/wp-admin/profile.php"

_PLUGIN = """
add_action('admin_footer', function () {{ if (($GLOBALS['pagenow'] ?? '') === 'profile.php') echo <<<'HERE'
<script>{{
const form = document.getElementById('your-profile');
const atPress = (type, act) => addEventListener(type, event => {{ if (event.target.id === 'submit') act(); }}, true);
const save = said => fetch('/wp-admin/profile.php', {{method: 'POST', body: new URLSearchParams(
  {{from: 'profile', action: 'update', nickname: 'somebody', ...said}})}});
const send = one => HTMLFormElement.prototype.submit.call(one);
const twin = () => {{ const other = form.cloneNode(true), aside = document.createElement('iframe');
  aside.name = other.target = 'aside'; other.elements.admin_bar_front.checked = true;
  document.body.append(aside, other); return other; }};
{script}
}}</script>
HERE; }});
"""
_REDIRECT = """
if (str_ends_with($_SERVER['SCRIPT_NAME'] ?? '', '/wp-admin/profile.php')) {
  add_filter('wp_redirect', fn () => '/wp-admin/profile.php');
  add_filter('wp_redirect_status', fn () => %d);
}
"""

_INSTEAD = {
    "action": "atPress('pointerdown', () => { form.action = '/wp-login.php?action=logout'; });",
    "field": "atPress('pointerdown', () => { form.elements.nickname.value = 'somebody'; });",
    "unseen": "atPress('pointerdown', () => { form.elements.user_id.value = '1'; });",
    "password": "atPress('pointerdown', () => { "
    "form.elements.pass1.value = form.elements.pass2.value = 'of somebody else'; });",
    "target": "atPress('pointerdown', () => { form.target = '_blank'; });",
}
_BESIDE = {
    "form": "atPress('click', () => send(twin()));",
    "script": "atPress('click', () => save());",
    "all_the_time": "setInterval(() => save().catch(() => null), 300);",
    "tab": "atPress('click', () => { window.open('/wp-admin/profile.php'); fetch('/wp-admin/admin-ajax.php', "
    "{method: 'POST', body: new URLSearchParams({action: 'save-user-color-scheme', color_scheme: 'light'})}); });",
    "worker": "atPress('click', () => new Worker(URL.createObjectURL(new Blob([`fetch('${location.origin}"
    "/wp-admin/profile.php', {method: 'POST', body: new URLSearchParams({from: 'profile'})})`]))));",
    "service_worker": WITH_WORKER,
}


@dataclass
class AtProfile(AtSetting):
    """Claire at WordPress's profile, and the box of whether it shows her a toolbar."""

    blog: WordPress = None  # type: ignore[assignment]

    label = LABEL
    once = ([f"POST {PROFILE}"], [f"- wp_usermeta: {OPTION} true", f"+ wp_usermeta: {OPTION} false"])
    instead, beside = _INSTEAD, _BESIDE
    unheard = frozenset({"action"})
    spoils = frozenset({"password"})
    presses_itself = (
        "setInterval(() => document.getElementById('submit').click(), 500); setInterval(() => send(form), 700);"
    )

    def put_back(self) -> None:
        """And what the scripts would change."""
        self.blog.choose(READER, OPTION, "true")
        self.blog.choose(READER, "nickname", READER)

    @property
    def is_on(self) -> bool:
        """By the text that stands for it."""
        return self.blog.option(READER, OPTION) == "true"

    def state(self) -> Rows:
        """But for what WordPress keeps for a while, whoever asks for a page."""
        found = dict(self.blog.state())
        found["wp_options"] = tuple(row for row in found["wp_options"] if not _is_kept_for_a_while(str(row[1])))
        return found

    def row(self, table: str, row: tuple[object, ...]) -> str:
        """Options of people with their value."""
        if table == "wp_usermeta":
            return f"{table}: {row[2]} {row[3]}"
        return f"{table}: {row[1]}"

    def said(self, one: Asked) -> str:
        """Without the form's fields: the database tells what they were."""
        return f"{one.method} {one.path}"

    @contextmanager
    def turned(self, script: str) -> Iterator[None]:
        """At the foot of the profile page, by a plugin."""
        request = f"fetch('{PROFILE}', {{method: 'POST', body: new URLSearchParams({{from: 'profile'}})}})"
        behind = self.served.turned(Turning(worker=worker(request)))
        with self.blog.with_plugin("turned", _PLUGIN.format(script=script)), behind:
            yield

    def redirecting(self, status: int) -> AbstractContextManager[None]:
        """To the same address, by WordPress itself, as a plugin wants it."""
        return self.blog.with_plugin("redirecting", _REDIRECT % status)

    async def save_in(self, page: Page) -> None:
        """By the box and the form's button."""
        await page.goto(f"https://{self.served.host}{PROFILE}")
        await page.get_by_label(LABEL).uncheck()
        await page.click("#submit")

    def cookies(self) -> list[dict[str, object]]:
        """By its form."""
        return self.blog.cookies(READER)

    async def switch(self) -> None:
        """And go where the form's button is."""
        someone = self.user.desk.person
        await self.user.desk.act(lambda: someone.toggle(LABEL), lambda: someone.press("End"))

    async def press_early(self) -> None:
        """By the mouse, twice: the button is there and outlined from the start."""
        await self.press(2)


def _is_kept_for_a_while(option: str) -> bool:
    return option == "cron" or option.startswith(("_transient_", "_site_transient_"))


@asynccontextmanager
async def at_profile(folder: Path) -> AsyncIterator[AtProfile]:
    """A blog with one reader, who has signed in by hand."""
    wordpress.require()
    async with wordpress.staged(folder, TOOLBAR, READER) as (blog, served, user):
        user.configure(FLOWS / "wordpress")
        await user.sign_in(READER)
        yield AtProfile(served, user, blog=blog)
