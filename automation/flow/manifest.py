"""A flow's manifest: what `flow.toml` may say, parsed once and refused with the place when it is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from automation.core.errors import FlowError
from automation.core.flows import FlowGuide, State
from automation.core.looks import Look
from automation.core.results import Verified
from automation.core.signals import FlowKind
from automation.flow.confirmed import labels_with
from automation.flow.control_table import (
    ControlTable,
    ExposureRule,
    FormShape,
    ObjectionTable,
    StateTable,
    read_states,
    saves_somewhere,
)
from automation.flow.one_file import SETTING, Setting
from automation.flow.site import Masking, Site, parse_site
from automation.guard.policy import GuardPolicy
from automation.text.catalogue import key_fault
from automation.text.labels import Labels, parse_labels, read_tables


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Surface(_Table):
    """A page of the service that the flow may open."""

    urls: tuple[str, ...] = Field(min_length=1)
    """Known addresses, tried in order."""
    paths: tuple[str, ...] = ()
    """Further paths that belong to it, `*` for anything: links found on the way may be followed only there."""
    quiet_s: float = 0.4
    """How long nothing may change before its silence counts."""
    endless: bool = False
    """Whether it says for ever that it loads, as a feed does at its end: what is sought on it is enough."""
    source: str = ""
    """Where the addresses are from."""
    confidence: str = ""
    """`inferred` where no source gives them."""


class PathStep(_Table):
    """One step of the way that a person takes."""

    name: str
    reveal: str
    """Label key of what they click."""
    surface: str | None = None
    """Opened by its address when the click is not possible."""


class VerifiedEntry(_Table):
    """A live check by a person."""

    locale: str
    kind: str
    date: datetime.date
    evidence: str
    """SHA-256 of the seal of what was compared (`seal/envelope.dsse.json`)."""
    revision: str = ""
    """Of the flow that was compared: a later one says something else and has to be compared anew."""
    stand_in: bool = False
    """Compared with a stand-in: kept on record, and counted as no comparison with the live site."""
    origin: Literal["flow", "own", "registry"] = "flow"
    """Who says so: the flow's own file, the user's `verified.toml`, or several people of a registry."""


class _Guide(_Table):
    title: dict[str, str]
    form_urls: tuple[str, ...]
    states: dict[str, dict[str, str]] = {}
    remedies: dict[str, dict[str, tuple[str, ...]]] = {}
    reason_text: dict[str, str] = {}
    not_covered: dict[str, tuple[str, ...]] = {}
    surfaces: dict[str, dict[str, str]] = {}
    shapes: dict[str, dict[str, str]] = {}
    exposure: dict[str, dict[str, str]] = {}


class _Manifest(_Table):
    id: str = Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")
    """`service.setting`, equal to the folders."""
    revision: str
    """A date; changed whenever the meaning of a verdict might."""
    max_age_days: int = Field(default=90, gt=0)
    """How long a comparison with the live site counts."""
    surfaces: dict[str, Surface]
    """The pages that may be opened; no other can be."""
    path: tuple[PathStep, ...] = ()
    """The way that a person takes, for the pictures of it."""
    objection: ObjectionTable | None = None
    """A right exercised by a form and answered in an inbox; this or `control`."""
    control: ControlTable | None = None
    """A setting that one control shows; this or `objection`."""
    exposure: tuple[ExposureRule, ...] = ()
    """What decides how far the account is concerned; reported, never judged."""
    states: tuple[StateTable, ...] = Field(min_length=1)
    """The closed list of what can be answered, and what each answer takes."""
    verified: tuple[VerifiedEntry, ...] = ()
    """Comparisons with the live site."""
    masking: Masking = Masking()
    """What must not show in evidence, beyond the service's own."""
    guide: _Guide
    """What people are told, by language."""

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if (self.objection is None) == (self.control is None):
            raise ValueError("a flow has either [objection] or [control]")
        return self

    @property
    def rule(self) -> ObjectionTable | ControlTable:
        """How the setting is read."""
        rule = self.objection or self.control
        if rule is None:  # the validator has seen to it
            raise AssertionError
        return rule


@dataclass(frozen=True)
class Flow:
    """One setting of one service, ready to be read."""

    id: str
    revision: str
    max_age_days: int
    folder: Path
    site: Site
    labels: Labels
    surfaces: Mapping[str, Surface]
    path: tuple[PathStep, ...]
    rule: ObjectionTable | ControlTable
    """How it is read: a form and an inbox, or one control."""
    exposure: tuple[ExposureRule, ...]
    states: tuple[State, ...]
    verified: tuple[VerifiedEntry, ...]
    guide: FlowGuide
    looks: tuple[Look, ...] = ()
    """What people said that pictures of this company's services show; they count in every visit."""

    @property
    def labels_with_confirmed(self) -> Labels:
        """The words with the sentences that people confirmed one by one, which count in a mailbox."""
        return labels_with(self.labels, self.looks)

    @property
    def regions(self) -> tuple[str, ...]:
        """Countries in which the service is said to offer the setting, ISO 3166-1 alpha-2; empty where not known."""
        return self.rule.regions if isinstance(self.rule, ObjectionTable) else ()

    @property
    def operations(self) -> frozenset[str]:
        """Names of the service's own reads whose answers the flow looks at."""
        return frozenset(self.rule.inbox_operations if isinstance(self.rule, ObjectionTable) else ())

    def verification(self, today: datetime.date, *, kind: str = "", locale: str = "") -> Verified:
        """
        Whether a person has compared the flow with the live site, for this account kind and language if known.

        What only people of a registry say is `shared`, and counts while it is new; anything of here comes before.
        """
        entries = [
            entry
            for entry in self.verified
            if not entry.stand_in
            and entry.revision in {"", self.revision}
            and (not kind or entry.kind == kind)
            and (not locale or entry.locale.split("-")[0] == locale.split("-", maxsplit=1)[0])
        ]
        new = [entry for entry in entries if (today - entry.date).days <= self.max_age_days]
        for state, found in (
            ("current", [entry.date for entry in new if entry.origin != "registry"]),
            ("shared", [entry.date for entry in new]),
            ("stale", [entry.date for entry in entries]),
        ):
            if found:
                return Verified(state, max(found).isoformat(), self.max_age_days)
        return Verified("never", None, self.max_age_days)


def load_flow(folder: Path) -> Flow:
    """
    Read one flow from its folder and its service's folder above.

    Raises:
        FlowError: naming the file, the key and what is wrong.
    """
    where = folder / "flow.toml"
    if (folder / "flow.py").exists():
        raise FlowError(
            f"{folder / 'flow.py'}: a flow is data, and no code of a flow is ever run",
            "Describe the control in flow.toml ([control], docs/flows.md) and remove this file.",
        )
    tables = read_tables(where)
    words_file, site_file = folder / "labels.toml", folder.parent / "site.toml"
    if SETTING in tables:
        setting = Setting.parse(tables.pop(SETTING), where)
        site_tables = setting.site(site_file)
        tables = setting.manifest(tables, site_tables)
        words = setting.labels(read_tables(words_file) if words_file.is_file() else {}, tables.get("control", {}))
        site_file, words_file = site_file if site_file.is_file() else where, where
    else:
        words, site_tables = read_tables(words_file), read_tables(site_file)
    labels = parse_labels(words, str(words_file))
    site = parse_site(folder.parent.name, site_tables, str(site_file))
    try:
        GuardPolicy.parse(site.tables)
    except FlowError as error:
        raise FlowError(f"{site_file}: {error.message.removeprefix('site.toml: ')}", error.remedy) from None
    return parse_flow(tables, labels, site, folder, str(where))


def parse_flow(tables: Mapping[str, Any], labels: Labels, site: Site, folder: Path, where: str) -> Flow:
    """Build a flow from its parts; see `load_flow`."""
    try:
        manifest = _Manifest.model_validate(tables)
    except ValidationError as error:
        fault, hint = key_fault(error, _Manifest)
        raise FlowError(f"{where}: {fault}", f"{hint} Correct that key.".strip()) from None
    _refer(manifest, labels, site, where)
    guide = manifest.guide
    kind = FlowKind.CONTROL if manifest.control else FlowKind.OBJECTION
    return Flow(
        id=manifest.id,
        revision=manifest.revision,
        max_age_days=manifest.max_age_days,
        folder=folder,
        site=replace(site, masking=site.masking.and_also(manifest.masking)),
        labels=labels,
        surfaces=manifest.surfaces,
        path=manifest.path,
        rule=manifest.rule,
        exposure=manifest.exposure,
        states=read_states(manifest.states, kind, where),
        verified=manifest.verified,
        guide=FlowGuide(
            id=manifest.id,
            title=guide.title,
            service=site.name,
            form_urls=guide.form_urls,
            states=guide.states,
            remedies=guide.remedies,
            reason_text=guide.reason_text,
            not_covered=guide.not_covered,
            surfaces=guide.surfaces,
            shapes=guide.shapes,
            exposure=guide.exposure,
            words={step.name: _first_names(labels, step.reveal) for step in manifest.path},
            is_control=kind is FlowKind.CONTROL,
        ),
    )


def _first_names(labels: Labels, key: str) -> dict[str, str]:
    """Locale → the first sourced name of a key, for telling a person what to click."""
    return {
        locale: phrases[0].text
        for locale, phrases in labels.entries.get(key, {}).items()
        if phrases and phrases[0].strength == "names"
    }


def _refer(manifest: _Manifest, labels: Labels, site: Site, where: str) -> None:
    """Everything that a manifest names must exist."""
    _refer_to_surfaces(manifest, site, where)
    _refer_to_labels(manifest, labels, where)
    control = manifest.control
    if control and control.submit and not saves_somewhere(control, GuardPolicy.parse(site.tables)):
        form = "paths" if control.submit.by_script else "paths, form_id_fields"
        raise FlowError(
            f"{where}: [control.submit] says what a request holds, and site.toml does not say where it goes",
            f"Add [guard.submit] with these keys to the service's site.toml: {form}.",
        )
    if (folder_id := where.replace("\\", "/").split("/")[-3:-1]) and ".".join(folder_id) != manifest.id:
        raise FlowError(f"{where}: id is '{manifest.id}', the folders say '{'.'.join(folder_id)}'", "Make them equal.")


def _refer_to_surfaces(manifest: _Manifest, site: Site, where: str) -> None:
    named = [*_surfaces_of(manifest.rule), *(r.surface for r in manifest.exposure if r.surface)]
    named += [s.surface for s in manifest.path if s.surface]
    for surface in named:
        if surface not in manifest.surfaces:
            raise FlowError(f"{where}: surface '{surface}' is not declared", f"Add [surfaces.{surface}].")
    for name, surface_table in manifest.surfaces.items():
        for url in surface_table.urls:
            if not url.startswith("https://"):
                raise FlowError(f"{where}: {url} of {name} is no https address", "Write it whole, with https://.")
            if not site.owns(url):
                raise FlowError(
                    f"{where}: {url} of {name} is not on a host of the service",
                    "Correct the address, or add its host to the service's `hosts`.",
                )


def _refer_to_labels(manifest: _Manifest, labels: Labels, where: str) -> None:
    known = set(labels.keys())
    wanted = [s.reveal for s in manifest.path]
    wanted += [rule.key for rule in manifest.exposure if rule.key]
    wanted += [key for shape in _shapes_of(manifest) for key in shape.words.values()]
    wanted += manifest.control.keys() if manifest.control else []
    for key in wanted:
        if key not in known:
            raise FlowError(f"{where}: label '{key}' has no words", "Add it to labels.toml.")


def _surfaces_of(rule: ObjectionTable | ControlTable) -> tuple[str, ...]:
    if isinstance(rule, ControlTable):
        return rule.surfaces
    return (rule.home, *rule.forms, rule.inbox)


def _shapes_of(manifest: _Manifest) -> tuple[FormShape, ...]:
    return manifest.objection.shapes if manifest.objection else ()


def filing_table(flow: Flow) -> ObjectionTable | ControlTable | None:
    """How the form or the setting is found; None where nothing is declared by what its submission is known."""
    policy = GuardPolicy.parse(flow.site.tables)
    if isinstance(flow.rule, ControlTable):
        return flow.rule if saves_somewhere(flow.rule, policy) else None
    return flow.rule if policy.guard.submit.form_id_fields else None
