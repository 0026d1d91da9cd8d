"""Files that a person adds to a look: a mail, a PDF or a photograph, copied, bounded, and called by its digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from email.parser import BytesHeaderParser
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from automation.core.errors import ConfigurationError, OutputError
from automation.evidence.formats import names
from automation.storage.files import open_regular, write_whole, writing

MOST_FILES = 3
LARGEST_MB = 10
_MOST_PIXELS = 50_000_000
"""Of a photograph: 10 MB of PNG can hold a thousand times as much once they are unpacked."""
_PHOTOGRAPHS = {"PNG": "png", "JPEG": "jpg"}
_QUALITY = 92
_MAIL_HEADS = ({"From"}, {"Date", "Received"})
"""A mail has one of each."""
_SHORTEST_SECRET = 8

Given = tuple[str, bytes]
"""Name and content of a file as the person has it."""


def read_files(paths: Iterable[Path]) -> tuple[Given, ...]:
    """What a person's files hold, no more of each than tells that it is too large. ConfigurationError: not readable."""
    found = []
    for path in paths:
        try:
            with open_regular(path) as file:
                found.append((path.name, file.read(LARGEST_MB * 1_000_000 + 1)))
        except OSError as error:
            raise ConfigurationError(
                f"{path}: cannot be read ({error.strerror or error})", "Name a mail, a PDF or a photograph."
            ) from None
    return tuple(found)


def copies_of(given: Sequence[Given], secrets: Iterable[str]) -> dict[str, bytes]:
    """
    Name in the evidence → content of what is kept of a person's files.

    A photograph is written anew, upright, without anything but its picture: no place, no time, no device. A mail and a
    PDF stay byte for byte as they are.

    Raises ConfigurationError: too many or too large, none of the three, or one of these `secrets` is in it.
    """
    if len(given) > MOST_FILES:
        raise ConfigurationError(f"{len(given)} files are too many for one look", f"Add at most {MOST_FILES}.")
    hidden = [secret.encode() for secret in secrets if len(secret) >= _SHORTEST_SECRET]
    found = {}
    for name, data in given:
        if len(data) > LARGEST_MB * 1_000_000:
            raise ConfigurationError(f"{name} is larger than {LARGEST_MB} MB", "Add a smaller copy.")
        if any(secret in data for secret in hidden):
            raise ConfigurationError(f"{name} holds a password or key of yours", "Take that out of it.")
        suffix, copy = _copy_of(name, data)
        found[f"seen-{sha256(copy).hexdigest()}.{suffix}"] = copy
    return found


def keep_files(folder: Path, copies: Mapping[str, bytes]) -> None:
    """Keep the copies beside the file of looks, for this user's eyes. Raises OutputError: they cannot be written."""
    for name, data in copies.items():
        with writing(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        write_whole(folder / name, data, mode=0o600)


def seal_with(run: Path, folder: Path, wanted: Iterable[str]) -> None:
    """Put kept files into a run that is to be sealed. Raises OutputError: one is gone, or another than was added."""
    for name in sorted(set(wanted)):
        try:
            data = (folder / name).read_bytes()
        except OSError:
            data = b""
        match = names.SEEN.fullmatch(name)
        if match is None or sha256(data).hexdigest() != match[1]:
            raise OutputError(f"{folder / name}: this is not the file that was added", "Bring it back from a copy.")
        write_whole(run / name, data)


def _copy_of(name: str, data: bytes) -> tuple[str, bytes]:
    """The kind of a file, by what it holds, and what is kept of it."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data:
        return "pdf", data
    if (photograph := _photograph(name, data)) is not None:
        return photograph
    head = BytesHeaderParser().parsebytes(data)
    if b"\0" not in data and all(any(key in head for key in keys) for keys in _MAIL_HEADS):
        return "eml", data
    raise ConfigurationError(
        f"{name} is no mail (.eml), no PDF and no photograph (PNG, JPEG)", "Save the mail as a file, or photograph it."
    )


def _photograph(name: str, data: bytes) -> tuple[str, bytes] | None:
    try:
        with Image.open(BytesIO(data), formats=list(_PHOTOGRAPHS)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ConfigurationError(f"{name} has more than 50 million points", "Add a smaller copy.")
            kind = image.format or ""
            upright = ImageOps.exif_transpose(image)
            plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # what Pillow raises for what is none
        return None
    plain.info.clear()  # comments, profiles and the like would be written again
    kept = BytesIO()
    plain.save(kept, kind, quality=_QUALITY)
    return _PHOTOGRAPHS[kind], kept.getvalue()
