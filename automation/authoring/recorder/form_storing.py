"""A recorded form with an inbox on disk: its flow, its words, and a page for each address that was read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from automation.authoring.recorder import form_writing, writing
from automation.authoring.recorder.form_writing import FormDraft
from automation.authoring.recorder.markup import markup
from automation.authoring.recorder.recorded_tab import LiveReading, SeenPage
from automation.authoring.recorder.scrubbing import Kept, named_in, plain_address, scrubbed
from automation.authoring.recorder.storing import Room
from automation.browser.capture import Masks
from automation.domain.verdicts import Verdict
from automation.errors import FlowError
from automation.flow import Flow, load_flow
from automation.flow.recorded_page import FOLDER, RecordedPage, Recording
from automation.text.labels import ANY
from automation.text.normalizing import base_language

_HEAD = "# The service's words as a person saw them. The keys: docs/flows.md.\n\n"
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
    setting, there = place.setting, place.into / place.setting.relative_to(place.folder)
    shutil.rmtree(setting, ignore_errors=True)  # an earlier try of the same recording
    if there.is_dir():
        shutil.copytree(there, setting)
    (setting / "replica").mkdir(parents=True, exist_ok=True)
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
        labels.write_text(f'{_HEAD}extends = ["{above}"]\n\n{words}', encoding="utf-8")
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
    place: Room, draft: FormDraft, flow: Flow, reading: LiveReading, masks: Masks, identity: str
) -> Recording:
    """
    Write every page that was read as a stand-in, without the account; messages get addresses that say nothing.

    Args:
        place: where.
        draft: what is recorded.
        flow: as it was read.
        reading: of the live pages.
        masks: the visit's rules.
        identity: what the service calls the account.
    """
    kept = Kept.of((*draft.texts, *_words_of(flow, draft.locale)))
    folder = place.setting / "replica" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    places = _places(flow, reading.seen)
    pages: list[RecordedPage] = []
    for number, (url, page) in enumerate(_each_place(reading.seen), 1):
        file = f"{stem_of(draft)}-{number}.html"
        clean = scrubbed(page.view, masks, kept, flow.site, identity, places)
        text = markup(clean, page.styles, named_in(page.view, flow.site, identity))
        (folder / file).write_text(text, encoding="utf-8")
        pages.append(RecordedPage(url=places[url], status=page.status, file=file))
    verdict, reason = reading.answer
    recording = Recording.model_validate(
        {"date": draft.on, "locale": draft.locale, "source": draft.source, "verdict": verdict.value,
         "reason": reason.value if reason else "", "pages": tuple(pages)}
    )  # fmt: skip
    write_table(place, draft, recording)
    return recording


def write_table(place: Room, draft: FormDraft, recording: Recording) -> None:
    """Write a recording's table."""
    file = place.setting / "replica" / FOLDER / f"{stem_of(draft)}.toml"
    file.write_text(writing.recording_toml(recording), encoding="utf-8")


def less_sure(recording: Recording, reason: str) -> Recording:
    """The same pages where they alone, without the data that came with them, prove nothing."""
    return recording.model_copy(update={"verdict": Verdict.UNKNOWN.value, "reason": reason})


def stem_of(draft: FormDraft) -> str:
    """How the recording's files are called."""
    return f"{draft.key}-{draft.on.isoformat()}"


def _words_of(flow: Flow, locale: str) -> Iterator[str]:
    """The flow's words that a page in this language may show."""
    wanted = {locale, base_language(locale), "en", ANY}
    for table in flow.labels.entries.values():
        for language, phrases in table.items():
            if language in wanted or base_language(language) in wanted:
                yield from (phrase.text for phrase in phrases)


def _each_place(seen: Mapping[str, SeenPage]) -> Iterator[tuple[str, SeenPage]]:
    """Each address once; of several that differ in their query only, the first."""
    found: dict[str, SeenPage] = {}
    for url, page in seen.items():
        found.setdefault(plain_address(url), page)
    yield from found.items()


def _places(flow: Flow, seen: Mapping[str, SeenPage]) -> dict[str, str]:
    """Address that was read → address on file: the flow's own stay, the last part of any other is numbered."""
    own = {plain_address(url) for surface in flow.surfaces.values() for url in surface.urls}
    places: dict[str, str] = {}
    for url, _ in _each_place(seen):
        if url in own:
            places[url] = url
        else:
            parts = urlsplit(url)
            above = parts.path.rstrip("/").rpartition("/")[0]
            places[url] = parts._replace(path=f"{above}/{_MESSAGE}-{len(set(places) - own) + 1}").geturl()
    return places
