"""
Whether a sentence of a service's letter touches the decision that stands beside it.

A letter that accepts an objection says much more: what others may still post, other accounts, how to complain, who
reads the mailbox. All of it is full of "not" and "if". What would take the acceptance back is narrower: the decision is
undone or refused, holds only in part, for a time or under a condition, needs something of the person first, or the
information is used all the same. A clause is looked at for who does what to what, and not for how it begins.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise, zip_longest

from automation.reading.own_words import own_words_in
from automation.reading.using import still_uses
from automation.text.normalizing import fold, spell_out

MARKS = " \t\n-–•·*>✅✔☑☞→#.,:;!()[]"
_ENDS_WITH_NOT = re.compile(r"\b(?:will|is|was|has|had|does|did|can)? ?not$|\bcannot$")
"""An elliptic refusal: "Your objection of 2 May will be honoured. Your objection of 4 May will not."."""
_LEFT_OUT = re.compile(
    r"\b(?:exclud\w+|left out|kept out|leave out|esclus\w+|exclu\w*|excluid\w+|ausgeschlossen|ausgenommen)\b"
)
_ITEM = re.compile(r"^\W*\(?\d{1,2}[.)] ")
_NO_LONGER = re.compile(
    r"\b(?:not|no longer|never|stop\w*|cease\w*|no|dejar\w*|non|smett\w*|ne|cess\w*|nicht|keine?)\b|\bn'"
    rf"|{_LEFT_OUT.pattern}"
)
_FOR_AI = re.compile(
    r"\b(?:ais?|ia|ki|models?|modelos?|modelli|modèles?|modellen?|modelle|(?:this|that) purpose|purposes)\b"
)
_LIKE_THE_OTHERS = re.compile(
    r"(?:what(?:ever)? you (?:will )?(?:share|post|publish)(?: publicly)?(?: in (?:the )?future| from now on)?"
    r"|your (?:public )?(?:posts|content|information|data)) (?:(?:will|is|are) (?:not|no longer) )(?:be )?used either"
)
"""A sentence that says of all that is shared what was said before of something else."""
_FRIENDS_ONLY = re.compile(r"\bonly (?:with|to|for) (?:your )?friends\b|\bfriends only\b")
_SINCE = re.compile(
    r",? ?\b(?:(?:from|as of|starting(?: from)?|beginning|with effect from)"
    r" (?:today|now|(?:this|that) (?:point|day|date|moment)|the date of this \w+)"
    r"(?: on(?:wards?)?| forward)?(?: in time)?|going forward|from here on(?:wards?)?|henceforth|in (?:the )?future)"
    r"\b,?"
)
"""When something begins that is so from then on."""
_A_NAME = (
    r"(?!(?:the|a|an|this|that|your|my|their|hold|request|demand|condition|trial|pages?|groups?|blogs?|sites?|record"
    r"|file|\w+days?|\w+ends?|\w+ings?|\w+ly)\b)[^\W\d]{4,}"
)
_ON_ITS_PAGES = re.compile(
    r" on (?:(?:our|any of our) (?:products|services|apps|platforms)"
    rf"|{_A_NAME}(?:(?:, and |, or |, | and | or ){_A_NAME})*)"
    r"(?= (?:will|is|are|stays?|to|for)\b|\W*$)"
)
"""Where something was shared: on the service's pages, by their names; the form is the same for all."""
_NOT_FROM_YOU = re.compile(
    r"\b(?:information|data) about you (?:that|which) (?:do|does|did) not come from"
    r" (?:you|(?:your|this) account|your own accounts)\b(?!,? (?:and|or|nor|but|alone|directly|originally)\b)"
)
_INCLUDED = re.compile(r"(?P<what>[^:]{3,100}): (?:also |fully )?(?:included|covered|protected)")
_NARROWING = re.compile(r"\b(?:only|except|apart|stop\w*|nor|(?:and|or) (?:for )?your)\b")
_TITLE = re.compile(
    r"(?:what|how|why|when|where|who|things|here|some|please|note|next|important|remember|good|lo que|qué|cosa|che cosa"
    r"|ce que|ce qu'|was|wie|hinweis|bitte|nota|importante|ten en cuenta|remarque)\b"
)
"""How a line begins that is the title of a list, whose items are sentences of their own."""
_RELATIVE = re.compile(r"(?:which|that) ")
_YOURS = re.compile(r"\byours\b")
_TO_YOU = re.compile(r"^(?!.*\bup\b).*\byou\b")
_HAS_EFFECT = re.compile(
    r"effect|appli|reflect|updat|implement|propagat|aplic|reflej|efect|effett|applic|wirksam|umgesetzt"
)
SHARED_BY_YOU = re.compile(
    r"(?<!\bof )(?<!\babout )\byou (?:have |may |might |also |already |publicly |yourself )*"
    r"(?:share|post|publish|upload|write|make|tag|add|put|show|mention|repost)\w*\b"
)
_CONTENT = re.compile(
    r"\b(?:content|posts?|photos?|pictures?|videos?|reels|captions?|comments?|stories|information)(?: in)?$"
)
_EXPLAINS = re.compile(
    r"(?:who|(?:this|that|esto|eso|questo|ciò|cela|ceci|das) (?:means|signif\w+|vuol dire|bedeutet))\b"
)
_LEAVES_ROOM = re.compile(
    r"\b(?:unless|except\w*|only|just|but|if|until|while|when|once|others?|apart from|besides|not all|no more|without"
    r"|aside|outside|inside|abroad|nights?|weekends?|sundays?|holidays?|winter|summer|beta|longer than|straight away"
    r"|so soon|at first|new|ireland|dublin|europe|eu|uk|in the us|with (?:more|less|an?)|that makes?|which makes?|team"
    r"|by (?:our|an?|one)|private|some|part|parts|half|most|mostly|they|their|year"
    r"|theory|principle|paper|record|mobile|desktop|drafts?|weekdays?|(?:mon|tues|wednes|thurs|fri|satur)days"
    r"|today|week|month|moment|point|temporar\w*|yet|union|region|country|countries|advertis\w*|ads|partners?|full"
    r"|name(?! and user| and cover|,)"
    r"|salvo|excepto|solo|sólo|pero|hasta|mientras|cuando|año|sin|privad\w+|tranne|ma|finché|quest'anno|senza|privat\w+"
    r"|sauf|seulement|mais|si|jusqu\w*|année|sans|privée?s?|außer|nur|aber|wenn|solange|bis|jahr|vorerst|ohne)\b"
)
"""Words beside "is not used" that may leave a use open: of other things, for a time, at a place, by somebody else."""
ALL_OF_IT = re.compile(
    r"\b(?:information\w*|info|content|data|posts?|(?:what|everything|anything|whatever) you|publications?|contenus?"
    r"|données|información|contenidos?|datos|publicaciones|informazioni|contenuti|dati|informationen|inhalte|daten|beiträge)\b"
)
"""What a person shares as a whole; photos alone are a part of it."""
_LEARNS = re.compile(
    r"\b(?:feed\w*|ingest\w*|learn\w*|pipeline|fair game|carved out|us(?:e|ing) (?:it|them)"
    r"|(?:photos?|reels|captions|posts|comments|stories)\b.*\b(?:ai|models))\b"
)
"""What is learnt from, or content that a clause about AI names, whoever's it is."""
_REFERS = ("matter", "pronoun", "own")
SUBJECTS = (
    "others", "past", "elsewhere", "person", "told", "general", "aside", "holds", "further", "things", "apart",
)  # fmt: skip
_NOT_OURS = frozenset({"others", "general", "further", "things", "person"})
_NOT_THE_SERVICE = frozenset({"general", "counterfactual", "by_person", "elsewhere", "further"})
_GOES_ON = re.compile(r"(?:and |or )?(?:that|whether|if|que|si|che|se|dass|ob)\b")


@dataclass(frozen=True, slots=True)
class Bearing:
    """What sentences do to a decision, in one language."""

    patterns: dict[str, re.Pattern[str]]

    def bears(self, sentence: str) -> bool:
        """Whether a sentence may undo, refuse, narrow, delay or condition a decision that stands beside it."""
        folded = folded_in(sentence)
        if self._takes_time(folded) or (self.has("aside", folded) and not self.has("matter", folded)):
            return False
        if self.patterns["leaves_whole"].fullmatch(_ITEM.sub("", folded).strip(MARKS)) is not None:
            return False
        if still_uses(sentence) and not self.has("others", folded):
            return True
        if self.has("deferred", folded) and not self.has("condition", folded):
            return True
        clauses = self.clauses(folded)
        supposes = self.has("condition", folded)
        told = self.has("told", folded)
        reported = False
        for clause, following in zip_longest(clauses, clauses[1:], fillvalue=""):
            reported = self.has("reports", clause) or (reported and _GOES_ON.match(clause) is not None)
            if (self.has("person", clause) or reported) and not self.has("unreal", clause):
                continue
            if self._of_others(clause, following):
                continue
            if self._clause_bears(clause, folded, supposes=supposes, told=told):
                return True
        return False

    def _takes_time(self, folded: str) -> bool:
        """Whether a sentence says that what was done takes some time to show, and nothing more."""
        return self.patterns["takes_time"].fullmatch(folded.strip(MARKS)) is not None

    def takes_effect_later(self, sentence: str) -> bool:
        """Whether a sentence says how long it takes until something has effect: so something was decided."""
        folded = folded_in(sentence)
        return self._takes_time(folded) and _HAS_EFFECT.search(folded) is not None

    def _of_others(self, clause: str, following: str) -> bool:
        """Whether a clause is about what the next one says that others share: "content in which others mention you"."""
        relative = _RELATIVE.match(following)
        rest = following[relative.end() :] if relative else ""
        who = self.patterns["others"].match(rest)
        does = rest[who.end() :] if who else ""
        theirs = self.has("shared", does) and _TO_YOU.search(does) is not None
        ours = any(self.has(name, clause) for name in ("own", "undo", "contrary", "unsure", "not_done"))
        return theirs and self.has("negated", clause) and not ours and _CONTENT.search(clause) is not None

    def refers_to_it(self, sentence: str) -> bool:
        """Whether a sentence refers to the decision, or to what the person shared."""
        folded = folded_in(sentence)
        return any(self.has(name, folded) for name in _REFERS)

    def speaks_of_use(self, sentence: str) -> bool:
        """Whether a sentence speaks of using something, of leaving it out, or of how far something goes."""
        folded = folded_in(sentence)
        return any(self.has(name, folded) for name in ("use", "ends", "kept_in_use", "scope", "effect"))

    def points_to_it(self, sentence: str) -> bool:
        """Whether a sentence names a request or decision, or begins by taking one up: "This is done"."""
        folded = folded_in(sentence)
        return self.has("matter", folded) or self.has("pronoun", folded)

    def touches(self, sentence: str) -> bool:
        """Whether a sentence refers to the decision or to what the person shared, bears on it, or speaks of a use."""
        folded = folded_in(sentence)
        named = any(self.has(name, folded) for name in ("use", "ends", "again", "it"))
        return named or self.refers_to_it(sentence) or self.speaks_of_it(sentence) or self.bears(sentence)

    def has_another_subject(self, sentence: str, subjects: Iterable[str] = SUBJECTS) -> bool:
        """Whether a sentence says what else it is about: other people, what is past, a complaint, a password."""
        folded = folded_in(sentence)
        return any(self.has(name, folded) for name in subjects)

    def names_another(self, rest: str) -> bool:
        """Whether what follows a decision names another account, request or person."""
        return any(self.has(name, folded_in(rest)) for name in ("elsewhere", "others", "another_account"))

    def stops_use(self, sentence: str) -> bool:
        """Whether a sentence says of anything that the person shares that it is not used; it may be a part of it."""
        folded = folded_in(sentence)
        own = False
        for clause in self.clauses(folded):
            own = own or self.has("own", clause)
            if own and self.has("use", clause) and _NO_LONGER.search(clause):
                return True
        return False

    def limits(self, sentence: str) -> bool:
        """Whether a few words take something back from what stands above them: "Only for photos."."""
        return self.has("uncertain", folded_in(sentence))

    def goes_on(self, sentence: str) -> bool:
        """Whether a sentence on what is not used leaves room for a use: of other things, for a time, by others."""
        whenever = _SINCE.sub("", folded_in(sentence))
        folded = _ON_ITS_PAGES.sub("", whenever)
        told = _FRIENDS_ONLY.sub("friends", folded)
        for_ai = _FOR_AI.search(folded) or _LIKE_THE_OTHERS.fullmatch(folded.strip(MARKS))
        whole = ALL_OF_IT.search(folded) is not None and for_ai is not None
        if (told == folded and not whole) or _LEAVES_ROOM.search(_FRIENDS_ONLY.sub("friends", whenever)):
            return True
        if any(self.has(name, told) for name in ("partial", "lasts", "waits")):
            return True
        for clause in self.clauses(told):
            found = {name for name in ("modal", "uncertain", "condition", "effect") if self.has(name, clause)}
            still = "modal" in found and "effect" not in found and _NO_LONGER.search(clause) is None
            if (still and not _EXPLAINS.match(clause)) or found & {"uncertain", "condition"}:
                return True
        return False

    def ends_use(self, sentence: str) -> bool:
        """Whether a sentence says that nothing that the person shares is used: what an acceptance brings about."""
        folded = _ON_ITS_PAGES.sub("", _SINCE.sub("", folded_in(sentence))).strip(MARKS)
        return self.patterns["ends_use"].fullmatch(folded) is not None and not self.has("others", folded)

    def of_what_others_share(self, sentence: str) -> bool:
        """Whether a sentence is about what other people share, and about nothing of the person's."""
        folded = folded_in(sentence)
        theirs = self.has("others", folded) and self.has("shared", folded)
        return theirs and not (self.has("own", folded) or self.has("matter", folded) or SHARED_BY_YOU.search(folded))

    def assures(self, sentence: str) -> bool:
        """Whether a sentence says, and nothing else, that what was decided is kept, carried out or whole."""
        said = _ITEM.sub("", folded_in(sentence)).strip(MARKS)
        return any(self.patterns[name].fullmatch(said) is not None for name in ("assures", "leaves_whole"))

    def includes(self, sentence: str) -> bool:
        """Whether a line says of something that the person shares that the decision includes it: "Photos: included"."""
        found = _INCLUDED.fullmatch(folded_in(sentence).strip(MARKS))
        return found is not None and not any(self.has(name, found["what"]) for name in ("use", "negated", "others"))

    def takes_items(self, sentence: str) -> bool:
        """Whether a line that ends with a colon is a sentence that a list beneath it completes: "It doesn't cover:"."""
        folded = folded_in(sentence)
        if not folded.endswith(":") or (_TITLE.match(folded) and not self.has("scope", folded)):
            return False
        return any(self.has(name, folded) for name in ("scope", "use", "ends", "negated", "uncertain", "partial"))

    def negates(self, sentence: str) -> bool:
        """Whether a sentence says "not" of anything."""
        return self.has("negated", folded_in(sentence))

    def of_any(self, sentence: str) -> bool:
        """Whether a sentence speaks of any objection, or of what the person may do: "To object, use the form"."""
        return self.has("general", folded_in(sentence)) or self.of_the_person(sentence)

    def of_the_person(self, sentence: str) -> bool:
        """Whether a sentence says what the person may do."""
        return any(self.has("person", clause) for clause in self.clauses(folded_in(sentence)))

    def keeps_using(self, sentence: str) -> bool:
        """Whether a sentence says of anything that it goes on being used, now and not by others."""
        folded = folded_in(sentence)
        return self.has("kept_in_use", folded) and not any(
            self.has(name, folded) for name in ("negated", "others", "past")
        )

    def reminds(self, sentence: str) -> bool:
        """Whether a sentence tells the person what they were told before: "On 2 June we told you that …"."""
        return self.has("reminds", folded_in(sentence))

    def speaks_of_it(self, sentence: str) -> bool:
        """Whether a sentence speaks of this objection, or of what is done with it."""
        folded = folded_in(sentence)
        return any(self.has(name, folded) for name in ("matter", "decide", "contrary")) or (
            self.has("ends", folded) and self.has("use", folded)
        )

    def open_or_absent(self, sentence: str) -> bool:
        """Whether a sentence says that there is no such request, or what would be if there were."""
        folded = folded_in(sentence)
        return self._starts("condition", folded) or self.has("absent", folded)

    def quotes_a_post(self, sentence: str) -> bool:
        """Whether a sentence hands over to what somebody posted: "You reported a comment by …:"."""
        return self.has("quotes", folded_in(sentence))

    def objects_elsewhere(self, sentence: str) -> bool:
        """Whether a sentence speaks of an objection to something else than a use of information: to a ban."""
        return self.has("against", folded_in(sentence))

    def not_yet(self, rest: str) -> bool:
        """Whether what follows a refusal makes it one for the present: "… has not been accepted yet"."""
        return self.has("not_yet", folded_in(rest))

    def has_none_here(self, sentence: str) -> bool:
        """Whether a sentence says that the service has no objection of this person, and nothing more."""
        return self.patterns["none_here"].fullmatch(folded_in(sentence).strip(MARKS)) is not None

    def supposes(self, sentence: str) -> bool:
        """Whether a sentence tells of a decision as one that is still open, or that was told of at another time."""
        folded = folded_in(sentence)
        return self.has("condition", folded) or self.has("reports", folded)

    def _clause_bears(self, clause: str, sentence: str, *, supposes: bool, told: bool) -> bool:
        found = frozenset(name for name in self.patterns if self.has(name, clause))
        if "it" in found and "own" not in found and self._shared_by_others(sentence):
            found |= {"others"}
        doubtful = bool(found & {"negated", "uncertain"})
        theirs = "others" in found and SHARED_BY_YOU.search(clause) is None
        away = theirs or bool(found & {"past", "general"}) or ("elsewhere" in found and "own" not in found)
        in_force, names_it = bool(found & {"decide", "effect"}), bool(found & {"matter", "pronoun"})
        depends = "decide" in found if self._starts("condition", clause) else in_force
        elsewhere = self.has("elsewhere", sentence)
        ours = self.has("own", sentence) or _LEARNS.search(clause) is not None
        ends = bool(found & {"negated", "ends"}) or _LEFT_OUT.search(clause) is not None
        of_others = self.has("others", sentence) and self.has("shared", sentence)
        return any(
            (
                self._does(clause, "undo") and not (supposes and told) and not found & {"general", "things"},
                self._does(clause, "contrary") and not (told or away or found & _NOT_THE_SERVICE),
                self._does(clause, "taken_back") and not (supposes and told),
                bool(found & {"unreal", "not_done"}) and not told,
                "misdirected" in found and not (told or "negated" in found or self._posts_of_others(clause, sentence)),
                bool(found & {"waits", "lasts"}) and not (told or found & _NOT_OURS),
                bool(found & {"partial"}),
                in_force and doubtful and not away,
                depends and supposes and not (told or away or elsewhere or "holds" in found),
                "again" in found and not (told or "negated" in found or self.has("further", sentence)),
                "another_account" in found,
                found >= {"matter", "negated", "handled"} and not (away or told),
                found >= {"scope", "own"} and doubtful and not away,
                found >= {"use", "own", "modal"} and not (ends or away or elsewhere or of_others),
                "kept_in_use" in found and ours and not found & {"negated", "others", "past"},
                "matter" in found and _ENDS_WITH_NOT.search(clause) is not None,
                "obliged" in found and not self.has("further", sentence),
                "passing" in found and (names_it or in_force),
                names_it and found >= {"uncertain", "shifts"} and not (away or told),
                (names_it or "it" in found) and doubtful and "unsure" in found and not (away or told),
            )
        )

    def _shared_by_others(self, sentence: str) -> bool:
        """Whether a sentence begins with what other people share: "If someone else posts your photo, …"."""
        first = next((c for c in self.clauses(sentence) if any(self.has(name, c) for name in self.patterns)), "")
        return self._starts("condition", first) and self.has("others", first) and self.has("shared", first)

    def _posts_of_others(self, clause: str, sentence: str) -> bool:
        """Whether a clause supposes that somebody else posts something, and its sentence goes on about that alone."""
        return self._shared_by_others(clause) and not (_YOURS.search(sentence) or self.has("own", clause))

    def _does(self, clause: str, name: str) -> bool:
        """Whether a clause does it, and does not say that it is not done."""
        found = self.patterns[name].search(clause)
        return found is not None and not self.has("negated", clause[: found.start()])

    def clauses(self, folded: str) -> list[str]:
        """The clauses of a folded sentence."""
        starts = [0, *(match.start() for match in self.patterns["cut"].finditer(folded)), len(folded)]
        clauses = (folded[start:end].strip(MARKS) for start, end in pairwise(starts))
        return [clause for clause in clauses if clause]

    def _starts(self, name: str, text: str) -> bool:
        found = self.patterns[name].search(text)
        return found is not None and not text[: found.start()].strip(MARKS)

    def has(self, name: str, text: str) -> bool:
        """Whether a pattern, such as `negated`, is found in a folded text."""
        return self.patterns[name].search(text) is not None


@lru_cache(maxsize=16)
def bearing_in(language: str) -> Bearing | None:
    """The patterns of a language; None where there are none."""
    table = _tables().get(language)
    if table is None:
        return None
    return Bearing({name: re.compile("|".join(table[name])) for name in table} | own_words_in(language))


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("automation.reading") / "letter_bearing.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
def folded_in(sentence: str) -> str:
    """A sentence as the patterns expect it: folded, its contractions written out."""
    folded = spell_out(fold(sentence))
    return folded if _NARROWING.search(folded) else _NOT_FROM_YOU.sub("what others share", folded)
