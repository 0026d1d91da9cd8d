"""Keeping what was read: the document and each message, masked, in a sealed bundle that is complete or not there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation.core.mail import InboxDocument
from automation.core.results import Outcome
from automation.evidence.formats.result_file import inbox_json
from automation.evidence.write.bag import BundleWriter
from automation.evidence.write.sealer import Opened, Sealer, Summary
from automation.evidence.write.secret_scan import scan
from automation.text.names import Names
from automation.text.normalizing import quote
from automation.text.redaction import Redactor, Secrets

if TYPE_CHECKING:
    from automation.core.signals import Signal
    from automation.messaging.letters import Letter
    from automation.text.labels import Labels

_LONGEST = 100_000
_QUERY = re.compile(r"(https?://[^\s?#<>\"']*)[?#][^\s<>\"']*")
"""What stands behind a link's path often signs its reader in."""
_IN_ADDRESS = re.compile(r"[\w.+-]*\0[\w.+-]*@|@[\w.-]*\0")
"""A name within an e-mail address: the address is hidden as one."""
_MARKS = {"name": "[name]", "email": "[e-mail]", "id": "[number]"}
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
                masks.update({rule: count for rule, mark in _MARKS.items() if (count := text.count(mark))})
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


def people_in(letter: Letter, labels: Labels) -> Names:
    """
    Whom a message names: those to whom it is addressed, and whom it greets.

    Args:
        letter: the message.
        labels: of the service, whose words are no names.
    """
    names = Names.beside(labels)
    locals_ = (address.partition("@")[0] for address in letter.recipients)
    named = (re.findall(r"[^\W\d_]+", local) for local in locals_)
    names.add(" ".join(part.title() for part in parts) for parts in named if len(parts) > 1)
    for version in letter.versions:
        for block in (*version.own, *version.quoted):
            names.written(block.text)
    return names


def masked(text: str, people: Names) -> str:
    """A text without names, e-mail addresses, long numbers and what follows a link's path; white space folded."""
    spaced = _QUERY.sub(r"\1", text)
    for start, end in reversed(people.spans(spaced)):
        if not _IN_ADDRESS.search(spaced[:start] + "\0" + spaced[end:]):
            spaced = spaced[:start] + _MARKS["name"] + spaced[end:]
    return quote(spaced, _LONGEST)


def told(signal: Signal, people: Names) -> Signal:
    """A signal as it may be told: its quote names nobody."""
    return replace(signal, quote=masked(signal.quote, people))


def masked_message(letter: Letter, facts: Mapping[str, Any], people: Names) -> dict[str, Any]:
    """
    A message as evidence may hold it.

    Args:
        letter: the message.
        facts: what was found out about it, beside what it says.
        people: whom it names.
    """
    hidden = partial(masked, people=people)
    return {
        **facts,
        "sender_name": hidden(letter.sender_name),
        "sender_domain": letter.domain,
        "recipient_domains": [address.rpartition("@")[2] for address in letter.recipients],
        "subject": hidden(letter.subject),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "message_sha256": letter.sha256,
        "versions": [
            {
                "own": [{"text": hidden(block.text), "quoted": block.quoted} for block in version.own],
                "quoted_below": [hidden(block.text) for block in version.quoted],
                "links": [hidden(link) for link in version.links],
            }
            for version in letter.versions
        ],
    }


def to_json(document: InboxDocument) -> str:
    """The document as `--json` prints it."""
    return TypeAdapter(InboxDocument).dump_json(document, indent=2).decode() + "\n"
