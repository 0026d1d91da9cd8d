"""
Reading a service's stand-in pages from its data.

The folders of `acme`, for example, are `flows/acme/*/replica`, `flows/acme/replica` and what its `site.toml` includes,
in that order; the first that has a template of some name gives it.

A service without a `replica/site.toml` of its own is one whose settings are a control each. The pages, their ways to
mislead and what a correct reader answers are the same for all of these (`flows/declared_replica`); a setting's own
`replica.toml`, or `[setting]` of its flow, says what its page is called, where it stands, how its control is made, and
in which state content is kept out. Beside them stand recorded pages, of such settings and of forms with an inbox: a
page comes at its own address with its own status, whoever is signed in named as the made-up account; every other
address of that account is not found, so that nothing made up mixes with what was recorded.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from automation.authoring.replica.actors import Actor, Expectation, Scenario, actors_of, load_scenarios
from automation.authoring.replica.site import (
    DataRequests,
    Network,
    ReplicaSite,
    ReplicaWords,
    Rule,
    Session,
    UrlRoute,
    load_words,
)
from automation.core.errors import FlowError
from automation.flow.control_table import OBJECT
from automation.flow.one_file import stand_in_tables
from automation.flow.recorded_page import FOLDER, Recording
from automation.text.catalogue import LANGUAGES
from automation.text.labels import shipped_folder
from automation.text.language import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

SHARED = "declared_replica"
"""Folder of the common pages, beside the services."""
MADE_UP_PATH = "/stand-in/"
"""Begins the path of an object's page where no source gives its address."""
SIGN_IN = "/login"
"""Where the form is sent that everybody sees who is not signed in."""
STRANGE = "nl"
"""A language of which no replica knows the words; pages in it show made-up ones."""
WORLD = "recorded"
"""Key of a scenario's world: host and path → status and markup."""


def cast(service: str, flows: Path | None = None) -> tuple[Actor, ...]:
    """All made-up accounts of a service, one for every scenario in each of its languages."""
    return load_site(service, flows).cast


def load_site(service: str, flows: Path | None = None) -> ReplicaSite:
    """
    Read the stand-in pages of a service.

    Args:
        service: name of its folder.
        flows: folder that holds it, if it is not the one that comes with Témoin.

    Raises: FlowError, if there is none or its data is wrong.
    """
    root = flows or shipped_folder()
    home = root / service / "replica"
    if not (home / "site.toml").is_file():
        own = root / SHARED  # the common pages stand beside the services, else they are those that come with Témoin
        return declared_site(root / service, own if own.is_dir() else shipped_folder() / SHARED)
    settings = sorted(folder for folder in (root / service).glob("*/replica") if folder.is_dir())
    table = _toml(home / "site.toml")
    folders = (*settings, home, *(root / name for name in table.get("include", ())))
    scenarios = tuple(
        scenario
        for file in reversed(_each(settings, "scenarios.toml"))
        for scenario in load_scenarios(file, f"{service}.{file.parent.parent.name}")
    )
    actors = actors_of(service, scenarios)
    for what in ("username", "identity"):
        counted = Counter(getattr(actor, what) for actor in actors)
        if max(counted.values()) > 1:
            twice = sorted(value for value, times in counted.items() if times > 1)
            raise FlowError(f"Two accounts of the replica of {service} share a {what}: {twice}.")
    options: dict[str, Any] = {}
    for file in _each(folders, "options.toml"):
        options |= _toml(file)
    return ReplicaSite(
        service=service,
        folders=folders,
        hosts=tuple(table["hosts"]),
        session=Session(**table["session"]),
        routes=tuple(UrlRoute(**{"hosts": ("*",), **row}) for row in table["routes"]),
        network=Network(**{kind: _rules(rows) for kind, rows in table["network"].items() if kind != "data"}),
        data=DataRequests(**table["network"]["data"]),
        answers=table.get("answers", {}),
        options=options | table["options"],
        words=load_words(_each(folders, "words.toml")),
        scenarios=scenarios,
        cast=actors,
        build=table["build"],
        assets=table["assets"],
    )


def _each(folders: Sequence[Path], name: str) -> list[Path]:
    """The files of a name in these folders, the last folder's first."""
    return [folder / name for folder in reversed(folders) if (folder / name).is_file()]


def _rules(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(Rule(row["path"], frozenset(row.get("operations", ())), row.get("query")) for row in rows)


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


# -- settings that are one control each ----------------------------------------------------------------------


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TemplateWords(_Table):
    """What a page shows in one language."""

    heading: str
    label: str
    source: str
    text: str = ""
    """A sentence beside the label."""
    good: str = ""
    """The value that keeps content out, where it is shown in words."""
    bad: str = ""
    since: str = ""
    """How a line begins that tells the value once more."""
    action: str = ""
    """Accessible name that says what a press would do."""
    reveal: tuple[str, ...] = ()
    """What has to be pressed before the control shows."""
    neighbours: tuple[str, ...] = ()
    """Other controls of the section; they stand the other way round."""
    danger: tuple[str, ...] = ()
    """Buttons that destroy something."""
    older: str = ""
    """A control of an older page whose states mean the opposite."""


class SettingTable(_Table):
    """What one setting's stand-in shows."""

    addresses: tuple[str, ...] = Field(min_length=1)
    """Where the setting is served; `{object}` stands for a blog, site or team."""
    style: Literal["input", "styled", "role", "unnamed", "select", "radio", "menu_button", "state_button"]
    """How the control is made; `unnamed` is a switch whose name stands only beside it."""
    on_is_good: bool = True
    """Whether "on" keeps content out; of switches and boxes."""
    link: str = ""
    """Path with `{id}` under which pages link to the person who is signed in."""
    cookie: str = "stand_in_session"
    """Name of the cookie that marks a sign-in; the real one where a source gives it."""
    fragment: str = ""
    """Shown only under this part of the address after `#`."""
    objects: tuple[str, ...] = ()
    """Names of the account's blogs, sites or teams."""
    weak: bool = False
    """Whether the sources are too weak for any verdict."""
    locks: bool = False
    """Whether the service itself greys its control out in the state that keeps content out of training."""
    words: dict[str, TemplateWords] = Field(min_length=1)

    def words_in(self, locale: str) -> TemplateWords:
        """The words of a language, or the first ones there are."""
        return self.words.get(locale) or next(iter(self.words.values()))

    def path_of(self, name: str) -> str:
        """Path of one blog's, site's or team's page."""
        return urlsplit(self._object_address.replace(OBJECT, name)).path

    def given(self, names: Iterable[str]) -> tuple[str, ...]:
        """What an account's owner writes under `objects`: names, or whole addresses where none is documented."""
        if MADE_UP_PATH not in self._object_address:
            return tuple(names)
        return tuple(self._object_address.replace(OBJECT, name) for name in names)

    @property
    def _object_address(self) -> str:
        return next((url for url in self.addresses if OBJECT in url), "")

    def shows(self, row: Mapping[str, Any]) -> bool:
        """Whether a common scenario makes sense for this setting."""
        has = {
            "objects": bool(self.objects),
            "linked_objects": any(OBJECT in url and MADE_UP_PATH not in url for url in self.addresses),
            "older": any(words.older for words in self.words.values()),
            "link": bool(self.link),
        }
        return all(has[want] for want in row.get("wants", [])) and self.style in row.get("styles", [self.style])


def settings_of(service: Path) -> dict[str, SettingTable]:
    """
    The stand-in tables of a service's settings, by setting.

    Raises:
        FlowError: naming the file and the key that is wrong.
    """
    found = {}
    for folder in sorted(path for path in service.glob("*") if path.is_dir()):
        if tables := stand_in_tables(folder):
            try:
                found[folder.name] = SettingTable.model_validate(tables)
            except ValidationError as error:
                first = error.errors()[0]
                file = folder / "replica" / "replica.toml"
                place = ".".join(map(str, first["loc"]))
                raise FlowError(f"{file}: {place}: {first['msg']}", "Correct that key.") from None
    return found


def declared_site(service: Path, shared: Path) -> ReplicaSite:
    """
    Build the stand-in of a service's folder whose settings are a control each; `shared` holds the common pages.

    Raises:
        FlowError: it has no such setting, or a file is wrong.
    """
    settings = settings_of(service)
    folders = sorted({*settings, *(folder.parent.parent.name for folder in service.glob(f"*/replica/{FOLDER}"))})
    if not folders:
        raise FlowError(
            f"There is no replica of {service.name!r}.", f"It would be at flows/{service.name}/replica/site.toml."
        )
    rows = _toml(shared / "scenarios.toml")
    prefixes = {name: f"{name}_" if len(folders) > 1 else "" for name in folders}
    made_up = [
        scenario
        for name, table in settings.items()
        for scenario in _scenarios(rows, f"{service.name}.{name}", table, prefixes[name])
    ]
    recorded = [
        scenario
        for name in folders
        for scenario in _recorded(service / name / "replica" / FOLDER, f"{service.name}.{name}", prefixes[name])
    ]
    scenarios = (*made_up, *recorded)
    hosts = dict.fromkeys(urlsplit(url).hostname or "" for table in settings.values() for url in table.addresses)
    hosts |= dict.fromkeys(place.partition("/")[0] for scenario in recorded for place in scenario.world[WORLD])
    cookie = next((table.cookie for table in settings.values()), "stand_in_session")
    domain = ".".join(next(iter(hosts)).split(".")[-2:])
    signing_in = (UrlRoute(SIGN_IN, "login_try.j2", (host,), open=True, method="POST") for host in hosts)
    return ReplicaSite(
        service=service.name,
        folders=(shared,),
        hosts=tuple(hosts),
        session=Session("stand_in_id", cookie, "stand_in_pending", f".{domain}"),
        routes=(*signing_in, *_routes(settings)),
        network=Network(sign_in=(Rule(SIGN_IN, frozenset(), None),)),
        data=DataRequests(),
        answers={},
        options={
            "languages": ["en", *sorted({locale for table in settings.values() for locale in table.words})],
            "pages": {f"{service.name}.{name}": table for name, table in settings.items()},
            **_WORLD,
        },
        words=ReplicaWords({}, {}),
        scenarios=scenarios,
        cast=actors_of(service.name, scenarios),
        build="declared",
    )


_WORLD: Mapping[str, Any] = {
    "state": "good",
    "trap": "",
    "objects": (),          # names that the account's owner gives
    "linked": (),           # names that the pages link to
    "bad": (),              # names of the objects that stand the other way round
    "gone": (),             # names of the objects whose page shows no control
    "shown_identity": "",   # the pages name somebody else
    "session_dead": False,
    "served": "",           # whether a trial fetches the page from a server: too, only
    WORLD: {},              # host and path: status and markup of a page that was live once
}  # fmt: skip


def _routes(settings: Mapping[str, SettingTable]) -> Iterator[UrlRoute]:
    """Each address of the settings, and the first page of each of their hosts."""
    urls = [urlsplit(url) for table in settings.values() for url in table.addresses]
    places = dict.fromkeys((parts.hostname or "", parts.path or "/") for parts in urls)
    for host, path in places | dict.fromkeys((host, "/") for host, _ in places):
        yield UrlRoute(path=path, view="setting.j2", hosts=(host,))


def _scenarios(
    rows: Mapping[str, Mapping[str, Any]], flow: str, table: SettingTable, prefix: str
) -> Iterator[Scenario]:  # fmt: skip
    """The common scenarios, as far as they make sense for a setting."""
    for name, row in rows.items():
        if not table.shows(row):
            continue
        world = {"served": row.get("served", "")} | row.get("world", {})
        everywhere = list(table.words) if row.get("every_language") else list(table.words)[:1]
        expected = Expectation(row["verdict"], row.get("reason"), tuple(row.get("also", ())))
        if table.locks and world.get("trap") == "disabled":
            expected = Expectation("objected")
        if table.weak and expected.verdict in {"objected", "not_objected"}:
            expected = Expectation("unknown", "ambiguous")
        yield Scenario(
            name=f"{prefix}{name}",
            flow=flow,
            title=row["title"],
            world=world | _objects(world, table),
            expected=dict.fromkeys([STRANGE] if row.get("strange") else everywhere, expected),
        )


def _objects(world: Mapping[str, Any], table: SettingTable) -> dict[str, Any]:
    """Which objects the account's owner names, and which of them stand otherwise; counted from the end."""
    names = table.objects[:1] if world.get("trap") else table.objects  # what misleads does so for one as for many
    given = names if world.get("named", "all") == "all" else names[: int(world["named"])]
    return {
        "objects": given,
        "linked": names if world.get("named", "all") != "all" else given,
        "bad": names[-1:] if world.get("last") == "bad" else (),
        "gone": names[-1:] if world.get("last") == "gone" else (),
    }


def _recorded(folder: Path, flow: str, prefix: str) -> Iterator[Scenario]:
    """
    One scenario for every recording of a setting.

    Raises:
        FlowError: a recording is damaged; names the file.
    """
    for file in sorted(folder.glob("*.toml")):
        recording = Recording.read(file)
        pages: dict[str, tuple[int, str]] = {}
        for page in recording.pages:
            try:
                pages[page.place] = (page.status, (folder / page.file).read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise FlowError(f"{folder / page.file}: cannot be read ({error})", "Record the page anew.") from None
        yield Scenario(
            name=f"{prefix}recorded_{file.stem}",
            flow=flow,
            title={code: language(code).gettext("Recorded: %(source)s", source=recording.source) for code in LANGUAGES},
            world={WORLD: pages, "served": "too"},
            expected={recording.locale or "en": Expectation(recording.verdict, recording.reason or None)},
        )
