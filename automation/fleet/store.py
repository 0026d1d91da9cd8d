"""
Where a fleet keeps its evidence: a folder, or any object store that fsspec knows, such as S3.

::

    <store>/<ledger>/ledger.jsonl  ledger.head.dsse.json     one folder for each worker's ledger
    <store>/<ledger>/<run>/<bundle>.tar                      one object a bundle: it is there as a whole, or not

A ledger's folder is named after the digest of its first line, so no two workers ever meet in one.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from automation.core.errors import FleetError, OutputError, loaded_errors
from automation.evidence.formats.ledger import HEAD, LEDGER
from automation.evidence.formats.signed import sha256, sha256_of
from automation.storage.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_STORES = (
    "botocore.exceptions:BotoCoreError",
    "botocore.exceptions:ClientError",
    "aiohttp:ClientError",
    "gcsfs.retry:HttpError",
    "google.auth.exceptions:GoogleAuthError",
    "azure.core.exceptions:AzureError",
)
"""What file systems of fsspec raise besides OSError."""


class StoreUnavailable(FleetError):
    """The store cannot be reached, refuses or is full; what was to go there is still on the worker's disk."""


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """One bundle in the store."""

    url: str
    sha256: str
    """Of the tar file."""


class Store:
    """
    A store by its URL. Everything here blocks.

    Args:
        url: a folder, or such as `s3://bucket/prefix`. Credentials and endpoint come from the store's own usual
            variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` …).

    Raises:
        StoreUnavailable: no store of this kind can be used here.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        with self._telling():
            self._files, self._root = fsspec.core.url_to_fs(self.url, **_usual(self.url))

    def put_bundle(self, bundle: Path, root: Path) -> StoredBundle:
        """
        Bring a sealed bundle into the store; twice is once.

        Args:
            bundle: its folder.
            root: the evidence folder, with the ledger that the bundle's line is in.

        Raises:
            StoreUnavailable: it is not there for certain.
        """
        name = f"{_name_of(root)}/{bundle.relative_to(root).as_posix()}.tar"
        with tempfile.NamedTemporaryFile(prefix="temoin-", suffix=".tar") as packed:
            pack(bundle, Path(packed.name))
            self._put(Path(packed.name), name)
            return StoredBundle(f"{self.url}/{name}", sha256_of(Path(packed.name)))

    def put_ledger(self, root: Path) -> None:
        """
        Bring the ledger of an evidence folder up to date in the store: a copy that its machine cannot cut short.

        Raises StoreUnavailable: it is not there for certain.
        """
        if (root / LEDGER).is_file():
            for file in (LEDGER, HEAD):
                data = (root / file).read_bytes()  # a copy: others may be writing on
                with tempfile.NamedTemporaryFile(prefix="temoin-") as copy:
                    copy.write(data)
                    copy.flush()
                    self._put(Path(copy.name), f"{_name_of(root)}/{file}")

    def try_out(self) -> None:
        """Make sure that something can be written, and leave nothing behind. Raises StoreUnavailable: it cannot."""
        with tempfile.NamedTemporaryFile(prefix="temoin-") as empty, self._telling():
            name = f".temoin-{os.getpid()}-{os.urandom(4).hex()}"
            self._put(Path(empty.name), name)
            self._files.rm_file(f"{self._root}/{name}")

    def _put(self, file: Path, name: str) -> None:
        target = f"{self._root}/{name}"
        with self._telling():
            if isinstance(self._files, LocalFileSystem):
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                with file.open("rb") as source, replacing(Path(target), shared=True) as copy:
                    shutil.copyfileobj(source, copy)
            else:
                self._files.put_file(str(file), target)
            self._files.invalidate_cache()
            size = self._files.info(target)["size"]
        if size != file.stat().st_size:
            raise StoreUnavailable(
                f"{self.url}: {name} arrived with {size} bytes of {file.stat().st_size}", "Try again."
            )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """A store that cannot be used is one case, and the stores' libraries know many."""
        try:
            yield
        except loaded_errors(_OF_STORES, OutputError, OSError, ValueError, RuntimeError, ImportError) as error:
            cause = error.__cause__ if isinstance(error, OutputError) else error
            why = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
            raise StoreUnavailable(
                f"{self.url}: the evidence store cannot be used ({why})",
                "Correct `store` in [fleet] or the store's credentials, or free space there.",
            ) from error


def pack(bundle: Path, target: Path) -> None:
    """A bundle as a tar file that `temoin verify` reads; the same bundle makes the same bytes."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(bundle.rglob("*")):
            if path.is_file():
                entry = tarfile.TarInfo(path.relative_to(bundle.parent).as_posix())
                entry.size, entry.mtime = path.stat().st_size, int(path.stat().st_mtime)
                with path.open("rb") as content:
                    archive.addfile(entry, content)


def _usual(url: str) -> dict[str, Any]:
    """Limits to every wait: the worker tries again by itself, and says so."""
    if not url.startswith(("s3:", "s3a:")):
        return {}
    limits = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 1}}
    return {"config_kwargs": limits, "skip_instance_cache": True, "use_listings_cache": False}


def _name_of(root: Path) -> str:
    with (root / LEDGER).open("rb") as file:
        return f"ledger-{sha256(file.readline())[:16]}"
