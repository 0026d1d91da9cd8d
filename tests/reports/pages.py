"""Made-up pasts and pages taken apart, so that tests can ask about their elements and text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from automation.core.flows import FlowGuide
from automation.core.results import Result, RunDocument, Verified, outcome_of
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_html import pieces
from automation.reports.pictures import Source
from automation.storage.sqlite import SqliteHistory
from tests.builders import A_MOMENT, a_document, a_guard_record, a_guide, a_result, a_step

GUIDES = {"facebook.ai_objection": a_guide()}
_VOID = frozenset({"meta", "br", "img", "input", "use", "rect", "circle", "path", "link", "hr"})


@dataclass
class Element:
    """One element."""

    tag: str
    attributes: dict[str, str]
    line: int
    pieces: list[str] = field(repr=False)
    """All text of the page."""
    begins: int = 0
    ends: int | None = None
    parent: Element | None = field(default=None, repr=False)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text, that of its children included."""
        return "".join(self.pieces[self.begins : self.ends])

    @property
    def words(self) -> str:
        """The same with every white space as one plain space."""
        return plain(self.text)

    def inside(self, tag: str) -> bool:
        """Whether it stands in an element of that name."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above is not None


class TakenApart(HTMLParser):
    """Parses a page and fails on what a browser would have to mend."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._pieces: list[str] = []
        self._open: list[Element] = []
        self.faults: list[str] = []
        self.feed(page)
        self.close()
        self.faults += [f"<{element.tag}> of line {element.line} is not closed" for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        parent = self._open[-1] if self._open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0], self._pieces)
        element.begins, element.parent = len(self._pieces), parent
        self.elements.append(element)
        if parent is not None:
            parent.children.append(element)
        if tag in _VOID:
            element.ends = element.begins
        else:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element closes; it has to be the one that is open."""
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> in line {self.getpos()[0]} closes nothing")
            return
        self._open.pop().ends = len(self._pieces)

    def handle_data(self, data: str) -> None:
        """Text belongs to every element that is open."""
        self._pieces.append(data)

    def all(self, *tags: str) -> list[Element]:
        """Elements of these names, in order."""
        return [element for element in self.elements if element.tag in tags]

    def by_id(self, name: str) -> Element:
        """The element of that id."""
        return next(element for element in self.elements if element.attributes.get("id") == name)

    def words(self) -> str:
        """What a reader sees: the text of the body, white space as one space."""
        (body,) = self.all("body")
        return body.words


def plain(text: str) -> str:
    """Text with every white space, that which may not break included, as one plain space."""
    return " ".join(text.split())


def render(
    document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, *, evidence_root: str = "", **options: Any
) -> str:
    """The page of a run, with its evidence in a folder beside it."""
    options.setdefault("other_languages", {})
    return "".join(pieces(document, guides, lang, Source(evidence_root), **options))


def a_page(document: RunDocument | None = None, lang: str = "en", **changes: Any) -> TakenApart:
    """The page of a run, taken apart."""
    options = {"evidence_root": "run", "other_languages": {"fr": "report.fr.html"}, **changes}
    return TakenApart(render(document or a_document(), options.pop("guides", GUIDES), lang, **options))


def every_answer() -> RunDocument:
    """Every verdict and every reason, Pages among them, and all that an account can show."""
    answers = [a_result(f"v-{v.value}", v) for v in Verdict if v.is_answer]
    answers += [a_result(f"r-{r.value}", reason=r, owner="Boulangerie Martin") for r in Reason]
    answers.append(a_result("author-1", Verdict.OBJECTED, kind="page_admin", page="Atelier, luthier"))
    answers.append(a_result("author-2", Verdict.PENDING, kind="page_admin", page="Atelier, luthier"))
    answers.append(
        a_result(
            "odd",
            flow="linkedin.ai_training",
            flow_verified=Verified("stale", "2025-01-02", 90),
            assumed_words=True,
            missing=("nl:form.title",),
            failed_step="form_a",
            steps=(a_step(1, picture=None), a_step(2, "form_b", picture="pictures/lost.png", note="form")),
            guard=a_guard_record(sign_in_requests=3, truncated=True),
        )
    )
    return a_document(*answers)


def on_day(result: Result, days_ago: int) -> Result:
    """The same result, of a check so many days before."""
    moved = timedelta(days=days_ago)
    return replace(result, started_at=result.started_at - moved, finished_at=result.finished_at - moved)


def a_run_of(days_ago: int, *results: Result) -> RunDocument:
    """A run of that day, with its outcomes measured anew."""
    told = [replace(on_day(r, days_ago), outcome=outcome_of(r.verdict, r.expect)) for r in results]
    at = A_MOMENT - timedelta(days=days_ago)
    return a_document(*told, id=f"run-{days_ago}", started_at=at, finished_at=at + timedelta(minutes=12))


def recorded(path: Path, runs: Mapping[int, Sequence[Result]]) -> SqliteHistory:
    """A history of these runs: days ago → results, in any order."""
    history = SqliteHistory(path)
    for days_ago in sorted(runs, reverse=True):
        history.record(a_run_of(days_ago, *runs[days_ago]))
    return history
