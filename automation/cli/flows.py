"""`temoin flow`: what can be read and how well it is known; new flows, checked and played."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from json import dumps
from pathlib import Path
from typing import Annotated

import typer
from playwright.async_api import async_playwright
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import flows
from automation.app.interrupts import run_async
from automation.app.setup import known_flows
from automation.authoring.audit import audit, coverage
from automation.authoring.replica import load_site
from automation.authoring.replica.trial import Tried, scenarios_of, try_flow
from automation.authoring.writing import scaffold
from automation.cli.options import FlowName, FlowNames, FlowPaths, Lang, as_json, say, words
from automation.cli.options import words as words_of
from automation.cli.record import require_name
from automation.cli.settings import load_environment
from automation.cli.terminal import shown
from automation.core.errors import ConfigurationError
from automation.core.settings import BrowserSettings
from automation.flow import ControlTable, Flow
from automation.text.catalogue import N_
from automation.text.language import Language


def new_flow(
    name: FlowName,
    folder: Annotated[Path, typer.Option("--in", help="Folder for flows of your own.")] = Path("flows-of-ours"),
    url: Annotated[str, typer.Option(help="Address of the page that shows the setting.")] = "",
) -> None:
    """Write the files of a new flow; `temoin flow test` accepts them at once, and then you fill them in."""
    require_name(name)
    typer.echo(scaffold(name, folder, url))
    _ = words(None, None).gettext
    typer.echo("\n" + _("Try it: %(command)s", command=f"temoin flow test {name} --flow-path {folder}"))
    typer.echo(_("Check its files: %(command)s", command=f"temoin flow check --flow-path {folder}"))


_ROUNDS = 2
_SIDE_BY_SIDE = 2


def try_flows(
    names: FlowNames = None,
    everything: Annotated[bool, typer.Option("--all", help="Every flow; takes some minutes.")] = False,
    paths: FlowPaths = None,
) -> None:
    """Play flows against their own stand-ins, twice, and compare with what these show."""
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
        say(f"  {fault}")
    return len(faults)


def _place(tried: Tried) -> str:
    return f"{tried.scenario} ({tried.locale}{', served' if tried.served else ''})"


_KINDS = {
    "none": N_("no control offered"),
    "form": N_("form or e-mail only"),
    "app": N_("in an app only"),
    "other": N_("not about training"),
    "unread": N_("place not known"),
    "not_found": N_("nothing found"),
}
_ORIGINS = {"flow": N_("its own file"), "own": N_("you"), "registry": N_("a registry")}
"""Where the date of a comparison comes from."""
_WIDE = 110
"""Columns from which on a title has one of its own; in fewer it stands below its setting."""
_NAMES = 30
"""Columns of the longest setting's name."""


def list_flows(paths: FlowPaths = None, json: Annotated[bool, as_json("the list")] = False, lang: Lang = None) -> None:
    """List every setting that can be read, and the services that have none."""
    words = words_of(lang, None)
    _ = words.gettext
    today = datetime.now(UTC).date()
    if json:
        read = [_plain(flow, today) for flow in known_flows(paths or ()).flows.values()]
        typer.echo(
            dumps(
                {"flows": read, "without_control": [place.model_dump() for place in flows.without_control()]}, indent=2
            )
        )
        return
    console = Console()
    narrow = console.width < _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    width = max(_NAMES, console.width - 52) if narrow else None  # as much as a date and some languages leave
    table.add_column(_("Setting"), overflow="fold", no_wrap=not narrow, width=width)
    if not narrow:
        table.add_column(_("Title"), overflow="fold", min_width=16)  # the longest French word fits
    table.add_column(_("Verified live"), overflow="fold", max_width=10)  # a date
    table.add_column(_("Says who"), overflow="fold", max_width=12)
    table.add_column(_("Languages"), overflow="fold")
    for flow in known_flows(paths or ()).flows.values():
        verified = flow.verification(today)
        parts = [tag.removesuffix(")").partition(" (not ") for tag in coverage(flow)["not_objected"]]
        except_for = N_("%(language)s except %(regions)s")
        languages = ", ".join(
            _(except_for, language=language, regions=without) if mixed else language
            for language, mixed, without in parts
        )
        title = words.typeset(flow.guide.title.get(words.code, ""))
        table.add_row(
            *((f"[bold]{flow.id}[/bold]\n{escape(title)}",) if narrow else (flow.id, escape(title))),
            verified.date or _("never"),
            ", ".join(sorted({_(_ORIGINS[e.origin]) for e in flow.verified if str(e.date) == verified.date})) or "–",
            languages or _("none: sources too weak"),
        )
    console.print(table)
    console.print()
    unread = Table(box=None, pad_edge=False, header_style="bold")
    for title in (_("No control to read"), _("Why"), _("What is known")):
        unread.add_column(title, overflow="fold")
    for place in flows.without_control():
        known = f"{place.text(words.code)} [{', '.join(place.sources)}]"
        unread.add_row(place.service, _(_KINDS[place.kind]), escape(known))
    console.print(unread)
    console.print()
    console.print(_("Sources: docs/services.md"))


def _plain(flow: Flow, today: date) -> dict[str, object]:
    verified = flow.verification(today)
    return {
        "flow": flow.id,
        "title": dict(flow.guide.title),
        "verified": verified.state,
        "verified_on": verified.date or None,
        "said_by": sorted({entry.origin for entry in flow.verified if str(entry.date) == verified.date}),
        "languages": {verdict: list(languages) for verdict, languages in coverage(flow).items()},
    }


def show(flow_id: FlowName, paths: FlowPaths = None) -> None:
    """Show what one flow opens, which states it knows, and what they need."""
    words = words_of(None, None)
    _ = words.gettext
    found = flows.find(paths or ())
    if flow_id in found.broken:
        raise found.broken[flow_id]
    if flow_id not in found.flows:
        raise ConfigurationError(f"unknown flow '{flow_id}'", f"Known flows: {', '.join(sorted(found.flows))}.")
    flow = found.flows[flow_id]
    console = Console(highlight=False)
    revision = _("revision %(day)s", day=flow.revision)
    console.print(f"[bold]{flow.id}[/bold]  {revision}")
    pages, states = _("Pages"), _("States")
    console.print(f"\n[bold]{pages}[/bold]")
    for name, surface in flow.surfaces.items():
        console.print(f"  {name}: {surface.urls[0]}", soft_wrap=True)
        for url in surface.urls[1:]:
            console.print(f"  {' ' * len(name)}  {url}", soft_wrap=True)
    _show_control(flow, console, words)
    console.print(f"\n[bold]{states}[/bold]")
    for state in flow.states:
        console.print(f"  [bold]{state.verdict}[/bold] ({state.because})")
        signals = Table.grid(padding=(0, 1, 0, 0))
        signals.add_row("   ", _("needs"), ", ".join(state.needs))
        if state.forbids:
            signals.add_row("", _("forbids"), ", ".join(state.forbids))
        console.print(signals)


def _show_control(flow: Flow, console: Console, words: Language) -> None:
    """The control of a declared setting: its kind, its words by language, and what its states mean."""
    rule = flow.rule
    if not isinstance(rule, ControlTable):
        return
    known, _ = rule.confidence, words.gettext
    heading = _("Control")
    console.print(f"\n[bold]{heading}[/bold]  {rule.kind}")
    for key in (*rule.reveal, rule.section, rule.label, *rule.values):
        for locale, phrases in flow.labels.entries.get(key, {}).items():
            texts = " · ".join(phrase.text for phrase in phrases)
            console.print(f"  {key} ({locale}): {texts}", soft_wrap=True, markup=False)
    meanings = {"on": rule.meaning(on=True), "off": rule.meaning(on=False)} if rule.two_states else rule.values
    listed = ", ".join(f"{state} {meaning}" for state, meaning in meanings.items())
    how_well = {"address": known.address, "label": known.label, "meaning": known.meaning}
    sources = ", ".join(rule.sources)
    for line in (
        _("means: %(meanings)s", meanings=listed),
        _("known: address %(address)s, label %(label)s, meaning %(meaning)s", **how_well),
        _("sources: %(sources)s (docs/services.md)", sources=sources),
    ):
        console.print(f"  {line}", soft_wrap=True, markup=False)


def check(paths: FlowPaths = None) -> None:
    """
    Check the files of every flow: manifest, words, dates, addresses, guides in both languages.

    With --flow-path, those of these folders alone.
    """
    words = words_of(None, None)
    found = flows.find(paths or (), only=() if paths else None)
    wrong = len(found.broken)
    for name, error in found.broken.items():
        say(f"{name}: {words.said(str(error))}")
    for flow in found.flows.values():
        problems, notes = audit(flow)
        wrong += len(problems)
        for problem in problems:
            say(f"{flow.id}: {words.said(problem)}")
        for note in notes:
            typer.echo(f"{flow.id}: {words.said(note)}")
    if wrong:
        say(words.ngettext("%(num)s problem", "%(num)s problems", wrong, num=wrong))
        raise typer.Exit(2)
    typer.echo(words.gettext("All flows are in order."))
