"""`temoin demo` and `flow demo`: the whole way on local stand-ins, with made-up accounts and no configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

import flows
from automation.app.check import CheckDone
from automation.app.demo import Part, length_of, parts_of, perform, played, window_file, with_session
from automation.app.interrupts import in_order, run_async
from automation.app.setup import demo_keys, looks_that_count, with_looks
from automation.authoring.replica import ReplicaSite, load_site
from automation.cli.check import show
from automation.cli.options import FlowName, FlowPaths, Lang, as_json, words
from automation.cli.settings import NO_FILE, load_environment, settings_and_words
from automation.cli.terminal import shown
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.looks import NEXT_STEP
from automation.flow import ControlTable, Flow
from automation.text.language import Language

_OUTPUT = Path("temoin-demo")
"""Apart from the evidence: what made-up accounts leave is signed by a key that nobody trusts."""
_FLOW_OUTPUT = Path("temoin-evidence") / "demo"


def demo(
    output: Annotated[Path, typer.Option(help="Folder for the evidence and the report.")] = _OUTPUT,
    json: Annotated[bool, as_json("the results")] = False,
    at_most: Annotated[int | None, typer.Option(min=1, help="Play only so many accounts, to see it quickly.")] = None,
    all_services: Annotated[
        bool, typer.Option("--all-services", help="Play every other setting, too; takes some minutes.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Show every verdict on a local stand-in of Facebook and Instagram."""
    settings, said = settings_and_words(NO_FILE, lang=lang)
    sites = {service: load_site(service) for service in (flows.SERVICES if all_services else flows.ANSWERED)}
    parts = list(parts_of(sites, everybody=all_services))[:at_most]
    here = Settings(config=output / "temoin.toml")  # where the looks at these stand-ins lie
    known = with_looks(flows.find(), looks_that_count(here)).flows
    _play(sorted(parts, key=length_of), parts, list(sites.values()), known, output, settings, said, as_json=json)


def demo_flow(
    name: FlowName,
    paths: FlowPaths = None,
    output: Annotated[Path, typer.Option(help="Folder for the evidence and the report.")] = _FLOW_OUTPUT,
    json: Annotated[bool, as_json("the results")] = False,
    lang: Lang = None,
) -> None:
    """Check what a flow's stand-in serves, recorded pages among it, and keep the evidence."""
    known = flows.load(paths or ())
    if name not in known:
        raise ConfigurationError(f"unknown flow '{name}'", f"Known flows: {', '.join(sorted(known))}.")
    flow = known[name]
    if not isinstance(flow.rule, ControlTable):
        raise ConfigurationError(f"{name} is a form that is answered in an inbox", "`temoin demo` plays it.")
    settings = load_environment()
    site = load_site(flow.site.id, flow.folder.parent.parent)
    actors = [actor for actor in site.cast if actor.flow == name and actor.world.get("served") == "too"]
    parts = [with_session(actor, site, name=f"{actor.scenario}-{actor.locale}") for actor in actors]
    _play(parts, parts, [site], {name: flow}, output, settings, words(lang, settings), as_json=json, verifies=False)


def _play(
    order: Sequence[Part],
    parts: Sequence[Part],
    sites: Sequence[ReplicaSite],
    known: Mapping[str, Flow],
    output: Path,
    settings: Settings,
    words: Language,
    *,
    as_json: bool,
    verifies: bool = True,
) -> None:
    """Check the parts at their stand-ins in one order and show their results in another; ends the command."""
    pages = {part.account.name: known[part.account.flow].guide for part in parts}
    with shown(len(parts), words, quiet=as_json, guides=pages) as progress:
        document, writes = run_async(
            in_order(lambda stop: perform(order, sites, known, output, settings.browser, progress, stop), words)
        )
    guides = {flow.id: flow.guide for flow in known.values()}
    done, code = played(document, parts, writes, guides, output, words)
    if verifies:
        # By the demo's own key, and without time stamps, for which it asked nobody.
        trust = quote(str(demo_keys(output).folder / "trust.json"))
        command = f"temoin verify {quote(document.run.output)} --trust {trust} --allow-unstamped"
        first, *others = done.notices
        verify = words.gettext("To verify: %(command)s", command=command)
        done = replace(done, notices=(first, verify, *_look_lines(done, parts, output, words), *others))
    show(done, guides, words.code, as_json=as_json, code=code)


def _look_lines(done: CheckDone, parts: Sequence[Part], output: Path, words: Language) -> list[str]:
    """The commands that answer what waits for a look: in the terminal, and in the window."""
    file = window_file(parts, output)
    if not any(result.next_step == NEXT_STEP for result in done.document.results):
        return []
    terminal, window = f"temoin look --output {quote(str(output))}", f"temoin ui --config {quote(str(file))}"
    return [
        words.gettext("To answer what only a person can: %(command)s", command=terminal),
        words.gettext("The same in a window: %(command)s", command=window),
    ]
