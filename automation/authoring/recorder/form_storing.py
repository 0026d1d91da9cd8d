"""A recorded form with an inbox on disk: its flow, its words, and a page for each address that was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from automation.authoring.recorder import form_writing
from automation.authoring.recorder.form_writing import FormDraft
from automation.authoring.recorder.recorded_tab import LiveReading, SeenPage
from automation.authoring.recorder.scrubbing import Kept, plain_address
from automation.authoring.recorder.storing import HEAD, Room, begun, write_pages
from automation.browser.capture import Masks
from automation.core.errors import FlowError
from automation.flow import Flow, load_flow
from automation.flow.recorded_page import Recording
from automation.text.labels import ANY
from automation.text.normalizing import base_language

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
