"""What is said in the terminal while a person is at the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.session import News

_ENGLISH = {
    "sign_in": "Sign in to {service} in the window, as {account}. Everything there is yours to do.",
    "identity": "Somebody is signed in; waiting for a page that says who.",
    "wrong_account": "That was another account than {account}. Its session is dropped; sign in with the right one.",
    "refused": "The guard refused: {what}. If the window does not go on, report this line.",
    "other_host": "The page asks for {what}, which is not {service}'s own and stays closed. "
    "If something is missing in the window, such as a captcha, pass it in your own browser first.",
}
_FRENCH = {
    "sign_in": "Connectez-vous à {service} dans la fenêtre, avec {account}. Tout ce qui s'y fait, c'est vous.",
    "identity": "Quelqu'un est connecté ; en attente d'une page qui dise qui.",
    "wrong_account": "C'était un autre compte que {account}. Sa session est jetée ; connectez-vous avec le bon.",
    "refused": "La garde a refusé : {what}. Si la fenêtre n'avance pas, signalez cette ligne.",
    "other_host": "La page demande {what}, qui n'est pas de {service} et reste fermé. S'il manque quelque chose "
    "dans la fenêtre, un captcha par exemple, passez-le d'abord dans votre propre navigateur.",
}


def said(news: News, account: str, service: str, *, french: bool) -> str:
    """
    One line for a person.

    Args:
        news: what is waited for.
        account: its name in the configuration, never the person's.
        service: as a person writes it.
        french: in French instead of English.
    """
    from automation.reports.challenges import CHALLENGES
    from automation.text.language import language

    if news.challenge is not None:
        asked = language("fr" if french else "en").gettext(CHALLENGES[news.challenge].meaning)
        return f"{asked} {'À vous, dans la fenêtre.' if french else 'Your turn, in the window.'}"
    words = _FRENCH if french else _ENGLISH
    return words[news.waiting.value].format(account=account, service=service, what=news.what)
