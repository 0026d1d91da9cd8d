"""Results as a CI shows them: JUnit XML, SARIF for code scanning, and Markdown for the summary of a job."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.reports.advice import Advice, advise, title_of
from automation.reports.as_json import moment
from automation.reports.background import NOTHING, Background
from automation.reports.entries import by_owner, is_fault, most_urgent_first
from automation.reports.messages import REASONS, VERDICTS
from automation.reports.names import SYMBOLS, VERDICT_NAMES
from automation.reports.notices import notices_of, title_of_run
from automation.reports.saying import Saying, counts_of
from automation.text.catalogue import N_
from automation.text.language import language, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.core.flows import FlowGuide
    from automation.core.results import Result, RunDocument
    from automation.reports.entries import Household
    from automation.text.language import Language


_KINDS = {Outcome.FINDING: "failure", Outcome.INCOMPLETE: "skipped"}
_LEVELS = {Outcome.FINDING: "error", Outcome.INCOMPLETE: "warning"}
ROWS = 100
"""A reader of a summary reads no more; the page has all."""
MOST_BYTES = 900_000
"""GitHub refuses a summary of more than 1 MiB for a step, and other steps' words may stand before."""
_MARKS = re.compile(r"""([!"#$%&*+/<=>?@\[\\\]^_`{|}~]|[.:](?=\S))(?=(\S?))""")
"""ASCII's marks without those that mean nothing inside a line; a full stop or colon at the end of a word is one."""
_TITLES = (N_("Account"), N_("Owner"), N_("Answer"), N_("As wanted?"), N_("Change"), N_("Next"))
_LINKING = frozenset("@#:")


def render_junit(
    document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, background: Background = NOTHING
) -> str:
    """
    Write the results as JUnit XML: one suite an owner, one case an account.

    As wanted: passed; so is an answer that nothing was expected of, and `system-out` says it. Not as wanted:
    `failure`. Still open: `skipped`, whose message says why. A fault of Témoin's own, or a guard that let something
    through: `error`. The type is the verdict, or the reason where there is one.

    Args:
        document: the run.
        guides: flow id → what the flow tells its readers.
        lang: language of the messages.
        background: what else is known of the accounts.
    """
    words = language(lang)
    root = ET.Element("testsuites")
    for household in by_owner(document.results):
        root.append(_suite(household, guides, words, background))
    totals = {key: sum(int(suite.get(key, "0")) for suite in root) for key in ("tests", "failures", "errors")}
    seconds = sum(float(suite.get("time", "0")) for suite in root)
    root.attrib.update(name="Témoin", **{key: str(number) for key, number in totals.items()}, time=f"{seconds:.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(
    household: Household[Result], guides: Mapping[str, FlowGuide], words: Language, background: Background
) -> ET.Element:
    cases = [_case(result, guides.get(result.flow), words, background) for result in household.members]
    kinds = Counter(child.tag for case in cases for child in case)
    seconds = sum(float(case.get("time", "0")) for case in cases)
    began = min(result.started_at for result in household.members)
    attributes = {
        "name": printable(household.owner) or "–",
        "tests": str(len(cases)),
        "failures": str(kinds["failure"]),
        "errors": str(kinds["error"]),
        "skipped": str(kinds["skipped"]),
        "time": f"{seconds:.3f}",
        "timestamp": f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
    }
    suite = ET.Element("testsuite", attributes)
    suite.extend(cases)
    return suite


def _case(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> ET.Element:
    seconds = max(0.0, (result.finished_at - result.started_at).total_seconds())
    case = ET.Element(
        "testcase", {"name": printable(result.account), "classname": printable(result.flow), "time": f"{seconds:.3f}"}
    )
    message = message_of(result, guide, words)
    if kind := "error" if is_fault(result) else _KINDS.get(result.outcome):
        attributes = {"message": printable(message), "type": result.reason or result.verdict}
        ET.SubElement(case, kind, attributes).text = printable(details_of(result, guide, words, background))
    elif result.is_unmeasured or result.is_settled or result.looks:  # passed alone would look as if it was read
        ET.SubElement(case, "system-out").text = printable(f"{Saying(words).standing(result)}: {message}")
    return case


def message_of(result: Result, guide: FlowGuide | None, words: Language) -> str:
    """The answer and what it means, in one line."""
    advice, seen = advise(result, guide, words), Saying(words).seen_by(result)
    answer = words.gettext(VERDICT_NAMES[result.verdict])
    return f"{answer}, {seen}. {advice.meaning.text}" if seen else f"{answer}. {advice.meaning.text}"


def _steps(advice: Advice) -> list[str]:
    """What to do, numbered."""
    return [f"{number}. {step.text}" for number, step in enumerate(advice.steps, 1)]


def details_of(result: Result, guide: FlowGuide | None, words: Language, background: Background) -> str:
    """What a person needs who sees nothing but this: what was read, what to do, and where the proof lies."""
    advice, say = advise(result, guide, words), Saying(words)
    lines = [" ".join(filter(None, (title_of(guide, result.flow, words), guide.number if guide else "")))]
    if result.page:
        lines.append(words.gettext("Page %(name)s") % {"name": result.page})
    if result.account in background.changes:
        lines.append(say.change(background.changes[result.account]))
    lines += _steps(advice)
    lines += [address.url for address in advice.addresses]
    if result.bundle:
        lines.append(words.gettext("Evidence: %(folder)s") % {"folder": result.bundle.path})
    return "\n".join(lines)


def render_sarif(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    background: Background = NOTHING,
    *,
    lines: Mapping[str, int],
    configuration: str = "temoin.toml",
) -> str:
    """
    Write SARIF 2.1.0: a result for each account that is not as wanted (error) or still open (warning).

    `lines` gives each account's line in the configuration, from 1; an account without one gets the first line.
    `configuration` is the address of that file, relative to the repository.
    """
    words = language(lang)
    shown = [result for result in most_urgent_first(document.results) if result.outcome in _LEVELS]
    place = {"uri": printable(configuration), "uriBaseId": "%SRCROOT%"}
    run = {
        "tool": {
            "driver": {
                "name": "Témoin",
                "version": document.run.temoin,
                "rules": [_rule(name, words) for name in sorted({_rule_id(result) for result in shown})],
            }
        },
        "invocations": [
            {
                "executionSuccessful": document.run.exit_code in {0, 1, 3},
                "exitCode": document.run.exit_code,
                "startTimeUtc": moment(document.run.started_at),
                "endTimeUtc": moment(document.run.finished_at),
            }
        ],
        "automationDetails": {"id": f"temoin/{printable(document.run.id)}"},
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                "ruleId": _rule_id(result),
                "level": _LEVELS[result.outcome],
                "message": {"text": printable("\n".join(_said(result, guides.get(result.flow), words)))},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": place,
                            "region": {"startLine": max(1, lines.get(result.account, 1))},
                        },
                        "logicalLocations": [{"name": printable(result.account), "kind": "resource"}],
                    }
                ],
                "partialFingerprints": {"account/v1": _fingerprint(result)},
                "properties": _properties(result, guides.get(result.flow), background),
            }
            for result in shown
        ],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule_id(result: Result) -> str:
    return result.reason or result.verdict


def _rule(name: str, words: Language) -> dict[str, Any]:
    reason = Reason(name) if name in set(Reason) else None
    verdict = reason.verdict if reason else Verdict(name)
    message = REASONS[reason] if reason else VERDICTS[verdict]
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in name.split("_")),
        "shortDescription": {"text": words.gettext(VERDICT_NAMES[verdict])},
        "fullDescription": {"text": words.gettext(message.meaning)},
        "help": {"text": "\n".join(words.gettext(step) % {"account": "…"} for step in message.steps)},
    }


def _said(result: Result, guide: FlowGuide | None, words: Language) -> Iterator[str]:
    yield f"{result.account}: {message_of(result, guide, words)}"
    yield from _steps(advise(result, guide, words))


def _fingerprint(result: Result) -> str:
    """The same for one account in every run, so that a finding stays one finding while its line moves."""
    return hashlib.sha256(f"{result.flow}\n{result.account}".encode("utf-8", "backslashreplace")).hexdigest()


def _properties(result: Result, guide: FlowGuide | None, background: Background) -> dict[str, Any]:
    change = background.changes.get(result.account)
    return {
        "verdict": result.verdict,
        "outcome": result.outcome,
        "expect": result.expect,
        "change": change.kind if change else None,
        "standIn": result.environment.stand_in,
        "flowVerified": result.flow_verified.state,
        "basis": result.basis,
        "control": guide.number if guide else "",
        "looks": [look.source for look in result.looks],
    }


def render_markdown(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    background: Background = NOTHING,
    *,
    rows: int = ROWS,
) -> str:
    """Write a summary in GitHub's Markdown, changed accounts first, then by urgency, at most `rows` of them."""
    words = language(lang)
    say = Saying(words)
    tally = f"**{escaped(say.tally(counts_of(document.results)))}**"
    nothing = escaped(words.gettext("No account was checked in this run."))
    parts = [f"## {escaped(title_of_run(document, words))}", tally if document.results else nothing]
    parts += [
        f"> **{escaped(notice.title)}** {escaped(notice.text)}"
        for notice in notices_of(document, guides, words, background)
    ]
    ordered = sorted(most_urgent_first(document.results), key=lambda result: not background.is_news(result.account))
    shown = list(_within(ordered[:rows], guides, say, words, background))
    if shown:
        titles = (words.gettext(title) for title in _TITLES)
        parts.append("\n".join((f"| {' | '.join(titles)} |", f"|{' --- |' * len(_TITLES)}", *shown)))
    left = len(ordered) - len(shown)
    if left:
        sentence = words.ngettext(
            "%(num)s more account stands in the report.", "%(num)s more accounts stand in the report.", left
        )
        parts.append(escaped(sentence % {"num": words.number(left)}))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """
    Text as Markdown that shows it and does nothing else: no markup, link, mention, reference or emoji.

    Every mark becomes its number, which no reader of Markdown takes for syntax; a comment after what GitHub links
    by itself keeps it from being one word with what follows.
    """

    def numbered(found: re.Match[str]) -> str:
        mark, more = found[1], bool(found[2])
        return f"&#{ord(mark)};" + ("<!-- -->" if more and mark in _LINKING else "")

    return _MARKS.sub(numbered, " ".join(printable(text).split()))


def _foreign(text: str) -> str:
    """A name from outside: whatever direction it is written in, it turns nothing beside it."""
    return f"\u2068{escaped(text)}\u2069"


def _within(
    results: list[Result], guides: Mapping[str, FlowGuide], say: Saying, words: Language, background: Background
) -> Iterator[str]:
    """Rows for as long as there is room for them."""
    room = MOST_BYTES
    for result in results:
        change = background.changes.get(result.account)
        cells = (
            _foreign(result.account),
            _foreign(result.owner),
            escaped(f"{SYMBOLS[result.verdict][0]} {say.verdict(result.verdict)}"),
            escaped(say.standing(result)),
            escaped(say.change(change)) if change else "–",
            escaped(advise(result, guides.get(result.flow), words).in_short),
        )
        row = f"| {' | '.join(cells)} |"
        room -= len(row.encode()) + 1
        if room < 0:
            return
        yield row
