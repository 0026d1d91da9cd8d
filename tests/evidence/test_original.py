"""The unmasked copy. Real: age encryption."""

from __future__ import annotations

import io
import tarfile

import pyrage
import pytest

from automation.core.errors import ConfigurationError
from automation.evidence.write.bag import OriginalCopy


def test_only_the_holder_can_open_it() -> None:
    """The archive is readable with her key and holds nothing in the clear; another key does not open it."""
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    copy = OriginalCopy(str(key.to_public()))
    assert copy.sealed() is None
    copy.add("01-home.txt", b"Claire Moreau")
    sealed = copy.sealed()
    assert sealed is not None
    assert b"Claire" not in sealed
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(sealed, [key]))) as archive:
        file = archive.extractfile("01-home.txt")
        assert file is not None
        assert file.read() == b"Claire Moreau"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [other])


def test_a_wrong_recipient_is_said_without_repeating_it() -> None:
    """Whoever pastes the secret key by mistake does not find it in a log."""
    secret = str(pyrage.x25519.Identity.generate())
    with pytest.raises(ConfigurationError) as wrong:
        OriginalCopy(secret)
    assert secret not in str(wrong.value)
    assert "age1" in wrong.value.remedy
