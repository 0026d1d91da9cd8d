"""A bundle as a web archive: what it holds, whom it does not name, and that other programs read it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from automation.cli import app
from automation.evidence.maintain.wacz import page_html, surt
from tests.evidence.building import PICTURE, Place

NODES = [
    {"i": 0, "p": -1, "t": "", "role": "RootWebArea", "name": "Form", "shown": True},
    {"i": 1, "p": 0, "t": "HTML", "shown": True},
    {"i": 2, "p": 1, "t": "BODY", "shown": True, "a": {"onload": "steal()"}},
    {"i": 3, "p": 2, "t": "SCRIPT"},
    {"i": 4, "p": 3, "t": "#text", "text": "steal()"},
    {"i": 5, "p": 2, "t": "A", "shown": True, "a": {"href": "javascript:steal()", "title": '"><script>'}},
    {"i": 6, "p": 5, "t": "#text", "text": "Object <here>", "shown": True},
    {"i": 7, "p": 2, "t": "INPUT", "shown": True, "ticked": True, "a": {"type": "checkbox", "value": "[e-mail]"}},
    {"i": 8, "p": 2, "t": "P"},
    {"i": 9, "p": 8, "t": "#text", "text": "never drawn"},
]
PAGE = {"schema": "temoin.page/1", "url": "https://x.example/", "title": "Form", "locale": "en-GB", "nodes": NODES}
FILES = {
    "pages/01-form_a.json.gz": gzip.compress(json.dumps(PAGE).encode(), mtime=0),
    "pages/01-form_a.txt": b"Object <here>\n",
    "answers.json": b'{"schema": "temoin.answers/1", "answers": []}\n',
}


@pytest.fixture
def bundle(place: Place) -> Path:
    """A sealed bundle with one kept page."""
    return place.sealed(files=FILES)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _export(bundle: Path, file: str = "visit.wacz", *more: str) -> Result:
    trust = bundle.parents[2] / "keys" / "trust.json"
    return CliRunner().invoke(app, ["evidence", "export", str(bundle), "--wacz", file, "--trust", str(trust), *more])


def _records(archive: zipfile.ZipFile) -> list[tuple[str, str, bytes]]:
    """Kind, address and content of each record."""
    found = []
    for record in ArchiveIterator(io.BytesIO(archive.read("archive/data.warc.gz")), check_digests="raise"):
        content = record.content_stream().read()
        found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "", content))
    return found


def test_it_holds_what_the_evidence_keeps(bundle: Path) -> None:
    """Each kept page, its picture and the inbox's answers are records, and none claims to be a server's answer."""
    assert _export(bundle).exit_code == 0
    archive = zipfile.ZipFile("visit.wacz")
    records = _records(archive)
    assert [kind for kind, _, _ in records] == ["warcinfo", "resource", "resource", "resource", "resource"]
    contents = {url: content for _, url, content in records}
    assert contents["https://evidence.temoin.invalid/data/pictures/01-form_a.png"] == PICTURE
    assert contents["https://evidence.temoin.invalid/data/answers.json"] == FILES["answers.json"]
    step = json.loads((bundle / "data/result.json").read_text())["steps"][0]
    assert b"Object &lt;here&gt;" in contents[step["url"]]
    pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").decode().splitlines()]
    assert pages[0]["format"] == "json-pages-1.0"
    assert [page["url"] for page in pages[1:]] == ["https://evidence.temoin.invalid/", step["url"]]
    assert pages[2]["text"] == "Object <here>\n"


def test_its_digests_and_index_are_right(bundle: Path) -> None:
    """Every file has its digest and size, the index leads to each record, and the bundle's own digest is named."""
    _export(bundle)
    archive = zipfile.ZipFile("visit.wacz")
    package: dict[str, Any] = json.loads(archive.read("datapackage.json"))
    assert package["wacz_version"] == "1.1.1"
    envelope = hashlib.sha256((bundle / "seal/envelope.dsse.json").read_bytes()).hexdigest()
    assert package["bundle_envelope_sha256"] == envelope
    digest = json.loads(archive.read("datapackage-digest.json"))
    assert digest["hash"] == f"sha256:{hashlib.sha256(archive.read('datapackage.json')).hexdigest()}"
    for resource in package["resources"]:
        data = archive.read(resource["path"])
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
    assert archive.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
    warc = archive.read("archive/data.warc.gz")
    lines = archive.read("indexes/index.cdx").decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 4
    for line in lines:
        facts = json.loads(line.split(" ", 2)[2])
        start = int(facts["offset"])
        (record,) = ArchiveIterator(io.BytesIO(warc[start : start + int(facts["length"])]))
        assert record.rec_headers.get_header("WARC-Target-URI") == facts["url"]


def test_the_same_bundle_gives_the_same_archive(bundle: Path) -> None:
    """Whoever has the bundle can make the archive again, to the byte."""
    _export(bundle)
    _export(bundle, "again.wacz")
    assert Path("visit.wacz").read_bytes() == Path("again.wacz").read_bytes()


def test_nothing_with_a_secret_is_written(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret of the configuration that stands in a page ends it before a file is there."""
    Path("temoin.toml").write_text(
        '[[accounts]]\nname = "atelier-facebook"\nflow = "facebook.ai_objection"\n'
        'owner = "Atelier"\nidentity = "100081234567890"\nsign_in = "password"\n'
    )
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__USERNAME", "nobody@atelier.example")
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD", "Object <here>")
    ended = _export(bundle)
    assert ended.exit_code != 0
    assert "would hold a secret" in ended.stderr
    assert "Object <here>" not in ended.output
    assert not Path("visit.wacz").exists()


def test_an_altered_bundle_is_not_passed_on(bundle: Path) -> None:
    """What is not as it was sealed is refused, and a name that no program would open, too."""
    assert _export(bundle, "visit.zip").exit_code == 2
    (bundle / "data/answers.json").write_bytes(b"{}")
    ended = _export(bundle)
    assert ended.exit_code == 2
    assert "not as it was sealed" in ended.stderr
    assert not Path("visit.wacz").exists()


def test_a_kept_page_can_do_nothing(bundle: Path) -> None:
    """Scripts, handlers, script links and what was not drawn are left out; markup in texts stays text."""
    html = page_html(json.dumps(PAGE).encode(), "https://evidence.temoin.invalid/p.png", "A note").decode()
    assert "steal()" not in html
    assert "never drawn" not in html
    assert "<script>" not in html
    assert 'title="&quot;&gt;&lt;script&gt;"' in html
    assert '<input type="checkbox" checked disabled>' in html
    assert "[e-mail]" not in html, "what stood in a field is not drawn, masked or not"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.com/Support/?b=2&A=1", "com,example)/support?a=1&b=2"),
        ("https://www2.example.com/", "com,example)/"),
        ("https://fr-fr.facebook.com/help/contact/712876720715583", "com,facebook,fr-fr)/help/contact/712876720715583"),
        ("https://example.com:8443/a", "com,example:8443)/a"),
    ],
)
def test_addresses_are_sorted_as_other_programs_do(url: str, key: str) -> None:
    """The index's keys are those that pywb looks up."""
    assert surt(url) == key


@pytest.mark.skipif(shutil.which("wacz") is None, reason="py-wacz is not installed: pip install wacz")
def test_py_wacz_finds_it_valid(bundle: Path) -> None:
    """The format's own validator accepts it."""
    _export(bundle)
    said = subprocess.run(["wacz", "validate", "-f", "visit.wacz"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "is valid" in said.stdout + said.stderr
