"""
The search for secrets before a bundle is sealed. It fails closed: what cannot be searched is refused too.

Every byte of every file is searched, and what PNG chunks and gzip files hold inside. Before that the search proves
itself on a canary planted in each of these places.
"""

from __future__ import annotations

import base64
import gzip
import io
import os
import secrets as random
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from automation.core.errors import BundleError
from automation.storage.files import NotRegular, open_regular
from automation.text.redaction import Secrets

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
"""The chunks that decide what is seen; all others are metadata."""


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """
    Type and content of each chunk, in order, up to `IEND`.

    Raises:
        ValueError: not a PNG, cut off, or with a wrong check sum.
    """
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        check = data[at + 8 + size : at + 12 + size]
        if len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check):
            raise ValueError("a damaged PNG")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + size
    raise ValueError("a PNG without an end")


def stripped(data: bytes) -> bytes:
    """The same picture without metadata and without anything after its end; see `chunks` for what is raised."""
    parts = [SIGNATURE]
    for kind, body in chunks(data):
        if kind in NEEDED:
            parts.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
    return b"".join(parts)


def is_whole(data: bytes) -> bool:
    """Whether this is a PNG from its first byte to its last."""
    try:
        length = len(SIGNATURE) + sum(12 + len(body) for _, body in chunks(data))
    except ValueError:
        return False
    return length == len(data)


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; see `chunks` for what is raised."""
    kind, body = next(chunks(data))
    if kind != b"IHDR" or len(body) < 8:
        raise ValueError("a PNG without a header")
    width, height = struct.unpack_from(">II", body)
    return int(width), int(height)


_LARGEST_BYTES = 64_000_000
"""Unpacked. Evidence of one check is a hundredth of that."""
_LARGEST_FILE_BYTES = 256_000_000
_DEEPEST = 4
"""Layers of packing. A gzip file can be made that holds itself."""
_GZIP = b"\x1f\x8b"
_REPORT = "Nothing was kept. Please report this: a rule for masking is missing. `temoin check` may be run again."


Search = Callable[[Mapping[str, bytes], Secrets], "str | None"]
"""Files by path, and what to look for; the path of the first that holds it."""


class Unsearchable(Exception):
    """A file holds something that cannot be unpacked, so nobody can say what is in it."""


def scan(secrets: Secrets) -> Callable[[Path], None]:
    """
    What `BundleWriter.publish` takes as `scan`: refuses a folder that holds a secret.

    The function raises BundleError, naming the file and never the value, at the first hit; also where a file cannot
    be searched, and where the search does not find its own canary.
    """

    def look_through(folder: Path) -> None:
        prove()
        try:
            hit = first_hit(folder, secrets)
        except Unsearchable as error:
            raise BundleError(f"{error}: it cannot be searched for secrets", _REPORT) from None
        except OSError as error:
            raise BundleError(f"the evidence cannot be searched for secrets ({error.strerror or error})") from None
        if hit is not None:
            raise BundleError(f"{hit}: holds a secret of this account, so the evidence is not sealed", _REPORT)

    return look_through


def first_hit(where: Path | Mapping[str, bytes], secrets: Secrets) -> str | None:
    """
    The path of the first file, by name, that holds a secret; None where none does.

    Raises:
        Unsearchable: naming the file.
        OSError: a file cannot be read.
    """
    for path, data in _files(where):
        try:
            if any(_holds(layer, secrets) for layer in _layers(data)):
                return path
        except Unsearchable as error:
            raise Unsearchable(f"{path}: {error}") from None
        if _holds(path.encode(errors="surrogateescape"), secrets):
            return path
    return None


def prove(search: Search = first_hit) -> None:
    """
    Show that a search finds what it must: a canary in every place and spelling, and no canary where there is none.

    Raises:
        BundleError: it does not.
    """
    canary = random.token_urlsafe(24)
    known = Secrets(own=(canary,))
    for place, data in _planted(canary).items():
        if search({place: data}, known) is None:
            raise BundleError(f"the search for secrets missed its own canary ({place})", _REPORT)
    if search(_planted(random.token_urlsafe(24)), known) is not None:
        raise BundleError("the search for secrets finds what is not there", _REPORT)


def _files(where: Path | Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    if isinstance(where, Mapping):
        yield from sorted(where.items())
        return
    paths = sorted(Path(top) / name for top, _, names in os.walk(where) for name in names)
    for path in paths:
        name = path.relative_to(where).as_posix()
        try:
            with open_regular(path) as file:
                data = file.read(_LARGEST_FILE_BYTES + 1)
        except NotRegular:
            raise Unsearchable(f"{name}: no file") from None
        if len(data) > _LARGEST_FILE_BYTES:
            raise Unsearchable(f"{name}: larger than evidence can be")
        yield name, data


def _layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """A file's bytes, and what is packed inside them."""
    if depth > _DEEPEST:
        raise Unsearchable("packed too often")
    yield data
    if data.startswith(_GZIP):
        yield from _layers(_unzipped(data), depth + 1)
    elif data.startswith(SIGNATURE):
        try:
            found = list(chunks(data))
        except ValueError as error:
            raise Unsearchable(str(error)) from None
        yield from (_inflated(kind, body) for kind, body in found if kind in {b"zTXt", b"iTXt", b"iCCP"})


def _unzipped(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(_LARGEST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise Unsearchable("a damaged gzip file") from None
    if len(plain) > _LARGEST_BYTES:
        raise Unsearchable("unpacks to more than evidence can be")
    return plain


def _inflated(kind: bytes, body: bytes) -> bytes:
    """The text of a compressed chunk: after its keyword and, in iTXt, language and translated keyword."""
    rest = body.partition(b"\0")[2]
    if kind == b"iTXt":
        if not rest.startswith(b"\1"):
            return rest
        rest = rest[2:].split(b"\0", 2)[-1]
    else:
        rest = rest[1:]
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(rest, _LARGEST_BYTES)
    except zlib.error:
        raise Unsearchable("a damaged PNG chunk") from None
    if unpacking.unconsumed_tail:
        raise Unsearchable("unpacks to more than evidence can be")
    return plain


def _holds(data: bytes, secrets: Secrets) -> bool:
    return any(needle in data and (not as_word or _stands_alone(needle, data)) for needle, as_word in secrets.needles)


def _stands_alone(needle: bytes, data: bytes) -> bool:
    at = data.find(needle)
    while at >= 0:
        around = data[max(0, at - 1) : at] + data[at + len(needle) : at + len(needle) + 1]
        if not any(chr(byte).isalnum() for byte in around):
            return True
        at = data.find(needle, at + 1)
    return False


def _planted(canary: str) -> dict[str, bytes]:
    """The canary in every place and spelling that the search is for."""
    raw = canary.encode()
    shifted = {f"base64 shifted by {n}": base64.b64encode(b"x" * n + raw + b"yz") for n in range(3)}
    return {
        "plain": b"a" + raw + b"z",
        "hex": raw.hex().upper().encode(),
        "gzip": gzip.compress(raw),
        "PNG tEXt": _png(b"tEXt", b"Comment\0" + raw),
        "PNG zTXt": _png(b"zTXt", b"Comment\0\0" + zlib.compress(raw)),
        "PNG iTXt": _png(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(raw)),
        "after a PNG": _png(b"tIME", b"") + raw,
        **shifted,
    }


def _png(kind: bytes, body: bytes) -> bytes:
    """One grey pixel, and a chunk of metadata."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (kind, body)]
    parts += [(b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
