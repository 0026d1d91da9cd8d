"""Which requests without an answer may have brought what a page shows, by what they say of themselves."""

from __future__ import annotations

from typing import cast

import pytest
from playwright.async_api import Request

from automation.browser.failed_requests import FailedRequests


class Refused:
    """A request of a page that the guard refused."""

    method, resource_type, failure = "POST", "fetch", "net::ERR_BLOCKED_BY_CLIENT"

    def __init__(self, path: str, body: str) -> None:
        self.url, self.post_data = f"https://www.example.org{path}", body


def refused(path: str, body: str = "{}") -> bool:
    """Whether a page that was refused this may show something else than what is stored."""
    missed = FailedRequests()
    missed.failed(cast("Request", Refused(path, body)))
    return bool(missed)


@pytest.mark.parametrize(
    "path",
    [
        "/api/42/envelope/",
        "/v1/traces",
        "/otlp/v1/metrics",
        "/sentry-tunnel",
        "/web-vitals",
        "/api/adImpressions",
        "/ingest/e",
        "/ingest/e/",
        "/ingest/i/v0/e/",
        "/app/ingest/s/",
    ],
)
def test_a_report_brings_a_page_nothing(path: str) -> None:
    """Error reports, traces and impressions are sent and not read; a page without them shows what is stored."""
    assert not refused(path)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/settings/traces", "{}"),
        ("/graphql", '{"operationName": "privacyPage"}'),
        ("/rest/user/sync", "{}"),
        ("/ingest/flags/", "{}"),
        ("/ingest/entries", "{}"),
    ],
)
def test_what_may_be_a_question_is_missed(path: str, body: str) -> None:
    """An address that speaks of settings, or that says nothing, may have brought the switch's position."""
    assert refused(path, body)


def test_what_names_itself_a_write_is_not_missed() -> None:
    """A page that was kept from writing shows what is stored all the same."""
    assert not refused("/api/banner/dismiss")
    assert not refused("/graphql", '{"query": "mutation Seen { seen }"}')
