"""A fleet: its database and store, handing accounts over, a worker, and where it all stands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from automation.app.cases import follow_check
from automation.app.check import answers_in_force, plan_of, write_results
from automation.app.setup import flows_for, sealer_of
from automation.config import Settings
from automation.config.installation import ways_to_add
from automation.core.accounts import SignInMethod
from automation.core.errors import ConfigurationError
from automation.core.results import RunDocument
from automation.storage.books import CaseBook
from automation.text.language import Language
from automation.visit import runner

try:
    from automation.fleet.enrolling import Enrolled, Enrolment, enroll, retire
    from automation.fleet.status import FleetStatus, status
    from automation.fleet.store import Store
    from automation.fleet.visiting import NotKnownHere, Visit
    from automation.fleet.worker import Visits, Worker
    from automation.storage.postgres import (
        DatabaseAddress,
        PostgresHistory,
        connect,
        explaining_errors,
        migrate,
        require_current,
    )
except ImportError:  # an extra, which `place_of` asks for
    _INSTALLED = False
else:
    _INSTALLED = True
INCOMPLETE, FAULT = 3, 4


def place_of(settings: Settings) -> DatabaseAddress:
    """The fleet's database. Raises ConfigurationError: none is configured, or what speaks to it is not installed."""
    if settings.fleet.database is None:
        raise ConfigurationError(
            "no database of a fleet is configured",
            "Set TEMOIN_FLEET__DATABASE=postgresql://user:password@host:5432/name in the environment or in .env.",
        )
    if not _INSTALLED:
        raise ConfigurationError(
            "a fleet needs packages that are not installed", f"Install them: {ways_to_add('fleet')[0]}"
        )
    return DatabaseAddress(settings.fleet.database.get_secret_value())


def store_of(settings: Settings) -> Store:
    """Where the fleet's evidence goes. Raises ConfigurationError: none is configured, or it cannot be used."""
    if settings.fleet.store is None:
        raise ConfigurationError(
            "no store for the fleet's evidence is configured",
            'Set store = "s3://bucket/prefix", or a folder that all workers share, in [fleet].',
        )
    return Store(settings.fleet.store)


@contextmanager
def _database(settings: Settings) -> Iterator[Any]:
    """A connection to the fleet's database, whose tables are those of this version."""
    place = place_of(settings)
    with connect(place) as connection, explaining_errors(place):
        require_current(connection, place)
        yield connection


def history_of(settings: Settings) -> PostgresHistory:
    """The history that a fleet's workers share."""
    place = place_of(settings)
    return PostgresHistory(place)


def status_of(settings: Settings) -> FleetStatus:
    """Who works, what is due, what was lost, and where a person is needed."""
    with _database(settings) as connection:
        return status(connection)


def exit_code(found: FleetStatus) -> int:
    """A breach before all else; then whatever somebody has to look at."""
    if any(one.waits_for == "guard_blocked" for one in found.waiting):
        return FAULT
    nobody = any(service.accounts for service in found.services) and not any(
        worker.pool is not None and not worker.silent for worker in found.workers
    )
    return INCOMPLETE if found.waiting or found.lost or nobody else 0


def migrated(settings: Settings) -> tuple[DatabaseAddress, Sequence[Any]]:
    """Make the fleet's tables, or bring them up to this version: where, and what was applied."""
    place = place_of(settings)
    return place, migrate(place)


def retired(settings: Settings, accounts: Sequence[str]) -> Sequence[str]:
    """
    Take accounts out of the fleet; their past and their evidence stay.

    Raises ConfigurationError: the fleet does not have one of them.
    """
    with _database(settings) as connection:
        gone = retire(connection, accounts)
    if missing := [name for name in accounts if name not in gone]:
        raise ConfigurationError(f"the fleet has no account {', '.join(missing)}", "See `temoin fleet status --json`.")
    return gone


def enrolled(settings: Settings, *, at_once: bool) -> Enrolled:
    """
    Hand the accounts of a configuration over, or bring them up to date.

    Raises ConfigurationError: there is none, or a flow is unknown.
    """
    if not settings.accounts:
        raise ConfigurationError(
            "there is no account to hand over", "Add one with `temoin account add` or `temoin ui`."
        )
    flows_for(settings)
    place_of(settings)
    fleet = settings.fleet
    enrolment = Enrolment(timedelta(hours=fleet.every_hours), fleet.pool, at_once, fleet.passwords)
    budgets = {account.service: fleet.per_hour(account.service) for account in settings.accounts}
    with _database(settings) as connection:
        return enroll(connection, settings.accounts, enrolment, budgets)


def worker_of(settings: Settings, words: Language, *, visits: bool, upkeep: bool) -> Worker:
    """A worker of this machine: one that visits, one that hands out jobs and finds lost ones, or both."""
    place = place_of(settings)
    if not visits:
        return Worker(place, None)
    store, root = store_of(settings), settings.output.absolute()
    sealer = sealer_of(settings, root)
    finish = partial(sealer.ledger.finish, sealer.keys)
    looks = Visits(visit_of(settings, words), store, root, settings.fleet.pool, settings.browser.concurrency, finish)
    return Worker(place, looks, upkeep)


def visit_of(settings: Settings, words: Language) -> Visit:
    """
    What looks at one account of this configuration, the same way as `temoin check`, with nobody at a window.

    Raises ConfigurationError: a flow is unknown, or a key cannot be used.
    """
    root = settings.output.absolute()
    plan = plan_of(settings, words, output=root)
    known = {account.name: account for account in settings.accounts}

    async def visit(name: str, run: str) -> RunDocument:
        account = known.get(name)
        if account is None:
            raise NotKnownHere(f"{settings.config or 'temoin.toml'} on this worker has no account of this name")
        if account.sign_in is SignInMethod.PASSWORD and not settings.fleet.passwords:
            raise NotKnownHere("this worker signs nobody in by password")
        today = datetime.now(UTC).date()
        answers = await asyncio.to_thread(partial(answers_in_force, settings, root, today))
        cases = await asyncio.to_thread(CaseBook(root).cases)
        document = await runner.run(replace(plan, accounts=[account], answers=answers, cases=cases, run_id=run))
        await asyncio.to_thread(write_results, document)
        await asyncio.to_thread(follow_check, document, root, words)
        return document

    return visit
