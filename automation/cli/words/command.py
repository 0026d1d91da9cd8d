"""`temoin words`, as it was called before there were looks: says what takes its place."""

from __future__ import annotations

from typing import Annotated

import typer

from automation.cli.shared.common import Lang


def words(
    rest: Annotated[list[str] | None, typer.Argument(help="What it was called with.")] = None, lang: Lang = None
) -> None:
    """Say what takes its place; sentences that were confirmed with it go on counting."""
    from automation.core.errors import ConfigurationError

    del rest, lang
    raise ConfigurationError(
        "`temoin words` is no more; what was confirmed with it goes on counting",
        "Use `temoin look BUNDLE`, and `temoin look list` for what is known.",
    )
