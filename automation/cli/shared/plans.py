"""From a configuration to what one run is to do: what `temoin check` and the pytest plugin share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from automation.config import Settings
    from automation.core.settings.browser import BrowserSettings
    from automation.session.phase import TellOf
    from automation.text.language import Language
    from automation.visit.runner import RunPlan


def plan_of(
    settings: Settings,
    browser: BrowserSettings,
    *,
    output: Path | None = None,
    strict: bool = False,
    attended: TellOf | None = None,
    words: Language | None = None,
) -> RunPlan:
    """
    What is to be done for all accounts of a configuration, with the means of this machine.

    Args:
        settings: of the configuration.
        browser: how it is to be started; the configured way, or another one.
        output: another evidence folder than the configured one.
        strict: as if the configuration said so.
        attended: told what a person at the window is waited for; None: nobody is there.
        words: of their language; None: as called and configured.

    Raises:
        ConfigurationError: a flow is unknown, an identity is an example, a key cannot be used, or what people said or
            filed cannot be read.
        OutputError: a key's folder cannot be written.
    """
    from datetime import UTC, datetime

    from automation.cli.shared.history import answers_in_force
    from automation.cli.shared.identities import require_identities
    from automation.cli.shared.known_flows import flows_for
    from automation.cli.shared.places import identity_key, means_of
    from automation.cli.shared.sealing import sealer_of
    from automation.storage.cases import CaseBook
    from automation.visit.runner import RunPlan

    found = flows_for(settings)
    require_identities(settings, found.flows)
    evidence = output or settings.output
    return RunPlan(
        accounts=settings.accounts,
        flows=found.flows,
        broken=found.broken,
        browser=browser,
        output=evidence,
        identity_key=identity_key(settings),
        means=means_of(settings, attended, words),
        sealer=sealer_of(settings, evidence),
        credentials=dict(settings.secrets),
        strict=strict or settings.strict,
        evidence=settings.evidence,
        policy=settings.policy,
        answers=answers_in_force(settings, evidence, datetime.now(UTC).date()),
        cases=CaseBook(evidence).cases(),
        secrets=settings.secret_values(),
    )
