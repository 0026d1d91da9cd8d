"""
Reading a service's stand-in pages from its data folders.

The folders of `acme`, for example, are `flows/acme/*/replica`, `flows/acme/replica` and what its
`site.toml` includes, in that order; the first that has a template of some name gives it. A service without a
`replica/site.toml` of its own is one whose settings are a control each (`automation.authoring.replica.loading`).
"""

from __future__ import annotations

import tomllib
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
from automation.flow.recorded_page import FOLDER, IDENTITY, Recording
from automation.text.catalogue import LANGUAGES
from automation.text.labels import shipped_folder
from automation.text.language import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

WORLD = "recorded"
"""Key of a scenario's world: host and path → status and markup."""
_MISSING = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Not recorded</title></head><body></body></html>\n'


def recorded_scenarios(replica: Path, flow: str, prefix: str = "") -> Iterator[Scenario]:
    """
    One scenario for every recording of a setting.

    Args:
        replica: the setting's `replica/` folder.
        flow: its flow.
        prefix: begins the scenarios' names.

    Raises:
        FlowError: a recording is damaged; names the file.
    """
    for file in sorted((replica / FOLDER).glob("*.toml")):
        recording = Recording.read(file)
        pages = {page.place: [page.status, _markup(file.parent / page.file)] for page in recording.pages}
        yield Scenario(
            name=f"{prefix}_recorded_{file.stem}" if prefix else f"recorded_{file.stem}",
            flow=flow,
            title={code: language(code).gettext("Recorded: %(source)s", source=recording.source) for code in LANGUAGES},
            world={WORLD: pages, "served": "too"},
            expected={recording.locale or "en": Expectation(recording.verdict, recording.reason or None)},
        )


def _markup(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Record the page anew.") from None


def recorded_page(world: Any, place: str, identity: str) -> tuple[int, str] | None:
    """
    Status and markup of an address, for an account that stands for a recording; None for every other account.

    Args:
        world: the account's.
        place: host and path.
        identity: what the made-up service calls the account.
    """
    pages = world.get(WORLD)
    if not pages:
        return None
    status, text = pages.get(place, (404, _MISSING))
    return status, text.replace(IDENTITY, identity)


SHARED = "declared_replica"
"""Folder of the common pages, beside the services."""
MADE_UP_PATH = "/stand-in/"
"""Begins the path of an object's page where no source gives its address."""
SIGN_IN = "/login"
"""Where the form is sent that everybody sees who is not signed in."""
OBJECT = "{object}"
STRANGE = "nl"
"""A language of which no replica knows the words; pages in it show made-up ones."""
_BUILD = "declared"


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
    """One setting's `replica.toml`."""

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


def settings_of(service: Path) -> dict[str, SettingTable]:
    """
    The stand-in tables of a service's settings, by setting.

    Raises:
        FlowError: naming the file and the key that is wrong.
    """
    return {file.parent.parent.name: _setting(file) for file in sorted(service.glob("*/replica/replica.toml"))}


def _setting(file: Path) -> SettingTable:
    try:
        return SettingTable.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise FlowError(f"{file}: not valid TOML: {error}", "Correct that line.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise FlowError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}", "Correct that key.") from None


def declared_site(service: Path, shared: Path) -> ReplicaSite:
    """
    The stand-in of a service all of whose settings are one control each, or pages that were recorded.

    Args:
        service: its folder.
        shared: folder of the common pages and scenarios.

    Raises:
        FlowError: it has no such setting, or a file is wrong.
    """
    settings = settings_of(service)
    folders = sorted({*settings, *(folder.parent.parent.name for folder in service.glob(f"*/replica/{FOLDER}"))})
    if not folders:
        raise FlowError(
            f"There is no replica of {service.name!r}.", f"It would be at flows/{service.name}/replica/site.toml."
        )
    scenarios = tuple(
        scenario
        for setting, table in settings.items()
        for scenario in _scenarios(
            shared, f"{service.name}.{setting}", table, prefix=setting if len(folders) > 1 else ""
        )
    )
    recorded = tuple(
        scenario
        for setting in folders
        for scenario in recorded_scenarios(
            service / setting / "replica", f"{service.name}.{setting}", setting if len(folders) > 1 else ""
        )
    )
    hosts = dict.fromkeys(urlsplit(url).hostname or "" for table in settings.values() for url in table.addresses)
    hosts |= dict.fromkeys(place.partition("/")[0] for scenario in recorded for place in scenario.world[WORLD])
    cookie = next((table.cookie for table in settings.values()), "stand_in_session")
    domain = ".".join(next(iter(hosts)).split(".")[-2:])
    return ReplicaSite(
        service=service.name,
        folders=(shared,),
        hosts=tuple(hosts),
        session=Session("stand_in_id", cookie, "stand_in_pending", f".{domain}"),
        routes=(
            *(UrlRoute(SIGN_IN, "login_try.j2", (host,), open=True, method="POST") for host in hosts),
            *_routes(settings),
        ),
        network=Network(sign_in=(Rule(SIGN_IN, frozenset(), None),)),
        data=DataRequests(),
        answers={},
        options={
            "languages": ["en", *sorted({locale for table in settings.values() for locale in table.words})],
            "pages": {f"{service.name}.{name}": table for name, table in settings.items()},
            **_WORLD,
        },
        words=ReplicaWords({}, {}),
        scenarios=(*scenarios, *recorded),
        cast=actors_of(service.name, (*scenarios, *recorded)),
        build=_BUILD,
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
    "recorded": {},         # host and path: status and markup of a page that was live once
}  # fmt: skip


def _routes(settings: Mapping[str, SettingTable]) -> Iterator[UrlRoute]:
    seen: set[tuple[str, str]] = set()
    for table in settings.values():
        for url in table.addresses:
            parts = urlsplit(url)
            place = (parts.hostname or "", parts.path or "/")
            if place not in seen:
                seen.add(place)
                yield UrlRoute(path=place[1], view="setting.j2", hosts=(place[0],))
    for host in dict.fromkeys(host for host, _ in seen):
        if (host, "/") not in seen:
            yield UrlRoute(path="/", view="setting.j2", hosts=(host,))


def _scenarios(shared: Path, flow: str, table: SettingTable, prefix: str) -> Iterator[Scenario]:
    """The common scenarios, as far as they make sense for a setting."""
    tables = tomllib.loads((shared / "scenarios.toml").read_text(encoding="utf-8"))
    for name, row in tables.items():
        if not _fits(row, table):
            continue
        everywhere = list(table.words) if row.get("every_language") else list(table.words)[:1]
        locales = [STRANGE] if row.get("strange") else everywhere
        expected = Expectation(row["verdict"], row.get("reason"), tuple(row.get("also", ())))
        if table.locks and row.get("world", {}).get("trap") == "disabled":
            expected = Expectation("objected")
        if table.weak and expected.verdict in {"objected", "not_objected"}:
            expected = Expectation("unknown", "ambiguous")
        world = {"served": row.get("served", "")} | row.get("world", {})
        yield Scenario(
            name=f"{prefix}_{name}" if prefix else name,
            flow=flow,
            title=row["title"],
            world=world | _objects(world, table),
            expected=dict.fromkeys(locales, expected),
        )


def _fits(row: Mapping[str, Any], table: SettingTable) -> bool:
    wants = row.get("wants", [])
    has = {
        "objects": bool(table.objects),
        "linked_objects": any(OBJECT in url and MADE_UP_PATH not in url for url in table.addresses),
        "older": any(words.older for words in table.words.values()),
        "link": bool(table.link),
    }
    return all(has[want] for want in wants) and table.style in row.get("styles", [table.style])


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
        return declared_site(root / service, _shared(root))
    settings = sorted(folder for folder in (root / service).glob("*/replica") if folder.is_dir())
    table = tomllib.loads((home / "site.toml").read_text(encoding="utf-8"))
    shared = [root / name for name in table.get("include", ())]
    folders = (*settings, home, *shared)
    scenarios = tuple(
        scenario
        for folder in settings
        if (folder / "scenarios.toml").is_file()
        for scenario in load_scenarios(folder / "scenarios.toml", f"{service}.{folder.parent.name}")
    )
    network = table["network"]
    return ReplicaSite(
        service=service,
        folders=folders,
        hosts=tuple(table["hosts"]),
        session=Session(**table["session"]),
        routes=tuple(_route(row) for row in table["routes"]),
        network=Network(
            _rules(network["reads"]),
            _rules(network["sign_in"]),
            _rules(network["writing_gets"]),
            _rules(network["challenges"]),
        ),
        data=_data(network["data"]),
        answers=table.get("answers", {}),
        options=_options(folders, table["options"]),
        words=load_words(folder / "words.toml" for folder in reversed(folders) if (folder / "words.toml").is_file()),
        scenarios=scenarios,
        cast=_distinct(service, actors_of(service, scenarios)),
        build=table["build"],
        assets=table["assets"],
    )


def _shared(root: Path) -> Path:
    """The common pages of declared settings: beside the services, else those that come with Témoin."""
    return root / SHARED if (root / SHARED).is_dir() else shipped_folder() / SHARED


def cast(service: str, flows: Path | None = None) -> tuple[Actor, ...]:
    """All made-up accounts of a service, one for every scenario in each of its languages."""
    return load_site(service, flows).cast


def _options(folders: Sequence[Path], own: Mapping[str, Any]) -> dict[str, Any]:
    """The shared folders' options, with the service's own over them."""
    shared: dict[str, Any] = {}
    for folder in reversed(folders):
        if (folder / "options.toml").is_file():
            shared |= tomllib.loads((folder / "options.toml").read_text(encoding="utf-8"))
    return {**shared, **own}


def _distinct(service: str, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    for what in ("username", "identity"):
        values = [getattr(actor, what) for actor in actors]
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise FlowError(f"Two accounts of the replica of {service} share a {what}: {sorted(twice)}.")
    return actors


def _rules(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(Rule(row["path"], frozenset(row.get("operations", ())), row.get("query")) for row in rows)


def _data(table: Mapping[str, Any]) -> DataRequests:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return DataRequests(**values)


def _route(row: Mapping[str, Any]) -> UrlRoute:
    values = dict(row)
    values["hosts"] = tuple(values.get("hosts", ("*",)))
    return UrlRoute(**values)
