"""
What other programs read about AI data use of a company's tenant, from the files that they write.

ScubaGoggles 1.0 (`ScubaResults…json`): policies of its Gemini baseline that say who may use a company's data. Prowler 5
(`….ocsf.json`): its check of the opt-out policy for AI services of AWS Organizations.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from automation.core.errors import ConfigurationError
from automation.core.policy import ForeignReading
from automation.core.results import Outcome

_LARGEST_BYTES = 256_000_000
_GEMINI = ("GWS.GEMINI.1.1", "GWS.GEMINI.2.1")
"""Access without a licence, whose data may train; features in trial, under other terms. Its others are no data use."""
_OPT_OUT = "organizations_opt_out_ai_services_policy"
_OUTCOMES = {"pass": Outcome.OK, "fail": Outcome.FINDING}
"""All else, such as `Warning`, `Omitted`, `Incorrect result` or `MANUAL`, is open."""


class Tool(StrEnum):
    """A program whose file can be read."""

    SCUBAGOGGLES = "scubagoggles"
    PROWLER = "prowler"


def readings_in(tool: Tool, file: Path) -> tuple[ForeignReading, ...]:
    """
    The readings in a file.

    Raises ConfigurationError: it cannot be read, is not of that program, or holds none of these checks.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST_BYTES)
        found = tuple(_READERS[tool](json.loads(data), hashlib.sha256(data).hexdigest()))
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error.strerror or error})", "Name the file that the program wrote."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigurationError(
            f"{file}: this is no result of {tool.value} that this version reads ({type(error).__name__})",
            "Name its JSON file: ScubaResults….json of ScubaGoggles, ….ocsf.json of Prowler.",
        ) from None
    if not found:
        raise ConfigurationError(
            f"{file}: holds no check on AI data use",
            "Run ScubaGoggles with its baseline gemini, or Prowler with organizations_opt_out_ai_services_policy.",
        )
    return found


def _of_scubagoggles(plain: Any, digest: str) -> Iterator[ForeignReading]:
    about = plain["MetaData"]
    tool, at = f"{about['Tool']} {about['ToolVersion']}", _moment(about["TimestampZulu"])
    for group in plain["Results"].get("gemini", ()):
        for control in group["Controls"]:
            if str(control["Control ID"]).startswith(_GEMINI):
                said = str(control["Result"])
                outcome = _OUTCOMES.get(said.lower(), Outcome.INCOMPLETE)
                yield ForeignReading(
                    tool, str(control["Control ID"]), str(about["DomainName"]), outcome, said, at, digest
                )


def _of_prowler(plain: Any, digest: str) -> Iterator[ForeignReading]:
    for event in plain:
        about = event["metadata"]
        if about.get("event_code") != _OPT_OUT:
            continue
        product, said = about["product"], str(event["status_code"])
        outcome = _OUTCOMES.get(said.lower(), Outcome.INCOMPLETE)
        at = datetime.fromtimestamp(int(event["time"]), UTC)
        tenant = f"AWS {event['cloud']['account']['uid']}"
        yield ForeignReading(f"{product['name']} {product['version']}", _OPT_OUT, tenant, outcome, said, at, digest)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_READERS: dict[Tool, Callable[[Any, str], Iterator[ForeignReading]]] = {
    Tool.SCUBAGOGGLES: _of_scubagoggles,
    Tool.PROWLER: _of_prowler,
}
