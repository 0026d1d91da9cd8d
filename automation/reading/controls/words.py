"""The words of one control: its names, its values, and what each text says of its state, be it in a whole sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from automation.flow.control_table import OBJECT, ControlTable, Meaning
from automation.text.labels import Phrase
from automation.text.normalizing import base_language, fold, fold_label, sentences, spell_out, without_signs

if TYPE_CHECKING:
    from automation.text.page_words import PageWords

_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
SENTENCE_ENDS = (".", "!", "?", "。")


def _on_off(row: Mapping[str, list[str]]) -> dict[str, bool]:
    return {text: key == "on" for key, texts in row.items() for text in texts}


_LISTS = {name: frozenset(words) for name, words in (_TABLE["lists"] | _TABLE["statements"]).items()}
BADGES, WAY_TO_SETTINGS = _LISTS["badges"], _LISTS["way_to_settings"]
PLAIN_STATES, OFFERS = _on_off(_TABLE["states"]["any"]), _on_off(_TABLE["offers"])
"""Words for on and off; what a button beside a state offers → whether the setting is on while that is offered."""
YES, NO = _LISTS["yes"], _LISTS["no"]
ANY_SETTING = _LISTS["itself"] | _LISTS["such"]
_OPTIONS = re.compile(
    r"(?:(?:more )?options|(?:plus d')?options|(?:weitere )?optionen|(?:más )?opciones|(?:altre )?opzioni)"
    r" (?:for|of|pour|für|para|de|per) (?P<label>.+)"
)
"""What the button with three dots is called."""
_AROUND, _GLUE = " .:,;–—-()[]«»\"'", " .:,-"
"""What stands between "Edit" and the setting's name, or around the name; between a label and what follows it."""
_A_DAY = re.compile(r"(?=.*\d)[\w./-]+(?:,? [\w./-]+){0,2}")
_DATED = re.compile(r"(?P<state>\w+(?: \w+)?) (?:since|depuis(?: le)?|seit(?: dem)?|desde(?: el)?|dal) (?P<day>.+)")
_BETWEEN_WORDS = re.compile(r"[\s_/-]+")
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
_LONGEST_NAME, _FEW_WORDS = 120, 4
"""Characters: what is longer, or a whole sentence, explains something and names no control; words."""
_OPPOSITES = frozenset({"enable", "disable"})
_TURNS_NOTHING = frozenset({"about", "sur", "über", "sobre", "su"})
"""The word right before a label: "Learn more about …"."""
WORD = re.compile(r"[^\W_]+")
_PLACE = re.compile(r"\bon (?:this|that|your|our|my|the|all|any|every|an?|which|what|how)\b")
"""English: "on" that tells where."""
_SINCE = re.compile(r"\s(?:since|as of|depuis|seit|desde|dal|dalla|sedert)\b.*$")
_ON_A_DAY = re.compile(r"\s(?:on|am|le|el|il|em|at|um) [^.]*\d.*$")
"""What follows a state and says when it was set."""
_FOR_NOW = re.compile(
    r"\b(?:no momento|de momento|en este momento|al momento|im (?:moment|augenblick)|pour (?:l'instant|le moment))\b"
)
_APART = re.compile(r"\s*(?:\s[-–—]\s|[·|,;:(])\s*")
_SET_WHEN = re.compile(
    r"(?:last |just |recently )?(?:updated|changed|saved|modified|set|edited|turned|switched|since|as of|today"
    r"|yesterday|just now|\d|modifié|mis à jour|depuis|aujourd'hui|hier|aktualisiert|geändert|gespeichert|seit|heute"
    r"|gestern|actualizad[oa]|desde|hoy|ayer|aggiornat[oa]|dal|oggi|ieri)"
)
"""What stands behind a state and says when it was set: "On – updated just now"."""
_BRACKETS = re.compile(r"\(([^()]*)\)")


def changed_by(name: str) -> str | None:
    """
    What a button or link changes by its name, folded; None where it is no name of that kind.

    Empty where it does not say, or calls it what any setting is called: "Edit", "Change this setting".
    """
    folded = fold_label(name).strip(_AROUND)
    if (options := _OPTIONS.fullmatch(folded)) is not None:
        return options["label"]
    first, _, rest = folded.partition(" ")
    # "Update" alone may be another version of the app.
    if first.rstrip(_AROUND) not in _LISTS["changing"] or folded == "update":
        return None
    rest = rest.strip(_AROUND)
    return rest if set(rest.split()) - _LISTS["this_setting"] else ""


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
            return {fold_label(p.text): p for p in (replace(p, text=p.text.replace(OBJECT, name)) for p in known)}

        def in_languages(part: str) -> dict[str, bool]:
            rows = (_TABLE[part].get(base_language(one), {}) for one in words.languages)
            return {text: on for row in rows for text, on in _on_off(row).items()}

        said = dict.fromkeys(folded("state.on"), True) | dict.fromkeys(folded("state.off"), False)
        on = table.on or _on_of(table, words)
        return cls(
            labels=folded(table.label),
            descriptions=folded(table.description),
            values={text: key for key in table.values for text in folded(key)},
            openings={text: key for key in table.values for text in folded(key, "sentences")},
            states=PLAIN_STATES | in_languages("states") | said,
            answers=in_languages("answers") | (in_languages("allowing") if on == "trains" else {}),
            actions={text: key for key in table.actions for text in folded(key)},
            meanings=table.values | table.actions,
            on=on,
            sections=frozenset(folded(table.section)) - frozenset(folded(table.unlike)),
            shared=table.objects is not None,
        )

    # -- what a text says ------------------------------------------------------------------------------------

    def value(self, text: str) -> str | None:
        """Key of the value that a text tells; None where it tells none."""
        folded = _bare(text)
        begun = (key for opening, key in self.openings.items() if folded.startswith(opening + " "))
        return self.values.get(folded) or next(begun, None)

    def since(self, text: str) -> str:
        """What stands behind the opening of a line that tells a value: "14 january" of "On since 14 January"."""
        folded = without_signs(text)
        begun = (opening for opening in self.openings if folded.startswith(opening + " "))
        return next((folded[len(opening) + 1 :] for opening in begun), "")

    def state(self, text: str) -> bool | None:
        """Whether a text is the word for on or off, be it since a day; None where it is neither."""
        folded = _bare(text)
        said = _DATED.fullmatch(folded)
        return self.states.get(said["state"] if said is not None and _A_DAY.fullmatch(said["day"]) else folded)

    def meaning(self, text: str) -> Meaning | None:
        """What a text says of the setting: by a value's words, by those for on and off, or by what it offers to do."""
        key = self.value(text) or self.actions.get(fold_label(text))
        on = self.state(text) if key is None else None
        return self.meanings.get(key) if key is not None else None if on is None else self.switched(on=on)

    def switched(self, *, on: bool) -> Meaning | None:
        """What a switch's state means; None where the setting has values that no switch can show."""
        if self.on is None:
            return None
        return "trains" if (self.on == "trains") is on else "protects"

    def tells(self, text: str) -> bool:
        """Whether a text is the word for a state, and no more."""
        folded = _bare(text)
        return folded in self.values or self.state(text) is not None or folded in self.actions

    def changes(self, name: str) -> bool:
        """
        Whether a link or button is called as what changes the setting: "Edit", "Edit: …", "… (change)".

        What it changes is the label, what holds it, or what any setting is called; or it is not told.
        """
        if fold_label(name) in self.sections:
            return True
        what, own = changed_by(name), self.rest(name)
        what = _A_SETTING.sub("", what) if what else what
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
        return fold_label(text) in _LISTS["present_state"]

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
        if folded in self.labels or folded in self.descriptions:
            return self.labels.get(folded) or next(iter(self.labels.values()), None)
        rest = self.rest(folded)
        return None if rest is None or self._known_rest(rest) is None else self.beginning(folded)

    def _without_section(self, folded: str) -> str:
        """A name without the words of the section before a label: names are put together from a heading and a line."""
        for section in self.sections:
            rest = folded.removeprefix(section)
            if rest != folded and not rest[:1].isalnum() and any(rest.strip(_GLUE).startswith(n) for n in self.labels):
                return rest.strip(_GLUE)
        return folded

    def heads(self, text: str) -> Phrase | None:
        """The label that a line of text is: alone, or with the state."""
        folded = fold_label(text)
        begun = (label for label in self._longest_first() if folded.startswith(label))
        return self.labels.get(folded if folded in self.labels or not self.ending(text) else next(begun, ""))

    def beginning(self, text: str) -> Phrase | None:
        """The longest label that a text begins with, as words of its own."""
        folded = fold_label(text)
        begun = (one for one in self._longest_first() if folded.startswith(one) and f"{folded} "[len(one)] in " .:,")
        return self.labels.get(next(begun, ""))

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
        before = [one.partition(label)[0] for one in map(fold_label, told) for label in self.labels if label in one]
        for said in ([word for word in one.split() if any(map(str.isalpha, word))] for one in before):
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
        said -= (_OPPOSITES if said >= _OPPOSITES else set()) | _LISTS["any_switch"]
        return not said or {self.states.get(word) for word in said} == {True, False}

    def spoken(self, text: str) -> Phrase | None:
        """The label in a name that else only says that it is a switch: "Toggle …", or as code has it: "…-switch"."""
        said = f" {_spaced(text)} "
        parted = ((label, said.partition(f" {_spaced(label)} ")) for label in self._longest_first())
        own = (label for label, (before, found, after) in parted if found and self._adds_nothing(f"{before} {after}"))
        return self.labels.get(next(own, ""))

    def _longest_first(self) -> list[str]:
        return sorted(self.labels, key=len, reverse=True)

    def rest(self, text: str) -> str | None:
        """What stands behind the label that a text begins with; None where nothing does."""
        folded = self._without_section(fold_label(text))
        begun = (label for label in self._longest_first() if folded.startswith(label) and folded != label)
        return next((folded[len(label) :].strip(_GLUE) for label in begun), None)

    def _known_rest(self, rest: str) -> str | None:
        """What stands behind a label, without its description; None where it is not known."""
        for description in sorted(self.descriptions, key=len, reverse=True):
            if rest.startswith(description):
                rest = rest[len(description) :].strip(_GLUE)
        rest = _MORE.sub("", rest).removeprefix("is ").strip(_GLUE)
        before, _, last = rest.rpartition(" ")
        rest = (before.rstrip(_GLUE) if before and changed_by(last) == "" else rest).strip("()[]")
        return "" if rest in BADGES else rest if not rest or self.tells(rest) else None


def _bare(text: str) -> str:
    """A text, folded, without what may stand behind a state: an arrow, a dash before the next word."""
    folded = without_signs(text)
    return folded.rstrip(" -·|") or folded


def _spaced(text: str) -> str:
    """A text with blanks between its words, whatever parts them."""
    return " ".join(filter(None, _BETWEEN_WORDS.split(fold_label(text))))


def _on_of(table: ControlTable, words: PageWords) -> Meaning | None:
    """What "on" means of a setting that is told by its values: where these are words for on and off themselves."""
    told = ((fold_label(p.text), meaning) for key, meaning in table.values.items() for p in words.english.phrases(key))
    said = {PLAIN_STATES[text]: meaning for text, meaning in told if text in PLAIN_STATES}
    return said.get(True) if len(set(said.values())) == 2 else None


# -- sentences that state how a setting stands, and for what -----------------------------------------------------


def stated(wanted: Wanted, line: str) -> Iterator[Meaning]:
    """
    What a line tells of the setting's state in words, once for each sentence of it that does.

    A sentence counts where all of its words belong to such a statement, or are the setting's own; any other word may
    name another setting, or a condition. The word for a state alone is none: who draws a switch may write it there for
    what it is.
    """
    said = set(WORD.findall(fold(line)))
    if "?" in line or wanted.tells(line) or (len(said) > 1 and said <= YES | NO):  # or what one may choose from
        return
    for sentence in sentences(line) or [line]:
        named = _BRACKETS.sub(" ", sentence)
        for part in (named, *_BRACKETS.findall(sentence)):
            folded = spell_out(fold(part)).strip(" .…!:")
            meaning = _meaning_of(wanted, folded)
            lead, *behind = _APART.split(folded, maxsplit=1)
            if meaning is None and behind and wanted.tells(lead) and _SET_WHEN.match(behind[0]):
                meaning = wanted.meaning(lead)
            of_name = part is not named and wanted.tells(part) and not speaks_of_itself(wanted, named)
            if meaning is not None and not of_name:  # "Auto-delete (Off)"
                yield meaning


def _meaning_of(wanted: Wanted, folded: str) -> Meaning | None:
    """What the words of a sentence tell together; None where one of them may tell something else."""
    said = WORD.findall(_PLACE.sub(" ", _ON_A_DAY.sub("", _SINCE.sub("", _FOR_NOW.sub(" ", folded)))))
    told: set[Meaning | None] = set()
    rest: list[str] = []
    turned = False
    for at, word in enumerate(said):
        meaning = _meaning_of_word(wanted, word, said[at - 1] if at else "")
        within = 0 < at < len(said) - 1
        little = within and (word in _LISTS["short"] or (word == "on" and said[at + 1] not in _LISTS["itself"]))
        if meaning is not None and not little:
            told.add(meaning)
        elif word in _LISTS["negations"]:
            turned = not turned
        elif word != "opted":
            rest.append(word)
    if not told and rest and said[-1] in YES | NO:  # "Your choice: No"
        told, turned = {wanted.switched(on=said[-1] in YES)}, False
        rest = [word for word in rest if word not in YES]
    if len(told) != 1 or not ANY_SETTING.union(own_words(wanted)).issuperset(rest):
        return None
    meaning = told.pop()
    return meaning if not turned or meaning is None else "protects" if meaning == "trains" else "trains"


def _meaning_of_word(wanted: Wanted, word: str, before: str) -> Meaning | None:
    if word in _LISTS["lets_in"] or (word, before) == ("in", "opted"):
        return "trains"
    if word in _LISTS["keeps_out"] or (word, before) == ("out", "opted"):
        return "protects"
    return wanted.switched(on=word in _LISTS["on"]) if word in _LISTS["on"] | _LISTS["off"] else None


def speaks_of_itself(wanted: Wanted, name: str) -> bool:
    """Whether a name before a state is only what any setting's state is called, or the setting's own words."""
    return set(WORD.findall(fold(name))) <= _LISTS["itself"] | _LISTS["negations"] | own_words(wanted)


def own_words(wanted: Wanted) -> frozenset[str]:
    """The words of the setting's labels and sections."""
    return frozenset(word for name in (*wanted.labels, *wanted.sections) for word in WORD.findall(name))


def is_generic(wanted: Wanted, name: str) -> bool:
    """Whether a name says no more than what any setting of this kind may be called."""
    return set(WORD.findall(fold(name))) <= ANY_SETTING | _LISTS["opposite"] | own_words(wanted)
