"""
`temoin object` at WordPress: one profile form, saved by the person's own press, and nothing else.

Real: WordPress with its profile form and database; the program, its windows, X's mouse and keys, the guard, TLS, the
vault; writes are counted in front of the application. Not real: the host name, and the scripts that plugins of the
test add to the profile page.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.real import wordpress
from tests.real.account import FLOWS, UserAtDesk
from tests.real.serving import Served
from tests.real.wordpress import WordPress

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rare,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

READER = "claire"
TOOLBAR = "wordpress.toolbar"
OPTION = "show_admin_bar_front"
LABEL = "Show Toolbar when viewing site"
PROFILE = "/wp-admin/profile.php"
ASKED = "and press Enter; Enter alone"
RELEASED = "Now press the outlined button"


_SCRIPT = """
add_action('admin_footer', function () {{ if (($GLOBALS['pagenow'] ?? '') === 'profile.php') echo "<script>
addEventListener('{event}', event => {{ const form = document.getElementById('your-profile');
if (event.target.id === 'submit') {{ {at_press} }} }}, true);</script>"; }});
"""
INSTEAD = {
    "action": "form.action = '/wp-login.php?action=logout';",
    "field": "form.elements.nickname.value = 'somebody';",
    "unseen": "form.elements.user_id.value = '1';",
    "password": "form.elements.pass1.value = form.elements.pass2.value = 'of somebody else';",
    "target": "form.target = '_blank';",
}
"""What the page exchanges at the moment of the press."""
BESIDE = {
    "form": "const other = form.cloneNode(true); other.elements.admin_bar_front.checked = true; "
    "document.body.append(other); HTMLFormElement.prototype.submit.call(other);",
    "script": "fetch('/wp-admin/profile.php', {method: 'POST', body: new URLSearchParams("
    "{from: 'profile', action: 'update', nickname: 'somebody'})});",
    "tab": "window.open('/wp-admin/profile.php'); fetch('/wp-admin/admin-ajax.php', "
    "{method: 'POST', body: new URLSearchParams({action: 'save-user-color-scheme', color_scheme: 'light'})});",
}
"""What the page sends at the moment of the press."""


@dataclass
class AtProfile:
    """Claire before her terminal and the window with her profile."""

    blog: WordPress
    served: Served
    user: UserAtDesk
    before: int = 0

    async def begin(self) -> None:
        """Start from the toolbar switched on, as far as the first question."""
        self.blog.choose(READER, OPTION, "true")
        self.before = len(self.served.writes)
        await self.user.desk.start("object", self.user.account)
        await self.user.desk.hears(ASKED)

    async def switch(self, label: str = LABEL) -> None:
        """Look for the box's words in the page, and untick it by the keyboard."""
        someone = self.user.desk.person
        await self.user.desk.act(lambda: someone.toggle(label), lambda: someone.press("End"))

    async def agree(self) -> None:
        """See the form once more, and type the account's name."""
        self.user.desk.forget()
        self.user.desk.types()
        await self.user.desk.answers(ASKED, self.user.account)

    async def press(self, times: int = 1) -> None:
        """Press the outlined button."""
        await self.user.desk.act(lambda: self.user.desk.person.press_outlined(times))

    async def release(self) -> None:
        """Switch it and agree."""
        await self.begin()
        await self.switch()
        await self.agree()
        await self.user.desk.hears(RELEASED)

    async def interrupted(self) -> None:
        """Ctrl-C, for the program and all that it started."""
        process = self.user.desk._process
        assert process is not None
        os.killpg(process.pid, signal.SIGINT)
        assert await self.user.desk.ends() == 130, self.user.desk.said

    @property
    def writes(self) -> list[str]:
        """What reached the application beside reads, since the program was started."""
        return [one.path for one in self.served.writes[self.before :]]

    def cases(self) -> list[dict[str, Any]]:
        """The lines of the book of cases."""
        path = self.user.desk.folder / "temoin-evidence" / "cases" / "cases.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    @property
    def states(self) -> list[str]:
        """What the book says of all cases, oldest first."""
        return [line["state"] for line in self.cases() if "state" in line]

    @property
    def is_on(self) -> bool:
        """How the setting stands in the database."""
        return self.blog.option(READER, OPTION) == "true"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_blog(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AtProfile]:
    """A blog with one reader, who has signed in by hand."""
    wordpress.require()
    async with wordpress.staged(tmp_path_factory.mktemp("blog"), TOOLBAR, READER) as (blog, served, user):
        user.configure(FLOWS / "wordpress")
        await user.sign_in(READER)
        yield AtProfile(blog, served, user)


@pytest_asyncio.fixture(loop_scope="module")
async def at_profile(at_blog: AtProfile) -> AsyncIterator[AtProfile]:
    """The same for one test; what a failed one left is ended."""
    yield at_blog
    process = at_blog.user.desk._process
    if process is not None and process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def test_a_person_saves_the_setting(at_profile: AtProfile) -> None:
    """Switched, agreed to by the account's name, pressed: one form is sent, the database has it, and a check reads it."""
    desk = at_profile.user.desk
    await at_profile.release()
    assert at_profile.writes == []
    await at_profile.press()
    await desk.hears("Sent.")
    assert await desk.ends() == 0, desk.said
    assert at_profile.writes == [PROFILE]
    assert not at_profile.is_on
    result = at_profile.user.results()[-1]
    assert (result["verdict"], result["filing"]["requests"], result["filing"]["answered"]) == ("objected", 1, True)
    assert result["filing"]["fields"] == [LABEL]
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)
    assert at_profile.states[-3:] == ["released", "filed", "accepted"]
    await desk.start("verify", "temoin-evidence", "--allow-unstamped")
    assert await desk.ends() == 0, desk.said


async def test_pressed_too_early_and_then_twice(at_profile: AtProfile) -> None:
    """
    Before the name was typed nothing is sent, and unswitched nothing is released; a double press sends it once.

    Or never, and that is said: where the second press comes first, the browser gives the first request up.
    """
    desk = at_profile.user.desk
    await at_profile.begin()
    await at_profile.press(2)
    await at_profile.agree()
    await desk.hears("Nothing was released")
    await at_profile.switch()
    await at_profile.press(2)
    assert (at_profile.writes, at_profile.is_on) == ([], True)
    await at_profile.agree()
    await desk.hears(RELEASED)
    assert at_profile.writes == []
    await at_profile.press(2)
    code = await desk.ends()
    arrived = (0, [PROFILE], False) if "Sent." in desk.said else (3, [], True)
    assert (code, at_profile.writes, at_profile.is_on) == arrived, desk.said


@pytest.mark.parametrize("what", INSTEAD)
async def test_what_was_exchanged_since_the_review_stays(at_profile: AtProfile, what: str) -> None:
    """The form with another action, field, hidden value, password or target: nothing arrives, and that is said."""
    desk = at_profile.user.desk
    with at_profile.blog.with_plugin("turned", _SCRIPT.format(event="pointerdown", at_press=INSTEAD[what])):
        await at_profile.release()
        await at_profile.press()
        if what == "action":  # the guard does not even take it for the submission
            await desk.act(desk.person.wait_until_still)
        else:
            await desk.hears("Refused, and not sent")
        await at_profile.interrupted()
    assert (at_profile.writes, at_profile.is_on) == ([], True)
    assert f"{at_profile.user.account}: nothing was sent" in desk.said


@pytest.mark.parametrize("what", BESIDE)
async def test_whatever_the_page_sends_beside_it_stays(at_profile: AtProfile, what: str) -> None:
    """A copy of the form with the box ticked, a form of a script, another tab: the declared form arrives, once."""
    with at_profile.blog.with_plugin("turned", _SCRIPT.format(event="click", at_press=BESIDE[what])):
        await at_profile.release()
        await at_profile.press()
        await at_profile.user.desk.hears("Sent.")
        await at_profile.user.desk.ends()
    assert (at_profile.writes, at_profile.is_on) == ([PROFILE], False)


async def test_ctrl_c_after_the_consent_sends_nothing(at_profile: AtProfile) -> None:
    """Broken off before the press: nothing arrives, and that is said."""
    await at_profile.release()
    await at_profile.interrupted()
    assert (at_profile.writes, at_profile.is_on) == ([], True)
    assert f"{at_profile.user.account}: nothing was sent" in at_profile.user.desk.said


async def test_killed_after_the_press(at_profile: AtProfile) -> None:
    """Killed as it leaves: at most one arrives, the case says so, and the next start tells it and sends nothing more."""
    desk = at_profile.user.desk
    await at_profile.release()
    known = len(at_profile.cases())
    await at_profile.press()
    await desk.act(lambda: desk.person.wait_until(lambda: len(at_profile.cases()) > known))
    assert desk._process is not None
    os.killpg(desk._process.pid, signal.SIGKILL)
    await desk.ends()
    assert at_profile.states[-2:] == ["released", "filed"]
    await desk.start("object", at_profile.user.account)
    await desk.hears("an objection was filed on")
    if at_profile.is_on:
        await desk.hears(ASKED)
        await at_profile.interrupted()
    else:
        assert await desk.ends() == 0, desk.said
    assert at_profile.writes in ([], [PROFILE])
    assert at_profile.writes or at_profile.is_on
