"""
The vault of saved sessions: sealed with age on disk, each used by one process at a time.

Nothing is ever written in clear, and there is no option to. What a file says of itself (account, service, age) is
sealed with it. Beside it, the record of failed sign-ins that keeps a scheduled job from hammering an account.
"""

from __future__ import annotations

from automation.session.vault.cooldown import Cooldown
from automation.session.vault.keys import VaultKey, identities_in, new_key, open_key, opened, recipient_from, sealed
from automation.session.vault.saved import Confirmation, SavedSession, SavedSessionInfo, SigningBrowser
from automation.session.vault.store import Vault

__all__ = [
    "Confirmation",
    "Cooldown",
    "SavedSession",
    "SavedSessionInfo",
    "SigningBrowser",
    "Vault",
    "VaultKey",
    "identities_in",
    "new_key",
    "open_key",
    "opened",
    "recipient_from",
    "sealed",
]
