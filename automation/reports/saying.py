"""The small words of a page: names, notes and values of a result, in one language and ready to be shown."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

from babel import Locale
from markupsafe import Markup, escape

from automation.core.looks import Basis
from automation.core.results import Outcome
from automation.core.signals import HOW_FOUND
from automation.reports.advice import AdviceWords
from automation.reports.names import (
    CASE_STEPS,
    CHANGE_NAMES,
    FORM_CHANGES,
    GAINED_REQUIRED,
    NOTHING_EXPECTED,
    OUTCOME_NAMES,
    RULES,
    SENT,
    SETTLED,
    TERMS,
    UNREAD,
    VERDICT_NAMES,
    event_name,
    term,
)
from automation.storage.changes import FormChangeKind
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from automation.core.cases import Case, CaseEvent
    from automation.core.flows import FlowGuide
    from automation.core.results import Result
    from automation.core.signals import SignalName
    from automation.core.verdicts import Reason, Verdict
    from automation.storage.changes import Change, FormChange, Standing
    from automation.text.language import Language

UNMEASURED, BY_PEOPLE = "unmeasured", "by_people"
"""Beside the outcomes, in a tally: an answer that nothing was expected of; what was not read, and settled by people."""
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def counts_of(results: Iterable[Result]) -> Counter[str]:
    """How many results stand how: by outcome, `UNMEASURED` and `BY_PEOPLE`."""
    return Counter(counted_as(result) for result in results)


def counted_as(result: Result) -> str:
    """Under which of these a result is counted."""
    if result.is_settled:
        return BY_PEOPLE
    return UNMEASURED if result.is_unmeasured else result.outcome.value


class Saying:
    """Says one thing of a result at a time; templates call its methods."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def verdict(self, verdict: Verdict) -> str:
        """Name of a verdict."""
        return self._language.gettext(VERDICT_NAMES[verdict])

    def standing(self, result: Result) -> str:
        """Name of a result's outcome, or that nothing was expected of it, or that people settled it."""
        unmeasured = result.is_unmeasured and not result.is_settled
        return self._language.gettext(NOTHING_EXPECTED) if unmeasured else self.stood(result)

    def seen_by(self, result: Result) -> str:
        """Who looked at a picture and said what the answer rests on, and when; empty where it needs nobody's word."""
        if result.basis is not Basis.LOOKED_AT:
            return ""
        say = self._language
        own, of_others = N_("seen by %(name)s on %(day)s"), N_("seen by others, for whom %(name)s vouches, on %(day)s")
        said = {
            say.gettext(of_others if look.imported else own, name=look.by, day=say.full_date(look.at))
            for look in result.looks
        }
        return say.clauses(sorted(said))

    def stood(self, standing: Standing | Result) -> str:
        """The same of a result in the history, which does not tell what was expected."""
        return self._language.gettext(SETTLED if standing.is_settled else OUTCOME_NAMES[standing.outcome])

    def last_known(self, known: Result | None, result: Result) -> str:
        """The last answer with its day, and why a result left it as it was; empty where nothing else is known."""
        return self.kept(known, result.because_key, result.reason, result.finished_at) if known else ""

    def kept(self, known: Result, because_key: str, reason: Reason | None, at: datetime) -> str:
        """The same, of a result that ended so at a moment."""
        why = UNREAD.get(because_key) or UNREAD[reason or ""]
        return self._language.gettext(
            "%(verdict)s, read on %(day)s; on %(later)s it could not be read: %(why)s",
            verdict=self.verdict(known.verdict),
            day=self._language.short_date(known.finished_at.date()),
            later=self._language.short_date(at.date()),
            why=self._language.gettext(why),
        )

    def sent(self, cases: Sequence[Case]) -> str:
        """That the newest of an account's cases waits for an answer; empty where none does."""
        case = next((case for case in reversed(cases) if case.filed_at is not None), None)
        if case is None or case.filed_at is None or case.state not in SENT:
            return ""
        return self._language.gettext(SENT[case.state], day=self._language.short_date(case.filed_at.date()))

    def tally(self, counts: Mapping[str, int]) -> str:
        """How many are as wanted, not as wanted, still open, settled by people, and read with nothing expected."""
        say = self._language
        said = say.gettext("%(ok)s as wanted · %(finding)s not as wanted · %(incomplete)s still open") % {
            outcome.value: say.number(counts.get(outcome, 0)) for outcome in Outcome
        }
        if number := counts.get(BY_PEOPLE, 0):
            settled = say.ngettext("%(num)s settled by a person", "%(num)s settled by a person", number)
            said += f" · {settled}" % {"num": say.number(number)}
        if number := counts.get(UNMEASURED, 0):
            unmeasured = say.ngettext("%(num)s read, nothing expected", "%(num)s read, nothing expected", number)
            said += f" · {unmeasured}" % {"num": say.number(number)}
        return said

    def case_event(self, case: Case, event: CaseEvent) -> str:
        """What happened to a case."""
        return self._language.gettext(event_name(case, event))

    def case_step(self, case: Case, step: str) -> str:
        """What to do next about a case; empty where there is nothing to do."""
        return self._language.gettext(CASE_STEPS[step], account=case.account) if step in CASE_STEPS else ""

    def change(self, change: Change) -> str:
        """What a change is, and what was before it."""
        name = self._language.gettext(CHANGE_NAMES[change.kind])
        before = self.before(change)
        return f"{name} ({before})" if before else name

    def before(self, change: Change) -> str:
        """What was answered before, where it was something else, else how it stood; empty where nothing moved."""
        told = change.last_answer or change.previous
        if told is None or not change.kind.is_news:
            return ""
        if (told.verdict, told.outcome) == (change.now.verdict, change.now.outcome):
            return ""
        same = told.verdict is change.now.verdict
        return self._language.gettext("before: %(verdict)s") % {
            "verdict": self.stood(told) if same else self.verdict(told.verdict)
        }

    def form_change(self, change: FormChange) -> Markup:
        """What is different in a form, with the names that the page gives."""
        gained = change.kind is FormChangeKind.ADDED and change.required
        sentence = self._language.gettext(GAINED_REQUIRED if gained else FORM_CHANGES[change.kind])
        return escape(sentence) % {"field": self.named(change.label), "before": self.named(change.before)}

    def named(self, label: str) -> Markup:
        """A name from a page, in quotation marks and with its own direction."""
        return bdi(self._language.quoted(label)) if label else escape(self._language.gettext("without a name"))

    def age(self, result: Result) -> str:
        """How old the comparison with the live site was at the time of the check; empty where there was none."""
        try:
            on = date.fromisoformat(result.flow_verified.date or "")
        except ValueError:
            return ""
        days = (result.finished_at.date() - on).days
        return self._language.days(days) if days >= 0 else ""

    def term(self, kind: str, name: str, guide: FlowGuide | None = None) -> str:
        """The words for a technical name of one kind, such as `surfaces`, as `names.TERMS` lists them."""
        return term(kind, name, self._language, guide)

    def signal(self, name: SignalName) -> str:
        """What a signal says."""
        return self._language.gettext(name.sentence)

    def how(self, how: str) -> AdviceWords:
        """How a signal was found; in the engine's English where there is no translation."""
        if how in HOW_FOUND:
            return AdviceWords(self._language.gettext(how), self._language.code)
        return AdviceWords(how, "en")

    def exposure_value(self, value: str, locale: str) -> AdviceWords:
        """Its value: our own few words translated, everything else as the page shows it."""
        if value in TERMS["exposure_values"]:
            return AdviceWords(self.term("exposure_values", value), self._language.code)
        return AdviceWords(value, locale)

    def rule(self, rule: str) -> str:
        """What a rule of the guard is about; empty where it has no words."""
        return self._language.gettext(RULES.get(rule, ""))

    def yes_no(self, value: bool | None) -> str:
        """Yes, no, or that the page does not say."""
        if value is None:
            return self._language.gettext("not said")
        return self._language.gettext("yes") if value else self._language.gettext("no")

    def verified(self, result: Result) -> str:
        """When the flow was last compared with the live site."""
        state, sentence = result.flow_verified.state, self.term("verified", result.flow_verified.state)
        day = self._language.day(result.flow_verified.date or "")
        return sentence % {"date": day} if state in TERMS["verified"] else sentence

    def self_test(self, outcome: str) -> str:
        """How the guard's own test went; what it found wrong stays in the guard's words."""
        return self.term("self_tests", outcome) if outcome in TERMS["self_tests"] else self._language.said(outcome)

    def writes(self, number: int) -> Markup:
        """The number of writes let through, which has to be seen."""
        return Markup('<span class="zero{}">{}</span>').format(" more" if number else "", self._language.number(number))

    def environment(self, result: Result) -> Iterator[tuple[str, str]]:
        """On what the visit was made, name and value."""
        env, _ = result.environment, self._language.gettext
        yield _("Visit began"), self._language.moment(result.started_at)
        yield _("Visit ended"), self._language.moment(result.finished_at)
        if result.attempts > 1:
            yield _("Attempts"), self._language.number(result.attempts)
        yield _("Flow"), f"{result.flow}, {result.flow_revision}"
        yield _("Flow verified"), self.verified(result)
        yield _("Language of the pages"), self._language.name_of(result.locale) if result.locale else "–"
        yield "Témoin", env.temoin
        yield "Python", env.python
        yield _("System"), env.system
        yield _("Browser"), f"{env.browser} ({env.browser_source})"
        yield _("Its place"), env.browser_path
        yield _("Its arguments"), " ".join(env.arguments) or "–"
        yield _("Its sandbox"), _("on") if env.sandbox else _("off, as Chromium demands of root")
        yield _("Window"), env.viewport
        yield _("Time zone"), env.time_zone
        yield _("Proxy"), env.proxy or "–"
        yield _("Pages from"), _("a local stand-in") if env.stand_in else _("the service itself")
        yield _("Automated build"), self.yes_no(env.ci)
        yield _("Account, as a keyed digest"), result.subject or "–"

    def is_locale(self, locale: str) -> bool:
        """Whether a locale may stand in a `lang` attribute."""
        return bool(_LOCALE.fullmatch(locale))

    def code(self, text: str) -> Markup:
        """Something to type or compare letter by letter."""
        return Markup("<code><bdi>{}</bdi></code>").format(escape(text))


def bdi(text: str) -> Markup:
    """Foreign text that cannot turn round what stands beside it."""
    return Markup("<bdi>{}</bdi>").format(text)


def own_name(code: str) -> str:
    """What a language calls itself."""
    return (Locale.parse(code).get_display_name() or code).capitalize()
