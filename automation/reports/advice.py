"""What a result means to the person who reads it, and what they do next, in their language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.core.cases import OVERDUE
from automation.core.looks import NEXT_STEP
from automation.core.observations import ProbeOutcome
from automation.core.verdicts import Owner, Verdict
from automation.reports.messages import (
    BEFORE_A_VISIT,
    BY_PEOPLE_IN_SHORT,
    CHALLENGES,
    IN_SHORT,
    LOOK,
    OF_CONTROLS,
    REASONS,
    VERDICTS,
)
from automation.reports.names import ACTORS, CASE_IN_SHORT, ActionOwner
from automation.text.language import in_locale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.core.flows import FlowGuide
    from automation.core.results import Result
    from automation.reports.messages import Message
    from automation.text.language import Language

_FORM_MATTERS = frozenset({Verdict.NOT_OBJECTED, Verdict.REFUSED, Verdict.NOT_OFFERED})
_ACTORS = {
    Verdict.OBJECTED: ActionOwner.NOBODY,
    Verdict.PENDING: ActionOwner.SERVICE,
    Verdict.UNKNOWN: ActionOwner.FLOW_AUTHOR,
}
_NO_SESSION = "no_session"
_REASON_WANTED = frozenset({Verdict.NOT_OBJECTED, Verdict.REFUSED})


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """Words with the language they are in, as BCP-47."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Address:
    """A direct address of the form or the setting."""

    url: str
    answered: bool
    """Whether the form was there on this visit."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything a person needs to go on from one result."""

    meaning: AdviceWords
    original: AdviceWords | None
    """The engine's own sentence, where the meaning had to be said in general words."""
    in_short: str
    steps: tuple[AdviceWords, ...]
    actor: str
    addresses: tuple[Address, ...]
    way: tuple[AdviceWords | None, ...]
    """What to click on the way, in the service's own words; None for a step whose words are not known."""
    reason: AdviceWords | None
    """A reason ready to copy, in the account's language where there is one."""


def advise(result: Result, guide: FlowGuide | None, language: Language) -> Advice:
    """Put together what the flow's guide says, and the general words where it says nothing."""
    meaning, original = _meaning(result, guide, language)
    of_flow = result.reason is not None and result.reason.owner is Owner.FLOW_AUTHOR
    shows_form = result.verdict in _FORM_MATTERS or of_flow
    wants_reason = result.verdict in _REASON_WANTED
    way = tuple(_best(names, (result.locale,)) for names in guide.words.values()) if guide and shows_form else ()
    return Advice(
        meaning=meaning,
        original=original,
        in_short=language.gettext(_in_short(result, guide)),
        steps=_steps(result, guide, language),
        actor=language.gettext(ACTORS[_actor(result)]),
        addresses=_addresses(result, guide) if shows_form else (),
        way=way if any(way) else (),
        reason=_best(guide.reason_text, (result.locale, language.code, "en")) if guide and wants_reason else None,
    )


def title_of(guide: FlowGuide | None, flow: str, language: Language) -> str:
    """The flow's title, or its id where no guide is at hand."""
    words = _best(guide.title, (language.code, "en")) if guide else None
    return language.typeset(words.text) if words else flow


def not_covered(guide: FlowGuide | None, language: Language) -> tuple[AdviceWords, ...]:
    """What an objection does not cover, as the flow says it."""
    return _several(guide.not_covered, language) if guide else ()


def _message(result: Result, guide: FlowGuide | None) -> Message:
    """What can be said whatever the service: of what it asked for, else of the reason or the verdict."""
    if result.challenge:
        return CHALLENGES[result.challenge]
    if result.because_key in BEFORE_A_VISIT:
        return BEFORE_A_VISIT[result.because_key]
    if result.reason:
        return REASONS[result.reason]
    own = OF_CONTROLS if guide and guide.is_control else VERDICTS
    return own.get(result.verdict, VERDICTS[result.verdict])


def _in_short(result: Result, guide: FlowGuide | None) -> str:
    general = _message(result, guide).in_short
    if result.is_settled:
        return BY_PEOPLE_IN_SHORT
    if result.next_step == OVERDUE and not result.verdict.is_answer:
        return general  # the answer may be there, and could not be read
    return IN_SHORT.get(result.next_step, general)


def _actor(result: Result) -> ActionOwner:
    """Who has to act: the owner of the reason where there is one; nobody where people settled it."""
    if result.is_settled:
        return ActionOwner.NOBODY
    if result.next_step == OVERDUE and result.verdict.is_answer:
        return ActionOwner.ACCOUNT_HOLDER
    reason = result.challenge.reason if result.challenge else result.reason
    return ActionOwner(reason.owner.value) if reason else _ACTORS.get(result.verdict, ActionOwner.ACCOUNT_HOLDER)


def _meaning(result: Result, guide: FlowGuide | None, language: Language) -> tuple[AdviceWords, AdviceWords | None]:
    said = guide.states.get(result.because_key, {}) if guide else {}
    if language.code in said:
        return AdviceWords(language.typeset(said[language.code]), language.code), None
    general = AdviceWords(language.gettext(_message(result, guide).meaning), language.code)
    if result.because_key == _NO_SESSION:
        return general, None  # the engine's sentence says no more
    general_texts = {"", VERDICTS[result.verdict].meaning}
    if result.reason:
        general_texts |= {result.reason, result.reason.sentence, result.because_key}
    if result.because in general_texts:
        return general, None
    told = language.said(result.because)
    return general, AdviceWords(told, "en" if told == result.because else language.code)


def _steps(result: Result, guide: FlowGuide | None, language: Language) -> tuple[AdviceWords, ...]:
    """What to do, in this order; waiting is no step any more where the time for an answer is over."""
    looking = result.next_step == NEXT_STEP
    steps = _own_steps(replace(result, next_step="") if looking else result, guide, language)
    if looking:
        return (AdviceWords(language.gettext(LOOK), language.code), *steps)
    if result.next_step != OVERDUE:
        return steps
    late = AdviceWords(language.gettext(CASE_IN_SHORT[OVERDUE]), language.code)
    if not result.verdict.is_answer:
        return (*steps, late)
    return (late,) if result.verdict is Verdict.PENDING else (late, *steps)


def _own_steps(result: Result, guide: FlowGuide | None, language: Language) -> tuple[AdviceWords, ...]:
    for name in (result.next_step, result.because_key, result.reason or result.verdict):
        if guide and guide.remedies.get(name):
            return _several(guide.remedies[name], language)
    steps = _message(result, guide).steps
    return tuple(AdviceWords(language.gettext(step) % {"account": result.account}, language.code) for step in steps)


def _several(table: Mapping[str, tuple[str, ...]], language: Language) -> tuple[AdviceWords, ...]:
    if table.get(language.code):
        return tuple(AdviceWords(language.typeset(text), language.code) for text in table[language.code])
    return tuple(AdviceWords(text, "en") for text in table.get("en", ()))


def _best(table: Mapping[str, str], locales: tuple[str, ...]) -> AdviceWords | None:
    found = next((found for locale in locales if (found := in_locale(table, locale))), None)
    return AdviceWords(found[1], found[0]) if found else None


def _addresses(result: Result, guide: FlowGuide | None) -> tuple[Address, ...]:
    """The addresses that showed the form on this visit; without one, every address that the flow knows."""
    answered = [p.requested for p in result.probes if p.outcome is ProbeOutcome.FORM and is_web(p.requested)]
    if answered:
        return tuple(Address(url, answered=True) for url in dict.fromkeys(answered))
    return tuple(Address(url, answered=False) for url in (guide.form_urls if guide else ()) if is_web(url))


def is_web(url: str) -> bool:
    """Whether an address may become a link: only what a browser fetches from the web."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.netloc)
