"""Runs as JSON: stable, described, and read back without loss."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.errors import ConfigurationError
from automation.core.results import SCHEMA, Result, Run, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import from_json, schema, to_json
from tests import json_schemas
from tests.builders import A_MOMENT, a_document, a_form, a_result, a_signal


def every_answer() -> RunDocument:
    """A run with every verdict and every reason, with and without a form and a bundle."""
    answers = [a_result(f"v-{v.value}", v) for v in Verdict if v.is_answer]
    answers += [a_result(f"r-{r.value}", reason=r, bundle=None, evidence=()) for r in Reason]
    answers.append(a_result("no-wish", expect=None, form=a_form(form_id=None, submit=None, submit_enabled=None)))
    return a_document(*answers)


def _validate(plain: Any) -> None:
    json_schemas.follow(plain, schema())


def test_a_run_comes_back_as_it_was() -> None:
    """Reading what was written gives an equal run, of the domain's own types, down to the last field."""
    document = every_answer()
    back = from_json(to_json(document))
    assert back == document
    assert type(back) is type(document)
    assert all(type(result) is Result for result in back.results)
    assert isinstance(back.results, tuple)
    assert to_json(back) == to_json(document)


def test_schema_comes_first_and_fields_in_their_order() -> None:
    """The first key says what this is; after it every field stands where it is declared."""
    plain = json.loads(to_json(a_document()))
    assert list(plain) == ["schema", "run", "results"]
    assert plain["schema"] == SCHEMA
    assert list(plain["run"]) == [field.name for field in dataclasses.fields(Run)]
    assert list(plain["results"][0]) == [field.name for field in dataclasses.fields(Result)]


def test_moments_are_utc_with_z() -> None:
    """A moment in any time zone is written in UTC, ending in Z."""
    paris = A_MOMENT.astimezone(timezone(timedelta(hours=1)))
    plain = json.loads(to_json(a_document(a_result(started_at=paris))))
    assert plain["results"][0]["started_at"] == "2026-11-25T07:30:12.345678Z"


def test_a_moment_without_time_zone_is_not_written() -> None:
    """A moment that could mean anything is refused rather than guessed."""
    with pytest.raises(ValueError, match="no time zone"):
        to_json(a_document(a_result(started_at=datetime(2026, 11, 25, 7, 30))))  # noqa: DTZ001


def test_the_schema_is_a_schema_and_says_what_things_are() -> None:
    """The JSON Schema follows the 2020-12 dialect, names itself, is closed everywhere and describes its parts."""
    described = schema()
    json_schemas.be_a_schema(described)
    assert described["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert described["$id"] == "urn:temoin.run:1"
    objects = [described, *(part for part in described["$defs"].values() if part["type"] == "object")]
    assert len(objects) > 10
    for part in objects:
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])
        assert part["description"]
    assert described["$defs"]["Result"]["properties"]["because"]["description"] == "One sentence for a person."


def test_the_schema_accepts_every_answer() -> None:
    """What is written fits the schema, whatever the verdict; so does a run that checked nothing."""
    _validate(json.loads(to_json(every_answer())))
    _validate(json.loads(to_json(a_document(results=()))))


def _break(plain: dict[str, Any], how: str) -> None:
    result = plain["results"][0]
    match how:
        case "extra key":
            plain["extra"] = 1
        case "extra key deep":
            result["guard"]["allowed"][0]["extra"] = 1
        case "missing key":
            del result["verdict"]
        case "missing key with a default":
            del result["attempts"]
        case "unknown verdict":
            result["verdict"] = "fine"
        case "moment as a number":
            result["started_at"] = 1
        case "moment without Z":
            result["started_at"] = "2026-11-25T07:30:12+01:00"
        case "writes as a word":
            result["guard"]["writes_let_through"] = "none"
        case "another schema":
            plain["schema"] = "temoin.run/2"


FAULTS = [
    "extra key",
    "extra key deep",
    "missing key",
    "missing key with a default",
    "unknown verdict",
    "moment as a number",
    "moment without Z",
    "writes as a word",
    "another schema",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_schema_refuses_a_fault(fault: str) -> None:
    """Each way in which a document can be wrong is caught by the schema alone."""
    plain = json.loads(to_json(a_document()))
    _break(plain, fault)
    with pytest.raises(ValueError):
        _validate(plain)


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        ("extra key", "extra"),
        ("extra key deep", "results.0.guard.allowed.0.extra"),
        ("missing key", "results.0.verdict"),
        ("unknown verdict", "results.0.verdict"),
        ("writes as a word", "results.0.guard.writes_let_through"),
    ],
)
def test_reading_a_fault_names_its_place(fault: str, place: str) -> None:
    """A document that does not follow its schema is refused with the path to the fault and a remedy."""
    plain = json.loads(to_json(a_document()))
    _break(plain, fault)
    with pytest.raises(ConfigurationError) as caught:
        from_json(json.dumps(plain))
    assert f" {place}: " in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x1b[31m"])
def test_what_is_no_json_is_refused(text: str) -> None:
    """Text that is not JSON ends in one clear error."""
    with pytest.raises(ConfigurationError, match="not JSON"):
        from_json(text)


@pytest.mark.parametrize(
    "plain", [[], 3, None, {}, {"schema": None}, {"schema": "temoin.run/2"}, {"schema": "\x1b[31m"}]
)
def test_an_unknown_schema_is_refused(plain: Any) -> None:
    """A document of another kind or a newer version is named as such, and cannot steer the terminal."""
    with pytest.raises(ConfigurationError, match="have the schema") as caught:
        from_json(json.dumps(plain))
    assert SCHEMA in caught.value.message
    assert "\x1b" not in str(caught.value)


@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_survives(text: str) -> None:
    """Whatever a page said, half surrogate pairs and all, is valid UTF-8 JSON and comes back unchanged."""
    document = a_document(a_result(owner=text, signals=(a_signal(quote=text),)))
    written = to_json(document)
    assert from_json(written.encode().decode()) == document
