"""What the tests of signing in share: the stand-ins, a browser under guard, and what an account signs in with."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Browser, async_playwright
from pydantic import SecretStr

from automation.authoring.replica import Actor, Replica, ReplicaSite, load_site
from automation.browser.pool import launched
from automation.config import AccountSecrets
from automation.core.records import Artifact
from automation.core.settings import BrowserSettings
from automation.flow import Flow
from automation.guard import Guard, GuardPolicy

SITES = {service: load_site(service) for service in ("facebook", "instagram")}
TIMEOUT_S = 30.0


@dataclass
class Pictures:
    """A sink that keeps what it is given."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Keep one file."""
        self.kept[path] = data
        return Artifact(path, kind, media_type, hashlib.sha256(data).hexdigest(), len(data), datetime.now(UTC))


@dataclass(frozen=True)
class Stands:
    """A stand-in of one service, and a browser under the flow's guard that sees no other host."""

    replica: Replica
    guard: Guard
    browser: Browser
    flow: Flow


@asynccontextmanager
async def guarded(site: ReplicaSite, flow: Flow) -> AsyncIterator[Stands]:
    """Start both, and stop both."""
    async with Replica([site]) as replica, async_playwright() as playwright:
        settings = BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,))
        guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=replica.replica_map)
        async with launched(playwright, settings, guard) as (browser, _environment):
            yield Stands(replica, guard, browser, flow)


def actor_of(service: str, scenario: str, locale: str = "en-GB") -> Actor:
    """The account of a scenario."""
    return next(a for a in SITES[service].cast if (a.scenario, a.locale) == (scenario, locale))


def credentials_of(actor: Actor, totp_secret: str | None = None) -> AccountSecrets:
    """What an account signs in with."""
    return AccountSecrets(
        SecretStr(actor.username), SecretStr(actor.password), SecretStr(totp_secret) if totp_secret else None
    )


def cookies_of(state: Mapping[str, Any]) -> dict[str, str]:
    """Cookies of a storage state."""
    return {cookie["name"]: cookie["value"] for cookie in state["cookies"]}
