"""When saved sessions will likely end, so that it is said before it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

import flows
from automation.app.setup import data_folder, history_path
from automation.config import Settings
from automation.core.accounts import Account, SignInMethod
from automation.core.errors import CheckError, HistoryError, VaultError
from automation.flow import Flow
from automation.session.vault import Vault
from automation.session.vault_keys import open_key
from automation.storage.sqlite import SqliteHistory
from automation.text.catalogue import N_
from automation.text.language import Language

WARNING = timedelta(days=7)
"""How long before its likely end people are warned."""
_SOON = N_(
    "%(account)s: the session will likely end on %(day)s; sign in before that with `temoin account login %(account)s`"
)


class LikelyEnd(NamedTuple):
    """When a saved session will likely end (aware, UTC), and whether people are to be warned by now."""

    at: datetime
    is_near: bool


def soon_ended(settings: Settings, words: Language) -> tuple[str, ...]:
    """One line for each account whose session will end within the days of warning."""
    known = flows.find(settings.flow_paths, {one.flow for one in settings.accounts}).flows
    ends = ((one.name, likely_end(one, known.get(one.flow), settings)) for one in settings.accounts)
    near = ((name, end.at.date()) for name, end in ends if end and end.is_near)
    return tuple(words.gettext(_SOON, account=name, day=words.short_date(day)) for name, day in near)


def likely_end(account: Account, flow: Flow | None, settings: Settings) -> LikelyEnd | None:
    """
    The earlier of two moments that are still to come; None where neither is known, or no session can be opened.

    One is when the first cookie of the sign-in runs out, the other when half of the service's earlier sessions had
    ended, as the history tells.
    """
    folder, past, now = data_folder() / "sessions", history_path(settings), datetime.now(UTC)
    file = next((path for name in account.entries if (path := folder / f"{name}.age").exists()), None)
    if file is None or flow is None or account.sign_in is not SignInMethod.SESSION:
        return None
    known = _of_file(file, file.stat().st_mtime_ns, flow.site.sign_in.session_cookies, settings.vault_key)
    if known is None or (known[1] is not None and known[1] <= now):
        return None
    signed_in, runs_out = known
    earlier = _lasted(past, past.stat().st_mtime_ns).get(account.service) if past.exists() else None
    usual = signed_in + sorted(earlier)[len(earlier) // 2] if earlier else None
    end = min((at for at in (runs_out, usual) if at is not None and at > now), default=None)
    return LikelyEnd(end, end - now <= WARNING) if end else None


@lru_cache(maxsize=256)
def _of_file(
    file: Path, _written: int, cookies: tuple[str, ...], key: SecretStr | None
) -> tuple[datetime, datetime | None] | None:
    """When somebody signed in, and when the first of these cookies runs out."""
    try:
        vault = _vault(file.parent, key)
        saved = vault.load(file.stem) if vault else None
        return (saved.stored_at, saved.runs_out_at(cookies)) if saved else None
    except CheckError:
        return None


@lru_cache(maxsize=1)
def _vault(folder: Path, configured: SecretStr | None) -> Vault | None:
    """None without its key, which is asked for once in a process: a keyring may ask a person."""
    try:
        key = open_key(configured, folder)
        key.existing()
    except VaultError:
        return None
    return Vault(folder, key)


@lru_cache(maxsize=1)
def _lasted(past: Path, _written: int) -> Mapping[str, Sequence[timedelta]]:
    try:
        with SqliteHistory(past) as history:
            return history.sessions_lasted()
    except HistoryError:
        return {}
