"""
WARC records (ISO 28500, WARC/1.1) and their index.

Every record is a `resource`: what the evidence keeps is masked, so it is no server's answer and does not say it is one.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from automation.config.installation import ways_to_add
from automation.errors import ConfigurationError

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
