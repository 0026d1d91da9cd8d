"""
Two pictures of one step side by side, masked areas left out.

Differences that only come from smoothing are not counted; pixelmatch tells them from real ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw, UnidentifiedImageError
from pixelmatch.contrib.PIL import pixelmatch

from automation.core.errors import ConfigurationError

_LARGEST_PIXELS = 60_000_000
"""A full page of 1280 by 40,000 pixels fits; what claims more is no screenshot."""
_NEAR = 12
"""Pixels around the difference that its picture shows."""


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A rectangle, in pixels from the picture's upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureDifference:
    """How far two pictures differ."""

    pixels: int
    """How many differ, masked ones not counted."""
    of: int
    """How many were compared."""
    where: PixelBox | None
    """The smallest rectangle that holds every difference; None where there is none."""
    sizes: tuple[tuple[int, int], tuple[int, int]]
    """Width and height of each."""
    picture: bytes | None = field(default=None, repr=False)
    """PNG of `where` with some surroundings, differences in red; None where there is none."""

    @property
    def share(self) -> float:
        """From 0 (alike) to 1."""
        return self.pixels / self.of if self.of else 0.0


def compare_pictures(before: bytes, now: bytes, left_out: Iterable[PixelBox] = ()) -> PictureDifference:
    """
    Compare two PNG files, laid one upon the other at their upper left corners.

    Where one is larger, what the other lacks counts as different.

    Args:
        before: the earlier one.
        now: the later one.
        left_out: areas that are masked in either.

    Raises:
        ConfigurationError: one of them is no picture, or is far larger than any screenshot.
    """
    pictures = _opened(before), _opened(now)
    sizes = pictures[0].size, pictures[1].size
    width, height = (max(size[side] for size in sizes) for side in (0, 1))
    laid = [_laid(picture, width, height) for picture in pictures]
    boxes = tuple(left_out)
    for picture in laid:
        draw = ImageDraw.Draw(picture)
        for box in boxes:
            draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=(0, 0, 0))
    compared = width * height - _covered(boxes, width, height)
    bounds = ImageChops.difference(laid[0], laid[1]).convert("RGB").getbbox()
    if bounds is None:
        return PictureDifference(0, compared, None, sizes)
    bounds = _widened(bounds, width, height)
    # pixelmatch looks at each pixel in Python: only where something differs is it asked which differences are real.
    cut = [picture.crop(bounds) for picture in laid]
    drawn = Image.new("RGBA", cut[0].size)
    pixels = pixelmatch(cut[0], cut[1], drawn)
    if not pixels:
        return PictureDifference(0, compared, None, sizes)
    out = io.BytesIO()
    drawn.convert("RGB").save(out, "PNG")
    where = PixelBox(bounds[0], bounds[1], bounds[2] - bounds[0], bounds[3] - bounds[1])
    return PictureDifference(pixels, compared, where, sizes, out.getvalue())


def _opened(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG",))
        if picture.width * picture.height > _LARGEST_PIXELS:
            raise ConfigurationError(
                f"a picture claims to have {picture.width} by {picture.height} pixels", "No screenshot is that large."
            )
        picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ConfigurationError(
            f"a picture cannot be read ({type(error).__name__})", "Run `temoin verify` on the evidence."
        ) from None
    return picture


def _laid(picture: Image.Image, width: int, height: int) -> Image.Image:
    """On a common ground of a colour that no page has, so that a missing part differs from an empty one."""
    ground = Image.new("RGBA", (width, height), (255, 0, 255, 255))
    ground.paste(picture.convert("RGBA"), (0, 0))
    return ground


def _covered(boxes: Iterable[PixelBox], width: int, height: int) -> int:
    stencil = Image.new("L", (width, height))
    draw = ImageDraw.Draw(stencil)
    for box in boxes:
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=255)
    return stencil.histogram()[255]


def _widened(bounds: tuple[int, int, int, int], width: int, height: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = bounds
    return max(0, left - _NEAR), max(0, top - _NEAR), min(width, right + _NEAR), min(height, bottom + _NEAR)
