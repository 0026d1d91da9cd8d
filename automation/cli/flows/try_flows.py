"""`temoin flows test`: a flow against its own stand-in, twice in a row, with the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.authoring.replica.trial import Tried
    from automation.core.settings.browser import BrowserSettings
    from automation.flow import Flow
    from automation.text.language import Language

_ROUNDS = 2
_SIDE_BY_SIDE = 2


def try_flows(
    names: Annotated[list[str] | None, typer.Argument(help="Flows, such as linkedin.ai_training.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every flow; takes some minutes.")] = False,
    paths: Annotated[
        list[Path] | None, typer.Option("--flow-path", help="Further folders with flows of your own.")
    ] = None,
) -> None:
    """Play flows against their own stand-ins, twice, and compare with what these show."""
    from automation.cli.shared.common import load_environment, run_async, words
    from automation.cli.shared.known_flows import known_flows
    from automation.core.errors import ConfigurationError

    found = known_flows(paths or ())
    known = found.flows
    for name in found.broken.keys() & set(names or ()):
        raise found.broken[name]
    chosen = list(known) if everything else list(names or ())
    unknown = [name for name in chosen if name not in known]
    if unknown or not chosen:
        what = f"unknown flow '{unknown[0]}'" if unknown else "no flow is named"
        raise ConfigurationError(what, f"Name one or more, or use --all. Known flows: {', '.join(sorted(known))}.")
    settings = load_environment()
    played = run_async(_play([known[name] for name in chosen], settings.browser, words(None, settings)))
    wrong = sum(_report(name, words(None, settings), *played[name]) for name in chosen)
    raise typer.Exit(2 if wrong or (everything and found.broken) else 0)


async def _play(flows: Sequence[Flow], browser: BrowserSettings, words: Language) -> dict[str, list[list[Tried]]]:
    """Flow → its rounds, each with all scenarios."""
    import asyncio

    from playwright.async_api import async_playwright

    from automation.authoring.replica import load_site
    from automation.authoring.replica.trial import scenarios_of, try_flow
    from automation.cli.shared.progress import shown

    sites = {flow.id: load_site(flow.site.id, flow.folder.parent.parent) for flow in flows}
    total = _ROUNDS * sum(scenarios_of(flow, sites[flow.id]) for flow in flows)
    gate = asyncio.Semaphore(_SIDE_BY_SIDE)
    async with async_playwright() as playwright:
        with shown(total, words) as tell:

            async def one(flow: Flow) -> list[list[Tried]]:
                def told(tried: Tried) -> None:
                    tell(tried.flow, tried.verdict)

                async with gate:
                    return await try_flow(playwright, flow, sites[flow.id], browser, rounds=_ROUNDS, tell=told)

            found = await asyncio.gather(*(one(flow) for flow in flows))
    return {flow.id: rounds for flow, rounds in zip(flows, found, strict=True)}


def _report(name: str, words: Language, first: Sequence[Tried], second: Sequence[Tried]) -> int:
    """One line for a flow, one more for everything that is wrong; returns how much is."""
    faults = [f"{_place(t)}: {t.verdict} {t.reason or ''} ({t.why})" for t in first if not t.right]
    faults += [
        f"{_place(a)}: {a.verdict} {a.reason or ''}, then {b.verdict} {b.reason or ''}"
        for a, b in zip(first, second, strict=True)
        if a.answer != b.answer and not (a.right and b.right)
    ]
    served = sum(t.served for t in first)
    typer.echo(
        words.gettext(
            "%(name)s: %(scenarios)s scenarios, %(served)s of them served under the guard, %(wrong)s wrong",
            name=name, scenarios=len(first), served=served, wrong=len(faults),
        )
    )  # fmt: skip
    for fault in faults:
        typer.echo(f"  {fault}", err=True)
    return len(faults)


def _place(tried: Tried) -> str:
    return f"{tried.scenario} ({tried.locale}{', served' if tried.served else ''})"
