"""Keeping what was read: the document and each message, masked, in a sealed bundle that is complete or not there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation.domain.mail import InboxDocument
from automation.domain.results import Outcome
from automation.evidence.formats.inbox_file import inbox_json
from automation.evidence.secrets.scan import scan
from automation.evidence.write.bag import BundleWriter
from automation.evidence.write.sealer import Opened, Sealer, Summary
from automation.text.known_secrets import Secrets
from automation.text.normalizing import quote
from automation.text.redaction import Redactor

if TYPE_CHECKING:
    from automation.messaging.mailbox.letters import Letter

_LONGEST = 100_000
_QUERY = re.compile(r"(https?://[^\s?#<>\"']*)[?#][^\s<>\"']*")
"""What stands behind a link's path often signs its reader in."""
_MARKS = {"email": "[e-mail]", "id": "[number]"}
"""Rule, as in `redactions.json` of a visit → what stands in the place of what it hides."""
_OUTCOMES = {0: Outcome.OK, 1: Outcome.FINDING}


@dataclass(frozen=True)
class Keeper:
    """
    Seals what a look found.

    Args:
        sealer: of the evidence folder.
        secrets: everything that the user's configuration knows; it is taken out, and then searched for.
    """

    sealer: Sealer
    secrets: Sequence[str] = ()

    def keep(self, document: InboxDocument, messages: Mapping[str, bytes], opened: Opened) -> InboxDocument:
        """
        Write and seal the document and the messages; the document, which says where they lie now.

        Args:
            document: names the folder of this look, which does not exist yet.
            messages: path inside the bundle's `data/` → content.
            opened: what was settled before the look.

        Raises:
            OutputError: it cannot be written; nothing half-written stays.
            BundleError: it holds a secret, or does not prove itself; there is none then.
        """
        redactor, folder = Redactor(self.secrets), Path(document.output)
        bundle = BundleWriter.of_look(folder, self.sealer, opened)
        try:
            masks: Counter[str] = Counter()
            for path, data in messages.items():
                text = redactor.redact(data.decode())
                masks.update(_counted(text))
                bundle.add(path, text.encode(), "message", "application/json")
            text = redactor.redact(inbox_json(document))
            bundle.add("inbox.json", text.encode(), "inbox", "application/json")
            outcome = _OUTCOMES.get(document.exit_code, Outcome.INCOMPLETE)
            reference = bundle.seal(Summary({}, outcome.value, masks), scan(Secrets.of(own=self.secrets)))
        finally:  # a sealed bundle has another name by then, and its folder is not empty
            bundle.discard()
            with suppress(OSError):
                folder.rmdir()
        return replace(document, bundle=reference)


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


def _counted(text: str) -> dict[str, int]:
    """How many places each rule hid in a masked text."""
    return {rule: count for rule, mark in _MARKS.items() if (count := text.count(mark))}
