"""`temoin demo`: the whole way on local stand-ins, with made-up accounts and no configuration."""

from __future__ import annotations

from collections import Counter
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator, Sequence

    from automation.authoring.replica import Actor, ReplicaSite
    from automation.cli.demo.stage import Part
    from automation.core.results import RunDocument
    from automation.core.settings.browser import BrowserSettings
    from automation.text.language import Language

_OUTPUT = Path("temoin-demo")
"""Apart from the evidence: what made-up accounts leave is signed by a key that nobody trusts."""
_COMPANIES = (("Cabinet Arnaud", "a", "protects", "fr"), ("Studio Besson", "b", "trains", "en"))
"""Who has accounts everywhere, what ends their names, how the settings stand, and in which language if there is one."""


def demo(
    output: Annotated[Path, typer.Option(help="Folder for the evidence and the report.")] = _OUTPUT,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")] = False,
    at_most: Annotated[int | None, typer.Option(min=1, help="Play only so many accounts, to see it quickly.")] = None,
    all_services: Annotated[
        bool, typer.Option("--all-services", help="Play every other setting, too; takes some minutes.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Show every verdict on a local stand-in of Facebook and Instagram."""
    from dataclasses import replace

    import flows
    from automation.authoring.replica import load_site
    from automation.cli.check.command import finish
    from automation.cli.demo.stage import ending_of, sealer_in
    from automation.cli.shared.common import load_environment, run_async, write_results
    from automation.cli.shared.common import words as words_of
    from automation.cli.shared.interrupts import in_order

    settings = load_environment()
    words = words_of(lang, settings)
    services = flows.SERVICES if all_services else flows.ANSWERED
    sites = {service: load_site(service) for service in services}
    parts = list(_parts(sites, everybody=all_services))[:at_most]
    soonest = sorted(parts, key=_length)
    played = in_order(
        lambda stop: _demo(soonest, list(sites.values()), output, stop, words, quiet=json, browser=settings.browser),
        words,
    )
    document, writes = run_async(played)
    results = {result.account: result for result in document.results}
    document = replace(document, results=tuple(results[part.account.name] for part in parts))
    write_results(document)
    guides = {flow.id: flow.guide for flow in flows.load().values()}
    ending = ending_of(document, parts, writes, words)
    first, *others = ending.lines
    closing = (first, _verify_line(Path(document.run.output), output, words), *others)
    finish(document, guides, words.code, as_json=json, closing=closing, code=ending.code, sealer=sealer_in(output))


def _parts(sites: dict[str, ReplicaSite], *, everybody: bool) -> Iterator[Part]:
    """
    The made-up accounts: with a saved session, or with a password where the service stops that.

    Unless it is `everybody`, as few as show each answer and each kind of account.
    """
    import flows
    from automation.authoring.replica import cast
    from automation.cli.demo.stage import signed_in, with_password, with_session

    casts = ([actor for actor in cast(service) if actor.demo] for service in flows.ANSWERED)
    actors = list(filter(None, chain.from_iterable(zip_longest(*casts))))
    for actor in actors if everybody else _fewest(actors):
        part = with_password(actor)
        yield part if actor.is_stopped_signing_in else signed_in(part, sites[actor.service])
    for owner, suffix, scenario, locale in _COMPANIES:
        for service in [service for service in flows.DECLARED if service in sites]:
            site = sites[service]
            for flow in site.options["pages"]:
                actor = _actor(site, flow, scenario, locale)
                setting = flow.partition(".")[2] if len(site.options["pages"]) > 1 else ""
                yield with_session(actor, site, name=f"{service}-{setting}-{suffix}", owner=owner)


def _fewest(actors: Sequence[Actor]) -> Iterator[Actor]:
    """Whoever is the first of an answer or of a kind of account, but nobody whose answer and kind others show, too."""
    seen: set[str] = set()
    first = []
    for actor in actors:
        shows = {actor.verdict, actor.kind}
        if not shows <= seen:
            first.append(actor)
        seen |= shows
    shown = Counter(chain.from_iterable((actor.verdict, actor.kind) for actor in first))
    for actor in first:
        if min(shown[actor.verdict], shown[actor.kind]) > 1:
            shown.subtract((actor.verdict, actor.kind))
        else:
            yield actor


def _length(part: Part) -> int:
    """Sorts visits: the shortest first, so that an answer is there soon; then the longest, so that none ends late."""
    if part.actor.is_stopped_signing_in:
        return 0
    return 1 if part.actor.verdict == "not_objected" else 2


def _actor(site: ReplicaSite, flow: str, scenario: str, locale: str) -> Actor:
    """Who plays a scenario of a setting: in a language if there is one, else in the first."""
    found = [actor for actor in site.cast if actor.flow == flow and actor.scenario.endswith(scenario)]
    return next((actor for actor in found if actor.locale == locale), found[0])


def _verify_line(run: Path, output: Path, words: Language) -> str:
    """The command that verifies it: by the demo's own key, and without time stamps, for which it asked nobody."""
    from shlex import quote

    trust = output.with_name(f"{output.name}-keys") / "trust.json"
    command = f"temoin verify {quote(str(run))} --trust {quote(str(trust))} --allow-unstamped"
    return words.gettext("To verify: %(command)s", command=command)


async def _demo(
    parts: Sequence[Part],
    sites: Sequence[ReplicaSite],
    output: Path,
    stop: asyncio.Event,
    words: Language,
    *,
    quiet: bool,
    browser: BrowserSettings,
) -> tuple[RunDocument, int]:
    import flows
    from automation.cli.demo.stage import perform
    from automation.cli.shared.known_flows import looks_that_count, with_looks
    from automation.cli.shared.progress import shown
    from automation.config.values import Settings

    settings = Settings(config=output / "temoin.toml")  # where the looks at these stand-ins lie
    known = with_looks(flows.find(), looks_that_count(settings)).flows
    guides = {part.account.name: known[part.account.flow].guide for part in parts}
    with shown(len(parts), words, quiet=quiet, guides=guides) as tell:
        return await perform(parts, sites, known, output, browser, tell, stop)
