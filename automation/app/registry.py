"""A registry's folder: what of it counts here, taking it into use, and what of this machine's own could go there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import flows
from automation.app.look_sharing import looks_to_share
from automation.app.looks import Looks
from automation.app.setup import registry_folder
from automation.authoring.flow_lists import merged
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.evidence.keys.signing import SigningKey
from automation.evidence.keys.trust import Trust, read_trust
from automation.registry.contributions import live_envelope, looks_envelope
from automation.registry.survey import SUFFIX, TRUST, Survey, survey
from automation.storage.files import write_text, write_whole, writing


def surveyed(folder: Path, named: Path | None, today: date) -> tuple[Survey, Trust]:
    """
    What of a registry counts by a trust file, which was `named` or is the one in use.

    A key that was revoked here before stays so, whatever the file says. Raises ConfigurationError: there is no such
    folder, or no trust file that can be read.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: there is no such folder", "Name the folder of a registry.")
    kept = registry_folder() / TRUST
    if named is None and not kept.is_file():
        raise ConfigurationError(
            "nothing says whose contributions to believe",
            "Name a file with the contributors' keys, which came another way: --trust FILE.",
        )
    trust = read_trust(named or kept)
    for known in read_trust(kept).keys if kept.is_file() else ():
        trust = trust.with_key(known) if known.revoked else trust
    return survey(folder, trust, today), trust


def use(found: Survey, trust: Trust, today: date) -> None:
    """
    Put what was surveyed in the place of the registry that is used here, with the trust file by which it counts.

    What was ever withdrawn stays so: a folder from which a withdrawal was taken out brings nothing back. Raises
    OutputError: it cannot be written.
    """
    folder = registry_folder()
    earlier = survey(folder, trust, today).contributions
    kept = {one.digest: one.data for one in earlier if one.withdraws and not one.refusal}
    kept |= {one.digest: one.data for one in found.contributions if not one.refusal}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob(f"*{SUFFIX}"):
            if old.name.removesuffix(SUFFIX) not in kept:
                old.unlink()
    for digest, data in kept.items():
        write_whole(folder / f"{digest}{SUFFIX}", data)
    write_text(folder / TRUST, trust.text())


def own_contributions(looks: Looks, settings: Settings, key: SigningKey) -> Iterator[bytes]:
    """
    What this machine could contribute, signed: its looks without personal data, and its comparisons with live pages.

    Only of flows that come with Témoin: others name what nobody else reads. Raises ConfigurationError: as
    `looks_to_share`; FlowError: a list of comparisons is wrong.
    """
    bare = {name: replace(flow, verified=()) for name, flow in flows.find().flows.items()}
    if shared := tuple(look for look in looks_to_share(looks, settings) if look.flow in bare):
        yield looks_envelope(shared, key)
    for folder in settings.flow_paths:
        for name, flow in merged(bare, folder).items():
            yield from (live_envelope(name, entry, key) for entry in flow.verified if not entry.stand_in)
