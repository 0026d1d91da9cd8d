"""
The way to a setting's control: the address, the tabs, expanders and links that lead on, and what is shown there.

Nothing is followed but what only shows more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.core.errors import SignInNeeded
from automation.core.verdicts import ChallengeKind
from automation.reading.controls.doubts import page_doubt
from automation.reading.controls.outcome import ControlReading
from automation.reading.controls.reading import read_page
from automation.reading.controls.rows import SETTABLE, account_menu, is_open, may_reveal, revealing
from automation.reading.controls.words import WAY_TO_SETTINGS, Wanted
from automation.reading.lists.views import is_chosen
from automation.reading.walls import signed_out, wall_of
from automation.text.normalizing import fold, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from automation.flow.control_table import ControlTable
    from automation.page import Node, PageView
    from automation.visit.reader import Reader, ReadPage

_FIRST_FAULT = 500
_OF_TESTS = frozenset({403, 429, 503})
"""With which tests for humans come; any other fault is told as what it is."""


def refuse_wall(reader: Reader, *, found: bool) -> None:
    """
    End the visit where the present page stands in front of the setting, or shows that of somebody signed out.

    Raises:
        SignInNeeded: with what is asked for.
    """
    page = reader.page
    if page is None:
        return
    wall = signed_out(page.view) if found else wall_of(page.view)
    tested = wall is not None and wall.kind is ChallengeKind.CAPTCHA and page.status in _OF_TESTS
    if page.failed and not tested:
        return
    if wall is not None and not (wall.kind is None and reader.asks_to_sign_in()):  # the reader says that more exactly
        raise SignInNeeded(f'in front of the setting stands a page that says "{quote(wall.words, 60)}"', kind=wall.kind)


def answers(page: ReadPage | None) -> bool:
    """Whether the service sent a page at all: neither a fault of its own, nor nothing."""
    return page is not None and page.status is not None and page.status < _FIRST_FAULT and bool(words_on(page))


def says_that_it_failed(page: ReadPage | None) -> bool:
    """Whether a page says that it could not load or save something: what it does not show may be missing for that."""
    return page is not None and page_doubt(page.view) != ""


def words_on(page: ReadPage) -> str:
    """All that a page says, its frame included."""
    return page.view.text(chrome=True).strip()


_CHOOSING = re.compile(r"\b(?:organi[sz]ations?|workspaces?|teams?|sites?|accounts?|blogs?)\b")
"""Inferred: how the list is headed of what one may go on with."""
_OF_ONE = re.compile(
    r"(?!.*/(?:leave|join|invit\w*|accept|switch|quit|exit|archive|disconnect|log\w*|sign\w*)(?:[/_-]|$))[^?#]+",
    re.IGNORECASE,
)
"""An address without a question, and without a part that does something."""
_END_QUIET_S = 1.0
"""How long the end of a page must stand still before a control that did not come is not there."""


async def reach(
    reader: Reader, table: ControlTable, name: str, surface: str, url: str, *, fresh: bool
) -> tuple[ReadPage, ControlReading]:
    """
    Go to the control; where the way only tells its state in words and no control comes behind them, to these words.

    Returns:
        The page, and what words told on the way to it: a row that tells the state leads to the control, as a rule.
    """
    page, told = await _follow_way(reader, table, name, surface, url, fresh=fresh)
    if told.worded and not page.failed and not read_shown(reader, table, page, name).found:
        page, _ = await _follow_way(reader, table, name, surface, url, fresh=fresh, words_do=True)
    return page, told


async def _follow_way(
    reader: Reader, table: ControlTable, name: str, surface: str, url: str, *, fresh: bool, words_do: bool = False
) -> tuple[ReadPage, ControlReading]:
    """
    Open an address and follow the tabs, expanders or links to the control, as far as they are there.

    Returns:
        The page at the end, and what words told on the way; with `words_do`, the way ends there.
    """
    page = await reader.open(surface, url=url, fresh=fresh, until=_arrival(reader, table, name, table.reveal))
    told = ControlReading()
    page = await _past_choice(reader, table, name, surface, page)
    for number, key in enumerate(table.reveal):
        reading = read_shown(reader, table, page, name)
        told = reading if reading.worded else told
        if reading.found and (words_do or not reading.worded):
            break
        await reader.check_account()
        until = _arrival(reader, table, name, table.reveal[number + 1 :])
        followed = await reader.reveal(key, surface, until=until)
        followed = followed or await _through_account_menu(reader, table, key, surface, page, until)
        page = followed or page
    if not page.failed and not read_shown(reader, table, page, name).found:
        page = await reader.read_at_end(_END_QUIET_S)  # what only comes when one scrolls to it
    if not page.failed and not read_shown(reader, table, page, name).found:
        page = await _open_section(reader, table, name, surface, page)
    holder = None if page.failed else _shut_holder(reader, table, page, name)
    if holder is not None:
        await reader.check_account()
        page = await reader.reveal_node(holder, surface, until=_arrival(reader, table, name, ())) or page
    return page, told


async def _past_choice(reader: Reader, table: ControlTable, name: str, surface: str, page: ReadPage) -> ReadPage:
    """
    The page behind the only link in a page's main part, where that is an entry of a list.

    Services ask which organisation or site to go on with, be it the only one.
    """
    if page.failed or read_shown(reader, table, page, name).found:
        return page
    view, ways = page.view, _ways(reader, table, page)
    inside = [n for n in view.shown_nodes() if any(a.role == "main" for a in view.ancestors(n.index))]
    links = [n for n in inside if n.role == "link" and may_reveal(view, n)]
    settable = any(n.role in SETTABLE for n in inside)
    if len(links) != 1 or settable or revealing(view, ways) or not _is_one_of_a_list(view, links[0]):
        return page
    await reader.check_account()
    return await reader.reveal_node(links[0], surface, until=_arrival(reader, table, name, table.reveal)) or page


def _is_one_of_a_list(view: PageView, link: Node) -> bool:
    """
    Whether a link is the entry of a list of what one may go on with.

    One of any name is followed: only one that names what it is of, by its address, and does nothing to it.
    """
    listed = any(a.role == "listitem" for a in view.ancestors(link.index))
    chosen_from = any(_CHOOSING.search(fold(heading.name)) for heading in view.headings())
    return listed and chosen_from and _OF_ONE.fullmatch(link.attributes.get("href", "")) is not None


def _ways(reader: Reader, table: ControlTable, page: ReadPage) -> frozenset[str]:
    """What leads on to the control may be called, at any step."""
    words = reader.words.in_language(page.locale).with_english
    return frozenset(text for key in (*table.reveal, table.section) for text in words.names(key))


async def _through_account_menu(
    reader: Reader, table: ControlTable, key: str, surface: str, page: ReadPage, until: Callable[[PageView], bool]
) -> ReadPage | None:
    """
    Follow an entry that only the menu of one's account holds, or what that calls settings.

    None where there is no such menu.
    """
    names = frozenset(reader.words.in_language(page.locale).with_english.names(key))
    menu = None if page.failed or revealing(page.view, names) else account_menu(page.view)
    if menu is None:
        return None
    ways = _ways(reader, table, page)
    opened = await reader.reveal_node(menu, surface, until=lambda view: bool(revealing(view, ways | WAY_TO_SETTINGS)))
    settings = (
        revealing(opened.view, WAY_TO_SETTINGS) if opened is not None and not revealing(opened.view, ways) else []
    )
    if len(settings) == 1:
        followed = await reader.reveal_node(settings[0], surface, until=lambda view: bool(revealing(view, ways)))
        opened = followed or opened
    return await reader.reveal(key, surface, until=until) or opened


async def _open_section(reader: Reader, table: ControlTable, name: str, surface: str, page: ReadPage) -> ReadPage:
    """
    The page under the one tab, expander or link that is called as the control's section, where it is shut.

    An expander that says that it is shut comes before links: a menu may lead to a page of the same name.
    """
    words = reader.words.in_language(page.locale).with_english
    found = revealing(page.view, frozenset(words.names(table.section)))
    shut = [n for n in found if n.properties.get("expanded") is not True and not is_chosen(n)]
    told = [n for n in shut if n.attributes.get("aria-expanded") == "false" and "aria-haspopup" not in n.attributes]
    shut = told or shut
    if len(shut) != 1 or table.section in table.reveal:
        return page
    await reader.check_account()
    return await reader.reveal_node(shut[0], surface, until=_arrival(reader, table, name, ())) or page


def _shut_holder(reader: Reader, table: ControlTable, page: ReadPage, name: str) -> Node | None:
    """What is called as the setting and then holds it: the one expander that is shut, or button that opens a dialog."""
    reading = read_shown(reader, table, page, name)
    found = [reading.anchor] if reading.found == 1 and reading.meaning is None and reading.anchor else []
    if not reading.found:
        wanted = Wanted.of(table, reader.words.in_language(page.locale).with_english, name)
        found = revealing(page.view, frozenset(wanted.labels))
    shut = [node for node in found if _is_shut(page.view, node)]
    return shut[0] if len(shut) == 1 else None


def _is_shut(view: PageView, node: Node) -> bool:
    """Whether a control is an expander that says that it is shut, or a button that says that it opens a dialog."""
    opens = node.attributes.get("aria-haspopup")
    shut = is_open(node) is False if opens is None else opens == "dialog" and is_open(node) is not True
    return shut and may_reveal(view, node)


def _arrival(reader: Reader, table: ControlTable, name: str, keys: Iterable[str]) -> Callable[[PageView], bool]:
    """What is worth waiting for: the control, or the next thing to click."""
    wanted = tuple(keys)

    def arrived(view: PageView) -> bool:
        words = reader.words.in_language(view.locale or reader.locale)
        reading = read_page(view, table, words, name)
        if reading.found and not reading.worded:  # what stands in words may be drawn before its control is
            return True
        names = {text for key in wanted for text in words.names(key)}
        return bool(names) and bool(revealing(view, frozenset(names)))

    return arrived


def read_shown(reader: Reader, table: ControlTable, page: ReadPage, name: str) -> ControlReading:
    """What a page shows of the control; nothing that is believed where the page is an error, moves, or is empty."""
    if page.failed:
        return ControlReading(unread=True, trouble=f"HTTP {page.status}" if page.status else "no answer")
    reading = read_page(page.view, table, reader.words.in_language(page.locale), name)
    missed = sorted(page.missed, key=lambda one: not one.refused)
    refused, requests = any(one.refused for one in missed), tuple(map(str, missed))
    if not page.settled:
        trouble = "it did not come to rest"
        return ControlReading(missing=reading.missing, unread=True, trouble=trouble, missed=requests, refused=refused)
    if not reading.found and not words_on(page):
        return ControlReading(unread=True, trouble="it is empty")
    if not reading.found and not refused and says_that_it_failed(page):  # the guard would refuse it again
        trouble = "it says that something failed"
        return ControlReading(missing=reading.missing, unread=True, trouble=trouble, missed=requests, refused=refused)
    return replace(reading, data_missing=not page.has_all_data, missed=requests, refused=refused)
