"""Is a flow's folder in order? What a manifest's schema cannot say: words, languages, guides."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from automation.observations import Wording
from automation.verdicts import Verdict
from automation.words import fold_label

if TYPE_CHECKING:
    from automation.flow.manifest import Flow

_GUIDE_LANGUAGES = ("en", "fr")
_SIGNALS = frozenset(
    {
        "form.id", "form.title", "form.open", "form.twice", "form.unfamiliar", "page.covered", "page.other_form",
        "page.not_offered",
        "page.accepted", "page.refused", "page.pending", "page.unclear", "inbox.known", "inbox.unread",
        "inbox.nothing", "reply.accepted", "reply.refused", "reply.pending", "reply.more_information",
        "reply.unclear", "reply.unclassified", "reply.about_ai", "reply.frame", "identity.same",
        "identity.acting_as_page",
    }
)  # fmt: skip
_OPPOSED = (
    ("reply.accepted", "reply.refused"),
    ("reply.accepted", "reply.pending"),
    ("reply.refused", "reply.pending"),
)


def audit(flow: Flow) -> tuple[list[str], list[str]]:
    """
    Look for what would make a flow wrong or unusable.

    Returns:
        Problems, which must be mended, and notes, such as which languages lack which words.
    """
    return [*_states(flow), *_guide(flow), *_words(flow)], _coverage(flow)


def _states(flow: Flow) -> list[str]:
    problems: list[str] = []
    for state in flow.states:
        problems.extend(
            f"state {state.because}: no reader gives a signal '{name}'"
            for name in (*state.needs, *state.forbids)
            if name not in _SIGNALS
        )
        if set(state.needs) & set(state.forbids):
            problems.append(f"state {state.because}: needs and forbids the same signal")
        if state.verdict in {Verdict.NEEDS_HUMAN, Verdict.UNKNOWN}:
            problems.append(f"state {state.because}: '{state.verdict}' is no state of a page")
    problems.extend(
        f"states {one.because} and {other.because} can fit at once"
        for one, other in combinations(flow.states, 2)
        if one.verdict is not other.verdict and _both(one.needs, one.forbids, other.needs, other.forbids)
    )
    return problems


def _both(needs: tuple[str, ...], forbids: tuple[str, ...], needs2: tuple[str, ...], forbids2: tuple[str, ...]) -> bool:
    """Whether two states can be true of one page: nothing that one needs is forbidden by the other."""
    return not (set(needs) & set(forbids2)) and not (set(needs2) & set(forbids))


def _guide(flow: Flow) -> list[str]:
    problems: list[str] = []
    for language in _GUIDE_LANGUAGES:
        if not flow.guide.title.get(language):
            problems.append(f"guide.title lacks '{language}'")
        for state in flow.states:
            if not flow.guide.states.get(state.because, {}).get(language):
                problems.append(f"guide.states.{state.because} lacks '{language}'")
            if not any(flow.guide.remedies.get(key, {}).get(language) for key in (state.because, state.verdict.value)):
                problems.append(f"guide.remedies has neither {state.because} nor {state.verdict} in '{language}'")
        if not flow.guide.not_covered.get(language):
            problems.append(f"guide.not_covered lacks '{language}'")
    return problems


def _words(flow: Flow) -> list[str]:
    """The same words under two keys that mean opposite things, and promises that rest on assumed words."""
    problems: list[str] = []
    labels = flow.labels
    for one, other in _OPPOSED:
        for locale in labels.languages(one):
            shared = {fold_label(p.text) for p in labels.phrases(one, locale)} & {
                fold_label(p.text) for p in labels.phrases(other, locale)
            }
            problems.extend(f"'{text}' ({locale}) stands under {one} and {other}" for text in shared)
    for key in ("reply.accepted", "form.title"):
        problems.extend(
            f"{key} ({phrase.locale}): assumed words cannot prove this"
            for table in labels.entries.get(key, {}).values()
            for phrase in table
            if phrase.wording is Wording.ASSUMED
        )
    return problems


def _coverage(flow: Flow) -> list[str]:
    labels = flow.labels
    titled = set(labels.languages("form.title")) | (
        set(labels.languages("ai.topic")) & set(labels.languages("object.words"))
    )
    searched = set(labels.languages("objection.words")) & set(labels.languages("form.submit"))
    notes = [f"objected can be read in: {', '.join(labels.languages('reply.accepted'))}"]
    notes.append(f"not_objected can be read in: {', '.join(sorted(titled & searched))}")
    if not flow.verified:
        notes.append("never compared with the live site")
    return notes
