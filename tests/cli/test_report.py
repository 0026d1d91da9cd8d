"""`temoin report`, called as a person calls it, on evidence folders that a test wrote; nothing is visited."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from automation.app.setup import data_folder
from automation.core.results import Result, RunDocument
from automation.core.verdicts import Verdict
from automation.evidence import Keys, Ledger, Sealer
from automation.evidence.write.sealer import seal_run
from automation.reports.as_json import from_json, to_json
from automation.storage.sqlite import NAME, SqliteHistory
from tests.builders import a_result
from tests.cli.conftest import Program
from tests.reports.pages import TakenApart, a_run_of

ROOT = Path("temoin-evidence")
REPORTS = Path("temoin-evidence-reports")
CONFIG = """
[[accounts]]
name = "a"
flow = "facebook.ai_objection"
identity = "1000000001"
sign_in = "password"
expect = "objected"

[[accounts]]
name = "b"
flow = "facebook.ai_objection"
identity = "1000000002"
"""


def picture() -> bytes:
    """A small PNG."""
    drawn = BytesIO()
    Image.new("RGB", (64, 48), "white").save(drawn, "PNG")
    return drawn.getvalue()


def seal(folder: Path) -> None:
    """Seal what stands in a run's folder, as a check does at its end."""
    seal_run(folder, Sealer(Keys(data_folder() / "keys"), (), Ledger(folder.parent)))


def with_files(folder: Path, result: Result) -> Result:
    """The same with the digests of its files, which are written."""
    listed = []
    for artifact in result.evidence:
        data = picture() if artifact.path.endswith(".png") else b"{}"
        listed.append(replace(artifact, sha256=hashlib.sha256(data).hexdigest()))
        if result.bundle:
            file = folder / result.bundle.path / artifact.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return replace(result, evidence=tuple(listed))


def a_stored_run(days_ago: int, *results: Result, root: Path = ROOT) -> RunDocument:
    """A run's folder with its results and all pictures, recorded in the history beside."""
    document = a_run_of(days_ago, *results)
    folder = root / document.run.id
    document = replace(document, run=replace(document.run, output=str(folder)))
    document = replace(document, results=tuple(with_files(folder, result) for result in document.results))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(to_json(document), encoding="utf-8")
    seal(folder)
    with SqliteHistory(root / NAME) as history:
        history.record(document)
    return document


def sources(page: TakenApart) -> list[str]:
    """Addresses of all pictures of a page."""
    return [image.attributes["src"] for image in page.all("img")]


def test_a_report_is_made_again_without_a_visit(temoin: Program) -> None:
    """Without arguments: the newest answer of each account of all runs, in both languages, pictures linked in place."""
    a_stored_run(5, a_result("a", Verdict.PENDING), a_result("old", Verdict.OBJECTED))
    a_stored_run(0, a_result("a", Verdict.OBJECTED))
    answer = temoin("report")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.strip() == str(REPORTS.absolute() / "Atelier-Dupont_2026-11-25.en.html")
    for lang, other in (("en", "fr"), ("fr", "en")):
        page = TakenApart((REPORTS / f"Atelier-Dupont_2026-11-25.{lang}.html").read_text(encoding="utf-8"))
        assert page.faults == []
        assert {e.attributes["id"] for e in page.all("article")} == {"account-a", "account-old"}
        assert f"Atelier-Dupont_2026-11-25.{other}.html" in {e.attributes.get("href") for e in page.all("a")}
        assert all((REPORTS / src).is_file() for src in sources(page))
        assert {src.split("/")[2] for src in sources(page)} == {"run-0", "run-5"}
    assert "Put right" in (REPORTS / "Atelier-Dupont_2026-11-25.en.html").read_text(encoding="utf-8")


def test_no_report_is_written_into_sealed_evidence(temoin: Program) -> None:
    """Where only sealed reports may lie, one that is made again is refused, with what to do."""
    a_stored_run(0, a_result("a", Verdict.OBJECTED))
    for place in (ROOT, ROOT / "run-0", ROOT / "run-0" / "mine.html", ROOT / "more" / "mine.html"):
        refused = temoin("report", "--output", str(place))
        assert (refused.code, "Name a place outside of the evidence" in refused.err) == (2, True), place
    assert list(ROOT.rglob("*.html")) == []
    assert temoin("report", "--format", "csv", "--output", str(ROOT / "accounts.csv")).code == 0


def test_a_place_beside_the_evidence_is_outside_of_it(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stands in the evidence names its neighbour with `..`, and gets the report there."""
    a_stored_run(0, a_result("a", Verdict.OBJECTED))
    monkeypatch.chdir(ROOT)
    assert temoin("report", ".", "--output", "../beside").code == 0
    assert list(Path("../beside").glob("*.html"))


def test_the_configured_accounts_are_the_ones_shown(temoin: Program) -> None:
    """With a configuration, accounts that it no longer has are left out; no password is asked for."""
    Path("temoin.toml").write_text(CONFIG, encoding="utf-8")
    a_stored_run(0, a_result("a", Verdict.OBJECTED), a_result("gone", Verdict.REFUSED))
    answer = temoin("report", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert [result.account for result in from_json(answer.out).results] == ["a"]
    named = temoin("report", str(ROOT / "run-0"), "--format", "json")
    assert [result.account for result in from_json(named.out).results] == ["a", "gone"]


def test_a_page_is_not_called_safe_while_one_author_was_never_read(temoin: Program) -> None:
    """The configuration knows all authors of a Page, also where a report is about some of them."""
    page = 'kind = "page_admin"\npage = "Luthier"\nowner = "Atelier"\n'
    Path("temoin.toml").write_text(CONFIG.replace("identity", f"{page}identity"), encoding="utf-8")
    a_stored_run(0, a_result("a", Verdict.OBJECTED, kind="page_admin", page="Luthier", owner="Atelier"))
    assert temoin("report", str(ROOT / "run-0"), "--output", "some.html").code == 0
    assert "not read here: b" in Path("some.html").read_text(encoding="utf-8")
    a_stored_run(1, a_result("b", Verdict.OBJECTED, kind="page_admin", page="Luthier", owner="Atelier"))
    assert temoin("report", "--output", "all.html").code == 0
    assert "not read here" not in Path("all.html").read_text(encoding="utf-8")


def test_each_owner_gets_a_report_without_the_others(temoin: Program) -> None:
    """A client reads of no other client, not even that an account of theirs was never checked; names make no folder alike."""
    owners = {"a": "Café Zoé", "b": "Cafe Zoe", "c": "Café Zoé"}
    tables = (f'[[accounts]]\nname = "{n}"\nowner = "{o}"\nflow = "facebook.ai_objection"\n' for n, o in owners.items())
    Path("temoin.toml").write_text("".join(f'{table}identity = "10000000{n}"\n' for n, table in enumerate(tables)))
    a_stored_run(1, a_result("a", owner=owners["a"]), a_result("b", owner=owners["b"]))
    answer = temoin("report", "--by-owner", "--output", "clients")
    names = ("cafe-zoe/Cafe-Zoe", "cafe-zoe-2/Cafe-Zoe")
    assert answer.out.splitlines() == [f"clients/{name}_2026-11-24.en.html" for name in names]
    first, second = (Path(line).read_text() for line in answer.out.splitlines())
    assert "1 account was never checked" in first
    assert "never checked" not in second
    for page, theirs, others in ((first, "Café Zoé", "Cafe Zoe"), (second, "Cafe Zoe", "Café Zoé")):
        assert theirs in page
        assert others not in page
    temoin("report", "--by-owner", "--format", "csv", "--output", "clients")
    assert [len(path.read_text().splitlines()) for path in sorted(Path("clients").glob("*/Cafe-Zoe_*.csv"))] == [2, 2]
    temoin("report", "--by-owner").ended(2, "--output")


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "1 account was never checked"), ("fr", "1 compte n’a jamais été vérifié")]
)
def test_an_account_that_was_never_checked_is_not_forgotten(temoin: Program, lang: str, says: str) -> None:
    """A report on all accounts says first which of them nobody has looked at; one on a named run speaks of that run."""
    Path("temoin.toml").write_text(CONFIG, encoding="utf-8")
    a_stored_run(0, a_result("a", Verdict.OBJECTED))
    assert temoin("report", "--lang", lang, "--output", "all.html").code == 0
    page = Path("all.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert says in page
    assert page.index(says) < page.index('id="proof"')
    assert temoin("report", str(ROOT / "run-0"), "--lang", lang, "--output", "run.html").code == 0
    assert says not in Path("run.html").read_text(encoding="utf-8").replace("\u00a0", " ")


def test_one_run_comes_out_as_it_went_in(temoin: Program) -> None:
    """JSON of a single run, named by folder or by file, is that run with all that was stored."""
    document = a_stored_run(0, a_result("a"), a_result("b", Verdict.REFUSED))
    for place in (ROOT / "run-0", ROOT / "run-0" / "results.json"):
        assert from_json(temoin("report", str(place), "--format", "json").out) == document


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "markdown", "junit", "sarif"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_data_goes_to_a_file_or_to_the_output(temoin: Program, form: str, lang: str) -> None:
    """Each format is written to stdout, or to the named file, the same; each can be read by what it is for."""
    a_stored_run(0, a_result("a", Verdict.REFUSED), a_result("b", Verdict.OBJECTED))
    printed = temoin("--lang", lang, "report", "--format", form)
    filed = temoin("report", "--lang", lang, "--format", form, "--output", "out.txt")
    assert (printed.code, filed.code, filed.out.strip()) == (0, 0, "out.txt")
    text = Path("out.txt").read_bytes().decode("utf-8-sig")
    assert text.splitlines() == printed.out.splitlines()
    assert Path("out.txt").read_bytes().startswith(b"\xef\xbb\xbf") == (form == "csv"), "spreadsheets look for it"
    checks = {
        "json": lambda: len(from_json(text).results) == 2,
        "jsonl": lambda: [json.loads(line)["result"]["account"] for line in text.splitlines()] == ["a", "b"],
        "csv": lambda: (
            [row[2] for row in csv.reader(text.splitlines(), delimiter=";" if lang == "fr" else ",")][1:] == ["a", "b"]
        ),
        "markdown": lambda: text.startswith("## ") and text.count("\n| \u2068") == 2,
        "junit": lambda: [case.get("name") for case in ET.fromstring(text).iter("testcase")] == ["a", "b"],
        "sarif": lambda: len(json.loads(text)["runs"][0]["results"]) == 1,
    }
    assert checks[form]()
    assert not list(Path().glob(".*partial"))


def test_sarif_points_into_the_configuration(temoin: Program) -> None:
    """The line of an account is the one in temoin.toml on which its flow stands."""
    Path("temoin.toml").write_text(CONFIG, encoding="utf-8")
    a_stored_run(0, a_result("a", Verdict.REFUSED), a_result("b", Verdict.PENDING))
    run = json.loads(temoin("report", "--format", "sarif").out)["runs"][0]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    lines = CONFIG.splitlines()
    assert {place["artifactLocation"]["uri"] for place in places} == {"temoin.toml"}
    for place, name in zip(places, ("a", "b"), strict=True):
        line = place["region"]["startLine"]
        assert f'name = "{name}"' in lines[line - 2 : line]


def test_a_page_can_be_sent_on_alone(temoin: Program) -> None:
    """With --embed the pictures are in the page, nothing links to a folder, and its policy allows exactly that."""
    a_stored_run(0, a_result("a"))
    answer = temoin("report", "--embed", "--output", "mail/me.html")
    assert (answer.code, answer.out.strip()) == (0, "mail/me.html")
    page = TakenApart(Path("mail/me.html").read_text(encoding="utf-8"))
    assert len(sources(page)) == 3
    assert all(src.startswith("data:image/png;base64,") for src in sources(page))
    links = [e.attributes["href"] for e in page.all("a")]
    assert all(link.startswith(("#", "https://")) for link in links), links
    (policy,) = [e for e in page.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert "img-src 'self' file: data:;" in policy.attributes["content"]


def test_a_page_elsewhere_finds_its_pictures(temoin: Program) -> None:
    """Written into another folder, the page links back to the evidence."""
    a_stored_run(0, a_result("a"))
    assert temoin("report", "--output", "public/reports").code == 0
    page = TakenApart(Path("public/reports/Atelier-Dupont_2026-11-25.fr.html").read_text(encoding="utf-8"))
    assert sources(page)
    assert all((Path("public/reports") / src).is_file() for src in sources(page))


@pytest.mark.parametrize("embed", [(), ("--embed",)])
def test_a_picture_that_is_gone_is_said(temoin: Program, embed: tuple[str, ...]) -> None:
    """A picture that was kept and is missing now is named as missing; the others are shown."""
    a_stored_run(0, a_result("a"))
    (ROOT / "run-0/a/pictures/02-form_a.png").unlink()
    assert temoin("report", *embed, "--output", "x.html").code == 0
    page = TakenApart(Path("x.html").read_text(encoding="utf-8"))
    assert len(sources(page)) == 2
    assert page.words().count("The picture of this step is missing from the evidence folder.") == 1


@pytest.mark.parametrize("more", [(), ("--embed",), ("--format", "markdown")], ids=str)
def test_no_report_shows_an_exchanged_picture(temoin: Program, more: tuple[str, ...]) -> None:
    """A picture that is not the sealed one is named, and no report is made: it would be shown as sealed."""
    a_stored_run(0, a_result("a"))
    drawn = BytesIO()
    Image.new("RGB", (64, 48), "black").save(drawn, "PNG")
    (ROOT / "run-0/a/pictures/02-form_a.png").write_bytes(drawn.getvalue())
    refused = temoin("report", *more, "--output", "x.html")
    assert (refused.code, Path("x.html").exists()) == (2, False)
    assert "pictures/02-form_a.png of a is not the file that was sealed" in refused.err


def test_no_picture_outside_of_the_evidence_is_shown(temoin: Program) -> None:
    """Results that name files elsewhere, by dots or by a link, get no picture from there."""
    Path("secret.png").write_bytes(picture())
    result = a_result("a")
    step, other = result.steps[:2]
    far = "../../../secret.png"
    (stored,) = a_stored_run(0, replace(result, steps=(replace(step, picture=far), other))).results
    evidence = (replace(stored.evidence[0], path=far), *stored.evidence[1:])
    document = a_run_of(0, replace(stored, evidence=evidence))
    (ROOT / "run-0" / "results.json").write_text(to_json(document), encoding="utf-8")
    for path in (*ROOT.glob("ledger.*"), ROOT / "run-0" / "run.dsse.json"):  # as if it had been sealed so
        path.unlink()
    seal(ROOT / "run-0")
    (ROOT / "run-0/a/pictures/02-form_a.png").unlink()
    (ROOT / "run-0/a/pictures/02-form_a.png").symlink_to(Path("secret.png").absolute())
    assert temoin("report", str(ROOT / "run-0"), "--embed", "--output", "x.html").code == 0
    page = TakenApart(Path("x.html").read_text(encoding="utf-8"))
    assert sources(page) == []


def test_since_a_day(temoin: Program) -> None:
    """Only runs of that day or later count, and changes are measured from where things stood before it."""
    a_stored_run(30, a_result("a", Verdict.NOT_OBJECTED), a_result("left", Verdict.OBJECTED))
    a_stored_run(9, a_result("a", Verdict.PENDING))
    a_stored_run(2, a_result("a", Verdict.OBJECTED))
    a_stored_run(0, a_result("a", Verdict.OBJECTED))
    usual, since = (
        [json.loads(line) for line in temoin("report", "--format", "jsonl", *given).out.splitlines()]
        for given in ((), ("--since", "2026-11-10"))
    )
    assert {line["result"]["account"]: line["change"]["kind"] for line in usual} == {"a": "still", "left": "new"}
    assert [(line["result"]["account"], line["change"]["kind"]) for line in since] == [("a", "fixed")]
    assert since[0]["change"]["previous"]["verdict"] == "not_objected"
    late = temoin("report", "--since", "2027-01-01")
    assert (late.code, late.out) == (2, "")
    assert "no run ended on 2027-01-01 or later" in late.err
    wrong = temoin("report", "--since", "yesterday")
    assert (wrong.code, '"yesterday" is no day' in wrong.err) == (2, True)


def test_what_was_decided_and_said_is_shown_as_such(temoin: Program) -> None:
    """An exception and a person's word stand beside the answer, with who, why and until when; the verdict stays."""
    Path("temoin.toml").write_text(
        CONFIG + '[[exceptions]]\naccount = "a"\nverdict = "refused"\nreason = "<b>lawyer</b> at work"\n'
        'owner = "Mme Martin"\nuntil = 2027-01-31\n',
        encoding="utf-8",
    )
    document = a_run_of(0, a_result("a", Verdict.REFUSED), a_result("b", Verdict.PENDING))
    accepted = replace(document.results[0], outcome=document.results[0].outcome.OK)
    folder = ROOT / "run-0"
    folder.mkdir(parents=True)
    (folder / "results.json").write_text(to_json(replace(document, results=(accepted, document.results[1]))))
    seal(folder)
    said = temoin(
        "answer", "b", "objected", "--seen", "the mail <i>says</i> so", "--by", "Claire", "--until", "2099-12-31"
    )
    assert said.code == 0, said.err
    assert temoin("report", "--output", "x.html").code == 0
    page = TakenApart(Path("x.html").read_text(encoding="utf-8"))
    assert page.faults == []
    sections = {e.attributes["id"]: e.words for e in page.all("article")}
    assert "Accepted until 31 January 2027 because: <b>lawyer</b> at work" in sections["account-a"]
    assert "Decided by Mme Martin. The answer of the service stays what it is." in sections["account-a"]
    assert "refused" in sections["account-a"]
    assert "Said by Claire on" in sections["account-b"]
    assert "the mail <i>says</i> so" in sections["account-b"]
    assert "A person's word, which Témoin did not see for itself." in sections["account-b"].replace("’", "'")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there are no results here"),
        ("{}", "schema null"),
        ('{"schema": "temoin.run/2", "run": {}, "results": []}', 'schema "temoin.run/2"; this version reads'),
    ],
)
def test_a_run_that_was_named_must_be_readable(temoin: Program, text: str | None, said: str) -> None:
    """Missing, of a newer version or no results at all: exit 2, the file named, what to do; nothing is written."""
    folder = ROOT / "run-x"
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "results.json").write_text(text, encoding="utf-8")
    temoin("report", str(folder)).ended(2, said, "run-x", "→")
    assert not list(ROOT.rglob("*.html"))


def test_one_bad_run_costs_no_report(temoin: Program) -> None:
    """Among all runs of the folder, one that cannot be read is said, and the others are reported."""
    a_stored_run(3, a_result("a", Verdict.OBJECTED))
    (ROOT / "run-bad").mkdir()
    (ROOT / "run-bad" / "results.json").write_text("{", encoding="utf-8")
    answer = temoin("report", "--format", "json")
    answer.ended(0, "run-bad")
    assert len(from_json(answer.out).results) == 1
    none = temoin("report", "--config", "/dev/null", "run-nowhere")
    assert (none.code, "there are no results here" in none.err) == (2, True)


def test_what_cannot_be_written_is_one_clear_error(temoin: Program) -> None:
    """A place that is a file, or that does not exist: exit 2, and an older report is left as it was."""
    a_stored_run(0, a_result("a"))
    Path("file").write_text("kept")
    answer = temoin("report", "--output", "file/report.html")
    assert (answer.code, "file" in answer.err, Path("file").read_text()) == (2, True, "kept")
    answer = temoin("report", "--format", "csv", "--output", "nowhere/x.csv")
    assert (answer.code, "cannot be written" in answer.err) == (2, True)


@pytest.mark.thorough
@pytest.mark.browser
def test_a_pdf_is_tagged_and_names_no_folder_of_this_machine(temoin: Program) -> None:
    """Printed by a real browser: a tagged PDF with an outline and pictures, without links to files of this machine."""
    a_stored_run(0, a_result("a", Verdict.OBJECTED))
    answer = temoin("report", "--format", "pdf", "--lang", "fr")
    assert (answer.code, answer.err) == (0, "")
    data = (REPORTS / "run-0" / "Atelier-Dupont_2026-11-25.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    for part in (b"/StructTreeRoot", b"/Outlines", b"/Lang (fr)", b"/Image"):
        assert part in data, part
    assert b"file://" not in data
    assert str(Path.cwd()).encode() not in data
