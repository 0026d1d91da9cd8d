"""What decides how far an account is concerned, as the flow lists it. Reported, never judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.errors import CheckError
from automation.core.observations import ExposureItem
from automation.text.normalizing import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.observations import Form
    from automation.flow.control_table import ExposureRule
    from automation.visit.reader import Reader


async def read_exposure(reader: Reader, rules: Sequence[ExposureRule], form: Form | None) -> list[ExposureItem]:
    """What each rule says; a surface that cannot be read is reported as such."""
    items: list[ExposureItem] = []
    opened = ""
    for rule in rules:
        if rule.surface is None:
            items.append(_from_form(form, rule))
            continue
        if rule.surface != opened:
            opened = rule.surface if await _opens(reader, rule.surface) else ""
        items.append(_read(reader, rule) if opened else ExposureItem(rule.name, None, "not_opened", rule.surface))
    return items


async def _opens(reader: Reader, surface: str) -> bool:
    """Whether the surface opens and comes to rest for this account."""
    try:
        page = await reader.open(surface)
        await reader.check_account()
        if page.failed or not page.settled or reader.asks_to_sign_in():
            return False
        await reader.capture(surface)
    except CheckError as error:
        if error.ends_visit:
            raise
        return False
    return True


def _from_form(form: Form | None, rule: ExposureRule) -> ExposureItem:
    """What a field of the form shows; not every shape of it asks for the same."""
    value = next((f.chosen for f in form.fields if f.role == rule.field and f.chosen), None) if form else None
    return ExposureItem(rule.name, value, "shown" if value else "not_shown", form.surface if form else "")


def _read(reader: Reader, rule: ExposureRule) -> ExposureItem:
    key, surface = rule.key or "", rule.surface or ""
    if not reader.words.covered(key):
        return ExposureItem(rule.name, None, "locale_uncovered", surface)
    if rule.switch:
        state = reader.switch(rule.switch)
        value = None if state is None else ("on" if state else "off")
    elif rule.landmark:
        value = "present" if reader.present(rule.landmark) else None
    else:
        value = reader.choice(key)
    note = "shown" if value is not None else "not_shown"
    return ExposureItem(rule.name, quote(value, 60) if value else None, note, surface)
