"""The names of a bundle's files: what may be where, and nothing else; and its manifests (BagIt 1.0, RFC 8493)."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from automation import __version__

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PAYLOAD = "data"
RESULT = "data/result.json"
INBOX = "data/inbox.json"
ORIGINAL = "vault/original.tar.age"
"""An unmasked copy, encrypted for the account holder; covered by the tag manifest."""

STATEMENT = "seal/statement.json"
ENVELOPE = "seal/envelope.dsse.json"
SIGNER = "seal/signer.pem"
OPENING = "seal/opening.json"
PARTIAL = ".partial"

RUN_DOCUMENT = "run.dsse.json"
"""In a run's folder: what seals its results and reports."""
RUN_TOKEN = re.compile(r"run-([a-z0-9]+(?:-[a-z0-9]+)*)\.(tsq|tsr)")
RUN_LEDGER = "run.ledger.jsonl"
"""In a run's folder: the piece of the ledger that tells of it, so that the run can be handed on alone."""
RUN_HEAD = "run.head.dsse.json"
"""In a run's folder: the ledger's signed head as it was when the run had ended. In the first form it was stamped."""
HEAD_TOKEN = re.compile(r"run\.head-([a-z0-9]+(?:-[a-z0-9]+)*)\.(tsq|tsr)")
RESULTS = "results.json"
LOOKS = "looks.toml"
"""In the folder of a run that judged visits again: what people said that its answers rest on."""
SEEN = re.compile(r"seen-([0-9a-f]{64})\.(eml|pdf|png|jpg)")
"""Beside `LOOKS`: what a person added to a look, by its SHA-256."""
REPORT = re.compile(r"report\.[a-z]{2}\.html")

BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

TOKEN = re.compile(r"seal/(open|close)-([a-z0-9]+(?:-[a-z0-9]+)*)\.(tsq|tsr)")
MAILBOX = "inbox.mail"
"""What stands in the name of a look's folder where a visit's has the account; no account can be called so."""
BUNDLE = re.compile(rf"\d{{4}}-\d\d-\d\dT\d{{6}}Z_([a-z0-9]+(?:-[a-z0-9]+)*|{re.escape(MAILBOX)})_[0-9a-f]{{8}}")
"""A bundle's folder: moment, account, random."""
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_PART = re.compile(r"[^\x00-\x1f\x7f-\x9f\\/:*?\"<>|%\ud800-\udfff\ufffe\uffff]+")


class FileKind(StrEnum):
    """What a bundle is the evidence of."""

    VISIT = "visit"
    """One account, looked at at its service."""
    INBOX = "inbox"
    """A look into a mailbox for the services' answers: no visit, and no verdict."""


SUBJECTS = {FileKind.VISIT: RESULT, FileKind.INBOX: INBOX}
"""The file that says what came of it, which the statement names beside the manifests."""


def kind_of(listed: Container[str]) -> FileKind:
    """What a bundle with these files is the evidence of, before its statement is read."""
    return FileKind.INBOX if INBOX in listed and RESULT not in listed else FileKind.VISIT


def kind_at(folder: Path) -> FileKind:
    """The same of a folder that nobody has verified."""
    return kind_of([path for path in (RESULT, INBOX) if (folder / path).is_file()])


@lru_cache(maxsize=10_000)
def is_plain(path: str) -> bool:
    """Whether a path stays inside its folder, on every system, and needs no escaping in a manifest."""
    parts = path.split("/")
    return len(path) <= 400 and all(
        _PART.fullmatch(part) and part not in {".", ".."} and part == part.strip() and not part.endswith(".")
        for part in parts
    )


def opening_token(authority: str, suffix: str) -> str:
    """Path of an opening token (`tsr`) or its request (`tsq`)."""
    return f"seal/open-{authority}.{suffix}"


def run_token(authority: str, suffix: str) -> str:
    """Name of a token over the run document (`tsr`) or its request (`tsq`), in a run's folder."""
    return f"run-{authority}.{suffix}"


def head_token(authority: str, suffix: str) -> str:
    """Name of a token over the ledger's head (`tsr`) or its request (`tsq`), in a run's folder of the first form."""
    return f"run.head-{authority}.{suffix}"


def closing_token(authority: str, suffix: str) -> str:
    """Path of a closing token (`tsr`) or its request (`tsq`)."""
    return f"seal/close-{authority}.{suffix}"


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
        match = _MANIFEST_LINE.fullmatch(line)
        if match is None:
            raise BadManifest(number)
        if not is_plain(match[2]) or match[2] in digests:
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
