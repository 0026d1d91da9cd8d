"""A short code as a QR code, drawn in the page itself: no picture to load, and as sharp on paper as on a screen."""

from __future__ import annotations

import segno
from markupsafe import Markup, escape

_BORDER = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""


def qr_svg(text: str, label: str) -> Markup:
    """
    An SVG element that shows a text as a QR code, black on white whatever the page's colours are.

    Args:
        text: short; capital letters, digits and hyphens make the smallest code.
        label: what it is, for those who do not see it.
    """
    code = segno.make_qr(text, error="m")
    width, height = code.symbol_size(scale=1, border=_BORDER)
    drawn = code.svg_inline(border=_BORDER, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    inner = drawn.partition(">")[2]  # its own first tag names no role and no label
    head = f'<svg class="qr" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
    return Markup(head + inner)  # noqa: S704 - drawn by the library from our own code
