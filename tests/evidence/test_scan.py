"""The search for secrets. Real: gzip, PNG chunks made here, files on disk."""

from __future__ import annotations

import base64
import gzip
import json
import os
import struct
import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.errors import BundleError
from automation.evidence.write import secret_scan
from automation.evidence.write import secret_scan as search
from automation.evidence.write.secret_scan import Unsearchable, first_hit, prove, scan
from automation.text.redaction import Secrets, is_name, is_telling, names_in_cookies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PASSWORD = "Kör*bchen/7=+"
COOKIE = "12%3AabCDefGH1jkLmnOp%3A2%3A1764057600"
STATE = {
    "cookies": [{"name": "xs", "value": COOKIE}, {"name": "locale", "value": "fr_FR"}, {"name": "wd", "value": "1280x900"}],
    "origins": [
        {
            "origin": "https://x.example",
            "localStorage": [
                {"name": "s", "value": '{"id":"zQ9-81kx_77tt00v2","at":"2026-11-25T07:30:12.345Z"}'},
                {"name": "u", "value": "https://www.facebook.com/privacy/genai"},
                {"name": "n", "value": "UserPreferencesDialogStore"},
                {"name": "icons", "value": '<svg><symbol id="icon-folder-open-1"></symbol></svg>'},
                {"name": "flags", "value": '["layout_2024_q3_v2"]'},
            ],
        }
    ],
}  # fmt: skip


def some_secrets() -> Secrets:
    """A password, and what a browser held."""
    return Secrets.of(own=[PASSWORD, "me@example.org"], state=STATE, public=["contact/6359191084165019"])


def chunked(kind: bytes, body: bytes) -> bytes:
    """A PNG of one pixel with one more chunk."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (kind, body)]
    parts += [(b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return secret_scan.SIGNATURE + b"".join(
        struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in parts
    )


RAW = PASSWORD.encode()
PLACES = {
    "as it is": b"x" + RAW,
    "base64": base64.b64encode(RAW),
    "base64 after one byte": base64.b64encode(b"u" + RAW + b":"),
    "base64 after two bytes": base64.b64encode(b"u:" + RAW),
    "base64 for addresses": base64.urlsafe_b64encode(b"u:" + RAW),
    "URL": quote(PASSWORD, safe="").encode(),
    "URL in lower case": quote(PASSWORD, safe="").lower().encode().replace(b"k%c3%b6r", b"K%c3%b6r"),
    "URL twice": quote(quote(PASSWORD, safe=""), safe="").encode(),
    "JSON": json.dumps({"p": PASSWORD}).encode(),
    "hex": RAW.hex().encode(),
    "gzip": gzip.compress(RAW),
    "gzip twice": gzip.compress(gzip.compress(RAW)),
    "PNG text": chunked(b"tEXt", b"Comment\0" + RAW),
    "PNG packed text": chunked(b"zTXt", b"Comment\0\0" + zlib.compress(RAW)),
    "PNG packed international text": chunked(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(RAW)),
    "after a PNG": chunked(b"tIME", b"") + RAW,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_found_wherever_and_however_it_is_written(tmp_path: Path, place: str) -> None:
    """The file is named, the value is not, and the bundle is refused."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clean.txt").write_text("nothing to see")
    (tmp_path / "data" / "dirty.bin").write_bytes(PLACES[place])
    with pytest.raises(BundleError) as refused:
        scan(some_secrets())(tmp_path)
    assert "data/dirty.bin" in str(refused.value)
    assert PASSWORD not in str(refused.value)
    assert PASSWORD not in repr(some_secrets())


@pytest.mark.parametrize("value", ["abCDefGH1jkLmnOp", COOKIE, "zQ9-81kx_77tt00v2"])
def test_parts_of_cookies_and_storage_are_secrets(value: str) -> None:
    """What a cookie or the storage holds is found alone and as a whole."""
    assert first_hit({"a.json": f'{{"x": "{value}"}}'.encode()}, some_secrets()) == "a.json"


def test_ordinary_evidence_is_no_hit(tmp_path: Path) -> None:
    """Locales, window sizes, times, addresses, names of things and the form's own number are in every bundle."""
    (tmp_path / "result.json").write_text(
        '{"locale": "fr_FR", "window": "1280x900", "at": "2026-11-25T07:30:12.345Z", "n": 1764057600,'
        ' "url": "https://www.facebook.com/privacy/genai", "form": "6359191084165019", "x": "UserPreferencesDialogStore",'
        ' "icon": "icon-folder-open-1", "layout": "layout_2024_q3_v2"}'
    )
    scan(some_secrets())(tmp_path)


@pytest.mark.parametrize(("text", "hit"), [("pin 1234.", True), ("12345", False), ("a1234b", False)])
def test_a_short_password_counts_only_as_a_word(text: str, hit: bool) -> None:
    """`1234` is not found in every number."""
    assert bool(first_hit({"a": text.encode()}, Secrets(own=("1234",)))) is hit


def test_three_letters_are_not_looked_for() -> None:
    """Nobody can tell them from text; the documentation says so."""
    assert first_hit({"a": b"the cat"}, Secrets(own=("cat",))) is None


@pytest.mark.parametrize(
    "broken", [b"\x1f\x8b\x08\x00not gzip", chunked(b"tEXt", b"")[:-20], chunked(b"zTXt", b"a\0\0not zlib"), gzip.compress(b"x", mtime=0)[:-4]]
)  # fmt: skip
def test_what_cannot_be_searched_is_refused(tmp_path: Path, broken: bytes) -> None:
    """A damaged file may hold anything."""
    (tmp_path / "odd").write_bytes(broken)
    with pytest.raises(BundleError, match="odd"):
        scan(Secrets())(tmp_path)


def test_what_is_packed_without_end_is_refused(tmp_path: Path) -> None:
    """Packing in packing in packing, as in a gzip file that holds itself, ends; so do pipes and links."""
    data = b"harmless"
    for _ in range(10):
        data = gzip.compress(data)
    secrets = Secrets(own=("correct horse battery",))
    with pytest.raises(Unsearchable, match="packed too often"):
        first_hit({"a": data}, secrets)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unsearchable, match="pipe: no file"):
        first_hit(tmp_path, secrets)


def test_a_bomb_is_refused() -> None:
    """What unpacks to more than evidence can be is not unpacked to its end."""
    zeros = bytes(search._LARGEST_BYTES + 2)
    for bomb in (gzip.compress(zeros, 1), chunked(b"zTXt", b"a\0\0" + zlib.compress(zeros, 1))):
        with pytest.raises(Unsearchable):
            first_hit({"bomb": bomb}, Secrets())


def _without_unpacking(files: Mapping[str, bytes], secrets: Secrets) -> str | None:
    return next((path for path, data in files.items() if search._holds(data, secrets)), None)


def _without_spellings(files: Mapping[str, bytes], secrets: Secrets) -> str | None:
    raw = secrets.own[0].encode()
    return next((path for path, data in files.items() if any(raw in layer for layer in search._layers(data))), None)


def _everywhere(files: Mapping[str, bytes], _secrets: Secrets) -> str | None:
    return next(iter(files))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (_without_unpacking, r"missed its own canary \(gzip\)"),
        (_without_spellings, r"missed its own canary \(hex\)"),
        (_everywhere, "finds what is not there"),
    ],
)
def test_a_search_that_does_not_work_is_noticed(broken: search.Search, words: str) -> None:
    """Without unpacking, or without spellings, the canary is missed; a search that hits everywhere proves nothing."""
    prove()
    with pytest.raises(BundleError, match=words):
        prove(broken)


@given(st.binary(max_size=40), st.binary(max_size=40), st.text(alphabet="abcXYZ0189-_", min_size=8, max_size=30))
def test_base64_of_any_surroundings_is_found(before: bytes, after: bytes, secret: str) -> None:
    """However many bytes stand before it, and whether or not something follows."""
    data = base64.b64encode(before + secret.encode() + after)
    assert first_hit({"a": data}, Secrets(own=(secret,))) == "a"


@pytest.mark.parametrize(
    ("value", "telling"),
    [("fr_FR", False), ("1280x900", False), ("aaaaaaaaaaaaaaaaaaaa", False), ("100012345678901", True), ("AQB7x9K2mPq4", True)],
)  # fmt: skip
def test_what_tells_a_value_from_text(value: str, telling: bool) -> None:
    """Twelve letters and thirty-six bits."""
    assert is_telling(value) is telling


@pytest.mark.parametrize(
    ("cookie", "value", "names"),
    [
        ("dotcom_user", "lou-bernard-bookbinder", ("lou-bernard-bookbinder",)),
        ("my_wikiUserName", "Alice%20of%20the%20hearth", ("Alice of the hearth",)),
        (
            "wordpress_logged_in_5c1a",
            "alice-of-the-hearth%7C1764057600%7C9fA3kd82hGq0Zp4LxT77",
            ("alice-of-the-hearth",),
        ),
        ("user_session", "9fA3kd82hGq0Zp4LxT77", ()),
        ("user", "9fA3kd82hGq0Zp4LxT77", ()),
        ("sid", "lou-bernard-bookbinder", ()),
    ],
)
def test_what_names_a_person_is_no_key(cookie: str, value: str, names: tuple[str, ...]) -> None:
    """A cookie called after a user holds a name, which pages show and masks hide; a key beside it stays a secret."""
    state = {"cookies": [{"name": cookie, "value": value}]}
    page = {"page.txt": f"Signed in as {value.partition('%7C')[0].replace('%20', ' ')}".encode()}
    assert set(names) <= set(names_in_cookies(state))
    assert (first_hit(page, Secrets.of(state=state)) is None) is bool(names)
    if "9fA3" in value:
        assert first_hit({"log": b"9fA3kd82hGq0Zp4LxT77"}, Secrets.of(state=state)) == "log"


@pytest.mark.parametrize(
    ("identity", "name"),
    [("Alice", True), ("lou@a.example", True), ("lou-bernard-6b1", True), ("100080000000001", False),
     ("9fA3kd82hGq0Zp4LxT77", False)],
)  # fmt: skip
def test_a_number_is_refused_and_a_name_is_masked(identity: str, name: bool) -> None:
    """A number that stands for an account is hidden wherever it stands, so one that is seen is a fault."""
    assert is_name(identity) is name
