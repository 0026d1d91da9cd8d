"""Looking for secrets in bytes: in every spelling, and inside what is packed."""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

PNG = b"\x89PNG\r\n\x1a\n"
_UNPACKED_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf")


def spellings(secret: str) -> dict[str, bytes]:
    """Every way to write a secret, by the name of the way; Base64 also where it stands in the middle of something."""
    raw = secret.encode()
    found: dict[str, bytes] = {
        "raw": raw,
        "json": json.dumps(secret)[1:-1].encode(),
        "json-unicode": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "html": escape(secret).encode(),
        "python": repr(secret)[1:-1].encode(),
        "url": quote(secret, safe="").encode(),
        "url-path": quote(secret).encode(),
        "url-form": quote_plus(secret).encode(),
        "url-lower": re.sub("%[0-9A-F]{2}", lambda m: m[0].lower(), quote(secret, safe="")).encode(),
        "hex": raw.hex().encode(),
        "hex-upper": raw.hex().upper().encode(),
        "utf-16": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "utf-16-be-hex": secret.encode("utf-16-be").hex().upper().encode(),
    }
    for shift in range(3):
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            whole = encode(b"\0" * shift + raw + b"\0\0")
            # Characters that hold bits of a neighbour are left out.
            found[f"{name}-{shift}"] = whole[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
    return found


def layers(data: bytes) -> Iterator[bytes]:
    """
    The bytes, and what is packed in them: gzip, the text chunks of a PNG, the streams of a PDF.

    Raises where it cannot be unpacked. What a PDF draws glyph by glyph is in no stream as text; its titles, its
    alternative texts and its links are.
    """
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield from layers(gzip.decompress(data))
    if data.startswith(b"%PDF"):
        for packed in re.findall(rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
            yield zlib.decompressobj().decompress(packed)
    if data.startswith(PNG):
        at = len(PNG)
        while at < len(data):
            size, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8 : at + 8 + size]
            if kind in _UNPACKED_CHUNKS:
                yield from _texts(body)
            at += 12 + size


def _texts(body: bytes) -> Iterator[bytes]:
    """A chunk's text: as it is, or inflated from wherever a stream begins in it."""
    for start in range(len(body)):
        if body[start : start + 1] == b"\x78":
            unpacking = zlib.decompressobj()
            try:
                yield unpacking.decompress(body[start:])
            except zlib.error:
                continue


def found_in(places: Mapping[str, bytes], secrets: Mapping[str, str]) -> set[tuple[str, str, str]]:
    """Where a secret stands, as place, name of the secret, name of the spelling; a place's own name counts too."""
    needles = [(name, way, text) for name, secret in secrets.items() for way, text in spellings(secret).items()]
    return {
        (place, name, way)
        for place, data in places.items()
        for layer in (place.encode(), *layers(data))
        for name, way, text in needles
        if text in layer
    }


def files_below(folder: Path) -> dict[str, bytes]:
    """Path relative to the folder → content, of every file; links are not followed, what vanishes is left out."""
    found = {}
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found
