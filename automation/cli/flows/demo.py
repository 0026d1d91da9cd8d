"""`temoin flows demo`: one flow's stand-in through the whole check, with evidence and report, as `temoin demo` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from automation.authoring.replica import ReplicaSite
    from automation.cli.demo.stage import Part
    from automation.core.results import RunDocument
    from automation.core.settings.browser import BrowserSettings
    from automation.flow import Flow
    from automation.text.language import Language

_OUTPUT = Path("temoin-evidence") / "demo"


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
    from automation.authoring.replica import load_site
    from automation.cli.check.command import finish
    from automation.cli.demo.stage import ending_of, sealer_in, with_session
    from automation.cli.shared.common import load_environment, run_async, write_results
    from automation.cli.shared.common import words as words_of
    from automation.cli.shared.interrupts import in_order
    from automation.core.errors import ConfigurationError
    from automation.flow import ControlTable

    flow = _known(name, paths)
    if not isinstance(flow.rule, ControlTable):
        raise ConfigurationError(f"{name} is a form that is answered in an inbox", "`temoin demo` plays it.")
    settings = load_environment()
    words = words_of(lang, settings)
    site = load_site(flow.site.id, flow.folder.parent.parent)
    actors = [actor for actor in site.cast if actor.flow == name and actor.world.get("served") == "too"]
    parts = [with_session(actor, site, name=f"{actor.scenario}-{actor.locale}") for actor in actors]
    played = in_order(lambda stop: _played(flow, site, parts, output, settings.browser, stop, words, quiet=json), words)
    document, writes = run_async(played)
    write_results(document)
    ending = ending_of(document, parts, writes, words)
    guides = {name: flow.guide}
    finish(document, guides, words.code, as_json=json, closing=ending.lines, code=ending.code, sealer=sealer_in(output))


def _known(name: str, paths: list[Path] | None) -> Flow:
    import flows
    from automation.core.errors import ConfigurationError

    known = flows.load(paths or ())
    if name not in known:
        raise ConfigurationError(f"unknown flow '{name}'", f"Known flows: {', '.join(sorted(known))}.")
    return known[name]


async def _played(
    flow: Flow,
    site: ReplicaSite,
    parts: Sequence[Part],
    output: Path,
    browser: BrowserSettings,
    stop: asyncio.Event,
    words: Language,
    *,
    quiet: bool,
) -> tuple[RunDocument, int]:
    from automation.cli.demo.stage import perform
    from automation.cli.shared.progress import shown

    guides = {part.account.name: flow.guide for part in parts}
    with shown(len(parts), words, quiet=quiet, guides=guides) as tell:
        return await perform(parts, [site], {flow.id: flow}, output, browser, tell, stop)
