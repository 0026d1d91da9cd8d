"""What a step leaves in the bundle: its pictures, its texts, and the record of what was hidden."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from automation.browser.capture.camera import Camera, FocusOf, Shot, offset_of
from automation.browser.capture.masks import RULES
from automation.browser.capture.profile import MASK_COLOUR, PROFILE
from automation.browser.capture.texts import nodes_json, outline, packed, visible_text
from automation.core.records import Mask, Redaction
from automation.page import PageView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import CDPSession, Page

    from automation.browser.capture.camera import Look
    from automation.browser.capture.masks import Masks
    from automation.core.records import Artifact


class EvidenceSink(Protocol):
    """Where files go."""

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Keep one file."""


class Original(Protocol):
    """Where the unmasked copy for the account's holder goes."""

    def add(self, path: str, data: bytes) -> None:
        """Keep one file."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The picture of one step."""

    picture: str
    """Path inside the evidence."""
    size: tuple[int, int]
    """Width and height in pixels."""
    outline: tuple[int, int, int, int] | None
    """Left, top, width, height of the form or control in it; None without one."""
    redaction: Redaction
    """What was hidden in its files."""
    view: PageView | None = field(default=None, repr=False)
    """The page of the picture's moment, without masks; never written."""


class StepFiles(Protocol):
    """Where what a step shows is filed."""

    async def step(
        self, number: int, name: str, view: PageView | None, focus_of: FocusOf, *, bare: bool = False
    ) -> Filed | None:
        """File one step; None where there is no picture of it. A page that is no evidence is `bare`."""


class NoFiles:
    """Files nothing: of a step only its name and note are kept."""

    async def step(
        self, number: int, name: str, view: PageView | None, focus_of: FocusOf, *, bare: bool = False
    ) -> Filed | None:
        """Do nothing."""


class Recorder:
    """
    Files each step that one tab shows, with its pictures.

    For step 3 at `form`: `pictures/03-form.png` (the whole page), `…-form.png` (the form or control, cut out of it),
    `pages/03-form.txt` (visible text), `….outline.txt` (accessibility tree with raw attributes) and `….json.gz` (all
    nodes).
    """

    def __init__(self, camera: Camera, masks: Masks, sink: EvidenceSink, original: Original | None = None) -> None:
        self._camera, self._masks, self._sink, self._original = camera, masks, sink, original

    async def step(
        self, number: int, name: str, view: PageView | None, focus_of: FocusOf, *, bare: bool = False
    ) -> Filed | None:
        """
        File one step and return its picture; None where the page could not be pictured.

        The texts are those of the picture's moment. Without a picture they are those of `view`, the page as it was
        last read.
        """
        stem = f"{number:02d}-{name}"
        if self._original is not None:
            await self._keep_original(stem, view)
        shot = await self._camera.shoot(self._masks, name, focus_of, bare=bare)
        if shot is None:
            return None
        self._texts(stem, shot)
        paths = [
            self._sink.add(f"pictures/{stem}{suffix}.png", data, "picture", "image/png").path
            for suffix, data in (("", shot.whole), ("-form", shot.focus))
            if data is not None
        ]
        redaction = _redaction(number, name, paths, shot)
        return Filed(paths[0], shot.page_size, shot.area, redaction, shot.view)

    def _texts(self, stem: str, shot: Shot) -> None:
        view = shot.plan.view
        self._sink.add(f"pages/{stem}.txt", visible_text(view).encode(), "text", "text/plain")
        self._sink.add(f"pages/{stem}.outline.txt", outline(view).encode(), "accessibility", "text/plain")
        self._sink.add(f"pages/{stem}.json.gz", packed(nodes_json(view)), "page", "application/gzip")

    async def _keep_original(self, stem: str, view: PageView | None) -> None:
        picture = await self._camera.unmasked()
        if self._original is not None and picture is not None:
            self._original.add(f"{stem}.png", picture)
        if self._original is not None and view is not None:
            self._original.add(f"{stem}.txt", visible_text(view).encode())


async def file_picture(page: Page, session: CDPSession, look: Look, masks: Masks, sink: EvidenceSink) -> Filed | None:
    """One masked picture of a whole page outside of the check phase, such as a login page; None where there is none."""
    shot = await Camera(page, session, look).shoot(masks, "sign-in")
    if shot is None:
        return None
    path = sink.add("pictures/sign-in.png", shot.whole, "picture", "image/png").path
    return Filed(path, shot.page_size, None, _redaction(0, "sign_in", [path], shot))


def redactions_document(redactions: Sequence[Redaction]) -> dict[str, object]:
    """What `redactions.json` says: how and by which rules was masked, and what at which step."""
    return {
        "schema": "temoin.redactions/1",
        "profile": PROFILE,
        "colour": MASK_COLOUR,
        "rules": RULES,
        "steps": list(redactions),
    }


def _redaction(number: int, name: str, paths: Sequence[str], shot: Shot) -> Redaction:
    boxes: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    view = shot.plan.view
    for laid in shot.covered:
        if laid.cover.rule:
            counts[laid.cover.rule] += 1
            dx, dy = offset_of(view, laid.cover.document)
            boxes[laid.cover.rule] += [(round(x + dx), round(y + dy), round(w), round(h)) for x, y, w, h in laid.boxes]
    for index in shot.plan.pictures:
        node = view.nodes[index]
        if node.box is not None:
            counts["picture"] += 1
            dx, dy = offset_of(view, node.document)
            box = node.box
            boxes["picture"].append((round(box.x + dx), round(box.y + dy), round(box.width), round(box.height)))
    return Redaction(
        step=number,
        name=name,
        pictures=tuple(paths),
        page=shot.page_size,
        window=shot.shown,
        masks=tuple(Mask(rule, counts[rule], tuple(boxes[rule])) for rule in sorted(counts)),
        texts=tuple(sorted(shot.plan.counts.items())),
    )
