"""
A bundle's visit as a web archive (WACZ 1.1.1), to be opened in ReplayWeb.page or pywb.

It holds what the evidence keeps and nothing else: each page without what is masked, its picture, its text, and what the
inbox's own data answered. It is a copy to look at; what proves something is the bundle, whose digest it names.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation import __version__
from automation.domain.observations import Step
from automation.errors import BundleError
from automation.evidence.export.archived_page import list_html, page_html
from automation.evidence.export.warc import Resource, write_warc
from automation.evidence.secrets.scan import Unsearchable, first_hit, prove

if TYPE_CHECKING:
    from automation.evidence.verify.opened import Evidence
    from automation.text.known_secrets import Secrets

_HOST = "https://evidence.temoin.invalid/"
"""Where files that have no address of their own stand in the archive; `.invalid` is nobody's (RFC 2606)."""
_WARC = "data.warc.gz"
_NOTE = "Written from what the evidence keeps of this page: masked, without scripts, styles and pictures of its own."
_FILES = {"data/answers.json": "application/json", "data/network.json": "application/json"}


@dataclass(frozen=True, slots=True)
class _Page:
    step: Step
    resource: Resource
    text: str


def wacz_of(evidence: Evidence, envelope_sha256: str, secrets: Secrets) -> bytes:
    """
    The archive of a bundle; the same bundle gives the same bytes.

    Args:
        evidence: the bundle, opened.
        envelope_sha256: stands for the whole bundle.
        secrets: what must not be in it: searched for once more, as before a bundle is sealed.

    Raises:
        BundleError: it holds a secret, or cannot be searched.
        ConfigurationError: a package is missing, or the bundle cannot be read.
    """
    result = evidence.result
    pages = list(_pages(evidence))
    files = list(_kept_files(evidence, pages))
    title = f"{result.account}: {result.flow}"
    facts = {
        "Verdict": str(result.verdict), "Began": f"{result.started_at:%Y-%m-%d %H:%M:%S} UTC",
        "Bundle (SHA-256 of its envelope)": envelope_sha256, "Written by": f"Témoin {__version__}",
        "What this is": "A copy of what the evidence keeps, to look at. The bundle itself is the proof.",
    }  # fmt: skip
    links = [(page.step.url, f"{page.step.number}. {page.step.name}") for page in pages]
    links += [(resource.url, resource.url.removeprefix(_HOST)) for resource in files]
    front = Resource(_HOST, result.started_at, "text/html; charset=utf-8", list_html(title, facts, links))
    resources = [front, *(page.resource for page in pages), *files]
    about = {"software": f"temoin/{__version__}", "format": "WARC File Format 1.1", "description": _NOTE}
    archive = write_warc(resources, about, _WARC)
    contents = {
        "indexes/index.cdx": archive.index,
        "pages/pages.jsonl": _page_list(front, title, pages),
    }
    package = _package({f"archive/{_WARC}": archive.warc, **contents}, title, envelope_sha256, evidence)
    contents["datapackage.json"] = package
    _search({**contents, **{f"{n}": resource.data for n, resource in enumerate(resources)}}, secrets)
    contents["datapackage-digest.json"] = _json({"path": "datapackage.json", "hash": _hash(package)})
    return _zipped({f"archive/{_WARC}": archive.warc, **contents}, evidence)


def _pages(evidence: Evidence) -> Iterator[_Page]:
    """The steps of the visit whose page was kept."""
    listed = {artifact.path for artifact in evidence.result.evidence}
    for step in evidence.result.steps:
        stem = f"data/pages/{step.number:02}-{step.name}"
        if f"{stem}.json.gz" not in listed:
            continue
        picture = _HOST + step.picture if step.picture in listed else ""
        html = page_html(gzip.decompress(evidence.read(f"{stem}.json.gz")), picture, _NOTE)
        text = evidence.read(f"{stem}.txt").decode() if f"{stem}.txt" in listed else ""
        yield _Page(step, Resource(step.url, step.at, "text/html; charset=utf-8", html), text)


def _kept_files(evidence: Evidence, pages: list[_Page]) -> Iterator[Resource]:
    listed = {artifact.path for artifact in evidence.result.evidence}
    for page in pages:
        if page.step.picture in listed and page.step.picture is not None:
            data = evidence.read(page.step.picture)
            yield Resource(_HOST + page.step.picture, page.step.at, "image/png", data)
    for path, media_type in _FILES.items():
        if path in listed:
            yield Resource(_HOST + path, evidence.result.finished_at, media_type, evidence.read(path))


def _page_list(front: Resource, title: str, pages: list[_Page]) -> bytes:
    lines: list[Mapping[str, Any]] = [
        {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    ]
    lines.append({"id": "0", "url": front.url, "ts": f"{front.at:%Y-%m-%dT%H:%M:%SZ}", "title": title, "text": ""})
    lines += [
        {
            "id": str(page.step.number), "url": page.step.url, "ts": f"{page.step.at:%Y-%m-%dT%H:%M:%SZ}",
            "title": page.step.name, "text": page.text,
        }
        for page in pages
    ]  # fmt: skip
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _package(contents: Mapping[str, bytes], title: str, envelope_sha256: str, evidence: Evidence) -> bytes:
    resources = [
        {"name": path.rpartition("/")[2].lower(), "path": path, "hash": _hash(data), "bytes": len(data)}
        for path, data in contents.items()
    ]
    result = evidence.result
    return _json(
        {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "description": _NOTE,
            "software": f"temoin/{__version__}",
            "created": f"{result.finished_at:%Y-%m-%dT%H:%M:%SZ}",
            "mainPageUrl": _HOST,
            "mainPageDate": f"{result.started_at:%Y-%m-%dT%H:%M:%SZ}",
            "bundle_envelope_sha256": envelope_sha256,
            "resources": resources,
        }
    )


def _search(contents: Mapping[str, bytes], secrets: Secrets) -> None:
    prove()
    try:
        hit = first_hit(contents, secrets)
    except Unsearchable as error:
        raise BundleError(f"{error}: it cannot be searched for secrets", "Nothing was written.") from None
    if hit is not None:
        raise BundleError("the archive would hold a secret, so it is not written", "Please report this.")


def _zipped(contents: Mapping[str, bytes], evidence: Evidence) -> bytes:
    """As WACZ wants it: the WARC stored as it is, so that a part of it can be read without the rest."""
    made = io.BytesIO()
    at = evidence.result.finished_at.timetuple()[:6]
    with zipfile.ZipFile(made, "w") as archive:
        for path, data in contents.items():
            entry = zipfile.ZipInfo(path, at)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if path.startswith("archive/") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made.getvalue()


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
