"""The words of one control: its names, its values, and what each of them says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from automation.flow.control_table import OBJECT, Meaning
from automation.text.labels import Phrase
from automation.text.normalizing import SIGNS_BEHIND, base_language, fold_label, sentences, without_signs

if TYPE_CHECKING:
    from automation.flow.control_table import ControlTable
    from automation.text.page_words import PageWords

TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
SENTENCE_ENDS = (".", "!", "?", "。")


def _list(name: str) -> frozenset[str]:
    return frozenset(TABLE["lists"][name])


def _on_off(row: Mapping[str, list[str]]) -> dict[str, bool]:
    return {text: key == "on" for key, texts in row.items() for text in texts}


BADGES, WAY_TO_SETTINGS = _list("badges"), _list("way_to_settings")
PLAIN_STATES = _on_off(TABLE["states"]["any"])
OFFERS = _on_off(TABLE["offers"])
"""What a button beside a state offers → whether the setting is on while that is offered."""
_CHANGING, _THIS_SETTING = _list("changing"), _list("this_setting")
_PRESENT_STATE, _ANY_SWITCH = _list("present_state"), _list("any_switch")
_OPTIONS = re.compile(
    r"(?:(?:more )?options|(?:plus d')?options|(?:weitere )?optionen|(?:más )?opciones|(?:altre )?opzioni)"
    r" (?:for|of|pour|für|para|de|per) (?P<label>.+)"
)
"""What the button with three dots is called."""
_AROUND = " .:,;–—-()[]«»\"'"
"""What stands between "Edit" and the setting's name, or around the name."""
_A_DAY = re.compile(r"(?=.*\d)[\w./-]+(?:,? [\w./-]+){0,2}")
_SINCE = re.compile(r"(?P<state>\w+(?: \w+)?) (?:since|depuis(?: le)?|seit(?: dem)?|desde(?: el)?|dal) (?P<day>.+)")
_BETWEEN_WORDS = re.compile(r"[\s_/-]+")
_GLUE = " .:,-"
_MORE = re.compile(
    r"(?:^|[\W_]+)(?:(?:learn|find out|read|see|show|know) more|more (?:information|info|details)|en savoir plus"
    r"|plus d'informations|mehr (?:erfahren|dazu|informationen)|weitere informationen|más información|saber más"
    r"|scopri di più|(?:ulteriori|maggiori) informazioni|saiba mais|saber mais|meer informatie|dowiedz się więcej)"
    r"(?:\W+(?:opens in (?:a )?new (?:tab|window)|(?:s'ouvre )?dans un nouvel onglet|(?:si apre )?in una nuova scheda"
    r"|(?:wird )?in (?:einem )?neuen tab(?: geöffnet)?|(?:se abre )?en una (?:nueva pestaña|pestaña nueva)))?\W*$"
)
"""A link behind a label that leads to what explains it, and says nothing of the setting."""
_A_SETTING = re.compile(r" (?:settings?|preferences?|choice)$")
_SET_APART = (":", "-", "|", "·", ",", "=", "→", ".", " is")
"""What stands between a label and its state, where both stand in one text."""
_LONGEST_NAME = 120
"""Characters; what is longer, or a whole sentence, explains something and names no control."""
_FEW_WORDS = 4
_OPPOSITES = frozenset({"enable", "disable"})
_TURNS_NOTHING = frozenset({"about", "sur", "über", "sobre", "su"})
"""The word right before a label: "Learn more about …"."""


def changed_by(name: str) -> str | None:
    """
    What a button or link changes by its name, folded; None where it is no name of that kind.

    Empty where it does not say, or calls it what any setting is called: "Edit", "Change this setting".
    """
    folded = fold_label(name).strip(_AROUND)
    if (options := _OPTIONS.fullmatch(folded)) is not None:
        return options["label"]
    first, _, rest = folded.partition(" ")
    if first.rstrip(_AROUND) not in _CHANGING or folded == "update":  # that alone may be another version of the app
        return None
    rest = rest.strip(_AROUND)
    return rest if set(rest.split()) - _THIS_SETTING else ""


@dataclass(frozen=True)
class Wanted:
    """The words of one control in the page's language, folded."""

    labels: Mapping[str, Phrase]
    descriptions: Mapping[str, Phrase]
    values: Mapping[str, str]
    """Folded words of a value → its key."""
    openings: Mapping[str, str]
    """Folded beginning of a line that tells a value → its key."""
    states: Mapping[str, bool]
    """Words for on and off, where a page writes them beside a switch."""
    actions: Mapping[str, str] = field(default_factory=dict)
    """Folded words of what a button offers to do → key: the state is the one in which that is offered."""
    days: Mapping[str, str] = field(default_factory=dict)
    """Folded beginning of a line that tells a value where a day follows, and no more → its key."""
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    """Key of a value or an action → what it means."""
    on: Meaning | None = None
    """What "on" means; None where the control has values of other kinds."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """Words for on and off of a pair of choices."""
    sections: frozenset[str] = frozenset()
    """Words of what holds it, which may stand before its own in its name."""
    shared: bool = False
    """Whether it is the setting of a team, site or organisation, and not of a person."""

    @classmethod
    def of(cls, table: ControlTable, words: PageWords, name: str) -> Self:
        """Look all words of a table up; `name` is put where a label speaks of one blog, site or team."""

        def folded(key: str | None, strength: str = "names") -> dict[str, Phrase]:
            known = [p for p in words.phrases(key) if p.strength == strength] if key else []
            named = (replace(phrase, text=phrase.text.replace(OBJECT, name)) for phrase in known)
            return {fold_label(phrase.text): phrase for phrase in named}

        def in_languages(part: str) -> dict[str, bool]:
            rows = (TABLE[part].get(base_language(one), {}) for one in words.languages)
            return {text: on for row in rows for text, on in _on_off(row).items()}

        values = {text: key for key in table.values for text in folded(key)}
        openings = {text: key for key in table.values for text in folded(key, "sentences")}
        actions = {text: key for key in table.actions for text in folded(key)}
        on = table.on or _on_of(table, words)
        return cls(
            labels=folded(table.label),
            descriptions=folded(table.description),
            values=values,
            openings=openings,
            days=_alike(openings, values),
            states=PLAIN_STATES
            | in_languages("states")
            | dict.fromkeys(folded("state.on"), True)
            | dict.fromkeys(folded("state.off"), False),
            answers=in_languages("answers") | (in_languages("allowing") if on == "trains" else {}),
            actions=actions,
            meanings=table.values | table.actions,
            on=on,
            sections=frozenset(folded(table.section)) - frozenset(folded(table.unlike)),
            shared=table.objects is not None,
        )

    # -- what a text says ------------------------------------------------------------------------------------

    def value(self, text: str) -> str | None:
        """Key of the value that a text tells; None where it tells none."""
        folded = _bare(text)
        if folded in self.values:
            return self.values[folded]
        told = next((key for opening, key in self.openings.items() if folded.startswith(opening + " ")), None)
        dated = ((folded.removeprefix(opening + " "), key) for opening, key in self.days.items())
        return told or next((key for rest, key in dated if rest != folded and _A_DAY.fullmatch(rest)), None)

    def since(self, text: str) -> str:
        """What stands behind the opening of a line that tells a value: "14 january" of "On since 14 January"."""
        folded = without_signs(text)
        openings = (*self.openings, *self.days)
        return next((folded[len(opening) + 1 :] for opening in openings if folded.startswith(opening + " ")), "")

    def state(self, text: str) -> bool | None:
        """Whether a text is the word for on or off, be it since a day; None where it is neither."""
        folded = _bare(text)
        said = _SINCE.fullmatch(folded)
        return self.states.get(said["state"] if said is not None and _A_DAY.fullmatch(said["day"]) else folded)

    def meaning(self, text: str) -> Meaning | None:
        """What a text says of the setting: by a value's words, by those for on and off, or by what it offers to do."""
        key = self.value(text) or self.actions.get(fold_label(text))
        if key is not None:
            return self.meanings.get(key)
        on = self.state(text)
        return None if on is None else self.switched(on=on)

    def switched(self, *, on: bool) -> Meaning | None:
        """What a switch's state means; None where the setting has values that no switch can show."""
        if self.on is None:
            return None
        return "trains" if (self.on == "trains") is on else "protects"

    def tells(self, text: str) -> bool:
        """Whether a text is the word for a state, and no more."""
        folded = _bare(text)
        return folded in self.values or self.state(text) is not None or folded in self.actions

    def leads_on(self, text: str) -> bool:
        """Whether an arrow stands behind a text: it is the value of a row that leads to a page of its own."""
        return SIGNS_BEHIND.search(fold_label(text)) is not None

    def goes_with(self, button: str, state: str) -> bool:
        """Whether a button's name leaves a state written beside it as it is: "Change", or "Turn on" beside "Off"."""
        named = fold_label(button)
        return self.changes(button) or (named in OFFERS and OFFERS[named] is self.state(state))

    def changes(self, name: str) -> bool:
        """
        Whether a link or button is called as what changes the setting: "Edit", "Edit: …", "… (change)".

        What it changes is the label, what holds it, or what any setting is called; or it is not told.
        """
        if fold_label(name) in self.sections:
            return True
        what = changed_by(name)
        what = _A_SETTING.sub("", what) if what else what
        own = self.rest(name)
        return what in {"", *self.labels, *self.sections} or (own is not None and changed_by(own) == "")

    def leads_to(self, name: str) -> bool:
        """Whether a link or button is called as the label, or as what changes it."""
        return self.names(name) is not None or self.changes(name)

    def tells_more(self, name: str) -> bool:
        """Whether a link is called as what leads to an explanation: "Learn more"."""
        folded = fold_label(name)
        return bool(folded) and not _MORE.sub("", folded)

    def heads_state(self, text: str) -> bool:
        """Whether a text says, above a column of a table, that the present states stand there."""
        return fold_label(text) in _PRESENT_STATE

    def ending(self, text: str) -> str:
        """The value or state at the end of a text that begins with a label; empty where it is not so."""
        rest = self.rest(text)
        return (self._known_rest(rest) or "") if rest is not None else ""

    def joins(self, text: str) -> bool:
        """Whether a text names label and state in one breath, with nothing that sets them apart."""
        ending = self.ending(text)
        return bool(ending) and not fold_label(text).removesuffix(ending).rstrip().endswith(_SET_APART)

    # -- whose name a text is --------------------------------------------------------------------------------

    def names(self, text: str) -> Phrase | None:
        """The label that a control's name is: alone, after its section, or before its description, value, or both."""
        folded = self._without_section(fold_label(text))
        if folded in self.labels:
            return self.labels[folded]
        if folded in self.descriptions:
            return next(iter(self.labels.values()), None)
        rest = self.rest(folded)
        return None if rest is None or self._known_rest(rest) is None else self.beginning(folded)

    def _without_section(self, folded: str) -> str:
        """A name without the words of the section before a label: names are put together from a heading and a line."""
        for section in self.sections:
            rest = folded.removeprefix(section)
            if rest != folded and not rest[:1].isalnum() and any(rest.strip(_GLUE).startswith(n) for n in self.labels):
                return rest.strip(_GLUE)
        return folded

    def describing(self, text: str) -> Phrase | None:
        """The known description with which a text begins."""
        folded = fold_label(text)
        return next((phrase for known, phrase in self.descriptions.items() if folded.startswith(known)), None)

    def without_label(self, text: str) -> str:
        """A choice's name without the label at its end: "Allow …"."""
        folded = fold_label(text)
        return next((folded.removesuffix(f" {label}") for label in self.labels if folded.endswith(f" {label}")), folded)

    def heads(self, text: str) -> Phrase | None:
        """The label that a line of text is: alone, or with the state."""
        folded = fold_label(text)
        if folded in self.labels or not self.ending(text):
            return self.labels.get(folded)
        return next((phrase for label, phrase in self._longest_first() if folded.startswith(label)), None)

    def beginning(self, text: str) -> Phrase | None:
        """The longest label that a text begins with, as words of its own."""
        folded = fold_label(text)
        begun = ((label, p) for label, p in self._longest_first() if folded.startswith(label))
        return next((p for label, p in begun if f"{folded} "[len(label)] in " .:,"), None)

    def turns_round(self, text: str) -> bool:
        """
        Whether a text sets words before the label, which may turn its meaning round: "Opt out: …".

        What explains the setting speaks of it too ("if you prefer …, you can opt out of … at any time"), and names no
        control: there, only a few words right before the label count.
        """
        if self.names(text) is not None or self.spoken(text) is not None:
            return False
        told = sentences(text)
        a_name = len(told) == 1 and len(text) <= _LONGEST_NAME and not text.rstrip().endswith(SENTENCE_ENDS)
        most = _LONGEST_NAME if a_name else _FEW_WORDS
        for sentence in map(fold_label, told):
            for before in (sentence.partition(label)[0] for label in self.labels if label in sentence):
                said = [word for word in before.split() if any(c.isalpha() for c in word)]
                allows = self.on == "trains" and len(said) == 1 and self.answers.get(said[0])
                if 0 < len(said) <= most and said[-1] not in _TURNS_NOTHING and not allows:
                    return True
        return False

    def says_nothing(self, text: str) -> bool:
        """
        Whether a control's name leaves open what it is for.

        There is none, it is only a value, both words for the state of which one is drawn, or what any switch is called.
        """
        return self.tells(text) or self._adds_nothing(text)

    def _adds_nothing(self, text: str) -> bool:
        said = set(_spaced(text).split())
        if said >= _OPPOSITES:
            said -= _OPPOSITES
        said -= _ANY_SWITCH
        return not said or {self.states.get(word) for word in said} == {True, False}

    def spoken(self, text: str) -> Phrase | None:
        """The label in a name that else only says that it is a switch: "Toggle …", or as code has it: "…-switch"."""
        said = f" {_spaced(text)} "
        for label, phrase in self._longest_first():
            before, found, after = said.partition(f" {_spaced(label)} ")
            if found and self._adds_nothing(f"{before} {after}"):
                return phrase
        return None

    def _longest_first(self) -> list[tuple[str, Phrase]]:
        return sorted(self.labels.items(), key=lambda item: -len(item[0]))

    def rest(self, text: str) -> str | None:
        """What stands behind the label that a text begins with; None where nothing does."""
        folded = self._without_section(fold_label(text))
        begun = (label for label, _ in self._longest_first() if folded.startswith(label) and folded != label)
        return next((folded[len(label) :].strip(_GLUE) for label in begun), None)

    def _known_rest(self, rest: str) -> str | None:
        """What stands behind a label, without its description; None where it is not known."""
        for description in sorted(self.descriptions, key=len, reverse=True):
            if rest.startswith(description):
                rest = rest[len(description) :].strip(_GLUE)
        rest = _MORE.sub("", rest).removeprefix("is ").strip(_GLUE)
        before, _, last = rest.rpartition(" ")
        rest = before.rstrip(_GLUE) if before and changed_by(last) == "" else rest
        rest = rest.strip("()[]")
        if rest in BADGES:
            return ""
        return rest if not rest or self.tells(rest) else None


def _bare(text: str) -> str:
    """A text, folded, without what may stand behind a state: an arrow, a dash before the next word."""
    folded = without_signs(text)
    return folded.rstrip(" -·|") or folded


def _spaced(text: str) -> str:
    """A text with blanks between its words, whatever parts them."""
    return " ".join(filter(None, _BETWEEN_WORDS.split(fold_label(text))))


def _on_of(table: ControlTable, words: PageWords) -> Meaning | None:
    """What "on" means of a setting that is told by its values: where these are words for on and off themselves."""
    said = {
        PLAIN_STATES[folded]: meaning
        for key, meaning in table.values.items()
        for phrase in words.english.phrases(key)
        if (folded := fold_label(phrase.text)) in PLAIN_STATES
    }
    return said.get(True) if len(set(said.values())) == 2 else None


def _alike(openings: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """What a page writes behind the word for one value it writes behind those for the others: "Off since"."""
    behind = {text[len(word) :] for text in openings for word in values if text.startswith(word + " ")}
    return {word + rest: key for word, key in values.items() for rest in behind}
