"""
`temoin flow verify` as a person uses it, on stand-ins: she is asked what she sees before she is told what was read.

Real: the program in a terminal, both windows on a screen, the guard, TLS, the vault, the sealed evidence. Not real: the
service, so that what is written says so and counts as nothing.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

import flows as shipped
from automation.authoring.replica import Replica, ReplicaSite, load_site
from automation.authoring.writing import scaffold
from automation.core.accounts import subject
from automation.session.saved import SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key
from tests.authoring.recorder.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
IDENTITY_KEY = "0123456789abcdef0123456789abcdef"


def _configure(desk: Desk, replica: Replica, site: ReplicaSite, flow: str, scenario: str) -> None:
    """An account of the stand-in, with its session in the vault, and a folder of flows of one's own."""
    actor = next(a for a in site.cast if (a.flow, a.scenario, a.locale) == (flow, scenario, "en"))
    hosts = "\n".join(f'"{host}" = "{address}"' for host, address in replica.replica_map.items())
    (desk.folder / "temoin.toml").write_text(
        f'flow_paths = ["ours"]\n[browser]\nreplica_spki = ["{replica.spki}"]\n[browser.replica_map]\n{hosts}\n'
        f'[[accounts]]\nname = "probe"\nflow = "{flow}"\nidentity = "{actor.identity}"\nsign_in = "session"\n'
    )
    key = new_key()[0]
    desk.variables = {"TEMOIN_VAULT_KEY": key, "TEMOIN_IDENTITY_KEY": IDENTITY_KEY}
    Vault(desk.folder / "data" / "temoin" / "sessions", open_key(SecretStr(key))).store(
        SavedSession(
            account="probe", service=flow.partition(".")[0], subject=subject(actor.identity, IDENTITY_KEY.encode()),
            stored_at=datetime.now(UTC), used_at=None, storage_state=site.storage_state(actor),
        )
    )  # fmt: skip


@pytest.mark.rare
async def test_where_both_agree_it_is_written_into_ones_own_flow(desk: Desk, tmp_path: Path) -> None:
    """The dated entry names the language, the account's kind and the sealed evidence, and admits the stand-in."""
    scaffold("acme.ai_training", tmp_path / "ours")
    site = load_site("acme", tmp_path / "ours")
    async with Replica([site]) as replica:
        _configure(desk, replica, site, "acme.ai_training", "trains")
        await desk.start("flow", "verify", "acme.ai_training")
        await desk.hears("2  The setting stands so that content is used for training.")
        assert "not_objected" not in desk.said
        desk.types("2")
        assert await desk.ends() == 0, desk.said
        assert replica.writes == []
    flow = shipped.load([tmp_path / "ours"])["acme.ai_training"]
    [entry] = flow.verified
    [seal] = (tmp_path / "temoin-evidence").rglob("envelope.dsse.json")
    assert entry.evidence == hashlib.sha256(seal.read_bytes()).hexdigest()
    assert (entry.locale, entry.kind, entry.revision) == ("en", "profile", flow.revision)
    assert entry.date == datetime.now(UTC).date()
    assert entry.stand_in
    assert flow.verification(date.today()).state == "never"  # noqa: DTZ011
    assert "does not count" in desk.said


async def test_where_she_sees_something_else_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    """A contradiction ends in 3, changes no file, and says how to send back what the page shows."""
    (tmp_path / "ours").mkdir()
    site = load_site("linkedin")
    async with Replica([site]) as replica:
        _configure(desk, replica, site, "linkedin.ai_training", "protects")
        await desk.start("flow", "verify", "probe")
        await desk.answers("2  The setting stands so that content is used for training.", "2")
        assert await desk.ends() == 3, desk.said
        assert replica.writes == []
    assert list((tmp_path / "ours").iterdir()) == []
    assert "Read: objected. Seen by you: not_objected. Nothing was written." in desk.said
    assert "temoin flow record linkedin.ai_training --account probe --into to-send" in desk.said
