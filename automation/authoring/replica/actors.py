"""The made-up accounts of the replica: one for every scenario in each of its languages."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from automation.core.errors import FlowError
from automation.text.catalogue import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

_FIRST: dict[str, str] = {
    "fr": "Claire Julien Manon Hugo Inès Théo Sarah Louis Camille Antoine Léa Paul",
    "de": "Lena Jonas Marie Felix Anna Lukas Sophie Paul Clara Tim",
    "es": "Lucía Diego Carmen Pablo Elena Javier Marta Álvaro",
    "it": "Giulia Marco Chiara Luca Elisa Matteo Sara Paolo",
    "pt": "Inês Tiago Beatriz João Marta Rui",
    "fi": "Aino Eero Helmi Onni",
    "hu": "Anna Bence Eszter Gergő",
    "en": "Amelia Oliver Grace Harry Isla Jack Ruby Thomas Alice Henry Nora Samuel",
}
_LAST: dict[str, str] = {
    "fr": "Moreau Lefèvre Garnier Fontaine Rousseau Marchand Perrin Blanchard",
    "de": "Vogel Brandt Krüger Lorenz Seidel Franke",
    "es": "Ortega Vidal Navarro Molina Cano",
    "it": "Ferri Rinaldi Conti Gallo Serra",
    "pt": "Almeida Teixeira Nunes Pires",
    "fi": "Virtanen Laine Niemi",
    "hu": "Szabó Varga Kiss",
    "en": "Whitfield Barlow Hargreaves Pemberton Ashdown Marlowe Thorne Ellison",
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a correct reader answers."""

    verdict: str
    reason: str | None = None
    """None where several reasons are as good."""
    also: tuple[str, ...] = ()
    """Other right answers, as `verdict` or `verdict/reason`: what a more careful reader may say."""
    challenge: str | None = None
    """What the service asks for, where it asks a person for something."""

    def allows(self, verdict: str, reason: str | None) -> bool:
        """Whether an answer is right."""
        if verdict == self.verdict and self.reason in {None, reason}:
            return True
        return verdict in self.also or f"{verdict}/{reason}" in self.also


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way the service can present itself."""

    name: str
    flow: str
    """The setting that it stands for, such as `acme.ai_training`."""
    title: Mapping[str, str]
    """In `en` and `fr`."""
    world: Mapping[str, Any]
    """What the pages look at to decide what they show."""
    expected: Mapping[str, Expectation]
    """By locale."""
    demo: tuple[str, ...] = ()
    """Locales in which the demo shows it."""
    kind: str = "profile"
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By locale: `name`, `owner`, `email`, `page`, where they are not left to chance."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One made-up account."""

    service: str
    username: str
    password: str = field(repr=False)
    totp_secret: str | None = field(repr=False)
    identity: str
    """What the service calls it: the value of its identity cookie."""
    scenario: str
    flow: str
    locale: str
    kind: str
    name: str
    owner: str
    page: str | None
    page_id: str
    email: str
    expected: Expectation
    demo: bool
    title: Mapping[str, str] = field(repr=False)
    world: Mapping[str, Any] = field(repr=False)

    @property
    def answer(self) -> str:
        """What its holder finds in the mail, in a text message or in the picture of a CAPTCHA: six digits."""
        return f"{int(_digest('answer', self.service, self.username)[:12], 16) % 10**6:06d}"

    @property
    def is_stopped_signing_in(self) -> bool:
        """Whether the service asks for something after the password; a saved session skips that."""
        return any(self.world.get(what) for what in ("two_step", "after_password", "after_login"))

    @property
    def verdict(self) -> str:
        """What a correct reader says."""
        return self.expected.verdict

    @property
    def reason(self) -> str | None:
        """Its reason, where only one is right."""
        return self.expected.reason

    def token(self, purpose: str) -> str:
        """Value of a cookie that stands for this account; always the same, so that a saved session stays good."""
        return _digest(purpose, self.service, self.username)[:32]


def load_scenarios(path: Path, flow: str) -> tuple[Scenario, ...]:
    """
    Read a scenario file.

    Its optional top-level `include` names files, relative to it, that are read first; a table of the same name
    then replaces single values of theirs, or takes the scenario away with `skip = true`.

    Raises: FlowError, where a scenario lacks its title or its expectation.
    """
    tables = _tables(path)
    return tuple(_scenario(path, flow, name, table) for name, table in tables.items() if not table.get("skip", False))


def _tables(path: Path) -> dict[str, dict[str, Any]]:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    tables: dict[str, dict[str, Any]] = {}
    for other in document.pop("include", ()):
        tables |= _tables((path.parent / other).resolve())
    for name, table in document.items():
        tables[name] = {**tables.get(name, {}), **table}
    return tables


def _scenario(path: Path, flow: str, name: str, table: dict[str, Any]) -> Scenario:
    try:
        demo = table.get("demo", False)
        expected = {}
        for locale in table["locales"]:
            said = {**table, **table.get("in", {}).get(locale, {})}
            also, challenge = tuple(said.get("also", ())), said.get("challenge")
            expected[locale] = Expectation(said["verdict"], said.get("reason") or None, also, challenge)
        return Scenario(
            name=name,
            flow=flow,
            title={language: table["title"][language] for language in LANGUAGES},
            world=table.get("world", {}),
            expected=expected,
            demo=tuple(expected if demo is True else demo or ()),
            kind=table.get("kind", "profile"),
            people=table.get("people", {}),
        )
    except KeyError as error:
        raise FlowError(f"{path.name}: scenario {name!r} lacks {error}.", "Add it.") from error


def actors_of(service: str, scenarios: Iterable[Scenario]) -> tuple[Actor, ...]:
    """One account a scenario and locale, with names that never repeat."""
    names = {language: _names(language) for language in _FIRST}
    return tuple(
        _actor(service, scenario, locale, next(names.get(locale.partition("-")[0], names["en"])))
        for scenario in scenarios
        for locale in scenario.expected
    )


def _names(language: str) -> Iterator[str]:
    """First and last names of a language, and once they are all taken, the same with an initial or more between."""
    people = [(first, last) for last, first in product(_LAST[language].split(), _FIRST[language].split())]
    for length in count():
        for letters in product(ascii_uppercase, repeat=length):
            between = "".join(f"{letter}. " for letter in letters)
            yield from (f"{first} {between}{last}" for first, last in people)


def _actor(service: str, scenario: Scenario, locale: str, drawn: str) -> Actor:
    person = scenario.people.get(locale, {})
    name = person.get("name", drawn)
    owner = person.get("owner", f"{name.rpartition(' ')[2]} & Co")
    digest = _digest(service, scenario.name, locale)
    number = int(digest[:12], 16)
    secret = base64.b32encode(bytes.fromhex(digest[:40])).decode()
    email = person.get("email", f"{scenario.name.replace('_', '-')}.{locale.lower()}@{service}.example")
    return Actor(
        service=service,
        username=email,
        password=f"replica-{digest[-12:]}",
        totp_secret=secret if scenario.world.get("two_step") == "code" else None,
        identity=f"1000{number % 10**11:011d}",
        scenario=scenario.name,
        flow=scenario.flow,
        locale=locale,
        kind=scenario.kind,
        name=name,
        owner=owner,
        page=person.get("page", f"{owner}, atelier" if scenario.kind == "page_admin" else None),
        page_id=f"6157{(number // 7) % 10**10:010d}",
        email=email,
        expected=scenario.expected[locale],
        demo=locale in scenario.demo,
        title=scenario.title,
        world=scenario.world,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
