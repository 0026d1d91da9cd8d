"""
`temoin object` at WordPress: one profile form, saved by the person's own press, and nothing else.

Real: WordPress with its profile form and database; the program, its windows, X's mouse and keys, the guard, TLS, the
vault; writes are counted in front of the application. Not real: the host name, and the scripts that plugins of the
test add to the profile page.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

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
    await at_blog.user.desk.leave()


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
