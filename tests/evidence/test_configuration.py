"""`[evidence]` and the signing key: what is read, and one clear message for each way to get it wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from automation.app.setup import keys_of, sealer_of
from automation.config import load
from automation.core.errors import ConfigurationError
from tests.evidence.authorities import POLICY, RealAuthority
from tests.evidence.building import Place

Both = tuple[RealAuthority, RealAuthority]


def _write(*entries: str) -> None:
    Path("temoin.toml").write_text(f"[evidence]\ntime_stamps = [\n{','.join(entries)}\n]\n")


def _entry(
    name: str = "alpha", url: str = "https://tsa.example.org/tsr", root: object = "root.pem", more: str = ""
) -> str:
    return f'{{ name = "{name}", url = "{url}", root = "{root}"{more} }}'


def test_authorities_are_read_with_their_roots(authorities: Both) -> None:
    """From the file, paths start at the file; from the variable, at the current folder. Both give whole authorities."""
    first, second = authorities
    Path("roots").mkdir()
    Path("roots/a.pem").write_text(first.root)
    Path("roots/temoin.toml").write_text(
        "[evidence]\ntime_stamps = ["
        + ", ".join(
            [_entry(root="a.pem", more=f', policy = "{POLICY}"'), _entry("beta", root=second.folder / "root.pem")]
        )
        + "]\n"
    )
    read = load(Path("roots/temoin.toml")).time_stamps
    assert [(one.name, one.root, one.policy) for one in read] == [
        ("alpha", first.root, POLICY),
        ("beta", second.root, None),
    ]


def test_authorities_from_the_environment(authorities: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI may name authorities in a variable, as JSON."""
    entry = {"name": "alpha", "url": authorities[0].url, "root": str(authorities[0].folder / "root.pem")}
    monkeypatch.setenv("TEMOIN_EVIDENCE__TIME_STAMPS", json.dumps([entry]))
    assert load().time_stamps == (authorities[0].authority(),)


WRONG = [
    ((_entry(root="missing.pem"),), r"missing\.pem: there is no such file"),
    ((_entry(root="temoin.toml"),), "there is no certificate in this file"),
    ((_entry(url="ftp://tsa.example.org"),), "no address of a time-stamp authority"),
    ((_entry(url="https://lou:canary@tsa.example.org"),), "no address of a time-stamp authority"),
    ((_entry(name="../a"),), "no name for an authority"),
    ((_entry(more=', policy = "mine"'),), "no object identifier"),
    ((_entry(), _entry()), "two authorities are called"),
    ((_entry("a"), _entry("b"), _entry("c")), "time_stamps"),
]


@pytest.mark.parametrize(("entries", "words"), WRONG, ids=[words[:20] for _, words in WRONG])
def test_what_is_wrong_is_said_with_its_line(entries: tuple[str, ...], words: str) -> None:
    """A mistake in `[evidence]` is one message that names the line and shows no password."""
    _write(*entries)
    with pytest.raises(ConfigurationError, match=words) as caught:
        load()
    assert "temoin.toml:" in caught.value.message
    assert "canary" not in str(caught.value)


def test_the_signing_key_is_a_secret(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    """In the file it is refused by its name; in the environment it is known as a secret and shows in no repr."""
    Path("temoin.toml").write_text('signing_key = "canary"\n')
    with pytest.raises(ConfigurationError, match="TEMOIN_SIGNING_KEY") as caught:
        load()
    assert "canary" not in str(caught.value)
    Path("temoin.toml").unlink()
    seed = place.keys.signing().seed()
    monkeypatch.setenv("TEMOIN_SIGNING_KEY", seed)
    settings = load()
    assert settings.secret_values() == (seed,)
    assert seed not in repr(settings)
    assert keys_of(settings).signing().id == place.keys.signing().id


async def test_the_sealer_of_a_configuration(
    authorities: Both, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the configuration names is used and remembered: the machine's own trust file suffices to verify."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    _write(_entry(url=authorities[0].url, root=authorities[0].folder / "root.pem"))
    settings = load()
    sealer = sealer_of(settings, tmp_path / "evidence")
    stamps = sealer.stamps(b"data")
    assert [stamp.authority for stamp in stamps] == ["alpha"]
    sealer_of(settings, tmp_path / "evidence")
    trust = keys_of(settings).trust()
    assert [(one.name, one.root) for one in trust.authorities] == [("alpha", authorities[0].root)]


def test_who_makes_the_run_and_for_which_case() -> None:
    """Both stand in the settings as written, and nobody and no case where they are left out."""
    Path("temoin.toml").write_text('[evidence]\noperator = "Me Leroy"\ncase = "2026-117"\n')
    assert (load().evidence.operator, load().evidence.case) == ("Me Leroy", "2026-117")
    Path("temoin.toml").write_text("")
    assert (load().evidence.operator, load().evidence.case) == ("", "")
