"""
The one layer between the page and the commands: what is there, and the accounts as the configuration has them.

Beside it stand `visits` (what opens a browser), `papers` (what is written from evidence) and `preferences`; each of
their functions calls what a command calls. None of them knows of requests or HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.web.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Mapping


class Desk(Archive):
    """
    What can be done with one configuration.

    Args:
        config: the `temoin.toml`; it need not exist yet.
    """

    def change_account(self, name: str, values: Mapping[str, Any], seen: str) -> None:
        """Change what a person said of an account."""
        from automation.app.accounts import editing

        with editing(self.config, seen=seen) as draft:
            draft.change("accounts", "name", name, values)

    def remove_account(self, name: str, seen: str) -> None:
        """Take an account out of the file and forget its session; its evidence stays."""
        from automation.app.accounts import editing
        from automation.app.setup import cooldown, vault_of
        from automation.cli.settings import load_environment

        with editing(self.config, seen=seen) as draft:
            draft.remove("accounts", "name", name)
        vault_of(load_environment()).forget(name)
        cooldown().succeeded(name)
