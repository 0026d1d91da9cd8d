"""
The operation that a request asks for: in its body, its address and its headers.

What could be read differently by a server is refused rather than guessed. Relay's compiler insists that a name ends in
its kind (`query`, `mutation`, `subscription`), but for refetch queries; a policy says which names it believes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from automation.guard.request import Refuse
from automation.guard.spelling import COMMON_SEGMENTS, Pairs, folded, is_odd, overrides_method, pairs_of, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from automation.guard.request import Request

ID = re.compile(r"[1-9][0-9]{0,39}|(?=[0-9a-f]*[a-f])[0-9a-f]{32,64}|[A-Za-z_][A-Za-z0-9_.:-]{0,199}")
"""A number, a digest or a word that chooses an operation, in the one spelling that every server reads alike: no blank,
sign, `.0` or zero in front."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_BATCH_MAX = 50
_PART = re.compile(r'name="?([^";\r\n]*)"?[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]{0,20})')
"""One field of a form in parts, and how its text begins."""
PERSISTED: Final = re.compile(r"(?:operation|query|doc|document)_?(?:name|id|hash)|persistedquery|sha256hash")
"""By which GraphQL servers are told an operation that they keep themselves: what names a field, folded."""
_AT_GRAPHQL = re.compile(r"(?:^|_)(?:graphql|gql)(?:_|$)|graphql")


@dataclass(frozen=True)
class Fields:
    """Which fields and headers of a service name an operation."""

    names: frozenset[str]
    headers: frozenset[str]
    ids: frozenset[str]
    texts: frozenset[str]

    @cached_property
    def naming(self) -> frozenset[str]:
        """The names of fields that choose an operation, folded."""
        return frozenset(map(folded, self.names | self.ids))

    @cached_property
    def significant(self) -> frozenset[str]:
        """Every field that has a say in what is done, folded."""
        return self.naming | frozenset(map(folded, self.texts))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that a request, or one place of it, asks for."""

    name: str
    """Empty where that place names none."""
    ids: tuple[str, ...]


def names_operation(pairs: Iterable[tuple[str, str]], fields: frozenset[str]) -> bool:
    """Whether one of these fields is there, by whatever spelling."""
    return any(not spellings(name).isdisjoint(fields) for name, _ in pairs)


def writes_as_text(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a value is the text of an operation that does more than ask."""
    return any(holds_a_writing_operation(value) for _, value in pairs)


def headers_named(headers: Mapping[str, str], names: frozenset[str]) -> set[str]:
    """What these headers say; CGI takes `_` for `-`."""
    return {value.strip() for name, value in headers.items() if name.replace("_", "-") in names}


def form_pairs(request: Request) -> Pairs | None:
    """The pairs of a form-encoded body, none where there is no body; None where servers may read it differently."""
    if request.body is None:
        return []
    if media_type(request) != "application/x-www-form-urlencoded" or not _plain(request):
        return None
    # A `;` is the end of a pair to some servers and a letter to others; browsers and clients encode it.
    if not request.body or not request.body.isascii() or b";" in request.body:
        return None
    return pairs_of(request.body.decode("ascii"))


def media_type(request: Request) -> str:
    """The body's type without its parameters, lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _plain(request: Request) -> bool:
    """Whether the body is neither compressed nor in a character set of its own."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return False
    parameters = request.headers.get("content-type", "").partition(";")[2].lower()
    return re.fullmatch(r'\s*(charset="?(utf-8|us-ascii)"?)?\s*', parameters) is not None


def operations_of(request: Request, fields: Fields, address: Pairs) -> tuple[Operation, ...] | Refuse:
    """
    Every operation that the request asks for, at least one, as its body says and nothing in it denies.

    Read are form-encoded bodies with one name and JSON bodies (an object, or a list of at most 50).
    Refused: no name or two; a name or number in the address or a header that says something else; a body compressed,
    in parts or not to be seen; the operation itself as text; fields that some servers would take for the name.
    """
    beside = _said_by(address, fields)
    if isinstance(beside, Refuse):
        return beside
    if not request.body:
        return Refuse("unparsable_body")
    entries: Iterable[Pairs | None] | Refuse = [form_pairs(request)]
    if media_type(request) == "application/json":
        entries = _json_entries(request, fields)
    if isinstance(entries, Refuse):
        return entries
    found: list[Operation] = []
    for pairs in entries:
        said = Refuse("unparsable_body") if pairs is None else _said_by(pairs, fields)
        if isinstance(said, Refuse):
            return said
        if not said.name:
            return Refuse("operation_unnamed")
        found.append(said)
    names = {operation.name for operation in found}
    said_elsewhere = headers_named(request.headers, fields.headers) | ({beside.name} - {""})
    ids_agree = not beside.ids or all(operation.ids == beside.ids for operation in found)
    if not ids_agree or (said_elsewhere and said_elsewhere != names):
        return Refuse("operation_mismatch", next(iter(names)) if len(names) == 1 else "")
    return tuple(found)


def _said_by(pairs: Pairs, fields: Fields) -> Operation | Refuse:
    names: list[str] = []
    ids: list[str] = []
    for name, value in pairs:
        if name in fields.names:
            names.append(value)
        elif name in fields.ids:
            ids.append(value)
        elif is_odd(name) or not spellings(name).isdisjoint(fields.naming):
            # Only some servers take it for the name.
            return Refuse("unparsable_body")
        elif not spellings(name).isdisjoint(fields.significant) or holds_a_writing_operation(value):
            return Refuse("operation_as_text")
    wrong = not all(map(_NAME.fullmatch, names)) or not all(map(ID.fullmatch, ids))
    if wrong or len(names) > 1 or len(ids) > 1:
        return Refuse("unparsable_body")
    return Operation(names[0] if names else "", tuple(ids))


def _json_entries(request: Request, fields: Fields) -> Iterable[Pairs | None] | Refuse:
    """The pairs of an object of JSON, or of each object in a list of them."""
    document = json_of(request.body or b"") if _plain(request) else UNREADABLE
    entries = document if isinstance(document, list) else [document]
    if document is UNREADABLE or not 1 <= len(entries) <= _BATCH_MAX:
        return Refuse("unparsable_body")
    if holds_a_writing_operation((request.body or b"").decode()):
        return Refuse("operation_as_text")
    return (_pairs_of_object(entry, fields) for entry in entries)


def _pairs_of_object(entry: object, fields: Fields) -> Pairs | None:
    """The fields of a JSON object; None where what names an operation is no text and no whole number."""
    if not isinstance(entry, dict):
        return None
    pairs: Pairs = []
    for name, value in entry.items():
        said = isinstance(value, str | int) and not isinstance(value, bool)
        if not said and not spellings(name).isdisjoint(fields.naming):
            return None
        pairs.append((name, str(value) if said else ""))
    return pairs


UNREADABLE: Final = object()
"""In place of a JSON document that cannot be read with certainty."""


def json_of(data: bytes) -> object:
    """A JSON document; `UNREADABLE` where it is none, or says one thing twice: servers differ on which one counts."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        return UNREADABLE


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name occurs twice")
    return entries


def body_overrides_method(request: Request) -> bool:
    """Whether a body, of whatever kind, asks the server to take the request for another method."""
    if not request.body:
        return False
    kind, text = media_type(request), request.body.decode("utf-8", "replace")
    if kind.startswith("multipart/"):
        return overrides_method(_PART.findall(text))
    if "json" in kind:
        document = json_of(request.body)
        entries = document if isinstance(document, list) else [document]
        said = (pair for entry in entries if isinstance(entry, dict) for pair in entry.items())
        return overrides_method((name, str(value)) for name, value in said)
    return overrides_method(pairs_of(text))


_ACTING_WORDS: Final = (
    "add", "apply", "assign", "bookmark", "buy", "change", "claim", "create", "dispatch", "edit", "execute", "favorite",
    "favourite", "grant", "hide", "import", "insert", "invite", "join", "leave", "mark", "merge", "move", "mute", "pay",
    "pin", "publish", "put", "react", "redeem", "register", "rename", "restore", "retweet", "send", "store",
    "subscribe", "switch", "transfer", "unhide", "unmute", "unpin", "upload", "upsert", "vote", "write",
)  # fmt: skip
"""What a name says that does more than ask, beside the verbs of addresses."""
_KEPT_NAME = re.compile(r"([A-Za-z][A-Za-z_]{3,99})(?:\.[0-9a-f]{1,64})?")
_KEPT_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def kept_operation(path: str, query: Pairs) -> str:
    """
    The operation that an address names in one place, of those that the server keeps; empty where it does not, or acts.

    A server may go by the number beside the name: that it changes nothing by GET is what the service's file says.

    Args:
        path: `/api/graphql/NUMBER/NAME`, or `/api/graphql` with `queryId=NAME.DIGEST` in the query.
        query: the other pairs carry values only: neither another operation nor the text of one.
    """
    said = [(spellings(name), value) for name, value in query]
    choosing = [value for names, value in said if any(map(PERSISTED.fullmatch, names))]
    if any("query" in names for names, _ in said) or _names_a_digest(query):
        return ""
    parts = path.split("/")
    at = next((place for place, part in enumerate(parts) if _AT_GRAPHQL.search(part.lower())), len(parts))
    behind = parts[at + 1 :]
    if len(behind) == 2 and not choosing and _KEPT_NUMBER.fullmatch(behind[0]):
        named = behind[1]
    elif not behind and len(choosing) == 1:
        named = choosing[0]
    else:
        return ""
    found = _KEPT_NAME.fullmatch(named)
    if found is None or kind_of(found[1]) or _acts(words_of(found[1])):
        return ""
    return found[1]


def _acts(words: tuple[str, ...]) -> bool:
    """Whether the words of a name hold a verb; a name in one piece, whether it begins with one: `createtweet`."""
    alone = len(words) == 1 and words[0].startswith(_ACTING_WORDS)
    return alone or any(word in _ACTING_WORDS or COMMON_SEGMENTS.fit_word(word) for word in words)


def _names_a_digest(query: Pairs) -> bool:
    """Whether a value, such as that of `extensions`, chooses a kept operation by its digest."""
    return any("persistedquery" in folded(value) or "sha256hash" in folded(value) for _, value in query)


def asks_for_persisted(words: Iterable[str], pairs: Pairs) -> bool:
    """
    Whether a GET asks for an operation that the server keeps, by a name or number, and not by its text.

    Args:
        words: of its path, folded.
        pairs: of its query.
    """
    said = {spelling for name, _ in pairs for spelling in spellings(name)}
    if any(map(PERSISTED.fullmatch, said)):
        return True
    if _names_a_digest(pairs):
        return True
    parts = list(words)
    at = next((place for place, word in enumerate(parts) if _AT_GRAPHQL.search(word)), None)
    return at is not None and (len(parts) > at + 1 or ("query" not in said and "variables" in said))


_IGNORED = r"[\s,\ufeff]*"
_WRITING = re.compile(
    rf"(?<![A-Za-z0-9_$.-])(?:mutation|subscription)(?![A-Za-z0-9_]){_IGNORED}"
    rf"(?:[A-Za-z_][A-Za-z0-9_]*{_IGNORED})?(?:\({_IGNORED}[$)]|@{_IGNORED}[A-Za-z_]|\{{)"
)
"""The start of an operation that is no query: the keyword, perhaps a name, then variables, a directive or a brace."""
_NO_CODE = re.compile(r'"""(?:\\"""|[^"]|"(?!""))*+(?:""")?|"(?:\\.?|[^"\\\r\n])*+"?|#[^\r\n]*+')
"""What GraphQL passes over when it looks for a keyword: strings and comments."""
_LITERAL = re.compile(r'"((?:\\.?|[^"\\])*+)"?', re.DOTALL)
"""As JSON writes a text. What is not closed ends with the text, so that no letter is looked at twice."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|[0-9]+")


def holds_a_writing_operation(text: str) -> bool:
    """Whether a text is, or holds as JSON, a GraphQL document that does more than ask."""
    if "{" not in text and "\\" not in text:
        return False
    plain = _without_escapes(text) if "\\" in text else text
    if "mutation" not in plain and "subscription" not in plain:
        return False
    literals = (_without_escapes(found[1]) for found in _LITERAL.finditer(text))
    return any(_WRITING.search(_NO_CODE.sub(" ", code)) for code in (text, *literals)) or bool(_WRITING.search(plain))


def _without_escapes(text: str) -> str:
    """JSON's escapes decoded, wherever they stand."""

    def meant(found: re.Match[str]) -> str:
        code, letter = found.groups()
        return chr(int(code, 16)) if code else {"n": "\n", "r": "\n", "b": " ", "f": " ", "t": " "}.get(letter, letter)

    return _ESCAPE.sub(meant, text)


@lru_cache(1024)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, as its capitals and underscores part them."""
    return tuple(word.lower() for word in _WORD.findall(name))


@dataclass(frozen=True)
class WordPatterns:
    """Patterns over the words of a name: `use Request *` fits `useRequestCodeQuery`, and no `useRequestsQuery`."""

    texts: tuple[str, ...] = ()

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        def piece(word: str) -> str:
            return r"(?: \S+)*" if word == "*" else " " + re.escape(word.lower())

        # (?!) never matches: an empty list fits nothing.
        return re.compile("|".join("".join(map(piece, text.split())) for text in self.texts) or "(?!)")

    def fit(self, name: str) -> bool:
        """Whether one of the patterns fits all words of the name."""
        return self._compiled.fullmatch("".join(f" {word}" for word in words_of(name))) is not None


def kind_of(name: str) -> str:
    """`mutation` where a name says so anywhere, `subscription` where it ends so, else nothing."""
    if "mutation" in name.lower():
        return "mutation"
    return "subscription" if words_of(name)[-1:] == ("subscription",) else ""
