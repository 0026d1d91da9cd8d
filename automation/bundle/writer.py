"""Writing one check's evidence: into a folder that only gets its name when it is complete."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from automation.errors import OutputError
from automation.evidence import Artifact, BundleRef

if TYPE_CHECKING:
    from playwright.async_api import Page

_MANIFEST = "manifest-sha256.txt"
_MASK_COLOUR = "#6b7280"
_TYPED_IN = (
    "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, "
    "[contenteditable=true], [role=textbox]"
)


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

    async def picture(self, page: Page, name: str) -> str | None:
        """
        A picture of the whole page with every typed-in field masked; its path, or None where none could be taken.

        Raises:
            OutputError: it could not be written.
        """
        from playwright.async_api import Error  # noqa: PLC0415

        try:
            data = await page.screenshot(
                full_page=True,
                animations="disabled",
                caret="hide",
                scale="css",
                mask=[frame.locator(_TYPED_IN) for frame in page.frames],
                mask_color=_MASK_COLOUR,
                timeout=10_000,
            )
        except Error:
            return None
        return self.add(f"pictures/{name}.png", data, "picture", "image/png").path

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
