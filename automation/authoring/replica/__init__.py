"""
A local stand-in for a service, served over TLS at the service's real host names.

The engine knows no service: hosts, addresses, words, scenarios and what counts as a write are data of
the flows.

::

    async with Replica([load_site("acme")]) as replica:
        ...                                   # a browser that maps replica.replica_map and pins replica.spki
    assert replica.writes == []
"""

from __future__ import annotations

from automation.authoring.replica.actors import Actor, Expectation, Scenario
from automation.authoring.replica.loading import cast, load_site
from automation.authoring.replica.server import Replica
from automation.authoring.replica.site import ReplicaSite, Write, WriteKind

__all__ = [
    "Actor",
    "Expectation",
    "Replica",
    "ReplicaSite",
    "Scenario",
    "Write",
    "WriteKind",
    "cast",
    "load_site",
]
