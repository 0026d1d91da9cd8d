"""
What pages showed in place of what the flow knows: which page, what was looked for, what stood there.

And a parcel of it for whoever adapts the flow. Both are read from the sealed, masked evidence.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automation import __version__
from automation.authoring.scrubbing import TEXT, Kept, plain_address
from automation.core.accounts import Account
from automation.core.observations import ProbeOutcome, Step
from automation.core.results import Result
from automation.core.signals import SignalName
from automation.core.verdicts import Owner, Verdict
from automation.flow import ControlTable, Flow
from automation.reports.unmet import Part, Unmet, likeness

_MOST = 4
_LONGEST = 120
_CONTROLS = frozenset({"switch", "checkbox", "radio", "combobox", "listbox", "button", "menuitem", "tab"})
"""No links: they may be called as what a person wrote."""
_SETTINGS = frozenset({"switch", "checkbox", "radio", "combobox", "listbox"})
_STATES = re.compile(r"aria-(checked|pressed|expanded|selected|disabled)|type|role")
Page = Mapping[str, Any]
"""As `automation.browser.capture.record.nodes_json` writes it."""


def unmet_of(result: Result, bundle: Path, flow: Flow) -> tuple[Unmet, ...]:
    """What the pages of an unknown answer did not show; empty where it is unknown for other reasons than that."""
    if result.verdict is not Verdict.UNKNOWN or result.reason is None or result.reason.owner is not Owner.FLOW_AUTHOR:
        return ()
    return tuple(_unmet(result, bundle, flow))


def _unmet(result: Result, bundle: Path, flow: Flow) -> Iterator[Unmet]:
    for part, key, surfaces in _sought(result, flow):
        steps = [step for step in result.steps if step.surface in surfaces and step.picture]
        page = _page(bundle, steps[-1]) if steps else None
        if page is None:
            continue
        phrases = flow.labels.phrases(key, page.get("locale") or result.locale)
        wanted = tuple(dict.fromkeys(phrase.text for phrase in phrases if phrase.strength == "names"))
        stood = (_stood(page, _SETTINGS) or _stood(page, _CONTROLS)) if part is Part.SETTING else []
        stood = stood or _headings(page)
        likest = sorted(stood, key=lambda text: -max((likeness(text, one) for one in wanted), default=0.0))
        yield Unmet(steps[-1].surface, part, wanted, tuple(likest[:_MOST]), steps[-1].picture)


def _sought(result: Result, flow: Flow) -> Iterator[tuple[Part, str, frozenset[str]]]:
    """What is missing, the key of its words, and on which surfaces."""
    there, rule = {signal.name for signal in result.signals}, flow.rule
    if isinstance(rule, ControlTable):
        if SignalName.CONTROL_ABSENT in there:
            yield Part.SETTING, rule.label, frozenset(rule.surfaces)
        elif SignalName.CONTROL_MISPLACED in there:
            yield Part.HEADING, rule.section, frozenset(rule.surfaces)
        return
    outcomes = {probe.outcome for probe in result.probes}
    other = {ProbeOutcome.UNRECOGNISED, ProbeOutcome.OTHER_FORM}
    if ProbeOutcome.FORM not in outcomes and outcomes & other:
        yield Part.TITLE, "form.title", frozenset(p.surface for p in result.probes if p.outcome in other)
    if SignalName.INBOX_KNOWN not in there and any(step.surface == rule.inbox for step in result.steps):
        yield Part.INBOX, "inbox.title", frozenset({rule.inbox})


def _page(bundle: Path, step: Step) -> Page | None:
    """The page of a step as it was sealed; None where it is not there, or is no such page."""
    try:
        packed = (bundle / "data" / "pages" / f"{step.number:02d}-{step.name}.json.gz").read_bytes()
        found = json.loads(gzip.decompress(packed))
    except (OSError, ValueError, EOFError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("nodes"), list) else None


def _stood(page: Page, roles: frozenset[str]) -> list[str]:
    """Names of what is shown in one of these roles, in the page's order."""
    named = (node.get("name", "").strip() for node in page["nodes"] if node.get("shown") and node.get("role") in roles)
    return list(dict.fromkeys(name[:_LONGEST] for name in named if name and name != TEXT))


def _headings(page: Page) -> list[str]:
    title = str(page.get("title", "")).strip()[:_LONGEST]
    return list(dict.fromkeys(filter(None, (*_stood(page, frozenset({"heading"})), title))))


# -- for whoever adapts the flow


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that would be handed on, before anything is written."""

    text: str
    pictures: Mapping[str, bytes]
    """Name → PNG, masked as in the evidence; empty unless they were asked for."""

    @property
    def suffix(self) -> str:
        """Of the file that holds it."""
        return "zip" if self.pictures else "txt"

    @property
    def content(self) -> bytes:
        """The file: the text, and in a zip its pictures."""
        if not self.pictures:
            return self.text.encode()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, data in {"parcel.txt": self.text.encode(), **self.pictures}.items():
                archive.writestr(zipfile.ZipInfo(name), data)
        return packed.getvalue()


def parcel_of(result: Result, bundle: Path, flow: Flow, account: Account, *, pictures: bool = False) -> Parcel:
    """
    What shows why the flow did not recognise the pages: their structure, without what is not known to be the service's.

    Of the pages' own words only those stay that the flow's files give, and those that `unmet_of` tells of. What the
    configuration calls the account, its owner and its Page is in none of it.
    """
    unmet = unmet_of(result, bundle, flow)
    surfaces = {one.surface for one in unmet} or {surface for _, _, some in _sought(result, flow) for surface in some}
    steps = [step for step in result.steps if step.surface in surfaces] or list(result.steps)
    last = tuple({step.surface: step for step in steps}.values())
    text = "\n".join(_lines(result, bundle, flow, unmet, last)) + "\n"
    for own in sorted(
        {account.identity, account.owner, account.page or "", account.name} - {""}, key=len, reverse=True
    ):
        text = re.sub(re.escape(own), TEXT, text, flags=re.IGNORECASE)
    shown = {
        Path(step.picture).name: (bundle / step.picture).read_bytes() for step in last if step.picture and pictures
    }
    return Parcel(text, shown)


def _lines(result: Result, bundle: Path, flow: Flow, unmet: Sequence[Unmet], steps: Sequence[Step]) -> Iterator[str]:
    reason = result.reason.value if result.reason else ""
    yield f"Témoin {__version__}, {flow.id} {result.flow_revision}, {result.environment.browser}"
    yield f"{result.verdict.value} ({reason}), language {result.locale or '?'}"
    for signal in result.signals:
        yield f"signal {signal.name} on {signal.surface}"  # untold: this file is for the maintainers
    for one in unmet:
        yield f"{one.surface}: {one.part.value}"
        yield from (f"  looked for: {words}" for words in one.wanted)  # untold: the same
        yield from (f"  stood there: {words}" for words in one.stood)  # untold: the same
    kept = Kept.of(
        phrase.text for table in flow.labels.entries.values() for phrases in table.values() for phrase in phrases
    )
    told = frozenset(words for one in unmet for words in one.stood)
    own = {plain_address(url) for surface in flow.surfaces.values() for url in surface.urls}
    for step in steps:
        place = plain_address(step.url)
        where = place if place in own else "another address"
        yield f"\n== {step.surface}, {where}, {step.status or 'no status'}"  # untold: the same
        page = _page(bundle, step)
        yield from _outline(page, kept, told) if page else ("(not kept)",)  # untold: the same


def _outline(page: Page, kept: Kept, told: frozenset[str]) -> Iterator[str]:
    """The page's roles, one a line below what holds it, with names that may stay."""
    depth: dict[int, int] = {}
    for node in page["nodes"]:
        role, above = node.get("role", ""), depth.get(node.get("p", -1), 0)
        said = bool(role) and node.get("shown") and node.get("t") != "#text"
        depth[node["i"]] = above + bool(said)
        if said:
            name = str(node.get("name", "")).strip()
            name = name if name[:_LONGEST] in told else kept.part(name)
            states = [
                f"[{key}={kept_state(value)}]" for key, value in node.get("a", {}).items() if _STATES.fullmatch(key)
            ]
            yield "  " * above + " ".join([role, *([json.dumps(name, ensure_ascii=False)] if name else []), *states])


def kept_state(value: str) -> str:
    """A state as an attribute gives it; whatever is longer than a word says more than a state."""
    return value if re.fullmatch(r"[a-z-]{1,20}", value) else "…"
