"""
The one layer between the page and the commands: what is there, and the accounts as the configuration has them.

Beside it stand `visits` (what opens a browser), `papers` (what is written from evidence), `wording` (what people say
that words mean) and `preferences`; each of their functions calls what a command calls. None of them knows of requests
or HTML. Everything is read anew each time, so that two windows, a terminal and a scheduled check never show old state.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.cli.ui.cards import Card, Letter, card_of
from automation.errors import ConfigurationError, HistoryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path  # noqa: TC004 - nothing asks `Latest` for its types

    from automation.config import Settings
    from automation.domain.accounts import Account
    from automation.domain.results import Result  # noqa: TC004
    from automation.flow import Flow
    from automation.storage.history import Change, HistoryEntry
    from automation.text.language import Language


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest result of an account, and where its run lies."""

    result: Result
    run: Path

    @property
    def bundle(self) -> Path | None:
        """Its evidence; None where it has none."""
        return self.run / self.result.bundle.path if self.result.bundle else None


class Desk:
    """
    What can be done with one configuration.

    Args:
        config: the `temoin.toml`; it need not exist yet.
    """

    def __init__(self, config: Path) -> None:
        self.config = config

    def settings(self, *accounts: str) -> Settings:
        """
        The configuration as it is now, without what only signing in needs.

        Raises:
            ConfigurationError: it is wrong.
        """
        from automation.config import load

        return load(self.file, accounts=accounts, for_signing_in=False)

    @property
    def file(self) -> Path:
        """The configuration, or an empty file in its place."""
        from pathlib import Path

        return self.config if self.config.exists() else Path(os.devnull)

    def flows(self, settings: Settings) -> Mapping[str, Flow]:
        """Every setting that can be read."""
        import flows

        return flows.find(settings.flow_paths).flows

    def latest(self, settings: Settings) -> dict[str, Latest]:
        """Account → its newest result; a run that cannot be read is left out."""
        from automation.reports.stored import NAME, newest_of_each, open_stored

        runs = []
        for file in settings.output.glob(f"*/{NAME}"):
            try:
                runs.append(open_stored(file))
            except ConfigurationError:
                continue
        wanted = {account.name: account.flow for account in settings.accounts}
        found: dict[str, Latest] = {}
        try:
            for stored, result in newest_of_each(runs, wanted):
                if wanted[result.account] == result.flow:
                    found[result.account] = Latest(result, stored.path.parent)
                if len(found) == len(wanted):
                    break
        except ConfigurationError:
            pass
        return found

    def timeline(self, settings: Settings, account: Account) -> tuple[HistoryEntry, ...]:
        """
        What was answered for an account, oldest first.

        Raises:
            HistoryError: the history cannot be read.
        """
        from automation.cli.shared.common import history_path
        from automation.storage.history import SqliteHistory

        path = history_path(settings)
        if not path.exists():
            return ()
        with SqliteHistory(path) as history:
            return tuple(entry for entry in history.timeline(account.name) if entry.flow == account.flow)

    def cards(self, settings: Settings, words: Language) -> tuple[Card, ...]:
        """Every account of the configuration."""
        from automation.cli.shared.common import history_path
        from automation.storage.history import SqliteHistory

        path, changes = history_path(settings), {}
        if path.exists():
            try:
                with SqliteHistory(path) as history:
                    changes = {(entry.account, entry.flow): entry.change for entry in history.latest()}
            except HistoryError:
                changes = {}
        import flows

        latest = self.latest(settings)
        known = flows.find(settings.flow_paths, {account.flow for account in settings.accounts}).flows
        return tuple(
            self.card(
                account,
                known.get(account.flow),
                latest.get(account.name),
                changes.get((account.name, account.flow)),
                words,
            )
            for account in settings.accounts
        )

    def card(
        self, account: Account, flow: Flow | None, latest: Latest | None, change: Change | None, words: Language
    ) -> Card:
        """One account of the configuration, with its newest result and where that came in time."""
        from automation.cli.ui.wording import letter_in

        return card_of(
            account,
            flow.guide if flow else None,
            latest.result if latest else None,
            change,
            words,
            signed_in=self.is_signed_in(account),
            letter=letter_in(latest.bundle, latest.result, flow) if latest and flow else Letter.NONE,
        )

    def is_signed_in(self, account: Account) -> bool:
        """Whether a session is kept; whether the service still accepts it, only a check can tell."""
        from automation.cli.shared.common import data_folder

        sessions = data_folder() / "sessions"
        return any((sessions / f"{name}.age").exists() for name in account.entries)

    def change_account(self, name: str, values: Mapping[str, Any], seen: str) -> None:
        """Change what a person said of an account."""
        from automation.cli.shared.editing import editing

        with editing(self.config, seen=seen) as draft:
            draft.change("accounts", "name", name, values)

    def remove_account(self, name: str, seen: str) -> None:
        """Take an account out of the file and forget its session; its evidence stays."""
        from automation.cli.shared.common import cooldown, load_environment, vault_of
        from automation.cli.shared.editing import editing

        with editing(self.config, seen=seen) as draft:
            draft.remove("accounts", "name", name)
        vault_of(load_environment()).forget(name)
        cooldown().succeeded(name)
