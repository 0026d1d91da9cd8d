"""Confirming what a service's sentence means, for the terminal and for the window alike: what can be, and noting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation.cli.shared.editing import locked
from automation.domain.replies import Reply
from automation.errors import ConfigurationError
from automation.reading.inbox.confirming import confirmed, may_not_confirm
from automation.reading.inbox.kept import says_something, spoken
from automation.reading.meanings import Meaning
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from automation.config import Settings
    from automation.domain.observations import Observation
    from automation.evidence.verify.opened import Evidence
    from automation.flow import Flow
    from automation.flow.confirmed import ConfirmedSentence
    from automation.reading.inbox.confirming import Refusal
    from automation.text.language import Language

MEANINGS: Mapping[Meaning, str] = {
    Meaning.ACCEPTED: N_("the objection is honoured"),
    Meaning.REFUSED: N_("the objection is refused"),
    Meaning.PENDING: N_("the objection was received and is not decided yet"),
    Meaning.MORE_INFORMATION: N_("the service asks for more information before it decides"),
}
"""What a sentence can mean, for people."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer that is not understood."""

    reply: Reply
    text: str
    """Names, dates and numbers taken out."""

    def refusal(self, means: Meaning, flow: Flow) -> Refusal | None:
        """Why a person may not say that it means this; None where they may."""
        return may_not_confirm(self.reply, self.text, means, flow.labels_with_confirmed)


def sentences_in(observation: Observation | None) -> tuple[Sentence, ...]:
    """Every sentence whose meaning a person could say, in the order of the page."""
    replies = observation.replies if observation else ()
    return tuple(Sentence(reply, text) for reply in replies for text in spoken(reply) if says_something(text))


def sentences_of(evidence: Evidence) -> tuple[Sentence, ...]:
    """
    Every sentence of a bundle whose meaning a person could say.

    Raises:
        ConfigurationError: there is none.
    """
    offered = sentences_in(evidence.observation)
    if not offered:
        raise ConfigurationError(
            f"{evidence.folder}: it holds no answer of a service whose words are unknown",
            "Name the evidence of a check that ended in `unknown` because of an answer; older evidence keeps no text.",
        )
    return offered


def note(
    evidence: Evidence, sentence: Sentence, means: Meaning, *, who: str, settings: Settings, words: Language
) -> ConfirmedSentence:
    """
    Write down what a person says that a sentence means.

    Args:
        evidence: what they looked at.
        sentence: which decides.
        means: what it says.
        who: their name.
        settings: name the folder of the user's own flows.
        words: of the person, for a refusal.

    Raises:
        ConfigurationError: it may not be confirmed, or there is no folder for it.
        OutputError: it cannot be written.
    """
    flow = flow_of(evidence, settings)
    if refusal := sentence.refusal(means, flow):
        raise ConfigurationError(
            words.gettext("this sentence cannot be confirmed: %(why)s", why=words.gettext(refusal.value)),
            words.quoted(sentence.text),
        )
    file = words_file(settings)
    known = confirmed(
        sentence.reply,
        sentence.text,
        means,
        flow=flow.id,
        who=who,
        bundle=_digest(evidence.folder),
        when=datetime.now(UTC).date(),
    )
    with locked(file.parent):  # beside the folder: in it, it would be taken for a flow that is not there
        write_sentences(file, [*(one for one in read_sentences(file) if one.id != known.id), known])
    return known


def revoke_in(settings: Settings, number: str) -> None:
    """
    Take a meaning back, wherever it stands.

    Args:
        settings: name the folders of the user's own flows.
        number: of the sentence, as `temoin words list` shows it.

    Raises:
        ConfigurationError: no sentence has it.
        OutputError: it cannot be written.
    """
    for path in settings.flow_paths:
        with locked(path):
            sentences = read_sentences(in_folder(path))
            kept = [one for one in sentences if one.id != number]
            if len(kept) < len(sentences):
                write_sentences(in_folder(path), kept)
                return
    raise ConfigurationError(f"no confirmed sentence has the number {number}", "`temoin words list` shows them.")


def words_file(settings: Settings) -> Path:
    """
    Where confirmed sentences stand.

    Raises:
        ConfigurationError: the user has no folder of their own for them.
    """
    if not settings.flow_paths:
        raise ConfigurationError(
            "confirmed sentences need a folder of your own, and flow_paths names none",
            'Make one and name it in temoin.toml: flow_paths = ["flows-of-ours"].',
        )
    return in_folder(settings.flow_paths[0])


def in_folder(folder: Path) -> Path:
    """The file of confirmed sentences in a folder of the user's own flows."""
    from automation.flow.confirmed import NAME

    return folder / NAME


def read_sentences(file: Path) -> tuple[ConfirmedSentence, ...]:
    """The sentences of a file; none where it is not there."""
    from automation.flow.confirmed import read_confirmed

    return read_confirmed(file)


def write_sentences(file: Path, sentences: Sequence[ConfirmedSentence]) -> None:
    """
    Write a file of confirmed sentences anew.

    Raises:
        OutputError: it cannot be written.
    """
    from automation.flow.confirmed import as_toml
    from automation.storage.files import write_text

    write_text(file, as_toml(sentences))


def flow_of(evidence: Evidence, settings: Settings) -> Flow:
    """
    The flow by which a bundle was read.

    Raises:
        ConfigurationError: it was made with a stand-in, or nobody here knows its flow.
        FlowError: a flow of the user's own is broken.
    """
    import flows

    if evidence.result.environment.stand_in:
        raise ConfigurationError(
            f"{evidence.folder}: this evidence was made with a stand-in; its words are not the service's",
            "Name the evidence of a check of the live service.",
        )
    found = flows.find(settings.flow_paths)
    for error in found.broken.values():
        raise error
    flow = found.flows.get(evidence.result.flow)
    if flow is None:
        raise ConfigurationError(f"there is no flow {evidence.result.flow} here", "Name its folder in `flow_paths`.")
    return flow


def _digest(folder: Path) -> str:
    import hashlib

    return hashlib.sha256((folder / "manifest-sha256.txt").read_bytes()).hexdigest()
