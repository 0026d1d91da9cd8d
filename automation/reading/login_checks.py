"""Pages that stand between a visit and what it wants to read: login walls and challenges."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from automation.domain.verdicts import ChallengeKind, Reason
from automation.errors import PageChanged, SignInNeeded

if TYPE_CHECKING:
    from automation.flow.site import Challenge, Site, Who
    from automation.page import PageView
    from automation.text.page_words import PageWords

_TOO_MANY_REQUESTS = 429
_SECRET, _NAMING = {"password"}, {"text", "email", "tel"}


def is_login(view: PageView, site: Site) -> bool:
    """Whether a page asks somebody to sign in: a visible password field, or one of the service's login paths."""
    passwords = [
        n for n in view.shown_nodes() if n.tag == "INPUT" and n.attributes.get("type", "").lower() == "password"
    ]
    on_path = any(fnmatchcase(view.path, pattern) for pattern in site.sign_in.login_paths)
    return bool(passwords) or on_path


def challenge_of(view: PageView, status: int | None, site: Site, words: PageWords) -> ChallengeKind | None:
    """What only a person can give before this page goes on; None where it asks for nothing of the kind."""
    if status == _TOO_MANY_REQUESTS:
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
    again = asked & _SECRET and not asked & _NAMING
    return SignInNeeded("the service asks to sign in again", kind=ChallengeKind.REENTER_PASSWORD if again else None)


def _fits(rule: Challenge, view: PageView, text: str, words: PageWords) -> bool:
    if not fnmatchcase(view.host, rule.host):
        return False
    if rule.path and not fnmatchcase(view.path, rule.path):
        return False
    return not rule.words or words.with_english.find_word(rule.words, text) is not None
