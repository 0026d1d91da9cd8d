"""
`data/inbox.json`: what a look into a mailbox found, as its bundle holds it.

Its `bundle` is null and its `output` empty: no file can hold the digest of the seal that covers it, and the bundle may
be taken elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from automation.domain.mail import SCHEMA, InboxDocument
from automation.evidence.formats.result_file import Captures, check_moments, read_named


def inbox_json(document: InboxDocument) -> str:
    """The document as `data/inbox.json` holds it."""
    sealed = replace(document, bundle=None, output="")
    return TypeAdapter(InboxDocument).dump_json(sealed, indent=2).decode() + "\n"


def read_inbox(data: bytes) -> InboxDocument:
    """
    Read a `data/inbox.json`. Keys that this version does not know are left out.

    Raises:
        UnknownSchema: it names another schema, or none.
        BrokenSchema: it is not JSON, or does not follow its schema.
    """
    document: InboxDocument = read_named(InboxDocument, SCHEMA, data)
    check_moments(look_moments(document))
    return document


def look_moments(document: InboxDocument) -> Captures:
    """When the look began and ended."""
    return (("started_at", document.started_at), ("finished_at", document.finished_at))
