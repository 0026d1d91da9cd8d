"""What people say that a service's words mean, and what that lifts; as `temoin words` and `temoin rejudge`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from automation.cli.ui.cards import Letter
from automation.domain.observations import Observation
from automation.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from automation.cli.ui.desk import Desk
    from automation.cli.words.confirming import Sentence
    from automation.config import Settings
    from automation.domain.results import Result  # noqa: TC004 - nothing asks `Lifted` for its types
    from automation.domain.verdicts import Rejudged  # noqa: TC004
    from automation.evidence.verify.opened import Evidence
    from automation.flow import Flow
    from automation.flow.confirmed import ConfirmedSentence
    from automation.text.language import Language

OWN_FOLDER = "flows-of-ours"
"""Made beside `temoin.toml` for whoever has no folder of their own; named in English, as every key of that file."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A stored result to which today's words give another answer."""

    result: Result
    answer: Rejudged


def letter_in(bundle: Path | None, result: Result, flow: Flow) -> Letter:
    """
    Whether a result waits for somebody to say what the service's words mean.

    Only says what to show: whoever confirms or judges opens the evidence, and so compares it with its seal.
    """
    from automation.cli.words.confirming import sentences_in
    from automation.domain.verdicts import Verdict

    if bundle is None or result.verdict is not Verdict.UNKNOWN or result.environment.stand_in:
        return Letter.NONE
    observation = _observation(bundle)
    if observation is None or not sentences_in(observation):
        return Letter.NONE
    from automation.check.conclusion import rejudge

    again = rejudge(result, observation, flow, datetime.now(UTC).date(), strict=False)
    return Letter.UNDERSTOOD if again.changed else Letter.STRANGE


def _observation(bundle: Path) -> Observation | None:
    try:
        return TypeAdapter(Observation).validate_json((bundle / "data" / "observation.json").read_bytes())
    except (OSError, ValueError):  # a visit that was stopped has none; whether it is whole, its seal says
        return None


def opened(desk: Desk, account: str) -> tuple[Evidence, Flow, tuple[Sentence, ...]]:
    """
    The newest evidence of an account, by which flow it was read, and the sentences whose meaning a person could say.

    Raises:
        ConfigurationError: there is none, it is not as it was sealed, or it holds no such sentence.
    """
    from automation.cli.words.confirming import flow_of, sentences_of
    from automation.evidence.verify.opened import open_evidence

    settings = desk.settings()
    [one] = desk.settings(account).accounts
    latest = desk.latest(settings, one)
    if latest is None or latest.bundle is None:
        raise ConfigurationError("there is no evidence of this account", "Check it first.")
    evidence = open_evidence(latest.bundle)
    return evidence, flow_of(evidence, settings), sentences_of(evidence)


def note(desk: Desk, account: str, number: int, means: str, who: str, words: Language) -> None:
    """
    Write down what a sentence of an account's newest answer means; the folder for it is made where there is none.

    Args:
        desk: of the configuration.
        account: whose answer it is.
        number: which sentence, from 0 on, as `opened` lists them.
        means: as `Meaning` is spelt.
        who: the person.
        words: of the person, for a refusal.

    Raises:
        ConfigurationError: something is missing, or this sentence may not be confirmed.
    """
    from automation.cli.words import confirming
    from automation.reading.meanings import Meaning

    evidence, flow, offered = opened(desk, account)
    if not 0 <= number < len(offered) or means not in set(Meaning) or not who:
        raise ConfigurationError("Say which sentence decides, what it means, and who you are.")
    sentence, meaning = offered[number], Meaning(means)
    if sentence.refusal(meaning, flow) is None:  # nothing is made for what is refused
        _make_folder(desk)
    confirming.note(evidence, sentence, meaning, who=who, settings=desk.settings(), words=words)


def _make_folder(desk: Desk) -> None:
    from automation.cli.shared.editing import editing
    from automation.storage.files import writing

    if desk.settings().flow_paths:
        return
    folder = desk.config.parent / OWN_FOLDER
    with writing(folder):
        folder.mkdir(exist_ok=True)
    with editing(desk.config) as draft:
        draft.set_at_top("flow_paths", [OWN_FOLDER])


def said(settings: Settings) -> tuple[ConfirmedSentence, ...]:
    """Every sentence whose meaning somebody confirmed."""
    from automation.cli.words.confirming import in_folder, read_sentences

    return tuple(one for path in settings.flow_paths for one in read_sentences(in_folder(path)))


def revoke(desk: Desk, sentence: str) -> None:
    """
    Take a meaning back.

    Raises:
        ConfigurationError: no sentence has this number.
    """
    from automation.cli.words.confirming import revoke_in

    revoke_in(desk.settings(), sentence)


def lifted(desk: Desk, settings: Settings) -> tuple[Lifted, ...]:
    """
    The newest results that rested on no confirmed word, and have another answer by those that stand now.

    Raises:
        ConfigurationError: evidence of one is not as it was sealed.
    """
    from automation.check.conclusion import rejudge
    from automation.evidence.verify.opened import open_evidence

    known, today, found = desk.flows(settings), datetime.now(UTC).date(), []
    for latest in desk.all_latest(settings):
        flow = known.get(latest.result.flow)
        bundle = latest.bundle
        if flow is None or bundle is None or letter_in(bundle, latest.result, flow) is not Letter.UNDERSTOOD:
            continue
        evidence = open_evidence(bundle)
        answer = rejudge(evidence.result, evidence.observation, flow, today, strict=False)
        found.append(Lifted(evidence.result, answer))
    return tuple(found)
