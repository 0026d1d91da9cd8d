"""`temoin schema`: the JSON Schemas of what commands print with `--json`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Document(StrEnum):
    """What there is a schema of."""

    RUN = "run"
    INBOX = "inbox"
    HISTORY = "history"


def schema(
    document: Annotated[
        Document, typer.Argument(help="What `temoin check` (run), `temoin inbox` or `temoin history` print as JSON.")
    ] = Document.RUN,
) -> None:
    """Print the JSON Schema (2020-12) of a document."""
    import json

    from automation.reports import as_json

    if document is Document.INBOX:
        from automation.mail_answers import SCHEMA, InboxDocument

        made = as_json.schema_of(InboxDocument, SCHEMA)
    elif document is Document.HISTORY:
        from automation.history.entries import SCHEMA, HistoryDocument

        made = as_json.schema_of(HistoryDocument, SCHEMA)
    else:
        made = as_json.schema()
    typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
