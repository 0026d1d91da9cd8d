"""
Which requests may leave.

Unknown means refused. Decisions are pure: no clock, no network, no memory of earlier requests.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.guard.bodies import (
    asks_for_persisted,
    body_overrides_method,
    form_pairs,
    headers_named,
    kept_operation,
    names_operation,
    operations_of,
    writes_as_text,
)
from automation.guard.request import Allow, Phase, Refuse, Request
from automation.guard.spelling import (
    LONGEST_ADDRESS,
    Pairs,
    is_named_as_file,
    is_odd,
    override_in_headers,
    overrides_method,
    pairs_of,
    plain_path,
)

if TYPE_CHECKING:
    from automation.guard.bodies import Operation
    from automation.guard.policy import GuardPolicy, Operations
    from automation.guard.spelling import PlainPath

LOCAL_SCHEMES = frozenset({"about", "blob", "data"})
"""Addresses whose content the browser already holds: nothing leaves for them."""
_SIGNING_IN = frozenset({Phase.SESSION, Phase.LOGIN})
_SAVING = frozenset({"POST", "PUT", "PATCH"})
"""By which a page's script may save a setting."""
_FILES = frozenset({"Script", "Stylesheet"})
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
        return _decide_without_tls(policy, phase, request)
    if not policy.hosts_in(phase).fit(request.host):
        return Refuse("host_not_listed")
    if policy.is_telemetry(request.path, request.query):
        return Refuse("telemetry")
    if len(request.path) + len(request.query) > LONGEST_ADDRESS:
        return Refuse("odd_path")
    query = pairs_of(request.query) if request.query else []
    if overridden := override_in_headers(request.headers):
        return Refuse(overridden)
    if overrides_method(query) or body_overrides_method(request):
        return Refuse("method_override")
    if request.method in {"GET", "HEAD"}:
        return _decide_get(policy, phase, request, query)
    if phase is Phase.LOGIN:
        return _decide_login(policy, request, query)
    if request.method == "POST":
        return _decide_post(policy, phase, request, query)
    if request.method == "OPTIONS":
        return _decide_preflight(policy, phase, request, query)
    if request.method in _SAVING and _may_be_submitted(policy, phase, request):
        return Refuse("submit_not_released")
    return Refuse("write")


def _decide_without_tls(policy: GuardPolicy, phase: Phase, request: Request) -> Allow | Refuse:
    """This machine is read by http, too, where its owner names it; the record says so."""
    if request.scheme != "http" or not policy.loopback.fit(request.host):
        return Refuse("not_https" if request.host else "odd_path")
    found = decide(policy, phase, replace(request, scheme="https"))
    return replace(found, rule=f"{found.rule}_http") if isinstance(found, Allow) else found


def _is_odd_path(path: str) -> bool:
    """Whether servers may read a path that is written to differently from us."""
    plain = plain_path(path)
    return _ODD_PATH.search(path) is not None or plain.odd or plain.disguised


def _may_be_submitted(policy: GuardPolicy, phase: Phase, request: Request) -> bool:
    """Whether a person may release what goes there."""
    return phase is Phase.ATTENDED and policy.submit_places.hold(request) and not _is_odd_path(request.path)


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


def _decide_login(policy: GuardPolicy, request: Request, query: Pairs) -> Allow | Refuse:
    """
    What may be sent while a person signs in at the window, by whatever the service asks for.

    Everything, but what `submit` and `never` declare, and what cannot be told from them. The operations that the
    service's sign-in needs are named, so that they pass although `never` fits them.
    """
    rule = policy.guard.operations
    if policy.submit_places.hold(request):
        return Refuse("submit_not_released")
    if policy.guard.sign_in.except_paths.fit(request.path) and not policy.person_places.hold(request):
        return Refuse("write")
    if (rule or policy.guard.submit.paths) and _is_odd_path(request.path):
        return Refuse("odd_path")
    if not rule or not policy.operation_places.hold(request):
        return _decide_sign_in(rule, query)
    if request.method != "POST":
        return Allow("sign_in", reads=False) if request.method == "OPTIONS" else Refuse("write")
    found = _decide_operation(policy, rule, Phase.LOGIN, request, query)
    if isinstance(found, Refuse) and _is_undeclared(policy, rule, request, query):
        return Allow("sign_in", reads=False, operation=found.operation)
    return found


def _decide_sign_in(rule: Operations | None, query: Pairs) -> Allow | Refuse:
    """What signs in, unless its address names an operation: that may be one that `submit` or `never` declares."""
    if rule and names_operation(query, rule.fields.names | rule.fields.ids):
        return Refuse("unparsable_body")
    return Allow("sign_in", reads=False)


def _is_undeclared(policy: GuardPolicy, rule: Operations, request: Request, query: Pairs) -> bool:
    """Whether the operations can be told, and neither `never`, `acts`, `never_ids` nor `submit` declares one."""
    found = operations_of(request, rule.fields, query)
    return not isinstance(found, Refuse) and not any(
        operation.name in policy.guard.submit.operations
        or rule.is_refused_by_name(operation.name)
        or any(map(rule.is_never, operation.ids))
        for operation in found
    )


def _decide_get(policy: GuardPolicy, phase: Phase, request: Request, query: Pairs) -> Allow | Refuse:
    if request.body is not None:
        return Refuse("get_with_body")
    path = plain_path(request.path)
    if path.disguised:
        return Refuse("odd_path")
    asked = _asked_by_get(policy, request, path, query)
    if asked is not None:
        return asked
    unlisted = phase is Phase.LOGIN and not policy.guard.sign_in.paths  # how one signs in there is in no source
    if policy.deny_hosts.fit(request.host) and not unlisted:
        if path.odd:
            return Refuse("odd_path")
        deny = policy.guard.get_deny
        words = path.words[:-1] if request.resource in _FILES and is_named_as_file(request.path) else path.words
        if deny.paths.fit(request.path) or deny.writes(words):
            return Refuse("get_that_writes")
        freed = policy.guard.sign_in.query if phase in _SIGNING_IN else None
        for name, value in (*query, *path.parameters):
            if deny.writes_by(name, value) and not (freed and freed.fit(name, value)):
                return Refuse("get_that_writes")
            if is_odd(name):
                return Refuse("odd_query")
    return Allow("get", reads=True)


def _asked_by_get(policy: GuardPolicy, request: Request, path: PlainPath, query: Pairs) -> Allow | Refuse | None:
    """
    What is to be said of a GET that asks for an operation; None where it does not.

    GraphQL's reads by their own text are addresses like any; one that the server keeps is told by its name alone, and
    has to stand among the service's `also_read`.
    """
    rule = policy.guard.operations
    if rule is None:
        named = False
    else:
        at_home = policy.operation_places.hold(request)
        if at_home and (read := _read_by_name(rule, request, query)):
            return Allow("operation", reads=True, operation=read)
        fields = rule.fields.significant if at_home else rule.fields.naming
        named = names_operation(query, fields) or bool(headers_named(request.headers, rule.fields.headers))
        if rule.never_said(request):
            return Refuse("operation_mutation")
    if named or writes_as_text(query):
        return Refuse("get_with_operation")
    if asks_for_persisted(path.words, query):
        declared = policy.deny_hosts.fit(request.host) and policy.guard.kept_reads.fit(request.path)
        return None if declared and kept_operation(request.path, query) else Refuse("get_with_operation")
    return None


def _read_by_name(rule: Operations, request: Request, query: Pairs) -> str:
    """The read that a GET names in one field, exactly as the file lists it; empty where it does not."""
    said = [value for name, value in query if name in rule.fields.names]
    plain = len(said) == 1 and said[0] in rule.also_read and not rule.is_refused_by_name(said[0])
    others = [(name, value) for name, value in query if name not in rule.fields.names]
    told_twice = names_operation(others, rule.fields.significant) or headers_named(request.headers, rule.fields.headers)
    return said[0] if plain and not told_twice and not writes_as_text(query) and not rule.never_said(request) else ""


def _decide_post(policy: GuardPolicy, phase: Phase, request: Request, query: Pairs) -> Allow | Refuse:
    if _is_odd_path(request.path):
        return Refuse("odd_path")
    rule = policy.guard.operations
    if rule and policy.operation_places.hold(request):
        return _decide_operation(policy, rule, phase, request, query)
    if policy.read_hosts.fit(request.host) and any(read.path.fit(request.path) for read in policy.guard.read_paths):
        return _decide_plain_read(policy, request, query)
    if policy.named_posts.fit(request.path):
        return Allow("post_by_name", reads=True)
    if phase in _SIGNING_IN and policy.sign_in_places.hold(request):
        return _decide_sign_in(rule, query)
    if _may_be_submitted(policy, phase, request):
        return Refuse("submit_not_released")
    return Refuse("write")


def _decide_plain_read(policy: GuardPolicy, request: Request, query: Pairs) -> Allow | Refuse:
    pairs = form_pairs(request)
    if pairs is None:
        return Refuse("unparsable_body")
    said, rule = [*pairs, *query], policy.guard.operations
    if rule and names_operation(said, rule.fields.naming):
        return Refuse("unparsable_body")
    if writes_as_text(said):
        return Refuse("operation_as_text")
    if rule and rule.never_said(request):
        return Refuse("operation_mutation")
    if any(policy.guard.get_deny.writes_by(name, value) or is_odd(name) for name, value in query):
        return Refuse("write")
    if not any(read.fits(request.path, pairs) for read in policy.guard.read_paths):
        return Refuse("write")
    return Allow("read_path", reads=True)


def _decide_operation(
    policy: GuardPolicy, rule: Operations, phase: Phase, request: Request, query: Pairs
) -> Allow | Refuse:
    found = operations_of(request, rule.fields, query)
    if isinstance(found, Refuse):
        return found
    only = found[0].name if len(found) == 1 else ""
    refused = [(operation, reason) for operation in found if (reason := rule.why_not(operation))]
    never = rule.never_said(request)
    if not refused and not never:
        return Allow("operation", reads=True, operation=only)
    by_number = any(rule.is_never(number) for operation, _ in refused for number in operation.ids)
    if only and not by_number and not never:
        by_person = phase is Phase.LOGIN and policy.guard.sign_in.by_person.operations.fit(only)
        if by_person or (phase in _SIGNING_IN and only in policy.guard.sign_in.operations):
            return Allow("sign_in", reads=False, operation=only)
    if only in policy.guard.submit.operations and phase is Phase.ATTENDED:
        return _decide_submission(policy, rule, found[0], never)
    operation, reason = refused[0] if refused else (found[0], "operation_mutation")
    return Refuse(reason, operation.name)


def _decide_submission(policy: GuardPolicy, rule: Operations, found: Operation, never: frozenset[str]) -> Refuse:
    """The operation that files the objection: the service goes by its number, so that has to be one of the flow's."""
    own = policy.guard.submit.ids
    if never - own or any(rule.is_never(number) and number not in own for number in found.ids):
        return Refuse("operation_mutation", found.name)
    if own and not (found.ids and own.issuperset(found.ids)):
        return Refuse("submit_altered", found.name)
    return Refuse("submit_not_released", found.name)
