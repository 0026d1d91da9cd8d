"""
Pages that stand between a visit and what it wants to read: to sign in, to prove oneself, to agree to something.

Login pages and challenges are told by the service's own file. The words of walls before a setting are those that such
pages have in common, in the six languages of most flows. They come from no one source and need none: they never say how
a setting stands, only who has to go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from automation.core.errors import PageChanged, SignInNeeded
from automation.core.verdicts import ChallengeKind, Reason
from automation.flow.site import Challenge, Site, Who
from automation.page import Node, PageView
from automation.reading.controls.rows import SETTABLE
from automation.text.normalizing import fold, fold_label
from automation.text.page_words import PageWords

_TOO_MANY_REQUESTS = frozenset({429, 999})
"""RFC 6585; one service says 999 instead, which is in no standard (facts: widely reported)."""
_NAMING = frozenset({"email", "tel", "text"})


# -- what the service's own file tells


def is_login(view: PageView, site: Site) -> bool:
    """Whether a page asks somebody to sign in: a visible password field, or one of the service's login paths."""
    on_path = any(fnmatchcase(view.path, pattern) for pattern in site.sign_in.login_paths)
    return on_path or "password" in _input_types(view)


def challenge_of(view: PageView, status: int | None, site: Site, words: PageWords) -> ChallengeKind | None:
    """What only a person can give before this page goes on; None where it asks for nothing of the kind."""
    if status in _TOO_MANY_REQUESTS:
        return ChallengeKind.RATE_LIMIT
    text = view.text()
    return next((rule.kind for rule in site.challenges if _fits(rule, view, text, words)), None)


def refuse_others(person: Who, identity: str, *, must_name: bool) -> None:
    """
    Go on only where a page and its cookies name nobody but this account.

    Raises:
        PageChanged: with `wrong_account`.
        SignInNeeded: nobody is named, and somebody must be.
    """
    refuse_another(not person.nobody and not person.is_only(identity))
    if must_name and person.nobody:
        raise SignInNeeded("nobody is signed in", "Sign in again.", reason=Reason.LOGIN_REQUIRED)


def refuse_another(another: bool) -> None:
    """
    Go on only where no other account is shown.

    Raises:
        PageChanged: with `wrong_account`.
    """
    if another:
        raise PageChanged(
            "the service shows another account than the one expected",
            "Check `identity` in temoin.toml and who is signed in.",
            reason=Reason.WRONG_ACCOUNT,
        )


def login_wanted(view: PageView) -> SignInNeeded:
    """What a login page means: `reauth` where only the password is asked for, else `login_required`."""
    fields = [n for n in view.shown_nodes() if n.tag == "INPUT" and n.role in {"textbox", "searchbox", ""}]
    asked = {n.attributes.get("type", "text").lower() for n in fields}
    again = "password" in asked and not asked & _NAMING
    return SignInNeeded("the service asks to sign in again", kind=ChallengeKind.REENTER_PASSWORD if again else None)


def _fits(rule: Challenge, view: PageView, text: str, words: PageWords) -> bool:
    if not fnmatchcase(view.host, rule.host):
        return False
    if rule.path and not fnmatchcase(view.path, rule.path):
        return False
    return not rule.words or words.with_english.find_word(rule.words, text) is not None


# -- what stands in front of a setting

_LONGEST_PAGE = 1500
"""Characters; what says more is no page that only asks for one thing."""
_HUMAN = re.compile(
    r"""
    (?:verify|confirm|prove)\ (?:that\ )?you(?:'re|\ are)\ (?:a\ )?(?:human|not\ a\ robot) | i(?:'m|\ am)\ not\ a\ robot
    | verifying\ (?:that\ )?you\ are\ human\.\ this\ may\ take\ a\ few\ seconds
    | needs\ to\ review\ the\ security\ of\ your\ connection\ before\ proceeding
    | are\ you\ (?:a\ )?(?:human|robot) | checking\ (?:if\ the\ site\ connection|your\ browser) | unusual\ traffic\ from
    | vérifie[zr]\ que\ vous\ êtes\ (?:un\ )?humain | je\ ne\ suis\ pas\ un\ robot
    | bestätigen\ sie,\ dass\ sie\ (?:ein\ mensch|kein\ roboter) | ich\ bin\ kein\ roboter
    | (?:verifica|confirma)\ que\ (?:eres|es)\ (?:un\ )?humano | no\ soy\ un\ robot
    | (?:verifica|conferma)\ di\ essere\ (?:un\ )?(?:umano|essere\ umano) | non\ sono\ un\ robot
    | (?:verifique|confirme)\ que\ (?:você\ )?é\ humano | não\ sou\ um\ robô
    """,
    re.VERBOSE,
)
_ITSELF = re.compile(
    r"""
    confirm\ access | (?:verify|confirm)\ (?:that\ )?it(?:'s|\ is)\ you | verify\ your\ identity
    | confirmez\ (?:votre\ identité|qu'il\ s'agit\ bien\ de\ vous) | confirmer\ l'accès
    | bestätigen\ sie\ ihre\ identität | bestätigen,\ dass\ sie\ es\ sind
    | (?:verifica|confirma)\ (?:tu|su)\ identidad | verifica\ la\ tua\ identità | conferma\ la\ tua\ identità
    | (?:verifique|confirme)\ (?:a\ )?sua\ identidade
    """,
    re.VERBOSE,
)
_AGREEING = re.compile(
    r"before\ you\ continue|avant\ de\ continuer|bevor\ sie\ (?:fortfahren|zu)|antes\ de\ (?:continuar|ir\ a)"
    r"|prima\ di\ continuare"
)
_COOKIES = re.compile(r"\bcookies?\b")
_ALL = r"(?: (?:all|cookies|all cookies|tout|les cookies|tod[ao]s?|las cookies|tutt[oi]|i cookie|tud[oa]|os cookies))?"
_ACCEPTING = re.compile(
    r"(?:(?:i |yes,? )?(?:accept|agree|allow|consent)|(?:tout )?accepter|aceptar|accetta|aceitar)" + _ALL + r"|got it"
    r"|ok(?:ay)?|(?:alle(?: cookies)? )?(?:akzeptieren|zulassen|annehmen)"
)
_DECLINING = re.compile(
    r"(?:reject|decline|refuse|deny|disagree|(?:tout )?refuser|rechazar|rifiuta|rejeitar|recusar)" + _ALL + r"|"
    r"(?:only|use)? ?(?:strictly )?(?:necessary|essential)(?: cookies)?(?: only)?|continuer sans accepter"
    r"|(?:manage|customi[sz]e|cookie) (?:options|choices|preferences|settings|cookies)"
    r"|(?:alle(?: cookies)? )?ablehnen|nur notwendige(?: cookies)?(?: (?:zulassen|akzeptieren))?"
)
"""What the two buttons of a notice about cookies are called."""
_ROOTS = frozenset({"", "HTML", "BODY"})
_FRAME = frozenset({"banner", "navigation", "search", "contentinfo"})
_TOLD = frozenset({"heading", "paragraph", "link", "row", "listitem"}) | SETTABLE
_SIGNING_IN = re.compile(
    r"""
    (?:sign|log)[ -]?in (?:\ (?:to|with|or)\ .{1,60})? | (?:please\ )?(?:sign|log)\ in\ to\ (?:continue|see\ more)
    | welcome\ back | (?:se\ )?connecter | connexion | connectez-vous(?:\ .{1,60})? | se\ connecter\ à\ .{1,60}
    | anmelden(?:\ .{1,60})? | einloggen(?:\ .{1,60})? | iniciar\ sesión(?:\ .{1,60})? | inicia\ sesión(?:\ .{1,60})?
    | accedi(?:\ .{1,60})? | entrar(?:\ .{1,60})? | iniciar\ sessão(?:\ .{1,60})?
    """,
    re.VERBOSE,
)
_SIGNING_UP = re.compile(
    r"(?:sign\ up|join|register|create\ (?:an\ )?account|get\ started|s'inscrire|créer\ un\ compte|registrieren"
    r"|konto\ erstellen|regístrate|registrarse|crear\ cuenta|iscriviti|registrati|inscrever-se|criar\ conta)\b"
)
_NAMED_SO = re.compile(
    r"e-?mail|user ?name|phone|identifier|adresse|benutzername|usuario|utente|usuário", re.IGNORECASE
)
_PARTS = re.compile(r"\s+[-–—|·•/:]\s+")
_ENDED = re.compile(
    r"\b(?:your|the) session (?:has |was )?(?:expired|ended|timed out)\b"
    r"|\byou(?:'ve| have| were)? been (?:signed|logged) out\b"
    r"|\bvotre session (?:a expiré|est terminée|a pris fin)|\b(?:deine|ihre) sitzung ist abgelaufen"
    r"|\btu sesión ha (?:caducado|expirado)|\bla tua sessione è scaduta"
)
_PRESSED = frozenset({"button", "link"})


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands in front of a setting."""

    kind: ChallengeKind | None
    """None where nobody is signed in."""
    words: str
    """The words on the page that say so."""


def wall_of(view: PageView) -> Wall | None:
    """What a page that shows no setting asks for instead; None where it asks for nothing of the kind."""
    named = [*(node.name for node in view.headings()), *_PARTS.split(view.title)]
    text = view.text(chrome=True)
    if len(text) <= _LONGEST_PAGE:
        again = ChallengeKind.REENTER_PASSWORD if "password" in _input_types(view) else ChallengeKind.CHECKPOINT
        for words, kind in ((_HUMAN, ChallengeKind.CAPTCHA), (_ITSELF, again)):
            found = words.search(fold(f"{view.title}\n{text}"))
            if found:
                return Wall(kind, found[0])
        for name in named:
            if _AGREEING.match(fold(name)) or view.host.startswith("consent."):
                return Wall(ChallengeKind.CONSENT, name)
        if (notice := _notice_of_cookies(view)) is not None:
            return Wall(ChallengeKind.CONSENT, notice)
        if any(n.attributes.get("autocomplete") == "one-time-code" for n in view.shown_nodes() if n.tag == "INPUT"):
            return Wall(ChallengeKind.TWO_STEP, "one-time-code")
    for name in named:
        if _SIGNING_IN.fullmatch(fold_label(name)) and (_asks_who(view) or _offered(view, _SIGNING_IN)):
            return Wall(None, name)
    return _signed_out(view, both=False)


def _notice_of_cookies(view: PageView) -> str | None:
    """
    The first words of a notice that asks for cookies, where a page shows nothing else but its frame.

    Beside a page that shows something a notice is no wall, wherever it lies.
    """
    accept, decline = (
        next((n for n in view.shown_nodes() if n.role in _PRESSED and words.fullmatch(fold_label(n.name))), None)
        for words in (_ACCEPTING, _DECLINING)
    )
    if accept is None or decline is None:
        return None
    both = (a for a in view.ancestors(accept.index) if view.is_inside(decline.index, a.index))
    notice = next((a for a in both if any(_COOKIES.search(fold(text)) for text in _said_in(view, a))), None)
    if notice is None or notice.tag in _ROOTS:
        return None
    others = (n for n in view.shown_nodes() if n.role in _TOLD and not view.is_inside(n.index, notice.index))
    if any(all(a.role not in _FRAME for a in view.ancestors(n.index)) for n in others):
        return None
    return view.text(notice.index, chrome=True).split("\n")[0]


def _said_in(view: PageView, root: Node) -> Iterator[str]:
    """The texts of an element but those of what is pressed there."""
    for node in view.within(root.index):
        if node.tag == "#text" and node.shown and all(a.role not in _PRESSED for a in view.ancestors(node.index)):
            yield node.text


def signed_out(view: PageView) -> Wall | None:
    """
    Whether a page that shows a setting shows that of a visitor: it offers both to sign in and to sign up.

    So it does where it says that the session has ended: what it draws then are its own defaults.
    """
    ended = _ENDED.search(fold(view.text(chrome=True)))
    return Wall(None, ended[0]) if ended is not None else _signed_out(view, both=True)


def _signed_out(view: PageView, *, both: bool) -> Wall | None:
    sign_in = _offered(view, _SIGNING_IN)
    if sign_in is None or (both and _offered(view, _SIGNING_UP) is None):
        return None
    return Wall(None, sign_in.name)


def _offered(view: PageView, words: re.Pattern[str]) -> Node | None:
    """A button or link that is called so and no more; one for signing up may say more."""
    fits = words.match if words is _SIGNING_UP else words.fullmatch
    return next((n for n in view.shown_nodes() if n.role in _PRESSED and fits(fold_label(n.name))), None)


def _asks_who(view: PageView) -> bool:
    """Whether there is a field for who one is."""
    for node in view.shown_nodes():
        kind = node.attributes.get("type", "text").lower()
        if node.tag == "INPUT" and kind in _NAMING:
            said = " ".join(node.attributes.get(key, "") for key in ("name", "id", "autocomplete", "placeholder"))
            if kind == "email" or _NAMED_SO.search(f"{said} {node.name}"):
                return True
    return False


def _input_types(view: PageView) -> set[str]:
    return {node.attributes.get("type", "").lower() for node in view.shown_nodes() if node.tag == "INPUT"}
