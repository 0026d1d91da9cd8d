"""Pages that stand between a visit and what it wants to read: login walls and challenges."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from automation.verdicts import Reason

if TYPE_CHECKING:
    from automation.labels import Labels
    from automation.site import Site
    from automation.view import PageView

_TOO_MANY_REQUESTS = 429


def is_login(view: PageView, site: Site) -> bool:
    """Whether a page asks somebody to sign in: a visible password field, or one of the service's login paths."""
    passwords = [
        n for n in view.shown_nodes() if n.tag == "INPUT" and n.attributes.get("type", "").lower() == "password"
    ]
    on_path = any(fnmatchcase(view.path, pattern) for pattern in site.sign_in.login_paths)
    return bool(passwords) or on_path


def challenge_of(view: PageView, status: int | None, site: Site, labels: Labels, locale: str) -> Reason | None:
    """The reason why only a person can go on from this page; None where there is none."""
    if status == _TOO_MANY_REQUESTS:
        return Reason.RATE_LIMITED
    text = view.text()
    for rule in site.challenges:
        if rule.path and fnmatchcase(view.path, rule.path) and fnmatchcase(view.host, rule.host):
            return rule.reason
        if rule.words and any(labels.find_word(rule.words, loc, text) for loc in {locale, "en"}):
            return rule.reason
    return None
