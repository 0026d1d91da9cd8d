"""What a flow tells the people who read its results: titles, addresses, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Text = Mapping[str, str]
"""Language (`en`, `fr`) → words."""


@dataclass(frozen=True, slots=True)
class FlowGuide:
    """The part of a manifest that a report needs; plain data, both languages."""

    id: str
    title: Text
    service: str
    """Name of the service as a person writes it, such as `Acme`."""
    form_urls: tuple[str, ...]
    """Direct addresses of the form or setting."""
    states: Mapping[str, Text] = field(default_factory=dict)
    """Name of a sentence (`because_key`) → what it says."""
    remedies: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Verdict or reason or sentence name → language → numbered steps."""
    reason_text: Text = field(default_factory=dict)
    """Locale → a reason ready to copy into the form."""
    not_covered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language → what an objection does not cover."""
    surfaces: Mapping[str, Text] = field(default_factory=dict)
    """Name of a surface or step → what a person calls that page."""
    shapes: Mapping[str, Text] = field(default_factory=dict)
    """Name of a form's shape → what it is."""
    exposure: Mapping[str, Text] = field(default_factory=dict)
    """Name of what decides how far the account is concerned → its words."""
    words: Mapping[str, Text] = field(default_factory=dict)
    """Step name → locale → the service's own words for it, where they are known."""
    is_control: bool = False
    """Whether the setting is one control, which is turned, and not a form, which is filed."""
