"""Pages that stand between a visit and what it wants to read: login walls and challenges."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from automation.verdicts import ChallengeKind

if TYPE_CHECKING:
    from automation.labels import Labels
    from automation.site import Challenge, Site
    from automation.view import PageView

_TOO_MANY_REQUESTS = 429


def is_login(view: PageView, site: Site) -> bool:
    """Whether a page asks somebody to sign in: a visible password field, or one of the service's login paths."""
    passwords = [
        n for n in view.shown_nodes() if n.tag == "INPUT" and n.attributes.get("type", "").lower() == "password"
    ]
    on_path = any(fnmatchcase(view.path, pattern) for pattern in site.sign_in.login_paths)
    return bool(passwords) or on_path


def challenge_of(view: PageView, status: int | None, site: Site, labels: Labels, locale: str) -> ChallengeKind | None:
    """What only a person can give before this page goes on; None where it asks for nothing of the kind."""
    if status == _TOO_MANY_REQUESTS:
        return ChallengeKind.RATE_LIMIT
    text = view.text()
    return next((rule.kind for rule in site.challenges if _fits(rule, view, text, labels, locale)), None)


def _fits(rule: Challenge, view: PageView, text: str, labels: Labels, locale: str) -> bool:
    if not fnmatchcase(view.host, rule.host):
        return False
    if rule.path and not fnmatchcase(view.path, rule.path):
        return False
    return not rule.words or any(labels.find_word(rule.words, loc, text) for loc in {locale, "en"})
