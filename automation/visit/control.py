"""
How a setting is read that one control shows: a switch, a list, a choice, or a button that shows its state.

Every page is read twice, the second time past every cache; a state counts only where both agree, a known heading or
landmark holds the control, and nothing keeps a person from it. Where a service has one setting for each blog, site
or team, every one of them is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote as quoted
from urllib.parse import unquote, urlsplit

from automation.core.errors import CheckError, PageChanged, SignInNeeded, SiteUnreachable, during
from automation.core.looks import Shown
from automation.core.observations import Observation, Step
from automation.core.signals import Signal, SignalName, Way, Wording
from automation.core.verdicts import Reason
from automation.flow.control_table import OBJECT
from automation.reading.controls.outcome import STATE_SIGNALS, ControlReading, shown_controls
from automation.reading.identity import Naming
from automation.text.normalizing import quote
from automation.visit.control_way import answers, reach, read_shown, refuse_wall, says_that_it_failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from automation.flow.control_table import ControlTable
    from automation.flow.manifest import Flow
    from automation.page import PageView
    from automation.visit.reader import Reader

_ON_REQUESTS = {SignalName.CONTROL_DATA_REFUSED, SignalName.CONTROL_DATA_MISSING}
_WAYS = {
    "switch": Way.STATE,
    "checkbox": Way.STATE,
    "radio": Way.STATE,
    "select": Way.CHOSEN_VALUE,
    "menu_button": Way.SHOWN_TEXT,
    "state_button": Way.NAME_AND_TEXT,
}


def signals_of(
    first: ControlReading,
    second: ControlReading,
    table: ControlTable,
    surface: str,
    *,
    picture: str | None = None,
    locale: str = "",
) -> list[Signal]:
    """What two readings of one place prove: the state and its section where both agree, else what is wrong."""

    def signal(name: SignalName, shown: str, source: str = "", way: Way | None = None) -> Signal:
        return name.seen(surface, way, quote=quote(shown), locale=locale, source=source, picture=picture)

    faults, second_word = _faults(first, second, table), first.section or first.described
    if faults or first.label is None or second_word is None or first.meaning is None:
        label = first.label.text if first.label else table.label  # the key says which names were looked for
        seen = f"{label}: {first.value}" if first.value else label
        requests = ", ".join(dict.fromkeys((*first.missed, *second.missed)))
        trouble = first.trouble or second.trouble
        told = {SignalName.CONTROL_UNREAD: trouble, **dict.fromkeys(_ON_REQUESTS, requests)}
        if first.headings:
            told[SignalName.CONTROL_MISPLACED] = f"{seen}; under: {', '.join(first.headings)}"
        return [signal(name, told.get(name) or seen) for name in faults]
    shown = f"{first.label.text}: {first.value}"
    return [
        signal(
            STATE_SIGNALS[first.meaning], shown, first.label.source, Way.WORDED if first.worded else _WAYS[table.kind]
        ),
        signal(
            SignalName.CONTROL_SECTION,
            second_word.text,
            second_word.source,
            Way.DESCRIBED if first.section is None else None,
        ),
    ]


def _faults(first: ControlReading, second: ControlReading, table: ControlTable) -> list[SignalName]:
    """What keeps a state from being believed, of both readings, and of how well its words are known."""
    faults = dict.fromkeys((*first.faults, *second.faults))
    if _said(first) != _said(second):
        faults[SignalName.CONTROL_CHANGED] = None
    known = (first.label, first.section or first.described)
    weak = any(phrase is not None and phrase.wording is Wording.ASSUMED for phrase in known)
    if first.found == 1 and (weak or not table.confidence.proves):
        faults[SignalName.CONTROL_UNPROVEN] = None
    return list(faults)


def _said(reading: ControlReading) -> tuple[object, ...]:
    """What two readings must agree in."""
    return reading.found, reading.meaning, reading.value, reading.worded


_ABSENT = {SignalName.CONTROL_ABSENT, SignalName.CONTROL_UNREAD}
_GIVE_ADDRESSES = "Give each of `objects` in temoin.toml as its settings page's address in the browser."
_TRY_LATER = "Open the page in your own browser; if it shows the setting there, run the check again later."
_OPEN_S = 4.0
"""How long the second page is open before its state counts: scripts that come late still change what was served."""
_MOST_OBJECTS = 25
"""How many blogs, sites or teams are read on one visit; more are reported as unread."""


@dataclass(frozen=True, slots=True)
class ControlPlace:
    """Where the control of one blog, site or team is sought; of a setting without such, the name is empty."""

    name: str
    addresses: tuple[tuple[str, str], ...]
    """Surface and address, in the order in which they are tried."""


@dataclass
class Notes:
    """What becomes known on the way of one reading."""

    signals: list[Signal] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    """What a person can be asked about."""
    missing: list[str] = field(default_factory=list)
    locale: str = ""

    def observation(self, reader: Reader, flow: Flow, subject: str, surfaces: Iterable[str]) -> Observation:
        """All of it, and which of these surfaces did not come to rest."""
        self.signals.extend(reader.restless(surfaces))
        return Observation(
            flow=flow.id,
            flow_revision=flow.revision,
            subject=subject,
            locale=self.locale,
            signals=tuple(map(reader.located, dict.fromkeys(self.signals))),
            missing=tuple(dict.fromkeys(self.missing)),
            steps=reader.steps,
            shown=tuple(self.shown),
        )


@dataclass
class ControlNotes(Notes):
    """The same of a setting that one control shows."""

    places: list[tuple[str, tuple[Signal, ...]]] = field(default_factory=list)
    """Name of each place that was read, and what it proves."""
    named: list[Naming] = field(default_factory=list)
    """Of each page on which the control was read, how it named the account."""
    named_by: dict[str, None] = field(default_factory=dict)
    """Where the pages name the account."""
    picture: str | None = None
    """Of the first place that was read."""
    linked: list[str] = field(default_factory=list)
    """Names of objects that the pages link to."""


async def read_control(reader: Reader, flow: Flow, table: ControlTable, subject: str) -> Observation:
    """
    Read the state of the control, as the flow's table says.

    Raises:
        CheckError: where reading cannot go on: a challenge, another account, a lost browser.
    """
    notes, first = ControlNotes(), None
    for place in _places(flow, table, reader.objects, notes.linked):
        with during("setting"):
            pages = len(notes.named)
            try:
                await _read_place(reader, table, place, notes)
            except SignInNeeded as error:
                if not _is_beside(error, table, notes):
                    raise
                del notes.named[pages:]
                await _still_signed_in(reader, table, first, notes, error)
            first = first or place
    notes.signals.extend(_agreed(notes.places))
    notes.signals.extend(_unread(table, reader.objects, notes))
    notes.signals.append(identity_signal(reader, table.surfaces[0], notes))
    return notes.observation(reader, flow, subject, table.surfaces)


async def go_to_control(reader: Reader, flow: Flow, table: ControlTable) -> ControlReading:
    """
    Go to the control, and stay there.

    Raises:
        CheckError: as `read_control`; with `identity_unconfirmed` where it is not certain whose account this is.
    """
    notes, reading = ControlNotes(), ControlReading()
    with during("setting"):
        for place in _places(flow, table, (), notes.linked):
            reading, _ = await _look(reader, table, place, notes)
            if reading.found:
                break
        await reader.capture("setting", note=reading.value, focus=reading.anchor)
        refuse_wall(reader, found=reading.found > 0)
        if not reading.found:
            reader.refuse_login()
        if identity_signal(reader, table.surfaces[0], notes).name is SignalName.IDENTITY_UNKNOWN:
            remedy = "Sign in with `temoin account login` and say there whose account it is."
            raise CheckError("whose account this is is not certain", remedy, reason=Reason.IDENTITY_UNCONFIRMED)
    return reading


def _places(flow: Flow, table: ControlTable, given: tuple[str, ...], linked: list[str]) -> Iterator[ControlPlace]:
    """Where the control is sought; objects that the pages link to are added while they are read."""
    objects, first = table.objects, table.surfaces[0]
    if objects is None or not (given or objects.url):
        for surface in table.surfaces:
            yield ControlPlace("", tuple((surface, url) for url in flow.surfaces[surface].urls))
        return
    if not objects.url:
        for address in given:
            if not flow.site.owns(address):
                raise PageChanged(f"'{address}' is no address of {flow.site.name}", _GIVE_ADDRESSES)
            yield ControlPlace(address, ((first, address),))
        return
    if not given:
        yield ControlPlace("", tuple((first, url) for url in flow.surfaces[first].urls))  # a page that may link to them
    seen: set[str] = set()
    while len(seen) < _MOST_OBJECTS:
        name = next((n for n in (*given, *linked) if n not in seen), None)
        if name is None:
            return
        seen.add(name)
        yield ControlPlace(name, ((first, objects.url.replace(OBJECT, quoted(name, safe=""))),))


async def _read_place(reader: Reader, table: ControlTable, place: ControlPlace, notes: ControlNotes) -> None:
    """Read one place twice and note what both readings say."""
    first, address = await _look(reader, table, place, notes)
    step = await reader.capture("setting", note=first.value, focus=first.anchor)
    for_links = table.objects is not None and table.objects.url != "" and not place.name
    if for_links and notes.linked:
        return
    refuse_wall(reader, found=first.found > 0)
    if not first.found:
        # A page that asks for a password shows no setting; one that shows it may also hold a password field.
        reader.refuse_login()
        alone = len(table.surfaces) == 1
        failed = not answers(reader.page) or (alone and says_that_it_failed(reader.page))
        # One blog of several that fails leaves the others to be read; what the guard broke is told as that.
        if first.unread and failed and not (place.name or first.refused):
            raise SiteUnreachable(f"the page of the setting did not answer as a page: {first.trouble}", _TRY_LATER)
    if for_links:
        return
    second = first
    if first.found:  # what is not there proves nothing, however often it is looked for
        second, _ = await _look(reader, table, ControlPlace(place.name, (address,)), notes, fresh=True)
        if second.faults == first.faults == ():  # what scripts and late news do to it is waited for once
            second = read_shown(reader, table, await reader.read_after(_OPEN_S), place.name)
        await reader.capture("setting_again", note=second.value, focus=second.anchor)
    notes.missing.extend(first.missing)
    signals = signals_of(first, second, table, address[0], picture=step.picture, locale=reader.locale)
    note_shown(reader, table, second, address[0], step, notes)
    notes.places.append((place.name, tuple(_boxed(signal, step) for signal in signals)))
    notes.picture = notes.picture or step.picture


def note_shown(
    reader: Reader, table: ControlTable, reading: ControlReading, surface: str, step: Step, notes: Notes
) -> None:
    """Note what a person can be asked about on the present page."""
    if reader.page is not None:
        names = reader.words.in_language(reader.locale).with_english.names(table.label)
        shown = shown_controls(reader.page.view, reading, frozenset(names), surface, reader.masked)
        notes.shown.extend(replace(one, picture=step.picture) for one in shown)


async def note_account(reader: Reader, notes: ControlNotes) -> None:
    """Make sure whose the present page is, and note how it says so."""
    person = await reader.check_account()
    notes.named.append(await reader.named_by_page() if person.nobody else Naming.IDENTITY)
    notes.named_by |= dict.fromkeys(person.ids)
    notes.locale = reader.locale or notes.locale


def _is_beside(error: SignInNeeded, table: ControlTable, notes: ControlNotes) -> bool:
    """Whether a further address of one setting asks to sign in, which another showed: an administrator's, as a rule."""
    shown = any(signal.name in STATE_SIGNALS.values() for _, signals in notes.places for signal in signals)
    return error.reason is Reason.LOGIN_REQUIRED and table.objects is None and shown


async def _still_signed_in(
    reader: Reader, table: ControlTable, place: ControlPlace | None, notes: ControlNotes, error: SignInNeeded
) -> None:
    """Go back to the first place: where the setting is not shown there any more, the session ended meanwhile."""
    reading = (await _look(reader, table, place, notes, fresh=True))[0] if place is not None else ControlReading()
    if not reading.found:
        raise error


def _boxed(signal: Signal, step: Step) -> Signal:
    """A state with the place of its control, which the step was taken of; other signals are found by their words."""
    if signal.name not in STATE_SIGNALS.values() or step.outline is None:
        return signal
    return replace(signal, box=step.outline, locator=f'control "{signal.quote}"')


def _agreed(places: list[tuple[str, tuple[Signal, ...]]]) -> Iterator[Signal]:
    """All that the places said; that a setting is absent at one of its addresses counts where none has it."""
    there = [signals for name, signals in places if not name and not _ABSENT & {s.name for s in signals}]
    for name, signals in places:
        if name or not there or signals in there:
            yield from signals


async def _look(
    reader: Reader, table: ControlTable, place: ControlPlace, notes: ControlNotes, *, fresh: bool = False
) -> tuple[ControlReading, tuple[str, str]]:
    """The first address that shows the control, or the last one that answered, and what it shows."""
    reading, at = ControlReading(), place.addresses[0]
    trouble: CheckError | None = None
    for surface, url in place.addresses:
        try:
            page, told = await reach(reader, table, place.name, surface, url, fresh=fresh)
        except CheckError as error:
            if error.ends_visit:
                raise
            trouble = error
            continue
        await note_account(reader, notes)
        notes.linked.extend(_objects_on(page.view, table))
        reading, at, trouble = read_shown(reader, table, page, place.name), (surface, url), None
        if place.name and not _is_of(page.final, url):
            reading = ControlReading()  # of the one that was used last: what it shows says nothing of this one
        if reading.covered and reading.anchor is not None:  # a bar at the window's edge is no cover: one scrolls
            reading = read_shown(reader, table, await reader.read_around(reading.anchor), place.name)
        if reading.covered and reading.anchor is not None:  # at a page's end there is nothing more to scroll
            reading = read_shown(reader, table, await reader.read_taller(), place.name)
        if told.faults == () and reading.meaning not in {None, told.meaning}:
            reading = replace(reading, contradicted=True)  # the overview that led here tells another state
        if reading.found:
            break
    if trouble is not None:
        raise trouble
    return reading, at


def _is_of(shown: str, asked: str) -> bool:
    """Whether a page is still that of the blog, site or team at the address that was asked for."""
    here, there = urlsplit(shown), urlsplit(asked)
    parts = [part for part in unquote(there.path).split("/") if part]
    numbered = [part for part in parts if any(letter.isdigit() for letter in part)]
    left = {*unquote(here.path).split("/")}
    # The host may be another one of the same service where a number names the object.
    return left >= set(numbered or parts[-1:]) and (bool(numbered) or here.hostname == there.hostname)


def _objects_on(view: PageView, table: ControlTable) -> Iterator[str]:
    """Names of the blogs, sites or teams that a page links to."""
    pattern = table.objects.links if table.objects else ""
    before, _, after = pattern.partition("*")
    for _, href in view.links() if pattern else ():
        path = urlsplit(href).path.rstrip("/")
        if fnmatchcase(path, pattern):
            name = unquote(path[len(before) : len(path) - len(after)])
            if "/" not in name:
                yield name


def _unread(table: ControlTable, given: tuple[str, ...], notes: ControlNotes) -> Iterator[Signal]:
    """What is not known of the other blogs, sites or teams."""
    if table.objects is None:
        return
    surface, done = table.surfaces[0], {name for name, _ in notes.places}
    if not given and table.objects.several:
        yield SignalName.OBJECTS_UNLISTED.seen(surface)
    for name in dict.fromkeys((*given, *notes.linked)):
        if name not in done and table.objects.url:
            yield SignalName.OBJECTS_UNREAD.seen(surface, quote=quote(name))


def identity_signal(reader: Reader, surface: str, notes: ControlNotes) -> Signal:
    """Who is signed in, as far as that is known: named at the start and the end, or confirmed by a person."""
    if notes.named and set(notes.named) == {Naming.IDENTITY}:
        same = SignalName.IDENTITY_SAME.seen(surface, Way.ON_EVERY_PAGE, picture=notes.picture)
        return replace(same, locator=", ".join(notes.named_by))
    compared = bool(notes.named) and Naming.NOBODY not in {notes.named[0], notes.named[-1]}
    if reader.confirmed and (compared or not reader.has_marks):
        return SignalName.IDENTITY_CONFIRMED.seen(surface, quote=reader.confirmed)
    return SignalName.IDENTITY_UNKNOWN.seen(surface)
