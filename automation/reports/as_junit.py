"""Results as JUnit XML, which every CI shows: a finding is a failure, a fault an error, what is open is skipped."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from automation.core.results import Outcome
from automation.reports.advice import advise, title_of
from automation.reports.background import NOTHING, Background
from automation.reports.groups import by_owner, is_fault
from automation.reports.names import VERDICT_NAMES
from automation.reports.saying import Saying
from automation.text.language import language, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.guides import FlowGuide
    from automation.core.results import Result, RunDocument
    from automation.reports.groups import Household
    from automation.text.language import Language


def render_junit(
    document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, background: Background = NOTHING
) -> str:
    """
    Write the results as JUnit XML: one suite an owner, one case an account.

    As wanted: passed; so is an answer that nothing was expected of, and `system-out` says it. Not as wanted:
    `failure`. Still open: `skipped`, whose message says why. A fault of Témoin's own, or a guard that let something
    through: `error`. The type is the verdict, or the reason where there is one.

    Raises:
        ConfigurationError: there is no report in that language.
    """
    words = language(lang)
    suites = [_suite(household, guides, words, background) for household in by_owner(document.results)]
    attributes = {"name": "Témoin", **_totals(suites)}
    root = ET.Element("testsuites", attributes)
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(
    household: Household, guides: Mapping[str, FlowGuide], words: Language, background: Background
) -> ET.Element:
    results = [result for group in household.groups for result in group.results]
    cases = [_case(result, guides.get(result.flow), words, background) for result in results]
    kinds = Counter(child.tag for case in cases for child in case)
    seconds = sum(float(case.get("time", "0")) for case in cases)
    began = min(result.started_at for result in results)
    suite = ET.Element(
        "testsuite",
        {
            "name": printable(household.owner) or "–",
            "tests": str(len(cases)),
            "failures": str(kinds["failure"]),
            "errors": str(kinds["error"]),
            "skipped": str(kinds["skipped"]),
            "time": f"{seconds:.3f}",
            "timestamp": f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        },
    )
    suite.extend(cases)
    return suite


def _case(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> ET.Element:
    seconds = max(0.0, (result.finished_at - result.started_at).total_seconds())
    case = ET.Element(
        "testcase",
        {"name": printable(result.account), "classname": printable(result.flow), "time": f"{seconds:.3f}"},
    )
    kind = _kind(result)
    if kind:
        attributes = {"message": printable(message_of(result, guide, words)), "type": result.reason or result.verdict}
        ET.SubElement(case, kind, attributes).text = printable(details_of(result, guide, words, background))
    elif result.is_unmeasured or result.is_settled or result.looks:  # passed alone would look as if it was read
        said = f"{Saying(words).standing(result)}: {message_of(result, guide, words)}"
        ET.SubElement(case, "system-out").text = printable(said)
    return case


def _kind(result: Result) -> str:
    if is_fault(result):
        return "error"
    return {Outcome.OK: "", Outcome.FINDING: "failure", Outcome.INCOMPLETE: "skipped"}[result.outcome]


def message_of(result: Result, guide: FlowGuide | None, words: Language) -> str:
    """The answer and what it means, in one line."""
    advice, seen = advise(result, guide, words), Saying(words).seen_by(result)
    answer = words.gettext(VERDICT_NAMES[result.verdict])
    return f"{answer}, {seen}. {advice.meaning.text}" if seen else f"{answer}. {advice.meaning.text}"


def details_of(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> str:
    """What a person needs who sees nothing but this: what was read, what to do, and where the proof lies."""
    advice, say = advise(result, guide, words), Saying(words)
    lines = [title_of(guide, result.flow, words)]
    if result.page:
        lines.append(words.gettext("Page %(name)s") % {"name": result.page})
    if result.account in background.changes:
        lines.append(say.change(background.changes[result.account]))
    lines += [f"{number}. {step.text}" for number, step in enumerate(advice.steps, 1)]
    lines += [address.url for address in advice.addresses]
    if result.bundle:
        lines.append(words.gettext("Evidence: %(folder)s") % {"folder": result.bundle.path})
    return "\n".join(lines)


def _totals(suites: list[ET.Element]) -> dict[str, str]:
    whole = {key: sum(int(suite.get(key, "0")) for suite in suites) for key in ("tests", "failures", "errors")}
    seconds = sum(float(suite.get("time", "0")) for suite in suites)
    return {**{key: str(number) for key, number in whole.items()}, "time": f"{seconds:.3f}"}
