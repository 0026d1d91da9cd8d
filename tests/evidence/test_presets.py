"""Authorities of the table: pinned by their roots, and what verifying says of their time. None of them is asked here."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from automation.app.evidence import VerifyText
from automation.core.errors import ConfigurationError
from automation.evidence.keys.presets import AS_OF, PRESETS, Preset, qualified
from automation.evidence.keys.trust import pinned
from automation.evidence.maintain.removal import restamp
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Verification, VerifyCode
from automation.evidence.write.sealer import Sealer
from automation.reports.stored import open_stored
from automation.text.language import language
from tests.cli.conftest import Program
from tests.evidence.authorities import POLICY, RealAuthority
from tests.evidence.building import Place


def a_preset(authority: RealAuthority, **changes: object) -> Preset:
    """A row of a table for the test's own authority."""
    root = x509.load_pem_x509_certificate(authority.root.encode()).public_bytes(Encoding.DER)
    known = {
        "name": authority.name, "url": authority.url, "policy": POLICY, "root_sha256": hashlib.sha256(root).hexdigest(),
        "root_from": "https://example.org/root.pem", "terms": "", "sources": ("a test",), "qualified": True,
    }  # fmt: skip
    return Preset(**{**known, **changes})  # type: ignore[arg-type]


def test_every_row_can_be_checked() -> None:
    """One authority is qualified and two are free otherwise; each row has address, policy, digest, terms and sources."""
    assert [preset.qualified for preset in PRESETS.values()].count(True) >= 1
    assert [preset.qualified for preset in PRESETS.values()].count(False) >= 2
    page = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    for name, preset in PRESETS.items():
        assert name == preset.name
        assert urlsplit(preset.url).hostname
        assert re.fullmatch(r"\d+(\.\d+)+", preset.policy)
        assert re.fullmatch(r"[0-9a-f]{64}", preset.root_sha256)
        assert preset.terms
        assert preset.sources
        assert f"| `{name}` | {preset.url} | `{preset.policy}` |" in page
    assert AS_OF.isoformat() in page


@pytest.mark.parametrize("form", [Encoding.PEM, Encoding.DER])
def test_a_row_stamps_with_its_own_root_alone(
    place: Place, authorities: tuple[RealAuthority, RealAuthority], form: Encoding
) -> None:
    """With the pinned root, in either form, a real authority stamps; another root is refused before anybody is asked."""
    first, second = authorities
    preset, bundle = a_preset(first), place.sealed()
    root = x509.load_pem_x509_certificate(first.root.encode()).public_bytes(form)
    sealer = Sealer(place.keys, (preset.authority(root),), place.ledger)
    assert restamp(bundle, sealer, place.trust).state == "stamped"
    asked = first.asked
    for other in (second.root.encode(), b"", b"-----BEGIN CERTIFICATE-----"):
        with pytest.raises(ConfigurationError, match="not the root certificate of alpha"):
            preset.authority(other)
    assert first.asked == asked


@pytest.mark.parametrize(
    ("changes", "says"),
    [({}, True), ({"qualified": False}, False), ({"policy": "1.2.3.4.9"}, False), ({"root_sha256": "0" * 64}, False)],
    ids=str,
)
def test_verifying_says_what_is_qualified(
    stamped: Place, authorities: tuple[RealAuthority, RealAuthority], changes: dict[str, object], says: bool
) -> None:
    """Of a token under a qualified row's root and policy it says: the time is, the content is not; of no other."""
    trust = stamped.keys.trust().pinning([pinned(one.authority(policy=POLICY)) for one in authorities])
    names = qualified(trust.authorities, [a_preset(authorities[0], **changes)])
    assert names == (frozenset({"alpha"}) if says else frozenset())
    speaker = VerifyText(language("en"), quiet=False, allow_unstamped=True, qualified=names)

    def told(bundle: Path) -> str:
        found = next(one for one in examine(bundle, trust, None, open_run=open_stored) if isinstance(one, Verification))
        return "\n".join(speaker.said(found, VerifyCode.VALID))

    assert ("qualifies the time, and not the content" in told(stamped.bundles()[0])) is says
    assert "qualifies the time" not in told(Place(stamped.folder / "other").sealed())


def test_a_second_root_under_the_name_is_not_covered(authorities: tuple[RealAuthority, RealAuthority]) -> None:
    """Where another root is pinned under a qualified authority's name, nothing says which one vouched."""
    first, second = authorities
    both = [pinned(first.authority(policy=POLICY)), pinned(second.authority(name="alpha", policy=POLICY))]
    assert qualified(both[:1], [a_preset(first)]) == {"alpha"}
    assert qualified(both, [a_preset(first)]) == frozenset()


def test_the_command_asks_nobody_without_the_root(place: Place, tmp_path: Path, temoin: Program) -> None:
    """An unknown row, a root that is not here, and another certificate end before anything is sent."""
    bundle = str(place.sealed())
    temoin("evidence", "stamp", bundle, "--preset", "nobody").ended(2, "unknown preset 'nobody'", "sectigo-qualified")
    temoin("evidence", "stamp", bundle, "--preset", "freetsa").ended(
        2, "is not here yet", "https://freetsa.org/files/cacert.pem"
    )
    (tmp_path / "root.pem").write_text("no certificate")
    ended = temoin("evidence", "stamp", bundle, "--preset", "freetsa", "--root", str(tmp_path / "root.pem"))
    ended.ended(2, "this is not the root certificate of freetsa")
