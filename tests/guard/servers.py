"""
How servers read a request, by code of its own: it shares no parsing with the guard.

Each model is one documented way of reading names and paths; together they say whether *some* server would take a
request for more than a read. They know a handful of words that act, not the policy.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from automation.guard import Request

SUBMIT_ID = 9817279538349938
ACTS = {"action", "fb_dtsg"}
"""Parameters by which Meta's addresses act."""
ACTING_PAGES = {"logout", "sign_out", "log-out", "unfriend", "save"}
NAME, NUMBER = "fb_api_req_friendly_name", "doc_id"
READS = {"CometSupportFormQuery", "CometIXSupportInboxHomeScreenQuery"}
_TEXTS = {"query", "q", "queries", "batch"}
_VERBS = {"post", "put", "patch", "delete"}
Named = list[tuple[str, str]]


def _latin(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


def php(text: str) -> Named:
    """`parse_str`: blanks in front go, NUL ends a name, `[` begins an array, and ` `, `.`, a lone `[` become `_`."""
    found = []
    for part in text.split("&"):
        name, _, value = part.partition("=")
        plain = _latin(name).lstrip(" ").split("\0")[0]
        head, bracket, rest = plain.partition("[")
        if bracket and "]" not in rest:
            head = f"{head}_{rest}"
        found.append((head.replace(" ", "_").replace(".", "_"), _latin(value)))
    return found


def rack(text: str) -> Named:
    """Old Rack: `;` parts too, blanks behind a separator go, `a[b]` is found as `a` and as `b`."""
    found = []
    for part in re.split("[&;] *", text):
        name, _, value = part.partition("=")
        found += [(piece, _latin(value)) for piece in re.split(r"[\[\]]+", _latin(name))]
    return found


def aspnet(text: str) -> Named:
    """Names in any case, `%u0061` is a letter, wide letters are narrow ones."""
    wide = re.sub("%u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    pairs = (part.partition("=")[::2] for part in wide.split("&"))
    return [(unicodedata.normalize("NFKC", _latin(name)).lower(), _latin(value)) for name, value in pairs]


def standard(text: str) -> Named:
    """The URL standard, with names trimmed as many handlers do."""
    return [(name.strip(), value) for name, value in parse_qsl(text, keep_blank_values=True)]


READERS = (php, rack, aspnet, standard)


def pages(path: str) -> Iterator[str]:
    """The last words of a path, as Apache, a servlet container, IIS and a proxy that decodes twice see them."""
    once, twice = unquote(path), unquote(unquote(path))
    for seen in (once, twice, once.replace("\\", "/"), re.sub(r";[^/]*", "", once), once.lower()):
        for part in seen.split("/"):
            yield re.split(r"[.\0?#; ]", part)[0]


def numbers(value: str) -> Iterator[int]:
    """What a number is read as: whole, as a prefix (PHP), as a float, without its quotes."""
    text = unicodedata.normalize("NFKC", value).strip().strip("\"'[]\0\ufeff").strip()
    prefix = re.match(r"\+?[0-9]+", text)
    if prefix:
        yield int(prefix[0])
    readings: tuple[Callable[[str], int], ...] = (lambda read: int(read, 0), int, lambda read: int(float(read)))
    for reading in readings:
        try:
            yield reading(text)
        except (ValueError, OverflowError):
            continue


@dataclass(frozen=True)
class Understood:
    """A request as one server understands it."""

    verb: str
    path: str
    named: Named
    body: Named


def _verb(request: Request, fields: Named) -> str:
    headers = {name.replace("_", "-").lower(): value for name, value in request.headers.items()}
    said = [headers.get(name, "") for name in ("x-http-method-override", "x-http-method", "x-original-method")]
    said += [value for name, value in fields if name.lower().lstrip("_") in {"method", "httpmethod"}]
    return next((word.strip().lower() for word in said if word.strip().lower() in _VERBS), request.method.lower())


def _path(headers: Mapping[str, str], path: str) -> str:
    folded = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return folded.get("x-original-url") or folded.get("x-rewrite-url") or path


def _json(body: bytes) -> list[Named]:
    """Every object of a JSON body, its pairs in order, doubled ones included."""
    objects: list[Named] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        objects.append([(name, value if isinstance(value, str) else json.dumps(value)) for name, value in pairs])
        return dict(pairs)

    try:
        json.loads(body, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        return []
    return objects


def readings(request: Request) -> Iterator[Understood]:
    """The request as each server understands it."""
    body = (request.body or b"").decode("utf-8", "replace")
    forms = _json(request.body or b"")
    for read in READERS:
        named = read(request.query)
        for form in [*forms, read(body)]:
            yield Understood(_verb(request, [*named, *form]), _path(request.headers, request.path), named, form)


def writes(request: Request) -> bool:
    """Whether some server would take the request for more than a read."""
    return any(_writes(request, seen) for seen in readings(request))


def _writes(request: Request, seen: Understood) -> bool:
    if seen.verb != request.method.lower() or not ACTING_PAGES.isdisjoint(pages(seen.path)):
        return True
    at_graphql = "graphql" in seen.path
    if request.method != "POST":
        return bool({name for name, _ in seen.named} & (ACTS | {NAME, NUMBER})) or _as_text(seen.named)
    if not at_graphql:
        return _as_text([*seen.named, *seen.body]) or bool(ACTS & {name for name, _ in seen.named})
    return _operates(request, seen)


def _operates(request: Request, seen: Understood) -> bool:
    said = [*seen.named, *seen.body]
    names = {value for name, value in said if name == NAME}
    names |= {value for name, value in request.headers.items() if name.replace("_", "-") == "x-fb-friendly-name"}
    numbered = {number for name, value in said if name == NUMBER for number in numbers(value)}
    carried = {name for name, _ in said} & _TEXTS
    return bool(names - READS) or len(names) > 1 or SUBMIT_ID in numbered or bool(carried) or _as_text(said)


def _as_text(named: Named) -> bool:
    """A GraphQL document whose first operation is a mutation."""
    return any(value.lstrip(" \t\r\n,\ufeff").startswith("mutation{") for _, value in named)
