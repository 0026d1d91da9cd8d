"""Ends of a ledger that a person kept, as they come: a line, a short code, a file with either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.evidence.formats.ledger_line import KeptHead

_LONGEST = 1_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What `>` of a Windows shell begins a file with."""


def kept_heads(given: Iterable[str]) -> tuple[KeptHead, ...]:
    """
    The heads in texts and files.

    Raises:
        ConfigurationError: one of them holds none, or cannot be read.
    """
    from automation.core.errors import ConfigurationError
    from automation.evidence.formats.ledger_line import heads_in

    found: list[KeptHead] = []
    for text in given:
        heads = heads_in(text) or heads_in(_content(text))
        if not heads:
            raise ConfigurationError(
                f'"{text[:100]}" holds no end of a ledger',
                "Give the line that `temoin head export` printed, its short code, or a file with one of them.",
            )
        found += heads
    return tuple(found)


def _content(name: str) -> str:
    from automation.core.errors import ConfigurationError

    path = Path(name)
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            data = file.read(_LONGEST)
        return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig", errors="replace")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{name[:100]}: cannot be read ({error})", "Name another file.") from None
