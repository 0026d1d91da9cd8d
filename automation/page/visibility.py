"""What a person can see of a document: computed from the browser's own layout, styles and clipping."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from automation.page import Box

STYLES = (
    "display", "visibility", "opacity", "background-color", "position", "overflow-x", "overflow-y", "color",
    "background-image", "clip-path", "clip", "text-decoration-line", "white-space-collapse",
    "filter", "mask-image", "border-top-left-radius",
)  # fmt: skip
_UNSTYLED = dict.fromkeys(STYLES, "")
_CLEAR = frozenset({"", "transparent", "rgba(0, 0, 0, 0)"})
_KEEPING = frozenset({"preserve", "preserve-breaks", "break-spaces"})
_CLIPPING = frozenset({"hidden", "clip"})
_SCROLLING = frozenset({"auto", "scroll"})
_INLINE = frozenset({"inline", "contents", "none", ""})
_NONE = frozenset({"", "none"})
_NOTHING_LEFT = frozenset({"inset(50%)", "inset(100%)", "circle(0px at 50% 50%)"})  # untold: CSS
_NO_CLIP = ("rect(0px, 0px, 0px", "rect(1px, 1px, 1px, 1px)")
"""How a page cuts a text away that only screen readers are to have."""
_FAINTEST = 0.05
_FAR_RIGHT = 2000.0
"""Pages are read 1280 pixels wide; nobody scrolls that far sideways."""
_TELLABLE = 8.0
"""Difference of a colour channel, of 255, below which nobody reads the letters."""
_TEXT = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How one node is laid out."""

    box: Box | None
    shown: bool
    opaque: bool
    block: bool
    paint: int
    struck: bool
    """Whether a line goes through it."""
    floats: bool
    backdrop: str = ""
    """What it paints behind itself: `picture` from an address, `drawn` for a gradient; else empty."""
    round: bool = False
    """Whether its corners make it a circle or an ellipse."""
    breaks: bool = False
    """Whether line breaks in its text are drawn as such."""


@dataclass(slots=True)
class _State:
    """What a node hands down to what is inside it."""

    faint: bool = False
    concealed: bool = False
    clip: Box | None = None
    """Visible part of the nearest clipping ancestors; None where nothing clips."""
    gone: bool = False
    struck: bool = False
    breaks: bool = False
    colour: str = ""
    ground: str = "rgb(255, 255, 255)"
    """Colour of the nearest background; empty over a picture, where it cannot be told."""


@dataclass
class Visibility:
    """Goes through one document's nodes in order, parents first."""

    document: dict[str, Any]
    strings: list[str]
    hidden_frame: bool = False
    _layout: dict[int, tuple[Box, dict[str, str], int]] = field(default_factory=dict)
    _states: dict[int, _State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layout = self.document["layout"]
        paints = layout.get("paintOrders") or [0] * len(layout["nodeIndex"])
        for at, styles, bounds, paint in zip(
            layout["nodeIndex"], layout["styles"], layout["bounds"], paints, strict=True
        ):
            named = dict(zip(STYLES, (self.strings[s] if s >= 0 else "" for s in styles), strict=False))
            self._layout.setdefault(at, (Box(*bounds), {**_UNSTYLED, **named}, paint))

    def look(self, index: int, parent: int, kind: int, tag: str) -> Look:
        """How a node looks; its parent must have been asked for before."""
        above = self._states.get(parent, _State(gone=self.hidden_frame))
        box, styles, paint = self._layout.get(index, (None, _UNSTYLED, 0))
        state = self._state(above, box, styles, kind, tag)
        self._states[index] = state
        blank = kind == _TEXT and state.colour != "" and _alike(state.colour, state.ground)
        shown = (
            box is not None
            and not (state.faint or state.concealed or state.gone or blank)
            and _visible(box)
            and (above.clip is None or _overlap(box, above.clip))
        )
        ground = styles["background-color"]
        opaque = kind != _TEXT and ground not in _CLEAR and _alpha(ground) > _FAINTEST
        return Look(
            box,
            shown,
            opaque,
            kind != _TEXT and styles["display"] not in _INLINE,
            paint,
            state.struck,
            styles["position"] == "absolute",
            _backdrop(styles["background-image"]) if kind != _TEXT else "",
            kind != _TEXT and box is not None and _round(styles["border-top-left-radius"], box),
            state.breaks,
        )

    @staticmethod
    def _state(above: _State, box: Box | None, styles: dict[str, str], kind: int, tag: str) -> _State:
        state = replace(above)
        if kind == _TEXT:
            return state
        state.colour = styles["color"] or above.colour
        state.breaks = styles["white-space-collapse"] in _KEEPING if box is not None else above.breaks
        state.struck = above.struck or "line-through" in styles["text-decoration-line"]
        veiled = any(one in styles["filter"] for one in ("opacity(0", "blur(")) or styles["mask-image"] not in _NONE
        state.faint = above.faint or veiled or float(styles["opacity"] or 1) < _FAINTEST
        # `visibility` is inherited, so the computed value already holds what the ancestors say.
        state.concealed = styles["visibility"] in {"hidden", "collapse"} or (box is None and above.concealed)
        if styles["background-image"] not in _NONE:
            state.ground = ""
        elif styles["background-color"] not in _CLEAR and _alpha(styles["background-color"]) == 1:
            state.ground = styles["background-color"]
        if styles["position"] in {"absolute", "fixed"}:
            state.clip = None  # it may stand outside of what clips its ancestors
        if box is not None and tag not in {"HTML", "BODY"}:
            _clip(state, box, styles)
        return state


def _clip(state: _State, box: Box, styles: dict[str, str]) -> None:
    """Note what an element cuts off of what is inside it."""
    overflow = {styles["overflow-x"], styles["overflow-y"]}
    if overflow & _CLIPPING:
        state.clip = box if state.clip is None else _common(box, state.clip)
    elif overflow & _SCROLLING:
        # What is scrolled out of sight can be scrolled back; a box without any size cannot show it.
        state.gone = state.gone or not _visible(box)
        state.clip = None
    cut_away = styles["clip-path"] in _NOTHING_LEFT or styles["clip"].startswith(_NO_CLIP)
    state.gone = state.gone or cut_away


def _backdrop(image: str) -> str:
    if image in _NONE:
        return ""
    return "picture" if "url(" in image or "image-set(" in image else "drawn"


def _round(radius: str, box: Box) -> bool:
    """Whether a computed corner radius (`50%`, `20px`, `20px 10px`) reaches the middle of the sides."""
    first = radius.partition(" ")[0]
    try:
        size = float(first.removesuffix("%").removesuffix("px"))
    except ValueError:
        return False
    return size >= 50 if first.endswith("%") else size > 0 and size * 2 >= min(box.width, box.height)


def _visible(box: Box) -> bool:
    inside = box.x + box.width > 0 and box.y + box.height > 0 and box.x < _FAR_RIGHT
    return inside and box.width > 1 and box.height > 1


def _overlap(one: Box, other: Box) -> bool:
    common = _common(one, other)
    return common.width > 1 and common.height > 1


def _common(one: Box, other: Box) -> Box:
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    bottom = min(one.y + one.height, other.y + other.height)
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _alike(colour: str, ground: str) -> bool:
    """Whether letters of a colour cannot be told from their background."""
    if _alpha(colour) < _FAINTEST:
        return True
    one, other = _channels(colour), _channels(ground)
    return bool(one) and len(one) == len(other) and max(abs(a - b) for a, b in zip(one, other, strict=True)) < _TELLABLE


def _channels(colour: str) -> list[float]:
    """Red, green and blue of a computed colour, 0 to 255; empty where it is written in another way."""
    if not colour.startswith("rgb"):
        return []
    try:
        return [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    except ValueError:
        return []


def _alpha(colour: str) -> float:
    """Opacity of a computed colour: `rgb(…)` is 1, `rgba(…, a)` is a."""
    if not colour.startswith("rgba("):
        return 1.0
    try:
        return float(colour.rstrip(")").rpartition(",")[2])
    except ValueError:
        return 1.0
