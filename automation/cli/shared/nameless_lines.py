"""Lines of a `.env` that set nothing because they have no `NAME=`, such as a key that was put there alone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from automation.cli.shared import common
from automation.core.errors import ConfigurationError
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from pathlib import Path

NAMELESS_LINE = N_("%(file)s, line %(line)s has no NAME=, and is passed over.")
"""It never repeats the line, which may be a key."""


def warn_of_nameless_lines(config: Path | None) -> None:
    """Name each once a call, on standard error; a file that cannot be read is told elsewhere."""
    from automation.config import passed_over

    with suppress(ConfigurationError):
        for place, line in passed_over(config):
            said = common.told(NAMELESS_LINE % {"file": place, "line": line})
            if said not in common.given.warned:
                common.given.warned.add(said)
                typer.echo(f"! {said}", err=True)
