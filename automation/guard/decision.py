"""
Which requests may leave.

Unknown means refused. Decisions are pure: no clock, no network, no memory of earlier requests.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.guard.bodies import form_pairs, headers_named, names_operation, operations_of, writes_as_text
from automation.guard.overrides import override_in_headers, overrides_method
from automation.guard.policy import LONGEST_ADDRESS
from automation.guard.request import Allow, Phase, Refuse, Request
from automation.guard.spelling import Pairs, is_odd, pairs_of, plain_path

if TYPE_CHECKING:
    from automation.guard.policy import GuardPolicy, OperationRule

LOCAL_SCHEMES = frozenset({"about", "blob", "data"})
"""Addresses whose content the browser already holds: nothing leaves for them."""
_SIGNING_IN = frozenset({Phase.SESSION, Phase.LOGIN})
_SAVING = frozenset({"POST", "PUT", "PATCH"})
"""By which a page's script may save a setting."""
_ODD_PATH = re.compile(
    r"%2[def]|%3[0-9b]|%[46][1-9a-f]|%[57][0-9a]|%5[cf]|%7e|%25|%[01]|[\\;]|//|/\.\.?(?:/|$)|[^\x21-\x7e]",
    re.IGNORECASE,
)
"""Spellings of a path that a server may read differently from us: letters, digits, dots and slashes written as codes,
codes of codes, parameters, and steps up."""


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
    if policy.is_telemetry(request.path, request.query):
        return Refuse("telemetry")
    if len(request.path) + len(request.query) > LONGEST_ADDRESS:
        return Refuse("odd_path")
    if phase is Phase.LOGIN and request.method not in {"GET", "HEAD"}:
        return _decide_login(policy, request)
    overridden = override_in_headers(request.headers)
    if overridden:
        return Refuse(overridden)
    query = pairs_of(request.query) if request.query else []
    if overrides_method(query):
        return Refuse("method_override")
    if request.method in {"GET", "HEAD"}:
        return _decide_get(policy, phase, request, query)
    if request.method == "POST":
        return _decide_post(policy, phase, request, query)
    if request.method == "OPTIONS":
        return _decide_preflight(policy, phase, request, query)
    if request.method in _SAVING and _may_be_submitted(policy, phase, request):
        return Refuse("submit_not_released")
    return Refuse("write")


def _may_be_submitted(policy: GuardPolicy, phase: Phase, request: Request) -> bool:
    """Whether a person may release what goes there."""
    return phase is Phase.ATTENDED and policy.submit.hold(request) and not _ODD_PATH.search(request.path)


def _decide_preflight(policy: GuardPolicy, phase: Phase, request: Request, query: Pairs) -> Allow | Refuse:
    """
    A browser asks a server whether it may send what comes next; by itself that changes nothing.

    It may leave where what comes next would be a GET that may, or what a person may release; anything else is asked
    about in vain.
    """
    wanted = request.headers.get("access-control-request-method", "")
    if wanted in _SAVING and request.body is None and _may_be_submitted(policy, phase, request) and not query:
        return Allow("preflight", reads=True)
    if wanted not in {"GET", "HEAD"} or request.body is not None:
        return Refuse("preflight")
    found = _decide_get(policy, phase, request, query)
    return replace(found, rule="preflight") if isinstance(found, Allow) else found


def _decide_login(policy: GuardPolicy, request: Request) -> Allow | Refuse:
    """
    What may be sent while a person signs in at the window, by whatever the service asks for.

    Everything, but what `submit` and `never` declare, and what cannot be told from them. The operations that the
    service's sign-in needs are named, so that they pass although `never` fits them.
    """
    rule = policy.operations
    if policy.submit.hold(request):
        return Refuse("submit_not_released")
    if policy.never_signing_in.fit(request.path) and not policy.person.hold(request):
        return Refuse("write")
    if (rule or policy.submit.paths) and (_ODD_PATH.search(request.path) or plain_path(request.path).odd):
        return Refuse("odd_path")
    query = pairs_of(request.query) if request.query else []
    if rule and rule.places.hold(request):
        overridden = override_in_headers(request.headers)
        if overridden:
            return Refuse(overridden)
        if request.method != "POST":
            return Allow("sign_in", reads=False) if request.method == "OPTIONS" else Refuse("write")
        found = _decide_operation(policy, rule, Phase.LOGIN, request, query)
        if isinstance(found, Refuse) and _is_undeclared(policy, rule, request, query):
            return Allow("sign_in", reads=False, operation=found.operation)
        return found
    return _decide_sign_in(rule, query)


def _decide_sign_in(rule: OperationRule | None, query: Pairs) -> Allow | Refuse:
    """What signs in, unless its address names an operation: that may be one that `submit` or `never` declares."""
    if rule and names_operation(query, rule.fields.names | rule.fields.ids):
        return Refuse("unparsable_body")
    return Allow("sign_in", reads=False)


def _is_undeclared(policy: GuardPolicy, rule: OperationRule, request: Request, query: Pairs) -> bool:
    """Whether the operations can be told, and neither `never`, `acts`, `never_ids` nor `submit` declares one."""
    found = operations_of(request, rule.fields, query)
    return not isinstance(found, Refuse) and not any(
        operation.name in policy.submit_operations
        or rule.is_refused_by_name(operation.name)
        or any(map(rule.is_never, operation.ids))
        for operation in found
    )


def _decide_get(policy: GuardPolicy, phase: Phase, request: Request, query: Pairs) -> Allow | Refuse:
    if request.body is not None:
        return Refuse("get_with_body")
    if _asks_for_operation(policy.operations, request, query):
        return Refuse("get_with_operation")
    unlisted = phase is Phase.LOGIN and not policy.sign_in.paths  # how one signs in there is in no source
    if policy.deny_hosts.fit(request.host) and not unlisted:
        path = plain_path(request.path)
        if path.odd:
            return Refuse("odd_path")
        signing_in = phase in _SIGNING_IN
        if policy.deny_paths.fit(request.path) or any(map(policy.deny_segments.fit_word, path.words)):
            return Refuse("get_that_writes")
        for name, value in query:
            if policy.deny_query.fit(name, value) and not (signing_in and policy.sign_in_query.fit(name, value)):
                return Refuse("get_that_writes")
            if is_odd(name):
                return Refuse("odd_query")
    return Allow("get", reads=True)


def _asks_for_operation(rule: OperationRule | None, request: Request, query: Pairs) -> bool:
    """Whether a GET names an operation, or carries one that writes; GraphQL's reads by GET are addresses like any."""
    if rule is None:
        return writes_as_text(query)
    fields = rule.fields.significant if rule.places.hold(request) else rule.fields.naming
    named = names_operation(query, fields) or headers_named(request.headers, rule.fields.headers)
    return bool(named) or writes_as_text(query)


def _decide_post(policy: GuardPolicy, phase: Phase, request: Request, query: Pairs) -> Allow | Refuse:
    if _ODD_PATH.search(request.path):
        return Refuse("odd_path")
    rule = policy.operations
    if rule and rule.places.hold(request):
        return _decide_operation(policy, rule, phase, request, query)
    if policy.read_paths.fit(request.path):
        return _decide_plain_read(policy, request, query)
    if phase in _SIGNING_IN and policy.sign_in.hold(request):
        return _decide_sign_in(rule, query)
    if _may_be_submitted(policy, phase, request):
        return Refuse("submit_not_released")
    return Refuse("write")


def _decide_plain_read(policy: GuardPolicy, request: Request, query: Pairs) -> Allow | Refuse:
    pairs = form_pairs(request)
    if isinstance(pairs, Refuse):
        return pairs
    if overrides_method(pairs):
        return Refuse("method_override")
    said = [*pairs, *query]
    if policy.operations and names_operation(said, policy.operations.fields.naming):
        return Refuse("unparsable_body")
    if writes_as_text(said):
        return Refuse("operation_as_text")
    if any(policy.deny_query.fit(name, value) or is_odd(name) for name, value in query):
        return Refuse("write")
    return Allow("read_path", reads=True)


def _decide_operation(
    policy: GuardPolicy, rule: OperationRule, phase: Phase, request: Request, query: Pairs
) -> Allow | Refuse:
    found = operations_of(request, rule.fields, query)
    if isinstance(found, Refuse):
        return found
    only = found[0].name if len(found) == 1 else ""
    refused = [(operation, reason) for operation in found if (reason := rule.why_not(operation))]
    if not refused:
        return Allow("operation", reads=True, operation=only)
    by_number = any(rule.is_never(number) for operation, _ in refused for number in operation.ids)
    if only and not by_number:
        by_person = phase is Phase.LOGIN and policy.person_operations.fit(only)
        if by_person or (phase in _SIGNING_IN and only in policy.sign_in_operations):
            return Allow("sign_in", reads=False, operation=only)
    other = any(rule.is_never(number) and number not in policy.submit_ids for one in found for number in one.ids)
    if only in policy.submit_operations and phase is Phase.ATTENDED and not other:
        return Refuse("submit_not_released", only)
    operation, reason = refused[0]
    return Refuse(reason, operation.name)
