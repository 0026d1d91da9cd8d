"""Results for compliance tools, each accepted by that format's own validator."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

import flows
from automation.compliance import ocsf, oscal
from automation.compliance.findings import informed
from automation.compliance.pages import plan_of, plan_page, plan_rows
from automation.core.policy import Exemption, ForeignReading, OutcomeReason, Ruling
from automation.core.results import Outcome, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.reports.background import NOTHING, Background
from automation.text.language import language
from tests.builders import A_DIGEST, A_MOMENT, a_document, a_guide, a_result

SCHEMA = Path(__file__).with_name("oscal-ar-1.2.1.json")
"""As NIST publishes it with OSCAL 1.2.1, byte for byte; a work of the US government, in the public domain."""
LAST = date(2026, 12, 24)
LIVE_WITH = Exemption(
    "excepted", Verdict.REFUSED, "Complaint under way.", "Lou Dupont", LAST, date(2026, 12, 1), incorrect_result=True
)
GUIDES = {"facebook.ai_objection": replace(a_guide(), number="TEMOIN.META.1.1")}
READING = ForeignReading(
    "ScubaGoggles 1.0.1", "GWS.GEMINI.1.1v1", "example.org", Outcome.FINDING, "Fail", A_MOMENT, A_DIGEST
)
KNOWN = Background(
    rulings={"excepted": Ruling(Outcome.OK, OutcomeReason.EXEMPT, LIVE_WITH)},
    foreign=(READING,),
    day=date(2026, 11, 25),
)


def every_answer() -> RunDocument:
    """Every verdict and reason, one exception, an account without evidence, and names that no format likes."""
    answers = [a_result(f"v-{verdict.value}", verdict) for verdict in Verdict if verdict.is_answer]
    answers += [a_result(f"r-{reason.value}", reason=reason, bundle=None, evidence=()) for reason in Reason]
    answers += [a_result("excepted", Verdict.REFUSED, outcome=Outcome.OK), a_result(" a\nb\ud800é<", owner="=1+1")]
    return a_document(*answers)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("background", [NOTHING, KNOWN])
def test_ocsf_is_accepted(lang: str, background: Background) -> None:
    """Each event is a Compliance Finding to the format's own models, with nothing in it that they do not know."""
    document = every_answer()
    events = json.loads(ocsf.render(document, GUIDES, lang, background))
    assert len(events) == len(document.results) + len(background.foreign)
    for event in events:
        read = ComplianceFinding.model_validate(event)
        assert read.class_uid == 2003
        kept = read.model_dump(mode="json", exclude_none=True)
        assert event.keys() <= kept.keys()


def test_an_ocsf_finding_says_what_it_rests_on() -> None:
    """Verdict, reason, policy, exception, digest, first and last seen; what is open is no failure."""
    events = json.loads(ocsf.render(every_answer(), GUIDES, "en", KNOWN))
    by_name = {event["resources"][0]["name"]: event for event in events}
    excepted = by_name["excepted"]
    assert excepted["compliance"]["control"] == "TEMOIN.META.1.1"
    assert (excepted["status"], excepted["compliance"]["status"]) == ("Suppressed", "Pass")
    assert excepted["unmapped"]["verdict"] == "refused"
    assert excepted["unmapped"]["policy"] == "exempt"
    assert excepted["unmapped"]["exception_until"] == "2026-12-24"
    assert excepted["unmapped"]["incorrect_result"] == "true"
    assert excepted["evidences"][0]["data"]["manifest_sha256"] == A_DIGEST
    assert excepted["finding_info"]["first_seen_time"] <= excepted["finding_info"]["last_seen_time"]
    assert all(one.startswith("informs ") for one in excepted["compliance"]["requirements"])
    statuses = {name: event["compliance"]["status"] for name, event in by_name.items()}
    assert (statuses["v-not_objected"], statuses["v-objected"]) == ("Fail", "Pass")
    assert statuses["v-pending"] == statuses["r-flow_broken"] == "Warning"
    assert "evidences" not in by_name["r-flow_broken"]


def test_what_another_program_read_is_no_evidence_of_ours() -> None:
    """It stands under that program's name, without evidence, and is no finding of OSCAL."""
    (event,) = (e for e in json.loads(ocsf.render(a_document(), GUIDES, "en", KNOWN)) if "read_by" in e["unmapped"])
    assert (event["metadata"]["product"]["name"], event["unmapped"]["read_by"]) == ("ScubaGoggles", READING.tool)
    assert "evidences" not in event
    (result,) = json.loads(oscal.render(a_document(), GUIDES, "en", KNOWN))["assessment-results"]["results"]
    (seen,) = (one for one in result["observations"] if one["methods"] == ["EXAMINE"])
    assert {"read-by", "outcome", "file-sha256"} == {one["name"] for one in seen["props"]}
    assert "relevant-evidence" not in seen
    assert len(result["findings"]) == 1


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("document", [every_answer(), a_document(results=())])
def test_oscal_is_accepted(lang: str, document: RunDocument, tmp_path: Path) -> None:
    """check-jsonschema accepts it by NIST's own schema; each account's evidence is named, and no state is made up."""
    text = oscal.render(document, GUIDES, lang, KNOWN)
    file = tmp_path / "results.json"
    file.write_text(text, encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, file],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
    (result,) = json.loads(text)["assessment-results"]["results"]
    findings = result.get("findings", [])
    observed = {one["uuid"]: one for one in result.get("observations", [])}
    for finding, told in zip(findings, document.results, strict=True):
        state = "satisfied" if told.outcome is Outcome.OK else "not-satisfied"
        assert finding["target"]["status"]["state"] == state
        (related,) = finding["related-observations"]
        assert ("relevant-evidence" in observed[related["observation-uuid"]]) is (told.bundle is not None)
    assert text == oscal.render(document, GUIDES, lang, KNOWN), "the same run gives the same document"


def test_the_plan_is_by_person_and_day() -> None:
    """Who, what, until when and where: also for what an exception covers; what is as wanted is not in it."""
    words = language("en")
    document = a_document(a_result("bad"), a_result("fine", Verdict.OBJECTED), every_answer().results[-2])
    steps = plan_of(document, GUIDES, words, KNOWN)
    assert [(s.who, s.account, s.until) for s in steps] == [
        ("Atelier Dupont", "bad", ""),
        ("Lou Dupont", "excepted", "2026-12-01"),
    ]
    assert steps[0].link.startswith("https://www.facebook.com/")
    table = list(csv.reader(StringIO("".join(plan_rows(steps, words)))))
    assert [row[0] for row in table] == ["Who", "Atelier Dupont", "Lou Dupont"]
    page = plan_page(steps, "Plan", words)
    assert f'<a href="{steps[0].link}">' in page
    assert "Lou Dupont" in page


def test_numbers_are_kept_for_good() -> None:
    """Each setting has a number, none twice; those that were ever given are all there, in use or as gone."""
    tables = flows.numbers()
    assert set(tables["settings"]) == flows.find().ids
    given = [*tables["settings"].values(), *tables["gone"].values()]
    assert len(set(given)) == len(given)
    once = (Path(__file__).parent / "numbers_given.txt").read_text().splitlines()
    assert set(once) == set(given), "a new number is added to numbers_given.txt; none is ever taken out"
    assert flows.find((), {"facebook.ai_objection"}).flows["facebook.ai_objection"].guide.number == "TEMOIN.META.1.1"


def test_the_table_says_who_has_checked_it() -> None:
    """Every row informs something of a standard, and says who compared it: nobody yet; the documents have all rows."""
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    for row in informed():
        assert row.about in {"objection", "control", "any"}
        assert row.checked_by == ""
        assert f"| {row.standard} | {row.control} |" in page


def test_the_day_after_its_end_is_over_everywhere() -> None:
    """An exception of which a day is left runs out soon; one with more than thirty does not; one that is over is over."""
    days = {-1: False, 0: True, 30: True, 31: False}
    assert {left: LIVE_WITH.runs_out(LAST - timedelta(days=left)) for left in days} == days
