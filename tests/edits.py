"""Changing what stands in a file."""

from __future__ import annotations

from pathlib import Path


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there, where it stands first."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} holds no {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
