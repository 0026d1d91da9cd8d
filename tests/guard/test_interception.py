"""What a DevTools event says is read as the request that will leave."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from automation.guard.interception import request_of
from tests.guard.fakes import paused


def part(content: bytes) -> dict[str, str]:
    """One piece of a body, as DevTools gives it."""
    return {"bytes": base64.b64encode(content).decode()}


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ({}, None),
        ({"hasPostData": True, "postDataEntries": [part(b"a=1")]}, b"a=1"),
        ({"hasPostData": True, "postDataEntries": [part(b"a="), part(b"\xff\x00")]}, b"a=\xff\x00"),
        ({"hasPostData": True, "postDataEntries": [part(b"a=1"), {}]}, b""),
        ({"hasPostData": True}, b""),
        ({"hasPostData": True, "postData": "a=1"}, b""),
    ],
    ids=["none", "one piece", "bytes", "a file among it", "a stream", "a rendering alone"],
)
def test_a_body_is_seen_whole_or_not_at_all(request_: dict[str, Any], body: bytes | None) -> None:
    """A body of which a part cannot be seen counts as one that cannot be seen, never as the part."""
    event = paused("POST")
    event["request"].update(request_)
    assert request_of(event).body == body


@pytest.mark.parametrize(
    ("url", "scheme", "host", "path", "query"),
    [
        ("https://Site.test/a%2Fb?q=1&r", "https", "site.test", "/a%2Fb", "q=1&r"),
        ("https://site.test", "https", "site.test", "/", ""),
        ("https://site.test:8443/", "https", "site.test:8443", "/", ""),
        ("https://user:word@site.test:443/", "https", "site.test", "/", ""),
        ("http://site.test/", "http", "site.test", "/", ""),
        ("http://site.test:443/", "http", "site.test:443", "/", ""),
        ("blob:https://site.test/1", "blob", "", "https://site.test/1", ""),
    ],
)
def test_an_address_is_taken_apart(url: str, scheme: str, host: str, path: str, query: str) -> None:
    """Host in lower case, with its port only where it is not the scheme's own; path and query stay encoded."""
    request = request_of(paused(url=url))
    assert (request.scheme, request.host, request.path, request.query) == (scheme, host, path, query)


def test_cookies_are_left_out() -> None:
    """The guard decides without cookies and cannot record what it does not hold."""
    event = paused()
    event["request"]["headers"]["X-FB-Friendly-Name"] = "AQuery"
    assert request_of(event).headers == {"x-fb-friendly-name": "AQuery"}


def test_documents_are_navigations() -> None:
    """Pages and frames are navigations, whatever opened them."""
    assert request_of(paused(kind="Document")).navigation
    assert not request_of(paused(kind="XHR")).navigation
