"""What decides how far an account is concerned: audience, privacy, linked accounts. Reported, never judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.domain.observations import ExposureItem
from automation.errors import CheckError
from automation.text.normalizing import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.flow.manifest import ExposureRule
    from automation.reader import Reader


async def read_exposure(reader: Reader, rules: Sequence[ExposureRule]) -> list[ExposureItem]:
    """Read each declared setting; one that cannot be read is reported as not shown."""
    items: list[ExposureItem] = []
    opened = ""
    for rule in rules:
        try:
            if rule.surface != opened:
                page = await reader.open(rule.surface)
                await reader.check_account()
                opened = rule.surface
                if not page.failed and not reader.asks_to_sign_in():
                    await reader.capture(rule.surface)
                else:
                    opened = ""
        except CheckError as error:
            if error.ends_visit:
                raise
            opened = ""
        items.append(_read(reader, rule) if opened else ExposureItem(rule.name, None, "not_opened", rule.surface))
    return items


async def read_linked(reader: Reader, surface: str) -> ExposureItem:
    """Whether the page that lists linked accounts could be opened, and what its heading says."""
    try:
        page = await reader.open(surface)
        await reader.check_account()
    except CheckError as error:
        if error.ends_visit:
            raise
        return ExposureItem("accounts_centre", None, "not_opened", surface)
    if page.failed or reader.asks_to_sign_in() or not page.settled:
        return ExposureItem("accounts_centre", None, "not_opened", surface)
    await reader.capture(surface)
    if not reader.present("accounts_centre.title"):
        return ExposureItem("accounts_centre", None, "not_shown", surface)
    return ExposureItem("accounts_centre", "present", "shown", surface)


def _read(reader: Reader, rule: ExposureRule) -> ExposureItem:
    key = rule.switch or rule.choice or ""
    if not reader.words.covered(key):
        return ExposureItem(rule.name, None, "locale_uncovered", rule.surface)
    if rule.switch:
        state = reader.switch(rule.switch)
        value = None if state is None else ("on" if state else "off")
    else:
        value = reader.choice(key)
    note = "shown" if value is not None else "not_shown"
    return ExposureItem(rule.name, quote(value, 60) if value else None, note, rule.surface)
