"""
Sentences of a service that a person confirmed: what a letter says in words that no source gives.

They stand in `words.toml`, in a folder of the user's own (`flow_paths`), and count for every account of that user.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from automation.domain.wording import Wording
from automation.errors import FlowError
from automation.text.broken_rules import rule_of
from automation.text.catalogue import N_
from automation.text.labels import WHOLE, Labels, Phrase, whole_form
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.flow.manifest import Flow

NAME = "words.toml"
_HEAD = "# What sentences of a service mean, each confirmed by a person who looked at one answer: docs/words.md.\n"


class ConfirmedSentence(BaseModel):
    """One sentence, and who says what it means."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    flow: str
    """The flow in whose inbox it was read; it counts for every flow that answers in the same words."""
    locale: str
    """Language of the page, BCP-47 without a region; `any` where it declared none."""
    means: Literal["accepted", "refused", "pending", "more_information"]
    text: str
    """Folded, with `{name}`, `{date}`, `{number}`, `{address}` and `{link}` in place of what was taken out."""
    beside: tuple[str, ...] = ()
    """The other sentences of that answer, in the same form: where they stand they say nothing else."""
    who: str = ""
    """Who confirmed it, or vouches for it; an export leaves this out."""
    when: date
    bundle: str
    """SHA-256 of the manifest of the bundle that somebody looked at."""
    imported: bool = False
    """Whether somebody else looked at it, and `who` vouches for them."""

    @property
    def id(self) -> str:
        """Eight letters that stand for the sentence and its meaning."""
        return sha256(f"{self.flow}\n{self.means}\n{self.text}".encode()).hexdigest()[:8]

    @property
    def source(self) -> str:
        """Whose word it is, for results and reports."""
        name = f"{self.who} (imported)" if self.imported else self.who
        return f"{name}, {self.when.isoformat()}, {self.bundle[:12]}"


_SHORTEST_VALUE = 3
_PERSONAL = {
    N_("an e-mail address"): re.compile(r"@"),
    N_("a number"): re.compile(r"\d"),
    N_("an address of a page"): re.compile(r"https?:|www\."),
}
_FILE = TypeAdapter(dict[Literal["sentences"], tuple[ConfirmedSentence, ...]])


def read_confirmed(file: Path) -> tuple[ConfirmedSentence, ...]:
    """
    The sentences of a file; none where it is not there.

    Raises:
        FlowError: the file is wrong; names it and the place.
    """
    if not file.is_file():
        return ()
    try:
        return _FILE.validate_python(tomllib.loads(file.read_text(encoding="utf-8"))).get("sentences", ())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise FlowError(f"{file}: {'.'.join(map(str, first['loc']))}: {rule_of(first)}", "Correct that key.") from None


def as_toml(sentences: Iterable[ConfirmedSentence]) -> str:
    """A file that holds these sentences."""
    return _HEAD + "".join(f"\n[[sentences]]\n{_table(sentence)}" for sentence in sentences)


def merged(flows: Mapping[str, Flow], folder: Path) -> dict[str, Flow]:
    """
    The flows with the sentences of a folder's `words.toml`; as they are where there is none.

    A sentence counts for its own flow and for those of the same company, whose answers are known by the same words.

    Raises:
        FlowError: the file is wrong; names it and the place.
    """
    sentences = read_confirmed(folder / NAME)
    found = dict(flows)
    for flow_id, flow in found.items():
        own = tuple(s for s in sentences if s.flow == flow_id or _answer_alike(found.get(s.flow), flow))
        if own:
            found[flow_id] = replace(flow, confirmed=(*flow.confirmed, *own))
    return found


def labels_with(labels: Labels, sentences: Sequence[ConfirmedSentence]) -> Labels:
    """A flow's words with confirmed sentences; two that contradict each other both stand, and then decide nothing."""
    for sentence in sentences:
        said = Phrase(whole_form(sentence.text), sentence.locale, Wording.CONFIRMED, sentence.source, WHOLE)
        labels = labels.and_also(f"reply.{sentence.means}", sentence.locale, (said,))
        beside = tuple(replace(said, text=whole_form(text)) for text in sentence.beside)
        labels = labels.and_also("reply.beside", sentence.locale, beside)
    return labels


def exported(sentences: Iterable[ConfirmedSentence]) -> tuple[ConfirmedSentence, ...]:
    """The sentences to be shared: without the names of who confirmed them."""
    return tuple(sentence.model_copy(update={"who": "", "imported": False}) for sentence in sentences)


def personal_in(sentence: ConfirmedSentence, known: Iterable[str]) -> str | None:
    """
    What kind of personal data a sentence to be shared holds; None where it holds none.

    Args:
        sentence: as it would be shared.
        known: names, addresses and numbers of the user's accounts.
    """
    texts = [fold(text) for text in (sentence.text, *sentence.beside, sentence.who)]
    for kind, pattern in _PERSONAL.items():
        if any(pattern.search(text) for text in texts):
            return kind
    values = [fold(value) for value in known if len(value.strip()) >= _SHORTEST_VALUE]
    named = any(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) for value in values for text in texts)
    return N_("a name or number of one of the accounts") if named else None


def _answer_alike(one: Flow | None, other: Flow) -> bool:
    words = other.labels.entries.get("reply.accepted")
    return one is not None and bool(words) and one.labels.entries.get("reply.accepted") == words


def _table(sentence: ConfirmedSentence) -> str:
    lines = [f"{key} = {_quoted(getattr(sentence, key))}\n" for key in ("flow", "locale", "means", "text")]
    if sentence.beside:
        lines.append("beside = [\n" + "".join(f"  {_quoted(text)},\n" for text in sentence.beside) + "]\n")
    lines += ["imported = true\n"] * sentence.imported
    lines += [f"who = {_quoted(sentence.who)}\n", f"when = {sentence.when.isoformat()}\n"]
    lines.append(f"bundle = {_quoted(sentence.bundle)}\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    """A basic string of TOML, which is JSON's but for one letter."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
