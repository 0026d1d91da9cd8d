"""Results as SARIF, for code scanning: what is not as wanted points at the account's line of the configuration."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.reports.advice import advise
from automation.reports.as_json import moment
from automation.reports.as_junit import message_of
from automation.reports.background import NOTHING, Background
from automation.reports.groups import most_urgent_first
from automation.reports.messages import REASONS, VERDICTS
from automation.reports.names import VERDICT_NAMES
from automation.text.language import language, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.guides import FlowGuide
    from automation.core.results import Result, RunDocument
    from automation.text.language import Language

_LEVELS = {Outcome.FINDING: "error", Outcome.INCOMPLETE: "warning"}
_CONFIGURATION = "temoin.toml"


def render_sarif(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    background: Background = NOTHING,
    *,
    lines: Mapping[str, int],
    configuration: str = _CONFIGURATION,
) -> str:
    """
    Write SARIF 2.1.0: a result for each account that is not as wanted (error) or still open (warning).

    Args:
        document: the run.
        guides: flow id → what the flow tells its readers.
        lang: language of the messages.
        background: what else is known of the accounts.
        lines: account → its line in the configuration, from 1; an account without one gets the first line.
        configuration: address of the configuration, relative to the repository.

    Raises:
        ConfigurationError: there is no report in that language.
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
                "message": {"text": printable(_message(result, guides.get(result.flow), words))},
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
                "properties": _properties(result, background),
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


def _message(result: Result, guide: FlowGuide | None, words: Language) -> str:
    advice = advise(result, guide, words)
    said = f"{result.account}: {message_of(result, guide, words)}"
    return "\n".join((said, *(f"{number}. {step.text}" for number, step in enumerate(advice.steps, 1))))


def _fingerprint(result: Result) -> str:
    """The same for one account in every run, so that a finding stays one finding while its line moves."""
    return hashlib.sha256(f"{result.flow}\n{result.account}".encode("utf-8", "backslashreplace")).hexdigest()


def _properties(result: Result, background: Background) -> dict[str, Any]:
    change = background.changes.get(result.account)
    return {
        "verdict": result.verdict,
        "outcome": result.outcome,
        "expect": result.expect,
        "change": change.kind if change else None,
        "standIn": result.environment.stand_in,
        "flowVerified": result.flow_verified.state,
        "basis": result.basis,
        "looks": [look.source for look in result.looks],
    }
