"""What the tests of the mailbox share: one Dovecot for all of them, and the words of a real flow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import flows
from automation.messaging.reading import Correspondent
from automation.text.labels import Labels
from tests.messaging import dovecot
from tests.messaging.mail import service


@pytest.fixture(scope="session")
def labels() -> Labels:
    """The words that the flow of Facebook uses."""
    return flows.load()["facebook.ai_objection"].labels


@pytest.fixture(scope="session")
def facebook(labels: Labels) -> Correspondent:
    """Facebook as a correspondent."""
    return service(labels)


@pytest.fixture(scope="session")
def server() -> Iterator[dovecot.Dovecot]:
    """A real Dovecot; the tests that need it are skipped where it is not installed."""
    if dovecot.program() is None:
        pytest.skip("Dovecot 2.4 or newer is not installed; `make services` gets it on Debian 13")
    with dovecot.running() as started:
        yield started
