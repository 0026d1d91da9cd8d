"""`temoin schema`: the JSON Schema of what `temoin check --json` prints."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema (2020-12) of the results."""
    import json

    from automation.reports.as_json import schema as of_results

    typer.echo(json.dumps(of_results(), ensure_ascii=False, indent=2))
