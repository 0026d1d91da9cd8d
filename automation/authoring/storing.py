"""
A recorded flow on disk: put together beside its place, tried, searched for secrets, and only then moved there.

What is there already loses nothing: a further language is added to a flow, and whatever goes wrong leaves it as it was.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.authoring import form_writing, writing
from automation.authoring.audit import audit
from automation.authoring.markup import markup
from automation.authoring.scrubbing import Kept, named_in, plain_address, scrubbed
from automation.core.errors import FlowError, OutputError
from automation.evidence.write.secret_scan import Unsearchable, first_hit, prove
from automation.flow import ControlTable, Flow, load_flow
from automation.flow.recorded_page import FOLDER, RecordedPage, Recording
from automation.storage import files
from automation.text.labels import ANY
from automation.text.normalizing import base_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.authoring.form_writing import FormDraft
    from automation.authoring.live_page import LiveReading, SeenPage
    from automation.authoring.writing import AnyDraft, Draft
    from automation.browser.capture import Masks
    from automation.text.redaction import Secrets

HEAD = "# The service's words as a person saw them. The keys: docs/flows.md.\n\n"


@dataclass(frozen=True, slots=True)
class Room:
    """A copy of a folder of flows, with one service in it, to put a recording together in."""

    folder: Path
    into: Path
    name: str

    @property
    def service(self) -> Path:
        """The service's folder in the copy."""
        return self.folder / self.name.partition(".")[0]

    @property
    def setting(self) -> Path:
        """The setting's folder in the copy."""
        return self.service / self.name.partition(".")[2]


@contextmanager
def room(into: Path, name: str) -> Iterator[Room]:
    """
    A place to work beside the folder, gone afterwards.

    Args:
        into: the user's folder of flows; made where it is not there.
        name: `service.setting`.

    Raises:
        OutputError: nothing can be written there.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".recording-", dir=into))
    except OSError as error:
        raise OutputError(f"{into}: cannot be written ({error.strerror or error})", "Choose another --into.") from None
    made = Room(beside, into, name)
    try:
        there = into / made.service.name
        if there.is_dir():
            shutil.copytree(there, made.service)
        else:
            made.service.mkdir()
        yield made
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def begun(place: Room) -> Path:
    """The setting's folder as it is in the user's folder of flows, without an earlier try of the same recording."""
    setting, there = place.setting, place.into / place.setting.relative_to(place.folder)
    shutil.rmtree(setting, ignore_errors=True)
    if there.is_dir():
        shutil.copytree(there, setting)
    (setting / "replica").mkdir(parents=True, exist_ok=True)
    return setting


def write_flow(place: Room, draft: Draft) -> Flow:
    """
    Write a draft's files, or add its language to the flow that is there, and load the flow.

    Raises:
        FlowError: another control is recorded under this name, or this language is there already.
    """
    setting = begun(place)
    files: dict[Path, str]
    if (setting / "flow.toml").is_file():
        files = _further_language(setting, draft)
    else:
        files = {
            setting / "flow.toml": writing.flow_toml(draft),
            setting / "labels.toml": HEAD + writing.labels_toml(draft),
            setting / "replica" / "replica.toml": writing.replica_toml(draft),
        }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return load_flow(setting)


def _further_language(setting: Path, draft: Draft) -> dict[Path, str]:
    known = load_flow(setting)
    rule = known.rule
    if not isinstance(rule, ControlTable) or rule.kind != draft.control.kind:
        raise FlowError(
            f"{setting.name}: the flow of this name reads another kind of control", "Record it under another name."
        )
    if known.labels.entries.get(rule.label, {}).get(draft.key):
        raise FlowError(
            f"{draft.name}: there are words for {draft.key} already",
            "Record it into another folder, and compare the two.",
        )
    values: tuple[str, ...] = ()
    if draft.control.two_states:
        agreed = rule.on == draft.meaning["on"]
    else:
        by_meaning = {meaning: text for text, meaning in draft.meaning.items()}
        agreed = len(rule.values) == len(draft.meaning) == 2  # which is which is told by what they mean
        values = tuple(by_meaning[meaning] for meaning in rule.values.values()) if agreed else ()
    if not agreed or len(rule.reveal) != len(draft.reveal):
        raise FlowError(
            f"{draft.name}: what was recorded now says something else than the flow that is there",
            "Record it into another folder, and compare the two.",
        )
    labels, replica = setting / "labels.toml", setting / "replica" / "replica.toml"
    return {
        labels: labels.read_text(encoding="utf-8").rstrip() + "\n\n" + writing.labels_toml(draft, values or None),
        replica: replica.read_text(encoding="utf-8").rstrip() + "\n\n" + writing.replica_words(draft),
    }


def write_recording(place: Room, draft: Draft, flow: Flow, live: LiveReading, masks: Masks, identity: str) -> Recording:
    """
    Write the pages that were read as a stand-in, without the account; the recording's table.

    Args:
        place: where.
        draft: what is recorded.
        flow: as it was read; its words may stay.
        live: what was read.
        masks: the visit's rules.
        identity: what the service calls the account; empty where that is not known.
    """
    words = (p.text for table in flow.labels.entries.values() for ps in table.values() for p in ps)
    return write_pages(place, draft, flow, live, masks, identity, Kept.of((*draft.texts, *words)))


def write_pages(
    place: Room,
    draft: AnyDraft,
    flow: Flow,
    live: LiveReading,
    masks: Masks,
    identity: str,
    kept: Kept,
    places: Mapping[str, str] | None = None,
) -> Recording:
    """The same for either kind: words in `kept` stay; `places` gives the address on file of each that was read."""
    folder = place.setting / "replica" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for number, (url, page) in enumerate(live.seen.items(), 1):
        file = f"{draft.stem}.html" if len(live.seen) == 1 else f"{draft.stem}-{number}.html"
        clean = scrubbed(page.view, masks, kept, flow.site, identity, places)
        text = markup(clean, page.styles, named_in(page.view, flow.site, identity))
        (folder / file).write_text(text, encoding="utf-8")
        pages.append(RecordedPage(url=places[url] if places else url, status=page.status, file=file))
    verdict, reason = live.answer
    recording = Recording.model_validate(
        {
            "date": draft.on, "locale": draft.locale, "source": draft.source, "verdict": verdict.value,
            "reason": reason.value if reason else "", "pages": tuple(pages),
        }
    )  # fmt: skip
    write_table(place, draft, recording)
    return recording


def write_table(place: Room, draft: AnyDraft, recording: Recording) -> None:
    """Write a recording's table."""
    file = place.setting / "replica" / FOLDER / f"{draft.stem}.toml"
    file.write_text(writing.recording_toml(recording), encoding="utf-8")


def shown_alone(recording: Recording, verdict: str, reason: str = "") -> Recording:
    """
    The same pages with what they alone prove.

    That is less without the data that came with them, and more than while the guard refused requests of theirs.
    """
    return recording.model_copy(update={"verdict": verdict, "reason": reason})


def refuse_private(draft: Draft, masks: Masks) -> None:
    """
    Words and address go into files that are passed on: none of them may hold something of the account.

    Raises:
        FlowError: one does; names which, without saying it.
    """
    for what, text in (("label", draft.control.label), ("section", draft.section), ("description",
                       draft.control.description), *(("value", value) for value in draft.meaning),
                       *(("way", step) for step in draft.reveal)):  # fmt: skip
        if masks.spans(text):
            raise FlowError(
                f"the {what} holds something that names the account or another person",
                "A setting of one blog, site or team is written by hand: `objects` in docs/flows.md.",
            )
    if masks.masked_url(draft.url) != draft.url.partition("#")[0].partition("?")[0]:
        raise FlowError(
            "the address of the page holds something that names the account",
            "Give an address without it by --url, or write the flow by hand: `objects` in docs/flows.md.",
        )


def refuse_secrets(place: Room, secrets: Secrets) -> None:
    """
    Search every file for what the visit knew of the account.

    Raises:
        FlowError: a file holds some of it; names the file, never the value.
    """
    prove()
    try:
        hit = first_hit(place.service, secrets)
    except Unsearchable as error:
        raise FlowError(f"{error}: it cannot be searched", "Nothing was written.") from None
    if hit is not None:
        raise FlowError(f"{hit}: holds something of the account", "Nothing was written. Please report this.")


def refuse_faults(flow: Flow) -> None:
    """
    What `temoin flows check` would say.

    Raises:
        FlowError: with the first problem.
    """
    problems, _ = audit(flow)
    if problems:
        raise FlowError(f"{flow.id}: {problems[0]}", "Nothing was written.")


def move_in(place: Room) -> list[Path]:
    """
    Put everything where it belongs, one file after the other, each whole.

    Returns:
        The files that are new or changed.

    Raises:
        OutputError: one cannot be written.
    """
    changed = []
    for path in sorted(p for p in place.service.rglob("*") if p.is_file()):
        target = place.into / path.relative_to(place.folder)
        data = path.read_bytes()
        with files.writing(target):
            if target.is_file() and target.read_bytes() == data:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(target, data, shared=True)
        changed.append(target)
    return changed


_MESSAGE = "message"


def write_form(place: Room, draft: FormDraft, *, shipped: bool) -> Flow:
    """
    Write a draft's files, or add its words to the flow that is there, and load the flow.

    Args:
        place: where.
        draft: what was shown.
        shipped: whether the flow of that name comes with Témoin.

    Raises:
        FlowError: the flow that is there is made otherwise, or has all of these words already.
    """
    setting = begun(place)
    words = form_writing.labels_toml(draft)
    labels, manifest = setting / "labels.toml", setting / "flow.toml"
    if manifest.is_file():
        if not words:
            raise FlowError(
                f"{draft.name}: its words for {draft.key} are all there already",
                "Record it into another folder, and compare the two.",
            )
        labels.write_text(f"{labels.read_text(encoding='utf-8').rstrip()}\n\n{words}", encoding="utf-8")
    else:
        above = f"temoin:{draft.name.replace('.', '/')}/labels.toml" if shipped else "temoin:declared/answers.toml"
        labels.write_text(f'{HEAD}extends = ["{above}"]\n\n{words}', encoding="utf-8")
        manifest.write_text(form_writing.flow_toml(draft), encoding="utf-8")
        if draft.identity is not None:
            site = place.service / "site.toml"
            text = site.read_text(encoding="utf-8")
            site.write_text(text + form_writing.identity_toml(draft.identity), encoding="utf-8")
    return load_flow(setting)


def refuse_private_words(draft: FormDraft, masks: Masks) -> None:
    """
    Words and addresses go into files that are passed on: none of them may hold something of the account.

    Raises:
        FlowError: one does; names which, without saying it.
    """
    for key, _, text in draft.words:
        if masks.spans(text):
            raise FlowError(
                f"the words under {key} hold something that names the account or another person",
                "Start again, and point at words that the service writes to everybody.",
            )
    for what, url in (("form", draft.form_url), ("inbox", draft.inbox_url)):
        if masks.masked_url(url) != plain_address(url):
            raise FlowError(
                f"the address of the {what} holds something that names the account",
                "Such a flow is written by hand: CONTRIBUTING.md says how.",
            )


def write_form_recording(
    place: Room, draft: FormDraft, flow: Flow, live: LiveReading, masks: Masks, identity: str
) -> Recording:
    """
    Write every page that was read as a stand-in, without the account; messages get addresses that say nothing.

    Args:
        place: where.
        draft: what is recorded.
        flow: as it was read.
        live: what was read.
        masks: the visit's rules.
        identity: what the service calls the account.
    """
    once = replace(live, seen=_each_place(live.seen))
    kept = Kept.of((*draft.texts, *_words_of(flow, draft.locale)))
    return write_pages(place, draft, flow, once, masks, identity, kept, _places(flow, once.seen))


def _words_of(flow: Flow, locale: str) -> Iterator[str]:
    """The flow's words that a page in this language may show."""
    wanted = {locale, base_language(locale), "en", ANY}
    for table in flow.labels.entries.values():
        for language, phrases in table.items():
            if language in wanted or base_language(language) in wanted:
                yield from (phrase.text for phrase in phrases)


def _each_place(seen: Mapping[str, SeenPage]) -> Mapping[str, SeenPage]:
    """Each address once; of several that differ in their query only, the first."""
    found: dict[str, SeenPage] = {}
    for url, page in seen.items():
        found.setdefault(plain_address(url), page)
    return found


def _places(flow: Flow, seen: Mapping[str, SeenPage]) -> dict[str, str]:
    """Address that was read → address on file: the flow's own stay, the last part of any other is numbered."""
    own = {plain_address(url) for surface in flow.surfaces.values() for url in surface.urls}
    places: dict[str, str] = {}
    for url in seen:
        if url in own:
            places[url] = url
        else:
            parts = urlsplit(url)
            above = parts.path.rstrip("/").rpartition("/")[0]
            places[url] = parts._replace(path=f"{above}/{_MESSAGE}-{len(set(places) - own) + 1}").geturl()
    return places
