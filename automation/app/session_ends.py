"""When saved sessions will likely end, so that it is said before it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr

import flows
from automation.app.setup import data_folder, history_path
from automation.config import Settings
from automation.core.accounts import Account, SignInMethod
from automation.core.errors import CheckError, HistoryError, VaultError
from automation.flow import Flow
from automation.flow.site import Site
from automation.session.vault import Vault
from automation.session.vault_keys import VaultKey, open_key
from automation.storage.sqlite import SqliteHistory
from automation.text.catalogue import N_
from automation.text.language import Language

WARNING = timedelta(days=7)
"""How long before its likely end people are warned."""
_Mark = tuple[int, int]
"""What tells whether a file is still the same one: when it was written (ns), and its size."""


@dataclass(frozen=True, slots=True)
class LikelyEnd:
    """When a saved session will likely end."""

    at: datetime
    """Aware, UTC."""
    is_near: bool
    """Whether people are to be warned by now."""


def end_of_session(account: Account, flow: Flow | None, settings: Settings) -> LikelyEnd | None:
    """As `likely_end`, of a configured account; None, too, where it signs in with a password."""
    if flow is None or account.sign_in is not SignInMethod.SESSION:
        return None
    return likely_end(account.entries, account.service, flow.site, settings)


def soon_ended(settings: Settings, words: Language) -> tuple[str, ...]:
    """One line for each account whose session will end within the days of warning."""
    accounts = [one for one in settings.accounts if one.sign_in is SignInMethod.SESSION]
    known = flows.find(settings.flow_paths, {one.flow for one in accounts}).flows if accounts else {}
    ends = ((one.name, end_of_session(one, known.get(one.flow), settings)) for one in accounts)
    sentence = N_(
        "%(account)s: the session will likely end on %(day)s; sign in before that with `temoin login %(account)s`"
    )
    return tuple(
        words.gettext(sentence, account=name, day=words.short_date(end.at)) for name, end in ends if end and end.is_near
    )


def likely_end(entries: Sequence[str], service: str, site: Site, settings: Settings) -> LikelyEnd | None:
    """
    The earlier of two moments that are still to come; None where neither is known, or no session can be opened.

    One is when the first cookie of the sign-in runs out, the other when half of the service's earlier sessions had
    ended, as the history tells. A key that is not to be had is asked for once in a process: a keyring may ask a person.

    Args:
        entries: names under which the session may be kept.
        service: its folder in `flows/`.
        site: what its sign-in sets.
        settings: the vault's key, and where the history lies.
    """
    folder, now = data_folder() / "sessions", datetime.now(UTC)
    file = next((path for name in entries if (path := folder / f"{name}.age").exists()), None)
    known = _of_file(file, _mark(file), site.sign_in.session_cookies, settings.vault_key) if file else None
    if known is None or (known[1] is not None and known[1] <= now):
        return None
    signed_in, runs_out = known
    past = history_path(settings)
    earlier = _lasted(past, _mark(past)).get(service, ()) if past.exists() else ()
    usual = signed_in + sorted(earlier)[len(earlier) // 2] if earlier else None
    ahead = [at for at in (runs_out, usual) if at is not None and at > now]
    return LikelyEnd(min(ahead), min(ahead) - now <= WARNING) if ahead else None


def _mark(file: Path) -> _Mark:
    found = file.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=256)
def _of_file(
    file: Path, _written: _Mark, cookies: tuple[str, ...], configured: SecretStr | None
) -> tuple[datetime, datetime | None] | None:
    """When somebody signed in, and when the first of these cookies runs out."""
    key = _key(configured)
    try:
        saved = Vault(file.parent, key).load(file.stem) if key else None
        return (saved.stored_at, saved.runs_out_at(cookies)) if saved else None
    except CheckError:
        return None


@lru_cache(maxsize=1)
def _key(configured: SecretStr | None) -> VaultKey | None:
    try:
        key = open_key(configured)
        key.existing()
    except VaultError:
        return None
    return key


@lru_cache(maxsize=1)
def _lasted(past: Path, _written: _Mark) -> Mapping[str, Sequence[timedelta]]:
    try:
        with SqliteHistory(past) as history:
            return history.sessions_lasted()
    except HistoryError:
        return {}
