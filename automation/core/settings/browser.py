"""How the browser is to be started: plain data from the settings, read where the browser is launched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from automation.core.settings.proxy import OutgoingProxy


@dataclass(frozen=True, slots=True)
class BrowserSettings:
    """The `[browser]` table of `temoin.toml`; every key also as `TEMOIN_BROWSER__…`."""

    path: Path | None = None
    """A browser's executable; found by itself where None."""
    channel: str | None = None
    """A branded browser that Playwright knows by name, such as `chrome` or `msedge`."""
    headless: bool = True
    headless_by_hand: bool = False
    """Whether somebody set `headless`; else a session that was made in a window is used in one."""
    replica_map: Mapping[str, str] = field(default_factory=dict)
    """Host pattern (`*` allowed) → `address:port` of a stand-in; every other host is then unresolvable."""
    replica_spki: tuple[str, ...] = ()
    """Base64 SHA-256 digests of the public keys that the stand-ins may show."""
    proxy: OutgoingProxy | None = None
    """Through which the services are reached; no key here, but what `HTTPS_PROXY` and `NO_PROXY` say."""
    slow_mo_ms: float = 0.0
    """How long to pause after each step of the browser, so that somebody at the window can follow."""
    timeout_s: float = 15.0
    """How long to wait for one page or landmark."""
    one_tab: bool = False
    """Open each page only once the one before it was read, as a person does; a check with a form takes longer."""
    concurrency: int = 4
    """How many accounts are looked at side by side, each in a browser of its own."""
    per_service: int = 2
    """How many of them may be accounts of one service. Not kept on stand-ins."""
    gap_s: float = 2.0
    """Least time between the beginnings of two visits to one service. Not kept on stand-ins."""

    @property
    def pace(self) -> tuple[int, float]:
        """How many visits to one service go on at the same time, and the least time between two beginnings."""
        return (self.concurrency, 0.0) if self.replica_map else (self.per_service, self.gap_s)
