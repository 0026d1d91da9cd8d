"""Two pictures: what differs is counted and shown, what is masked or only smoothed is not."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from automation.core.errors import ConfigurationError
from automation.reports.comparison import PixelBox, compare_pictures


def png(*boxes: tuple[PixelBox, str], size: tuple[int, int] = (300, 200)) -> bytes:
    """A white page with coloured rectangles."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for box, colour in boxes:
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


SWITCH = PixelBox(40, 50, 30, 16)
NAME = PixelBox(200, 10, 80, 20)


def test_the_same_picture_twice_differs_nowhere() -> None:
    """Nothing differs between a picture and itself, and every pixel was compared."""
    found = compare_pictures(png((SWITCH, "blue")), png((SWITCH, "blue")))
    assert (found.pixels, found.where, found.picture, found.of) == (0, None, None, 300 * 200)


def test_a_switch_that_turned_is_found_where_it_is() -> None:
    """The difference has the switch's size and place, and a picture of it that can be opened."""
    found = compare_pictures(png((SWITCH, "blue")), png((SWITCH, "grey")))
    assert found.pixels == SWITCH.width * SWITCH.height
    assert found.where is not None
    assert found.where.x <= SWITCH.x
    assert found.where.x + found.where.width >= SWITCH.x + SWITCH.width
    assert found.picture is not None
    drawn = Image.open(io.BytesIO(found.picture))
    assert drawn.size == (found.where.width, found.where.height)
    assert (255, 0, 0) in [colour for _, colour in drawn.getcolors() or ()]


def test_masked_areas_are_left_out() -> None:
    """What is masked in either picture is neither compared nor counted, even where masks overlap."""
    masks = (NAME, PixelBox(NAME.x + 40, NAME.y, 80, 20))
    found = compare_pictures(png((NAME, "black")), png((NAME, "red")), masks)
    assert found.pixels == 0
    assert found.of == 300 * 200 - 100 * 20  # the second mask reaches over the picture's edge
    both = compare_pictures(png((NAME, "black"), (SWITCH, "blue")), png((NAME, "red"), (SWITCH, "grey")), masks)
    assert both.pixels == SWITCH.width * SWITCH.height


def test_a_longer_page_differs_by_what_it_gained() -> None:
    """What only one picture has counts as different, although it is as white as the ground of the other."""
    found = compare_pictures(png(), png(size=(300, 260)))
    assert found.pixels == 300 * 60
    assert found.sizes == ((300, 200), (300, 260))
    assert 0 < found.share < 1


@pytest.mark.parametrize("broken", [b"", b"no picture", png()[:60], b"\xff\xd8\xff\xe0 JFIF"])
def test_what_is_no_picture_is_said(broken: bytes) -> None:
    """A file that is no PNG, or half of one, is one clear error."""
    with pytest.raises(ConfigurationError, match="picture"):
        compare_pictures(png(), broken)


def test_a_picture_that_claims_to_be_huge_is_refused() -> None:
    """A header of 100,000 by 100,000 pixels is refused before memory is taken for it."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = png()
    huge = data[:8] + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    with pytest.raises(ConfigurationError, match="picture"):
        compare_pictures(huge, png())
