"""What the replica counts as a write."""

from __future__ import annotations

import pytest

from automation.authoring.replica import load_site
from automation.authoring.replica.site import Network, Rule, WriteKind

NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize("service", ["facebook", "instagram"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_is_on_no_list_is_a_write(service: str, method: str) -> None:
    """A method other than GET and HEAD counts as a write unless the replica's own list says that it reads."""
    network = load_site(service).network
    assert network.kind(method, "/somewhere/new/", NOTHING, "", signed_in=True) is WriteKind.WRITE


@pytest.mark.parametrize(
    ("path", "operation", "kind"),
    [
        ("/api/graphql/", "CometSupportFormQuery", WriteKind.READ),
        ("/api/graphql", "CometIXSupportInboxHomeScreenQuery", WriteKind.READ),
        ("/ajax/bulk-route-definitions/", "", WriteKind.READ),
        ("/api/graphql/", "useCometSupportFormSubmitMutation", WriteKind.WRITE),
        ("/api/graphql/", "PublicEventCometRSVPMutationQuery", WriteKind.WRITE),
        ("/api/graphql/", "", WriteKind.WRITE),
        ("/ajax/bz", "", WriteKind.WRITE),
        ("/ajax/help/contact/submit/page", "", WriteKind.WRITE),
    ],
)
def test_reads_sent_as_post(path: str, operation: str, kind: WriteKind) -> None:
    """Named reads do not count; mutations, telemetry and calls without a name do."""
    network = load_site("facebook").network
    assert network.kind("POST", path, NOTHING, operation, signed_in=True) is kind


@pytest.mark.parametrize(
    ("service", "path", "query", "kind"),
    [
        ("facebook", "/support/", NOTHING, WriteKind.PAGE),
        ("facebook", "/logout.php", NOTHING, WriteKind.WRITE),
        ("facebook", "/support/", frozenset({"action"}), WriteKind.WRITE),
        ("facebook", "/ajax/nux/12/seen/", NOTHING, WriteKind.WRITE),
        ("instagram", "/accounts/logout/", NOTHING, WriteKind.WRITE),
        ("instagram", "/api/v1/web/restrict_action/restrict/", NOTHING, WriteKind.WRITE),
        ("instagram", "/accounts/edit/", NOTHING, WriteKind.PAGE),
    ],
)
def test_a_get_that_changes_something_is_a_write(
    service: str, path: str, query: frozenset[str], kind: WriteKind
) -> None:
    """Signing out, `?action=` links and the like count although they are sent as GET."""
    assert load_site(service).network.kind("GET", path, query, "", signed_in=True) is kind


def test_signing_in_is_counted_apart_only_before_there_is_a_session() -> None:
    """The same request is signing in without a session and a write with one."""
    network = Network(sign_in=(Rule("/login"),))
    assert network.kind("POST", "/login/", NOTHING, "", signed_in=False) is WriteKind.SIGN_IN
    assert network.kind("POST", "/login/", NOTHING, "", signed_in=True) is WriteKind.WRITE
