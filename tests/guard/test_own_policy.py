"""What a developer's own pages may be asked for."""

from __future__ import annotations

from typing import Any

import pytest

from automation.core.errors import FlowError
from automation.guard import Allow, GuardPolicy, Phase, decide
from automation.guard.own_policy import OwnPolicy
from tests.guard.builders import FORM, JSON, a_request

OURS: dict[str, Any] = {
    "hosts": ["localhost", "127.0.0.1:8000", "[::1]", "www.example.org"],
    "posts": ["/search"],
    "writes": ["/leave"],
}
READ, STAYS = "get_http", "not_https"


@pytest.mark.parametrize(
    ("method", "url", "said"),
    [
        ("GET", "http://localhost/", READ),
        ("GET", "http://localhost:8000/", READ),
        ("GET", "https://localhost:8443/", "get"),
        ("GET", "http://127.0.0.1:8000/", READ),
        ("GET", "http://127.0.0.1:8001/", STAYS),
        ("GET", "http://[::1]:3000/", READ),
        ("GET", "http://localhost.example.org/", STAYS),
        ("GET", "http://www.example.org/", STAYS),
        ("GET", "https://www.example.org/", "get"),
        ("GET", "ws://localhost:8000/", "socket"),
        ("POST", "http://localhost:8000/search", "post_by_name_http"),
        ("POST", "http://localhost:8000/search?_method=delete", "method_override"),
        ("POST", "http://localhost:8000/search/../save", "odd_path"),
        ("POST", "http://localhost:8000/save", "write"),
        ("PUT", "http://localhost:8000/search", "write"),
        ("GET", "http://localhost:8000/leave", "get_that_writes"),
        ("GET", "http://localhost:8000/logout", "get_that_writes"),
    ],
)
@pytest.mark.parametrize("headers", [FORM, JSON], ids=["form", "json"])
def test_this_machine_is_read_by_http_where_it_is_named(
    method: str, url: str, said: str, headers: dict[str, str]
) -> None:
    """Named hosts of this machine by http, at the ports named; all else as anywhere."""
    body = None if method == "GET" else "a=1"
    decision = decide(OwnPolicy.of(OURS, "ours"), Phase.CHECK, a_request(method, url, body, headers=headers))
    assert (decision.rule if isinstance(decision, Allow) else decision.reason) == said


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "[::1]"])
def test_a_service_cannot_name_this_machine(host: str) -> None:
    """A flow from a stranger reads no pages of this machine."""
    with pytest.raises(FlowError, match="a host is written like"):
        GuardPolicy.parse({"hosts": [host], "guard": {}})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "no table"),
        ({}, "hosts"),
        ({"host": ["localhost"]}, "no key 'host'"),
        ({"hosts": ["http://localhost"]}, "hosts.0: a host is written like"),
        ({"hosts": ["localhost"], "posts": ["*"]}, "posts.0"),
        ({"hosts": ["localhost"], "guard": {"reads": []}}, "guard.reads"),
    ],
)
def test_a_fault_is_told_in_two_lines_under_its_own_name(written: Any, said: str) -> None:
    """The message names the fixture and the key, and no file that the developer does not have."""
    with pytest.raises(FlowError) as caught:
        OwnPolicy.of(written, "read_only_policy")
    assert said in str(caught.value)
    assert str(caught.value).startswith("read_only_policy: ")
    assert "site.toml" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2
