"""Writing one check's evidence: into a folder that only gets its name when it is complete."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

from automation.errors import OutputError
from automation.evidence import Artifact, BundleRef

_MANIFEST = "manifest-sha256.txt"


class BundleWriter:
    """
    Collects the files of one check in `NAME.partial` and publishes them as `NAME`.

    A check that ends in the middle leaves only the partial folder, which nothing takes for evidence.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._final = root / name
        self._partial = root / f"{name}.partial"
        self._artifacts: list[Artifact] = []
        with _writing(self._partial):
            if self._partial.exists():
                shutil.rmtree(self._partial)
            self._partial.mkdir(parents=True)

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """What has been written so far."""
        return tuple(self._artifacts)

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """
        Write one file.

        Raises:
            OutputError: the disk is full or the folder cannot be written.
        """
        target = self._partial / path
        with _writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        artifact = Artifact(
            path=path,
            kind=kind,
            media_type=media_type,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            taken_at=datetime.now(UTC),
        )
        self._artifacts.append(artifact)
        return artifact

    def publish(self) -> BundleRef:
        """Write the manifest and give the folder its name, in one step that either happened or did not."""
        lines = "".join(f"{a.sha256}  {a.path}\n" for a in sorted(self._artifacts, key=lambda a: a.path))
        data = lines.encode()
        with _writing(self._final):
            (self._partial / _MANIFEST).write_bytes(data)
            self._partial.rename(self._final)
        return BundleRef(path=self._final.name, manifest_sha256=hashlib.sha256(data).hexdigest())

    def discard(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self._partial, ignore_errors=True)


class _writing:  # noqa: N801 - reads as a word: with _writing(path)
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise OutputError(
                f"{self._path}: cannot be written ({error.strerror or error})",
                "Free some space or choose another folder with --output.",
            ) from error
