"""What a person shows and says of a setting that one control shows: walking there, pointing at it, its meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from playwright.async_api import CDPSession, Page

from automation.authoring.recorder.picking import Picker
from automation.authoring.recorder.proposal import Proposal, propose
from automation.authoring.recorder.writing import Draft
from automation.browser.capture import Masks
from automation.browser.snapshot import take
from automation.cli.record_window import Window, address_of, go, private_words
from automation.cli.terminal import Terminal
from automation.core.errors import FlowError
from automation.flow.control_table import Meaning
from automation.reading.controls.by_label import may_reveal
from automation.visit.reader import Reader

_TRIES = 5
_MEANINGS: tuple[Meaning, ...] = ("trains", "protects")


async def draft_of(window: Window, name: str, url: str) -> tuple[Draft, Masks, tuple[str, ...]]:
    """
    Everything that the person shows and says of the setting.

    Args:
        window: where they are signed in.
        name: of the flow.
        url: where they begin.

    Returns:
        What to write; the rules for what may not be written; what they said names them.

    Raises:
        SignInNeeded: the window was closed.
        FlowError, ConfigurationError: what they show cannot be read, or nobody is signed in.
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
    session = await window.context.new_cdp_session(page)
    control = await _pointed_at(terminal, page, session)
    view = await take(page, session)
    draft = Draft(
        name=name,
        title=window.site.name,
        url=address_of(page.url, url, window.site),
        locale=view.locale,
        on=datetime.now(UTC).date(),
        control=control,
        section=await _section(terminal, control),
        meaning={},
        unnamed=not window.site.identity.names_somebody,
    )
    return await _with_meaning(terminal, draft), masks, private


async def one_more_step(window: Window, draft: Draft, reader: Reader) -> Draft:
    """
    Ask what has to be opened first: the address alone did not show the setting.

    Raises:
        FlowError: what they point at is no link, tab or expander.
    """
    terminal, view = window.terminal, reader.page.view if reader.page else None
    page = window.page
    session = await window.context.new_cdp_session(page)
    async with Picker(page, session) as picker:
        terminal.say(
            terminal.words.gettext(
                "Opened anew by its address, the page does not show the setting. In the new tab, click what has to be "
                "opened first. The click does not reach the page."
            )
        )
        picked = await terminal.wait(picker.picked())
    node = next((n for n in view.nodes if n.backend_id == picked), None) if view else None
    if view is not None and node is not None:
        for around in [node, *view.ancestors(node.index)]:
            if around.name and may_reveal(view, around):
                return replace(draft, reveal=(*draft.reveal, around.name))
    raise FlowError(
        "what you clicked is not a link, a tab or an expander that only shows more",
        "Start again, or give an address by --url at which the setting shows at once.",
    )


async def _pointed_at(terminal: Terminal, page: Page, session: CDPSession) -> Proposal:
    words = terminal.words
    for _ in range(_TRIES):
        async with Picker(page, session) as picker:
            terminal.say(
                words.gettext("Now click the setting's name in the window. The click does not reach the page.")
            )
            picked = await terminal.wait(picker.picked())
            found = propose(await take(page, session), picked)
        if found is not None:
            terminal.say(words.gettext("Found: %(label)s", label=found.label))
            return found
        terminal.say(words.gettext("No single control under a heading is called by that. Try its name once more."))
    raise FlowError(
        "what you clicked names no control that could be found again",
        "Write the flow by hand: `temoin flows new`, and `description` or `objects` in docs/flows.md.",
    )


async def _section(terminal: Terminal, control: Proposal) -> str:
    """Which heading holds it; there may be several around it."""
    if len(control.sections) == 1:
        return control.sections[0]
    chosen = await terminal.choose(
        terminal.words.gettext("Under which heading does it stand? (One that is always the same, without your name.)"),
        control.sections,
    )
    return control.sections[chosen]


async def _with_meaning(terminal: Terminal, draft: Draft) -> Draft:
    """
    Ask what each state means; it is never guessed.

    Raises:
        FlowError: they cannot tell, or all states mean the same.
    """
    words = terminal.words
    meaning: dict[str, Meaning] = {}
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
    if set(meaning.values()) != set(_MEANINGS):
        raise FlowError(
            "every value means the same to you, so there is nothing to read", "Start again, or record another control."
        )
    return replace(draft, meaning=meaning, told=frozenset(told))


async def _asked(terminal: Terminal, label: str, state: str) -> Meaning:
    words, _ = terminal.words, terminal.words.gettext
    answer = await terminal.choose(
        _(
            "When %(label)s is %(state)s, what does the service do with your content?",
            label=words.quoted(label),
            state=state,
        ),
        (_("it may be used for training"), _("it is kept out of training"), _("I cannot tell")),
    )
    if answer >= len(_MEANINGS):
        raise FlowError(
            "without knowing what the states mean nothing could ever be judged", "Look it up in the service's help."
        )
    return _MEANINGS[answer]
