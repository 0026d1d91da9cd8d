"""PNG files as their chunks: what a picture may hold beside its pixels, and how it is taken out."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
