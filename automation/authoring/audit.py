"""Is a flow's folder in order? What a manifest's schema cannot say: states, words, languages, dates, guides."""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from automation.core.errors import FlowError
from automation.core.signals import Wording
from automation.core.verdicts import Verdict
from automation.flow.control_table import ControlTable
from automation.flow.looks import NAME as LOOKS
from automation.flow.looks import is_for_everybody, is_of_service, personal_in, shipped_looks
from automation.reading.form_fields import purposes
from automation.reports.names import TERMS
from automation.text.catalogue import LANGUAGES, N_
from automation.text.labels import ANY, OF_ANSWERS, TO_FILL_IN
from automation.text.normalizing import base_language, fold_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from automation.core.flows import Text
    from automation.flow.control_table import FormShape, ObjectionTable
    from automation.flow.manifest import Flow
    from automation.text.labels import Labels

Ways = tuple[tuple[str, ...], ...]
"""Sets of label keys; the words of one set are enough."""

_ANSWERED: Mapping[str, Ways] = {
    "objected": (("reply.accepted",),),
    "not_objected": (("form.title", "form.submit"), ("ai.topic", "object.words", "form.submit")),
}


def coverage(flow: Flow) -> dict[str, tuple[str, ...]]:
    """
    Verdict → languages of pages in which it can be reached.

    A page may name its region or not. `pt` stands for a page that does not, or whose region has all the words;
    `pt (not pt-BR)` for one whose language has them only where its regions are mixed.
    """
    if isinstance(flow.rule, ControlTable):
        if not flow.rule.confidence.proves:
            return {"objected": (), "not_objected": ()}
        read = _readable(flow.labels, (flow.rule.needed(),))
        return {"objected": read, "not_objected": read}
    return {verdict: _readable(flow.labels, ways) for verdict, ways in _ANSWERED.items()}


def lacking(labels: Labels, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Language → keys of these that it has no words for; languages that have some of them, not those that have all."""
    wanted = tuple(keys)
    tags = sorted({tag for key in wanted for tag in labels.entries.get(key, {}) if tag != ANY})
    found = {tag: tuple(key for key in wanted if not labels.has(key, tag)) for tag in tags}
    return {tag: keys for tag, keys in found.items() if keys}


def _readable(labels: Labels, ways: Ways) -> tuple[str, ...]:
    tags = {tag for way in ways for key in way for tag in labels.entries.get(key, {}) if tag != ANY}
    languages = sorted({base_language(tag) for tag in tags})

    def enough(tag: str) -> bool:
        return any(all(labels.has(key, tag) for key in way) for way in ways)

    shown: list[str] = []
    for language in languages:
        regions = sorted(tag for tag in tags if "-" in tag and base_language(tag) == language)
        without = [tag for tag in regions if not enough(tag)]
        if enough(language):
            shown.append(f"{language} (not {', '.join(without)})" if without else language)
        else:
            shown.extend(tag for tag in regions if tag not in without)
    return tuple(shown)


def _misnamed(flow: Flow) -> Iterator[str]:
    """Names of pages, reads and shapes that do not fit together, or that no words tell people."""
    rule, guide = flow.rule, flow.guide
    own = {*flow.surfaces, *(step.name for step in flow.path)}
    shapes: tuple[FormShape, ...] = ()
    if not isinstance(rule, ControlTable):
        own.add(f"{rule.inbox}-item")  # the step at which one of its items is pictured
        shapes = rule.shapes
        yield from _shapes(shapes, set(purposes(flow.labels)))
        yield from _reads(flow, rule)
    yield from _untold("surfaces", own, guide.surfaces, TERMS["surfaces"])
    yield from _untold("shapes", {shape.name for shape in shapes}, guide.shapes, TERMS["shapes"])
    yield from _untold("exposure", {row.name for row in flow.exposure}, guide.exposure, TERMS["exposure"])


def _unasked(flow: Flow) -> Iterator[str]:
    """Fields that no form asks for, and reads that are nobody's."""
    if isinstance(flow.rule, ControlTable):
        return
    asked = {purpose for shape in flow.rule.shapes for purpose in (*shape.needs, *shape.may)}
    for row in flow.exposure:
        if row.field and row.field not in asked:
            yield f"exposure {row.name}: no shape of the form asks for '{row.field}'"
    if flow.operations and not flow.site.reads.viewers:
        yield "reads.viewers: no answer says for whom it was read"


def _untold(table: str, known: set[str], said: Mapping[str, Text], engine: Mapping[str, str]) -> Iterator[str]:
    """Names without words in both languages, and words of names that nothing carries."""
    for name in sorted(known - set(engine)):
        for language in LANGUAGES:
            if not said.get(name, {}).get(language):
                yield f"guide.{table}.{name} lacks '{language}'"
    for name in sorted(set(said) - known):
        yield f"guide.{table}.{name}: the flow has no such name"


def _shapes(shapes: tuple[FormShape, ...], fields: set[str]) -> Iterator[str]:
    """Shapes of fields that cannot be told, and shapes that an earlier one leaves nothing to."""
    for number, shape in enumerate(shapes):
        for purpose in (*shape.needs, *shape.may):
            if purpose not in fields:
                yield f"shape {shape.name}: no words under 'field.{purpose}' tell that field"
        for earlier in shapes[:number]:
            if earlier.name == shape.name:
                yield f"shape {shape.name} stands there twice"
            elif _takes_all(earlier, shape):
                yield f"shape {shape.name} never fits: {earlier.name} stands before it and takes all of its forms"


def _takes_all(earlier: FormShape, later: FormShape) -> bool:
    fits = set(earlier.needs) <= set(later.needs) and {*later.needs, *later.may} <= {*earlier.needs, *earlier.may}
    return fits and set(earlier.optional) <= set(later.optional) and earlier.words.items() <= later.words.items()


def _reads(flow: Flow, rule: ObjectionTable) -> Iterator[str]:
    """Reads that no request can be told by."""
    reads = flow.site.reads
    by_body = bool(reads.name_headers or reads.name_fields)
    for name in rule.inbox_operations:
        if not by_body and name not in reads.paths:
            yield f"inbox_operations: nothing names '{name}': neither [reads] paths nor a field of [guard.operations]"
    seen: dict[str, str] = {}
    for name, pattern in reads.paths.items():
        if pattern in seen:
            yield f"reads.paths: '{name}' has the path of '{seen[pattern]}' and is never told"
        seen.setdefault(pattern, name)


_OLD_DAYS = 730
"""Words last seen longer ago than this are worth another look."""
_SIGNING_IN = frozenset({"cookies.decline", "sign_in.submit", "sign_in.wrong", "sign_in.send_code", "sign_in.not_now"})
_ANSWER_KEYS = _SIGNING_IN | {
    "ai.paths", "ai.topic", "ai.words", "choice.doubts", "choice.whose", "conditional.words", "decision.words",
    "elsewhere.words", "field.code", "field.country", "field.email", "field.reason", "form.submit", "form.title",
    "hedge.words", "inbox.more", "inbox.title", "inbox.trouble", "lookalike.words", "negation.words", "object.words",
    "objection.words", "page.closed", "page.courtesy", "page.explains", "page.filed", "page.not_offered", "page.prior",
    "page.to_come", "reply.accepted", "reply.accepted_for", "reply.frame", "reply.more_information",
    "reply.neutral", "reply.pending", "reply.refused", "scope.words", "withdrawal.words",
}  # fmt: skip
"""Label keys that the engine itself looks up for a form and its answers."""
_SHORT = (N_("%(locale)s lacks: %(keys)s"), N_("verbs: %(verbs)s"))
"""For the catalogue alone: notes of this shape are too short to be found there without a mark."""
_VERBS = {
    "switch": "switch", "checkbox": "switch", "select": "choice", "radio": "choice", "menu_button": "choice",
    "state_button": "choice",
}  # fmt: skip


def audit(flow: Flow, today: dt.date | None = None) -> tuple[list[str], list[str]]:
    """
    Look for what would make a flow wrong or unusable.

    Returns:
        Problems, which must be mended, and notes, such as which languages lack which words.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    checks = (_states, _guide, _opposed, _assumed, _gaps, _unsourced, partial(_dates, today=day), _misnamed, _looks)
    problems = [problem for check in checks for problem in check(flow)]
    notes = [*_coverage(flow), *_unused(flow), *_unasked(flow), *_ageing(flow, day)]
    return problems, [*notes, f"verbs: {', '.join(verbs(flow))}"]


def verbs(flow: Flow) -> tuple[str, ...]:
    """What the flow does with a page, in the reader's own words."""
    if isinstance(flow.rule, ControlTable):
        revealed = ("reveal",) if flow.rule.reveal else ()
        return ("open", *revealed, "identity", _VERBS[flow.rule.kind], "capture")
    return ("open", "reveal", "identity", "form", "text", "capture")


def _states(flow: Flow) -> Iterator[str]:
    for state in flow.states:
        if state.verdict in {Verdict.NEEDS_HUMAN, Verdict.UNKNOWN}:
            yield f"state {state.because}: '{state.verdict}' is no state of a page"
    if isinstance(flow.rule, ControlTable):
        return  # a control is in one state alone; of several objects, the worst one counts
    for one, other in combinations(flow.states, 2):
        excluded = set(one.needs) & set(other.forbids) or set(other.needs) & set(one.forbids)
        if one.verdict is not other.verdict and not excluded:
            yield f"states {one.because} and {other.because} can fit at once"


def _guide(flow: Flow) -> Iterator[str]:
    for language in LANGUAGES:
        if not flow.guide.title.get(language):
            yield f"guide.title lacks '{language}'"
        for because, verdict in dict.fromkeys((state.because, state.verdict) for state in flow.states):
            if not flow.guide.states.get(because, {}).get(language):
                yield f"guide.states.{because} lacks '{language}'"
            if not any(flow.guide.remedies.get(key, {}).get(language) for key in (because, verdict.value)):
                yield f"guide.remedies has neither {because} nor {verdict} in '{language}'"
        if not flow.guide.not_covered.get(language):
            yield f"guide.not_covered lacks '{language}'"


def _opposites(flow: Flow) -> list[tuple[str, str]]:
    """Pairs of label keys that mean opposite things."""
    rule = flow.rule
    if not isinstance(rule, ControlTable):
        return list(combinations(("reply.accepted", "reply.refused", "reply.pending"), 2))
    pairs = [(a, b) for a, b in combinations(rule.values, 2) if rule.values[a] != rule.values[b]]
    return [*pairs, ("state.on", "state.off"), *([(rule.label, rule.unlike)] if rule.unlike else [])]


def _opposed(flow: Flow) -> Iterator[str]:
    """The same words under two keys that mean opposite things."""
    labels = flow.labels
    for one, other in _opposites(flow):
        for locale in labels.languages(one):
            shared = {fold_label(p.text) for p in labels.phrases(one, locale)} & {
                fold_label(p.text) for p in labels.phrases(other, locale)
            }
            for text in sorted(shared):
                yield f"'{text}' ({locale}) stands under {one} and {other}"


def _assumed(flow: Flow) -> Iterator[str]:
    """Promises that rest on assumed words; a declared control with such words says so by itself."""
    for key in () if isinstance(flow.rule, ControlTable) else ("reply.accepted", "form.title"):
        for table in flow.labels.entries.get(key, {}).values():
            for phrase in table:
                if phrase.wording is Wording.ASSUMED:
                    yield f"{key} ({phrase.locale}): assumed words cannot prove this"


def _gaps(flow: Flow) -> Iterator[str]:
    """Sentences of an answer in which anything may stand, a "not" too."""
    for key, table in flow.labels.entries.items():
        for phrase in (p for found in table.values() for p in found if key.startswith(OF_ANSWERS) and "…" in p.text):
            yield f"{key} ({phrase.locale}): '{phrase.text}' leaves a gap, which a “not” would fit; write its words out"


def _unsourced(flow: Flow) -> Iterator[str]:
    """What a new flow's files still leave open."""
    for key, table in flow.labels.entries.items():
        for locale, phrases in table.items():
            if any(phrase.source == TO_FILL_IN for phrase in phrases):
                yield f"{key} ({locale}): no source is given for its words"
    if isinstance(flow.rule, ControlTable) and TO_FILL_IN in flow.rule.sources:
        yield "control.sources: no source is given"
    for name, surface in flow.surfaces.items():
        if surface.source == TO_FILL_IN:
            yield f"surfaces.{name}: no source is given for its address"


def _dates(flow: Flow, today: dt.date) -> Iterator[str]:
    """Dates that cannot be: no date at all, or one that is still to come."""
    try:
        if dt.date.fromisoformat(flow.revision) > today:
            yield f"revision {flow.revision} is still to come"
    except ValueError:
        yield f"revision '{flow.revision}' is no date such as {today.isoformat()}"
    for entry in flow.verified:
        if entry.date > today:
            yield f"verified on {entry.date.isoformat()}, which is still to come"


def _looks(flow: Flow) -> Iterator[str]:
    """What is wrong with the looks that a flow's service brings: of another service, for one account, or personal."""
    file = flow.folder.parent / LOOKS
    try:
        looks = [kept.look for kept in shipped_looks(file)] if file.exists() else []
    except FlowError as error:
        yield str(error)
        return
    for look in looks:
        if not is_of_service(look, flow.folder.parent.name):
            yield f"{file.name}: {look.id} is a look at another service, {look.flow}"
        elif not is_for_everybody(look):
            yield f"{file.name}: {look.id} counts for one account or for stand-ins only"
        elif kind := personal_in(look):
            yield f"{file.name}: {kind} stands in {look.id}"


def _coverage(flow: Flow) -> Iterator[str]:
    for verdict, languages in coverage(flow).items():
        yield f"{verdict} can be read in: {', '.join(languages) or 'no language'}"
    if isinstance(flow.rule, ControlTable):
        if not flow.rule.confidence.proves:
            yield "its sources are too weak for a verdict: the state is shown and never judged"
        for locale, keys in lacking(flow.labels, flow.rule.needed()).items():
            yield f"{locale} lacks: {', '.join(keys)}"


def _unused(flow: Flow) -> Iterator[str]:
    """Words that nothing looks up."""
    used = {step.reveal for step in flow.path}
    used |= {rule.key for rule in flow.exposure if rule.key}
    used |= {challenge.words for challenge in flow.site.challenges if challenge.words}
    used |= set(flow.site.masking.about)
    if isinstance(flow.rule, ControlTable):
        used |= {*flow.rule.keys(), "state.on", "state.off"}
    else:
        used |= _ANSWER_KEYS | {key for shape in flow.rule.shapes for key in shape.words.values()}
        used |= {key for key in flow.labels.entries if key.startswith("field.")}
    found = sorted(set(flow.labels.keys()) - used)
    if found:
        yield f"words that nothing looks up: {', '.join(found)}"


def _ageing(flow: Flow, today: dt.date) -> Iterator[str]:
    verified = flow.verification(today)
    if verified.state == "never":
        yield "never compared with the live site"
    elif verified.state == "stale":
        yield f"last compared with the live site on {verified.date}, more than {verified.max_age_days} days ago"
    dates = {p.date for table in flow.labels.entries.values() for ps in table.values() for p in ps if p.date}
    if dates and (oldest := min(dates)) < (today - dt.timedelta(days=_OLD_DAYS)).isoformat():
        yield f"its oldest words were seen in {oldest}"
