"""`temoin worker`: visit a fleet's accounts, one job after the other, until told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Config

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.fleet.visiting import Visit
    from automation.fleet.worker import Worker


def worker(
    config: Config = None,
    upkeep_only: Annotated[
        bool, typer.Option("--upkeep-only", help="Hand out jobs and find lost ones; visit nobody.")
    ] = False,
    visits_only: Annotated[
        bool,
        typer.Option(
            "--visits-only", help="Only visit; leave handing out jobs and finding lost ones to other workers."
        ),
    ] = False,
) -> None:
    """Work for a fleet until SIGTERM: visits that were begun are finished then."""
    from automation.cli.shared.common import load_settings, run_async
    from automation.core.errors import ConfigurationError

    if upkeep_only and visits_only:
        raise ConfigurationError("--upkeep-only and --visits-only leave nothing to do", "Give at most one of them.")
    settings = load_settings(config, for_signing_in=False)
    run_async(_worker(settings, visits=not upkeep_only, upkeep=not visits_only).run())


def _worker(settings: Settings, *, visits: bool, upkeep: bool) -> Worker:
    from automation.cli.fleet.parts import place_of, store_of

    place = place_of(settings)

    from functools import partial

    from automation.cli.shared.sealing import sealer_of
    from automation.fleet.worker import Visits, Worker

    if not visits:
        return Worker(place, None)
    store, root = store_of(settings), settings.output.absolute()
    sealer = sealer_of(settings, root)
    finish = partial(sealer.ledger.finish, sealer.keys)
    looks = Visits(visit_of(settings), store, root, settings.fleet.pool, settings.browser.concurrency, finish)
    return Worker(place, looks, upkeep)


def visit_of(settings: Settings) -> Visit:
    """
    What looks at one account of this configuration, the same way as `temoin check`, with nobody at a window.

    Raises:
        ConfigurationError: a flow is unknown, or a key cannot be used.
    """
    import asyncio
    from dataclasses import replace
    from datetime import UTC, datetime
    from functools import partial

    from automation.cli.shared.cases import follow_check
    from automation.cli.shared.common import words, write_results
    from automation.cli.shared.history import answers_in_force
    from automation.cli.shared.plans import plan_of
    from automation.core.accounts import SignInMethod
    from automation.core.results import RunDocument
    from automation.fleet.visiting import NotKnownHere
    from automation.storage.cases import CaseBook
    from automation.visit import runner

    root = settings.output.absolute()
    plan = plan_of(settings, settings.browser, output=root)
    known, said = {account.name: account for account in settings.accounts}, words(None, settings)

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
        await asyncio.to_thread(follow_check, document, root, said)
        return document

    return visit
