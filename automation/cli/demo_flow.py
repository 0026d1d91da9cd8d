"""`temoin flows demo`: one flow's stand-in through the whole check, with evidence and report, as `temoin demo` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.common import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.accounts import Account
    from automation.browser_settings import BrowserSettings
    from automation.flow import Flow
    from automation.replica import Actor, Replica, ReplicaSite
    from automation.results import RunDocument

_OUTPUT = Path("temoin-evidence") / "demo"
_IDENTITY_KEY = b"the demo's accounts are made up"


def demo_flow(
    name: Annotated[str, typer.Argument(help="A flow with one control, such as linkedin.ai_training.")],
    paths: Annotated[
        list[Path] | None, typer.Option("--flow-path", help="Further folders with flows of your own.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder for the evidence and the report.")] = _OUTPUT,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """Check what a flow's stand-in serves, recorded pages among it, and keep the evidence."""
    from automation.cli.check import finish
    from automation.cli.common import language, load_environment, run_async, write_results
    from automation.errors import ConfigurationError
    from automation.flow import ControlTable
    from automation.replica import load_site
    from automation.results import ExitCode

    flow = _known(name, paths)
    if not isinstance(flow.rule, ControlTable):
        raise ConfigurationError(f"{name} is a form that is answered in an inbox", "`temoin demo` plays it.")
    settings = load_environment()
    words = language(lang, settings)
    site = load_site(flow.site.id, flow.folder.parent.parent)
    actors = [actor for actor in site.cast if actor.flow == name and actor.world.get("served") == "too"]
    document, writes = run_async(_played(flow, site, actors, output, settings.browser))
    write_results(document)
    wrong = [
        result.account
        for result, actor in zip(document.results, actors, strict=True)
        if not actor.expected.allows(result.verdict.value, result.reason.value if result.reason else None)
    ]
    said = "Écritures reçues par la page de démonstration" if words == "fr" else "Writes that reached the stand-in"
    closing = [f"{said} : {writes}" if words == "fr" else f"{said}: {writes}"]
    closing += [f"NOT AS THE STAND-IN SHOWS: {', '.join(wrong)}"] if wrong else []
    code = ExitCode.FAULT if writes or wrong else ExitCode.OK
    finish(document, {name: flow.guide}, words, as_json=json, closing=tuple(closing), code=code)


def _known(name: str, paths: list[Path] | None) -> Flow:
    import flows
    from automation.errors import ConfigurationError

    known = flows.load(paths or ())
    if name not in known:
        raise ConfigurationError(f"unknown flow '{name}'", f"Known flows: {', '.join(sorted(known))}.")
    return known[name]


async def _played(
    flow: Flow, site: ReplicaSite, actors: Sequence[Actor], output: Path, browser: BrowserSettings
) -> tuple[RunDocument, int]:
    from tempfile import TemporaryDirectory

    from automation import runner
    from automation.replica import Replica

    with TemporaryDirectory() as nowhere:
        async with Replica([site]) as replica:
            document = await runner.run(_plan(flow, site, actors, replica, output, browser, Path(nowhere)))
            return document, len(replica.writes)


def _plan(
    flow: Flow,
    site: ReplicaSite,
    actors: Sequence[Actor],
    replica: Replica,
    output: Path,
    browser: BrowserSettings,
    nowhere: Path,
) -> Any:
    """What it knows of sessions is thrown away; its signing key stays beside its evidence."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from pydantic import SecretStr

    from automation.accounts import subject
    from automation.bundle import Keys, Ledger, Sealer
    from automation.runner import Plan
    from automation.session import Means
    from automation.vault import Cooldown, SavedSession, Vault, new_key, open_key

    vault = Vault(nowhere / "sessions", open_key(SecretStr(new_key()[0])))
    for actor in actors:
        vault.store(
            SavedSession(
                account=_name(actor),
                service=actor.service,
                subject=subject(actor.identity, _IDENTITY_KEY),
                stored_at=datetime.now(UTC),
                used_at=None,
                storage_state=site.storage_state(actor),
            )
        )
    return Plan(
        accounts=[_account(actor, site) for actor in actors],
        flows={flow.id: flow},
        browser=replace(browser, replica_map=replica.replica_map, replica_spki=(replica.spki,), headless=True),
        output=output,
        identity_key=_IDENTITY_KEY,
        means=Means(vault, Cooldown(nowhere / "cooldown")),
        sealer=Sealer(Keys(output / "keys"), (), Ledger(output)),
    )


def _name(actor: Actor) -> str:
    import re

    return re.sub(r"[^a-z0-9]+", "-", f"{actor.scenario}-{actor.locale}".lower()).strip("-")


def _account(actor: Actor, site: ReplicaSite) -> Account:
    from automation.accounts import Account, SignIn

    return Account(
        name=_name(actor),
        flow=actor.flow,
        owner=actor.owner,
        identity=actor.identity,
        sign_in=SignIn.SESSION,
        objects=site.options["pages"][actor.flow].given(actor.world.get("objects", ())),
    )
