"""The flows that a command may use; what is wrong with others is told on stderr and costs these nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.core.looks import Look
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

    looks = looks_that_count(settings)
    wanted = {*(account.flow for account in settings.accounts), *(look.flow for look in looks)}
    found = known_flows(settings.flow_paths, wanted)
    check_flows(settings, {*found.ids, *found.broken})
    return with_looks(found, looks)


def looks_that_count(settings: Settings) -> tuple[Look, ...]:
    """The looks beside a configuration that nobody took back; none where the file is wrong, which is told."""
    from automation.app.looks import looks_file
    from automation.cli.shared.common import told
    from automation.core.errors import FlowError
    from automation.flow.looks import read_looks

    try:
        kept = read_looks(looks_file(settings.config), settings.flow_paths)
    except FlowError as error:
        typer.echo(f"! {told(str(error))}", err=True)
        return ()
    return tuple(one.look for one in kept if one.counts)


def with_looks(found: Found, looks: Iterable[Look]) -> Found:
    """The same flows, by which looks count."""
    from dataclasses import replace

    from automation.flow.looks import with_looks_of

    return replace(found, flows=with_looks_of(found.flows, looks))


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
