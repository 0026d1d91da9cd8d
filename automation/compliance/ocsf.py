"""Results as OCSF 1.5: a Compliance Finding (class 2003) an account, and one for each reading of another program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from automation.compliance.findings import Finding, findings_of, stable_id, without_nothing
from automation.core.flows import FlowGuide
from automation.core.policy import ForeignReading
from automation.core.results import Outcome, RunDocument
from automation.reports.as_json import moment
from automation.reports.background import Background
from automation.text.language import language, printable, writable

VERSION = "1.5.0"
_STATUS = {Outcome.OK: (1, "Pass"), Outcome.INCOMPLETE: (2, "Warning"), Outcome.FINDING: (3, "Fail")}
"""`compliance.status_id`: what is not known is no failure."""
_SEVERITY = {Outcome.OK: (1, "Informational"), Outcome.INCOMPLETE: (2, "Low"), Outcome.FINDING: (3, "Medium")}


def render(document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, background: Background) -> str:
    """A JSON list of events, the accounts first."""
    events = [_event(one, document) for one in findings_of(document, guides, language(lang), background)]
    events += [_foreign(reading) for reading in background.foreign]
    return writable(json.dumps([without_nothing(event) for event in events], ensure_ascii=False, indent=2)) + "\n"


def _common(uid: str, title: str, outcome: Outcome, at: datetime, product: Mapping[str, str]) -> dict[str, Any]:
    (severity_id, severity), (status_id, status) = _SEVERITY[outcome], _STATUS[outcome]
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "time": _ms(at),
        "time_dt": moment(at),
        "severity_id": severity_id,
        "severity": severity,
        "metadata": {"version": VERSION, "profiles": ["datetime"], "product": dict(product)},
        "finding_info": {"uid": uid, "title": printable(title)},
        "compliance": {"status_id": status_id, "status": status},
    }


def _event(one: Finding, document: RunDocument) -> dict[str, Any]:
    result, bundle = one.result, one.result.bundle
    product = {"name": "Témoin", "vendor_name": "Témoin", "version": document.run.temoin}
    event = _common(one.id, one.title, result.outcome, result.finished_at, product)
    event["finding_info"] |= {
        "desc": printable(one.advice.meaning.text),
        "first_seen_time": _ms(one.first_seen),
        "first_seen_time_dt": moment(one.first_seen),
        "last_seen_time": _ms(result.finished_at),
        "last_seen_time_dt": moment(result.finished_at),
    }
    event["compliance"] |= {
        "control": one.control,
        "standards": list(dict.fromkeys(row.standard for row in one.informs)),
        "requirements": [f"informs {row.standard} {row.control}" for row in one.informs],
    }
    event["status_id"], event["status"] = _progress(one)
    event["status_code"] = result.reason or result.verdict
    event["message"] = f"{printable(result.account)}: {printable(one.advice.in_short)}"
    group = {"name": printable(result.owner)}
    event["resources"] = [{"uid": result.subject, "name": printable(result.account), "type": "account", "group": group}]
    steps = " ".join(step.text for step in one.advice.steps)
    if steps:
        event["remediation"] = {"desc": printable(steps), "references": [link.url for link in one.advice.addresses]}
    if bundle:
        event["evidences"] = [{"name": bundle.path, "data": one.evidence()}]
    event["unmapped"] = one.facts()
    return event


def _progress(one: Finding) -> tuple[int, str]:
    if one.result.outcome is Outcome.OK:
        return (3, "Suppressed") if one.exemption else (4, "Resolved")
    return 1, "New"


def _foreign(reading: ForeignReading) -> dict[str, Any]:
    """What another program read, under that program's name, and without evidence."""
    name, _, version = reading.tool.rpartition(" ")
    product = {"name": printable(name), "vendor_name": printable(name), "version": printable(version)}
    uid = str(stable_id(reading.tool, reading.check, reading.tenant))
    event = _common(uid, reading.check, reading.outcome, reading.at, product)
    event["compliance"]["control"] = printable(reading.check)
    event["status_code"] = printable(reading.said)
    event["resources"] = [{"name": printable(reading.tenant), "type": "tenant"}]
    event["unmapped"] = {"read_by": printable(reading.tool), "file_sha256": reading.sha256}
    return event


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
