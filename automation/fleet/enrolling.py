"""Bringing accounts and budgets into the tables, and taking accounts out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from automation.core.accounts import Account, SignInMethod
from automation.core.errors import FleetError
from automation.fleet.claims import Rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import psycopg

_MANY = 1000


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How accounts are to be looked after."""

    every: timedelta
    """From one visit to the next."""
    pool: str = "main"
    at_once: bool = False
    """Due now, whatever was planned; also ends a cool-down and what the account waited for."""
    passwords: bool = False
    """Whether accounts that sign in by password are let in: test accounts, by choice."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of it."""

    new: tuple[str, ...]
    known: tuple[str, ...]


def enroll(
    connection: psycopg.Connection[Any],
    accounts: Iterable[Account],
    enrolment: Enrolment,
    budgets: Mapping[str, float],
    rules: Rules | None = None,
) -> Enrolled:
    """
    Put accounts into the table, or bring them up to date there; all or none.

    Args:
        connection: of the fleet's database.
        accounts: from the configuration. Only name, flow and service are written down, no identity and no secret.
        enrolment: how often, by whom, and whether at once.
        budgets: service → visits an hour; every account's service has one.
        rules: decide how many visits may begin at once.

    Raises:
        FleetError: an account signs in by password and that was not chosen.
    """
    chosen = list(accounts)
    refused = [
        account.name for account in chosen if account.sign_in is SignInMethod.PASSWORD and not enrolment.passwords
    ]
    if refused:
        raise FleetError(
            f"{', '.join(refused)}: a fleet signs nobody in by password unless you say so",
            'Use sign_in = "session", or set passwords = true in [fleet] for test accounts.',
        )
    with connection.transaction():
        for service, per_hour in sorted(budgets.items()):
            set_budget(connection, service, per_hour, rules or Rules())
        there = {name for (name,) in connection.execute("SELECT name FROM accounts")}
        connection.cursor().executemany(
            """
            INSERT INTO accounts (name, service, flow, pool, every, due_at) VALUES (%s, %s, %s, %s, %s, now())
            ON CONFLICT (name) DO UPDATE
              SET service = EXCLUDED.service, flow = EXCLUDED.flow, pool = EXCLUDED.pool, every = EXCLUDED.every,
                  due_at = least(accounts.due_at, now() + EXCLUDED.every)
            """,
            [(one.name, one.service, one.flow, enrolment.pool, enrolment.every) for one in chosen],
        )
        if enrolment.at_once:
            release(connection, [one.name for one in chosen])
        if len(chosen) >= _MANY:  # else its first rounds are planned as for an empty table
            connection.execute("ANALYZE accounts")
    names = [one.name for one in chosen]
    return Enrolled(tuple(n for n in names if n not in there), tuple(n for n in names if n in there))


def set_budget(connection: psycopg.Connection[Any], service: str, per_hour: float, rules: Rules) -> None:
    """How many visits an hour a service may get; what was saved up stays, within the new limit."""
    connection.execute(
        """
        INSERT INTO services (name, per_hour, burst, tokens) VALUES (%(name)s, %(per_hour)s, %(burst)s, %(burst)s)
        ON CONFLICT (name) DO UPDATE SET per_hour = EXCLUDED.per_hour, burst = EXCLUDED.burst,
          tokens = least(services.tokens, EXCLUDED.burst)
        """,
        {"name": service, "per_hour": per_hour, "burst": rules.burst(per_hour)},
    )


def release(connection: psycopg.Connection[Any], names: Collection[str]) -> None:
    """A person says to go on: due now, nothing to wait for. A visit that is under way is waited for all the same."""
    connection.execute(
        "UPDATE accounts SET due_at = least(due_at, now()), waits_for = NULL, losses = 0, cools_until = '-infinity'"
        " WHERE name = ANY(%s)",
        (list(names),),
    )


def retire(connection: psycopg.Connection[Any], names: Collection[str]) -> tuple[str, ...]:
    """Take accounts out; their past and their evidence stay. The names that were there."""
    found = connection.execute("DELETE FROM accounts WHERE name = ANY(%s) RETURNING name", (list(names),))
    return tuple(name for (name,) in found)
