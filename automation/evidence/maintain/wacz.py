"""
A bundle's visit as a web archive (WACZ 1.1.1), to be opened in ReplayWeb.page or pywb.

It holds what the evidence keeps and nothing else: each page without what is masked, its picture, its text, and what the
inbox's own data answered. It is a copy to look at; what proves something is the bundle, whose digest it names. Every
WARC record (ISO 28500, WARC/1.1) is a `resource`: what is masked is no server's answer and does not say that it is one.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from automation import __version__
from automation.config.installation import ways_to_add
from automation.core.errors import BundleError, ConfigurationError
from automation.core.observations import Step
from automation.evidence.write.secret_scan import Unsearchable, first_hit, prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from automation.evidence.verify.opened import Evidence
    from automation.text.redaction import Secrets

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "wbr"})
_LEFT_OUT = frozenset({"script", "style", "link", "meta", "base", "template", "noscript", "object", "embed", "head"})
_INSTEAD = {"iframe": "div", "frame": "div", "html": "div", "body": "div", "form": "div", "button": "span"}
"""Elements that would load, send or nest something → what stands in their place; the role stays."""
_ATTRIBUTES = frozenset({"lang", "dir", "href", "alt", "title", "role", "type", "for", "id", "colspan", "rowspan"})
_SAFE_LINKS = ("https://", "http://", "/", "#", "?")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}img{max-width:100%;border:1px solid}"
)


def page_html(kept: bytes, picture: str, note: str) -> bytes:
    """
    A kept page as HTML.

    Args:
        kept: the page's `….json` (schema `temoin.page/1`), unpacked.
        picture: address of its picture; empty where none was taken.
        note: what a reader is told above it.
    """
    page: dict[str, Any] = json.loads(kept)
    nodes: list[dict[str, Any]] = page["nodes"]
    children: dict[int, list[dict[str, Any]]] = {}
    for node in nodes:
        children.setdefault(node["p"], []).append(node)
    body = "".join(_drawn(children.get(-1, ()), children))
    shown = f'<p><img src="{escape(picture)}" alt=""></p>' if picture else ""
    return _document(page["locale"], page["title"], f"<p><em>{escape(note)}</em></p>{shown}<hr>{body}")


def list_html(title: str, facts: Mapping[str, str], links: Sequence[tuple[str, str]]) -> bytes:
    """
    The first page of an archive.

    Args:
        title: what was visited.
        facts: what is said of it, in order.
        links: address and name of each thing in the archive.
    """
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    items = "".join(f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for url, name in links)
    return _document("en", title, f"<h1>{escape(title)}</h1><dl>{rows}</dl><ol>{items}</ol>")


def _document(locale: str, title: str, body: str) -> bytes:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="{escape(locale)}"><head>{head}</head><body>{body}</body></html>\n'.encode()


def _drawn(nodes: Sequence[dict[str, Any]], children: Mapping[int, Sequence[dict[str, Any]]]) -> Iterator[str]:
    for node in nodes:
        tag = str(node["t"]).lower()
        below = children.get(node["i"], ())
        if tag in _LEFT_OUT:
            continue
        if tag == "#text":
            yield escape(node.get("text", "")) + " " if node.get("shown") else ""
        elif not tag or not tag.isalnum() or ":" in tag:
            yield from _drawn(below, children)
        elif node.get("shown") or tag in {"html", "body"}:
            name = _INSTEAD.get(tag, tag)
            yield f"<{name}{_attributes(tag, node)}>"
            if name not in _VOID:
                yield from _drawn(below, children)
                yield f"</{name}>"


def _attributes(tag: str, node: Mapping[str, Any]) -> str:
    found = {
        name: value
        for name, value in node.get("a", {}).items()
        if (name in _ATTRIBUTES or name.startswith("aria-")) and (name != "href" or value.startswith(_SAFE_LINKS))
    }
    if tag == "button":
        found.setdefault("role", "button")
    ticked = " checked" if node.get("ticked") else ""
    disabled = " disabled" if tag in {"input", "select", "textarea"} else ""
    return "".join(f' {name}="{escape(str(value))}"' for name, value in found.items()) + ticked + disabled


_HOST = "https://evidence.temoin.invalid/"
"""Where files that have no address of their own stand in the archive; `.invalid` is nobody's (RFC 2606)."""
_WARC = "data.warc.gz"
_NOTE = "Written from what the evidence keeps of this page: masked, without scripts, styles and pictures of its own."
_FILES = {"data/answers.json": "application/json", "data/network.json": "application/json"}


_SPACE = uuid.UUID("8f0b3c52-5d0e-4b0a-9d5c-2f6a0a3a5e11")
"""Names records after what they hold, so that the same bundle gives the same archive."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing in the archive."""

    url: str
    at: datetime
    """Aware, UTC."""
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Archive:
    """A gzipped WARC file and its CDXJ index."""

    warc: bytes
    index: bytes


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


def write_warc(resources: Iterable[Resource], about: Mapping[str, str], name: str) -> Archive:
    """
    Write the records, one gzip member each.

    Args:
        resources: what it holds.
        about: fields of its `warcinfo`.
        name: of the file, as the index names it.

    Raises:
        ConfigurationError: the package that writes WARC is not installed.
    """
    try:
        from warcio.warcwriter import WARCWriter  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigurationError(
            "writing a web archive needs a package that is not installed", f"Install it: {ways_to_add('replay')[0]}"
        ) from None
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=True, warc_version="1.1")
    kept = list(resources)
    info = writer.create_warcinfo_record(name, dict(about))
    info.rec_headers.replace_header("WARC-Record-ID", _id(name, *about.values()))
    info.rec_headers.replace_header("WARC-Date", _moment(min(resource.at for resource in kept)))
    writer.write_record(info)
    lines: list[str] = []
    for resource in kept:
        start = made.tell()
        record = writer.create_warc_record(
            resource.url,
            "resource",
            payload=io.BytesIO(resource.data),
            length=len(resource.data),
            warc_content_type=resource.media_type,
            warc_headers_dict={
                "WARC-Date": _moment(resource.at),
                "WARC-Record-ID": _id(resource.url, _moment(resource.at), hashlib.sha256(resource.data).hexdigest()),
            },
        )
        writer.write_record(record)
        lines.append(_line(resource, start, made.tell() - start, name))
    return Archive(made.getvalue(), "".join(f"{line}\n" for line in sorted(lines)).encode())


def _line(resource: Resource, offset: int, length: int, name: str) -> str:
    facts = {
        "url": resource.url,
        "mime": resource.media_type.partition(";")[0],
        "status": "200",
        "digest": f"sha256:{hashlib.sha256(resource.data).hexdigest()}",
        "length": str(length),
        "offset": str(offset),
        "filename": name,
    }
    return f"{surt(resource.url)} {resource.at:%Y%m%d%H%M%S} {json.dumps(facts)}"


def surt(url: str) -> str:
    """An address as indexes of web archives sort it: `com,example)/path?a=1` of `https://www.example.com/path/?a=1`."""
    parts = urlsplit(url.lower())
    host = parts.hostname or ""
    first, dot, rest = host.partition(".")
    if dot and first.startswith("www") and not first[3:].strip("0123456789"):
        host = rest
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    path = parts.path.rstrip("/") or "/"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{','.join(reversed(host.split('.')))}{port}){path}{f'?{query}' if query else ''}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _id(*parts: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_SPACE, chr(0).join(parts))}>"
