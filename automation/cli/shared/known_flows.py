"""The flows that a command may use; what is wrong with others is told on stderr and costs these nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from automation.config import Settings
    from automation.domain.accounts import Account
    from automation.flow import Flow
    from flows import Found


def known_flows(paths: Iterable[Path], only: Collection[str] | None = None) -> Found:
    """
    Témoin's own flows, or `only` those of some ids, and those of a user's folders.

    Raises:
        FlowError: one of the folders is not there, or holds no flow.
    """
    import flows
    from automation.cli.shared.common import told

    found = flows.find(paths, only)
    for name, error in found.broken.items():
        typer.echo(f"! {name}: {told(str(error))}", err=True)
    return found


def flows_for(settings: Settings) -> Found:
    """
    The flows of a configuration's accounts and those of its folders: in order, or broken.

    Raises:
        ConfigurationError: an account's flow does not exist, or a folder of flows.
    """
    from automation.config import check_flows

    found = known_flows(settings.flow_paths, {account.flow for account in settings.accounts})
    check_flows(settings, {*found.ids, *found.broken})
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
