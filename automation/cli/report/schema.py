"""`temoin schema`: the JSON Schemas of what commands print with `--json`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer


class SchemaDocument(StrEnum):
    """What there is a schema of."""

    RUN = "run"
    INBOX = "inbox"
    HISTORY = "history"


def schema(
    document: Annotated[
        SchemaDocument,
        typer.Argument(help="What `temoin check` (run), `temoin inbox` or `temoin history` print as JSON."),
    ] = SchemaDocument.RUN,
) -> None:
    """Print the JSON Schema (2020-12) of a document."""
    import json

    typer.echo(json.dumps(schema_of(document), ensure_ascii=False, indent=2))


def schema_of(document: SchemaDocument) -> dict[str, Any]:
    """The JSON Schema of one of them."""
    from automation.reports import as_json

    match document:
        case SchemaDocument.INBOX:
            from automation.core.mail import SCHEMA, InboxDocument

            return as_json.schema_of(InboxDocument, SCHEMA)
        case SchemaDocument.HISTORY:
            from automation.storage.history.entries import SCHEMA, HistoryDocument

            return as_json.schema_of(HistoryDocument, SCHEMA)
        case SchemaDocument.RUN:
            return as_json.schema()
