"""What a check finds on this machine: keys, sessions, the history; and the flows and identities of a configuration."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import platformdirs

import flows
from automation.app.notices import tell
from automation.config import Settings, check_flows
from automation.config.problems import Problem, as_error
from automation.core.accounts import Account
from automation.core.errors import ConfigurationError, FlowError
from automation.core.looks import Look
from automation.evidence.formats.ledger import Ledger
from automation.evidence.keys.signing import Keys, key_from_seed
from automation.evidence.keys.trust import Trust, pinned, read_trust
from automation.evidence.write.sealer import Sealer
from automation.flow import Flow
from automation.flow.looks import NAME as LOOKS
from automation.flow.looks import KeptLook, read_looks, with_looks_of
from automation.registry.survey import TRUST, Survey, survey
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import VaultKey, open_key
from automation.storage.files import write_text, writing
from automation.storage.sqlite import NAME as HISTORY
from automation.visit.order import identity_key as configured_or_kept
from flows import Found

_SESSIONS = "sessions"


def data_folder() -> Path:
    """Where Témoin keeps what must outlast a run."""
    return Path(platformdirs.user_data_dir("temoin"))


def kept_name() -> str:
    """Who speaks on this machine, as they said; empty where nobody was asked yet."""
    file = data_folder() / _NAME
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""


def keep_name(name: str) -> None:
    """Keep who speaks, so that it is asked once. Raises OutputError: it cannot be written."""
    file = data_folder() / _NAME
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, f"{name.strip()}\n")


_NAME = "name.txt"


def identity_key(settings: Settings) -> bytes:
    """
    The key of the HMACs that stand for accounts on this machine.

    Raises OutputError: the kept one cannot be read or written.
    """
    key = settings.identity_key.get_secret_value() if settings.identity_key else None
    return configured_or_kept(key, data_folder())


def history_path(settings: Settings, output: Path | None = None) -> Path:
    """Where the past results of an evidence folder are kept; a `path` in `[history]` decides."""
    return settings.history_path or (output or settings.output) / HISTORY


def vault_of(settings: Settings) -> Vault:
    """The saved sessions of this machine. Raises VaultError: TEMOIN_VAULT_KEY is no key."""
    return Vault(data_folder() / _SESSIONS, vault_key(settings))


def vault_key(settings: Settings) -> VaultKey:
    """The key of the saved sessions. Raises VaultError: TEMOIN_VAULT_KEY is no key."""
    return open_key(settings.vault_key, data_folder() / _SESSIONS)


def cooldown() -> Cooldown:
    """The failed sign-ins of this machine."""
    return Cooldown(data_folder() / "cooldown")


def keys_of(settings: Settings) -> Keys:
    """
    The signing keys: the one from the environment, or those kept on this machine.

    Raises ConfigurationError: the key from the environment is none.
    """
    given = key_from_seed(settings.signing_key.get_secret_value()) if settings.signing_key else None
    return Keys(data_folder() / "keys", given)


def known_keys(settings: Settings | None, named: Path | None = None) -> Trust | None:
    """
    Whom to believe before anything is made of evidence: a trust file that was `named`, else this machine's own.

    Settings hold the key from the environment, and authorities. None where this machine knows no key. Raises
    ConfigurationError: the trust file cannot be read.
    """
    if named is not None:
        return read_trust(named)
    own = (keys_of(settings) if settings is not None else Keys(data_folder() / "keys")).trust()
    return own if own.keys else None


def demo_keys(root: Path) -> Keys:
    """The keys of a demo, which lie beside its evidence: nobody else trusts them."""
    named = root.resolve() if root.name in {"", ".."} else root  # `.` has no name to add to
    return Keys(named.with_name(f"{named.name}-keys"))


def is_demo(root: Path) -> bool:
    """Whether an evidence folder is a demo's."""
    return (demo_keys(root).folder / "trust.json").is_file()


def demo_sealer(root: Path) -> Sealer:
    """What seals in a demo's folder: with a key of its own there, and without time stamps."""
    return Sealer(demo_keys(root), (), Ledger(root))


def for_evidence(settings: Settings, root: Path) -> Settings:
    """The configuration for an evidence folder: the demo's keeps its looks in itself."""
    return replace(settings, config=root / "temoin.toml", output=root) if is_demo(root) else settings


def sealer_of(settings: Settings, output: Path) -> Sealer:
    """
    What seals the bundles of an evidence folder; the authorities' roots are remembered for verifying.

    Raises ConfigurationError: a key or root certificate cannot be used; OutputError: the keys' folder cannot be
    written.
    """
    keys = keys_of(settings)
    keys.pin(pinned(authority) for authority in settings.time_stamps)
    return Sealer(keys, settings.time_stamps, Ledger(output))


def known_flows(paths: Iterable[Path], only: Collection[str] | None = None) -> Found:
    """
    Témoin's own flows, or `only` those of some ids, and those of a user's folders.

    Raises FlowError: one of the folders is not there, or holds no flow.
    """
    found = flows.find(paths, only)
    for name, error in found.broken.items():
        tell(str(error), mark=f"! {name}:")
    known = dict(found.flows)
    for name, entry in used_registry().live:
        if name in known:
            known[name] = replace(known[name], verified=(*known[name].verified, entry))
    return replace(found, flows=known)


def registry_folder() -> Path:
    """Where the registry lies that is used on this machine: contributions, and the trust file by which they count."""
    return data_folder() / "registry"


def used_registry() -> Survey:
    """What counts today of the registry that is used on this machine; nothing where none is."""
    trust = registry_folder() / TRUST
    return _used(registry_folder(), trust.stat().st_mtime_ns if trust.is_file() else 0, datetime.now(UTC).date())


@lru_cache(maxsize=1)
def _used(folder: Path, changed: int, today: date) -> Survey:
    """The window asks with every page, so it is read once a day and a change (nanoseconds; 0: there is none)."""
    trust = Trust()
    try:
        trust = read_trust(folder / TRUST) if changed else trust
    except ConfigurationError as error:
        tell(error.message, error.remedy)
    return survey(folder, trust, today)


def flows_for(settings: Settings) -> Found:
    """
    The flows of a configuration's accounts and those of its folders: in order, or broken.

    Raises ConfigurationError: an account's flow does not exist, or a folder of flows.
    """
    looks = looks_that_count(settings)
    wanted = {*(account.flow for account in settings.accounts), *(look.flow for look in looks)}
    found = known_flows(settings.flow_paths, wanted)
    check_flows(settings, {*found.ids, *found.broken})
    return with_looks(found, looks)


def looks_file(config: Path | None) -> Path:
    """Where the looks of a configuration are kept: beside it."""
    return (config.parent if config else Path()) / LOOKS


def looks_files(config: Path | None) -> Path:
    """The folder of what people added to their looks."""
    return looks_file(config).with_suffix("")


def kept_looks(settings: Settings) -> tuple[KeptLook, ...]:
    """The looks beside a configuration, and those that its flows bring. Raises FlowError: a file is wrong."""
    return read_looks(looks_file(settings.config), (flows.HERE, *settings.flow_paths))


def looks_that_count(settings: Settings) -> tuple[Look, ...]:
    """
    The looks that nobody took back, and those of the registry in use that are not known here.

    None where a file of them is wrong, which is told.
    """
    try:
        kept = kept_looks(settings)
    except FlowError as error:
        tell(str(error))
        return ()
    here = {one.look.id for one in kept}
    shared = (look for look in used_registry().looks if look.id not in here)
    return (*(one.look for one in kept if one.counts), *shared)


def with_looks(found: Found, looks: Iterable[Look]) -> Found:
    """The same flows, by which looks count."""
    return replace(found, flows=with_looks_of(found.flows, looks))


def flow_of(account: Account, settings: Settings) -> Flow:
    """One account's flow. Raises ConfigurationError: it does not exist, or is broken."""
    found = flows_for(settings)
    if account.flow in found.broken:
        raise found.broken[account.flow]
    return found.flows[account.flow]


_LEFT_AS_IT_WAS = re.compile(
    r"[<>…]|\.\.\.|\b(?:x{3,}|to-?do|change-?me|your|votre)\b|0{9,}$|^0?12345678?9?0?$|^(\d)\1{4,}$", re.IGNORECASE
)
"""
Marks of examples. The numbers in our documents end with nine zeros or more, which of the numbers that a service counts
up for accounts one in a thousand million does.
"""


def require_identities(settings: Settings, flows: Mapping[str, Flow]) -> None:
    """
    Make sure that every account may be somebody's, before anybody is visited.

    Raises ConfigurationError: an identity is an example, or not of its service's form; it is not repeated.
    """
    problems = []
    for account in settings.accounts:
        site = flows[account.flow].site if account.flow in flows else None
        where = settings.places.get(account.name, account.name)
        remedy = f"Let `temoin ui` or `temoin account add` read it: take {account.name} out, and add it there."
        if _LEFT_AS_IT_WAS.search(account.identity):
            problems.append(Problem(where, f"the identity of {account.name} is an example, and nobody's.", remedy))
        elif site and site.identity.pattern and not re.fullmatch(site.identity.pattern, account.identity):
            what = f"the identity of {account.name} is not what {site.name} calls an account."
            problems.append(Problem(where, what, remedy))
    if problems:
        raise as_error(problems)
