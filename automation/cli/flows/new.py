"""`temoin flows new`: the files of a setting that one control shows, ready to be filled in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def new_flow(
    name: Annotated[str, typer.Argument(help="Service and setting, such as example.ai_training.")],
    folder: Annotated[Path, typer.Option("--in", help="Folder for flows of your own.")] = Path("flows-of-ours"),
    url: Annotated[str, typer.Option(help="Address of the page that shows the setting.")] = "",
) -> None:
    """Write the files of a new flow; `temoin flows test` accepts them at once, and then you fill them in."""
    from automation.authoring.scaffold import scaffold
    from automation.cli.shared.common import words

    require_name(name)
    for path in scaffold(name, folder, url):
        typer.echo(path)
    _ = words(None, None).gettext
    typer.echo("\n" + _("Try it: %(command)s", command=f"temoin flows test {name} --flow-path {folder}"))
    typer.echo(_("Check its files: %(command)s", command=f"temoin flows check --flow-path {folder}"))


def require_name(name: str) -> None:
    """
    Make sure that a name is that of a flow.

    Raises:
        ConfigurationError: it is not.
    """
    from automation.core.errors import ConfigurationError

    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"'{name}' is no name of a flow", "Write service.setting in lower case: example.ai_training."
        )
