"""The names of a bundle's files: what may be where, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from enum import StrEnum
from pathlib import Path

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
RUN_HEAD = "run.head.dsse.json"
"""In a run's folder of the first form: the ledger's head as it was when the run had ended, for authorities to stamp."""
HEAD_TOKEN = re.compile(r"run\.head-([a-z0-9]+(?:-[a-z0-9]+)*)\.(tsq|tsr)")
RESULTS = "results.json"
LOOKS = "looks.toml"
"""In the folder of a run that judged visits again: what people said that its answers rest on."""
REPORT = re.compile(r"report\.[a-z]{2}\.html")

BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

TOKEN = re.compile(r"seal/(open|close)-([a-z0-9]+(?:-[a-z0-9]+)*)\.(tsq|tsr)")
MAILBOX = "inbox.mail"
"""What stands in the name of a look's folder where a visit's has the account; no account can be called so."""
BUNDLE = re.compile(rf"\d{{4}}-\d\d-\d\dT\d{{6}}Z_([a-z0-9]+(?:-[a-z0-9]+)*|{re.escape(MAILBOX)})_[0-9a-f]{{8}}")
"""A bundle's folder: moment, account, random."""
_BUNDLE_LIKE = re.compile(r"\d{4}-?\d\d-?\d\dt\d{4,6}z?_.*")
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Zs"})
"""Control and format characters, accents, spaces: what a glance at a name passes over."""
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


def is_plain(path: str) -> bool:
    """Whether a path stays inside its folder, on every system, and needs no escaping in a manifest."""
    parts = path.split("/")
    return len(path) <= 400 and all(
        _PART.fullmatch(part) and part not in {".", ".."} and part == part.strip() and not part.endswith(".")
        for part in parts
    )


def reads_like(name: str, other: str) -> bool:
    """Whether a person could take a name for another one: by case, unseen characters, or letters of another script."""
    one, two = seen(name), seen(other)
    return len(one) == len(two) and all(a == b or not a.isascii() for a, b in zip(one, two, strict=True))


def reads_like_bundle(name: str) -> bool:
    """Whether a person would take a folder of this name for a bundle."""
    return _BUNDLE_LIKE.fullmatch(seen(name)) is not None


def seen(name: str) -> str:
    """A name without case, accents and what is not seen."""
    shown = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in shown if unicodedata.category(letter) not in _UNSEEN)


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
