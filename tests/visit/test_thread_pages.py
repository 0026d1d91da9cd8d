"""A thread over several pages is one thread: read in the order of its messages, or not at all. Pages are outlines."""

from __future__ import annotations

import pytest

from automation.page import PageView
from automation.reading.letters.answers import Item
from automation.reading.letters.sentences import Meaning
from automation.reading.lists.opened import item_on
from automation.reading.threads.authors import Speakers
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from automation.visit.inbox_threads import with_further_pages
from tests.reading.outline import Part, el, page

CASE = "https://www.facebook.com/support/view_details/?request=40584059095"
SPEAKERS = Speakers("en", frozenset({"meta", "privacy operations"}), frozenset({"nora whitfield"}))
OWN, OFFICE = "Nora Whitfield", "Privacy Operations"
REFUSED = "We've reviewed your request and won't honor your objection."
ACCEPTED = "We've reviewed your request and will honor your objection."


def comment(author: str, at: str, text: str) -> Part:
    """One message of a thread."""
    return el("li", el("div", author), el("div", at), el("p", text), role="listitem")


def pager(*numbers: int, shown: int = 1, key: str = "page") -> Part:
    """Links to the pages of a thread."""
    current = {True: {"aria_current": "page"}, False: {}}
    return el("nav", *(el("a", str(n), href=f"{CASE}&{key}={n}", **current[n == shown]) for n in numbers))


def shown(*parts: Part, url: str = CASE) -> PageView:
    """A page of the case."""
    return page(el("main", el("h1", "Object to your information being used for AI at Meta"), *parts), url=url)


def item(view: PageView, words: PageWords) -> Item:
    """That page as it is read by itself."""
    return item_on(view, "support_inbox", words, SPEAKERS)


async def whole(labels: Labels, first: PageView, others: dict[str, PageView]) -> Item | None:
    """The thread of these pages."""
    words = PageWords.of(labels, "en")

    async def read(url: str) -> Item | None:
        return item(others[url], words) if url in others else None

    return await with_further_pages(item(first, words), read, words)


def meanings(read: Item | None) -> set[Meaning]:
    """What a thread says."""
    assert read is not None
    return set() if read.thread.doubts else set(read.thread.meanings)


async def test_what_was_decided_last_may_stand_on_the_second_page(meta_labels: Labels) -> None:
    """A refusal on the first page is superseded on the second; the picture is of the page that decides."""
    first = shown(
        comment(OWN, "1 October 2026 at 9:00", "I object."), comment(OFFICE, "2 October 2026 at 9:00", REFUSED), pager(1, 2)
    )  # fmt: skip
    second = shown(comment(OFFICE, "9 October 2026 at 9:00", ACCEPTED), pager(1, 2, shown=2), url=f"{CASE}&page=2")
    read = await whole(meta_labels, first, {f"{CASE}&page=2": second})
    assert meanings(read) == {Meaning.ACCEPTED}
    assert read is not None
    assert read.page is second
    assert meanings(item(first, PageWords.of(meta_labels, "en"))) == {Meaning.REFUSED}


async def test_pages_from_new_to_old_are_put_in_order(meta_labels: Labels) -> None:
    """The first page holds the newest messages, each page from old to new."""
    first = shown(
        comment(OWN, "5 October 2026 at 9:00", "Please look again."), comment(OFFICE, "9 October 2026 at 9:00", ACCEPTED),
        pager(1, 2),
    )  # fmt: skip
    second = shown(
        comment(OWN, "1 October 2026 at 9:00", "I object."), comment(OFFICE, "2 October 2026 at 9:00", REFUSED),
        pager(1, 2, shown=2), url=f"{CASE}&page=2",
    )  # fmt: skip
    read = await whole(meta_labels, first, {f"{CASE}&page=2": second})
    assert meanings(read) == {Meaning.ACCEPTED}
    assert read is not None
    days = [turn.at for turn in read.turns if turn.at is not None]
    assert days == sorted(days)


@pytest.mark.parametrize("days", [("3 days ago", "2 days ago"), ("09:15", "10:15"), ("", "")])
async def test_pages_that_do_not_say_which_came_first_decide_nothing(
    meta_labels: Labels, days: tuple[str, str]
) -> None:
    """The first page is read without dates, the second with: whichever came last, nobody can tell."""
    first = shown(comment(OWN, days[0], "Please look again."), comment(OFFICE, days[1], ACCEPTED), pager(1, 2))
    second = shown(
        comment(OWN, "1 October 2026 at 9:00", "I object."), comment(OFFICE, "2 October 2026 at 9:00", REFUSED),
        pager(1, 2, shown=2), url=f"{CASE}&page=2",
    )  # fmt: skip
    read = await whole(meta_labels, first, {f"{CASE}&page=2": second})
    assert read is not None
    assert read.closed_later


async def test_a_page_that_cannot_be_read_leaves_the_thread_unread(meta_labels: Labels) -> None:
    """Whatever the first page says, the other may say something else."""
    first = shown(comment(OFFICE, "2 October 2026 at 9:00", REFUSED), pager(1, 2))
    assert await whole(meta_labels, first, {}) is None


@pytest.mark.parametrize("key", ["close", "mark_read", "request"])
async def test_only_pages_are_followed(meta_labels: Labels, key: str) -> None:
    """A link that acts, and one to another case, is none of the thread's pages."""
    first = shown(comment(OFFICE, "2 October 2026 at 9:00", REFUSED), pager(2, 3, key=key))
    assert meanings(await whole(meta_labels, first, {})) == {Meaning.REFUSED}


async def test_the_same_thread_beside_another_page_of_the_list_counts_once(meta_labels: Labels) -> None:
    """Where the list stands beside the thread, its pages show the same messages."""
    message = comment(OFFICE, "2 October 2026 at 9:00", REFUSED)
    second = shown(message, pager(1, 2, shown=2), url=f"{CASE}&page=2")
    read = await whole(meta_labels, shown(message, pager(1, 2)), {f"{CASE}&page=2": second})
    assert meanings(read) == {Meaning.REFUSED}
    assert read is not None
    assert len(read.turns) == len(item(second, PageWords.of(meta_labels, "en")).turns)


async def test_what_names_nothing_of_the_page_may_differ(meta_labels: Labels) -> None:
    """The address to which the list led says where it came from; the pager's do not."""
    first = shown(
        comment(OFFICE, "2 October 2026 at 9:00", REFUSED), pager(1, 2, key="page_no"), url=f"{CASE}&ref=notif"
    )
    second = shown(comment(OFFICE, "9 October 2026 at 9:00", ACCEPTED), url=f"{CASE}&page_no=2")
    assert meanings(await whole(meta_labels, first, {f"{CASE}&page_no=2": second})) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    ("rest", "open_ended"),
    [
        (
            el("nav", el("button", "1", aria_current="page"), el("button", "2"), el("button", "3"), role="navigation"),
            True,
        ),
        (el("nav", el("a", "2", href="/case/9/page/2"), el("a", "3", href="/case/9/page/3")), True),
        (el("a", "Further messages", href=f"{CASE}&cursor=AQH", rel="next"), True),
        (el("a", "Newer messages", href=f"{CASE}&cursor=AQH"), True),
        (el("a", "Last page", href=f"{CASE}&page=last"), True),
        (el("nav", el("button", "2"), el("button", "Next"), role="navigation"), True),
        (el("a", "Next", href="/help/article/2"), False),
        (el("button", "Next"), False),
        (el("div", *(el("button", str(n)) for n in range(1, 6))), False),
        (el("a", "2", href="/friends/"), False),
    ],
)
async def test_pages_that_nobody_can_turn_leave_a_decision_open(
    meta_labels: Labels, rest: Part, open_ended: bool
) -> None:
    """Whatever they hold may be later; marks of a survey and a lone count are no pages."""
    read = await whole(meta_labels, shown(comment(OFFICE, "2 October 2026 at 9:00", REFUSED), rest), {})
    assert read is not None
    assert (read.closed, read.closed_later) == (open_ended, open_ended)
