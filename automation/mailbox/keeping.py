"""Keeping what was read: the document and each message, masked, in a folder that is complete or not there."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation.errors import OutputError
from automation.mailbox.answers import InboxDocument
from automation.words import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.mailbox.letters import Letter
    from automation.redaction import Redactor

_MANIFEST = "manifest-sha256.txt"
_DOCUMENT = "inbox.json"
_LONGEST = 100_000
_QUERY = re.compile(r"(https?://[^\s?#<>\"']*)[?#][^\s<>\"']*")
"""What stands behind a link's path often signs its reader in."""


def masked(text: str) -> str:
    """A text without e-mail addresses, long numbers and what follows a link's path; white space folded."""
    return quote(_QUERY.sub(r"\1", text), _LONGEST)


def masked_message(letter: Letter, facts: Mapping[str, Any]) -> dict[str, Any]:
    """
    A message as evidence may hold it.

    Args:
        letter: the message.
        facts: what was found out about it, beside what it says.
    """
    return {
        **facts,
        "sender_name": masked(letter.sender_name),
        "sender_domain": letter.domain,
        "recipient_domains": [address.rpartition("@")[2] for address in letter.recipients],
        "subject": masked(letter.subject),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "message_sha256": letter.sha256,
        "versions": [
            {
                "own": [{"text": masked(block.text), "quoted": block.quoted} for block in version.own],
                "quoted_below": [masked(block.text) for block in version.quoted],
                "links": [masked(link) for link in version.links],
            }
            for version in letter.versions
        ],
    }


def to_json(document: InboxDocument) -> str:
    """The document as `--json` prints it."""
    plain = TypeAdapter(InboxDocument).dump_json(document, indent=2).decode()
    return plain + "\n"


def keep(document: InboxDocument, messages: Mapping[str, bytes], redactor: Redactor) -> None:
    """
    Write the document, the messages and a list of their digests into the document's folder.

    Args:
        document: names the folder, which does not exist yet.
        messages: file name → content.
        redactor: takes out every secret that is known.

    Raises:
        OutputError: it cannot be written; nothing half-written stays.
    """
    final = Path(document.output)
    beside = final.with_name(f"{final.name}.partial")
    files = {name: redactor.redact(data.decode()).encode() for name, data in messages.items()}
    files[_DOCUMENT] = redactor.redact(to_json(document)).encode()
    listed = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    with _writing(final):
        try:
            beside.mkdir(parents=True)
            for name, data in {**files, _MANIFEST: listed.encode()}.items():
                with (beside / name).open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            beside.rename(final)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error})",
            "Free some space or choose another folder with --output.",
        ) from None
