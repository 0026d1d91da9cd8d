"""
Whether a sentence takes back, makes light of or leaves to others what was said beside it, and names none of it.

"Head office sees it in another light" and "That was a slip of the pen" speak of no objection, and undo one all the
same. Each of these turns of speech is general, and has no place in an answer that stands. What a service adds to one
that does stand names its subject: hours, links, other people's posts.
"""

from __future__ import annotations

import re

from automation.text.normalizing import fold, spell_out

_WORDS_SAID = (
    r"(?:(?:the |this |these |those |my |our |yesterday'?s |last \w+'?s )?(?:\w+ ){0,2}"
    r"(?:above|lines?|paragraphs?|sentences?|message|note|mail|e-?mail|letter|reply|answer|words|wording|promises?|part"
    r"|news)"
    r"|this|that|it|all of it|what (?:i|we|you) (?:\w+ ){0,2}(?:told|said|wrote|sent|read|got|received|promised))\b"
)
_TO_BE_IGNORED = re.compile(
    r"\b(?:strike|scrap|bin|scratch|shred|tear up|throw away|disregard|ignore|forget|discard|overlook|delete|erase"
    rf"|cross out|pay no (?:heed|attention) to|take no notice of|do not (?:rely|count|bank) on) {_WORDS_SAID}"
    r"|\b(?:tear|throw|bin|chuck) (?:this|that|it) (?:up|away|out)\b|\bplease (?:bin|shred|discard|disregard|ignore)\b"
)
_ONLY_IF = re.compile(r"\b(?:if|unless|once|in case)\b")
_AN_EARLIER_ONE = re.compile(
    r"\b(?:earlier|previous|last|first|former|yesterday'?s|(?:monday|tuesday|wednesday|thursday|friday)'?s) (?:\w+ )?"
    r"(?:answer|message|reply|letter|note|e-?mail|mail|notice|decision)s?\b"
    r"|\b(?:sent|wrote) (?:you )?(?:a moment|just|earlier)|\bthat (?:e-?mail|mail|message|code|notice|text)\b"
)
"""What a letter that decides anew takes the place of."""
_NOT_FOR_YOU = re.compile(
    r"\b(?:a different|another|some other) person'?s\b|\bmakes? you (?:ineligible|not eligible)\b"
    r"|\bif (?:that|this|it) is not you\b"
    r"|\b(?:an?|another|earlier|other|previous|rival) (?:\w+ )?(?:customer|client|user|firm|person|reader)s? "
    r"(?:received|got|was told|were told|read)\b|\bwe (?:cite|quote|reproduce|copy) (?:it|this|that)\b"
    r"|\b(?:is|are|be|were|was) left out of this (?:arrangement|agreement|decision|deal|answer|promise)\b"
    r"|\bnot (?:to|for|about|of) (?:the use |ai\b)"
)
_SAID_IN_ERROR = re.compile(
    r"\b(?:slips? of the (?:pen|tongue|keyboard|finger)|second thoughts?|change of heart|u-turn|premature\w*"
    r"|jumped the gun|too (?:hasty|rash|generous|quick|soon|early)|over-?(?:generous|hasty|eager)|misspoke\w*"
    r"|misread\w*|misheard|misprint\w*|misfir\w+|misdirected|misdeliver\w+|misfiled|mislaid|misus\w+|crossed wires"
    r"|wires (?:got |were |have been )?crossed|mixed? ?-?up\w*|muddl\w+|mistook|clerical|fat finger\w*"
    r"|(?<!address had a )(?<!address has a )(?<!address contained a )typo\w*"
    r"|(?:wrong|incorrect) (?:\w+ )?(?:person|recipient|customer|button|template|sender|desk)"
    r"|(?:wrong|incorrect|another|a different) (?:\w+ )?(?:tab|window|envelope|thread|file|folder|drawer|sheet)"
    r"|(?:was|were|is|are) (?:meant|intended|destined|addressed|written|bound) (?:for|to) "
    r"(?!(?:you|help|be|make|let|the (?:account holder|recipient|addressee|person))\b)"
    r"|(?<!you )never (?:wrote|sent|said|promised|pressed|saved|happened|meant|told|agreed)"
    r"|should (?:not|never) have (?:\w+ )?(?:written|sent|said|told|promised|gone|answered)|correct(?:s|ed) (?:me|us)"
    r"|(?:i|we) have since (?:learn(?:ed|t)|found|noticed|reali[sz]ed|discovered|seen|established|been told)"
    r"|go(?:ing)? back on (?:this|that|it|(?:my|our) (?:word|promise))|has not been \w+ by (?:anyone|anybody|a person)"
    r"|back to square one|put (?:things|matters|that|it) (?:straight|right)|set the record straight)\b"
)
_NOT_MEANT = re.compile(
    r"\b(?:hoax|pranks?|joke\w*|joking|jest\w*|kidding|pulling your leg|april fools?\w*|irony|ironic\w*|sarcas\w*"
    r"|tongue in cheek|(?:pinch|grain) of salt|fingers crossed|lorem ipsum|dry run|dress rehearsal|rehears\w+"
    r"|(?:for )?(?:amusement|entertainment)|for (?:practice|show)|fictional|fictitious|made-?up|make-believe"
    r"|placeholder|dummy|mock-?up|wishful|in your dreams|dream on|too good to be true|not so fast|ship has sailed"
    r"|means nothing"
    r"|(?:raised?|raising|get|got|getting) your hopes|your hopes up|(?<!no )bad news|fibbing|lip service"
    r"|window dressing|(?:is|was) (?:\w+ly )?(?:decorative|cosmetic|symbolic)|token gesture|on paper|in name only"
    r"|in spirit|goodwill|courtesy copy|make of (?:that|it) what|keyboard swallowed|autocorrect\w*|newcomers"
    r"|by (?:a|our|the) trainees?"
    r"|had (?:your|the|this) (?:objection|request) (?:\w+ ){0,2}\w+(?:ed|et|en))\b"
    r"|\bwould(?: not)? (?:that|it) (?:not )?be (?:lovely|nice|great|good|fine|something)\b"
)
_UNDONE_SINCE = re.compile(
    r"\byou (?:also |have |had |since |later )*(?:asked|wanted|requested|told) (?:us )?(?:\w+ )?"
    r"(?:delet\w+|withdraw\w*|cancel\w*|remov\w+|undo\w*|revok\w+|retract\w*|drop\w*|tak(?:e|ing) back)"
    r" (?:of )?your (?:\w+ )?(?:objection|opt-?out|request to object)\b|"
    r"\b(?:torn up|tore up|ripped up|thrown out|overturn\w*|overrul\w+|struck (?:down|out)|rolled back|wiped"
    r"|null and void|lapse[sd]?|forfeit\w*|moot|shelved|on ice|on hold|in limbo|up in the air|evaporat\w+|rewritten"
    r"|no longer (?:carr\w+|counts?|holds?|binds?|appl\w+|stands?|valid|in force)|rolls? on|carr(?:y|ies) on as"
    r"|(?:goes|go|going|went|carry|carries) on (?:much )?as (?:before|it|we|they)|business as usual"
    r"|(?:has|have) (?:not |never )?(?:been )?(?:budged|sailed)|nothing has budged|(?:have|has|had) not managed to"
    r"|use of your \w+ (?:for ai )?(?:stays|remains|is) (?:untouched|unchanged|unaffected|as it (?:is|was)|allowed)"
    r"|no effect on (?:the )?(?:ai|use|training)"
    r"|(?:go(?:es)? on|carr(?:y|ies) on|keeps?|continues? to|still) \w+ (?:with |on |from )?(?:what|whatever|everything"
    r"|anything) you (?:\w+ )?(?:post|share|upload|publish|write)"
    r"|(?:of yours|your (?:\w+ )?(?:posts?|photos?|comments?|content|information|data)) (?:may|might|could|will) still"
    r"|was (?:right|true|correct|accurate|valid) (?:when|at (?:the|that) time|then|once|until|back then)"
    r"|not (?:\w+ )?(?:describe|reflect|match|fit|represent|apply to|hold for)"
    r" (?:your|the) (?:account|profile|case|situation) (?:any ?more|any longer|now|today)"
    r"|(?:like|as) every(?:one|body) else's"
    r"|exempt(?:ed)? from (?:your|the|this)|remains? (?:part of|in|among) our training|grace period"
    r"|treated (?:like|as) (?:every(?:one|body) else|any other|all (?:the )?others?)(?:'s)?"
    r"|(?:remaining|other) \w+: (?:unchanged|as before|not)"
    r"|the (?:other|rest|one you (?:\w+ ){1,3}(?:from|with)) (?:stays?|remains?|is) as it (?:is|was))\b"
)
_NEEDS_YOU = re.compile(
    r"\b(?:so that|for|before) (?:this|it|that|your (?:objection|request|choice)) (?:to )?"
    r"(?:takes?|counts?|appl\w+|works?)\b"
    r"|\b(?:whenever|each time|every time) you (?:post|publish|share|upload)\b[^,]*, (?:please |just )?"
    r"(?:drop|tell|let|write|send|inform|ask|object|fill|repeat|do)\b"
    r"|\bif you (?:want|wish|would like) (?:your|the|this|it)\b[^,]*\b(?:remain|stay|keep|continue|count|last|hold)"
    r"|\byou will hear (?:back |more )?from us (?:about|on|regarding|shortly|soon|within|by|once)\b(?!.*\bif you\b)"
)
_LEFT_TO_OTHERS = re.compile(
    r"\b(?:(?:has|have|had|are|is) yet to|has not happened|(?:final|last) (?:word|say)|countersign\w*"
    r"|sign(?:s|ed)? (?:it |this |that )?off|green light|rubber-?stamp\w*|nods? (?:it|this|that)|nodded|head ?office"
    r"|headquarters|the (?:folks|people|ones|bosses) upstairs|(?:^|by |our )management (?!team)"
    r"|the directors|whether they agree"
    r"|(?:her|his|my|our|their) (?:supervisor|superiors?|boss|bosses|manager|directors?)"
    r"|binds? (?:us|meta|the firm|the company|nobody|no one)|not binding|non-?binding|without prejudice(?! to)"
    r"|no (?:promises?|guarantees?)|reserves? (?:all|the|every) rights?|at (?:our|meta's) discretion)\b"
)
_ANYWHERE = (_NOT_FOR_YOU, _SAID_IN_ERROR, _NOT_MEANT, _UNDONE_SINCE, _NEEDS_YOU, _LEFT_TO_OTHERS)
_AT_THE_START = re.compile(
    r"\W*(?:(?:p\.? ?s|n\.? ?b)\b\W*)?(?:yes,? but|alas\b|regrettably|(?:as )?it turns? out"
    r"|on (?:closer|second|further|another) (?:inspection|thought|look|reading|reflection)"
    r"|an? (?:\w+ )?confession\b|oops|whoops"
    r"|(?:the above|this|that|it|all (?:of )?this) (?:\w+ ){0,4}(?:only|solely) (?:while|until|up to|as long|so long)"
    r"|(?:provided|providing|until|unless|solely|albeit|assuming|pending|barring)(?:,| (?:that|the|our|we)\b)"
    r"(?!.*, (?:we|you|it|your|this|please|the)\b))"
)
_AT_THE_START_LATER = re.compile(
    r"\W*(?:hmm|honestly|frankly|actually|in fact"
    r"|yes,? (?:\w+ ){0,2}(?:solely|only|until|except|unless)|no objection\b|a? ?correction\b|erratum\b"
    r"|not (?:quite|really|exactly|entirely|any more|any longer)\b)"
)
_DONE_SINCE = re.compile(
    r"(?:^|[,;:.] )(?:(?:we|i) have (?:now |just )?done (?:as|what|everything) you (?:\w+ )?\w+"
    r"|(?:we|i) have (?:now |just )?(?:done|changed|sorted|processed|actioned|carried out|taken care of)"
    r" (?:it|this|that|so|your (?:latest |last |new )?(?:request|wish|change))"
    r"|(?:it|this|that|your (?:latest |last |new )?(?:request|wish|change)) (?:is|was|has been) (?:now |just )?"
    r"(?:done|changed|made|sorted|processed|actioned|carried out|completed|taken care of)"
    r"|(?:(?:request|it is|that is|all|everything is) )?(?:now )?(?:all )?"
    r"(?:done|sorted|settled|fulfilled|carried out|taken care of|processed|set)"
    r"|consider it done|as you wish|will do)(?: for you)?(?:, [a-z]+)?[^\w]*$"
)
"""What was done after an answer nobody says: the person may have asked for its opposite."""
_SOLELY = re.compile(
    r"\b(?:solely|merely|exclusively|only) (?:up to|until|while|whilst|as long|so long|on|for|when|once|after|in) "
    r"(?!english\b)|\bwhereas\b|\breprieve\b"
)


def retracts(sentence: str, *, later: bool = False) -> bool:
    """
    Whether a sentence takes back what stands beside it, in general words.

    Args:
        sentence: of the service.
        later: whether it stands in a message of its own, after the answer.
    """
    told = spell_out(fold(sentence))
    if not later and _AN_EARLIER_ONE.search(told):
        return False
    if _TO_BE_IGNORED.search(told) and not _ONLY_IF.search(told):
        return True
    if any(pattern.search(told) for pattern in _ANYWHERE) or _AT_THE_START.match(told):
        return True
    return later and (
        _AT_THE_START_LATER.match(told) is not None or any(pattern.search(told) for pattern in (_SOLELY, _DONE_SINCE))
    )
