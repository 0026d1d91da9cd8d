"""The words of the reports: complete in both languages, and the same in what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from rich.cells import cell_len

import automation
from automation.authoring.audit import audit
from automation.domain.observations import ProbeOutcome
from automation.domain.results import ExitCode, Outcome
from automation.domain.signals import HOW_FOUND, SignalName, Way
from automation.domain.verdicts import Reason, Verdict
from automation.domain.wording import Wording
from automation.errors import ConfigurationError
from automation.guard.guard import _PASSED_EARLIER, Guard
from automation.guard.request import Phase, Refuse
from automation.reports import messages, names, terms
from automation.reports.advice import advise
from automation.reports.saying import Saying
from automation.text.language import LANGUAGES, in_locale, language, printable, writable
from tests.builders import FORM_A, FORM_B, a_guide, a_probe, a_result
from tests.guard.builders import site_policy

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from automation.flow import Flow

_FOLDER = Path(automation.__file__).parent
_LOCALE = _FOLDER / "text" / "locale"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%(?!\()")


@pytest.fixture(scope="module")
def said_in_code(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every sentence that the code and the templates mark, found the way a translator finds them."""
    template = tmp_path_factory.mktemp("words") / "messages.pot"
    options = ["-F", str(_LOCALE / "babel.toml"), "-o", str(template), "--quiet"]
    CommandLineInterface().run(["pybabel", "-q", "extract", *options[:4], str(_FOLDER)])
    with template.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def french() -> Catalog:
    """The French catalogue as it is shipped."""
    with (_LOCALE / "fr" / "LC_MESSAGES" / "temoin.po").open("rb") as file:
        return read_po(file, locale="fr")


def _messages(catalogue: Catalog) -> dict[tuple[str | None, str], Message]:
    ids = ((m.context, m.id[0] if isinstance(m.id, tuple) else m.id, m) for m in catalogue if m.id)
    return {(context, text): message for context, text, message in ids}


def test_every_sentence_has_its_french(said_in_code: Catalog, french: Catalog) -> None:
    """What the code says and what the catalogue holds are the same set, translated and not left in doubt."""
    said, known = _messages(said_in_code), _messages(french)
    assert len(said) > 200
    assert set(said) == set(known)
    assert not french.obsolete
    for message in known.values():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id
        assert isinstance(message.id, tuple) == isinstance(message.string, tuple), message.id


def test_placeholders_agree(french: Catalog) -> None:
    """A translation fills in the same values as its original, in every form."""
    for message in _messages(french).values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = sorted(_PLACEHOLDER.findall(ids[-1]))
        assert "" not in wanted, f"a bare % in {ids[-1]!r}"
        for string in strings:
            assert sorted(_PLACEHOLDER.findall(string)) == wanted, message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_verdict_and_reason_says_what_it_means_and_what_to_do(code: str) -> None:
    """Each verdict and each reason has a meaning, steps, an actor and a few words, in each language."""
    words = language(code)
    assert set(messages.VERDICTS) == set(names.VERDICT_NAMES) == set(Verdict)
    assert set(messages.REASONS) == set(Reason)
    assert set(names.OUTCOME_NAMES) == set(Outcome)
    assert set(names.EXIT_CODES) == {code.value for code in ExitCode}
    for message in (*messages.VERDICTS.values(), *messages.REASONS.values()):
        assert words.gettext(message.meaning).endswith(".")
        assert cell_len(words.gettext(message.in_short)) <= 24
        assert message.steps
        assert words.gettext(names.ACTORS[message.actor])
    meanings = [words.gettext(message.meaning) for message in messages.REASONS.values()]
    assert len(set(meanings)) == len(Reason)


def test_the_actor_of_a_reason_is_its_owner() -> None:
    """Whoever owns a reason is the one whom the report asks to act."""
    for reason, message in messages.REASONS.items():
        assert message.actor.value == reason.owner.value, reason


def test_names_of_the_engine_and_of_the_shipped_flows_have_words(flows: dict[str, Flow]) -> None:
    """No signal, page or setting of a shipped flow reaches the reader as a technical name."""
    assert set(terms.PROBES) == set(ProbeOutcome)
    assert set(terms.WORDINGS) == set(Wording)
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
    refusals = re.findall(r"`([a-z_]+)`", Refuse.__doc__ or "")
    assert len(refusals) > 15
    assert set(refusals) <= set(terms.RULES)
    assert {phase.value for phase in Phase} == set(terms.PHASES)
    assert {"passed", _PASSED_EARLIER, Guard(site_policy("facebook")).record().self_test} <= set(terms.SELF_TESTS)


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


@pytest.mark.parametrize(
    ("asked", "answered"), [("fr", "fr"), ("fr-CA", "fr"), ("fr_FR.UTF-8", "fr"), ("EN", "en"), ("en_US@euro", "en")]
)
def test_a_locale_finds_its_language(asked: str, answered: str) -> None:
    """Locales as systems write them lead to one of the two languages."""
    assert language(asked).code == answered


@pytest.mark.parametrize("asked", ["de", "", "C", "../fr", "\x1b[31m"])
def test_another_language_is_refused_with_a_remedy(asked: str) -> None:
    """A language without a report is a configuration error that names the choice, and cannot steer the terminal."""
    with pytest.raises(ConfigurationError) as caught:
        language(asked)
    assert "en, fr" in caught.value.remedy
    assert "\x1b" not in str(caught.value)


def test_moments_are_in_utc_and_say_so() -> None:
    """A moment in another time zone is shown in UTC, in the language's own order."""
    when = datetime(2026, 11, 25, 1, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    assert language("en").moment(when) == "24 November 2026 at 23:30:05 UTC"
    assert language("fr").moment(when) == "24 novembre 2026 à 23:30:05 UTC"
    assert language("fr").time(datetime(2026, 1, 1, 4, tzinfo=UTC)) == "04:00:00 UTC"
    assert language("fr").day("2026-11-02") == "2 novembre 2026"
    assert language("fr").day("soon") == "soon"


def test_numbers_follow_the_language() -> None:
    """Separators and units are those of the language."""
    assert language("en").number(12345) == "12,345"
    assert language("fr").number(12345).replace("\u202f", "_") == "12_345"
    assert language("en").size(48_213) == "48.2 kB"
    assert language("fr").size(48_213).replace("\u202f", " ") == "48,2 ko"
    assert language("en").size(999) == "999 byte"
    assert language("fr").size(2_500_000).replace("\u202f", " ") == "2,5 Mo"


def test_french_is_set_with_spaces_that_do_not_break() -> None:
    """French marks keep to the word before them; a command keeps its plain spaces."""
    said = language("fr").typeset("Qui agit : l'auteur ; « lui » ! temoin login a")
    assert said == "Qui agit\u00a0: l’auteur\u00a0; «\u00a0lui\u00a0»\u00a0! temoin login a"
    assert language("en").typeset("the form's own: it") == "the form’s own: it"


@pytest.mark.parametrize(
    ("locale", "found"),
    [("fr-FR", "fr"), ("pt", "pt-PT"), ("pt-BR", "pt-PT"), ("en_GB", "en"), ("nl", None), ("", None)],
)
def test_words_by_locale(locale: str, found: str | None) -> None:
    """The locale itself comes first, then its language, then a sister; nothing is taken from another language."""
    got = in_locale({"fr": 1, "pt-PT": 2, "en": 3}, locale)
    assert (got[0] if got else None) == found


def test_text_that_steers_is_defused() -> None:
    """Escape sequences, half surrogates and direction overrides leave no trace but a replacement character."""
    assert printable("a\x1b[31mb\u202ec\ud800") == "a\ufffd[31mb\ufffdc\ufffd"
    assert writable("a\x00b\u202ec\udfff\nd") == "a\ufffdb\u202ec\ufffd\nd"


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
