"""`temoin mcp`: what agents may ask. Codes, dates, digests and paths go out, and never a word of a page or a letter."""

from __future__ import annotations

from automation.cli.options import Config
from automation.cli.settings import configured, load_settings
from automation.config.installation import ways_to_add
from automation.core.errors import ConfigurationError


def serve(config: Config = None) -> None:
    """
    Answer an agent's questions over standard input and output (Model Context Protocol), until it hangs up.

    Before accounts are checked, the person at the agent's program is asked, by name of the accounts.
    """
    settings = configured(load_settings(config, for_signing_in=False))
    try:
        from automation.mcp.server import server_of  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("mcp"):
            raise
        raise ConfigurationError(
            "answering agents needs packages that are not installed", f"Install them: {ways_to_add('mcp')[0]}"
        ) from None
    server_of(settings.config).run("stdio")
