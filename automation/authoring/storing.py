"""
A recorded flow on disk: put together beside its place, tried, searched for secrets, and only then moved there.

What is there already loses nothing: a further language is added to a flow, and whatever goes wrong leaves it as it was.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.authoring import writing
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

    from automation.authoring.live_page import LiveReading, SeenPage
    from automation.authoring.writing import AnyDraft, Draft, FormDraft
    from automation.browser.capture import Masks
    from automation.text.redaction import Secrets

_MESSAGE = "message"


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
    A place to work beside the user's folder of flows, which is made where it is not there; gone afterwards.

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


def write_flow(place: Room, draft: Draft) -> Flow:
    """
    Write a draft's file, or add its language to the flow that is there, and load the flow.

    Raises:
        FlowError: another control is recorded under this name, or this language is there already.
    """
    manifest = _begun(place) / "flow.toml"
    if manifest.is_file():
        _refuse_contradiction(load_flow(manifest.parent), draft)
        _add(manifest, writing.words_toml(draft))
    else:
        manifest.write_text(writing.setting_toml(draft), encoding="utf-8")
    return load_flow(manifest.parent)


def write_form(place: Room, draft: FormDraft, *, shipped: bool) -> Flow:
    """
    The same for a form with an inbox; `shipped` says whether the flow of that name comes with Témoin.

    Raises:
        FlowError: the flow that is there is made otherwise, or has all of these words already.
    """
    setting = _begun(place)
    words = writing.labels_toml(draft)
    labels, manifest = setting / "labels.toml", setting / "flow.toml"
    if manifest.is_file():
        if not words:
            raise FlowError(
                f"{draft.name}: its words for {draft.key} are all there already",
                "Record it into another folder, and compare the two.",
            )
        _add(labels, words)
    else:
        above = f"temoin:{draft.name.replace('.', '/')}/labels.toml" if shipped else "temoin:declared/answers.toml"
        labels.write_text(f'{writing.HEAD}extends = ["{above}"]\n\n{words}', encoding="utf-8")
        manifest.write_text(writing.form_toml(draft), encoding="utf-8")
        if draft.identity is not None:
            _add(place.service / "site.toml", writing.identity_toml(draft.identity))
    return load_flow(setting)


def _begun(place: Room) -> Path:
    """The setting's folder as it is in the user's folder of flows, without an earlier try of the same recording."""
    setting, there = place.setting, place.into / place.setting.relative_to(place.folder)
    shutil.rmtree(setting, ignore_errors=True)
    if there.is_dir():
        shutil.copytree(there, setting)
    (setting / "replica").mkdir(parents=True, exist_ok=True)
    return setting


def _add(file: Path, text: str) -> None:
    file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n\n{text.lstrip()}", encoding="utf-8")


def _refuse_contradiction(known: Flow, draft: Draft) -> None:
    rule = known.rule
    if not isinstance(rule, ControlTable) or rule.kind != draft.control.kind:
        raise FlowError(
            f"{known.folder.name}: the flow of this name reads another kind of control", "Record it under another name."
        )
    if known.labels.entries.get(rule.label, {}).get(draft.key):
        raise FlowError(
            f"{draft.name}: there are words for {draft.key} already",
            "Record it into another folder, and compare the two.",
        )
    if draft.control.two_states:
        agreed = rule.on == draft.meaning["on"]
    else:
        agreed = len(rule.values) == 2 and set(rule.values.values()) == set(draft.meaning.values())
    if not agreed or len(rule.reveal) != len(draft.reveal):
        raise FlowError(
            f"{draft.name}: what was recorded now says something else than the flow that is there",
            "Record it into another folder, and compare the two.",
        )


# -- the pages -----------------------------------------------------------------------------------------------


def write_recording(
    place: Room, draft: AnyDraft, flow: Flow, live: LiveReading, masks: Masks, identity: str
) -> Recording:
    """
    Write every page that was read as a stand-in, without the account; the recording's table.

    The words of the draft and of the flow, as it was read, may stay. Of a form, each address is written once, its words
    are those of the page's language, and messages get addresses that say nothing. `identity` is what the service calls
    the account, empty where that is not known.
    """
    seen, places, languages = live.seen, None, None
    if not isinstance(flow.rule, ControlTable):
        seen = {}
        for url, page in live.seen.items():  # of several that differ in their query only, the first
            seen.setdefault(plain_address(url), page)
        places = _places(flow, seen)
        languages = {draft.locale, base_language(draft.locale), "en", ANY}
    kept = Kept.of((*draft.texts, *_words_of(flow, languages)))
    folder = place.setting / "replica" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for number, (url, page) in enumerate(seen.items(), 1):
        file = f"{draft.stem}.html" if len(seen) == 1 else f"{draft.stem}-{number}.html"
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


def _words_of(flow: Flow, languages: set[str] | None) -> Iterator[str]:
    """The flow's words that a page in one of these languages may show; those of all languages for None."""
    for table in flow.labels.entries.values():
        for language, phrases in table.items():
            if languages is None or not languages.isdisjoint({language, base_language(language)}):
                yield from (phrase.text for phrase in phrases)


def _places(flow: Flow, seen: Mapping[str, SeenPage]) -> dict[str, str]:
    """Address that was read → address on file: the flow's own stay, the last part of any other is numbered."""
    own = {plain_address(url) for surface in flow.surfaces.values() for url in surface.urls}
    places = {url: url for url in seen if url in own}
    for number, url in enumerate((url for url in seen if url not in own), 1):
        parts = urlsplit(url)
        above = parts.path.rstrip("/").rpartition("/")[0]
        places[url] = parts._replace(path=f"{above}/{_MESSAGE}-{number}").geturl()
    return places


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


# -- what may not be written ---------------------------------------------------------------------------------


def refuse_private(draft: Draft, masks: Masks) -> None:
    """
    Words and address go into files that are passed on: none of them may hold something of the account.

    Raises:
        FlowError: one does; names which, without saying it.
    """
    control = draft.control
    said = [("label", control.label), ("section", draft.section), ("description", control.description)]
    said += [("value", value) for value in draft.meaning] + [("way", step) for step in draft.reveal]
    for what, text in said:
        if masks.spans(text):
            raise FlowError(
                f"the {what} holds something that names the account or another person",
                "A setting of one blog, site or team is written by hand: `objects` in docs/flows.md.",
            )
    if masks.masked_url(draft.url) != plain_address(draft.url):
        raise FlowError(
            "the address of the page holds something that names the account",
            "Give an address without it by --url, or write the flow by hand: `objects` in docs/flows.md.",
        )


def refuse_private_words(draft: FormDraft, masks: Masks) -> None:
    """The same of a form and its inbox; raises FlowError."""
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
    What `temoin flow check` would say.

    Raises:
        FlowError: with the first problem.
    """
    problems, _ = audit(flow)
    if problems:
        raise FlowError(f"{flow.id}: {problems[0]}", "Nothing was written.")


def move_in(place: Room) -> list[Path]:
    """
    Put everything where it belongs, one file after the other, each whole; the files that are new or changed.

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
