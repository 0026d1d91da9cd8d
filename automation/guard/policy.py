"""
Which requests may leave: the policy of one service as data, and the decision.

Unknown means refused. Decisions are pure: no clock, no network, no memory of earlier requests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from automation.guard.bodies import (
    OVERRIDE_HEADERS,
    Fields,
    Pairs,
    folded,
    form_pairs,
    operations_of,
    overrides_method,
    pairs_of,
)
from automation.guard.patterns import Patterns
from automation.guard.policy_file import read_site
from automation.guard.request import Allow, Phase, Refuse, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.guard.policy_file import Operations

LOCAL_SCHEMES = frozenset({"about", "blob", "data"})
"""Addresses whose content the browser already holds: nothing leaves for them."""
_SIGNING_IN = frozenset({Phase.SESSION, Phase.LOGIN})
_ODD_PATH = re.compile(r"%2f|%5c|%00|%2e|\\|//", re.IGNORECASE)
"""Spellings of a path that a server may read differently from us."""


@dataclass(frozen=True, slots=True)
class Places:
    """Paths on some hosts."""

    hosts: Patterns
    paths: Patterns
    except_paths: Patterns = field(default_factory=Patterns)

    def hold(self, request: Request) -> bool:
        """Whether the request goes to one of these places."""
        return self.paths.fit(request.path) and self.hosts.fit(request.host) and not self.except_paths.fit(request.path)


@dataclass(frozen=True, slots=True)
class OperationRule:
    """One endpoint that reads and writes by POST, and the names of its reads."""

    places: Places
    fields: Fields
    read: Patterns
    also_read: frozenset[str]
    never: Patterns
    never_ids: frozenset[str]

    @classmethod
    def of(cls, table: Operations, hosts: list[str]) -> Self:
        """Build from the `[guard.operations]` table; `hosts` are the service's, where it names none."""
        return cls(
            places=Places(Patterns.of(table.hosts or hosts), Patterns.of(table.paths)),
            fields=Fields(
                names=frozenset(table.name_fields),
                headers=tuple(table.name_headers),
                ids=frozenset(table.id_fields),
                texts=frozenset(table.text_fields),
            ),
            read=Patterns.of(table.read),
            also_read=frozenset(table.also_read),
            never=Patterns.of(table.never, any_case=True),
            never_ids=frozenset(table.never_ids),
        )

    def is_read(self, name: str) -> bool:
        """Whether an operation of this name reads."""
        return (name in self.also_read or self.read.fit(name)) and not self.never.fit(name)


@dataclass(frozen=True, slots=True)
class GuardPolicy:
    """What one service's sites may be asked for."""

    hosts: Patterns
    providers: Patterns
    """Hosts of the identity providers that a person may sign in with; open in the login phase only."""
    telemetry: Patterns
    deny_hosts: Patterns
    deny_paths: Patterns
    deny_segments: Patterns
    deny_query: Patterns
    read_paths: Patterns
    operations: OperationRule | None
    sign_in: Places
    sign_in_operations: frozenset[str]
    sign_in_query: Patterns
    never_signing_in: Patterns
    """Paths that are refused also while somebody signs in, such as taking a device off the account."""
    person_operations: Patterns
    submit: Places
    submit_operations: frozenset[str]

    @classmethod
    def parse(cls, mapping: Mapping[str, object]) -> Self:
        """
        Build the policy from a service's `site.toml`, already read as TOML.

        Only `hosts` and `[guard]` are looked at; other tables may be there.

        Raises:
            FlowError: where a key is unknown, missing or not what it should be.
        """
        site = read_site(mapping)
        guard = site.guard
        submit, person = guard.submit, guard.sign_in.by_person
        sign_in_hosts = Patterns.of(guard.sign_in.hosts or site.hosts)
        never_signing_in = Patterns.of(guard.sign_in.except_paths, any_case=True)
        return cls(
            hosts=Patterns.of(site.hosts),
            providers=Patterns.of(site.sign_in.providers),
            telemetry=Patterns.of(guard.telemetry, any_case=True),
            deny_hosts=Patterns.of(guard.get_deny.hosts or site.hosts),
            deny_paths=Patterns.of(guard.get_deny.paths, any_case=True),
            deny_segments=Patterns.of(guard.get_deny.segments, any_case=True),
            deny_query=Patterns.of(guard.get_deny.query, any_case=True),
            read_paths=Patterns.of(guard.read_paths),
            operations=OperationRule.of(guard.operations, site.hosts) if guard.operations else None,
            sign_in=Places(sign_in_hosts, Patterns.of(guard.sign_in.paths), never_signing_in),
            sign_in_operations=frozenset(guard.sign_in.operations),
            sign_in_query=Patterns.of(guard.sign_in.query, any_case=True),
            never_signing_in=never_signing_in,
            person_operations=Patterns.of(person.operations),
            submit=Places(Patterns.of(submit.hosts or site.hosts), Patterns.of(submit.paths)),
            submit_operations=frozenset(submit.operations),
        )

    def hosts_in(self, phase: Phase) -> Patterns:
        """What may be reached at all in a phase."""
        return Patterns.of([*self.hosts.texts, *self.providers.texts]) if phase is Phase.LOGIN else self.hosts


def decide(policy: GuardPolicy, phase: Phase, request: Request) -> Allow | Refuse:
    """Whether this request may leave in this phase, and by which rule or for which reason."""
    if request.scheme in LOCAL_SCHEMES:
        return Allow("local", reads=True)
    if request.scheme in {"ws", "wss"} or request.resource in {"WebSocket", "WebTransport"}:
        return Refuse("socket")
    if request.scheme != "https":
        return Refuse("not_https")
    if not policy.hosts_in(phase).fit(request.host):
        return Refuse("host_not_listed")
    if policy.telemetry.fit(request.path):
        return Refuse("telemetry")
    if phase is Phase.LOGIN and request.method not in {"GET", "HEAD"}:
        return _decide_login(policy, request)
    if not OVERRIDE_HEADERS.isdisjoint(request.headers):
        return Refuse("method_override")
    query = pairs_of(request.query) if request.query else []
    if overrides_method(query):
        return Refuse("method_override")
    if policy.operations and _names_operation(policy.operations.fields, query):
        return Refuse("get_with_operation" if request.method in {"GET", "HEAD"} else "unparsable_body")
    if request.method in {"GET", "HEAD"}:
        return _decide_get(policy, phase, request, query)
    if request.method == "POST":
        return _decide_post(policy, phase, request)
    return Refuse("preflight" if request.method == "OPTIONS" else "write")


def _decide_login(policy: GuardPolicy, request: Request) -> Allow | Refuse:
    """
    What may be sent while a person signs in at the window, by whatever the service asks for.

    Everything, but what `submit` and `never` declare, and what cannot be told from them. The operations that the
    service's sign-in needs are named, so that they pass although `never` fits them.
    """
    rule = policy.operations
    if policy.submit.hold(request):
        return Refuse("submit_not_released")
    if policy.never_signing_in.fit(request.path):
        return Refuse("write")
    if (rule or policy.submit.paths) and _ODD_PATH.search(request.path):
        return Refuse("odd_path")
    if rule and rule.places.hold(request):
        if not OVERRIDE_HEADERS.isdisjoint(request.headers):
            return Refuse("method_override")
        if request.method != "POST":
            return Allow("sign_in", reads=False) if request.method == "OPTIONS" else Refuse("write")
        found = _decide_operation(policy, rule, Phase.LOGIN, request)
        undeclared = isinstance(found, Refuse) and found.reason == "operation_unknown"
        if undeclared and found.operation not in policy.submit_operations:
            return Allow("sign_in", reads=False, operation=found.operation)
        return found
    if rule and request.query and _names_operation(rule.fields, pairs_of(request.query)):
        return Refuse("unparsable_body")
    return Allow("sign_in", reads=False)


def _names_operation(fields: Fields, query: Pairs) -> bool:
    return any(folded(name) in fields.names | fields.ids for name, _ in query)


def _decide_get(policy: GuardPolicy, phase: Phase, request: Request, query: Pairs) -> Allow | Refuse:
    if request.body is not None:
        return Refuse("get_with_body")
    if policy.operations and any(header in request.headers for header in policy.operations.fields.headers):
        return Refuse("get_with_operation")
    unlisted = phase is Phase.LOGIN and not policy.sign_in.paths  # how one signs in there is in no source
    if policy.deny_hosts.fit(request.host) and not unlisted:
        path = _read_leniently(request.path)
        words = (segment.partition(".")[0] for segment in path.split("/") if segment)
        if policy.deny_paths.fit(path) or any(map(policy.deny_segments.fit, words)):
            return Refuse("get_that_writes")
        for name, value in query:
            pair = f"{name}={value}"
            signing_in = phase in _SIGNING_IN and policy.sign_in_query.fit(pair)
            if policy.deny_query.fit(pair) and not signing_in:
                return Refuse("get_that_writes")
    return Allow("get", reads=True)


def _read_leniently(path: str) -> str:
    """A path as a lenient server may understand it: decoded, without doubled slashes."""
    return re.sub("/+", "/", unquote(path).replace("\\", "/"))


def _decide_post(policy: GuardPolicy, phase: Phase, request: Request) -> Allow | Refuse:
    if _ODD_PATH.search(request.path):
        return Refuse("odd_path")
    rule = policy.operations
    if rule and rule.places.hold(request):
        return _decide_operation(policy, rule, phase, request)
    if policy.read_paths.fit(request.path):
        return _decide_plain_read(policy, request)
    if phase in _SIGNING_IN and policy.sign_in.hold(request):
        return Allow("sign_in", reads=False)
    if phase is Phase.ATTENDED and policy.submit.hold(request):
        return Refuse("submit_not_released")
    return Refuse("write")


def _decide_plain_read(policy: GuardPolicy, request: Request) -> Allow | Refuse:
    pairs = form_pairs(request)
    if isinstance(pairs, Refuse):
        return pairs
    if overrides_method(pairs):
        return Refuse("method_override")
    if policy.operations and _names_operation(policy.operations.fields, pairs):
        return Refuse("unparsable_body")
    return Allow("read_path", reads=True)


def _decide_operation(policy: GuardPolicy, rule: OperationRule, phase: Phase, request: Request) -> Allow | Refuse:
    found = operations_of(request, rule.fields)
    if isinstance(found, Refuse):
        return found
    refused: Refuse | None = None
    for operation in found:
        if not rule.never_ids.isdisjoint(operation.ids):
            return Refuse("operation_mutation", operation.name)
        if not rule.is_read(operation.name):
            kind = "operation_mutation" if rule.never.fit(operation.name) else "operation_unknown"
            refused = refused or Refuse(kind, operation.name)
    if refused is None:
        return Allow("operation", reads=True, operation=found[0].name if len(found) == 1 else "")
    if len(found) == 1:
        name = found[0].name
        by_person = phase is Phase.LOGIN and policy.person_operations.fit(name)
        if by_person or (phase in _SIGNING_IN and name in policy.sign_in_operations):
            return Allow("sign_in", reads=False, operation=name)
        if phase is Phase.ATTENDED and name in policy.submit_operations:
            return Refuse("submit_not_released", name)
    return refused
