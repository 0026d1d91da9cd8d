"""What a report says and advises: words for everything, in both languages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from automation.authoring.audit import audit
from automation.core.cases import OVERDUE
from automation.core.errors import NoSession, SessionUnusable, SignInNeeded
from automation.core.looks import Basis, LookedAt, Says
from automation.core.observations import ProbeOutcome
from automation.core.results import ExitCode, Outcome, Result
from automation.core.signals import HOW_FOUND, SignalName, Way, Wording
from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.flow import Flow
from automation.guard.guard import Guard
from automation.guard.request import Phase
from automation.guard.self_test import PASSED_EARLIER
from automation.reports import messages, names
from automation.reports.advice import advise
from automation.reports.as_ci import render_junit, render_sarif
from automation.reports.as_html import pieces
from automation.reports.as_json import to_json
from automation.reports.as_table import render_table, rows
from automation.reports.messages import CHALLENGES
from automation.reports.pictures import Source
from automation.reports.saying import Saying
from automation.text.catalogue import LANGUAGES
from automation.text.language import language
from automation.visit.conclusion import Terms, conclude, remedy_for
from tests.builders import FORM_A, FORM_B, a_document, a_guide, a_probe, a_result
from tests.guard.builders import site_policy


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_verdict_and_reason_says_what_it_means_and_what_to_do(code: str) -> None:
    """Each verdict and each reason has a meaning, steps, an actor and a few words, in each language."""
    words = language(code)
    assert set(messages.VERDICTS) == set(names.VERDICT_NAMES) == set(Verdict)
    assert set(messages.REASONS) == set(Reason)
    assert set(names.OUTCOME_NAMES) == set(Outcome)
    assert set(names.EXIT_CODES) == {code.value for code in ExitCode}
    assert cell_len(words.gettext(messages.BY_PEOPLE_IN_SHORT)) <= 24
    told = (*messages.VERDICTS.values(), *messages.REASONS.values(), *messages.BEFORE_A_VISIT.values())
    for message in told:
        assert words.gettext(message.meaning).endswith(".")
        assert cell_len(words.gettext(message.in_short)) <= 24
        assert message.steps
    meanings = [words.gettext(message.meaning) for message in messages.REASONS.values()]
    assert len(set(meanings)) == len(Reason)


@pytest.mark.parametrize(
    ("trouble", "meaning", "original", "steps"),
    [
        (NoSession("a: there is no saved session of this account"), "Personne ne s’est encore connecté", "", "Connectez-vous, une fois"),
        (SessionUnusable("a: the saved session ran out on 2026-11-01"), "ne peut pas servir sur cette machine", "a expiré le 2026-11-01", "Reconnectez-vous"),
        (SignInNeeded("nobody is signed in"), "Le service n’a pas accepté", "personne n’est connecté", "Reconnectez-vous"),
    ],
)  # fmt: skip
def test_who_was_never_asked_is_not_told_that_the_service_refused(
    trouble: SignInNeeded, meaning: str, original: str, steps: str, flows: dict[str, Flow]
) -> None:
    """No session and one that cannot be used are told apart from a sign-in that the service did not accept."""
    flow = flows["facebook.ai_objection"]
    judged = conclude(flow, None, trouble, Terms("profile", None, strict=False, today=date.min))
    result = replace(
        a_result("a", judged.verdict, reason=judged.reason), because=judged.because, because_key=judged.because_key,
        next_step=remedy_for(flow, judged),
    )  # fmt: skip
    said = advise(result, flow.guide, language("fr"))
    assert judged.reason is Reason.LOGIN_REQUIRED
    assert meaning in said.meaning.text
    assert steps in said.steps[0].text
    assert (original in said.original.text and said.original.lang == "fr") if said.original else not original


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_control_is_changed_and_a_form_is_filed(code: str) -> None:
    """Where the setting is one control, the few words are about it; where it is a form, about the objection."""
    words, result = language(code), a_result(verdict=Verdict.NOT_OBJECTED)
    form, control = a_guide(), replace(a_guide(), is_control=True)
    said = {guide.is_control: advise(result, guide, words).in_short for guide in (form, control)}
    assert said == {False: words.gettext("file the objection"), True: words.gettext("change the setting")}
    assert all(cell_len(text) <= 24 for text in said.values())
    assert advise(replace(result, verdict=Verdict.PENDING), control, words).in_short == words.gettext(
        "wait for the answer"
    )


def test_the_actor_of_a_reason_is_its_owner() -> None:
    """Whoever owns a reason, or that of a challenge, is the one whom the report asks to act; verdicts have one too."""
    words = language("en")
    results = [(a_result(reason=reason), reason) for reason in Reason]
    results += [(a_result(reason=kind.reason, challenge=kind), kind.reason) for kind in ChallengeKind]
    for result, reason in results:
        assert advise(result, None, words).actor == words.gettext(names.ACTORS[names.ActionOwner(reason.owner.value)])
    assert advise(a_result(verdict=Verdict.PENDING), None, words).actor == words.gettext(
        names.ACTORS[names.ActionOwner.SERVICE]
    )
    assert advise(a_result(verdict=Verdict.REFUSED), None, words).actor == words.gettext(
        names.ACTORS[names.ActionOwner.ACCOUNT_HOLDER]
    )


def test_names_of_the_engine_and_of_the_shipped_flows_have_words(flows: dict[str, Flow]) -> None:
    """No signal, page or setting of a shipped flow reaches the reader as a technical name."""
    assert set(names.TERMS["probes"]) == set(ProbeOutcome)
    assert set(names.TERMS["wordings"]) == set(Wording)
    for flow in flows.values():
        problems, _ = audit(flow)  # its pages, shapes and settings have theirs in its guide
        assert not problems, flow.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_signal_says_what_it_means_and_how_it_was_found(code: str) -> None:
    """Each signal has a sentence of its own in each language, and each way of finding one has words."""
    say, words = Saying(language(code)), language(code)
    assert len({say.signal(name) for name in SignalName}) == len(SignalName)
    for sentence in (*(name.sentence for name in SignalName), *HOW_FOUND):
        assert sentence
        assert words.knows(sentence), sentence
    assert {str(way) for way in Way} < HOW_FOUND
    found = say.how(SignalName.REPLY_FRAME.seen("support_inbox", Way.SIGNATURE).how)
    assert (found.lang, found.text != Way.SIGNATURE) == (code, code == "fr")


def test_the_guard_is_understood() -> None:
    """Every phase of the guard, and every reason for which it refuses a request, has words."""
    told = Path("docs/guard.md").read_text(encoding="utf-8").partition("Reasons on the record:")[2]
    refusals = re.findall(r"`([a-z_]+)`", told.partition("from the tunnel")[0])
    assert len(refusals) > 15
    assert set(refusals) <= set(names.RULES)
    assert {phase.value for phase in Phase} == set(names.TERMS["phases"])
    assert {"passed", PASSED_EARLIER, Guard(site_policy("facebook")).record().self_test} <= set(
        names.TERMS["self_tests"]
    )


def test_shipped_guides_speak_both_languages(flows: dict[str, Flow]) -> None:
    """Every sentence and remedy of a shipped flow exists in each language of the reports, as many steps in each."""
    for flow in flows.values():
        guide = flow.guide
        tables = [guide.title, *guide.states.values(), *guide.remedies.values(), guide.not_covered]
        for table in tables:
            assert set(LANGUAGES) <= set(table), (flow.id, table)
        for remedy in (*guide.remedies.values(), guide.not_covered):
            assert len(remedy["en"]) == len(remedy["fr"])
        assert {state.because for state in flow.states} <= set(guide.states)


def test_advice_comes_from_the_flow_where_it_has_some() -> None:
    """Meaning and steps are the guide's own; the form's address is the one that answered."""
    advice = advise(a_result(), a_guide(), language("fr"))
    assert advice.meaning.text.startswith("Le formulaire d’opposition est ouvert")
    assert next(step.text for step in advice.steps).startswith("Connectez-vous avec ce compte")
    assert [(address.url, address.answered) for address in advice.addresses] == [(FORM_A, True)]


def test_every_known_address_is_given_when_none_answered() -> None:
    """Without an address that showed the form, the reader gets all that the flow knows."""
    result = a_result(probes=(a_probe(outcome=ProbeOutcome.ERROR),))
    assert [(a.url, a.answered) for a in advise(result, a_guide(), language("en")).addresses] == [
        (FORM_A, False),
        (FORM_B, False),
    ]


def test_only_web_addresses_are_given() -> None:
    """An address with another scheme is never offered to click."""
    guide = a_guide(
        form_urls=("javascript:alert(1)", "file:///etc/passwd", "//host/x", "https://", FORM_B, "http://[x")
    )
    advice = advise(a_result(probes=()), guide, language("en"))
    assert [address.url for address in advice.addresses] == [FORM_B]


@pytest.mark.parametrize(("locale", "lang"), [("de-AT", "de"), ("fr-FR", "fr"), ("nl-NL", "fr"), ("", "fr")])
def test_the_reason_is_in_the_language_of_the_account(locale: str, lang: str) -> None:
    """A reason to copy is written in the account's language; without one, in the reader's."""
    advice = advise(a_result(locale=locale), a_guide(), language("fr"))
    assert advice.reason is not None
    assert advice.reason.lang == lang
    assert advice.reason.text == a_guide().reason_text[lang], "to be pasted, so not typeset"


def test_the_way_is_in_the_words_of_the_service() -> None:
    """What to click is given in the account's language, and a step without known words is shown as such."""
    way = advise(a_result(locale="fr-FR"), a_guide(), language("en")).way
    assert [words and words.text for words in way] == [
        "Paramètres et confidentialité",
        "Centre de confidentialité",
        None,
    ]
    assert advise(a_result(locale="nl-NL"), a_guide(), language("en")).way == ()


@pytest.mark.parametrize("verdict", [Verdict.OBJECTED, Verdict.PENDING])
def test_who_has_objected_is_not_sent_to_the_form(verdict: Verdict) -> None:
    """No form, way or reason is offered to someone who need not object again."""
    advice = advise(a_result(verdict=verdict), a_guide(), language("en"))
    assert (advice.addresses, advice.way, advice.reason) == ((), (), None)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("code", LANGUAGES)
def test_advice_without_a_guide_still_says_what_to_do(reason: Reason, code: str) -> None:
    """Every reason has steps of its own that name the account, even where the flow is unknown."""
    advice = advise(a_result("atelier-x", reason=reason), None, language(code))
    assert advice.meaning.text == language(code).gettext(messages.REASONS[reason].meaning)
    assert advice.original is None
    texts = [step.text for step in advice.steps]
    assert all(text and "%(" not in text for text in texts)
    assert any("temoin check atelier-x" in text for text in texts) == any(
        "temoin check" in step for step in messages.REASONS[reason].steps
    )


def test_a_sentence_without_translation_is_kept_beside_the_general_one() -> None:
    """Where only the engine's English is there, the reader gets the general meaning and, marked, the original."""
    result = replace(a_result(), because_key="something_new", because="The lever stands upright.")
    advice = advise(result, a_guide(), language("fr"))
    assert advice.meaning.lang == "fr"
    assert advice.original is not None
    assert (advice.original.text, advice.original.lang) == ("The lever stands upright.", "en")


def test_a_remedy_only_in_english_is_marked_as_english() -> None:
    """Steps that a user's own flow gives in one language are shown, and said to be in that language."""
    guide = a_guide(remedies={"not_objected": {"en": ("Turn the lever.",)}})
    steps = advise(a_result(), guide, language("fr")).steps
    assert [(step.text, step.lang) for step in steps] == [("Turn the lever.", "en")]


def test_the_evidence_says_unknown_in_the_words_of_the_reports() -> None:
    """A reason that the judge gives stands in the evidence as a sentence, which no report shows a second time."""
    told = [reason for reason in Reason if reason.sentence != reason.value]
    assert {Reason.NOT_RECOGNISED, Reason.AMBIGUOUS, Reason.LOCALE_UNCOVERED} <= set(told)
    for reason in told:
        assert reason.sentence == messages.REASONS[reason].meaning
        assert advise(a_result(reason=reason, because=reason.sentence), None, language("fr")).original is None


@pytest.mark.parametrize(
    ("verdict", "reason", "place", "in_short"),
    [
        (Verdict.PENDING, None, 0, "remind the service"),
        (Verdict.NOT_OBJECTED, None, 0, "remind the service"),
        (Verdict.NEEDS_HUMAN, Reason.LOGIN_REQUIRED, -1, None),
    ],
)
def test_what_is_to_be_done_where_no_decision_came_in_time(
    verdict: Verdict, reason: Reason | None, place: int, in_short: str | None
) -> None:
    """The service is reminded first, and nobody is told to wait; where the account was not read, that comes first."""
    words = language("en")
    usual = advise(a_result(verdict=verdict, reason=reason), None, words)
    late = advise(a_result(verdict=verdict, reason=reason, next_step=OVERDUE), None, words)
    assert late.steps[place].text.startswith("No decision on the objection within 30 days")
    assert late.in_short == (in_short or usual.in_short)
    assert (late.actor == usual.actor) is (verdict is not Verdict.PENDING)
    kept = [step for step in late.steps if step in usual.steps]
    assert kept == ([] if verdict is Verdict.PENDING else list(usual.steps))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_says_what_it_means_and_what_to_do(code: str) -> None:
    """Each kind has a meaning of its own, steps and a few words, in each language."""
    words = language(code)
    assert set(CHALLENGES) == set(ChallengeKind)
    for message in CHALLENGES.values():
        assert words.gettext(message.meaning).endswith(".")
        assert cell_len(words.gettext(message.in_short)) <= 24
        assert message.steps
    assert len({words.gettext(message.meaning) for message in CHALLENGES.values()}) == len(ChallengeKind)
    if code != "en":
        for message in CHALLENGES.values():
            for sentence in (message.meaning, message.in_short, *message.steps):
                assert words.gettext(sentence) != sentence


def test_the_kind_wins_over_its_reason() -> None:
    """Of a captcha the report says captcha, with its steps and this account's commands, not just "a check"."""
    result = a_result(reason=ChallengeKind.CAPTCHA.reason, challenge=ChallengeKind.CAPTCHA)
    said = advise(result, None, language("en"))
    assert said.in_short == "solve the captcha"
    assert said.meaning.text == CHALLENGES[ChallengeKind.CAPTCHA].meaning
    assert any("temoin check --attended atelier-facebook" in step.text for step in said.steps)
    general = advise(a_result(reason=ChallengeKind.CAPTCHA.reason), None, language("en"))
    assert general.in_short == language("en").gettext(messages.REASONS[ChallengeKind.CAPTCHA.reason].in_short)


LOOK = LookedAt("0a1b2c3d", Says.ACCEPTED, "Claire Dupont", datetime(2026, 12, 2, 9, tzinfo=UTC), "9f" * 32)


def looked(*looks: LookedAt, verdict: Verdict = Verdict.OBJECTED) -> Result:
    """An answer that rests on looks."""
    source = tuple(look.source for look in looks)
    return a_result(verdict=verdict, basis=Basis.LOOKED_AT, looks=looks, confirmed_words=source)


def shown(result: Result, form: str, lang: str) -> str:
    """A report of one answer."""
    document = a_document(result)
    if form == "table":
        out = io.StringIO()
        Console(file=out, width=120).print(render_table(document, {}, lang, width=120))
        return " ".join(out.getvalue().split())
    made = {
        "html": lambda: "".join(pieces(document, {}, lang, Source(""), other_languages={})),
        "junit": lambda: render_junit(document, {}, lang),
        "csv": lambda: "".join(rows(document.results, {}, lang)),
        "sarif": lambda: render_sarif(document, {}, lang, lines={}),
    }
    return made[form]()


@pytest.mark.parametrize("form", ["table", "html", "junit", "csv", "sarif"])
@pytest.mark.parametrize(("lang", "told"), [("en", "seen by Claire Dupont on"), ("fr", "vu par Claire Dupont le")])
def test_each_report_says_who_saw_it(form: str, lang: str, told: str) -> None:
    """The name beside the answer, in the reader's language; what a program reads has `looked_at`."""
    verdict = Verdict.REFUSED if form == "sarif" else Verdict.OBJECTED
    text = shown(looked(LOOK, verdict=verdict), form, lang).replace("\u00a0", " ")
    assert (told if (form, lang) != ("csv", "en") else "looked_at") in text
    assert told not in shown(a_result(verdict=verdict), form, lang)


def test_who_vouches_for_others_is_named_as_such() -> None:
    """An imported look says that its importer vouches for it."""
    imported = LookedAt("0a1b2c3d", Says.ACCEPTED, "Paul Weil", LOOK.at, LOOK.bundle, imported=True)
    assert "seen by others, for whom Paul Weil vouches" in shown(looked(imported), "junit", "en")


def test_the_json_holds_each_look() -> None:
    """Basis, and of each look its number, answer, person, moment and bundle."""
    text = to_json(a_document(looked(LOOK)))
    for part in ('"basis": "looked_at"', '"look": "0a1b2c3d"', '"says": "accepted"', '"by": "Claire Dupont"'):
        assert part in text
