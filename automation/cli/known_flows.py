"""The flows that a command may use; what is wrong with others is told on stderr and costs these nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from automation.accounts import Account
    from automation.flow import Flow
    from automation.settings import Settings
    from flows import Found


def known_flows(paths: Iterable[Path]) -> Found:
    """
    Témoin's own flows and those of a user's folders.

    Raises:
        FlowError: one of the folders is not there, or holds no flow.
    """
    import flows

    found = flows.find(paths)
    for name, error in found.broken.items():
        typer.echo(f"! {name}: {error}", err=True)
    return found


def flows_for(settings: Settings) -> Found:
    """
    The flows that a configuration may use, its accounts' among them: in order, or broken.

    Raises:
        ConfigurationError: an account's flow does not exist, or a folder of flows.
    """
    from automation.settings import check_flows

    found = known_flows(settings.flow_paths)
    check_flows(settings, {*found.flows, *found.broken})
    return found


def flow_of(account: Account, settings: Settings) -> Flow:
    """
    One account's flow.

    Raises:
        ConfigurationError: it does not exist, or is broken.
    """
    found = flows_for(settings)
    if account.flow in found.broken:
        raise found.broken[account.flow]
    return found.flows[account.flow]
