"""
Boxes that lie transparent over the track that a person sees, where no element around them takes any room.

Pages are outlines; each way has a twin that looks like it and leaves the state open.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.page import Box, PageView
from tests.reading.outline import el, page
from tests.reading.test_redrawn import ABOUT, HEAD, LABEL, SWITCH, read, row

TRACK = Box(700, 100, 40, 22)


def over_its_track(*, label: str = LABEL, at: Box = TRACK, words: str = "", second: bool = False) -> PageView:
    """A box without a label of its own, transparent, in a wrapper that takes no room, over a drawn track."""
    box = el("input", role="checkbox", name=label, ticked=False, type="checkbox", shown=False, id="box")
    wrapper = el(
        "span", box, *([el("input", role="checkbox", name="", type="checkbox")] if second else []), shown=False
    )
    track = el("span", *([words] if words else []), id="track")
    switch = el("span", wrapper, track, id="switch")
    view = page(el("main", HEAD, row(el("div", el("span", LABEL), el("p", ABOUT)), switch)))
    places = {"box": at, "track": TRACK, "switch": TRACK}
    return replace(
        view,
        nodes=tuple(
            replace(n, box=places[n.attributes["id"]]) if n.attributes.get("id") in places else n for n in view.nodes
        ),
    )


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (over_its_track(), "protects"),
        (over_its_track(at=Box(10, 900, 40, 22)), "control.absent"),
        (over_its_track(at=Box(700, 100, 1, 1)), "control.absent"),
        (over_its_track(words="Ask me"), "control.absent"),
        (over_its_track(second=True), "control.absent"),
        (over_its_track(label=f"{LABEL} abroad"), "control.absent"),
    ],
)
def test_a_transparent_box_over_its_track_is_what_a_person_presses(view: PageView, expected: str) -> None:
    """The track is drawn where the box lies, and is nothing but a track; a box out of sight elsewhere is nobody's."""
    assert read(view, SWITCH) == expected
