"""What reading a mailbox needs beyond Témoin itself, looked for before anybody is asked for a password."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from automation.config.installation import ways_to_add
from automation.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = ("imap_tools", "dkim", "dns")


def is_installed(name: str) -> bool:
    """Whether a module could be imported."""
    return find_spec(name) is not None


def require_packages(has_module: Callable[[str], bool] = is_installed) -> None:
    """
    Make sure that a mailbox can be read on this machine.

    Raises:
        ConfigurationError: the extra is not installed.
    """
    if not all(map(has_module, MODULES)):
        raise not_installed()


def not_installed() -> ConfigurationError:
    """What to say where the extra is missing."""
    return ConfigurationError(
        "reading a mailbox needs packages that are not installed", f"Install them: {ways_to_add('mailbox')[0]}"
    )
