"""
What the guard refused a page that may have been a read, and the rule that would let it through.

A page that lacks a read often shows no setting, or one that is not true. Only a person can know that a request changes
nothing; this says which requests there were, by name, and what to write once they know. A rule is offered only where
the guard, asked again with it, would let exactly that request pass, and none of the writes that such an endpoint knows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from automation.core.errors import FlowError
from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request, decide
from automation.guard.bodies import PERSISTED, form_pairs, kept_operation, kind_of
from automation.guard.spelling import ACTING_NAMES, COMMON_SEGMENTS, folded, pairs_of, plain_path

_KINDS = frozenset({"XHR", "Fetch", "Script", "Document", "Other"})
"""What a page may need to show a setting; pictures, fonts and pings it does not."""
_NEVER_READS = frozenset(
    {"telemetry", "socket", "locked", "not_https", "operation_mutation", "operation_subscription", "operation_as_text",
     "method_override", "address_override", "submit_not_released"}
)  # fmt: skip
_NAME_FIELD = "operationName"
"""As GraphQL over HTTP calls it; a service's own name stands in its file."""
_NAMES_AN_ENDPOINT = re.compile(r"graphql|gql", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_KNOWN_WRITES = ("delete-post", "trash-post", "delete-comment", "save-widget", "update-options", "logout", "unfollow")
"""What endpoints of mixed use do beside their reads; WordPress's `admin-ajax.php` does the first five."""
_OF_ONE_ACCOUNT = re.compile(r"[0-9]{6,}|[A-Za-z0-9_-]{25,}")
_LARGEST_BODY_BYTES = 100_000


@dataclass(frozen=True)
class Rule:
    """One line of a service's `site.toml`."""

    table: str
    """Empty for the file's own keys."""
    key: str
    value: str


@dataclass(frozen=True)
class RefusedRead:
    """A refused request that may have been a read."""

    method: str
    host: str
    path: str
    """With `*` in place of numbers and words that look like one account's."""
    operation: str
    """The name that it gives itself; empty where it gives none."""
    reason: str
    fields: tuple[str, ...]
    """The names in its body, without their texts."""
    rules: tuple[Rule, ...]
    """What would let it through; empty where nothing may."""
    left_out: Rule | None = None
    """What leaves it out of account, refused as it stays; None where it is no GET that writes by the look of it."""


@dataclass
class RefusedReads:
    """
    Gathers them while pages are looked at. Keeps names, and neither queries nor bodies.

    Args:
        tables: the service's `site.toml`.
        page: the address of the page that is looked at, for requests that do not say whose they are.
    """

    tables: Mapping[str, Any] = field(repr=False)
    page: Callable[[], str]
    _found: dict[str, Counter[RefusedRead]] = field(default_factory=dict)
    _known: dict[tuple[str, str, str, str, str, tuple[str, ...]], RefusedRead] = field(default_factory=dict)

    def note(self, request: Request, refusal: Refuse) -> None:
        """Take note of a refusal, if a page may have needed what was asked for."""
        operation = refusal.operation or _name_in(self.tables, request) or _action_in(request)
        if refusal.reason in _NEVER_READS or request.resource not in _KINDS or kind_of(operation):
            return
        path = _OF_ONE_ACCOUNT.sub("*", request.path)
        asked = (request.method, request.host, path, operation, refusal.reason, _names_in(request))
        if asked not in self._known:
            rules = _offered(self.tables, request, refusal, path, operation)
            self._known[asked] = RefusedRead(*asked, rules, _left_out(self.tables, request, refusal, path))
        page = urlsplit(self.page())
        with suppress(ValueError):  # an address that is none
            said = urlsplit(request.headers.get("referer", ""))
            page = said if said.path.strip("/") else page
        address = page._replace(query="", fragment="").geturl()
        self._found.setdefault(address, Counter())[self._known[asked]] += 1

    @property
    def by_page(self) -> Mapping[str, Counter[RefusedRead]]:
        """Address of the page → what it was refused, how often."""
        return self._found

    @property
    def have_lines(self) -> bool:
        """Whether there is a line to write for each of them, and there is one at all."""
        return bool(self._all) and all(read.rules or read.left_out for read in self._all)

    @property
    def rules(self) -> Mapping[str, tuple[str, ...]]:
        """Table → the lines to be added there, one a key; `""` for the file's own keys."""
        return _by_table(rule for read in self._all for rule in read.rules)

    @property
    def left_out(self) -> Mapping[str, tuple[str, ...]]:
        """The same of what leaves requests out of account that stay refused."""
        return _by_table(read.left_out for read in self._all if read.left_out)

    @property
    def _all(self) -> list[RefusedRead]:
        return [read for reads in self._found.values() for read in reads]


def _by_table(rules: Iterable[Rule]) -> Mapping[str, tuple[str, ...]]:
    values: dict[tuple[str, str], dict[str, None]] = {}
    for rule in rules:
        values.setdefault((rule.table, rule.key), {})[rule.value] = None
    tables: dict[str, tuple[str, ...]] = {}
    for (table, key), found in sorted(values.items()):
        tables[table] = (*tables.get(table, ()), f"{key} = {json.dumps(list(found), ensure_ascii=False)}")
    return tables


def _json_in(request: Request) -> Any:
    """A body of JSON; None where it is none, or too large."""
    body = request.body or b""
    if len(body) > _LARGEST_BODY_BYTES or not body.lstrip().startswith((b"{", b"[")):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _name_in(tables: Mapping[str, Any], request: Request) -> str:
    """The name by which a JSON body calls its operation."""
    operations = tables.get("guard", {}).get("operations") or {}
    document = _json_in(request)
    first = document[0] if isinstance(document, list) and document else document
    said = first if isinstance(first, dict) else {}
    found = [
        said[name] for name in (*operations.get("name_fields", ()), _NAME_FIELD) if isinstance(said.get(name), str)
    ]
    return found[0] if found and re.fullmatch(r"\w{1,200}", found[0]) else ""


def _action_in(request: Request) -> str:
    """What a form calls the one thing that it does."""
    said = [value for name, value in form_pairs(request) or () if folded(name) in ACTING_NAMES]
    return said[0] if len(said) == 1 and _WORD.fullmatch(said[0]) else ""


def _names_in(request: Request) -> tuple[str, ...]:
    """The names in a body, in order; none where it cannot be read."""
    document = _json_in(request)
    names = [name for name, _ in form_pairs(request) or ()] or list(document if isinstance(document, dict) else ())
    return tuple(_OF_ONE_ACCOUNT.sub("*", name)[:60] for name in dict.fromkeys(names))


def _offered(
    tables: Mapping[str, Any], request: Request, refusal: Refuse, path: str, operation: str
) -> tuple[Rule, ...]:
    """The first set of rules with which the guard would let the request pass."""
    for rules in _candidates(tables, request, refusal, path, operation):
        try:
            policy = GuardPolicy.parse(_with_rules(tables, rules))
        except FlowError:
            continue
        passes = isinstance(decide(policy, Phase.CHECK, request), Allow)
        beside = _writes_beside(request) if rules[0].key == "read_paths" else ()
        if passes and not any(isinstance(decide(policy, Phase.CHECK, one), Allow) for one in beside):
            return rules
    return ()


def _writes_beside(request: Request) -> Iterator[Request]:
    """The writes that the endpoint of a read sent as a form may know: by its own field, and by one more."""
    pairs = form_pairs(request)
    if pairs is None:
        return
    plain = [(name, value) for name, value in pairs if folded(name) not in ACTING_NAMES]
    acting = [name for name, _ in pairs if folded(name) in ACTING_NAMES] or ["action"]
    more = (("action", "delete-post"), ("_method", "DELETE"), ("op", "delete"), ("id", "1"))
    acts = [[*plain, (name, write)] for name in acting for write in _KNOWN_WRITES]
    for one in [*acts, *([*pairs, extra] for extra in more)]:
        yield replace(request, body=urlencode(one).encode())


def _read_of(request: Request, path: str) -> Rule | None:
    """The rule for a read sent as a form, with its fields named; None where its address or action writes."""
    pairs = form_pairs(request)
    if pairs is None:
        return None
    fields = []
    for name, value in pairs:
        acts = folded(name) in ACTING_NAMES
        if acts and (not _WORD.fullmatch(value) or any(map(COMMON_SEGMENTS.fit_word, folded(value).split("_")))):
            return None
        fields.append(f"{quote_plus(name)}={quote(value) if acts else '*'}")
    if any(map(COMMON_SEGMENTS.fit_word, plain_path(path).words)):
        return None
    return Rule("guard", "read_paths", f"{path}?{'&'.join(fields)}")


def _left_out(tables: Mapping[str, Any], request: Request, refusal: Refuse, path: str) -> Rule | None:
    """The rule by which the guard takes the request for a chore; as narrow as it can be."""
    if refusal.reason != "get_that_writes":
        return None
    policy = GuardPolicy.parse(tables)
    for name, value in pairs_of(request.query):
        plain = re.fullmatch(r"[\w-]+", name + value) and not _OF_ONE_ACCOUNT.search(value)
        if plain and policy.guard.get_deny.writes_by(name, value):
            return Rule("guard", "telemetry_query", f"{name}={value}")
    return Rule("guard", "telemetry", path)


def _candidates(
    tables: Mapping[str, Any], request: Request, refusal: Refuse, path: str, operation: str
) -> tuple[tuple[Rule, ...], ...]:
    named = Rule("guard.operations", "also_read", operation)
    if refusal.reason == "operation_unknown":
        return ((named,),)
    if refusal.reason == "host_not_listed" and request.method in {"GET", "HEAD"}:
        return ((Rule("", "hosts", request.host),),)
    if refusal.reason == "get_with_operation":
        kept = [(name, value) for name, value in pairs_of(request.query) if PERSISTED.fullmatch(folded(name))]
        at = Rule("guard.operations", "paths", path)
        # Its number changes with each release.
        if not kept and (name := kept_operation(request.path, pairs_of(request.query))):
            return ((Rule("guard", "kept_reads", f"{path.rsplit('/', 2)[0]}/*/{name}"),),)
        return tuple(
            (at, Rule("guard.operations", "name_fields", name), Rule("guard.operations", "also_read", value))
            for name, value in kept
            if _WORD.fullmatch(value)
        )
    if refusal.reason != "write" or request.method != "POST":
        return ()
    if operation and operation != _action_in(request):
        endpoint = Rule("guard.operations", "paths", path)
        if tables.get("guard", {}).get("operations"):
            return ((endpoint, named), (named,))
        return ((endpoint, Rule("guard.operations", "name_fields", _NAME_FIELD), named),)
    if _NAMES_AN_ENDPOINT.search(request.path):  # reads and writes alike are sent there
        return ()
    read = _read_of(request, path)
    return ((read,),) if read else ()


def _with_rules(tables: Mapping[str, Any], rules: tuple[Rule, ...]) -> dict[str, Any]:
    guard = {**tables.get("guard", {})}
    changed = {**tables, "guard": guard}
    operations = {**(guard.get("operations") or {})}
    for rule in rules:
        table = {"": changed, "guard": guard, "guard.operations": operations}[rule.table]
        table[rule.key] = [*table.get(rule.key, ()), rule.value]
    if operations:
        guard["operations"] = operations
    return changed
