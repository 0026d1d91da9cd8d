"""`temoin object file` for a setting: the person switches it in a browser of their own, and it is read before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from automation.cli.object import AtTerminal
from automation.reports.advice import advise
from automation.text.language import language
from tests.attended.conftest import at_the_desk_of_a_setting
from tests.attended.desk import ACCOUNT, AttendedDesk
from tests.builders import a_guide, a_result

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from automation.authoring.replica import Actor, ReplicaSite
    from tests.session.screen import Person

ASKED = "once you have switched it; q ends"


@pytest.fixture
async def desk(tmp_path: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """A place to work for one test."""
    async with at_the_desk_of_a_setting(tmp_path, person) as desk:
        yield desk


def actor_of(site: ReplicaSite, scenario: str) -> Actor:
    """The account of a scenario, in English."""
    return next(one for one in site.cast if (one.scenario, one.locale) == (scenario, "en"))


def switch(site: ReplicaSite, actor: Actor, like: Actor) -> None:
    """Let an account stand as another one does, as after a switch in its holder's own browser."""
    for key, one in site._tokens.items():
        if one is actor:
            site._tokens[key] = replace(actor, world=like.world)


@pytest.mark.browser
@pytest.mark.thorough
async def test_read_before_and_after_the_person_has_switched_it(desk: AttendedDesk) -> None:
    """The way there is shown, nothing is let through, and both readings are kept with evidence that verifies."""
    actor = actor_of(desk.site, "trains")
    desk.configure(actor, expect="objected")
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    assert "https://www.linkedin.com/mypreferences/d/settings/data-for-ai-improvement" in desk.said
    assert "1. Sign in with this account and open" in desk.said
    switch(desk.site, actor, actor_of(desk.site, "protects"))
    desk.types("done")
    await desk.hears("before: Not objected, now: Objected")
    assert await desk.ends() == 0, desk.said
    before, after = desk.results()
    assert (before["verdict"], after["verdict"]) == ("not_objected", "objected")
    assert before["bundle"]["path"] != after["bundle"]["path"]
    assert [one["guard"]["writes_let_through"] for one in (before, after)] == [0, 0]
    assert desk.cases() == []
    await desk.start("verify", "temoin-evidence", "--allow-unstamped")
    assert await desk.ends() == 0, desk.said


@pytest.mark.browser
@pytest.mark.rare
async def test_what_was_not_switched_is_said(desk: AttendedDesk) -> None:
    """Who says "done" and has not, or not for good, is told that the service shows it as before: a finding."""
    desk.configure(actor_of(desk.site, "trains"), expect="objected")
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    desk.types("done")
    await desk.hears("The service shows it as before")
    assert await desk.ends() == 1, desk.said
    assert len(desk.results()) == 2


@pytest.mark.browser
@pytest.mark.rare
@pytest.mark.parametrize(("scenario", "typed", "code"), [("trains", "q", 3), ("protects", "", 0)])
async def test_one_reading_where_nothing_is_switched(desk: AttendedDesk, scenario: str, typed: str, code: int) -> None:
    """Who does not go on is not read again; a setting that stands as wanted is not asked about."""
    desk.configure(actor_of(desk.site, scenario), expect="objected")
    await desk.start("object", "file", ACCOUNT)
    if typed:
        await desk.hears(ASKED)
        desk.types(typed)
    assert await desk.ends() == code, desk.said
    assert len(desk.results()) == 1
    assert (ASKED in desk.said) is bool(typed)


class Typed:
    """What a person types, line by line."""

    def __init__(self, *lines: str | None) -> None:
        self._lines = iter(lines)

    async def next(self) -> str | None:
        """The next line."""
        return next(self._lines)


@pytest.mark.parametrize(
    ("lines", "lang", "done", "opened"),
    [
        (("o", "", "what?", "done"), "en", True, 1),
        (("FAIT",), "fr", True, 0),
        (("done",), "fr", True, 0),
        (("Q",), "en", False, 0),
        ((None,), "en", False, 0),
    ],
)
def test_only_the_word_for_it_goes_on(lines: tuple[str | None, ...], lang: str, done: bool, opened: int) -> None:
    """The page opens where it is asked for; anything else is asked about again, and the end of the input is a no."""
    launched: list[str] = []
    words = language(lang)
    advice = advise(a_result(), a_guide(), words)
    assert AtTerminal(Typed(*lines), words, launched.append).is_done(advice) is done  # type: ignore[arg-type]
    assert launched == [advice.addresses[0].url] * opened
