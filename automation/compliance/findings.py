"""One finding an account, and what it informs: the part that every format for compliance tools shares."""

from __future__ import annotations

import hashlib
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from automation.core.flows import FlowGuide
from automation.core.policy import Exemption, Ruling
from automation.core.results import Result, RunDocument
from automation.reports.advice import Advice, advise, title_of
from automation.reports.as_json import moment
from automation.reports.background import Background
from automation.text.language import Language, printable


@dataclass(frozen=True, slots=True)
class Informed:
    """A row of `informs.toml`."""

    standard: str
    control: str
    about: str
    """`objection`, `control` or `any`: the kind of setting."""
    informs: str
    checked_by: str


@cache
def informed() -> tuple[Informed, ...]:
    """The whole table."""
    rows = tomllib.loads((Path(__file__).parent / "informs.toml").read_text(encoding="utf-8"))["rows"]
    return tuple(Informed(**row) for row in rows)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one account, for a tool."""

    id: str
    """The same for one account and setting in every report."""
    result: Result
    control: str
    """Number of the setting; the flow's id where it has none."""
    title: str
    advice: Advice
    ruling: Ruling | None
    exemption: Exemption | None
    first_seen: datetime
    """Since when the answer is this one, as far as the history tells. Aware, UTC."""
    informs: tuple[Informed, ...]

    def facts(self) -> dict[str, str]:
        """What no format has a field for, by name; what is empty is left out."""
        result, exemption = self.result, self.exemption
        found = {
            "verdict": result.verdict.value,
            "reason": result.reason.value if result.reason else "",
            "outcome": result.outcome.value,
            "expect": result.expect.value if result.expect else "",
            "policy": self.ruling.why.value if self.ruling else "",
            "flow": result.flow,
            "flow_verified": result.flow_verified.state,
            "basis": result.basis.value,
            "stand_in": "true" if result.environment.stand_in else "",
        }
        if exemption:
            found |= {"exception": exemption.reason, "exception_owner": exemption.owner}
            found |= {"exception_until": exemption.until.isoformat()}
            found |= {"incorrect_result": "true" if exemption.incorrect_result else ""}
            found |= {"remediation_date": exemption.remediation_date.isoformat() if exemption.remediation_date else ""}
        return {name: printable(value) for name, value in found.items() if value}

    def evidence(self) -> dict[str, str]:
        """Digests and stamps of the bundle; empty where there is none."""
        bundle = self.result.bundle
        if bundle is None:
            return {}
        found = {
            "manifest_sha256": bundle.manifest_sha256,
            "envelope_sha256": bundle.envelope_sha256,
            "sealed_at": moment(bundle.sealed_at) if bundle.sealed_at else "",
            "stamped": ", ".join(bundle.stamped),
            "signer": bundle.signer,
        }
        return {name: value for name, value in found.items() if value}


def findings_of(
    document: RunDocument, guides: Mapping[str, FlowGuide], words: Language, background: Background
) -> Iterator[Finding]:
    """One an account, in the order of the document."""
    for result in document.results:
        guide, ruling = guides.get(result.flow), background.rulings.get(result.account)
        change = background.changes.get(result.account)
        kind = "control" if guide and guide.is_control else "objection"
        yield Finding(
            id=str(stable_id(result.flow, result.account)),
            result=result,
            control=(guide.number if guide else "") or result.flow,
            title=title_of(guide, result.flow, words),
            advice=advise(result, guide, words),
            ruling=ruling,
            exemption=background.exemption(result.account),
            first_seen=min(change.since, result.finished_at) if change else result.started_at,
            informs=tuple(row for row in informed() if row.about in {kind, "any"}),
        )


def stable_id(*parts: str) -> uuid.UUID:
    """A number that is the same wherever the same is named: of SHA-256, in the shape of a UUID of version 5."""
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).digest()
    return uuid.UUID(bytes=digest[:16], version=5)


def without_nothing(plain: Any) -> Any:
    """The same without keys that hold nothing: these formats know no null, and no empty list."""
    if isinstance(plain, dict):
        kept = {key: without_nothing(value) for key, value in plain.items()}
        return {key: value for key, value in kept.items() if value not in (None, "", [])}
    return [without_nothing(value) for value in plain] if isinstance(plain, list) else plain
