"""
What stands beside a control and takes its state's meaning away: an exception, somebody above, a label turned round.

These words come from no source, and need none: they can only take a verdict away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from automation.reading.control.cells import heads_of_column, names_of_table, table_row_of
from automation.reading.control.operable import label_of
from automation.reading.control.rows import qualifies, row_of, texts_in
from automation.reading.control.state_words import TURNING
from automation.text.normalizing import fold, fold_label, spell_out

if TYPE_CHECKING:
    from automation.flow.control_table import Meaning
    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted

PICTURES = frozenset({"img", "image"})
_MOST_WORDS_OF_A_NAME = 12
_KEEPS_OUT = re.compile(
    r"(?:opt(?: \w+){0,3} out|(?:do not|never) (?:allow|let|use|share|train|include|analy[sz]e)"
    r"|(?:exclude|block|prevent|stop) .{0,40}\b(?:my|our|us|ai|training|companies|from (?:using|training|learning))"
    r"|ne pas (?:autoriser|utiliser|partager)|(?:exclure|bloquer) (?:mes|mon|ma|nos|notre)|nicht (?:erlauben|verwenden)"
    r"|no (?:permitir|usar|utilizar|compartir)|excluir (?:mis|mi)|non (?:consentire|usare|utilizzare))\b"
)
"""How a second line begins that names the opposite of a label: whoever ticks it is out."""
_LETS_IN = re.compile(r"(?:opt(?: \w+){0,3} in|allow|let|permit|include|share)\b")
_IS_OUT = re.compile(r"(?:you (?:have |are )?)?(?:opted out|excluded|blocked|not (?:contributing|shared|used))")
_IS_IN = re.compile(
    r"(?:you (?:have |are )?)?(?:opted in|included|contributing|shared|being used)"
    r"|your \w+ (?:are|is) (?:currently |now |being )+(?:used|shared|included)\b.*"
)
_ON_KEEPS_OUT = re.compile(
    r"\b(?:turn|switch) (?:this |it )?on to (?:keep .{1,30}\bout|opt|exclude|stop|prevent|block)\b"
    r"|\bwhen (?:this is |it is |turned |switched )*on,? .{0,80}"
    r"\b(?:excluded|opted out|kept out|not (?:be )?(?:used|shared))\b"
)
_CAVEAT = re.compile(
    r"""
    \b(?:\d+|some|several)\ exceptions?\b | \boverridden\b | \boverrides\ (?:all|every)\b
    | \bstill\ (?:contribut|being\ used|used|collected|shared|process) | \bare\ still\ used\b
    | \b(?:teams?|people|members|users|apps?|sites?|spaces?)\ ha(?:s|ve)\ turned\ (?:this|it)\ (?:on|off)\b
    | \bexisting\ \w+\ (?:is|are)\ not\ affected\b | ^(?:off|on)?\W*(?:only\ )?for\ new\ \w+(?:\ only)?$
    | ^for\ (?:\w+\ ){1,3}only$ | \bfor\ this\ workspace\ only\b | \bhas\ its\ own\ setting\b
    | \b(?:choice|setting|switch|it)\ (?:here\ |below\ |above\ )?has\ no\ effect$ | \bno\ longer\ has\ any\ effect\b
    | \bturned\ (?:this|it)\ (?:on|off)\ for\ everyone\b | \brequires\ this\ to\ be\ (?:on|off)\b
    | \b(?:managed|controlled|set|locked)\ by\ (?:your|the|an)\ (?:organi[sz]ation|admin|company|workspace|school|team)
    | \b(?:not|not\ be)\ (?:available|apply|applicable)\ (?:in|to|for)\ your\ (?:region|country|account|plan)\b
    | \beven\ (?:if|when)\ this\ (?:shows|is\ shown)\b | \bpaused\ until\b
    | \bturns?\ (?:back\ )?(?:on|off)\ (?:automatically|by\ itself|again)\b | \bpending\ your\b
    | ^(?:on\ )?this\ device\ only$ | ^(?:on|off)\ for\ \d+\ of\ \d+\b | \bset\ for\ the\ \w+\ workspace\b
    | ^what's\ new\b | \bthis\ (?:person|member|user|child|guest)'s\b | \bmanages\ this\ (?:account|profile|workspace)\b
    | \bsauf\ pour\b | \bgéré\w*\ par\ votre\ (?:organisation|administrateur) | \bsans\ effet\b
    | \bvon\ deiner\ organisation\ verwaltet\b | \bgestionad\w+\ por\ tu\ organización\b
    """,
    re.VERBOSE,
)
_NEVER_OURS = re.compile(
    r"\b(?:guests?|child(?:ren)?|kids|sandbox|new (?:teams|members|users|apps|spaces|workspaces|sites|projects|files)"
    r"|presets?|defaults? for new|recommended settings"
    r"|previous settings|previously|recommended|api|news(?:letters?)?|by e?-?mail|subscriptions?|notifications?|topics"
    r"|templates?)\b"
)
"""In a heading between the section and the label, or above a column: another's setting, or one of another time."""
_LEAVES_OUT = re.compile(
    r"\b(?:keep|leave|count|take) (?:me|us|my \w+|mine) out\b|^(?:exclude|opt out|do not|never|block|prevent|stop)\b"
    r"|\bticked (?:means|is|are) (?:out|excluded|off)\b"
    r"|^(?:exclure|ne pas|bloquer|ausschließen|nicht|excluir|bloquear|no permitir|escludi|blocca)\b"
)
"""How a group of boxes is headed whose ticks keep out."""
_FEWEST_WORDS_TO_GO_ON = 3
_GROUPS = frozenset({"group", "radiogroup"})
_DASHES = frozenset("-–—")
_DRAWN_TO_SHOW = frozenset({"FIGURE", "BLOCKQUOTE", "PRE", "SAMP", "TEMPLATE"})
_OF_SOMEBODY = re.compile(r"^(?!what|here|it|that|let|who|today|how|there|where)(?P<who>[^\W\d]+)'s (?=\w)")
"""Whose settings they are, where it is a person of whom one speaks: "Lena's privacy"."""
_OF_A_CHILD = re.compile(r"\b(?:supervised|child|children's|kids?|teens?|guest) (?:accounts?|profiles?|settings)\b")
"""In a page's title."""
_OF_OTHERS = re.compile(r"\b(?:workspace|organi[sz]ation|company|team)\b")
"""The same where the setting is a person's."""


def said_around(view: PageView, node: Node, others: Iterable[Node]) -> list[tuple[int, str]]:
    """
    The lines of text in the widest element around a control that holds no other one, each with what holds it.

    Among them what pictures there are called. "Enable" on a box is what it is called, and no offer to do so.
    """
    row = row_of(view, node, [n for n in others if not view.is_inside(n.index, node.index)])
    if row is None:
        return []
    label = label_of(view, node) if node.role == "checkbox" and TURNING.get(fold_label(node.name)) is False else None
    return [(at, text) for at, text in said_in(view, [row]) if label is None or not view.is_inside(at, label.index)]


def said_in(view: PageView, roots: Iterable[int]) -> list[tuple[int, str]]:
    """The lines of text in some elements, each with what holds it, and what pictures there are called."""
    roots = tuple(roots)
    pictures = (n for root in roots for n in view.shown_nodes(root) if n.role in PICTURES and n.name.strip())
    texts = (text for root in roots for text in texts_in(view, root))
    return list(dict.fromkeys((*texts, *((n.index, n.name.strip()) for n in pictures))))


def taken_back(wanted: Wanted, meaning: Meaning | None, lines: Iterable[str], sections: Collection[str]) -> bool:
    """
    Whether a line beside a control says that its state does not hold, or holds of the opposite.

    Args:
        wanted: the words of the control; its own label, and what is known to describe it, are no caveats.
        meaning: what the state would say.
        lines: the texts of `said_around`.
        sections: folded words of what holds it.
    """
    if meaning is None:
        return False
    known = {*wanted.descriptions, *sections}
    told = [line for line in lines if wanted.names(line) is None and fold_label(line) not in known]
    return any(_takes_back(wanted, meaning, spell_out(fold(line)).strip(" .…!›>")) for line in told)


def has_caveat(wanted: Wanted, line: str) -> bool:
    """Whether a line says of whatever state it stands by that it is not the present one, or not the person's to set."""
    return _CAVEAT.search(spell_out(fold(line)).strip(" .…!›>")) is not None or qualifies(wanted, line)


def _takes_back(wanted: Wanted, meaning: Meaning | None, line: str) -> bool:
    if _CAVEAT.search(line) is not None or (wanted.on == "trains" and _ON_KEEPS_OUT.search(line) is not None):
        return True
    if line in TURNING and wanted.on is not None and wanted.switched(on=TURNING[line]) is not meaning:
        return True
    if (_IS_OUT.fullmatch(line) and meaning == "trains") or (_IS_IN.fullmatch(line) and meaning == "protects"):
        return True
    few = len(line.split()) <= _MOST_WORDS_OF_A_NAME
    turned = _KEEPS_OUT if wanted.on == "trains" else _LETS_IN
    return few and wanted.on is not None and turned.match(line) is not None


def heads_others(view: PageView, node: Node) -> bool:
    """Whether the table in which a control stands, or its column there, is another's: "Default for new apps"."""
    row = table_row_of(view, node.index)
    heads = [*heads_of_column(view, row, node), *names_of_table(view, row)] if row is not None else []
    return any(_NEVER_OURS.search(fold_label(head)) is not None for head in heads)


def is_turned_round(view: PageView, wanted: Wanted, node: Node) -> bool:
    """Whether the group in which a control stands says that what is ticked is left out: "Keep me out of …"."""
    groups = (a.name for a in view.ancestors(node.index) if a.role in _GROUPS and wanted.names(a.name) is None)
    return wanted.on == "trains" and any(_LEAVES_OUT.search(spell_out(fold(name))) is not None for name in groups)


def goes_on(view: PageView, wanted: Wanted, lines: Iterable[tuple[int, str]]) -> bool:
    """
    Whether the line right behind the label goes on with it, in small letters or behind a dash.

    "Block AI training" with "digest in my inbox each Monday" beneath it is another setting.
    """
    told = [text.strip() for at, text in lines if view.nodes[at].role not in PICTURES]
    behind = (following for line, following in pairwise(told) if wanted.heads(line) is not None)
    goes = (text for text in behind if not wanted.tells(text) and len(text.split()) >= _FEWEST_WORDS_TO_GO_ON)
    return any(text[:1].islower() or text[:1] in _DASHES for text in goes)


def is_an_example(view: PageView, node: Node) -> bool:
    """Whether a control stands in a figure or a quotation: it is drawn to be looked at."""
    return any(a.tag in _DRAWN_TO_SHOW or a.role == "figure" for a in view.ancestors(node.index))


def is_of_a_child(view: PageView) -> bool:
    """Whether a page says of itself that it is for the account of a child or guest."""
    return _OF_A_CHILD.search(fold(view.title)) is not None


def is_of_others(held_by: Iterable[str], known: Iterable[str], host: str, *, own: bool) -> bool:
    """
    Whether what holds a control right beneath its section is somebody else's: "Team workspace: Acme".

    Args:
        held_by: names of what holds it, nearest first.
        known: folded words of its section; what stands above that may be named as it likes.
        host: of the page; what is the service's own is nobody else's.
        own: whether the setting is the person's, and not that of a team or site.
    """
    sections = set(known)
    for name in held_by:
        folded = fold_label(name)
        if folded in sections:
            return False
        if _NEVER_OURS.search(folded) is not None:
            return True
        somebody = _OF_SOMEBODY.search(folded)
        if own and (_OF_OTHERS.search(folded) or (somebody is not None and somebody["who"] not in host)):
            return True
    return False
