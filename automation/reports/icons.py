"""Symbols of verdicts and outcomes, drawn in a square of 16, so that no answer rests on colour or on a font."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RING = '<circle cx="8" cy="8" r="6.5"/>'

DRAWINGS: Mapping[str, str] = {
    "objected": f'{_RING}<path d="M5 8.3l2.1 2.1L11.2 6"/>',
    "not_objected": f'{_RING}<path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"/>',
    "pending": f'{_RING}<path d="M8 4.4V8l2.4 1.8"/>',
    "refused": f'{_RING}<path d="M3.5 12.5l9-9"/>',
    "not_offered": '<circle cx="8" cy="8" r="6.5" stroke-dasharray="2.6 2.5"/><path d="M5.2 8h5.6"/>',
    "needs_human": '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 14.3c.4-3 2.4-4.6 5.2-4.6s4.8 1.6 5.2 4.6"/>',
    "unknown": f'{_RING}<path d="M6.2 6.3c.2-1.1 1-1.7 1.9-1.7 1.1 0 1.9.7 1.9 1.6 0 1.5-1.9 1.4-1.9 3"/>'
    '<path d="M8.1 11.5v.1"/>',
    "ok": '<path d="M2.8 8.6l3.4 3.4 7-7.6"/>',
    "finding": '<path d="M8 2.2l6.3 11.3H1.7z"/><path d="M8 6.5v3M8 11.5v.1"/>',
    "incomplete": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.2v3.9h3"/>',
}

SYMBOLS: Mapping[str, tuple[str, str]] = {
    "objected": ("✓", "+"),
    "not_objected": ("✗", "x"),
    "pending": ("…", "~"),
    "refused": ("⊘", "/"),
    "not_offered": ("–", "-"),
    "needs_human": ("!", "!"),
    "unknown": ("?", "?"),
}
"""The same for a terminal: a sign, and what stands for it where only ASCII can be written. One column wide each."""
