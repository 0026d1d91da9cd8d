"""What a sentence of a service's letter is for, beside the decision: greeting, reference, scope, survey, signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from automation.reading.bearing import Bearing, bearing_in
from automation.reading.familiar import is_statement, is_strange, may_touch_later
from automation.reading.letter_tables import grammar_of, tables
from automation.reading.narrowing import (
    advises,
    agrees,
    asks_how_far,
    asks_of_use,
    introduces_another,
    is_in_force,
    is_whole,
    narrows,
    not_to_be_had,
    of_others_alone,
    takes_away,
)
from automation.reading.plain import undated, without_concession, without_sympathy
from automation.reading.replying import is_of_replying_alone, without_noting
from automation.reading.retracting import retracts
from automation.reading.starts import decisions_may_start
from automation.text.normalizing import base_language, fold, spell_out

_INSERTIONS = (
    re.compile(r", ([^,;:()]{3,80}), "),
    re.compile(r" \(([^()]{3,120})\)(?: |(?=[.,]))"),
    re.compile(r" - ([^()]{3,120}) - "),
)
"""What stands within a sentence between two marks: "We are unable, for the reasons below, to …"."""
_TELLS = re.compile(r"\bto (?:tell you|say|let you know|inform you|explain|point out|advise you)(?: that)? (?=\w)")
_GOES_ON = re.compile(
    r"^we (?:.*?)(?:[,;:]? (?:and|but)|[,;:]) (?=(?:now |so |then )?(?:(?P<who>we|it|you|there"
    r"|(?:the|our|your)(?: [\w'-]+){1,5} (?:is|are|was|were|has|have|will|does|do|did|stays?|remains?|prevails?"
    r"|overrides?|outweighs?|continues?))|will|must|can|cannot|could|do|does|did|made|keep|kept"
    r"|see|saw|find|found|came|come|concluded?|agreed?|changed?|think|believe|regret|noticed|learned|reali[sz]ed)(?!\w))"
)
"""Where a sentence about what the service did goes on with what came of it."""
_PUT_BACK = re.compile(
    r"\b(?:learns? from|trains? on|in(?:to)? the training (?:set|data)|takes? part|turned (?:it|that|this) a?round"
    r"|moved to (?:the other|another))\b"
)
"""Of an account after an acceptance: where it stands now, in words that name nothing of the decision."""
_MARKS = " .,:;!-"
_BULLET = re.compile(r"^\d{1,2}[.)] ")
_ITEM_MARK = re.compile(r"^(?:[-–•·*▪◦‣✓✔✅☑]|\(?\d{1,2}[.)])\s+")
_PLAIN = frozenset({"greeting", "thanks", "about", "reference", "status", "signature", "legal"})
"""Parts in which no verb of deciding has a place."""
_FRAME = frozenset({"greeting", "thanks", "survey", "do_not_reply", "signature", "legal"})
_MOST_WORDS_OF_A_GREETING, _FEWEST_WORDS_OF_A_STATEMENT = 9, 5


@dataclass(frozen=True, slots=True)
class LetterGrammar:
    """How letters are made in the languages of one page."""

    languages: tuple[str, ...]

    def part(self, sentence: str) -> str | None:
        """Which part of a letter a sentence is; None where it is none, or says that something is undone."""
        folded = _folded(sentence)
        if any(grammar_of(language).undoes.search(folded) for language in self.languages):
            return None
        if (noted := without_noting(folded)) != folded and self.part(noted) == "do_not_reply":
            return "do_not_reply"
        for language in self.languages:
            for name, pattern in grammar_of(language).parts:
                match = pattern.match(folded)
                if match is None or (name == "greeting" and len(folded.split()) > _MOST_WORDS_OF_A_GREETING):
                    continue
                if name == "do_not_reply" and not is_of_replying_alone(folded):
                    continue
                if name in _PLAIN and self.decides(folded[match.end() :]):
                    continue  # "We've reviewed your request and will honour it" is more than its beginning
                if name == "about" and (came := _GOES_ON.match(folded)) is not None:
                    return self.part(folded[came.end() :]) if came["who"] else None
                told = _TELLS.search(folded) if name == "about" else None
                return self.part(folded[told.end() :]) if told else name
        return None

    def decides(self, text: str) -> bool:
        """Whether a text holds a verb of deciding."""
        return any(grammar_of(language).decides.search(_folded(text)) for language in self.languages)

    def acknowledges(self, sentence: str) -> bool:
        """Whether a sentence says that a request was received."""
        return any(grammar_of(language).received.match(_folded(sentence)) for language in self.languages)

    def undoing(self, text: str) -> bool:
        """Whether a text, be it one word of a status, says that something is taken back or goes on after all."""
        folded = _folded(text)
        return self.undoes(text) or any(grammar_of(language).undoing.search(folded) for language in self.languages)

    def brings_about(self, sentence: str) -> bool:
        """Whether a sentence says what a decision brings about, as a fact: "Your posts are no longer used"."""
        bearings = self._bearings()
        if any(bearing.takes_effect_later(sentence) for bearing in bearings):
            return True
        if self.supposes(sentence):
            return False
        told = self.part(sentence) == "effect" or is_in_force(sentence)
        return told or any(b.ends_use(sentence) or b.stops_use(sentence) for b in bearings)

    def acts(self, text: str) -> bool:
        """Whether a text speaks of something that a service does with a request."""
        return any(grammar_of(language).acts.search(_folded(text)) for language in self.languages)

    def of_earlier(self, sentence: str) -> bool:
        """Whether a sentence is about an earlier message of the service."""
        return any(grammar_of(language).earlier.match(_folded(sentence)) for language in self.languages)

    def supersedes(self, sentence: str) -> bool:
        """Whether a sentence says, and nothing after that, that an earlier answer of the service no longer counts."""
        bare = _folded(sentence).strip(_MARKS)
        found = [m for language in self.languages if (m := grammar_of(language).supersedes.search(bare)) is not None]
        return any(not self.negates(bare[: m.start()]) for m in found) and not self.supposes(sentence)

    def upholds(self, sentence: str) -> bool:
        """Whether a sentence says that the answer given before still counts, and nothing else."""
        starts = {_folded(text).strip(_MARKS) for text in (sentence, self.without_lead(sentence))}
        upheld = any(grammar_of(language).upholds.fullmatch(start) for language in self.languages for start in starts)
        return upheld or self.assures(sentence)

    def assures(self, sentence: str) -> bool:
        """Whether a sentence says that what was decided is kept or was carried out, and nothing else."""
        return any(bearing.assures(sentence) for bearing in self._bearings())

    def closes(self, sentence: str) -> bool:
        """Whether a sentence says that the request is closed, and nothing else: how it was decided it does not say."""
        bare = _folded(sentence).strip(_MARKS)
        return any(grammar_of(language).closes.fullmatch(bare) for language in self.languages)

    def said_once_more(self, sentence: str) -> str:
        """What a sentence says once more after "our decision hasn't changed: …"; empty where it does not."""
        upheld, _, rest = _folded(sentence).partition(": ")
        return rest if self.upholds(upheld) else ""

    def reopens(self, sentence: str) -> bool:
        """Whether a sentence says that what was decided is being looked at once more."""
        return any(grammar_of(language).again.search(_folded(sentence)) for language in self.languages)

    def means(self, rest: str) -> bool:
        """Whether what follows an acceptance says what it brings about, and nothing that goes on or depends on it."""
        for language in self.languages:
            match = grammar_of(language).means.match(rest.lstrip())
            said = rest.lstrip()[match.end() :] if match is not None else ""
            if said and any(bearing.ends_use(said) for bearing in self._bearings()):
                return True
        return False

    def undoes(self, sentence: str) -> bool:
        """Whether a sentence says that something was taken back, or starts over."""
        return any(grammar_of(language).undoes.search(_folded(sentence)) for language in self.languages)

    def bears(self, sentence: str) -> bool:
        """Whether a sentence may touch a decision that stands beside it: see `automation.reading.bearing`."""
        return any(bearing.bears(sentence) for bearing in self._bearings())

    def speaks_of_it(self, sentence: str) -> bool:
        """Whether a sentence speaks of this objection, or of what is done with it."""
        return any(bearing.speaks_of_it(sentence) for bearing in self._bearings())

    def is_unplaced(self, sentence: str) -> bool:
        """
        Whether a sentence refers to the decision and is of no part and no subject that is known.

        Beside an acceptance it may say anything of it: "That goes for the shop, mind." What is not used is its effect,
        unless something else still is: "Your posts won't be used, your photos will."
        """
        bearings, sentence = self._bearings(), without_sympathy(sentence)
        if self.assures(sentence):
            return False
        theirs = any(bearing.of_what_others_share(sentence) for bearing in bearings)
        taken = (takes_away(sentence) and not theirs) or retracts(sentence)
        if taken or any(bearing.ends_use(sentence) for bearing in bearings):
            return taken
        if self.part(sentence) != "thanks" and any(bearing.stops_use(sentence) for bearing in bearings):
            return any(bearing.goes_on(sentence) for bearing in bearings)
        if self.part(sentence) is not None or self._names_it(sentence):
            return False
        if any(bearing.includes(sentence) for bearing in bearings):
            return False
        if len(sentence.split()) < _FEWEST_WORDS_OF_A_STATEMENT:
            limited = any(bearing.limits(sentence) for bearing in bearings)
            if limited or not is_statement(sentence):
                return limited
        if self.acknowledges(sentence) or self.closes(sentence):
            return False
        if any(agrees(bearing, sentence) for bearing in bearings):
            return False
        return is_strange(sentence, self.languages[0], bearings)

    def is_effect(self, sentence: str) -> bool:
        """Whether a sentence says that nothing of what the person shares is used, and leaves no room for a use."""
        bearings = self._bearings()
        ends = any(b.ends_use(sentence) or (b.stops_use(sentence) and not b.goes_on(sentence)) for b in bearings)
        return ends and not takes_away(sentence)

    def retracts(self, sentence: str) -> bool:
        """Whether a sentence that came after a decision takes it back in words that name nothing of it."""
        return retracts(sentence, later=True)

    def puts_back(self, sentence: str) -> bool:
        """Whether a sentence says where an account stands: among those that are learnt from, or on another list."""
        return _PUT_BACK.search(_folded(sentence)) is not None and not self.negates(sentence)

    def may_touch_later(self, sentence: str) -> bool:
        """Whether a sentence that came after a decision may say something of it."""
        if self.bears(sentence) or self.undoing(sentence) or takes_away(sentence):
            return True
        if any(bearing.keeps_using(sentence) for bearing in self._bearings()):
            return True
        if self.puts_back(sentence):
            return True
        return may_touch_later(sentence, self.languages[0], self._bearings())

    def _names_it(self, sentence: str) -> bool:
        """Whether a sentence says which request a letter is about, by no more than its day."""
        bare = _folded(undated(sentence)).strip(_MARKS)
        return any(grammar_of(language).names_it.fullmatch(bare) for language in self.languages)

    def is_frame(self, sentence: str) -> bool:
        """Whether a sentence frames every letter: greeting, thanks, survey, signature, "this inbox cannot …"."""
        return self.part(sentence) in _FRAME and not self.speaks_of_it(sentence)

    def refers_to_it(self, sentence: str) -> bool:
        """Whether a sentence refers to the decision, or to what the person shared."""
        return any(bearing.refers_to_it(sentence) for bearing in self._bearings())

    def speaks_of_use(self, sentence: str) -> bool:
        """Whether a sentence speaks of using something, of leaving it out, or of how far something goes."""
        return any(bearing.speaks_of_use(sentence) for bearing in self._bearings())

    def points_to_it(self, sentence: str) -> bool:
        """Whether a sentence names a request or decision, or takes one up: "This is done"."""
        return any(bearing.points_to_it(sentence) for bearing in self._bearings())

    def touches(self, sentence: str) -> bool:
        """Whether a sentence refers to the decision or to what the person shared, bears on it, or speaks of a use."""
        bearings = self._bearings()
        return self.undoing(sentence) or any(b.touches(sentence) for b in bearings)

    def is_aside(self, sentence: str) -> bool:
        """Whether an answer to another question can be left alone; with a "not", where that is of a document."""
        bearings = self._bearings()
        if any(advises(bearing, sentence) for bearing in bearings):
            return not self.undoing(sentence)
        if self.touches(sentence):
            return False
        return not self.negates(sentence) or any(not_to_be_had(bearing, sentence) for bearing in bearings)

    def asks_how_far(self, sentence: str) -> bool:
        """Whether a question is about how far the decision goes: "Are my photos included?"."""
        return self.part(sentence) is None and any(asks_how_far(bearing, sentence) for bearing in self._bearings())

    def asks_of_use(self, sentence: str) -> bool:
        """Whether a question is answered by "no" where the decision is whole: "Will my posts be used?"."""
        return self.part(sentence) is None and any(asks_of_use(bearing, sentence) for bearing in self._bearings())

    def names_another(self, rest: str) -> bool:
        """Whether what follows a decision names another account, request or person."""
        return any(bearing.names_another(rest) for bearing in self._bearings())

    def grants_beside_others(self, sentence: str) -> bool:
        """Whether a sentence speaks of what others share, and of nothing that the person shared or that bears on it."""
        return any(of_others_alone(bearing, sentence) for bearing in self._bearings()) and not self.bears(sentence)

    def without_concession(self, sentence: str) -> str:
        """A sentence without the clause that says the decision once more: "…, even though we honour it"."""
        return without_concession(_folded(sentence))

    def takes_items(self, sentence: str) -> bool:
        """Whether a list beneath a line completes it: "It doesn't cover:"."""
        return any(bearing.takes_items(sentence) for bearing in self._bearings())

    def completed(self, heading: str, item: str) -> str:
        """The sentence that a line and an item of the list beneath it make together."""
        return f"{heading.strip().rstrip(':')} {_ITEM_MARK.sub('', item.strip())}"

    def qualifies(self, item: str, completed: str) -> bool:
        """
        Whether an item of a list takes something back by itself: "It covers:" and "your posts, except photos".

        Beneath "It doesn't cover:" it may only say "not" once more.
        """
        if self.bears(item) or self.negates(item):
            return True
        limited = any(bearing.limits(item) for bearing in self._bearings()) or self.narrows(item)
        return limited and not self.negates(completed)

    def negates(self, sentence: str) -> bool:
        """Whether a sentence says "not" of anything."""
        return any(bearing.negates(sentence) for bearing in self._bearings())

    def of_any(self, sentence: str) -> bool:
        """Whether a sentence speaks of any objection, or of what the person may do: "To object, use the form"."""
        return any(bearing.of_any(sentence) for bearing in self._bearings())

    def reminds(self, sentence: str) -> bool:
        """Whether a sentence tells the person what they were told before: "On 2 June we told you that …"."""
        return any(bearing.reminds(sentence) for bearing in self._bearings())

    def supposes(self, sentence: str) -> bool:
        """Whether a sentence speaks of a decision as of one that is still open, or of what was said of it."""
        return any(bearing.supposes(sentence) for bearing in self._bearings())

    def whole(self, rest: str) -> bool:
        """Whether what follows an acceptance leaves it whole."""
        bearings = self._bearings()
        return any(is_whole(bearing, rest) for bearing in bearings) and not self.narrows(rest)

    def open_or_absent(self, sentence: str) -> bool:
        """Whether a sentence says that there is no such request, or what would be if there were."""
        return any(bearing.open_or_absent(sentence) for bearing in self._bearings())

    def introduces_another(self, sentence: str) -> bool:
        """Whether a sentence hands over to words that are not the service's decision now: "You were told this:"."""
        bearings = self._bearings()
        return bool(bearings) and all(introduces_another(bearing, sentence) for bearing in bearings)

    def quotes_a_post(self, sentence: str) -> bool:
        """Whether a sentence hands over to what somebody posted: "You reported a comment by …:"."""
        return any(bearing.quotes_a_post(sentence) for bearing in self._bearings())

    def objects_elsewhere(self, sentence: str) -> bool:
        """Whether a sentence speaks of an objection to something else than a use of information: to a ban."""
        return any(bearing.objects_elsewhere(sentence) for bearing in self._bearings())

    def not_yet(self, rest: str) -> bool:
        """Whether what follows a refusal makes it one for the present: "… has not been accepted yet"."""
        return any(bearing.not_yet(rest) for bearing in self._bearings())

    def has_none_here(self, sentence: str) -> bool:
        """Whether the service says that it has no objection of this person."""
        return any(bearing.has_none_here(sentence) for bearing in self._bearings())

    def narrows(self, rest: str) -> bool:
        """Whether what follows an acceptance takes some of it back, or makes it depend on something."""
        return any(narrows(bearing, rest) for bearing in self._bearings())

    def decisions_may_start(self, sentence: str, *, plainly: bool = True) -> list[str]:
        """The places in a sentence where a decision may start; see `automation.reading.starts`."""
        ours = (set(decisions_may_start(fold(sentence), bearing, plainly=plainly)) for bearing in self._bearings())
        return sorted(set.intersection(*ours), key=len, reverse=True)

    def _bearings(self) -> list[Bearing]:
        return [bearing for language in self.languages if (bearing := bearing_in(language)) is not None]

    def without_insertion(self, sentence: str) -> list[tuple[str, str]]:
        """The sentence without each phrase that is inserted between two marks, and that phrase."""
        folded = fold(sentence)
        found = (match for pattern in _INSERTIONS for match in pattern.finditer(folded))
        return [(f"{folded[: match.start()]} {folded[match.end() :]}", match[1]) for match in found]

    def without_lead(self, sentence: str) -> str:
        """The sentence without what may stand before a decision: "After careful review, we …"."""
        folded = sentence.strip()
        for _ in range(3):
            for language in self.languages:
                spelled = spell_out(fold(folded))
                match = grammar_of(language).leads.match(spelled)
                if match is None:
                    continue
                rest = spelled[match.end() :]
                stripped = grammar_of(language).upright(rest.lstrip(" ,:;!-."))
                if stripped and (rest[:1] in " ,:;!-." or match[0].endswith("that")):
                    folded = stripped
                    break
            else:
                return folded
        return folded


def letter_in(locale: str) -> LetterGrammar:
    """The grammar for a page in this language; English is always read too."""
    own = base_language(locale)
    return LetterGrammar(tuple(dict.fromkeys([own, "en"])) if own in tables() else ("en",))


def _folded(sentence: str) -> str:
    return _BULLET.sub("", spell_out(fold(sentence)).lstrip("\"'-•· ¡¿"))
