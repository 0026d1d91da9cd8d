"""The pages of looks: what a picture shows and a person says of it, what that changes, and every look."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response

from automation.app.look_files import LARGEST_MB, MOST_FILES
from automation.app.looks import Preview, Waiting, looks_of
from automation.app.rejudging import Visit
from automation.app.setup import keep_name, kept_name
from automation.cli.look.showing import QUESTIONS, look_words, quoted_in, said
from automation.core.errors import ConfigurationError
from automation.core.looks import Question, Says
from automation.reports.advice import title_of
from automation.web.desk import Latest
from automation.web.jobs import Job, JobKind
from automation.web.pages import account_of, source_of
from automation.web.view import Form, View
from automation.web.work import PageViewer, asked_for_key, look_live

_NAME_LIMIT = 80


_Asked = tuple[Waiting, str, str]
"""What is asked now, the visit whose picture is shown first; the address of that page, and of what is asked next."""


def ask(view: View) -> Response:
    """Something that waits for a look: the lines as they were read, the picture, the answers."""
    return _page(view, _asked(view), Form(b""))


def answer(view: View, form: Form) -> Response:
    """Show what an answer would do; the second press, which says that it was seen, takes it."""
    looks = looks_of(view.desk.settings(), view.words)
    asked = waiting, *_ = _asked(view)
    visit, question, account = waiting.visits[0], waiting.question, waiting.visits[0].result.account
    says, who = form["says"], form["who"][:_NAME_LIMIT]
    if says not in set(Says) or form["question"] != question.key:
        return _page(view, asked, form)
    answers = ((question, Says(says), False),)
    try:
        preview = looks.preview(visit, answers, who)
        if not preview.refusal and form["sure"] != says:
            return _page(view, asked, form, preview)
        looks.take(visit, answers, who, form.files)
    except ConfigurationError as error:
        return _page(view, asked, form, refusal=view.words.said(error.message))
    keep_name(who)
    if preview.left and not preview.changes:
        return view.go(f"accounts/{account}/look", "looked")
    return view.go("", "looked", part=f"card-{account}")


def live(view: View, form: Form) -> Response:
    """Open the account's own pages in a window that sends nothing, for the person to go to the answer."""
    account = account_of(view)
    if (question := asked_for_key(view, form)) is not None:
        return question
    job = Job(JobKind.LIVE, (account.name,))
    person = job.about = PageViewer(account, job)
    job = view.jobs.start(job, lambda job: look_live(view.desk, person, view.words, job))
    return view.go(f"jobs/{job.id}")


def given(view: View) -> Response:
    """Every look, with a button to take it back."""
    kept = looks_of(view.desk.settings(), view.words).kept()
    # The service's words are marked as being in the language of its page.
    words = view.words
    guides = {name: flow.guide for name, flow in view.desk.flows(view.desk.settings()).items()}
    rows = [
        (one, title_of(guides.get(look.flow), look.flow, words), look_words(look, words).partition(quoted_in(look)))
        for one, look in ((one, one.look) for one in reversed(kept))
    ]
    return view.page("looks.j2", {"looks": rows, "who": kept_name()})


def revoke(view: View, form: Form) -> Response:
    """Take a look back."""
    looks_of(view.desk.settings(), view.words).revoke(form["look"], form["who"][:_NAME_LIMIT])
    return view.go("looks", "revoked")


def _asked(view: View) -> _Asked:
    """
    What is asked first about the account that the address names, or of all that waits, from the place that it names on.

    Raises:
        ConfigurationError: nothing is, or its evidence is not as it was sealed.
    """
    settings = view.desk.settings()
    waiting = view.desk.waiting(settings, view.words)
    if "name" in view.request.path_params:
        latest = view.desk.latest(settings, account_of(view))
        if latest is None or latest.bundle is None:
            raise ConfigurationError("there is no evidence of this account", "Check it first.")
        visit, questions = looks_of(settings, view.words).questions(latest.bundle)
        return _together(visit, questions[0], waiting), view.path, ""
    if not waiting:
        raise ConfigurationError("nothing waits for a look", "Check the accounts, or look at them one by one.")
    number = view.request.query_params.get("at", "1")
    place = min(int(number) if number.isdecimal() and int(number) else 1, len(waiting))
    one = waiting[place - 1]
    visit, questions = looks_of(settings, view.words).questions(one.visits[0].bundle)
    question = next((each for each in questions if each.key == one.question.key), questions[0])
    here = f"{view.path}?at={place}" if waiting[1:] else view.path
    return replace(one, question=question), here, f"look?at={place + 1}" if waiting[place:] else ""


def _together(visit: Visit, question: Question, waiting: tuple[Waiting, ...]) -> Waiting:
    """A question about a visit, with the other accounts that are shown the same."""
    for one in waiting:
        others = tuple(each for each in one.visits if each.result.account != visit.result.account)
        if one.question.key == question.key and len(others) < len(one.visits):
            return Waiting(question, (visit, *others))
    return Waiting(question, (visit,))


def _page(view: View, asked: _Asked, form: Form, preview: Preview | None = None, refusal: str = "") -> Response:
    waiting, here, later = asked
    question, visit = waiting.question, waiting.visits[0]
    source = source_of(view, view.desk.settings(), Latest(visit.result, visit.bundle.parent))
    shown = {
        "accounts": [each.result.account for each in waiting.visits],
        "question": question,
        "title": view.words.gettext(QUESTIONS[question.kind]),
        "picture": source.address_of(visit.bundle.name, question.picture) if question.picture else "",
        "answers": [(says.value, said(question.kind, says, view.words)) for says in question.answers],
        "here": here,
        "later": later,
        "says": form["says"],
        "who": form["who"][:_NAME_LIMIT] or kept_name(),
        "is_known": bool(kept_name()),
        "preview": preview,
        "refusal": refusal,
        "most_files": MOST_FILES,
        "file_mb": LARGEST_MB,
    }
    return view.page("look.j2", shown, HTTPStatus.BAD_REQUEST if refusal else HTTPStatus.OK)
