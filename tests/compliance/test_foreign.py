"""What ScubaGoggles and Prowler write, taken into reports under their own names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from automation.compliance.foreign import Tool, readings_in
from automation.core.errors import ConfigurationError
from automation.core.results import Outcome

if TYPE_CHECKING:
    from pathlib import Path


def scubagoggles(**results: str) -> Any:
    """The parts of `ScubaResults….json` of ScubaGoggles 1.0.1 that are read, and some that are not."""
    controls = [
        {"Control ID": f"GWS.GEMINI.{number.replace('_', '.')}v1", "Requirement": "<b>x</b>", "Result": result}
        for number, result in results.items()
    ]
    group = {"GroupName": "Gemini App Access", "GroupNumber": "1", "Controls": controls}
    about = {
        "Tool": "ScubaGoggles",
        "ToolVersion": "1.0.1",
        "TimestampZulu": "2026-11-25T07:30:12.345Z",
        "DomainName": "example.org",
    }
    return {"MetaData": about, "Summary": {}, "Results": {"gemini": [group], "gmail": []}, "Raw": {}}


def prowler(code: str = "PASS", check: str = "organizations_opt_out_ai_services_policy") -> Any:
    """One finding as Prowler 5 writes it, shortened."""
    about = {"event_code": check, "product": {"name": "Prowler", "version": "5.13.0"}, "version": "1.5.0"}
    cloud = {"account": {"uid": "123456789012"}, "provider": "aws"}
    return [{"metadata": about, "status_code": code, "time": 1764055812, "cloud": cloud}]


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("Pass", Outcome.OK), ("Fail", Outcome.FINDING), ("Omitted", Outcome.INCOMPLETE), ("Error", Outcome.INCOMPLETE)],
)
def test_scubagoggles(tmp_path: Path, result: str, outcome: Outcome) -> None:
    """The policies on data use alone are read; only its own pass and fail are more than open."""
    file = tmp_path / "ScubaResults.json"
    file.write_text(json.dumps(scubagoggles(**{"1_1": result, "3_1": "Pass"})), encoding="utf-8")
    (reading,) = readings_in(Tool.SCUBAGOGGLES, file)
    assert (reading.tool, reading.check) == ("ScubaGoggles 1.0.1", "GWS.GEMINI.1.1v1")
    assert (reading.outcome, reading.tenant, reading.said) == (outcome, "example.org", result)
    assert reading.at.isoformat() == "2026-11-25T07:30:12.345000+00:00"


@pytest.mark.parametrize(
    ("code", "outcome"), [("PASS", Outcome.OK), ("FAIL", Outcome.FINDING), ("MANUAL", Outcome.INCOMPLETE)]
)
def test_prowler(tmp_path: Path, code: str, outcome: Outcome) -> None:
    """The check of the opt-out policy for AI services is read, and no other."""
    file = tmp_path / "aws.ocsf.json"
    file.write_text(json.dumps([*prowler(code), *prowler("FAIL", "iam_root_mfa")]), encoding="utf-8")
    (reading,) = readings_in(Tool.PROWLER, file)
    assert (reading.tool, reading.tenant, reading.outcome) == ("Prowler 5.13.0", "AWS 123456789012", outcome)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "no result of"),
        ("[]", "no check"),
        ('{"MetaData": {}}', "no result of"),
        (json.dumps(prowler(check="iam_root_mfa")), "no check"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """What is no such file, or holds no such check, is refused with what to name instead."""
    file = tmp_path / "file.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        readings_in(Tool.PROWLER, file)
