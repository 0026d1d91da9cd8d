"""What the computer is and has, as far as finding a browser needs it; tests put a made-up one here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VERSION = re.compile(r"\d+(?:\.\d+){1,3}")
_VERSION_TIMEOUT_S = 20


_OF_OTHERS = (
    "GITHUB_ACTIONS", "GITLAB_CI", "FORGEJO_ACTIONS", "GITEA_ACTIONS", "TF_BUILD", "CIRCLECI", "BITBUCKET_BUILD_NUMBER",
    "BUILDKITE", "JENKINS_URL", "CI", "ImageOS", "ImageVersion", "CI_JOB_IMAGE", "CI_RUNNER_VERSION",
    "KUBERNETES_SERVICE_HOST", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
    "ALL_PROXY", "NO_PROXY",
)  # fmt: skip


def surrounding_variables() -> dict[str, str]:
    """Variables of others that say on what this runs: continuous integration, containers, proxies."""
    return {name: os.environ[name] for name in _OF_OTHERS if os.environ.get(name)}


class Machine(Protocol):
    """The computer: its system, its files, and what a program says of itself."""

    system: str
    """As `sys.platform`: `linux`, `darwin`, `win32`."""
    root: bool
    """Whether this process is the superuser; Chromium's sandbox refuses to start then."""
    home: Path

    @property
    def variables(self) -> Mapping[str, str]:
        """Variables of others that say where browsers and screens are; never Témoin's own."""

    def on_path(self, name: str) -> Path | None:
        """The program of that name on PATH."""

    def is_program(self, path: Path) -> bool:
        """Whether this is a file that may be executed."""

    def glob(self, folder: Path, pattern: str) -> Sequence[Path]:
        """Files below a folder, sorted; empty where there is no folder."""

    def read(self, path: Path) -> bytes:
        """The first 64 KiB of a file; empty where it cannot be read."""

    def version(self, path: Path) -> str | None:
        """What `--version` says; None where the program does not start, as without its libraries."""

    def playwright_package(self) -> Path | None:
        """The folder of the installed Playwright, without importing it."""


def has_screen(machine: Machine) -> bool:
    """Whether a window could be shown, had some browser one."""
    shown = any(machine.variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return machine.system in {"darwin", "win32"} or shown


class ThisMachine:
    """The computer that this runs on."""

    system = sys.platform

    def __init__(self) -> None:
        self.root = hasattr(os, "geteuid") and os.geteuid() == 0
        self.home = Path.home()
        names = (
            "PLAYWRIGHT_BROWSERS_PATH",
            "XDG_CACHE_HOME",
            "LOCALAPPDATA",
            "PROGRAMFILES",
            "PROGRAMFILES(X86)",
            "DISPLAY",
            "WAYLAND_DISPLAY",
        )
        self.variables: Mapping[str, str] = {name: os.environ[name] for name in names if os.environ.get(name)}

    def on_path(self, name: str) -> Path | None:
        """The program of that name on PATH."""
        found = shutil.which(name)
        return Path(found) if found else None

    def is_program(self, path: Path) -> bool:
        """Whether this is a file that may be executed."""
        return path.is_file() and os.access(path, os.X_OK)

    def glob(self, folder: Path, pattern: str) -> Sequence[Path]:
        """Files below a folder, sorted; empty where there is no folder."""
        return sorted(folder.glob(pattern)) if folder.is_dir() else []

    def read(self, path: Path) -> bytes:
        """The first 64 KiB of a file; empty where it cannot be read."""
        try:
            with path.open("rb") as file:
                return file.read(65536)
        except OSError:
            return b""

    def version(self, path: Path) -> str | None:
        """What `--version` says; on Windows, where that opens a window, the folder beside the program."""
        if self.system == "win32":
            beside = [entry.name for entry in self.glob(path.parent, "*") if _VERSION.fullmatch(entry.name)]
            return beside[-1] if beside else "unknown"
        try:
            answer = subprocess.run(  # noqa: S603 - the path was found above or chosen by the user
                [path, "--version"],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_VERSION_TIMEOUT_S,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        match = _VERSION.search(answer.stdout)
        return match[0] if answer.returncode == 0 and match else None

    def playwright_package(self) -> Path | None:
        """The folder of the installed Playwright, without importing it."""
        spec = find_spec("playwright")
        return Path(spec.origin).parent if spec and spec.origin else None
