"""
Time-stamp authorities that answer without an account: a dated table, with where each row comes from.

Nothing here was asked of an authority: the rows are what they and others publish. Roots are pinned by their digest; the
certificate itself comes from the authority, by whoever uses the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from automation.core.errors import ConfigurationError
from automation.core.records import Authority
from automation.evidence.keys.trust import PinnedAuthority, certificate

AS_OF = date(2026, 12, 2)
"""When the table was put together."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One authority."""

    name: str
    url: str
    policy: str
    """What its tokens name (object identifier)."""
    root_sha256: str
    """Of its root certificate in DER."""
    root_from: str
    """Where the authority publishes that."""
    terms: str
    """Of use, in short."""
    sources: tuple[str, ...]
    qualified: bool = False
    """Whether its tokens are said to be qualified electronic time stamps (Regulation (EU) 910/2014, Art. 42)."""

    def authority(self, root: bytes) -> Authority:
        """
        The authority with its root certificate, PEM or DER.

        Raises ConfigurationError: it is another certificate than the one that is pinned.
        """
        try:
            load = x509.load_pem_x509_certificate if b"-----BEGIN" in root else x509.load_der_x509_certificate
            found = load(root)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            found = None
        if found is None or _digest(found) != self.root_sha256:
            raise ConfigurationError(
                f"this is not the root certificate of {self.name}", f"Take it from {self.root_from}"
            )
        return Authority(self.name, self.url, found.public_bytes(Encoding.PEM).decode(), self.policy)


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "sectigo-qualified",
            "http://timestamp.sectigo.com/qualified",
            "0.4.0.2023.1.1",
            "f871f8976b4068d700d5f281084b4a29eaf4b8f35743330ba062fab46f58c2ed",
            "https://www.sectigo.com/uploads/files/SectigoQualifiedRootCAs.zip",
            "free, without an account; 15 seconds between two requests",
            (
                (
                    "Sectigo eIDAS Time Stamping Policy and Practice Statement 1.1.4, "  # untold: a source
                    "https://www.sectigo.com/eidascps"
                ),
                "https://www.sectigo.com/resource-library/time-stamping-server",
            ),
            qualified=True,
        ),
        Preset(
            "digicert",
            "http://timestamp.digicert.com",
            "2.16.840.1.114412.7.1",
            "552f7bdcf1a7af9e6ce672017f4f12abf77240c78e761ac203d1d9d20ac89988",
            "https://cacerts.digicert.com/DigiCertTrustedRootG4.crt.pem",
            "free, without an account; no terms of its own are published",
            ("Mozilla's list of roots: DigiCert Trusted Root G4",),  # untold: a source
        ),
        Preset(
            "freetsa",
            "https://freetsa.org/tsr",
            "1.2.3.4.1",
            "a6379e7cecc05faa3cbf076013d745e327bbbaa38c0b9af22469d4701d18aabc",
            "https://freetsa.org/files/cacert.pem",
            "free, run by one person; not to be abused",
            ("https://freetsa.org/index_en.php",),
        ),
    )
}


def qualified(authorities: Iterable[PinnedAuthority], presets: Iterable[Preset] = PRESETS.values()) -> frozenset[str]:
    """
    Names whose tokens are qualified by the table: every root that is pinned under it is that of a qualified row.

    A name alone proves nothing; the root and the policy under which a token was checked do.
    """
    known = {(preset.root_sha256, preset.policy) for preset in presets if preset.qualified}
    rows = [(one.name, (_digest(certificate(one.root)), one.policy) in known) for one in authorities]
    return frozenset(name for name, _ in rows) - {name for name, good in rows if not good}


def _digest(root: x509.Certificate) -> str:
    return hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest()
