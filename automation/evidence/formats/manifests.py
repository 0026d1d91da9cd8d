"""The small text files of a BagIt folder (RFC 8493, version 1.0)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from automation import __version__
from automation.evidence.formats import names

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class BadManifest(ValueError):
    """Text that is no manifest as this program writes them; says which line."""

    def __init__(self, line: int, path: str = "") -> None:
        super().__init__(f"line {line}")
        self.line = line
        self.path = path
        """The path that leads out of the folder or stands twice; empty where the line itself is malformed."""


def manifest(digests: Mapping[str, str]) -> bytes:
    """A manifest: one line for each path, sorted."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def read_manifest(data: bytes) -> dict[str, str]:
    """
    Path → digest.

    Raises:
        BadManifest: a line is malformed, or its path leads out of the folder or stands twice.
    """
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise BadManifest(data.count(b"\n", 0, error.start) + 1) from None
    if lines.pop() != "":
        raise BadManifest(len(lines) + 1)
    digests: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadManifest(number)
        if not names.is_plain(match[2]) or match[2] in digests:
            raise BadManifest(number, match[2])
        digests[match[2]] = match[1]
    return digests


def bag_info(name: str, at: datetime, size_bytes: int, count: int) -> bytes:
    """What BagIt wants said of the whole."""
    return (
        f"Bag-Software-Agent: temoin {__version__}\n"
        f"Bagging-Date: {at:%Y-%m-%d}\n"
        f"External-Identifier: {name}\n"
        f"Payload-Oxum: {size_bytes}.{count}\n"
    ).encode()
