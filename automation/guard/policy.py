"""What one service's sites may be asked for, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from automation.guard.bodies import Fields
from automation.guard.graphql import WordPatterns, kind_of
from automation.guard.patterns import Patterns
from automation.guard.policy_file import read_site
from automation.guard.request import Phase, Request
from automation.guard.spelling import FoldedPairs, FoldedPatterns, pairs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.guard.bodies import Operation
    from automation.guard.policy_file import Operations, Submit

LONGEST_ADDRESS = 100_000
"""Servers take a tenth of that; whatever a page makes up, deciding stays quick."""
_AFTER_DIGITS = re.compile("[^0-9]")


@dataclass(frozen=True, slots=True)
class Places:
    """Paths on some hosts."""

    hosts: Patterns
    paths: Patterns
    except_paths: FoldedPatterns = field(default_factory=FoldedPatterns)

    def hold(self, request: Request) -> bool:
        """Whether the request goes to one of these places."""
        return self.paths.fit(request.path) and self.hosts.fit(request.host) and not self.except_paths.fit(request.path)


@dataclass(frozen=True, slots=True)
class OperationRule:
    """One endpoint that reads and writes by POST, and the names of its reads."""

    places: Places
    fields: Fields
    read: Patterns
    also_read: frozenset[str]
    never: Patterns
    acts: WordPatterns
    never_ids: frozenset[str]
    never_numbers: frozenset[float]
    """The same as floats: a server that reads JSON so takes the numbers beside a long one for it."""

    @classmethod
    def of(cls, table: Operations, hosts: list[str]) -> Self:
        """Build from the `[guard.operations]` table; `hosts` are the service's, where it names none."""
        return cls(
            places=Places(Patterns.of(table.hosts or hosts), Patterns.of(table.paths)),
            fields=Fields(
                names=frozenset(table.name_fields),
                headers=frozenset(table.name_headers),
                ids=frozenset(table.id_fields),
                texts=frozenset(table.text_fields),
            ),
            read=Patterns.of(table.read),
            also_read=frozenset(table.also_read),
            never=Patterns.of(table.never, any_case=True),
            acts=WordPatterns(tuple(table.acts)),
            never_ids=frozenset(table.never_ids),
            never_numbers=frozenset(float(number) for number in table.never_ids if number.isdigit()),
        )

    def why_not(self, operation: Operation) -> str:
        """Why an operation is no read; nothing where it is one."""
        if any(map(self.is_never, operation.ids)):
            return "operation_mutation"
        name = operation.name
        kind = kind_of(name)
        if self.is_refused_by_name(name):
            return f"operation_{kind or 'acts'}"
        if name in self.also_read or self.read.fit(name):
            return ""
        return f"operation_{kind or 'unknown'}"

    def is_refused_by_name(self, name: str) -> bool:
        """Whether the service's own file says that an operation of this name is no read."""
        return self.never.fit(name) or self.acts.fit(name)

    def is_never(self, number: str) -> bool:
        """Whether a server may take it for a listed number; some stop at the first letter."""
        digits = _AFTER_DIGITS.split(number, maxsplit=1)[0]
        return number in self.never_ids or (digits != "" and float(digits) in self.never_numbers)


@dataclass(frozen=True, slots=True)
class SubmitRule:
    """What the request that files an objection says beside the form's fields."""

    form_id_fields: frozenset[str]
    content_fields: frozenset[str]
    carries: Patterns
    carries_empty: Patterns

    @classmethod
    def of(cls, table: Submit) -> Self:
        """Build from the `[guard.submit]` table."""
        return cls(
            frozenset(table.form_id_fields),
            frozenset(table.content_fields),
            Patterns.of(table.carries),
            Patterns.of(table.carries_empty),
        )


@dataclass(frozen=True, slots=True)
class GuardPolicy:
    """What one service's sites may be asked for."""

    hosts: Patterns
    providers: Patterns
    """Hosts of the identity providers that a person may sign in with; open in the login phase only."""
    telemetry: FoldedPatterns
    telemetry_query: FoldedPairs
    bystanders: Patterns
    """Decides nothing: they are no hosts of the service, and refused as such."""
    deny_hosts: Patterns
    deny_paths: FoldedPatterns
    deny_segments: FoldedPatterns
    deny_query: FoldedPairs
    read_paths: Patterns
    operations: OperationRule | None
    sign_in: Places
    sign_in_operations: frozenset[str]
    sign_in_query: FoldedPairs
    person: Places
    never_signing_in: FoldedPatterns
    """Paths that are refused also while somebody signs in, such as taking a device off the account."""
    person_operations: Patterns
    submit: Places
    submit_operations: frozenset[str]
    submit_ids: frozenset[str]
    submit_rule: SubmitRule

    @classmethod
    def parse(cls, mapping: Mapping[str, object]) -> Self:
        """
        Build the policy from a service's `site.toml`, already read as TOML.

        Only `hosts` and `[guard]` are looked at; other tables may be there.

        Raises:
            FlowError: where a key is unknown, missing or not what it should be.
        """
        site = read_site(mapping)
        guard = site.guard
        submit, person = guard.submit, guard.sign_in.by_person
        sign_in_hosts = Patterns.of(guard.sign_in.hosts or site.hosts)
        never_signing_in = FoldedPatterns.of(guard.sign_in.except_paths)
        return cls(
            hosts=Patterns.of(site.hosts),
            providers=Patterns.of(site.sign_in.providers),
            telemetry=FoldedPatterns.of(guard.telemetry),
            telemetry_query=FoldedPairs.of(guard.telemetry_query),
            bystanders=Patterns.of(guard.bystanders),
            deny_hosts=Patterns.of(guard.get_deny.hosts or site.hosts),
            deny_paths=FoldedPatterns.of(guard.get_deny.paths),
            deny_segments=FoldedPatterns.of(guard.get_deny.segments),
            deny_query=FoldedPairs.of(guard.get_deny.query),
            read_paths=Patterns.of(guard.read_paths),
            operations=OperationRule.of(guard.operations, site.hosts) if guard.operations else None,
            sign_in=Places(sign_in_hosts, Patterns.of(guard.sign_in.paths), never_signing_in),
            sign_in_operations=frozenset(guard.sign_in.operations),
            sign_in_query=FoldedPairs.of(guard.sign_in.query),
            person=Places(sign_in_hosts, Patterns.of(person.paths)),
            never_signing_in=never_signing_in,
            person_operations=Patterns.of(person.operations),
            submit=Places(Patterns.of(submit.hosts or site.hosts), Patterns.of(submit.paths)),
            submit_operations=frozenset(submit.operations),
            submit_ids=frozenset(submit.ids),
            submit_rule=SubmitRule.of(submit),
        )

    def is_telemetry(self, path: str, query: str) -> bool:
        """Whether an address is one at which the service counts its visitors or does its chores."""
        if self.telemetry.fit(path):
            return True
        if not self.telemetry_query or not query or len(query) > LONGEST_ADDRESS:
            return False
        return any(self.telemetry_query.fit(name, value) for name, value in pairs_of(query))

    def is_bystander(self, host: str) -> bool:
        """Whether a host of others brings a page nothing of the account's; `*.a.example` means `a.example`, too."""
        return self.bystanders.fit(host) or self.bystanders.fit(f".{host}")

    def hosts_in(self, phase: Phase) -> Patterns:
        """What may be reached at all in a phase."""
        return Patterns.of([*self.hosts.texts, *self.providers.texts]) if phase is Phase.LOGIN else self.hosts
