"""Results as OSCAL 1.2: one document of assessment results, with an observation and a finding an account."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from automation.compliance.findings import Finding, findings_of, stable_id, without_nothing
from automation.core.flows import FlowGuide
from automation.core.policy import ForeignReading
from automation.core.results import Outcome, RunDocument
from automation.reports.as_json import moment
from automation.reports.background import Background
from automation.text.language import language, printable, writable

VERSION = "1.2.1"
_NAMESPACE = "urn:temoin:oscal"
_STATES = {
    Outcome.OK: ("satisfied", "pass"),
    Outcome.FINDING: ("not-satisfied", "fail"),
    Outcome.INCOMPLETE: ("not-satisfied", "other"),
}
"""OSCAL knows no third state; `other` and the remark say that nothing is known."""


def render(document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, background: Background) -> str:
    """
    The document as JSON.

    Every number in it is made from what it stands for, so the same run gives the same document. There is no assessment
    plan; `import-ap` names a resource that says so.
    """
    run, words = document.run, language(lang)
    found = list(findings_of(document, guides, words, background))
    readings = background.foreign
    plan = str(stable_id("plan", run.id))
    controls = [{"control-id": _token(one)} for one in dict.fromkeys(one.control for one in found)]
    selection: dict[str, Any] = {"include-controls": controls} if controls else {"include-all": {}}
    result = {
        "uuid": str(stable_id("result", run.id)),
        "title": _line(words.gettext("What the services said of the accounts")),
        "description": words.gettext("It informs the controls that it names, and fulfils none."),
        "start": moment(run.started_at),
        "end": moment(run.finished_at),
        "reviewed-controls": {"control-selections": [selection]},
        "observations": [*map(_observation, found), *map(_foreign, readings)],
        "findings": [*map(_finding, found)],
    }
    results = {
        "uuid": str(stable_id("document", run.id, moment(run.finished_at))),
        "metadata": {
            "title": f"Témoin: {_line(run.id)}",
            "last-modified": moment(run.finished_at),
            "version": run.temoin or "0",
            "oscal-version": VERSION,
        },
        "import-ap": {"href": f"#{plan}"},
        "results": [result],
        "back-matter": {"resources": [{"uuid": plan, "title": "No assessment plan: temoin.toml says what is read"}]},
    }
    return writable(json.dumps({"assessment-results": without_nothing(results)}, ensure_ascii=False, indent=2)) + "\n"


def _observation(one: Finding) -> dict[str, Any]:
    result, bundle = one.result, one.result.bundle
    evidence = (
        [{"href": quote(bundle.path, errors="replace"), "description": one.title, "props": _props(one.evidence())}]
        if bundle
        else []
    )
    return {
        "uuid": str(stable_id("observation", one.id)),
        "title": _line(f"{result.account}: {one.title}"),
        "description": printable(one.advice.meaning.text),
        "props": _props({**one.facts(), "first-seen": moment(one.first_seen)}),
        "methods": ["TEST"],
        "relevant-evidence": evidence,
        "collected": moment(result.finished_at),
    }


def _finding(one: Finding) -> dict[str, Any]:
    state, reason = _STATES[one.result.outcome]
    informs = [{"name": "informs", "ns": _NAMESPACE, "value": f"{row.standard} {row.control}"} for row in one.informs]
    return {
        "uuid": str(stable_id("finding", one.id)),
        "title": _line(f"{one.result.account}: {one.advice.in_short}"),
        "description": printable(one.advice.meaning.text),
        "props": informs,
        "target": {
            "type": "objective-id",
            "target-id": _token(one.control),
            "status": {"state": state, "reason": reason, "remarks": one.result.reason or one.result.verdict},
        },
        "related-observations": [{"observation-uuid": str(stable_id("observation", one.id))}],
    }


def _foreign(reading: ForeignReading) -> dict[str, Any]:
    """What another program read: an observation without evidence, and no finding of Témoin's."""
    return {
        "uuid": str(stable_id("foreign", reading.tool, reading.check, reading.tenant)),
        "title": _line(f"{reading.tenant}: {reading.check}"),
        "description": printable(reading.said),
        "props": _props({"read-by": reading.tool, "outcome": reading.outcome.value, "file-sha256": reading.sha256}),
        "methods": ["EXAMINE"],
        "collected": moment(reading.at),
    }


def _props(facts: Mapping[str, str]) -> list[dict[str, str]]:
    named = {name.replace("_", "-"): _line(value) for name, value in facts.items()}
    return [{"name": name, "ns": _NAMESPACE, "value": value} for name, value in named.items()]


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)
