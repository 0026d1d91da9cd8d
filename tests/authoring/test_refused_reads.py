"""What the guard refused a page, and the rule that would let it through. Pure: no browser."""

from __future__ import annotations

import asyncio
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from automation.authoring.refused_reads import RefusedReads
from automation.cli.record_window import tell_refused, telling_refused
from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request, decide
from automation.text.language import language
from tests.guard.builders import FORM, JSON, a_request

PAGE = "https://www.example.org/settings?token=secret"
SITE: dict[str, Any] = {"hosts": ["example.org", "*.example.org"], "guard": {"get_deny": {"segments": ["delete*"]}}}
OPERATIONS = {"paths": ["/api/graphql"], "name_fields": ["fb_api_req_friendly_name"], "read": ["*Query"]}
META = {**SITE, "guard": {**SITE["guard"], "operations": OPERATIONS}}
API = "https://www.example.org/api"
AJAX = "https://www.example.org/wp-admin/admin-ajax.php"


def asked(method: str, url: str, body: Any = None, **more: Any) -> Request:
    """A request of a page's script; a body that is no text is sent as JSON."""
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    headers = {} if body is None else FORM if isinstance(body, str) else JSON
    return a_request(method, url, text, **{"resource": "XHR", "headers": headers, **more})


def gathered(*requests: Request, tables: dict[str, Any] = SITE) -> RefusedReads:
    """What is noted of the requests that the guard refuses."""
    reads = RefusedReads(tables, lambda: PAGE)
    policy = GuardPolicy.parse(tables)
    for request in requests:
        decision = decide(policy, Phase.CHECK, request)
        assert isinstance(decision, Refuse)
        reads.note(request, decision)
    return reads


NEEDED = [
    (SITE, asked("POST", f"{API}/me", "a=1"), {"guard": ('read_paths = ["/api/me?a=*"]',)}),
    (SITE, asked("POST", f"{API}/users/12345678/me", "a=1"), {"guard": ('read_paths = ["/api/users/*/me?a=*"]',)}),
    (
        SITE,
        asked("POST", AJAX, "action=heartbeat&screen_id=dashboard&_nonce=a1b2c3"),
        {"guard": ('read_paths = ["/wp-admin/admin-ajax.php?action=heartbeat&screen_id=*&_nonce=*"]',)},
    ),
    (
        SITE,
        asked("GET", f"{API}/graphql?queryId=settings.1a2b&variables=(start:0)"),
        {
            "guard.operations": (
                'also_read = ["settings.1a2b"]',
                'name_fields = ["queryId"]',
                'paths = ["/api/graphql"]',
            )
        },
    ),
    (
        SITE,
        asked("GET", f"{API}/graphql/9zwVLJ48lmVUk8u_Gh9DmA/AccountSettings?variables=%7B%7D"),
        {"guard": ('kept_reads = ["/api/graphql/*/AccountSettings"]',)},
    ),
    (
        SITE,
        asked("POST", f"{API}/graphql", {"operationName": "Settings", "query": "query Settings { a }"}),
        {
            "guard.operations": (
                'also_read = ["Settings"]',
                'name_fields = ["operationName"]',
                'paths = ["/api/graphql"]',
            )
        },
    ),
    (
        META,
        asked("POST", f"{API}/graphql", "fb_api_req_friendly_name=Foo"),
        {"guard.operations": ('also_read = ["Foo"]',)},
    ),
    (SITE, asked("GET", "https://cdn.example.net/a.js", resource="Script"), {"": ('hosts = ["cdn.example.net"]',)}),
]


@pytest.mark.parametrize(("tables", "request_", "rules"), NEEDED)
def test_the_offered_rule_lets_the_request_through(tables: Any, request_: Request, rules: Any) -> None:
    """As it is written, added to the service's file; one rule a request, not more than it needs."""
    reads = gathered(request_, tables=tables)
    assert reads.rules == rules
    written = "\n".join(f"{f'[{table}]' if table else ''}\n" + "\n".join(lines) for table, lines in rules.items())
    added = tomllib.loads(written)
    merged = {**tables, "hosts": [*tables["hosts"], *added.get("hosts", [])]}
    merged["guard"] = {**tables["guard"], **added.get("guard", {})}
    if "operations" in added.get("guard", {}):
        merged["guard"]["operations"] = {**tables["guard"].get("operations", {}), **added["guard"]["operations"]}
    assert isinstance(decide(GuardPolicy.parse(merged), Phase.CHECK, request_), Allow)


@pytest.mark.parametrize(
    "request_",
    [
        asked("POST", f"{API}/graphql", {"query": "query { a }"}),
        asked("POST", f"{API}/graphql", {"operationName": "A", "query": "mutation A { a }"}),
        asked("POST", f"{API}/graphql", "a=1"),
        asked("POST", f"{API}/me", {"a": 1}),
        asked("POST", AJAX, "action=delete-post&id=1"),
        asked("POST", AJAX, "action=save-widget&id=1"),
        asked("POST", f"{API}/settings/save", "a=1"),
        asked("PUT", f"{API}/me", "a=1"),
        asked("OPTIONS", f"{API}/me"),
        asked("GET", f"{API}/graphql/9zwVLJ48lmVUk8u_Gh9DmA/DeleteAccountSettings?variables=%7B%7D"),
        asked("GET", "https://www.example.org/delete/me"),
        asked("POST", "https://other.example.net/api", "a=1"),
    ],
)
def test_nothing_is_offered_for_what_no_rule_may_let_through(request_: Request) -> None:
    """It is listed all the same, so that a person sees what the page lacks."""
    reads = gathered(request_)
    assert [len(found) for found in reads.by_page.values()] == [1]
    assert not reads.rules


DENIES = {**SITE, "guard": {"get_deny": {"segments": ["delete*"], "query": ["action=*"]}}}


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("https://www.example.org/delete/me", 'telemetry = ["/delete/me"]'),
        ("https://www.example.org/delete/12345678", 'telemetry = ["/delete/*"]'),
        (
            "https://www.example.org/ajax.php?n=1&action=speed-test&_nonce=a1b2",
            'telemetry_query = ["action=speed-test"]',
        ),
        ("https://www.example.org/ajax.php?action=0123456789012345678901234", 'telemetry = ["/ajax.php"]'),
    ],
)
def test_a_chore_can_be_left_out_of_account(address: str, line: str) -> None:
    """A GET that writes by its look stays refused; the narrowest rule that calls it a chore is offered, no secret in it."""
    request = asked("GET", address)
    reads = gathered(request, tables=DENIES)
    assert (dict(reads.rules), dict(reads.left_out)) == ({}, {"guard": (line,)})
    guard = {**DENIES["guard"], **tomllib.loads(line)}
    assert decide(GuardPolicy.parse({**DENIES, "guard": guard}), Phase.CHECK, request) == Refuse("telemetry")


@pytest.mark.parametrize("write", ["action=delete-post&id=1", "action=delete-comment&id=1", "action=heartbeat&id=1",
                                   "action=heartbeat&action=delete-post", "action[]=delete-post", "ACTION=delete-post"])  # fmt: skip
def test_a_rule_for_one_action_frees_no_other(write: str) -> None:
    """What an endpoint of mixed use is asked for stands in the rule; the writes beside it stay, and so does any field more."""
    (table,) = gathered(asked("POST", AJAX, "action=heartbeat")).rules.values()
    policy = GuardPolicy.parse({**SITE, "guard": {**SITE["guard"], **tomllib.loads(table[0])}})
    assert isinstance(decide(policy, Phase.CHECK, asked("POST", AJAX, "action=heartbeat")), Allow)
    assert isinstance(decide(policy, Phase.CHECK, asked("POST", AJAX, write)), Refuse)


def test_a_bare_path_frees_no_action() -> None:
    """A rule as it was offered before, for a whole path, lets nothing through there that names an action."""
    policy = GuardPolicy.parse({**SITE, "guard": {"read_paths": ["/wp-admin/admin-ajax.php"]}})
    assert isinstance(decide(policy, Phase.CHECK, asked("POST", AJAX, "a=1")), Allow)
    for write in ("action=delete-post&id=1", "op=delete", "a=1&do=delete", "action[]=x", "cmd=rm"):
        assert decide(policy, Phase.CHECK, asked("POST", AJAX, write)) == Refuse("write")


def test_no_other_request_is_left_out_of_account() -> None:
    """What may have been a read is told with the rule that lets it through, and with none that hides it."""
    assert not gathered(asked("POST", f"{API}/me", "a=1")).left_out


@pytest.mark.parametrize(
    "request_",
    [
        asked("POST", f"{API}/graphql", "fb_api_req_friendly_name=FooMutation"),
        asked("POST", f"{API}/graphql", "fb_api_req_friendly_name=FooSubscription"),
        asked("POST", f"{API}/other", {"operationName": "saveMutation"}),
        asked("POST", f"{API}/beacon", "a=1", resource="Ping"),
        asked("GET", "https://ads.example.net/1.gif", resource="Image"),
        asked("GET", "http://www.example.org/"),
    ],
)
def test_what_is_no_read_is_not_listed(request_: Request) -> None:
    """Writes, pictures and pings are not what a page lacks."""
    assert not gathered(request_, tables=META).by_page


def test_each_page_has_its_own_list() -> None:
    """By the page that a request says it comes from, else the one that was opened; queries are left out."""
    from_other = {**FORM, "referer": "https://www.example.org/other?x=1"}
    reads = gathered(
        asked("POST", f"{API}/me", "a=1"),
        asked("POST", f"{API}/me?x=1", "a=2"),
        asked("POST", f"{API}/you", "a=1", headers=from_other),
    )
    assert {page: sum(found.values()) for page, found in reads.by_page.items()} == {
        "https://www.example.org/settings": 2,
        "https://www.example.org/other": 1,
    }
    assert reads.rules == {"guard": ('read_paths = ["/api/me?a=*", "/api/you?a=*"]',)}


def test_they_are_told_in_words_even_where_the_recording_fails() -> None:
    """The list says name, address, reason and the rules, and comes however the recording ends."""
    reads = gathered(
        asked("POST", f"{API}/graphql", {"operationName": "Settings", "query": "query Settings { a }"}),
        asked("PUT", f"{API}/me", "a=1"),
    )
    said: list[str] = []

    async def fails() -> None:
        async with telling_refused(reads, language("en"), said.append):
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(fails())
    assert said == [
        "Refused to https://www.example.org/settings, and perhaps a read that it needs:",
        "  POST www.example.org/api/graphql Settings (operationName, query): could change something",
        "  PUT www.example.org/api/me (a): could change something; no rule lets it through",
        "To be added to the service’s site.toml, if you know that these change nothing:",
        "  [guard.operations]",
        '  also_read = ["Settings"]',
        '  name_fields = ["operationName"]',
        '  paths = ["/api/graphql"]',
    ]


def test_the_lines_name_the_file_that_they_belong_in() -> None:
    """Where the service's file is known it is named; only with a line for each refusal they may be enough."""
    offered = asked("POST", f"{API}/graphql", {"operationName": "Settings", "query": "query Settings { a }"})
    said: list[str] = []
    reads = gathered(offered)
    tell_refused(reads, language("en"), said.append, Path("flows-of-ours/acme/site.toml"))
    assert "To be added to flows-of-ours/acme/site.toml, if you know that these change nothing:" in said
    assert reads.have_lines
    assert not gathered(offered, asked("PUT", f"{API}/me", "a=1")).have_lines
    assert not gathered().have_lines
