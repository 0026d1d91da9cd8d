"""
An account that is not configured yet: signed in at a window, confirmed by the person, written into `temoin.toml`.

What `temoin init` and the page's "Add an account" share. `signed_in` is the one place where a window is opened for it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from automation.config import Settings
    from automation.core.accounts import AccountKind  # noqa: TC004 - nothing asks `Wish` for its types
    from automation.core.errors import VaultError
    from automation.flow import Flow
    from automation.session import News
    from automation.session.newcomer import Newcomer
    from automation.session.vault import SavedSession
    from automation.text.language import Language

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of an account before they sign in; everything else is read."""

    flow: str
    owner: str
    kind: AccountKind
    page: str | None = None
    """The Page that a `page_admin` looks after."""
    protected: bool = True
    """Whether content is to be kept out of training; else only where it stands is of interest."""


async def signed_in(
    flow: Flow, settings: Settings, wish: Wish, words: Language, tell: Callable[[News], None], limit_s: float
) -> Newcomer:
    """
    Open the service's window, let the person sign in, and read who they are.

    Raises:
        CheckError: nobody was signed in; the message says why.
    """
    from dataclasses import replace

    from playwright.async_api import async_playwright

    from automation.browser.pool import launched
    from automation.cli.shared.places import identity_key
    from automation.guard import Guard, GuardPolicy
    from automation.session import Whose
    from automation.session.newcomer import sign_in_newcomer

    browser = replace(settings.browser, headless=False)
    guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=dict(browser.replica_map) or None)
    async with async_playwright() as playwright, launched(playwright, browser, guard):
        whose = Whose(None, wish.owner, identity_key(settings))
        return await sign_in_newcomer(
            guard, flow.site, flow.labels, whose, tell=tell, say=words.gettext, limit_s=limit_s
        )


def kept(wish: Wish, newcomer: Newcomer, config: Path) -> str:
    """
    Keep what the person confirmed: the account in the file, then its session. Its name in the configuration.

    An account that is there already under this flow keeps its entry, and gets the new session.

    Raises:
        ConfigurationError: the file is wrong, or owner or Page hold what the service calls the account.
        VaultError, OutputError: the session cannot be kept; the account is then one that has to be signed in to.
    """
    from automation.cli.shared.editing import editing
    from automation.cli.shared.places import cooldown, vault_of
    from automation.config import load

    with editing(config) as draft:
        settings = load(config if config.exists() else Path(os.devnull), for_signing_in=False)
        there = {account.name: account for account in settings.accounts}
        known = [a.name for a in there.values() if (a.flow, a.identity) == (wish.flow, newcomer.identity)]
        name = known[0] if known else name_of(wish, there, newcomer.identity)
        if not known:
            draft.add("accounts", _entry(name, wish, newcomer.identity))
    vault = vault_of(settings)
    entries = load(config, accounts=(name,), for_signing_in=False).accounts[0].entries
    holder = vault.holder(entries)
    with vault.locked(holder):
        vault.store(_session(holder, wish, newcomer, settings))
    cooldown().succeeded(name)
    return name


def key_trouble(settings: Settings) -> VaultError | None:
    """Why this machine has no place for the key of saved sessions, where a private file would be one; else None."""
    from automation.core.errors import VaultError
    from automation.session.vault import open_key

    try:
        open_key(settings.vault_key).is_made()
    except VaultError as error:
        if settings.vault_key:
            raise
        return error
    return None


def key_file(config: Path) -> Path:
    """Where the key of the sessions is kept on a machine without a keyring."""
    return config.with_name(".env")


def make_key(config: Path) -> None:
    """
    Make a key of the sessions and keep it beside the configuration, in a file that only this user may read.

    Raises:
        OutputError: it cannot be written.
    """
    from automation.cli.shared.editing import set_variables
    from automation.session.vault import new_key

    set_variables(key_file(config), {"TEMOIN_VAULT_KEY": new_key()[0]})


def _session(name: str, wish: Wish, newcomer: Newcomer, settings: Settings) -> SavedSession:
    from datetime import UTC, datetime

    from automation.cli.shared.places import identity_key
    from automation.core.accounts import subject
    from automation.session.vault import SavedSession

    return SavedSession(
        account=name,
        service=wish.flow.partition(".")[0],
        subject=subject(newcomer.identity, identity_key(settings)),
        stored_at=datetime.now(UTC),
        used_at=None,
        storage_state=newcomer.signed_in.state,
        confirmation=newcomer.signed_in.confirmation,
        browser=newcomer.signed_in.browser,
    )


def _entry(name: str, wish: Wish, identity: str) -> dict[str, str | None]:
    from automation.core.accounts import AccountKind
    from automation.core.verdicts import Verdict

    return {
        "name": name,
        "flow": wish.flow,
        "owner": wish.owner,
        "kind": wish.kind.value if wish.kind is not AccountKind.PROFILE else None,
        "page": wish.page if wish.kind is AccountKind.PAGE_ADMIN else None,
        "identity": identity,
        "expect": Verdict.OBJECTED.value if wish.protected else None,
    }


def name_of(wish: Wish, taken: Collection[str], identity: str = "") -> str:
    """
    A name for the configuration, such as `atelier-dupont-facebook`: from the owner and the service, and never taken.

    What the service calls the account must not stand in it, since the name is written into all evidence.
    """
    from automation.config.shape import stands_in

    service = wish.flow.partition(".")[0].replace("_", "-")
    plain = unicodedata.normalize("NFKD", wish.owner).encode("ascii", "ignore").decode().lower()
    owner = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST - len(service) - 4].strip("-")
    base = "-".join(filter(None, (owner, service)))
    if stands_in(identity, base):
        base = f"account-{service}"
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)
