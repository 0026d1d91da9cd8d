"""A disk that can fail: the operating system's files, but for what a test breaks of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FULL = Path("/dev/full")
"""Linux alone has a device that is always full."""


@dataclass
class FaultyDisk:
    """What of it is broken, and what happened on it. Whoever runs the tests may read everything, and links as they like."""

    full: bool = False
    """Whether files that are being written find no room."""
    refused: set[Path] = field(default_factory=set)
    """Files and folders that the system does not give out."""
    has_links: bool = True
    """Whether one file can have two names."""
    before_link: Callable[[], object] = lambda: None
    """What somebody else does just before a file gets a second name."""
    happened: list[tuple[str, int, int]] = field(default_factory=list)
    """What was synced or renamed, in order: which, its inode, its size in bytes."""

    def calls(self) -> dict[str, Callable[..., Any]]:
        """What stands in for functions of `os`, by name."""
        real = {name: getattr(os, name) for name in ("open", "scandir", "access", "link", "fsync", "replace")}

        def refuse(path: Any) -> bool:
            return isinstance(path, str | os.PathLike) and Path(path) in self.refused

        def given_out(name: str) -> Callable[..., Any]:
            def call(path: Any = ".", *rest: Any, **named: Any) -> Any:
                if refuse(path):
                    raise PermissionError(13, os.strerror(13))
                if name == "open" and self.full and str(path).endswith(".partial"):
                    return real["open"](FULL, os.O_WRONLY)
                return real[name](path, *rest, **named)

            return call

        def access(path: Any, *rest: Any, **named: Any) -> bool:
            return not refuse(path) and real["access"](path, *rest, **named)

        def link(*given: Any, **named: Any) -> None:
            if not self.has_links:
                raise PermissionError(1, os.strerror(1))
            self.before_link()
            real["link"](*given, **named)

        def fsync(descriptor: int) -> None:
            real["fsync"](descriptor)
            self._note("synced", os.fstat(descriptor))

        def replace(source: Any, *rest: Any, **named: Any) -> None:
            self._note("renamed", Path(source).stat())
            real["replace"](source, *rest, **named)

        return {
            "open": given_out("open"),
            "scandir": given_out("scandir"),
            "access": access,
            "link": link,
            "fsync": fsync,
            "replace": replace,
        }

    def _note(self, what: str, file: os.stat_result) -> None:
        self.happened.append((what, file.st_ino, file.st_size))
