"""One account's attended visit as a run of its own, with its document; never tried twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation.browser.pool import Browsers
from automation.core.errors import ConfigurationError
from automation.visit.account import check
from automation.visit.attended.filing import declared_form
from automation.visit.runner import document_of, new_run_id, order_of, prepare_output

if TYPE_CHECKING:
    from automation.core.accounts import Account
    from automation.core.results import RunDocument
    from automation.visit.attended.filing import ObjectionAtDesk
    from automation.visit.runner import RunPlan


async def file_objection(plan: RunPlan, account: Account, work: ObjectionAtDesk) -> RunDocument:
    """
    Take the person to the form of one account, and keep the proof of what they did.

    Args:
        plan: with what means, and where the evidence goes; its browser has a window.
        account: whose form.
        work: what is done there.

    Raises:
        NotFiled: nothing was sent, and nothing is kept.
        ConfigurationError, OutputError, VaultError: it cannot begin.
        BundleError: the evidence does not prove itself, or holds a secret; there is none then.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415 - costs a tenth of a second

    if plan.browser.headless:
        raise ConfigurationError("an objection is filed in a window, and this browser has none", "")
    declared_form(plan.flows[account.flow])
    started = datetime.now(UTC)
    folder = plan.output / new_run_id(started)
    prepare_output(folder)
    async with async_playwright() as playwright, Browsers(playwright, plan.browser) as browsers:
        result = await check(order_of(plan, account, folder, lambda _account, _what: None), browsers, work)
    return document_of(plan, folder, started, (result,))
