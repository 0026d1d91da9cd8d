"""Time stamps by a real authority: OpenSSL's, over HTTP on this machine."""

from __future__ import annotations

import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.core.records import Authority
from automation.evidence.formats import names
from automation.evidence.formats.signed import read_statement
from automation.evidence.keys.timestamps import BadStamp, Flaw, ask, check
from automation.evidence.keys.trust import PinnedAuthority, pinned
from automation.evidence.maintain.removal import restamp
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.findings import Fault, VerifyCode
from tests.answering import answering
from tests.evidence.authorities import DAY, POLICY, RealAuthority

if TYPE_CHECKING:
    from tests.cli.conftest import Program
    from tests.evidence.building import Place

Both = tuple[RealAuthority, RealAuthority]


def _faults(folder: Path, place: Place) -> set[Fault]:
    return {finding.fault for finding in verify_bundle(folder, place.trust).findings}


async def test_stamped_before_and_after(place: Place, authorities: Both) -> None:
    """With two authorities each asked twice, the visit lies between what the tokens say, and the digest is theirs."""
    place.authorities = tuple(one.authority(policy=POLICY) for one in authorities)
    asked = [one.asked for one in authorities]
    reference = await place.bundle()
    folder = place.root / "run-1" / reference.path
    found = verify_bundle(folder, place.trust)
    assert reference.stamped == ("alpha", "beta")
    assert [one.asked for one in authorities] == [before + 2 for before in asked]
    assert found.code == VerifyCode.VALID, found.findings
    assert found.not_before is not None
    assert found.sealed_at is not None
    assert [stamp.authority for stamp in found.not_after] == ["alpha", "beta"]
    assert found.not_before <= found.sealed_at <= max(stamp.at for stamp in found.not_after) + DAY
    offset = read_statement((folder / names.STATEMENT).read_bytes()).predicate.clock_offset_ms
    assert offset is not None
    assert abs(offset) < 5000


def _closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


async def test_an_authority_that_is_down_costs_no_evidence(place: Place, authorities: Both, temoin: Program) -> None:
    """Nobody answers: the bundle is sealed unstamped, says so, and `temoin evidence stamp` stamps it later, once."""
    place.authorities = (authorities[0].authority(url=_closed_port()),)
    reference = await place.bundle()
    folder = place.root / "run-1" / reference.path
    assert reference.stamped == ()
    assert _faults(folder, place) == {Fault.TOKEN_NOT_ACCOUNTED}, "without the ledger a stamp may have been taken away"
    answer = temoin("verify", str(folder), "--trust", str(place.trust_file()))
    assert answer.code == VerifyCode.NOT_STAMPED
    assert "the authorities gave no good answer when it was sealed" in answer.out
    first = authorities[0]
    (first.folder / "temoin.toml").write_text(
        f'[evidence]\ntime_stamps = [{{ name = "alpha", url = "{first.url}", root = "root.pem" }}]\n'
    )
    config = ("--config", str(first.folder / "temoin.toml"), "--trust", str(place.trust_file()))
    answer = temoin("evidence", "stamp", str(place.root), *config)
    assert (answer.code, f"{folder}: stamped alpha 20" in answer.out) == (0, True), answer
    place.authorities = (first.authority(),)
    assert _faults(folder, place) == set()
    asked = first.asked
    assert "stamped before" in temoin("evidence", "stamp", str(folder), *config, "--lang", "en").out
    assert first.asked == asked


@pytest.mark.parametrize(
    ("status", "body"), [(503, b"busy"), (200, b"<html>portal</html>"), (200, b"x" * 100_000), (200, b"")]
)
def test_an_answer_that_is_no_token(status: int, body: bytes, authorities: Both) -> None:
    """An error page, a portal's page, an endless answer and an empty one are each no stamp, said plainly."""
    with answering(lambda _: (status, body)) as url, pytest.raises(BadStamp) as caught:
        ask(authorities[0].authority(url=url), b"data", timeout_s=5)
    assert caught.value.flaw in {Flaw.UNREACHABLE, Flaw.UNREADABLE}


def test_an_answer_to_somebody_else(authorities: Both) -> None:
    """A replayed token, good in itself, does not answer this request."""
    first = authorities[0]
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    other = TimestampRequestBuilder().data(b"data").hash_algorithm(HashAlgorithm.SHA256).build()
    with answering(lambda _: (200, first.reply(other.as_bytes()))) as url, pytest.raises(BadStamp) as caught:
        ask(first.authority(url=url), b"data", timeout_s=5)
    assert caught.value.flaw is Flaw.OTHER_REQUEST


def test_certificates_in_unsorted_order(tmp_path: Path, place: Place, temoin: Program) -> None:
    """A token that OpenSSL writes and accepts, but DER forbids, is refused when asked for, and named so when found."""
    with RealAuthority(tmp_path, "unsorted", unsorted=True).serving() as authority:
        place.authorities = (authority.authority(),)
        with pytest.raises(BadStamp) as caught:
            ask(place.authorities[0], b"data", timeout_s=5)
        assert caught.value.flaw is Flaw.UNSORTED
        folder = place.sealed()
        assert _faults(folder, place) == {Fault.TOKEN_NOT_ACCOUNTED}
        envelope = folder / names.ENVELOPE
        _openssl_stamps(authority, envelope, folder / "seal/close-unsorted.tsq", folder / "seal/close-unsorted.tsr")
    accepted = subprocess.run(
        ["openssl", "ts", "-verify", "-data", envelope, "-in", "seal/close-unsorted.tsr", "-CAfile",
         authority.folder / "root.pem"], cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert accepted.returncode == 0, accepted.stderr
    answer = temoin("verify", str(folder), "--trust", str(place.trust_file()))
    assert answer.code == VerifyCode.NOT_STAMPED
    assert "the certificates in seal/close-unsorted.tsr are not in DER’s order. OpenSSL accepts that" in answer.out


def _openssl_stamps(authority: RealAuthority, data: Path, request: Path, reply: Path) -> None:
    query = ["openssl", "ts", "-query", "-data", data, "-sha256", "-cert", "-out", request]
    subprocess.run(query, check=True, capture_output=True)
    reply.write_bytes(authority.reply(request.read_bytes()))


def test_a_token_of_openssl_alone_is_accepted(place: Place, authorities: Both) -> None:
    """Somebody may stamp with OpenSSL instead of Témoin: request and token of its own tools verify."""
    folder = place.sealed()
    place.authorities = (authorities[0].authority(),)
    tokens = [folder / names.closing_token("alpha", suffix) for suffix in ("tsq", "tsr")]
    _openssl_stamps(authorities[0], folder / names.ENVELOPE, *tokens)
    assert _faults(folder, place) == set()


def test_an_authority_whose_certificate_had_ended(tmp_path: Path, place: Place, temoin: Program) -> None:
    """A token made after its certificate ended is not trusted: what counts is the certificate at the token's time."""
    ended = RealAuthority(tmp_path, "ended", ends=datetime.now(UTC) - DAY)
    folder = place.sealed()
    place.authorities = (ended.authority(),)
    _openssl_stamps(ended, folder / names.ENVELOPE, *(folder / names.closing_token("ended", s) for s in ("tsq", "tsr")))
    answer = temoin("verify", str(folder), "--trust", str(place.trust_file()))
    assert answer.code == VerifyCode.NOT_STAMPED
    assert (
        "no trusted authority vouches for it at its time: seal/close-ended.tsr (a certificate had ended)" in answer.out
    )


def test_an_authority_that_nobody_pinned(stamped: Place, authorities: Both, temoin: Program) -> None:
    """Tokens of an authority that the trust file does not name prove nothing to its reader."""
    stranger = stamped.keys.trust().pinning([pinned(authorities[1].authority())])
    alone = stamped.keys.trust()
    folder = stamped.bundles()[0]
    assert {f.where for f in verify_bundle(folder, stranger).findings} == {
        "seal/close-alpha.tsr",
        "seal/open-alpha.tsr",
    }
    assert {f.fault for f in verify_bundle(folder, alone).findings} == {Fault.NO_AUTHORITY}
    Path("trust.json").write_text(alone.text())
    answer = temoin("verify", str(folder), "--trust", "trust.json")
    assert answer.code == VerifyCode.NOT_STAMPED
    assert "the trust file names no authority" in answer.out


def test_a_policy_that_is_not_the_pinned_one(stamped: Place, authorities: Both) -> None:
    """Where a trust file pins a policy, a token under another does not count."""
    other = [PinnedAuthority(name=one.name, root=one.root, policy="1.2.3.4.99") for one in authorities]
    found = verify_bundle(stamped.bundles()[0], stamped.keys.trust().pinning(other))
    assert {f.fault for f in found.findings} == {Fault.TOKEN_OTHER_POLICY}


def test_stamping_later_refuses_what_was_altered(stamped: Place, authorities: Both) -> None:
    """A stamp lends weight: a bundle that does not verify gets none."""
    folder = stamped.bundles()[0]
    for path in folder.glob("seal/close-*"):
        path.unlink()
    (folder / "data/extra.txt").write_text("x")
    done = restamp(folder, stamped.sealer, stamped.trust)
    assert (done.state, done.stamps) == ("refused", ())
    assert not list(folder.glob("seal/close-*"))


def test_stamping_later_mends_a_torn_pair(stamped: Place) -> None:
    """A crash between request and token leaves half a pair, which verifying names and stamping again completes."""
    folder = stamped.bundles()[0]
    (folder / names.closing_token("beta", "tsr")).unlink()
    assert _faults(folder, stamped) == {Fault.FILE_MISSING}
    assert [stamp.authority for stamp in restamp(folder, stamped.sealer, stamped.trust).stamps] == ["beta"]
    assert _faults(folder, stamped) == set()


def test_a_stamp_is_good_for_its_bytes_alone(authorities: Both) -> None:
    """Checking a token against other bytes, or as another authority's, never gives a time."""
    stamp = ask(authorities[0].authority(), b"data", timeout_s=5)
    mine = [pinned(authorities[0].authority())]
    assert check(b"data", stamp.request, stamp.response, mine) == stamp.at
    for data, roots, flaw in (
        (b"other", mine, Flaw.OTHER_DATA),
        (b"data", [pinned(authorities[1].authority())], Flaw.NOT_TRUSTED),
        (b"data", [], Flaw.NOT_TRUSTED),
    ):
        with pytest.raises(BadStamp) as caught:
            check(data, stamp.request, stamp.response, roots)
        assert caught.value.flaw is flaw


def test_no_authority_is_configured(place: Place, temoin: Program) -> None:
    """`temoin evidence stamp` without an authority says where to name one; exit code 2."""
    place.sealed()
    answer = temoin("evidence", "stamp", str(place.root))
    assert answer.code == 2
    assert "[evidence] of temoin.toml" in answer.err


def test_a_root_that_is_no_certificate() -> None:
    """A root that cannot be read is one clear error that names the authority."""
    from automation.core.errors import ConfigurationError

    pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(ConfigurationError, match="root certificate of the time-stamp authority alpha"):
        pinned(Authority("alpha", "https://tsa.example.org", pem))
