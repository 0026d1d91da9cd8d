"""What one service's sites may be asked for: `hosts` and `[guard]` of a service's `site.toml`, checked and compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Self
from urllib.parse import unquote, unquote_plus

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from automation.core.errors import FlowError
from automation.guard.bodies import Fields, Operation, WordPatterns, kind_of
from automation.guard.request import Phase, Request
from automation.guard.spelling import (
    ACTING_NAMES,
    COMMON_SEGMENTS,
    LONGEST_ADDRESS,
    FoldedPairs,
    FoldedPatterns,
    Pairs,
    Patterns,
    acts_at_any_service,
    pairs_of,
    spellings,
)
from automation.guard.written import (
    ANY,
    HOST,
    NAME,
    PATH,
    READ,
    Folded,
    Headers,
    Hosts,
    Names,
    Numbers,
    Paths,
    Queries,
    Texts,
    Words,
)
from automation.text.catalogue import rule_of


class StrictTable(BaseModel):
    """A table in which every key must be known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SharedTable(BaseModel):
    """A table of which the guard reads a part."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class GetDeny(StrictTable):
    """GET requests that write, by the look of their address; beside those that do so at any service."""

    hosts: Hosts = Field(default_factory=Patterns)
    """Where they are looked for; every host of the service where none is named."""
    paths: Folded = Field(default_factory=FoldedPatterns)
    segments: Annotated[FoldedPatterns, NAME] = Field(default_factory=FoldedPatterns)
    """One part of a path, such as `logout*`; compared without its ending (`.php`), in any case."""
    query: Queries = Field(default_factory=FoldedPairs)

    def writes(self, words: Sequence[str]) -> bool:
        """Whether one of these parts of a path, folded, acts."""
        return any(COMMON_SEGMENTS.fit_word(word) or self.segments.fit_word(word) for word in words)

    def writes_by(self, name: str, value: str) -> bool:
        """Whether a pair in an address acts."""
        return acts_at_any_service(name, value) or self.query.fit(name, value)


class Operations(StrictTable):
    """Reads that the site sends as POST to one endpoint and tells apart by a name in the body."""

    paths: Annotated[Patterns, replace(PATH, least=1)]
    hosts: Hosts = Field(default_factory=Patterns)
    name_fields: Annotated[frozenset[str], replace(ANY, least=1)]
    name_headers: Headers = Field(default_factory=frozenset)
    id_fields: Texts = Field(default_factory=frozenset)
    """Fields that choose an operation by a number; never in an address."""
    text_fields: Texts = Field(default_factory=frozenset)
    """Fields that would carry the operation itself; their presence is refused."""
    read: Names = Field(default_factory=Patterns)
    """Patterns of names that read."""
    also_read: Texts = Field(default_factory=frozenset)
    """Names that read and fit no pattern; the only ones that may be asked for by GET, too."""
    never: Annotated[Names, AfterValidator(lambda found: Patterns(found.texts, any_case=True))] = Field(
        default_factory=Patterns
    )
    """Patterns of names that never pass, upper or lower case; stronger than `read` and `also_read`."""
    acts: Words = Field(default_factory=WordPatterns)
    """Patterns of names that act although they read by their ending, word by word: `use Request *`."""
    never_ids: Numbers = Field(default_factory=frozenset)
    """Numbers of operations known to write, whatever name is given with them."""

    @cached_property
    def fields(self) -> Fields:
        """Which fields and headers name an operation."""
        return Fields(self.name_fields, self.name_headers, self.id_fields, self.text_fields)

    @cached_property
    def _never_numbers(self) -> frozenset[float]:
        """`never_ids` as floats: a server that reads JSON so takes the numbers beside a long one for it."""
        return frozenset(float(number) for number in self.never_ids if number.isdigit())

    @cached_property
    def _never_text(self) -> re.Pattern[str]:
        listed = "|".join(map(re.escape, sorted(self.never_ids))) or "(?!)"
        return re.compile(rf"(?<![0-9A-Za-z])0*({listed})(?![0-9A-Za-z])")

    def why_not(self, operation: Operation) -> str:
        """Why an operation is no read; nothing where it is one."""
        if any(map(self.is_never, operation.ids)):
            return "operation_mutation"
        kind = kind_of(operation.name)
        if self.is_refused_by_name(operation.name):
            return f"operation_{kind or 'acts'}"
        if operation.name in self.also_read or self.read.fit(operation.name):
            return ""
        return f"operation_{kind or 'unknown'}"

    def is_refused_by_name(self, name: str) -> bool:
        """Whether the service's own file says that an operation of this name is no read."""
        return self.never.fit(name) or self.acts.fit(name)

    def is_never(self, number: str) -> bool:
        """Whether a server may take it for a listed number; some stop at the first letter."""
        digits = re.split("[^0-9]", number, maxsplit=1)[0]
        return number in self.never_ids or (digits != "" and float(digits) in self._never_numbers)

    def never_said(self, request: Request) -> frozenset[str]:
        """The listed numbers that stand anywhere in a request: as the value of any field or header."""
        said = (unquote_plus(request.query), *request.headers.values())
        if request.body:
            said = (*said, unquote(request.body.decode("latin-1")))
        return frozenset(found for text in said for found in self._never_text.findall(text))


class ByPerson(StrictTable):
    """What else would be refused and a person who signs in may send: answers to a challenge, trust in a browser."""

    paths: Paths = Field(default_factory=Patterns)
    """Paths that `except_paths` keeps from a program that signs in."""
    operations: Names = Field(default_factory=Patterns)
    """Patterns of names; they may not fit what `submit` declares."""


class GuardSignIn(StrictTable):
    """The writes that signing in needs; only while somebody signs in."""

    hosts: Hosts = Field(default_factory=Patterns)
    paths: Paths = Field(default_factory=Patterns)
    except_paths: Folded = Field(default_factory=FoldedPatterns)
    operations: Texts = Field(default_factory=frozenset)
    """Names of operations, exactly."""
    query: Queries = Field(default_factory=FoldedPairs)
    """Query patterns that `get_deny` would refuse, allowed while signing in."""
    by_person: ByPerson = Field(default_factory=ByPerson)


class Submit(StrictTable):
    """The one write that files an objection; declared here, released only by a person."""

    hosts: Hosts = Field(default_factory=Patterns)
    paths: Paths = Field(default_factory=Patterns)
    operations: Texts = Field(default_factory=frozenset)
    ids: Numbers = Field(default_factory=frozenset)
    """Those of `never_ids` that are these operations' own; the request has to name one of them, where there are any."""
    form_id_fields: Texts = Field(default_factory=frozenset)
    """Where the request names the form; without one nothing can be released."""
    content_fields: Texts = Field(default_factory=frozenset)
    """Fields that hold the form's own fields as JSON."""
    account_fields: Texts = Field(default_factory=frozenset)
    """Where the request names the account: it has to be the one that was read at the review."""
    carries: Names = Field(default_factory=Patterns)
    """
    Patterns of names that such a request carries beside the form's fields: tokens and counters; `name=text` where the
    text is always the same.
    """
    carries_empty: Names = Field(default_factory=Patterns)
    """The same of fields that the page's script adds as the form is sent, and that hold nothing then."""

    @cached_property
    def _fixed(self) -> frozenset[str]:
        return frozenset(text for text in self.carries.texts if "=" in text)

    def is_carried(self, name: str, text: str | None = None) -> bool:
        """Whether a request carries something beside the form's fields; by its name alone, where no text is given."""
        return self.carries.fit(name) or (text is not None and f"{name}={text}" in self._fixed)


@dataclass(frozen=True, slots=True)
class PlainRead:
    """A read sent as a form: its path, and where the path serves other ends, exactly the fields that it holds."""

    path: Patterns
    fields: Mapping[str, str] | None
    """Name → text, or `*`; None where any fields may be there that name no action."""

    @classmethod
    def of(cls, text: str) -> Self:
        """From `/path`, or `/path?action=name&other=*`."""
        path, mark, fields = text.partition("?")
        return cls(Patterns((path,)), dict(pairs_of(fields)) if mark and fields else {} if mark else None)

    def fits(self, path: str, said: Pairs) -> bool:
        """Whether a form that says this, sent there, is this read."""
        if not self.path.fit(path):
            return False
        if self.fields is None:
            return all(spellings(name).isdisjoint(ACTING_NAMES) for name, _ in said)
        texts = dict(said)
        named = texts.keys() == self.fields.keys() and len(said) == len(texts)
        return named and all(text in {"*", texts[name]} for name, text in self.fields.items())


class GuardTable(StrictTable):
    """The whole `[guard]` table."""

    telemetry: Folded = Field(default_factory=FoldedPatterns)
    telemetry_query: Queries = Field(default_factory=FoldedPairs)
    """The same by `name=value` in the address, where one path serves other ends, too."""
    bystanders: Hosts = Field(default_factory=Patterns)
    """Hosts of others, which bring a page nothing of the account's: they count, advertise, or ask for consent."""
    read_paths: Annotated[
        tuple[PlainRead, ...], READ, AfterValidator(lambda texts: tuple(map(PlainRead.of, texts)))
    ] = Field(default_factory=tuple)
    read_hosts: Hosts = Field(default_factory=Patterns)
    """Where `read_paths` are; those of `get_deny` where none is named."""
    get_deny: GetDeny = Field(default_factory=GetDeny)
    kept_reads: Paths = Field(default_factory=Patterns)
    """
    Paths where the service's pages ask by GET for operations that the server keeps, and write by POST alone; whatever
    has a verb in its name is refused there, too.
    """
    operations: Operations | None = None
    sign_in: GuardSignIn = Field(default_factory=GuardSignIn)
    submit: Submit = Field(default_factory=Submit)

    @model_validator(mode="after")
    def _keeps_apart(self) -> Self:
        """Whoever signs in must not be able to file the objection by it."""
        sign_in, submit = self.sign_in, self.submit
        operations = Patterns.of([*sign_in.operations, *sign_in.by_person.operations.texts])
        both = (*filter(operations.fit, sorted(submit.operations)), *filter(sign_in.paths.fit, submit.paths.texts))
        if found := ", ".join(both):
            raise ValueError(f"sign_in would let through what submit declares: {found}")
        return self


class SignInHosts(SharedTable):
    """The part of `[sign_in]` that the guard reads."""

    providers: Hosts = Field(default_factory=Patterns)
    """Hosts of identity providers, such as `accounts.provider.example`: reachable only while a person signs in."""


class IdentityCookies(SharedTable):
    """The part of `[identity]` that the guard reads."""

    cookies: Texts = Field(default_factory=frozenset)
    """They hold who is signed in."""
    acting_cookies: Texts = Field(default_factory=frozenset)
    """They hold as whom else somebody acts; a submission carries none."""


@dataclass(frozen=True, slots=True)
class Places:
    """Paths on some hosts."""

    hosts: Patterns
    paths: Patterns
    except_paths: FoldedPatterns = field(default_factory=FoldedPatterns)

    def hold(self, request: Request) -> bool:
        """Whether the request goes to one of these places."""
        return self.paths.fit(request.path) and self.hosts.fit(request.host) and not self.except_paths.fit(request.path)


class GuardPolicy(SharedTable):
    """What one service's sites may be asked for: the part of its file that the guard reads."""

    hosts: Annotated[Patterns, replace(HOST, least=1)]
    guard: GuardTable
    sign_in: SignInHosts = Field(default_factory=SignInHosts)
    identity: IdentityCookies = Field(default_factory=IdentityCookies)

    @classmethod
    def parse(cls, mapping: Mapping[str, object], source: str = "site.toml") -> Self:
        """
        Build the policy from a service's `site.toml`, already read as TOML; `source` is the name of what holds it.

        Raises:
            FlowError: naming each wrong key, what is wrong with it and what to write instead.
        """
        try:
            return cls.model_validate(dict(mapping))
        except ValidationError as error:
            faults = [
                f"{'.'.join(str(part) for part in fault['loc'])}: {rule_of(fault)}"
                for fault in error.errors(include_url=False, include_input=False)
            ]
            raise FlowError(
                f"{source}: the guard cannot use it ({'; '.join(faults)})",
                f"correct these keys in {source}; docs/guard.md lists the tables and keys",
            ) from error

    @property
    def loopback(self) -> Patterns:
        """Hosts of this machine, with their ports, that are read by http, too; a service has none."""
        return Patterns()

    @property
    def named_posts(self) -> Patterns:
        """Paths to which a developer lets their own pages POST anything; a service has none."""
        return Patterns()

    @cached_property
    def deny_hosts(self) -> Patterns:
        """Where GET requests that write are looked for."""
        return self.guard.get_deny.hosts or self.hosts

    @cached_property
    def read_hosts(self) -> Patterns:
        """Where `read_paths` are."""
        return self.guard.read_hosts or self.deny_hosts

    @cached_property
    def operation_places(self) -> Places:
        """The endpoint of the operations; nowhere where the service declares none."""
        rule = self.guard.operations
        return Places(rule.hosts or self.hosts, rule.paths) if rule else Places(Patterns(), Patterns())

    @cached_property
    def sign_in_places(self) -> Places:
        """Where signing in writes."""
        rule = self.guard.sign_in
        return Places(rule.hosts or self.hosts, rule.paths, rule.except_paths)

    @cached_property
    def person_places(self) -> Places:
        """Where only a person's signing in writes."""
        rule = self.guard.sign_in
        return Places(rule.hosts or self.hosts, rule.by_person.paths)

    @cached_property
    def submit_places(self) -> Places:
        """Where the objection is filed."""
        return Places(self.guard.submit.hosts or self.hosts, self.guard.submit.paths)

    def is_telemetry(self, path: str, query: str) -> bool:
        """Whether an address is one at which the service counts its visitors or does its chores."""
        rule = self.guard
        if rule.telemetry.patterns and rule.telemetry.fit(path):
            return True
        if not rule.telemetry_query or not query or len(query) > LONGEST_ADDRESS:
            return False
        return any(rule.telemetry_query.fit(name, value) for name, value in pairs_of(query))

    def is_bystander(self, host: str) -> bool:
        """Whether a host of others brings a page nothing of the account's; `*.a.example` means `a.example`, too."""
        return self.guard.bystanders.fit(host) or self.guard.bystanders.fit(f".{host}")

    @cached_property
    def _login_hosts(self) -> Patterns:
        return Patterns((*self.hosts.texts, *self.sign_in.providers.texts))

    def hosts_in(self, phase: Phase) -> Patterns:
        """What may be reached at all in a phase; identity providers only while a person signs in."""
        return self._login_hosts if phase is Phase.LOGIN else self.hosts
