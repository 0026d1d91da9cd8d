"""What a person shows and says of a setting: of one that a control shows, or of a form that is answered in an inbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from automation.authoring import pointing
from automation.authoring.pointing import propose
from automation.authoring.writing import Draft, FormDraft, RecordedReply
from automation.browser.capture import Masks
from automation.cli.record_window import Window, address_of, go, private_words
from automation.cli.terminal import Terminal
from automation.core.errors import FlowError
from automation.core.observations import Field
from automation.flow import Flow
from automation.flow.control_table import Meaning as ControlMeaning
from automation.flow.site import EmbeddedId
from automation.page import PageView
from automation.reading.controls.rows import may_reveal
from automation.reading.letters.sentences import Meaning, read_blocks, without_names
from automation.text.normalizing import fold
from automation.text.page_words import PageWords
from automation.visit.reader import Reader

_TRIES = 5
_CONTROL_MEANINGS: tuple[ControlMeaning, ...] = ("trains", "protects")


async def draft_of(window: Window, name: str, url: str) -> tuple[Draft, Masks, tuple[str, ...]]:
    """
    All that the person shows and says of the setting, from the address `url` on.

    What to write; the rules for what may not be written; what they said names them. Raises SignInNeeded: the window was
    closed; FlowError, ConfigurationError: what they show cannot be read, or nobody is signed in.
    """
    terminal = window.terminal
    await go(await window.context.new_page(), url)
    private = await private_words(terminal)
    await terminal.ask(
        terminal.words.gettext(
            "Walk to the setting in the window: links and menus work, nothing that is sent gets out. "
            "When you see it, press Enter here."
        )
    )
    page = window.page
    masks = Masks(window.site.masking, window.labels, ids=[window.identity, *private])
    _ = terminal.words.gettext
    control = await _pointed_at(
        window,
        _("Now click the setting's name in the window. The click does not reach the page."),
        propose,
        again=_("No single control under a heading is called by that. Try its name once more."),
        failed=FlowError(
            "what you clicked names no control that could be found again",
            "Write the flow by hand: `temoin flow new`, and `description` or `objects` in docs/flows.md.",
        ),
    )
    terminal.say(_("Found: %(label)s", label=control.label))
    view = await window.view()
    section = control.sections[0]
    if len(control.sections) > 1:  # several headings are around it
        which = _("Under which heading does it stand? (One that is always the same, without your name.)")
        section = control.sections[await terminal.choose(which, control.sections)]
    draft = Draft(
        name=name,
        title=window.site.name,
        url=address_of(page.url, url, window.site),
        locale=view.locale,
        on=datetime.now(UTC).date(),
        control=control,
        section=section,
        meaning={},
    )
    return await _with_meaning(terminal, draft), masks, private


async def one_more_step(window: Window, draft: Draft, reader: Reader) -> Draft:
    """
    Ask what has to be opened first: the address alone did not show the setting.

    Raises FlowError: what they point at is no link, tab or expander.
    """
    view = reader.page.view if reader.page else None
    _, picked = await window.clicked(
        window.terminal.words.gettext(
            "Opened anew by its address, the page does not show the setting. In the new tab, click what has to be "
            "opened first. The click does not reach the page."
        )
    )
    node = next((n for n in view.nodes if n.backend_id == picked), None) if view else None
    if view is not None and node is not None:
        for around in [node, *view.ancestors(node.index)]:
            if around.name and may_reveal(view, around):
                return replace(draft, reveal=(*draft.reveal, around.name))
    raise FlowError(
        "what you clicked is not a link, a tab or an expander that only shows more",
        "Start again, or give an address by --url at which the setting shows at once.",
    )


async def _with_meaning(terminal: Terminal, draft: Draft) -> Draft:
    """
    Ask what each state means; it is never guessed.

    Raises FlowError: they cannot tell, or all states mean the same.
    """
    words = terminal.words
    meaning: dict[str, ControlMeaning] = {}
    told: set[str] = set()
    if draft.control.two_states:
        meaning["on"] = await _asked(terminal, draft.control.label, words.gettext("ON"))
        meaning["off"] = "protects" if meaning["on"] == "trains" else "trains"
        return replace(draft, meaning=meaning)
    values = draft.control.values
    if len(values) < 2:
        said = await terminal.ask(
            words.gettext(
                "It shows %(value)s. What is its other value, as the service writes it?",
                value=words.quoted(values[0] if values else ""),
            )
        )
        told = {said} - {""}
        values = (*values, *told)
    for value in values:
        meaning[value] = await _asked(terminal, draft.control.label, words.quoted(value))
    if set(meaning.values()) != set(_CONTROL_MEANINGS):
        raise FlowError(
            "every value means the same to you, so there is nothing to read", "Start again, or record another control."
        )
    return replace(draft, meaning=meaning, told=frozenset(told))


async def _asked(terminal: Terminal, label: str, state: str) -> ControlMeaning:
    words, _ = terminal.words, terminal.words.gettext
    answer = await terminal.choose(
        _(
            "When %(label)s is %(state)s, what does the service do with your content?",
            label=words.quoted(label),
            state=state,
        ),
        (_("it may be used for training"), _("it is kept out of training"), _("I cannot tell")),
    )
    if answer >= len(_CONTROL_MEANINGS):
        raise FlowError(
            "without knowing what the states mean nothing could ever be judged", "Look it up in the service's help."
        )
    return _CONTROL_MEANINGS[answer]


_PURPOSES = ("email", "country", "reason", "code", "name", "message")
_MEANINGS = (Meaning.ACCEPTED, Meaning.REFUSED, Meaning.PENDING, Meaning.MORE_INFORMATION)
_Found = TypeVar("_Found")


async def form_draft_of(
    window: Window, name: str, url: str, known: Flow | None
) -> tuple[FormDraft, str, Masks, tuple[str, ...]]:
    """
    All that the person shows and says of form and inbox, from `url` on, where the service names them.

    What to write; what the service calls the account; the rules for what may not be written; what they said names them.
    Raises SignInNeeded: the window was closed; FlowError, ConfigurationError: what they show cannot be read, or no page
    names the account.
    """
    terminal = window.terminal
    _ = terminal.words.gettext
    await go(await window.context.new_page(), url)
    private = await private_words(terminal)
    place, identity = await _named(window, private)
    masks = Masks(window.site.masking, window.labels, ids=[identity, *private])
    home = address_of(window.page.url, url, window.site)
    await terminal.ask(
        _(
            "Walk to the objection form in the window: links and menus work, nothing that is sent gets out. "
            "When you see the form, press Enter here."
        )
    )
    form_url, locale = address_of(window.page.url, "", window.site), (await window.view()).locale
    title = await _pointed_at(window, _("Now click the form's title in the window."), pointing.title_at)
    submit, fields = await _form(window)
    await terminal.ask(_("Walk to the inbox in which the service answers. When you see it, press Enter here."))
    inbox_url = address_of(window.page.url, "", window.site)
    inbox = await _pointed_at(window, _("Now click the inbox's title in the window."), pointing.title_at)
    draft = FormDraft(
        name=name,
        title=window.site.name,
        home=home,
        locale=locale,
        on=datetime.now(UTC).date(),
        form_url=form_url,
        form_title=title,
        submit=submit,
        fields=fields,
        inbox_url=inbox_url,
        inbox_title=inbox,
        known=known,
        identity=place,
    )
    return await _with_message(window, draft, private), identity, masks, private


async def _named(window: Window, private: tuple[str, ...]) -> tuple[EmbeddedId | None, str]:
    """
    Where the page's data names the account, and by what; the place is None where the service's file knows it.

    Raises FlowError: nothing names it.
    """
    if window.site.identity.names_somebody and window.identity:
        return None, window.identity
    view = await window.view()
    found = pointing.place_naming(view, [name for name in (window.identity, *private) if name])
    if found is None:
        raise FlowError(
            "the page's own data names the account nowhere, so nobody could say whose inbox is read",
            "Begin at a page that does by --url, and name what stands in its data (number, user name, e-mail).",
        )
    place, identity = found
    return (None if window.site.identity.names_somebody else place), identity


async def _pointed_at(
    window: Window,
    question: str,
    meant: Callable[[PageView, int], _Found | None],
    *,
    again: str = "",
    failed: FlowError | None = None,
    quietly: bool = False,
) -> _Found:
    """Ask for a click, until it names something; the click does not reach the page. Raises FlowError: it never does."""
    terminal, _ = window.terminal, window.terminal.words.gettext
    harmless = _("The click does not reach the page.")
    for _try in range(_TRIES):
        if found := meant(*await window.clicked(question if again else f"{question} {harmless}")):
            if isinstance(found, str) and not quietly:
                terminal.say(_("Found: %(label)s", label=found))
            return found
        terminal.say(again or _("That is not it, as far as can be told. Try once more."))
    raise failed or FlowError(
        "what you clicked is nothing that could be found again", "Write the flow by hand: CONTRIBUTING.md."
    )


async def _form(window: Window) -> tuple[str, tuple[Field, ...]]:
    """
    The name of the submit control, and the form's fields; for what they are the person says where only they can tell.

    Raises FlowError: the control sends no form that could be read.
    """
    terminal = window.terminal
    _ = terminal.words.gettext

    def meant(view: PageView, picked: int) -> tuple[str, tuple[Field, ...]] | None:
        button = pointing.button_at(view, picked)
        found = pointing.form_of(view, button, window.labels) if button is not None else None
        return (" ".join(button.name.split()), found.form.fields) if button is not None and found is not None else None

    submit, fields = await _pointed_at(window, _("Now click the control that sends the form."), meant)
    terminal.say(_("Found: %(label)s", label=submit))
    purposes = [_("e-mail address"), _("country"), _("reason"), _("code"), _("name"), _("message")]
    known: list[Field] = []
    told: dict[str, str] = {}
    for one in fields:
        if one.role == pointing.OTHER and one.label:
            question = _("What is the field %(label)s for?", label=terminal.words.quoted(one.label))
            chosen = await terminal.choose(question, (*purposes, _("something else")))
            told[one.label] = _PURPOSES[chosen] if chosen < len(_PURPOSES) else f"further_{len(told) + 1}"
        known.append(replace(one, role=told.get(one.label, one.role)))
    return submit, tuple(known)


async def _with_message(window: Window, draft: FormDraft, private: tuple[str, ...]) -> FormDraft:
    """The draft with the message that the person points at in the inbox, and what its reply says."""
    terminal = window.terminal
    _ = terminal.words.gettext
    there = await terminal.choose(
        _("Does the inbox show a message that answers an objection to AI?"), (_("yes"), _("no"))
    )
    if there:
        return draft
    link = await _pointed_at(window, _("Now click that message in the list."), pointing.link_at, quietly=True)
    draft = replace(draft, items=pointing.item_pattern(address_of(link, "", window.site)))
    await terminal.ask(_("Open that message in the window. When you see what the service answers, press Enter here."))
    said = await _pointed_at(window, _("Now click the sentence that tells the decision."), pointing.sentences_at)
    sentence = said[0]
    if len(said) > 1:
        sentence = said[await terminal.choose(_("Which sentence is it?"), said)]
    meaning = await terminal.choose(
        _("What does it say?"),
        (_("the objection is accepted"), _("it is refused"), _("it is not decided yet"), _("it asks for more")),
    )
    signed = _("Does the message show a signature or heading that only the service's answers carry?")
    frame = ""
    if await terminal.choose(signed, (_("yes"), _("no"))) == 0:
        frame = await _pointed_at(window, _("Now click that signature or heading."), pointing.title_at)
    text = (await window.view()).text()
    topic = _("By which words does the message name AI, as they stand there?")
    objecting = _("By which words does that sentence speak of objecting, as they stand there?")
    reply = RecordedReply(
        sentence,
        _MEANINGS[meaning],
        frame,
        await _missing_words(window, "ai.topic", text, topic),
        await _missing_words(window, "objection.words", sentence, objecting),
    )
    return replace(draft, reply=await _beside(window, replace(draft, reply=reply), reply, private))


async def _beside(window: Window, draft: FormDraft, reply: RecordedReply, private: tuple[str, ...]) -> RecordedReply:
    """
    The reply with what else the message says and the reader could not leave aside, without names and addresses.

    Raises FlowError: some of it changes the answer, or is the person's own: it may not be written down.
    """
    terminal = window.terminal
    _ = terminal.words.gettext
    view = await window.view()
    words = PageWords.of(draft.labels(window.labels), view.locale)
    unknown = (sentence.text for sentence in read_blocks(view.blocks(), words) if not sentence.known)
    doubts = tuple(dict.fromkeys(without_names(text, map(fold, private)) for text in unknown))
    for doubt in doubts:
        changes = await terminal.choose(
            _("The message also says %(text)s. Does that change the answer?", text=terminal.words.quoted(doubt)),
            (_("no, and the service writes it to everybody"), _("no, but it is mine or about me"), _("yes")),
        )
        if changes:
            raise FlowError(
                "what stands beside the decision cannot be left aside, so this message proves nothing",
                "Start again with a message that holds the service's own words alone, or without any.",
            )
    return replace(reply, beside=doubts)


async def _missing_words(window: Window, key: str, text: str, question: str) -> str:
    """
    Words of a kind that the flow does not know, as they stand in a text; empty where it knows some of them.

    Raises FlowError: the person names none that stand there.
    """
    terminal = window.terminal
    words = PageWords.of(window.labels, (await window.view()).locale).with_english
    if words.find_word(key, text) is not None:
        return ""
    for _ in range(_TRIES):
        said = await terminal.ask(question)
        if said and said.casefold() in " ".join(text.split()).casefold():
            return said
        terminal.say(terminal.words.gettext("These words do not stand there. Try once more."))
    raise FlowError(
        "without words that tie the message to an objection to AI it proves nothing",
        "Start again with another message.",
    )
