"""An inbox on pages that are outlines, and a reader without a browser that shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any

from automation.flow import Flow
from automation.flow.manifest import Surface
from automation.flow.reads import ReadRules
from automation.page import Node, PageView
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import InboxReading, Item
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import InboxList, ListPage
from automation.reading.threads.authors import Speakers
from automation.text.page_words import PageWords
from automation.visit.inbox import read_inbox, read_items
from tests.reading.outline import Part, el, page

INBOX = "https://www.facebook.com/support/"
ITEM = INBOX + "view_details/?id="
HEAD = el("h1", "Support Inbox")
OFFICE = "Privacy Operations"
OBJECTION = "Object to your information being used for AI at Meta"
HONOURED = "We've reviewed your request and will honor your objection."
REFUSED = "We will not honour your objection."
ASKED = el("article", el("p", "You"), el("p", "I object to my information being used for AI at Meta."))
FOOT = el("p", "This inbox cannot accept incoming messages")
HELP = el(
    "ul", el("li", el("a", "How Meta uses information for generative AI models and features", href="/help/genai/"))
)
NO_READS = ListReads(frozenset(), ReadRules())
"""Of a list that no data fill."""
Whole = Callable[..., Awaitable[InboxReading]]


def thread(title: str, said: str, asked: tuple[Part, ...] = ()) -> tuple[Part, ...]:
    """The page of an item, or of what an inbox shows beside its list."""
    return (el("main", el("h1", title), *asked, el("article", el("p", "Meta Support"), el("p", said))),)


def case(*said: tuple[str, str], beneath: tuple[Part, ...] = (HELP, FOOT)) -> tuple[Part, ...]:
    """The page of an item: its messages, newest first, and what stands beneath all of them."""
    messages = [el("p", line) for message in said for line in message]
    return (el("main", el("h1", "Your case"), *messages, *beneath),)


def way(number: int, called: str = "Open") -> Part:
    """A link to an item."""
    return el("p", el("a", called, href=f"/support/view_details/?id={number}"))


NAME = thread("Your name change", "We've changed your name.")
MINE = way(902807, "Your name change")


def read_page(view: PageView, status: int = 200, *, settled: bool = True, name: str = "support_inbox") -> ReadPage:
    """What was read at the address of a page."""
    url = view.url
    return ReadPage(name, url, url, (), status, view, settled=settled, answers=(), locale="en", seconds=0.0)


class Pages:
    """The verbs of a reader, on outlines by their address."""

    page: Any = None

    def __init__(
        self, words: PageWords, outlines: Mapping[str, tuple[Part, ...]] | None = None, title: str = ""
    ) -> None:
        self.words, self.answers, self.locale = words, (), "en"
        self._outlines, self._title = outlines or {}, title

    def show(self, *parts: Part, settled: bool = True) -> ReadPage:
        """Show this at the inbox's own address."""
        self.page = read_page(page(*parts, url=INBOX), settled=settled)
        return self.page

    async def open(self, name: str, *, url: str = INBOX, until: Any = None) -> ReadPage:
        """The page at an address, or one that says that there is none."""
        known = self._outlines.get(url)
        view = page(*(known or (el("main", el("p", "This page isn't available.")),)), url=url, title=self._title)
        self.page = read_page(view, 200 if known else 404, name=name)
        return self.page

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """Nothing more comes."""
        return self.page

    async def read_at_end(self, steady_s: float) -> ReadPage:
        """It stands still."""
        return self.page

    async def read_around(self, node: Node) -> ReadPage:
        """No more comes as it is scrolled."""
        return self.page

    async def capture(self, *_: Any, **__: Any) -> SimpleNamespace:
        """No picture."""
        return SimpleNamespace(picture=None)

    def withhold(self, *_: Any) -> None:
        """Nothing is filed."""

    async def check_account(self) -> None:
        """The account is the right one."""

    def refuse_login(self) -> None:
        """Nothing asks to sign in."""

    def keep_answers(self, *_: Any) -> None:
        """There are none."""

    def is_own(self, viewer: str) -> bool:
        """Whoever it is."""
        return True

    def masked(self, text: str) -> str:
        """Nothing is hidden."""
        return text

    def speakers(self, view: PageView) -> Speakers:
        """The names of both sides."""
        own = {"meta", "meta support", "facebook", *self.words.with_english.names("speaker.service")}
        return Speakers("en", frozenset(own), frozenset({"ada lovelace", "leander fitzhugh"}))


async def read_of(reader: Any, flow: Flow) -> InboxReading:
    """What is read of an inbox that a reader shows."""
    reads = ListReads(flow.operations, flow.site.reads)
    return await read_inbox(reader, "support_inbox", flow.surfaces["support_inbox"], reads)


async def items_of(reader: Any, surface: Surface, *pages: ListPage) -> tuple[list[Item], int]:
    """The items of a list of these pages, and how many could not be opened."""
    return await read_items(reader, InboxList("support_inbox", surface, NO_READS, pages, at_end=True, all_tabs=False))
