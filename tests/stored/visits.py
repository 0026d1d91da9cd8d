"""Which visits are stored, and how one is played."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import flows as shipped
from automation.authoring.replica import Actor, cast, load_site
from automation.authoring.replica.trial import CONFIRMED
from automation.browser.capture import NoFiles
from automation.core.errors import CheckError
from automation.core.observations import Observation
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.page.source import PageSource
from automation.visit.conclusion import judge
from automation.visit.objection import read
from automation.visit.reader import Reader, Sight, SignedInAccount, VisitLog
from tests.stored import tape
from tests.stored.sources import NotRecorded, Playing
from tests.stored.tape import Tape

DATA = Path(__file__).parent / "data"
_ON_ALL = ("protects", "trains", "bad", "renamed", "strange", "disagrees", "gone", "unlisted")


@dataclass(frozen=True)
class Told:
    """What was made of one visit."""

    verdict: Verdict
    reason: Reason | None
    missing: tuple[str, ...] = ()
    observation: Observation | None = None
    """None where the visit ended before its setting was read."""

    def how(self, name: str) -> str:
        """How a signal was seen, and its quote; empty where it was not."""
        signals = self.observation.signals if self.observation else ()
        return next((f"{signal.how}: {signal.quote}" for signal in signals if signal.name == name), "")


def label(actor: Actor, confirmed: str | None = CONFIRMED) -> str:
    """Flow, scenario, language, and whether somebody confirmed the session."""
    return f"{actor.flow}-{actor.scenario}-{actor.locale}{'' if confirmed else '-unconfirmed'}"


def everything() -> bool:
    """Whether all is wanted, and not only what differs; it takes hours."""
    return bool(os.environ.get("TEMOIN_TEST_EVERYTHING"))


@cache
def answered() -> list[Actor]:
    """
    Of the services with a form and an inbox: every scenario once, and the demo's in all languages that it shows.

    Services that share their scenarios share the reader too: the second one plays what is its own, the demo's,
    and every twelfth of the rest.
    """
    if everything():
        return [actor for service in shipped.ANSWERED for actor in cast(service)]
    found: dict[str, Actor] = {}
    played: set[str] = set()
    for service in shipped.ANSWERED:
        seen: set[str] = set()
        shown = {actor.scenario for actor in cast(service) if actor.demo}
        for actor in cast(service):
            again = actor.scenario in played and len(seen) % 12
            if actor.demo or (actor.scenario not in seen | shown and not again):
                found[label(actor)] = actor
            seen.add(actor.scenario)
        played |= seen
    return list(found.values())


def signed_in() -> list[Actor]:
    """Those of them whom signing in does not stop: what is read of their pages can be stored."""
    return [a for a in answered() if "after_password" not in a.world and a.world.get("two_step") != "phone"]


@cache
def declared() -> list[Actor]:
    """
    Of the services with a switch: both states, and what every setting has to bear; every second one of the rest.

    The reader is one for all, so that each way to mislead is played on half of the settings.
    """
    filled = [a for service in shipped.DECLARED for a in load_site(service).cast if a.world["served"] != "only"]
    ways = sorted({actor.scenario.rpartition("_")[2] for actor in filled} - set(_ON_ALL))
    flows = sorted({actor.flow for actor in filled})

    def plays(actor: Actor) -> bool:
        way = actor.scenario.rpartition("_")[2]
        return everything() or way in _ON_ALL or (flows.index(actor.flow) + ways.index(way)) % 2 == 0

    return [actor for actor in filled if plays(actor)]


@cache
def unconfirmed() -> list[Actor]:
    """Those of the declared ones that are read once more in a session that nobody confirmed."""
    return [one for one in declared() if one.scenario in {"protects", "trains"} and one.locale == "en"]


def of_service(service: str) -> list[tuple[Actor, str | None]]:
    """The visits of a service that are stored: actor, and date on which its session was confirmed."""
    confirmed: list[tuple[Actor, str | None]] = [(actor, CONFIRMED) for actor in (*signed_in(), *declared())]
    return [one for one in (*confirmed, *((actor, None) for actor in unconfirmed())) if one[0].service == service]


def account_of(actor: Actor, confirmed: str | None = CONFIRMED) -> SignedInAccount:
    """The account of an actor, as a check knows it."""
    if actor.service in shipped.ANSWERED:
        return SignedInAccount(actor.identity, login=actor.username)
    objects = _pages(actor.service)[actor.flow].given(actor.world.get("objects", ()))
    return SignedInAccount(actor.identity, confirmed, objects)


@cache
def _pages(service: str) -> dict[str, Any]:
    """The tables of a service's settings, by flow."""
    pages: dict[str, Any] = load_site(service).options["pages"]
    return pages


def reader_of(sources: list[PageSource], flow: Flow, account: SignedInAccount) -> Reader:
    """A check's own reader on the first source; each further tab that it opens takes the next one."""
    log = VisitLog.of(flow, account)
    waiting = iter(sources)

    def tab() -> Reader:
        source = next(waiting, None)
        if source is None:
            raise NotRecorded("one more tab is opened; record anew: make snapshots")
        return Reader(Sight(source, NoFiles()), flow, account, log, open_tab)

    async def open_tab() -> Reader:
        return tab()

    log.in_front = reader = tab()
    return reader


async def tell(reader: Reader, flow: Flow) -> Told:
    """Read one setting and judge it, as a check does."""
    try:
        observation = await read(reader, flow, "subject")
    except CheckError as error:
        return Told(error.reason.verdict, error.reason)
    answer = judge(observation, flow.states)
    return Told(answer.verdict, answer.reason, answer.missing, observation)


def made_of(service: str) -> str:
    """A digest of what a service's stored pages depend on: its stand-in, and what takes a page's view."""
    engine = tape.ROOT / "automation"
    shared = tape.ROOT / "flows" / ("meta_replica" if service in shipped.ANSWERED else "declared_replica")
    own = [shared, *sorted((tape.ROOT / "flows" / service).rglob("replica"))]
    return tape.digest_of([engine / "authoring" / "replica", engine / "browser" / "snapshot.py", *own])


@cache
def stored(service: str) -> tuple[str, dict[str, Tape]]:
    """The digest of what a service's pages were made of, and its visits by name."""
    return tape.read(DATA / f"{service}.xz")


async def play(actor: Actor, flow: Flow, confirmed: str | None = CONFIRMED) -> Told:
    """Play a stored visit."""
    _, visits = stored(actor.service)
    name = label(actor, confirmed)
    if name not in visits:
        raise NotRecorded(f"{name} is not stored; record anew: make snapshots")
    sources: list[PageSource] = [Playing(name, moves) for moves in visits[name].tabs]
    return await tell(reader_of(sources, flow, account_of(actor, confirmed)), flow)
