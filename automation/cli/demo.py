"""`temoin demo`: the whole way on a local stand-in, with made-up accounts and no configuration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.common import Lang

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from automation.accounts import Account
    from automation.browser_settings import BrowserSettings
    from automation.replica import Actor, Replica
    from automation.results import Result, RunDocument
    from automation.runner import Plan

_OUTPUT = Path("temoin-evidence") / "demo"
_A_CORE, _MOST = 3, 8
"""A check mostly waits for its page to stand still, so one core carries three; more than eight want much memory."""


def demo(
    output: Annotated[Path, typer.Option(help="Folder for the evidence and the report.")] = _OUTPUT,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")] = False,
    at_most: Annotated[int | None, typer.Option(min=1, help="Play only so many accounts, to see it quickly.")] = None,
    lang: Lang = None,
) -> None:
    """Show every verdict on a local stand-in of Facebook and Instagram."""
    from automation.cli.check import finish
    from automation.cli.common import language, load_environment, run_async, write_results
    from automation.cli.interrupts import in_order

    settings = load_environment()
    words = language(lang, settings)
    played = in_order(
        lambda stop: _demo(output, stop, at_most, quiet=json, browser=settings.browser, lang=words), words
    )
    document, writes, expected = run_async(played)
    write_results(document)
    import flows
    from automation.verdicts import Reason

    guides = {flow.id: flow.guide for flow in flows.load().values()}
    seen = [
        (r, actor) for r, actor in zip(document.results, expected, strict=True) if r.reason is not Reason.INTERRUPTED
    ]
    wrong = [result.account for result, actor in seen if not _right(result, actor)]
    closing = [_writes_line(writes, words), _verify_line(Path(document.run.output), output, words)]
    if wrong:
        closing.append(f"NOT AS THE STAND-IN SHOWS: {', '.join(wrong)}")
    from automation.results import ExitCode

    undone = ExitCode.OK if len(seen) == len(document.results) else ExitCode.INCOMPLETE
    code = ExitCode.FAULT if writes or wrong else undone
    finish(document, guides, words, as_json=json, closing=tuple(closing), code=code)


def _right(result: Result, actor: Actor) -> bool:
    return actor.expected.allows(result.verdict.value, result.reason.value if result.reason else None)


def _writes_line(writes: int, lang: str) -> str:
    if lang == "fr":
        return f"Écritures reçues par les sites de démonstration : {writes}"
    return f"Writes that reached the stand-in: {writes}"


def _verify_line(run: Path, output: Path, lang: str) -> str:
    """The command that verifies it: by the demo's own key, and without time stamps, for which it asked nobody."""
    from shlex import quote

    trust = output / "keys" / "trust.json"
    command = f"temoin verify {quote(str(run))} --trust {quote(str(trust))} --allow-unstamped"
    return f"{'Pour vérifier :' if lang == 'fr' else 'To verify:'} {command}"


async def _demo(
    output: Path, stop: asyncio.Event, at_most: int | None, *, quiet: bool, browser: BrowserSettings, lang: str
) -> tuple[RunDocument, int, Sequence[Actor]]:
    from tempfile import TemporaryDirectory

    import flows
    from automation import runner
    from automation.cli.progress import shown
    from automation.replica import Replica, cast, load_site

    services = flows.ANSWERED
    actors = [actor for service in services for actor in cast(service) if actor.demo][:at_most]
    with TemporaryDirectory() as nowhere:
        async with Replica([load_site(service) for service in services]) as replica:
            plan = _plan(actors, replica, output, browser, Path(nowhere))
            with shown(len(actors), quiet=quiet, lang=lang) as tell:
                document = await runner.run(plan, tell, stop)
            return document, len(replica.writes), actors


def _plan(actors: Sequence[Actor], replica: Replica, output: Path, browser: BrowserSettings, nowhere: Path) -> Plan:
    """What the demo knows of sessions is thrown away; its signing key stays beside its evidence, and is no other's."""
    from dataclasses import replace

    from pydantic import SecretStr

    import flows
    from automation.bundle import Keys, Ledger, Sealer
    from automation.runner import Plan
    from automation.session import Means
    from automation.vault import Cooldown, Vault, new_key, open_key

    throwaway = open_key(SecretStr(new_key()[0]))  # no keyring is asked for the sake of a demo
    return Plan(
        accounts=[_account(actor) for actor in actors],
        flows=flows.load(),
        browser=replace(
            browser,
            replica_map=replica.replica_map,
            replica_spki=(replica.spki,),
            headless=True,
            concurrency=max(browser.concurrency, min(_MOST, _A_CORE * (os.cpu_count() or 1))),
        ),
        output=output,
        identity_key=b"the demo's accounts are made up",
        means=Means(Vault(nowhere / "sessions", throwaway), Cooldown(nowhere / "cooldown")),
        sealer=Sealer(Keys(output / "keys"), (), Ledger(output)),
        credentials={_name(actor): _Credentials(actor) for actor in actors},
    )


class _Credentials:
    """A made-up account's name and password; no secret."""

    def __init__(self, actor: Actor) -> None:
        from pydantic import SecretStr

        self.username = SecretStr(actor.username)
        self.password = SecretStr(actor.password)
        self.totp_secret = SecretStr(actor.totp_secret) if actor.totp_secret else None


def _name(actor: Actor) -> str:
    import re
    import unicodedata

    plain = (
        unicodedata.normalize("NFKD", f"{actor.name.partition(' ')[0]}-{actor.service}")
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _account(actor: Actor) -> Account:
    from automation.accounts import Account, AccountKind, SignIn
    from automation.verdicts import Verdict

    return Account(
        name=_name(actor),
        flow=actor.flow,
        owner=actor.owner,
        identity=actor.identity,
        kind=AccountKind(actor.kind),
        page=actor.page,
        sign_in=SignIn.PASSWORD,
        expect=Verdict.OBJECTED,
    )
