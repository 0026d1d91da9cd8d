"""Whether what is added to an acceptance leaves it whole: in part, with exceptions, under a condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.bearing import ALL_OF_IT, MARKS, SHARED_BY_YOU, folded_in
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.reading.bearing import Bearing

_NARROWS = re.compile(
    r"(?:^[^\w]*|[,;:(] | - )(?:(?:but|and|though|although|however|if|pero|y|ma|e|mais|et|aber|und) )*(?:this is )?"
    r"(?:(?:not )?only|except\w*|exclud\w+|solely|just|partly|partially|in part|at least|as far as|to the extent"
    r"|as regards|in respect of|with regard to|insofar"
    r"|limited|apart from|with the exception|with (?:\w+ )?exceptions|not (?:for|in full|on)"
    r"|s[oó]lo|únicamente|salvo|excepto|parcialmente|en parte|soltanto|tranne|eccetto|parzialmente|in parte|almeno"
    r"|seulement|uniquement|sauf|hormis|partiellement|en partie|nur|außer|ausgenommen|teilweise|zum teil)\b"
    r"(?! (?:for )?(?:the future|going forward|from now on))"
)
"""How a sentence goes on after an acceptance that it narrows: ", but only for photos"."""
_EXCEPT_OTHERS = re.compile(
    r"^[^\w]*(?:except|excluding)(?: for)?"
    r"(?: (?:where|when|if|in cases where|what|anything|things|information|content|posts|photos)(?: that| which)?)?"
    r" (?:other (?:people|users|persons)|others|someone else|somebody else|another person)"
    r" (?:may |might |could |can )?(?:share|post|publish|upload|write)s?"
    r"(?: (?:information|content|posts|photos|things))? about you(?: on our (?:products|apps|services))?[^\w]*$"
)
"""What no objection ever covers, told as an exception: ", except where other people share information about you"."""
_NAMES_A_PART = re.compile(
    r"\b(?:photos?|pictures?|images?|videos?|reels?|captions?|comments?|stor(?:y|ies)|messages?|chats?|photographies"
    r"|vidéos?|commentaires?|légendes?|fotos?|vídeos?|comentarios?|mensajes|foto|video|commenti|didascalie|messaggi"
    r"|bilder|kommentare?|nachrichten)\b"
)
_NAMES_AN_ACCOUNT = re.compile(
    r"\b(?:accounts?|profiles?|comptes?|profils?|cuentas?|perfil\w*|profil[oi]|konto|konten)\b"
)
_AGREES = re.compile(
    r"(?:your|the) (?:objection|objection request|request|request to object) (?:has been|is|was|will be) (?:now )?"
    r"(?:accepted|granted|approved|upheld)(?: and will be honou?red)?"
    r"|(?:we have|we|meta has) (?:now )?(?:accepted|granted|approved|upheld) your (?:objection(?: request)?|request)"
    r"(?: and will honou?r it(?: going forward)?)?"
    r"|(?:after that,? |from then on,? |thereafter,? )?(?:your|this|the) (?:request|objection) will be applied"
    r"(?: to your account)? going forward"
    r"|(?:it|they|your (?:public )?information) (?:will not|will no longer) be used"
    r" (?:to (?:develop|train|improve|develop and improve)|for (?:training|developing)) (?:generative )?ai(?: models)?"
    r"(?: (?:at|for ai at) \w+)?(?: (?:in (?:the )?future|going forward|from now on|from here on))?"
)
"""What says the same as an acceptance in words of no source."""
_BECOMES_OF_IT = (
    r"(?:(?:how|what|the way)(?: that)?(?: we| meta)? (?:uses?|handles?|treats?|do(?:es)? with|happens (?:to|with))"
    r" your (?:\w+ )?(?:information|data|content|posts|photos)"
    r"|how your (?:\w+ )?(?:information|data|content|posts|photos) (?:is|are) (?:used|handled|treated|protected))"
)
_MATTERS = r"(?:really |very much )?(?:matters?|(?:is|are) (?:very |really |so )?important|means? a lot)"
_TO_WHOM = (
    r"(?: (?:to|for) (?:you|people|everyone|everybody|our (?:users|community)))?(?: very much| a lot| a great deal)?"
)
_CARES = re.compile(
    r"(?:(?:we|i) (?:do |fully )?(?:understand|know|realise|realize|recognise|recognize|appreciate) (?:that )?)?"
    rf"(?:{_BECOMES_OF_IT} {_MATTERS}{_TO_WHOM}"
    r"|(?:how important it is|how much it (?:matters|means)|it is important|it matters)(?: (?:to|for) you)?,?"
    rf" {_BECOMES_OF_IT}"
    rf"|you (?:care|are concerned|worry|are worried) about {_BECOMES_OF_IT})"
)
"""What becomes of somebody's information matters to them: a courtesy that says nothing of what does."""
_OF_THIS_LETTER = re.compile(r"\b(?:this|our|the) (?:message|letter|reply|answer|chat)\b")
_HOW_FAR = re.compile(
    r"\b(?:cover|include|apply|last|concern|permanent|for ever|forever|everything|all of|how much|which posts)"
    r"(?:s|ed|d)?\b"
    r"|\b(?:final|for good|be (?:\w+ )?(?:sure|certain)|rely|count on|trust|binding|official|settled|decided"
    r"|guaranteed?|definite|in (?:force|effect|place)|valid|safe"
    r"|(?:it|this|that|objection) (?:now )?(?:stands?|holds?|counts?|works?))\b"
)
_OF_USE = re.compile(
    r"\W*(?:will|do|does|can|could|is|are|may|might|should)\b.*\b(?:us(?:e|ed|ing)|train\w*|learn\w*|exclud\w*|exceptions?)\b"
)
_YOURS_TOO = re.compile(r"\b(?:yours|your own|you (?:or|and)|(?:or|and) you)\b")
_YOU_CAN_READ = re.compile(r"\W*you (?:can|may|will) (?:read|find|see|view|download|get|open) ")
_NOT_TO_BE_HAD = re.compile(
    r"(?:our|the|this|that|there is no|an?|such an?) (?:\w+ ){0,3}?(?:policy|policies|pages?|articles?|documents?"
    r"|guides?|terms|help cent(?:er|re)|newsletter|hotline|phone(?: number| line)?|form|statement|translation)"
    r"(?: (?:is|are) (?:not|currently not|not yet|not currently) (?:available|offered|translated|published|open))?"
    r"(?: (?:in|on|by|at|into) (?:the )?\w+(?: \w+){0,4})?"
)
_SUCH_AS = re.compile(r"(?:including|such as|for example|for instance|like|be it|whether)\b")
_BREAKS = " ,;:(-–"
_HEAD_ENDS = re.compile(r"[,;:.]| - | (?:and|so|because|as|y|e|et|und|weil|porque|perché) ")


def is_whole(bearing: Bearing, rest: str) -> bool:
    """Whether what follows an acceptance leaves it whole."""
    end = _HEAD_ENDS.search(rest)
    head, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    return bearing.patterns["full"].sub("", head).strip(MARKS) == "" and not narrows(bearing, tail)


def narrows(bearing: Bearing, tail: str) -> bool:
    """Whether what a sentence adds to a decision takes some of it back, or makes it depend on something."""
    folded = folded_in(tail)
    if _EXCEPT_OTHERS.match(folded):
        return False
    if _names_a_part(bearing, folded):
        return True
    apart = any(bearing.has(name, folded) for name in ("told", "elsewhere", "others", "general"))
    excepts = any(bearing.has("own", c) and bearing.has("negated", c) for c in bearing.clauses(folded)[:1])
    return (
        _NARROWS.search(folded) is not None
        or bearing.bears(tail)
        or bearing.has("waits", folded)
        or excepts
        or (bearing.has("condition", folded) and not apart)
    )


def _names_a_part(bearing: Bearing, folded: str) -> bool:
    """Whether a list of what people share is added without saying that it is an example of all: ", photos aside"."""
    first = re.split(r"[.;:]", folded.lstrip(_BREAKS), maxsplit=1)[0]
    told = any(bearing.has(name, first) for name in ("use", "effect", "scope", "own", "others", "matter", "decide"))
    return folded[:1] in _BREAKS and _NAMES_A_PART.search(first) is not None and not told and not _SUCH_AS.match(first)


def is_of_content(bearing: Bearing, sentence: str) -> bool:
    """Whether a sentence names what people share, or says how far something goes: "Photos aren't included"."""
    folded = folded_in(sentence)
    named = any(pattern.search(folded) for pattern in (_NAMES_A_PART, _NAMES_AN_ACCOUNT, ALL_OF_IT))
    return named or any(bearing.has(name, folded) for name in ("scope", "decide", "effect", "partial", "pronoun"))


def advises(bearing: Bearing, sentence: str) -> bool:
    """Whether a sentence says where something can be read, and nothing of what people share."""
    reads = _YOU_CAN_READ.match(folded_in(sentence)) is not None and len(bearing.clauses(folded_in(sentence))) == 1
    return reads and not (bearing.bears(sentence) or bearing.negates(sentence) or is_of_content(bearing, sentence))


def not_to_be_had(bearing: Bearing, sentence: str) -> bool:
    """Whether a sentence says of a document, or of a way to ask, that it is not to be had, and nothing else."""
    said = _NOT_TO_BE_HAD.fullmatch(folded_in(sentence).strip(MARKS))
    return said is not None and not is_of_content(bearing, sentence)


def of_others_alone(bearing: Bearing, sentence: str) -> bool:
    """Whether a sentence speaks of what others share, and of nothing that the person shared."""
    folded = folded_in(sentence)
    theirs = bearing.has("others", folded) and not bearing.has("own", folded)
    return theirs and SHARED_BY_YOU.search(folded) is None and _YOURS_TOO.search(folded) is None


def agrees(bearing: Bearing, sentence: str) -> bool:
    """Whether a sentence says no more than an acceptance beside it, or than that it matters to the person."""
    told = folded_in(sentence).strip(MARKS)
    return _CARES.fullmatch(told) is not None or (_AGREES.fullmatch(told) is not None and not bearing.bears(sentence))


def asks_how_far(bearing: Bearing, sentence: str) -> bool:
    """Whether a question is about how far the decision goes, and not about what others share or another account."""
    folded = _OF_THIS_LETTER.sub("it", folded_in(sentence))
    apart = any(bearing.has(name, folded) for name in ("others", "elsewhere", "further"))
    return not apart and (_NAMES_A_PART.search(folded) is not None or _HOW_FAR.search(folded) is not None)


def asks_of_use(bearing: Bearing, sentence: str) -> bool:
    """Whether a question is answered by "no" where the decision is whole: "Will my posts be used?"."""
    folded = folded_in(sentence)
    return not bearing.has("others", folded) and _OF_USE.match(folded) is not None


_IN_FORCE = re.compile(
    r"^(?:\W*(?:your|the|this) (?:objection|request|objection request) (?:now |already )?"
    r"(?:applies|counts|stands|is (?:now )?(?:active|in (?:force|effect|place)|effective|valid|complete)"
    r"|(?:has been|was|is) (?:now )?(?:applied|successful|put (?:in|into) (?:force|effect|place|practice)))"
    r"|.{0,40}\bwe (?:have )?(?:now )?(?:applied|implemented|carried out) (?:your|the|this) (?:objection|request)"
    r"|.{0,60}\b(?:we|and) (?:have )?(?:now )?made (?:the|this|that) change"
    r"|votre (?:opposition|demande) (?:s'applique|est (?:désormais )?(?:appliquée|effective|prise en compte))"
    r"|nous avons appliqué votre (?:opposition|demande)"
    r"|(?:tu|su) (?:objeción|solicitud|oposición) (?:ya )?(?:se aplica|está (?:activa|aplicada)|ha sido aplicada)"
    r"|(?:dein|ihr) (?:widerspruch|antrag) (?:gilt|greift|ist (?:jetzt |nun )?wirksam|wurde umgesetzt)"
    r"|la tua (?:opposizione|richiesta) (?:ora )?(?:si applica|è (?:ora )?(?:attiva|applicata)|è stata applicata)"
    r")\b(?! (?:to|for|if|once|when|until|only)\b)"
)


def is_in_force(sentence: str) -> bool:
    """Whether a sentence says that an objection has effect, in words that are no known decision: "It now applies"."""
    return _IN_FORCE.search(folded_in(sentence)) is not None


_APPEAL_WON = re.compile(
    r"\b(?:your|the) appeal (?:was|has been|is) (?:successful|upheld|granted|accepted)"
    r"|\bvotre recours (?:a été|est) accepté|\b(?:deine|ihre) beschwerde (?:war|hatte) erfolg"
    r"|\btu apelación (?:ha sido|fue) aceptada|\bil tuo ricorso è stato accolto"
)


def wins_an_appeal(sentence: str) -> bool:
    """Whether a sentence says that an appeal succeeded: of a refused objection, or of a removed post."""
    return _APPEAL_WON.search(folded_in(sentence)) is not None


_MOST_WORDS_OF_A_LINE = 7
_TAKES_AWAY = re.compile(
    r"\b(?:objection|opt-?out|request|decision) (?:\w+ ){0,4}(?:removed|deleted|inactive|ended|is over|not active)\b"
    r"|\byou (?:have )?(?:ended|withdrew|withdrawn|removed|cancell?ed|stopped) (?:your|the|this)"
    r" (?:objection|opt-?out)\b"
    r"|: (?:removed|deleted|inactive|not active|ended|no action)\b|\bopted (?:back )?in\b|\bundone\b|\bnot applied\b"
    r"|\b(?:training|use|learning|sharing) (?:is |still )?(?:allowed|permitted|enabled|active|on)\b"
    r"|\b(?:ai|training|learning|sharing|use)\b[^.]{0,20}: (?:on|yes|allowed|enabled|active|permitted)\b"
    r"|\b(?:objection|opt-?out|choice)s?: (?:none|no|off|on|0|not)\b"
    r"|\b(?:review|used?|allowed|open) again\b|\bend date\b"
    r"|\b(?:valid|active|applies|since|until|before) (?:until |from |the |[a-z]+ )?\d|\bonly\W.{0,12}\d"
    r"|\b(?:opposition|objection|demande) (?:\w+ ){0,2}(?:retirée|supprimée|inactive|terminée|expiré|pris fin)\b"
    r"|\b(?:objeción|oposición|solicitud) (?:\w+ ){0,2}(?:retirada|eliminada|inactiva|finalizada|terminado"
    r"|terminó|finalizado|caducado)\b"
    r"|\b(?:opposizione|obiezione|richiesta) (?:\w+ ){0,2}(?:ritirata|rimossa|inattiva|terminata|scaduta|cessata)\b"
    r"|\b(?:widerspruch|antrag) (?:\w+ ){0,2}(?:entfernt|gelöscht|inaktiv|beendet|zurückgezogen|abgelaufen)\b"
    r"|\b(?:depuis|jusqu'au|hasta el|desde el|fino al|dal|bis zum|seit dem) \d"
)
_DATES_AN_END = re.compile(
    r"^\W*(?:expir(?:y|es|ed|ation)|end(?:ing)?)(?: date)?\W+(?:on |in |of |after )?(?:\w+ )?\d"
    r"|^\W*(?:effective|valid|in effect|takes effect)(?: date)?(?: from)?\W+"
    r"(?:(?:until|till|through|to be|not|none|never|pending|unknown|tb[acd]|n/?a)\b"
    r"|.{3,24}\d\W+(?:to |until |till |through |- ?)\W*\w*\W*\w* ?\d)"
    r"|\b(?:replaces|supersedes|overrides) this\b"
    r"|\b(?:posts?|photos?|pictures|reels|comments?|captions?|videos?|stories|messages)(?: \w+){0,2} ?[-–—:=] ?"
    r"(?:no|not|none|excluded|off)\b"
)
"""A line beside an answer that says until when it holds, or that it does not yet: "Effective date: to be confirmed"."""
_OF_WHAT_ONE_MAY_DO = re.compile(
    r"\b(?:you(?! (?:have )?(?:ended|with|removed|cancel|stopped))|if|how|to(?! (?:ai|the use|our use|meta)\b)"
    r"|vous|si|comment|tú|puedes|cómo|du|sie|wenn|wie|puoi|se|come)\b"
)


_KIND = (
    r"(?:any |the |your |new |older? )*(?:posts?|photos?|pictures?|images?|videos?|reels?|captions?|comments?|stories)"
)
_LEAVES_A_KIND_OUT = re.compile(
    r"(?:this|it|that|(?:this|our|the|your) (?:objection|decision|request|answer)) (?:does|will|do) not (?:also )?"
    rf"(?:cover|include|apply to|extend to|affect|reach|concern|count for) {_KIND}"
    rf"(?:(?:,|,? and|,? or|,? nor) {_KIND})*"
)
"""A kind of what the person shares, and nothing that says whose: "This does not cover photos"."""


def takes_away(line: str) -> bool:
    """Whether a few words beside an answer may say that it holds no more: "Objection removed · 2 days ago"."""
    folded = fold(line)
    if _DATES_AN_END.search(folded) or _LEAVES_A_KIND_OUT.fullmatch(folded_in(line).strip(MARKS)):
        return True
    few = len(re.findall(r"\w+", folded)) <= _MOST_WORDS_OF_A_LINE
    return few and _TAKES_AWAY.search(folded) is not None and _OF_WHAT_ONE_MAY_DO.search(folded) is None


_LATER_ACCOUNT = re.compile(
    r"if you (?:later |also |ever |should |then )?(?:add|link|create|have|open|set up|connect)\b[^,]*"
    r"\b(?:another|other|new|further|more) (?:\w+ )?(?:accounts?|profiles?)\b[^,]*,(?!.*\b(?:not|only|no|never)\b)"
    r"|if (?:your|that|this|the) (?:other |own )?(?:\w+ )?(?:accounts?|profiles?) (?:is|are) (?:also )?"
    r"(?:in|part of|added to|linked to|connected to) (?:the same|your|this) accounts cent(?:er|re),"
    r"(?!.*\b(?:not|only|no|never)\b)"
)
_IF_ONE_OBJECTS = re.compile(
    r"(?:if you (?:do |choose to |decide to )?object(?: to (?:this|that|it|your information being used[^,]*))?"
    r"|si vous vous opposez|si tu t'opposes|si (?:te opones|se opone)|se (?:ti opponi|si oppone)"
    r"|(?:wenn|falls) (?:du|sie) (?:widersprichst|widersprechen))(?:,| and| et| e| y| und) (?!.*\b(?:again|not)\b)"
)


def of_later_account(sentence: str) -> bool:
    """Whether a sentence says what holds for an account that the person may add: "If you add another one, …"."""
    return _LATER_ACCOUNT.match(folded_in(sentence)) is not None


def if_one_objects(sentence: str) -> bool:
    """Whether a sentence says what becomes of an objection that nobody has made: "If you object, …"."""
    return _IF_ONE_OBJECTS.match(folded_in(sentence)) is not None


_SOMEBODY_ELSES = ("reports", "unreal", "undo", "misdirected", "uncertain", "past", "others")
_FEWEST_WORDS_OF_A_CLAUSE, _MOST_WORDS_OF_A_HEADING = 3, 5
_SOMEBODY = re.compile(r"\W*(?:you|they|he|she|people|users|vous|tu|du|sie|usted|nos|has|hai)\b")
_TOLD = re.compile(
    r"\b(?:wrote|written|said|told|sent|quoted|asked|reported|mentioned|reads?|received|heard|suppose|imagine|example"
    r"|looks?|like this|goes|usually|normally|would"
    r"|sample|écri\w+|dit|demandé|reçu|lu|exemple|geschrieben|schrieb\w*|gesagt|gebeten|erhalten|bekommen|beispiel"
    r"|escri\w+|di[jc]\w+|pidi\w+|recib\w+|ejemplo|scritto|detto|chiesto|ricevuto|esempio)\b"
)


def introduces_another(bearing: Bearing, sentence: str) -> bool:
    """
    Whether a sentence that ends with a colon hands over to words that are not the service's decision now.

    "Our decision:" does not; "You wrote to us:" does, and so does whatever is no heading and names no decision.
    """
    folded = folded_in(sentence)
    words = len(folded.split())
    if not folded.endswith(":"):
        return False
    if words <= _MOST_WORDS_OF_A_HEADING:
        clause = words >= _FEWEST_WORDS_OF_A_CLAUSE or _SOMEBODY.match(folded) is not None
        return clause and _TOLD.search(folded) is not None
    own = bearing.has("introduces", folded)
    return not own or any(bearing.has(name, folded) for name in _SOMEBODY_ELSES)


_TO_UNDO = re.compile(
    r"\bi (?:do not|did not mean to|did not want to) object(?! to)\b"
    r"|\bforget (?:about )?(?:it|my (?:objection|request)|(?:what|everything|all) i (?:sent|wrote|said|asked|filed))\b"
    r"|\b(?:cancel|undo|withdraw|revoke|retract|scrap) (?:it|this|that|everything)\b"
    r"|\bi (?:clicked|sent|filed|submitted)(?: it| this| that)? by mistake\b"
    r"|\b(?:undo|withdraw|cancel|revoke|take back|remove|delete|drop|lift|end) (?:my|the|this|that) (?:\w+ )?"
    r"(?:objection|opt-?out|request)\b|\btak(?:e|ing) (?:my|the|this|that) (?:\w+ )?(?:objection|request) back\b"
    r"|\b(?:do not|no longer) (?:want|need|wish for) (?:my|the|this|that) (?:objection|opt-?out)\b"
    r"|\b(?:go|get|change|switch|turn|put (?:it|things|me|mine)) back to (?:how|what|where|the way) (?:it|things|i)\b"
    r"|\blike (?:every(?:body|one) else|before i objected)\b|\bchanged my mind\b|\bopt(?:ing)?(?: me)? back in\b"
    r"|\b(?:no longer|not) (?:want to |wish to )?object(?: any ?more| any longer)?\b|\buse my \w+ (?:again|after all)\b"
    r"|\b(?:annule[rz]?|retire[rz]?|supprime[rz]?) (?:mon|cette|l') ?(?:opposition|demande)\b|\bchangé d'avis\b"
    r"|\bmeinen (?:widerspruch|einspruch) (?:\w+ )?(?:zurück|rückgängig|auf)\w*|\banders überlegt\b"
    r"|\b(?:retir\w+|anul\w+|cancel\w+) mi (?:objeción|oposición|solicitud)\b|\bcambiado de (?:opinión|idea)\b"
    r"|\b(?:ritir\w+|annull\w+) la mia (?:obiezione|opposizione|richiesta)\b|\bcambiato idea\b"
)


def asks_to_undo(text: str) -> bool:
    """Whether a person asks for their objection to be undone."""
    return _TO_UNDO.search(folded_in(text)) is not None
