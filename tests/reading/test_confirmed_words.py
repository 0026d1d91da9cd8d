"""
A sentence that a person taught once: what is kept of an answer, what it then proves, and what may not be taught.

The letters are made up: no source gives a French or Polish one. Nobody's stored page is read here, only kept turns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from automation.check.conclusion import Terms, conclude, rejudge
from automation.domain.observations import Observation
from automation.domain.replies import Reply
from automation.domain.signals import SignalName
from automation.domain.verdicts import Reason, Verdict
from automation.domain.ways import Way
from automation.flow import Flow
from automation.flow.confirmed import ConfirmedSentence, exported, personal_in
from automation.page import Block
from automation.reading.inbox.confirming import Refusal, confirmed, may_not_confirm
from automation.reading.inbox.items import ItemAnswer, Setting, answer_of
from automation.reading.inbox.kept import kept_reply, latest_answers, spoken
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import Turn
from automation.reading.meanings import Meaning
from automation.reading.particulars import without_particulars
from automation.text.page_words import PageWords
from tests.builders import a_result

FLOW = "facebook.ai_objection"
POLISH = (
    "Cześć, {first}!",
    "Otrzymaliśmy Twoje zgłoszenie nr {number} z dnia {day}.",
    "Uwzględnimy Twój sprzeciw wobec wykorzystania Twoich informacji na potrzeby AI w Meta.",
    "Nie musisz nic więcej robić.",
    "Privacy Operations",
)
DECISIVE = "Uwzględnimy Twój sprzeciw wobec wykorzystania Twoich informacji na potrzeby AI w Meta."
TERMS = Terms("profile", "PL", strict=False, today=date(2026, 11, 26))
PEOPLE = ("Anna Kowalska", "Piotr Nowak", "Maria Wiśniewska", "Jan Zieliński", "Ewa Szymańska")


def observation_of(
    letter: tuple[str, ...],
    flow: Flow,
    *,
    holder: str = "Anna Kowalska",
    number: str = "48213-77",
    day: str = "12 listopada 2026",
    locale: str = "pl",
    speaker: Speaker = Speaker.SERVICE,
    at: datetime | None = None,
) -> Observation:
    """What a check keeps of an inbox whose one thread holds this letter."""
    words = PageWords.of(flow.labels, locale)
    text = [line.format(first=holder.split(maxsplit=1)[0], number=number, day=day) for line in letter]
    blocks = tuple(Block(line, quoted=False, node=n) for n, line in enumerate(text))
    turns = (Turn(speaker, blocks, at, marked=True, named=speaker is Speaker.SERVICE),)
    about = SignalName.REPLY_ABOUT_AI.seen("support_inbox", Way.LINK_IN_REPLY, quote="/privacy/genai")
    setting = Setting("support_inbox", about, None, objecting=True)
    answer = answer_of(read_thread(turns, words), setting, words)
    reply = kept_reply(
        answer, setting, turns, frozenset({holder.casefold()}), words, picture="data/pictures/01-form_a.png"
    )
    [answer] = latest_answers([reply])
    same = SignalName.IDENTITY_SAME.seen("home", Way.AT_START_AND_END)
    return Observation(
        FLOW, flow.revision, "subject", locale, (same, *answer.signals), missing=answer.missing, replies=(reply,)
    )


@pytest.fixture
def flow(flows: dict[str, Flow]) -> Flow:
    """Facebook's."""
    return flows[FLOW]


def taught(observation: Observation, sentence: str = DECISIVE, means: Meaning = Meaning.ACCEPTED) -> ConfirmedSentence:
    """What is written down when a person confirms a sentence of a kept answer."""
    return confirmed(
        observation.replies[0], sentence, means, flow=FLOW, who="Claire Martin", bundle="9f" * 32, when=TERMS.today
    )


def verdict_of(flow: Flow, observation: Observation) -> tuple[Verdict, Reason | None]:
    """The verdict and its reason."""
    judgement = conclude(flow, observation, None, TERMS)
    return judgement.verdict, judgement.reason


def test_one_look_turns_fifty_unknown_answers_into_fifty_objections(flow: Flow) -> None:
    """Fifty accounts got one letter in a language without words; each stored result is lifted, and says by whom."""
    stored = [
        observation_of(
            POLISH, flow, holder=PEOPLE[n % 5], number=f"{50000 + 7 * n}-{n}", day=f"{1 + n % 28} października 2026"
        )
        for n in range(50)
    ]
    results = [
        replace(a_result(f"account-{n}", reason=Reason.LOCALE_UNCOVERED), flow_revision=flow.revision)
        for n in range(50)
    ]
    again = [
        rejudge(result, observation, flow, TERMS.today, strict=False)
        for result, observation in zip(results, stored, strict=True)
    ]
    assert {(a.now.verdict, a.now.reason, a.now.missing) for a in again} == {
        (Verdict.UNKNOWN, Reason.LOCALE_UNCOVERED, ("pl:reply.accepted",))
    }
    knowing = replace(flow, confirmed=(taught(stored[17]),))
    lifted = [
        rejudge(result, observation, knowing, TERMS.today, strict=False)
        for result, observation in zip(results, stored, strict=True)
    ]
    assert [answer.now.verdict for answer in lifted] == [Verdict.OBJECTED] * 50
    assert {answer.now.confirmed for answer in lifted} == {("Claire Martin, 2026-11-26, 9f9f9f9f9f9f",)}
    strict = [rejudge(r, o, knowing, TERMS.today, strict=True).now for r, o in zip(results, stored, strict=True)]
    assert {(answer.verdict, answer.reason) for answer in strict} == {(Verdict.UNKNOWN, Reason.LOCALE_UNCOVERED)}


def test_nothing_of_the_person_is_kept(flow: Flow) -> None:
    """The kept answer holds no name, date or number of whoever got it, and no signature of a person."""
    letter = (*POLISH[:-1], "Z poważaniem,\nMarta Lis", "Napisz na {first}@post.example lub www.facebook.com/x?id=4.")
    observation = observation_of(letter, flow)
    text = " ".join(spoken(observation.replies[0]))
    assert "{name}" in text
    for private in ("Anna", "48213", "12", "2026", "Marta", "post.example", "id=4"):
        assert private not in text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: (*lines, "Wycofaliśmy tę decyzję."), "a sentence that did not stand there"),
        (lambda lines: (lines[0], "Wysłaliśmy przez pomyłkę: " + lines[2].lower(), *lines[3:]), "inside another"),
        (lambda lines: (*lines[:2], lines[2].replace("Uwzględnimy", "Nie uwzględnimy"), *lines[3:]), "negated"),
        (lambda lines: (*lines[:2], lines[2].replace("AI w Meta", "reklam"), *lines[3:]), "about advertising"),
    ],
    ids=["withdrawn", "quoted", "negated", "other matter"],
)
def test_another_letter_is_not_lifted(change: object, why: str, flow: Flow) -> None:
    """Only the whole letter that a person saw; one more sentence in a language without words may undo it."""
    assert callable(change)
    knowing = replace(flow, confirmed=(taught(observation_of(POLISH, flow)),))
    assert verdict_of(knowing, observation_of(POLISH, flow)) == (Verdict.OBJECTED, None)
    assert verdict_of(knowing, observation_of(change(POLISH), flow))[0] is Verdict.UNKNOWN, why


def test_two_meanings_of_one_sentence_decide_nothing(flow: Flow) -> None:
    """Two people who disagree, in two files: the answer stays open."""
    observation = observation_of(POLISH, flow)
    both = (taught(observation), taught(observation, means=Meaning.REFUSED))
    assert verdict_of(replace(flow, confirmed=both), observation)[0] is Verdict.UNKNOWN


FRENCH = (
    "Bonjour {first},",
    "Merci de nous avoir contactés.",
    "Nous respecterons votre opposition à l'utilisation de vos informations pour l'IA de Meta.",
    "Vous n'avez rien d'autre à faire.",
    "Privacy Operations",
)


@pytest.mark.parametrize(
    ("sentence", "means", "refusal"),
    [
        ("Si vous confirmez votre adresse, nous respecterons votre opposition.", Meaning.ACCEPTED, Refusal.HEDGES),
        ("Nous pourrions respecter votre opposition, sauf en cas d'abus.", Meaning.ACCEPTED, Refusal.HEDGES),
        ("Vous avez écrit : « respectez mon opposition à l'IA ».", Meaning.ACCEPTED, Refusal.QUOTES),
        ("Avons-nous respecté votre opposition ?", Meaning.ACCEPTED, Refusal.ASKS),
        ("Nous ne pouvons pas accepter votre opposition.", Meaning.ACCEPTED, Refusal.CONFLICTS),
        ("Nous avons bien reçu votre opposition.", Meaning.ACCEPTED, Refusal.CONFLICTS),
        ("We will honour your objection.", Meaning.REFUSED, Refusal.CONFLICTS),
        ("Merci de nous avoir contactés.", Meaning.ACCEPTED, Refusal.A_PART),
        ("{first}, 12.11.2026", Meaning.ACCEPTED, Refusal.SHORT),
        ("Nous respecterons votre opposition à la publicité.", Meaning.ACCEPTED, Refusal.ELSEWHERE),
        ("Nous respecterons votre opposition.", Meaning.ACCEPTED, None),
        ("Nous n'utiliserons plus vos informations pour nos modèles d'IA.", Meaning.ACCEPTED, None),
        ("Votre opposition ne sera pas retenue, car elle ne décrit aucun effet.", Meaning.REFUSED, None),
    ],
)
def test_a_sentence_that_hedges_quotes_or_conflicts_is_not_taught(
    sentence: str, means: Meaning, refusal: Refusal | None, flow: Flow
) -> None:
    """A mistake here would be repeated on every account, so only a plain sentence is taken."""
    observation = observation_of((FRENCH[0], sentence, *FRENCH[3:]), flow, locale="fr")
    if not observation.replies[0].turns:  # read by known words already: what stands beside matters then
        observation = replace(observation, replies=(kept_again(observation, sentence, flow),))
    shown = [text for text in spoken(observation.replies[0]) if text not in {"{name}", "Bonjour {name},"}]
    assert may_not_confirm(observation.replies[0], shown[0], means, flow.labels) is refusal


def kept_again(observation: Observation, sentence: str, flow: Flow) -> Reply:
    """The same reply with its words, as an older version kept it."""
    words = PageWords.of(flow.labels, observation.locale)
    turn = Turn(Speaker.SERVICE, (Block(sentence, quoted=False, node=0),), None, marked=True, named=True)
    empty = ItemAnswer((SignalName.REPLY_UNCLASSIFIED.seen("support_inbox"),))
    return kept_reply(empty, Setting("support_inbox"), (turn,), frozenset(), words)


def test_what_stands_beside_must_not_decide_otherwise(flow: Flow) -> None:
    """A letter that also takes something back, in known words, teaches no acceptance."""
    letter = (*FRENCH[:3], "Nous avons annulé cette décision.", FRENCH[4])
    reply = observation_of(letter, flow, locale="fr").replies[0]
    assert may_not_confirm(reply, FRENCH[2], Meaning.ACCEPTED, flow.labels) is Refusal.CONFLICTS_BESIDE


def test_a_title_is_no_answer(flow: Flow) -> None:
    """The name of the conversation stands in every letter, whatever the letter says."""
    reply = observation_of(FRENCH, flow, locale="fr").replies[0]
    titled = replace(reply, turns=tuple(replace(turn, title=FRENCH[2]) for turn in reply.turns))
    assert may_not_confirm(titled, FRENCH[2], Meaning.ACCEPTED, flow.labels) is Refusal.A_TITLE


def test_words_of_somebody_unknown_are_not_taught(flow: Flow) -> None:
    """Only what the service wrote, and never a sentence that stands elsewhere."""
    reply = observation_of(FRENCH, flow, locale="fr", speaker=Speaker.UNKNOWN).replies[0]
    assert may_not_confirm(reply, FRENCH[2], Meaning.ACCEPTED, flow.labels) is Refusal.NOT_THE_SERVICE
    assert may_not_confirm(reply, "Nous acceptons.", Meaning.ACCEPTED, flow.labels) is Refusal.NOT_THERE


def test_a_letter_in_a_described_language_may_differ_in_its_known_parts(flow: Flow) -> None:
    """Greeting, thanks and survey may be others; a sentence that undoes it may not stand there."""
    knowing = replace(flow, confirmed=(taught(observation_of(FRENCH, flow, locale="fr"), FRENCH[2]),))
    other = ("Bonjour,", FRENCH[2], "Si vous changez d'avis, vous pouvez nous écrire.", "Privacy Operations")
    assert verdict_of(knowing, observation_of(other, flow, locale="fr-CA")) == (Verdict.OBJECTED, None)
    undone = (*other, "Nous avons annulé cette décision.")
    assert verdict_of(knowing, observation_of(undone, flow, locale="fr"))[0] is Verdict.UNKNOWN


def test_a_page_without_a_language_is_lifted_too(flow: Flow) -> None:
    """Where the page declares none, the sentence counts in whatever language the next one declares."""
    knowing = replace(flow, confirmed=(taught(observation_of(POLISH, flow, locale="")),))
    assert verdict_of(knowing, observation_of(POLISH, flow, locale="")) == (Verdict.OBJECTED, None)
    assert verdict_of(knowing, observation_of(POLISH, flow, locale="pl")) == (Verdict.OBJECTED, None)


def test_an_export_names_nobody(flow: Flow) -> None:
    """Who confirmed it is left out, and a number, an address or an account's own name stops it."""
    [shared] = exported([taught(observation_of(POLISH, flow))])
    assert shared.who == ""
    assert personal_in(shared, ("Atelier Dupont", "100080000000000")) is None
    for text in ("nous acceptons, camille@post.example", "dossier 4711", "bonjour atelier dupont, accepté"):
        assert personal_in(shared.model_copy(update={"beside": (text,)}), ("Atelier Dupont",)) is not None


@pytest.mark.parametrize(
    ("text", "without"),
    [
        (
            "Bonjour Camille, votre demande n° 4711-B du 12 mai 2026",
            "Bonjour {name}, votre demande n° {number} du {date}",
        ),
        ("LAURENT Camille a écrit le 2026-05-12 à 14:30", "{name} a écrit le {date} à {number}"),
        ("Voir https://www.facebook.com/support/?id=1 ou camille@post.example.", "Voir {link} ou {address}."),
        ("Nous honorerons votre opposition.", "Nous honorerons votre opposition."),
    ],
)
def test_names_and_numbers_are_taken_out(text: str, without: str) -> None:
    """What differs from one person's letter to another's, and nothing else."""
    assert without_particulars(text, {"camille laurent"}, "fr-FR") == without
