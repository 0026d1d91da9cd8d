"""
What stands above a state in words and makes it no present one: an example, a log, what is usual, somebody else's.

These words come from no source, and need none: they can only take a verdict away.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.control.caveats import PICTURES, has_caveat
from automation.reading.control.cells import heads_of_column, names_of_table, table_row_of
from automation.reading.control.entry_lines import is_day, lines_of, shows_state
from automation.reading.control.rows import SETTABLE, is_landmark, operable_in
from automation.reading.control.sections import holders
from automation.reading.control.statements import is_generic
from automation.text.normalizing import fold, fold_label, sentences, spell_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted

_FRAMES = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_PASSING = frozenset({"log", "status", "alert", "tooltip", "marquee", "timer", "figure", "code", "comment", "feed"})
"""Roles of what a page says in passing, or shows as an example."""
_CHOSEN = (SETTABLE | DISCLOSURES | {"option", "menuitem", "menuitemradio", "tab", "treeitem"}) - {"textbox"}
"""Roles of what is pressed or chosen: what stands in it is what one gets by that."""
_EXAMPLES = frozenset({"CODE", "PRE", "SAMP", "KBD", "FIGURE", "BLOCKQUOTE", "TEMPLATE", "OUTPUT", "SVG", "LABEL"})
_LOGS = re.compile(
    r"""
    \b(?:(?:changes?|settings?|version|edit)\shistory|(?:change|activity|audit|event)\s?logs?|changelog
    |(?:recent|latest|earlier|previous|past)\s(?:\w+\s)?(?:changes|activity|versions|settings)
    |historique\sdes\s(?:modifications|changements)|(?:modifications|changements)\srécent(?:e)?s
    |änderungs(?:verlauf|protokoll)|letzte\sänderungen|cambios\srecientes|historial\sde\scambios
    |modifiche\srecenti|cronologia\sdelle\smodifiche|alterações\srecentes|histórico\sde\salterações)\b
    | ^(?:history|logs?|historique|verlauf|historial|cronologia|histórico)$
    """,
    re.VERBOSE,
)
"""A heading of what has been: below it a setting's states are told, and its present one may be the last."""
_TITLES = re.compile(
    r"""
    \b(?:(?:last|latest|recent|earlier)\s(?:\w+\s)?(?:change|activity|visit)|previous(?:ly)?|former(?:ly)?
    |examples?|sample|demo|templates?|defaults?|recommended|suggested|how\s(?:it|this)\sworks|frequently\sasked|faq
    |compar(?:e|ison)|(?:by|per)\s(?:plan|device|region)|presets?|popular|most\s(?:people|members|users)|drafts?|scheduled|upcoming|planned|pending|invitations?
    |archived|deleted|guests?|child(?:ren)?|kids|sandbox
    |upgrade
    |new\s(?:members?|accounts?|users?|teams?|apps?|devices?|workspaces?)|everyone\selse
    |others?\s(?:accounts?|people|profiles?|devices?|workspaces?|sites?|blogs?|teams?|members?|users?)
    |modification\srécente|exemples?|par\sdéfaut|recommandé\w*|précédent\w*
    |autres\s(?:comptes|profils|appareils)|beispiele?|(?<!plan:\s)(?<!plan\s)standard(?!\splan)\w*
    |empfohlen\w*|bisherig\w*|andere\s(?:konten|profile|geräte)|ejemplos?|predeterminad\w+
    |recomendad\w+|anterior(?:es)?|otras\scuentas|esempi?o?|predefinit\w+|consigliat\w+
    |precedent[ei]|altri\saccount|exemplos?|padrão|outras\scontas)\b
    | ^(?:(?:on|for|in)\s)?(?:the\s)?(?:free|basic|plus|pro|premium|business|enterprise)
      \s(?:plans?|tier|version|accounts?)\b
    | ^(?:(?:our\s)?plans?|pricing|preview|aperçu|vorschau|anteprima|vista\sprevia)$
    | ^(?:if|when|with|without)\s | \?$
    """,
    re.VERBOSE,
)
"""A heading, caption or title: of what has been, will be, is usual, or is somebody else's."""
_WHEN = re.compile(
    r"(?:today|yesterday|just now|aujourd'hui|hier|heute|gestern|hoy|ayer|oggi|ieri|hoje|ontem)\b.{0,20}"
    r"|.{0,20}\bago|il y a .{1,20}|vor \d.{1,20}|hace .{1,20}|há .{1,20}|.{1,20}\bfa"
)
"""A line above an entry or below it that says when it was made: it is one of a log."""
_OPENINGS = re.compile(
    r"\b(?:for example|e\.g\.|such as|examples?|(?:here is|this is) (?:how|what) .* (?:looks?|means?)"
    r"|(?:these|the|our|following) (?:are )?(?:the )?defaults?|default settings|of new (?:members|accounts|users)"
    r"|par exemple|par défaut|zum beispiel|standardmäßig|por ejemplo|por defecto|ad esempio|por exemplo)\b"
)
"""A sentence right above the entries that says of what they are."""
_ASKS_LEAVE = re.compile(
    r"(?:(?:can|may|do you (?:allow|agree|want|consent)|would you (?:like|allow|agree))\b(?! (?:i|my|you)\b).*"
    r"\b(?:us(?:e|ing)|train|shar(?:e|ing)|learn|process|analy[sz]e)\b.*\byour?\b"
    r"|(?:pouvons-nous|autorisez-vous|acceptez-vous|souhaitez-vous)\b.*\b(?:utilis|entraîn|partag)\w+\b.*\bvo(?:s|tre)\b"
    r"|(?:dürfen wir|erlauben sie|möchten sie)\b.*\bihre\w*\b.*(?:verwend|nutz|teilen)\w*"
    r"|¿(?:podemos|permites|permite)\b.*\b(?:us|utiliz|compart)\w+\b.*\b(?:tus?|sus?)\b"
    r"|(?:possiamo|consenti)\b.*\b(?:us|utilizz|condivid)\w+\b.*\b(?:tuoi|tue|tuo|tua)\b).*\?"
)
"""A question right above an entry whose answer the state is: "Can we use your notes to train our models?"."""
_OF_OTHERS = re.compile(
    r"""
    \b(?:kids?|child(?:ren)?|teens?|age\s\d+|guests?|your\sfriends?|invit(?:e|ed|ees?|ations?)|sandbox(?:es)?
    |what-if|supervised|coming\s(?:soon|to|next|this)|filters?|simulat\w+|dress\srehearsal|practice|staging|test\saccount)\b
    | \((?:an?|the)\s[^()]*,\s(?:run|owned|kept)\sby\s
    | \bnothing\s(?:here|below|you\s\w+\shere)\sis\s(?:kept|saved|stored)\b
    | \bwhen\s(?:they|you\screate|one\sis\screated)\b | \bswitch\s(?:person|profile|account)
    | \bdraft\b | \b(?:not|until)\s(?:\w+\s){0,3}published\b | \bstep\s\d\sof\s\d
    | \bonce\syou\s(?:press|click|select|create|confirm)\b
    | ^(?:templates?|preview|anteprima|aperçu|vorschau|vista\sprevia)\b
    | \b(?:nouveau\smembre|neues\smitglied|nuevo\smiembro|nuovo\siscritto)\b
    | \bwould\s(?:give|look|get|want)\b | \bshould\s(?:then\s)?look\b | \bas\sof\s\d | \bmanaged\saccount\b
    | (?<!your)\b\w+'s\saccount\b | \bviewing\sas\b | \bback\sto\sme\b
    | \bwill\s(?:see|be\soffered|get)\sthis | \byou\s(?:are|view)\b.*\b(?:as|into)\b
    | \byou\sare\s(?:looking\sat|viewing|managing)\b | ^show\s(?:entries|results|only)\b
    """,
    re.VERBOSE,
)
"""A line above a control that says of whom or what it is: "Template: Client team", "Mila (age 7)"."""
_OF_THEM = frozenset({"these", "here", "the", "following", "below", "all", "voici", "ces", "hier", "aquí", "ecco"})


def heads_what_was(title: str) -> bool:
    """Whether a heading says that it tells what was changed and when, in more than one line."""
    return _LOGS.search(fold_label(title)) is not None


def stands_elsewhere(view: PageView, wanted: Wanted, root: Node, said_by: Node) -> bool:
    """
    Whether the state of an entry is told in passing, in the page's frame, or under words that make it no present one.

    Args:
        view: the page.
        wanted: the words; those of the setting and of its sections say nothing of the kind.
        root: what holds the entry.
        said_by: what tells the state.
    """
    lineage = list(view.ancestors(said_by.index))
    roles = _FRAMES | _PASSING | _CHOSEN | PICTURES
    told = [a for a in lineage if a.role in roles or a.tag in _EXAMPLES or _is_live(view, a)]
    if not all(_shows_state_alone(view, wanted, a) for a in told):
        return True
    row = table_row_of(view, said_by.index)
    named = [*heads_of_column(view, row, said_by), *names_of_table(view, row)] if row is not None else []
    above = (line for line in _beside(view, wanted, root, below=False) if not _asks_leave(line))
    titles = chain(named, _up_to_section(view, wanted, said_by), above)
    below = _beside(view, wanted, root, below=True)
    return any(_takes_away(wanted, title) for title in titles) or any(
        has_caveat(wanted, line) or _says_when(line) for line in below
    )


def introduced_as_others(view: PageView, wanted: Wanted, control: Node) -> bool:
    """Whether a line above a control says that it is another person's, another time's, or there to be tried."""
    own = (*wanted.labels, *wanted.descriptions, *wanted.sections)
    above = _beside(view, wanted, control, below=False, links=False)
    return any(_OF_OTHERS.search(spell_out(fold(line))) for line in above if not fold(line).startswith(own))


def _shows_state_alone(view: PageView, wanted: Wanted, node: Node) -> bool:
    """Whether an element in the row is a place for its state and holds no more; a message would say of what it is."""
    return (node.role == "status" or node.tag == "OUTPUT") and wanted.tells(view.text(node.index).strip())


def _is_live(view: PageView, node: Node) -> bool:
    """Whether an element tells what has just happened; one with a heading is a part of the page."""
    live = node.attributes.get("aria-live") in {"polite", "assertive"}
    return live and not any(n.role == "heading" and n.shown for n in view.within(node.index))


def _up_to_section(view: PageView, wanted: Wanted, said_by: Node) -> Iterator[str]:
    """Names of what holds the state, nearest first, up to its known section; all of them where that holds it not."""
    for name in holders(view, said_by.index):
        if fold_label(name) in wanted.sections:
            return
        yield name


def _beside(view: PageView, wanted: Wanted, root: Node, *, below: bool, links: bool = True) -> Iterator[str]:
    """
    The nearest line above an entry at every step up to the page's main part; or the one right below it.

    What tells a state or can be set, with `links` also what leads on, is an entry like this one: passed over above, and
    below the end.
    """
    for node in (root, *view.ancestors(root.index)):
        if is_landmark(node):
            return
        siblings = view.children.get(node.parent, ())
        for sibling in sorted(siblings, reverse=not below):
            if (sibling > node.index) is not below or sibling == node.index:
                continue
            lines = list(lines_of(view, [sibling], ()))
            set_there = operable_in(view, sibling) if links else [n for n in view.within(sibling) if n.role in SETTABLE]
            entry = bool(set_there) or any(shows_state(wanted, line) for line in lines)
            if lines and not entry:
                yield lines[0 if below else -1].text
            if lines and below:
                return
            if lines and not entry:
                break


def _takes_away(wanted: Wanted, title: str) -> bool:
    """Whether a title, or the last sentence above, says that what it heads is no present state of this setting."""
    folded = fold_label(title)
    if folded in wanted.sections or folded in wanted.labels or folded in wanted.descriptions:
        return False
    if _says_when(title):
        return True
    last = (sentences(title) or [title])[-1].strip()
    if last.endswith((".", "!", "。")):
        return _OPENINGS.search(fold(last)) is not None
    if last.endswith(":"):
        own = " ".join(word for word in fold_label(last).split() if word not in _OF_THEM)
        return not is_generic(wanted, own) or _is_title(own)
    return _is_title(title)


def _asks_leave(line: str) -> bool:
    """Whether a line is one question to the person, of what the setting is there to allow; a heading answers itself."""
    return len(sentences(line)) == 1 and _ASKS_LEAVE.fullmatch(fold(line)) is not None


def _is_title(text: str) -> bool:
    return _TITLES.search(fold(text)) is not None or heads_what_was(text)


def _says_when(line: str) -> bool:
    """Whether a line is a day, or tells how long ago something was."""
    return is_day(line) or _WHEN.fullmatch(fold_label(line)) is not None
