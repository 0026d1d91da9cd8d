"""Results as data: read back by the readers that each format is for, complete, and never taken for more than text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from automation.core.records import BundleRef
from automation.core.results import RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_ci import ROWS, escaped, render_junit, render_markdown, render_sarif
from automation.reports.as_json import LINE_SCHEMA, from_json, lines, to_json
from automation.reports.as_table import COLUMNS, rows
from automation.reports.background import NOTHING, Background, past_of
from automation.text.catalogue import LANGUAGES
from automation.text.language import printable, writable
from tests import json_schemas
from tests.builders import A_DIGEST, a_document, a_guard_record, a_result
from tests.reports.pages import GUIDES, a_run_of, every_answer, recorded

HOSTILE = (
    "=cmd|' /C calc'!A0 \"'><script>alert(1)</script> | @you #1 :smile: [a](http://x.y) `b` ]]> &lt; \u202e\x00\ud800"
)
TEXT = st.text(alphabet=st.characters(), max_size=30)
_XSD = Path(__file__).parent / "junit.xsd"
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {"uniqueItems": True, "items": {"required": ["id", "shortDescription"]}}
                                },
                            }
                        },
                    },
                    "results": {
                        "items": {
                            "required": ["ruleId", "level", "message", "locations", "partialFingerprints"],
                            "properties": {
                                "level": {"enum": ["error", "warning"]},
                                "message": {"required": ["text"]},
                                "locations": {"minItems": 1, "maxItems": 1},
                            },
                        }
                    },
                },
            },
        },
    },
}
"""What GitHub's code scanning asks of SARIF 2.1.0, written down from its documentation."""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Background]:
    """A week in which one account got worse, one was put right and one stayed, in a real history."""
    now = [a_result("worse", Verdict.REFUSED), a_result("better", Verdict.OBJECTED), a_result("same", Verdict.PENDING)]
    before = [a_result(n, Verdict.PENDING) for n in ("worse", "better", "same")]
    with recorded(tmp_path_factory.mktemp("past") / "h.sqlite3", {7: before, 0: now}) as history:
        yield past_of(history, a_run_of(0, *now).results, stand_in=False, lines_up_to=100)


@pytest.fixture(scope="module")
def week() -> RunDocument:
    """The results that this past belongs to."""
    verdicts = {"worse": Verdict.REFUSED, "better": Verdict.OBJECTED, "same": Verdict.PENDING}
    return a_run_of(0, *(a_result(name, verdict) for name, verdict in verdicts.items()))


def read_csv(text: str) -> list[dict[str, str]]:
    """As a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_line_of_json_is_one_account(past: Background, week: RunDocument) -> None:
    """Every line is a whole JSON object with the result as `temoin check --json` spells it, and with its change."""
    text = "".join(lines(week.results, past))
    read = [json.loads(line) for line in text.splitlines()]
    assert [one["schema"] for one in read] == [LINE_SCHEMA] * 3
    assert [one["result"] for one in read] == json.loads(to_json(week))["results"]
    change = read[0]["change"]
    assert (change["kind"], change["previous"]["verdict"]) == ("regressed", "pending")
    assert change["since"].endswith("Z")
    assert json.loads(next(lines(week.results)))["change"] is None


def test_no_text_breaks_a_line_of_json() -> None:
    """Line separators, control characters and half surrogates in a name stay inside its line and come back whole."""
    name = "a\nb\u2028c\r\x00\ud800"
    text = "".join(lines([a_result(name)]))
    assert text.count("\n") == 1
    assert json.loads(text)["result"]["account"] == name


def test_a_program_reads_every_answer(past: Background, week: RunDocument) -> None:
    """In English: one row an account under the JSON's names, change and day it first held included."""
    table = read_csv("".join(rows(every_answer().results, GUIDES, "en")))
    assert [row["account"] for row in table] == [result.account for result in every_answer().results]
    assert all(tuple(row) == tuple(COLUMNS) and None not in row.values() for row in table)
    worse = read_csv("".join(rows(week.results, GUIDES, "en", past)))[0]
    assert (worse["change"], worse["previous"], worse["verdict"]) == ("regressed", "pending", "refused")
    assert worse["since"] == worse["finished_at"] == "2026-11-25T07:30:26.345678Z"
    assert worse["manifest_sha256"] == A_DIGEST


def test_a_french_spreadsheet_reads_every_answer(past: Background, week: RunDocument) -> None:
    """In French: semicolons, headings and verdicts in French, the same rows and columns."""
    text = "".join(rows(every_answer().results, GUIDES, "fr"))
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(table) == len(every_answer().results) + 1
    assert {len(row) for row in table} == {len(COLUMNS)}
    assert table[0][:6] == ["Propriétaire", "Page", "Compte", "Type", "Parcours", "Verdict"]
    lines = list(
        csv.DictReader(io.StringIO("".join(rows(week.results, GUIDES, "fr", past)), newline=""), delimiter=";")
    )
    assert (lines[0]["Verdict"], lines[0]["Réponse précédente"], lines[0]["Changement"]) == (
        "Refusée",
        "En attente",
        "Dégradé",
    )
    assert (lines[0]["Type"], lines[0]["Mots supposés"], lines[0]["Fin (UTC)"]) == (
        "profil",
        "non",
        "2026-11-25 07:30:26",
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\n=", " =", "＝", "＠"])
def test_no_name_becomes_a_formula(start: str) -> None:
    """What a spreadsheet would calculate begins with an apostrophe, and nothing of it is lost."""
    name = f"{start}HYPERLINK(1)"
    (row,) = read_csv("".join(rows([a_result(name, owner=name, page=name)], GUIDES, "en")))
    for column in ("account", "owner", "page"):
        assert row[column] == f"'{writable(name)}"


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_any_name_stays_in_its_cell(name: str) -> None:
    """Quotes, commas, line breaks and scripts of every direction do not move a cell."""
    (row,) = read_csv("".join(rows([a_result(owner=name, bundle=BundleRef(name, "0"))], GUIDES, "en")))
    assert row["owner"].removeprefix("'") == writable(name).removeprefix("'")
    assert (row["account"], row["manifest_sha256"]) == ("atelier-facebook", "0")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_summary_puts_what_changed_first(lang: str, past: Background, week: RunDocument) -> None:
    """Changed accounts stand first, the worst of them before the others; what changed is said beside."""
    table = [line for line in render_markdown(week, GUIDES, lang, past).splitlines() if line.startswith("|")]
    names = [line.split("|")[1].strip("\u2068\u2069 ") for line in table[2:]]
    assert names == ["worse", "better", "same"]
    assert ("before: Pending" if lang == "en" else "avant : En attente") in table[2].replace("\u00a0", " ")


def test_a_summary_is_never_too_large() -> None:
    """With thousands of changed accounts with long names it stays below 1 MiB, and says how many it leaves out."""
    answers = [a_result(f"{'é' * 900}{number}", Verdict.REFUSED) for number in range(3000)]
    text = render_markdown(a_document(*answers), GUIDES, "en", rows=3000)
    assert 500_000 < len(text.encode()) < 2**20
    shown = sum(line.startswith("| \u2068") for line in text.splitlines())
    assert f"{3000 - shown:,} more accounts stand in the report." in text.replace("&#44;", ",")
    short = render_markdown(a_document(*answers[:150]), GUIDES, "en")
    assert f"{150 - ROWS} more accounts stand in the report." in short


def tokens(text: str) -> Iterator[Any]:
    """Everything that a reader of GitHub's Markdown makes of a text, inside out."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="`*_[]()<>!#|~\\@:&;./-+= ahw", max_size=30))
def test_no_name_becomes_markdown(name: str) -> None:
    """Whatever an owner is called, a reader of Markdown makes the same table of it as of a plain name: only text."""
    kinds = [
        [token.type for token in tokens(render_markdown(a_document(a_result(owner=owner)), GUIDES, "en"))]
        for owner in ("plain", name)
    ]
    marks = {"text", "text_special", "html_inline"}
    bare, hostile = ([kind for kind in some if kind not in marks] for some in kinds)
    assert hostile == bare
    cell = list(tokens(f"name: {escaped(name)}"))
    shown = "".join(token.content for token in cell if token.type in {"text", "text_special"})
    assert shown.removeprefix("name:").split() == printable(name).split()
    assert all(token.content == "<!-- -->" for token in cell if token.type == "html_inline")


@pytest.mark.parametrize(
    "text", ["@octocat", "octo/cat#1", ":smile:", "www.evil.example", "https://evil.example/", "a@b.example"]
)
def test_nothing_is_linked_by_itself(text: str) -> None:
    """What GitHub would turn into a mention, a reference, an emoji or a link is cut where it would begin."""
    assert text not in escaped(text)
    assert not set(escaped(text).replace("<!-- -->", "").replace("&#", "")) & set("@/")


def junit(document: RunDocument, lang: str = "en", background: Background = NOTHING) -> ET.Element:
    """The XML, after it was found to follow the schema that readers have in common."""
    text = render_junit(document, GUIDES, lang, background)
    root = ET.fromstring(text)
    xmlschema.XMLSchema(_XSD).validate(root)
    return root


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("document", [every_answer(), a_document(results=())], ids=["every answer", "no result"])
def test_junit_follows_the_common_schema(document: RunDocument, lang: str) -> None:
    """Whatever was answered, the XML is valid, and its counts are those of its cases."""
    root = junit(document, lang)
    assert int(root.get("tests", "")) == len(root.findall(".//testcase")) == len(document.results)
    for suite in root:
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name, "")) == len(suite.findall(f"./testcase/{tag}"))


@pytest.mark.parametrize(
    ("result", "tag", "kind"),
    [
        (a_result(verdict=Verdict.OBJECTED), None, None),
        (a_result(verdict=Verdict.REFUSED), "failure", "refused"),
        (a_result(verdict=Verdict.PENDING), "skipped", "pending"),
        (a_result(reason=Reason.CHALLENGE), "skipped", "challenge"),
        (a_result(reason=Reason.TIMEOUT), "skipped", "timeout"),
        (a_result(reason=Reason.GUARD_BLOCKED), "error", "guard_blocked"),
        (a_result(verdict=Verdict.OBJECTED, guard=a_guard_record(writes_let_through=1)), "error", "objected"),
        (a_result(reason=Reason.NOT_RECOGNISED, bundle=None), "error", "not_recognised"),
    ],
)
def test_junit_tells_findings_from_faults(result: Any, tag: str | None, kind: str | None) -> None:
    """A finding is a failure, a fault of ours an error; what is open is skipped and says why; as wanted is passed."""
    (case,) = junit(a_document(result)).iter("testcase")
    assert [child.tag for child in case] == ([tag] if tag else [])
    if tag:
        assert case[0].get("type") == kind
        assert len(case[0].get("message", "")) > 20
        assert "1. " in (case[0].text or "")


def test_junit_and_markdown_tell_what_nothing_was_expected_of() -> None:
    """Such an account passes, and both say that this is no wanted answer."""
    document = a_document(a_result(verdict=Verdict.NOT_OBJECTED, expect=None))
    (case,) = junit(document).iter("testcase")
    assert [child.tag for child in case] == ["system-out"]
    assert (case[0].text or "").startswith("Nothing expected: Not objected.")
    text = render_markdown(document, GUIDES, "en")
    assert "1 read, nothing expected" in text
    assert "| Nothing expected |" in text


def test_no_text_of_a_result_becomes_xml() -> None:
    """Markup, control characters and half surrogates in names leave the XML valid and the name readable."""
    result = a_result(HOSTILE, Verdict.REFUSED, owner=HOSTILE, page=HOSTILE, bundle=BundleRef(HOSTILE, "0"))
    (case,) = junit(a_document(result)).iter("testcase")
    assert case.get("name") == printable(HOSTILE)
    assert [child.tag for child in case] == ["failure"]


def sarif(document: RunDocument, lang: str = "en", background: Background = NOTHING, **options: Any) -> Any:
    """The run of the SARIF, after it was found to follow what code scanning asks for."""
    log = json.loads(render_sarif(document, GUIDES, lang, background, **{"lines": {}, **options}))
    json_schemas.follow(log, SARIF)
    (run,) = log["runs"]
    return run


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sarif_points_at_the_account(lang: str, past: Background, week: RunDocument) -> None:
    """What is not as wanted is an error at the account's line, what is open a warning, what is as wanted is left out."""
    run = sarif(week, lang, past, lines={"worse": 12}, configuration="conf/temoin.toml")
    found = {one["locations"][0]["logicalLocations"][0]["name"]: one for one in run["results"]}
    assert {name: one["level"] for name, one in found.items()} == {"worse": "error", "same": "warning"}
    place = found["worse"]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("conf/temoin.toml", 12)
    assert found["same"]["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert found["worse"]["properties"]["change"] == "regressed"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"refused", "pending"}


def test_sarif_covers_every_answer_and_keeps_findings_apart() -> None:
    """Every rule that a result names is described; an account keeps its fingerprint when its line and answer move."""
    run = sarif(every_answer())
    assert {one["ruleId"] for one in run["results"]} == {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    marks = [one["partialFingerprints"]["account/v1"] for one in run["results"]]
    assert len(set(marks)) == len(marks)
    one, other = (
        sarif(a_document(a_result("a", verdict)), lines={"a": line})["results"][0]["partialFingerprints"]
        for verdict, line in ((Verdict.REFUSED, 3), (Verdict.NOT_OBJECTED, 30))
    )
    assert one == other


def test_no_text_of_a_result_turns_a_message_round() -> None:
    """Characters that steer a terminal or turn text round are shown as replaced in SARIF's messages."""
    text = render_sarif(a_document(a_result(HOSTILE, Verdict.REFUSED)), GUIDES, "en", lines={})
    assert not {"\u202e", "\ud800", "\x00"} & set(json.loads(text)["runs"][0]["results"][0]["message"]["text"])
    text.encode()


def test_json_written_and_read_again_is_the_same() -> None:
    """A document of every answer comes back equal, as whole text."""
    assert from_json(to_json(every_answer())) == every_answer()
