"""Made-up settings, and parts of the pages that show them, for tests of how a control is read."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from automation.flow.control_table import ControlTable
from automation.page import PageView
from automation.reading.controls.reading import read_page
from automation.text.labels import Labels, parse_labels
from automation.text.page_words import PageWords
from tests.reading.outline import ROLES, Part, el, page

LABEL, ABOUT = "Learn from my notes", "We use what you write to make our models better."
HEAD = el("h2", "Privacy")
SURE = {"address": "H", "label": "H", "meaning": "H"}


def words(*names: str) -> dict[str, Any]:
    """A key's words in English."""
    return {"en": [{"names": list(names), "source": "a test"}]}


def table(kind: str, **more: Any) -> ControlTable:
    """One setting as its flow declares it."""
    return ControlTable.model_validate(
        {"kind": kind, "surfaces": ["setting"], "confidence": SURE, "sources": ["a test"], **more}
    )


def switch(state: str, **more: Any) -> Part:
    """A drawn switch without a name, unless one is given."""
    return el("button", **{"name": "", "role": "switch", "aria_checked": state, **more})


def row(*inside: Part | str) -> Part:
    """A row of the settings."""
    return el("div", *inside)


def _labels(*names: str, section: tuple[str, ...] = ("Privacy",), **more: dict[str, Any]) -> Labels:
    control = {"label": words(*names), "section": words(*section)}
    return parse_labels({"control": {**control, **more.pop("control", {})}, **more}, "a test")


VALUES = {"far": words("Reach everybody"), "near": words("Keep it near")}
SINCE = {"en": [{"names": ["On"], "sentences": ["On since"], "source": "a test"}]}
LABELS = _labels(LABEL, value={"on": SINCE, "off": words("Off"), **VALUES}, action={"off": words("Turn off")})
DESCRIBED = _labels(LABEL, control={"about": words(ABOUT.removesuffix("."))}, value=VALUES)
RENAMED = _labels(
    LABEL,
    "Note analysis",
    section=("Privacy", "Manage note settings"),
    control={"older": words("Notes for learning")},
    value=VALUES,
)
ON_OFF = {"value.on": "trains", "value.off": "protects"}
FAR_NEAR = {"value.far": "trains", "value.near": "protects"}
SWITCH = table("switch", on="trains")
SHARED = table("switch", on="trains", objects={})
SETTINGS: dict[str, tuple[ControlTable, Labels]] = {
    "switch": (SWITCH, LABELS),
    "box": (table("checkbox", on="trains"), LABELS),
    "protecting": (table("switch", on="protects"), LABELS),
    "button": (table("state_button", values=ON_OFF), LABELS),
    "menu": (table("menu_button", values=ON_OFF, actions={"action.off": "trains"}), LABELS),
    "list": (table("select", values=FAR_NEAR), LABELS),
    "choice": (table("radio", values=FAR_NEAR), LABELS),
    "locked": (table("switch", on="trains", locked="protects"), LABELS),
    "unlike": (table("switch", on="trains", unlike="value.far"), LABELS),
    "shared": (SHARED, LABELS),
    "blog": (SHARED, _labels("Share {object}")),
    "described": (table("switch", on="trains", description="control.about"), DESCRIBED),
    "described_choice": (table("radio", values=FAR_NEAR), DESCRIBED),
    "long": (SWITCH, _labels("Let us learn from my notes")),
    "renamed": (SWITCH, RENAMED),
    "renamed_unlike": (table("switch", on="trains", unlike="control.older"), RENAMED),
    "renamed_section": (table("switch", on="trains", unlike="control.section"), RENAMED),
}


def read(view: PageView, setting: str = "switch") -> str:
    """
    The meaning, or the first fault without its prefix.

    A setting may have a language behind a dot, `none` for a page that declares none; a blog's has its name there.
    """
    kind, _, more = setting.partition(".")
    declared, labels = SETTINGS[kind]
    locale = "en" if kind == "blog" or not more else "" if more == "none" else more
    reading = read_page(view, declared, PageWords.of(labels, locale), more if kind == "blog" else "")
    return str(reading.faults[0]).removeprefix("control.") if reading.faults else str(reading.meaning)


class _Outline(HTMLParser):
    """
    A page as the tables of cases write it: HTML with what a browser would tell of an element.

    `:role` and `:name` where they are not those of the element as written, `:hidden`, `:on` and `:off` for a tick,
    `:disabled`; `¦` sets two texts apart that no element does.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str], list[Part | str]]] = [("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, {key: value or "" for key, value in attrs}, []))

    def handle_data(self, data: str) -> None:
        self.open[-1][2].extend(data.split("¦"))

    def handle_endtag(self, tag: str) -> None:
        name, raw, inside = self.open.pop()
        assert name == tag, f"{name} ends as {tag}"
        attributes = {key: value for key, value in raw.items() if not key.startswith(":")}
        role = raw.get(":role", attributes.get("role", ROLES.get(tag, "")))
        text = Part(tag, tuple(inside)).text if role not in {"main", "paragraph", ""} else ""
        called = raw.get(":name", attributes.get("aria-label", text))
        ticked = True if ":on" in raw else False if ":off" in raw else None
        shown, disabled = ":hidden" not in raw, ":disabled" in raw
        self.open[-1][2].append(Part(tag, tuple(inside), role, called, shown, ticked, disabled, attributes))


def outlined(html: str, title: str = "") -> PageView:
    """The page of one line of a table of cases."""
    outline = _Outline()
    outline.feed(html)
    outline.close()
    return page(*outline.open[0][2], title=title)
