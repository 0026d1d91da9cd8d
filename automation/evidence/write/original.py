"""The unmasked copy for the account's holder: only they can open it."""

from __future__ import annotations

import io
import tarfile

import pyrage

from automation.errors import ConfigurationError


class OriginalCopy:
    """
    Collects unmasked files in memory and hands them out as one encrypted archive; nothing unmasked is ever written.

    Args:
        recipient: an age recipient, `age1…`.

    Raises:
        ConfigurationError: it is none.
    """

    def __init__(self, recipient: str) -> None:
        self._recipient = recipient_of(recipient)
        self._files: dict[str, bytes] = {}

    def add(self, path: str, data: bytes) -> None:
        """Keep one file."""
        self._files[path] = data

    @property
    def files(self) -> dict[str, bytes]:
        """What was kept, for the search for secrets; never for writing."""
        return dict(self._files)

    def sealed(self) -> bytes | None:
        """A tar archive, encrypted with age; None where nothing was kept."""
        if not self._files:
            return None
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, data in sorted(self._files.items()):
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        return bytes(pyrage.encrypt(buffer.getvalue(), [self._recipient]))


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    """
    Read an age recipient.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise ConfigurationError(
            "evidence.unmasked_for is no age recipient",
            "Write the public key that `age-keygen` prints; it begins with age1.",
        ) from None
