"""What a step leaves in the bundle: its pictures, its texts, and the record of what was hidden."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from automation.browser.capture.camera import Camera, FocusOf, Shot, offset_of
from automation.browser.capture.cover import MASK_COLOUR, PROFILE
from automation.browser.capture.masks import RULES
from automation.core.records import Mask, Redaction
from automation.page import PageView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from playwright.async_api import CDPSession, Page

    from automation.browser.capture.camera import Look
    from automation.browser.capture.masks import Masks
    from automation.core.observations import Form, Observation, Reply, Step
    from automation.core.records import Artifact
    from automation.core.signals import Signal
    from automation.page import Node

SCHEMA = "temoin.page/1"
_PROPERTIES = frozenset(
    {
        "busy", "checked", "disabled", "editable", "expanded", "focusable", "hasPopup", "hidden", "invalid", "level",
        "live", "modal", "multiselectable", "pressed", "readonly", "required", "selected", "settable",
    }
)  # fmt: skip
"""Accessibility properties that are states; others repeat addresses and texts."""
_LEFT_OUT = frozenset({"SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", ""})
_STATES = (
    "aria-checked", "aria-pressed", "aria-selected", "aria-expanded", "aria-disabled", "aria-required",
    "aria-invalid", "aria-hidden", "aria-current", "checked", "disabled", "required", "readonly", "type", "href",
)  # fmt: skip
"""Raw attributes that the outline shows beside a role: what is not there is not shown as "false"."""


def nodes_json(view: PageView) -> bytes:
    """
    All elements and texts as JSON: markup, accessibility and layout in one, ticked boxes by their live property.

    Keys are left out where they say nothing: `i` index, `p` parent, `d` document, `t` tag or `#text`, `a` raw
    attributes, `role`, `name`, `props` (accessibility), `text`, `box` (left, top, width, height), `shown`, `filled`,
    `ticked`, `selected`, `struck`.
    """
    nodes = [_as_dict(node) for node in _kept(view)]
    page = {"schema": SCHEMA, "url": view.url, "title": view.title, "locale": view.locale, "nodes": nodes}
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def packed(data: bytes) -> bytes:
    """Compressed with gzip; the same data gives the same bytes."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def outline(view: PageView) -> str:
    """
    The page's accessibility tree, one role a line, with the raw attributes that carry a state.

    A switch without a stated state has no attribute in its line; the browser's own tree would call it "off".
    """
    lines: list[str] = []
    depth: dict[int, int] = {-1: -1}
    for node in view.everything():
        above = depth.get(node.parent, -1)
        said = node.tag != "#text" and node.role and (node.shown or node.tag == "INPUT")
        depth[node.index] = above + 1 if said else above
        if said:
            states = [f"[{key}={node.attributes[key]}]" for key in _STATES if key in node.attributes]
            if node.ticked is not None:
                states.append(f"[ticked={str(node.ticked).lower()}]")
            if node.filled is not None:
                states.append(f"[filled={str(node.filled).lower()}]")
            name = [json.dumps(node.name, ensure_ascii=False)] if node.name else []
            lines.append("  " * depth[node.index] + " ".join([node.role, *name, *states]))
    return "\n".join(lines) + "\n"


def visible_text(view: PageView) -> str:
    """What a person can read, one paragraph a line, the site's own frame included."""
    return "\n".join(block.text for block in view.blocks(chrome=True)) + "\n"


def _kept(view: PageView) -> Iterator[Node]:
    out: set[int] = set()
    for node in view.everything():
        if node.parent in out or (node.tag in _LEFT_OUT and not (node.tag == "" and node.index in view.children)):
            out.add(node.index)
        elif node.tag != "#text" or node.text.strip():
            yield node


def _as_dict(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"i": node.index, "p": node.parent, "t": node.tag}
    if node.document:
        found["d"] = node.document
    optional = {
        "a": dict(node.attributes),
        "role": node.role,
        "name": node.name,
        "props": {key: value for key, value in node.properties.items() if key in _PROPERTIES},
        "text": node.text,
        "shown": node.shown,
        "selected": node.selected,
        "struck": node.struck,
    }
    found |= {key: value for key, value in optional.items() if value}
    if node.box is not None and node.tag != "#text":
        found["box"] = [round(value) for value in (node.box.x, node.box.y, node.box.width, node.box.height)]
    found |= {key: value for key, value in (("filled", node.filled), ("ticked", node.ticked)) if value is not None}
    return found


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


def masked_observation(observation: Observation, masks: Masks) -> Observation:
    """
    An observation whose texts name nobody; what it is judged by stays as it is.

    Signals are judged by their names and kinds, a form by the country that is chosen in it.
    """
    told = masks.without_people
    return replace(
        observation,
        signals=_signals(observation.signals, masks),
        replies=tuple(_reply(reply, masks) for reply in observation.replies),
        form=_form(observation.form, masks) if observation.form else None,
        probes=tuple(
            replace(
                probe,
                requested=masks.masked_url(probe.requested),
                final=masks.masked_url(probe.final),
                redirects=tuple(map(masks.masked_url, probe.redirects)),
            )
            for probe in observation.probes
        ),
        exposure=tuple(
            replace(item, value=told(item.value) if item.value is not None else None) for item in observation.exposure
        ),
        steps=masked_steps(observation.steps, masks),
    )


def masked_steps(steps: Iterable[Step], masks: Masks) -> tuple[Step, ...]:
    """Steps whose addresses and notes name nobody: names may have been learnt after they were taken."""
    return tuple(replace(step, url=masks.masked_url(step.url), note=masks.without_people(step.note)) for step in steps)


def _reply(reply: Reply, masks: Masks) -> Reply:
    """The words of its turns were left without names when they were kept."""
    about, headed = (_signals((one,), masks)[0] if one else None for one in (reply.about, reply.headed))
    return replace(reply, signals=_signals(reply.signals, masks), about=about, headed=headed)


def _signals(signals: Iterable[Signal], masks: Masks) -> tuple[Signal, ...]:
    told = masks.without_people
    return tuple(replace(signal, quote=told(signal.quote), locator=told(signal.locator)) for signal in signals)


def _form(form: Form, masks: Masks) -> Form:
    told = masks.without_people
    return replace(
        form,
        heading=told(form.heading),
        submit=told(form.submit) if form.submit is not None else None,
        fields=tuple(
            replace(field, label=told(field.label), options=tuple(map(told, field.options))) for field in form.fields
        ),
    )
