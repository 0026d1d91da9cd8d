"""What is said in the terminal while a person is at the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.text.catalogue import N_

if TYPE_CHECKING:
    from automation.session import News
    from automation.text.language import Language

_WAITING = {
    "sign_in": N_("Sign in to %(service)s in the window, as %(account)s. Everything there is yours to do."),
    "identity": N_("Somebody is signed in; waiting for a page that says who."),
    "confirm": N_(
        "When you are signed in, go to the tab called Témoin in that window, press the button there, and say whether "
        "what it shows is your account."
    ),
    "asked": N_("Answer in the tab called Témoin: is what it shows your account?"),
    "wrong_account": N_(
        "That was another account than %(account)s. Its session is dropped; sign in with the right one."
    ),
    "refused": N_("The guard refused: %(what)s. If the window does not go on, report this line."),
    "other_host": N_(
        "The page asks for %(what)s, which is not %(service)s's own and stays closed. "
        "If something is missing in the window, such as a captcha, pass it in your own browser first."
    ),
}


def said(news: News, account: str, service: str, words: Language) -> str:
    """
    One line for a person.

    Args:
        news: what is waited for.
        account: its name in the configuration, never the person's.
        service: as a person writes it.
        words: of the person's language.
    """
    if news.challenge is not None:
        from automation.reports.challenge_messages import CHALLENGES

        asked = words.gettext(CHALLENGES[news.challenge].meaning)
        return words.gettext("%(asked)s Your turn, in the window.", asked=asked)
    return words.gettext(_WAITING[news.waiting.value], account=account, service=service, what=news.what)
