"""What one visit's tabs were asked and answered, in an order that a later version of the reader may vary a little."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from automation.core import errors
from automation.core.errors import CheckError
from automation.core.verdicts import ChallengeKind, Reason
from automation.page import Node, PageView
from automation.page.read_page import DataResponse, MissedRequest
from automation.page.source import LoadedPage

ROOT = Path(__file__).parents[2]
_VIEWS = TypeAdapter(PageView)
_ANSWERS = TypeAdapter(tuple[DataResponse, ...])
_MISSED = TypeAdapter(tuple[MissedRequest, ...])


@dataclass
class Move:
    """One thing that was done to a tab, and all that the tab answered until the next one."""

    done: tuple[str, ...]
    """What and to what: `("go", address)`, `("follow", "A", "Settings")`."""
    outcome: Any = None
    """What the move itself gave; a `CheckError` where it failed."""
    address: str = ""
    """Of the page afterwards, whole."""
    pages: list[LoadedPage | CheckError] = field(default_factory=list)
    """What each look at the page showed, in order."""
    answers: list[tuple[DataResponse, ...]] = field(default_factory=list)
    """What the page's reads had answered, each time that was asked."""
    cookies: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Address and the cookies that it gets, each time that was asked."""


@dataclass
class Tape:
    """One visit: for each of its tabs, in the order in which they were opened, what was done to it."""

    name: str
    """Of the actor's account."""
    tabs: list[list[Move]] = field(default_factory=list)


def node_key(node: Node) -> tuple[str, ...]:
    """How a move names a node: by what a person sees of it."""
    return node.tag, node.role, " ".join(node.name.split())[:80], node.attributes.get("href", "")


def write(path: Path, made_of: str, tapes: Iterable[Tape]) -> None:
    """Write visits, each page once however often it was shown; `made_of` is the digest of what they depend on."""
    views: dict[str, int] = {}
    lines = [json.dumps(made_of)]

    def view_number(view: PageView) -> int:
        text = json.dumps(_VIEWS.dump_python(view, mode="json", exclude_defaults=True), separators=(",", ":"))
        if text not in views:
            views[text] = len(views)
            lines.append(text)
        return views[text]

    visits = [
        [tape.name, [[_packed(move, view_number) for move in moves] for moves in tape.tabs]]
        for tape in sorted(tapes, key=lambda tape: tape.name)
    ]
    lines.insert(1, json.dumps(len(views)))
    lines.extend(json.dumps(visit, separators=(",", ":")) for visit in visits)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))


def read(path: Path) -> tuple[str, dict[str, Tape]]:
    """The digest of what the visits depend on, and the visits by name."""
    lines = iter(lzma.decompress(path.read_bytes()).decode().split("\n"))
    made_of, count = json.loads(next(lines)), json.loads(next(lines))
    views = _Views([next(lines) for _ in range(count)])
    tapes = {}
    for line in lines:
        name, tabs = json.loads(line)
        tapes[name] = Tape(name, [[_unpacked(move, views) for move in moves] for moves in tabs])
    return made_of, tapes


class _Views:
    """Pages by number, each made when it is first wanted: who plays one visit needs not wait for all."""

    def __init__(self, texts: list[str]) -> None:
        self._texts, self._made = texts, dict[int, PageView]()

    def __getitem__(self, number: int) -> PageView:
        if number not in self._made:
            self._made[number] = _VIEWS.validate_json(self._texts[number])
        return self._made[number]


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over files and their names, whatever order they are told in."""
    total = sha256()
    for path in sorted(_files(paths)):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from (one for one in path.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
        if path.is_file():
            yield path


def _packed(move: Move, number: Any) -> list[Any]:
    def page(shown: LoadedPage | CheckError) -> Any:
        if isinstance(shown, CheckError):
            return _told(shown)
        return [
            shown.address,
            number(shown.view),
            shown.settled,
            shown.status,
            list(shown.hops),
            _ANSWERS.dump_python(shown.answers, mode="json"),
            shown.has_all_data,
            _MISSED.dump_python(shown.missed, mode="json"),
        ]

    return [
        list(move.done),
        _told(move.outcome) if isinstance(move.outcome, CheckError) else move.outcome,
        move.address,
        [page(shown) for shown in move.pages],
        [_ANSWERS.dump_python(one, mode="json") for one in move.answers],
        [[url, dict(cookies)] for url, cookies in move.cookies],
    ]


def _unpacked(packed: list[Any], views: _Views) -> Move:
    done, outcome, address, pages, answers, cookies = packed
    return Move(
        tuple(done),
        _error(outcome) if isinstance(outcome, dict) else outcome,
        address,
        [_error(page) if isinstance(page, dict) else _page(page, views) for page in pages],
        [_ANSWERS.validate_python(one) for one in answers],
        [(url, one) for url, one in cookies],
    )


def _page(packed: list[Any], views: _Views) -> LoadedPage:
    address, number, settled, status, hops, answers, has_all_data, missed = packed
    return LoadedPage(
        address,
        views[number],
        settled,
        status,
        tuple(hops),
        _ANSWERS.validate_python(answers),
        has_all_data,
        _MISSED.validate_python(missed),
    )


def _told(error: CheckError) -> dict[str, Any]:
    return {
        "error": type(error).__name__,
        "message": error.message,
        "remedy": error.remedy,
        "reason": error.reason.value,
        "kind": error.kind.value if error.kind else None,
    }


def _error(told: Mapping[str, Any]) -> CheckError:
    made: CheckError = getattr(errors, told["error"])(told["message"], told["remedy"])
    made.reason = Reason(told["reason"])
    made.kind = ChallengeKind(told["kind"]) if told["kind"] else None
    return made
