"""The pages of looks: what a picture shows and a person says of it, what that changes, and every look."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from automation.app.looks import Waiting, looks_of
from automation.cli.look.showing import QUESTIONS, look_line, quoted_in, said
from automation.core.errors import ConfigurationError
from automation.core.looks import Says
from automation.web.archive import Latest
from automation.web.pages import account_of, source_of
from automation.web.view import Form, View

if TYPE_CHECKING:
    from starlette.responses import Response

    from automation.app.looks import Preview

_NAME_LIMIT = 80


def ask(view: View) -> Response:
    """The first thing that waits for a look at an account: the lines as they were read, the picture, the answers."""
    return _asked(view, Form(b""))


def answer(view: View, form: Form) -> Response:
    """Show what an answer would do; the second press, which says that it was seen, takes it."""
    looks = looks_of(view.desk.settings(), view.words)
    waiting = _first(view)
    says, who = form["says"], form["who"][:_NAME_LIMIT]
    if says not in set(Says) or form["question"] != waiting.question.key:
        return _asked(view, form)
    answers = ((waiting.question, Says(says), False),)
    try:
        preview = looks.preview(waiting.visits[0], answers, who)
    except ConfigurationError as error:
        return _asked(view, form, refusal=view.words.said(error.message))
    if preview.refusal:
        return _asked(view, form, refusal=view.words.said(preview.refusal))
    if form["sure"] != says:
        return _asked(view, form, preview)
    looks.take(waiting.visits[0], answers, who)
    return view.go(f"accounts/{account_of(view).name}", "looked")


def given(view: View) -> Response:
    """Every look, with a button to take it back."""
    kept = looks_of(view.desk.settings(), view.words).kept()
    # The service's words are marked as being in the language of its page.
    rows = [(one, look_line(one.look, view.words).partition(quoted_in(one.look))) for one in reversed(kept)]
    return view.page("looks.j2", {"looks": rows, "who": _somebody()})


def revoke(view: View, form: Form) -> Response:
    """Take a look back."""
    looks_of(view.desk.settings(), view.words).revoke(form["look"], form["who"][:_NAME_LIMIT])
    return view.go("looks", "revoked")


def _first(view: View) -> Waiting:
    """
    What is asked first about an account.

    Raises:
        ConfigurationError: nothing is.
    """
    settings, account = view.desk.settings(), account_of(view)
    latest = view.desk.latest(settings, account)
    if latest is None or latest.bundle is None:
        raise ConfigurationError("there is no evidence of this account", "Check it first.")
    visit, questions = looks_of(settings, view.words).questions(latest.bundle)
    return Waiting(questions[0], (visit,))


def _asked(view: View, form: Form, preview: Preview | None = None, refusal: str = "") -> Response:
    account, waiting = account_of(view), _first(view)
    question, visit = waiting.question, waiting.visits[0]
    source = source_of(view, view.desk.settings(), Latest(visit.result, visit.bundle.parent))
    picture = source.address_of(visit.bundle.name, question.picture) if question.picture else ""
    shown = {
        "account": account,
        "question": question,
        "asked": view.words.gettext(QUESTIONS[question.kind]),
        "picture": picture,
        "answers": [(says.value, said(question.kind, says, view.words)) for says in question.answers],
        "says": form["says"],
        "who": form["who"][:_NAME_LIMIT] or _somebody(),
        "preview": preview,
        "refusal": refusal,
    }
    return view.page("look.j2", shown, HTTPStatus.BAD_REQUEST if refusal else HTTPStatus.OK)


def _somebody() -> str:
    """Whoever is logged in, as far as the machine knows."""
    from automation.cli.settings import who_is_here

    try:
        return who_is_here()
    except ConfigurationError:
        return ""
