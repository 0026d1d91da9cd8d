"""The pages that show where the accounts stand: the first one, one account's own, the report and its evidence."""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import typer
from starlette.responses import FileResponse, Response, StreamingResponse

from automation.app.accounts import accept, fingerprint, take_out
from automation.app.cases import can_complain
from automation.app.evidence import verified_lines
from automation.app.live_looks import can_be_seen_live
from automation.app.setup import kept_name
from automation.app.unrecognised import unmet_of
from automation.cli.cases import recorded
from automation.cli.settings import day, who_is_here
from automation.cli.verify import own_secrets
from automation.config import Settings
from automation.core.accounts import Account
from automation.core.cases import CaseState, overdue
from automation.core.errors import ConfigurationError
from automation.core.verdicts import Verdict
from automation.reports.as_html import TOKENS
from automation.reports.background import strip_of
from automation.reports.names import term
from automation.reports.pictures import Picture, Source, pictures_of
from automation.storage.books import AnswerBook
from automation.text.catalogue import LANGUAGES, N_
from automation.web import work
from automation.web.cards import Card, households, step
from automation.web.desk import Latest, cases_of
from automation.web.jobs import Job, JobKind
from automation.web.security import LANGUAGE_COOKIE
from automation.web.view import HERE, Form, View
from automation.web.work import asked_for_key, require_real

_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The report brings its style along; it runs no script here, so that nothing in it could reach our pages."""
_STATIC = {
    "tokens.css": (TOKENS, "text/css"),
    "ui.css": (HERE / "static" / "ui.css", "text/css"),
    "ui.js": (HERE / "static" / "ui.js", "text/javascript"),
    "icon.svg": (HERE / "static" / "icon.svg", "image/svg+xml"),
}
_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})


def home(view: View) -> Response:
    """One card an account, by owner and Page; of many accounts one page after the other."""
    settings = view.desk.settings()
    asked = view.request.query_params
    number = asked.get("page", "1")
    shown = view.desk.cards(settings, view.words, asked.get("of", ""), int(number) if number.isdecimal() else 1)
    waiting = len(view.desk.waiting(settings, view.words))
    return view.page("home.j2", {"households": households(shown.cards), "shown": shown, "waiting": waiting})


def account(view: View) -> Response:
    """One account: its answers over time, the pictures of the last visit, its evidence, and what can be changed."""
    settings = view.desk.settings()
    one = account_of(view)
    entries = view.desk.timeline(settings, one)
    latest = view.desk.latest(settings, one)
    flow = view.desk.flows(settings).get(one.flow)
    cases = tuple(case for case in cases_of(settings) if case.account == one.name)
    now = datetime.now(UTC)
    change = entries[-1].change if entries else None
    answers, late = view.desk.answers(settings), bool(overdue(cases, now))
    card = view.desk.card(one, flow, latest, change, view.words, answers, settings, cases, overdue=late)
    pictures: tuple[Picture, ...] = ()
    guide = flow.guide if flow else None
    if latest:
        source = source_of(view, settings, latest)
        pictures = pictures_of(latest.result, source, view.words, guide)
    shown = {
        "card": card,
        "entries": tuple(reversed(entries)),
        "strip": strip_of([entry.change for entry in entries]),
        "pictures": [picture for picture in pictures if picture.src],
        "surface": lambda name: term("surfaces", name, view.words, guide),
        "seen": fingerprint(view.desk.config),
        "cases": tuple((case, step(case, now, view.words)) for case in reversed(cases)),
        "now": now,
        "unmet": unmet_of(latest.result, latest.bundle, flow) if latest and latest.bundle and flow else (),
        "can_look": flow is not None and can_be_seen_live(flow) and card.signed_in and _is_open(card),
        "can_complain": any(can_complain(case, now) for case in cases) and cases[-1].state is not CaseState.ACCEPTED,
    }
    return view.page("account.j2", shown)


def _is_open(card: Card) -> bool:
    """Whether it has no answer that a look of one's own would take the place of."""
    return card.result is None or card.result.verdict is Verdict.UNKNOWN


def account_of(view: View) -> Account:
    """
    The account that an address names.

    Raises:
        ConfigurationError: there is none.
    """
    one: Account = view.desk.settings(view.request.path_params["name"]).accounts[0]
    return one


def source_of(view: View, settings: Settings, latest: Latest) -> Source:
    """Where the pictures of a result lie, as these pages see it."""
    below = latest.run.absolute().relative_to(settings.output.absolute()).as_posix()
    return Source(f"{view.root}evidence/{below}")


def check(view: View, form: Form) -> Response:
    """Check the accounts that were chosen, or all."""
    require_real(view.desk.settings(), view.words)
    accounts = view.desk.settings().accounts
    names = form.all("account") or tuple(account.name for account in accounts)
    if any(view.desk.is_signed_in(account) for account in accounts if account.name in names):
        question = asked_for_key(view, form, ("account",))
        if question is not None:
            return question
    job = Job(JobKind.CHECK, names)
    job = view.jobs.start(job, lambda job: work.check(view.desk, names, view.words.code, job))
    return view.go(f"jobs/{job.id}")


def sign_in(view: View, form: Form) -> Response:
    """Open the window for an account that is there already."""
    name = account_of(view).name
    if (question := asked_for_key(view, form)) is not None:
        return question
    job = view.jobs.start(Job(JobKind.SIGN_IN, (name,)), lambda job: work.sign_in(view.desk, name, view.words, job))
    return view.go(f"jobs/{job.id}")


def change(view: View, form: Form) -> Response:
    """Change what an account is called, owner, Page and what is wanted of it."""
    one = account_of(view)
    values = {
        "owner": form["owner"],
        "called": form["called"] or None,
        "expect": "objected" if form["wanted"] == "protected" else None,
    }
    if one.page:
        values["page"] = form["page"]
    view.desk.change_account(one.name, values, form["seen"])
    return view.go(f"accounts/{one.name}", "changed")


def remove(view: View, form: Form) -> Response:
    """Take an account out, once its name was typed."""
    one = account_of(view)
    if form["name"] not in {one.name, one.called}:
        raise ConfigurationError(
            view.words.gettext("The name does not match, and nothing was removed."),
            view.words.gettext("Type %(name)s to take the account out.", name=one.called or one.name),
        )
    take_out(view.desk.config, one.name, seen=form["seen"])
    return view.go("", "removed")


def answer(view: View, form: Form) -> Response:
    """Write down what a person saw."""
    one = account_of(view)
    book, who = AnswerBook(view.desk.settings().output), kept_name() or who_is_here()
    recorded(book, one.name, form["verdict"], form["seen_there"], form["until"], by=who)
    return view.go(f"accounts/{one.name}", "recorded")


def accepted(view: View, form: Form) -> Response:
    """Live with the answer of today until a day: an exception in the configuration."""
    one = account_of(view)
    latest = view.desk.latest(view.desk.settings(), one)
    if latest is None or not form["reason"] or not form["by"]:
        raise ConfigurationError(
            view.words.gettext("Nothing was accepted: reason, name and an answer are needed."),
            view.words.gettext("Fill in why, by whom and until when."),
        )
    until = day(form["until"], "--until")
    accept(
        view.desk.config,
        one.name,
        latest.result.verdict,
        reason=form["reason"],
        owner=form["by"],
        until=until,
        seen=form["seen"],
    )
    return view.go(f"accounts/{one.name}", "changed")


def verify(view: View, form: Form) -> Response:
    """Say whether a bundle is what it says it is."""
    one, bundle = account_of(view), _bundle(view, form["bundle"])
    good, lines = verified_lines(bundle, view.words, own_secrets())
    return view.page("verified.j2", {"account": one, "good": good, "lines": lines})


def folder(view: View, form: Form) -> Response:
    """Open the evidence folder in the machine's own file manager."""
    one, bundle = account_of(view), _bundle(view, form["bundle"])
    typer.launch(str(bundle))
    return view.go(f"accounts/{one.name}")


def report(view: View) -> Response:
    """The report, in the reader's language."""
    pieces = work.report(view.desk, view.request.query_params.getlist("account"), view.words, f"{view.root}evidence")
    headers = {"content-security-policy": _REPORT_POLICY}
    return StreamingResponse(iter(pieces), media_type="text/html; charset=utf-8", headers=headers)


def pdf(view: View, form: Form) -> Response:
    """Make the report a PDF, to be handed on."""
    owner = form["owner"]
    theirs = (account.name for account in view.desk.settings().accounts if account.owner == owner)
    names = tuple(theirs) if owner else form.all("account")
    job = view.jobs.start(Job(JobKind.PDF, names), lambda _job: work.pdf(view.desk, names, view.words.code))
    return view.go(f"jobs/{job.id}")


def complaint(view: View, form: Form) -> Response:
    """Write the complaint to an authority, to be completed and sent by the person."""
    name, to = account_of(view).name, form["to"]
    job = view.jobs.start(Job(JobKind.COMPLAINT, (name,)), lambda _job: work.complaint(view.desk, name, to))
    return view.go(f"jobs/{job.id}")


def evidence(view: View) -> Response:
    """A file of the evidence: pictures are shown, everything else is only handed over."""
    file = _bundle(view, view.request.path_params["file"])
    if not file.is_file():
        return Response(status_code=HTTPStatus.NOT_FOUND)
    kind = mimetypes.guess_type(file.name)[0] or ""
    if kind in _PICTURES:
        return FileResponse(file, media_type=kind)
    return FileResponse(file, media_type="application/octet-stream", filename=file.name)


def _bundle(view: View, path: str) -> Path:
    """
    Something inside the evidence folder, links included.

    Raises:
        ConfigurationError: it is not there, or lies outside.
    """
    root: Path = view.desk.settings().output.resolve()
    place: Path = (root / path).resolve()
    if not place.is_relative_to(root) or not place.exists():
        raise ConfigurationError(view.words.gettext("There is no such evidence."))
    return place


def static(view: View) -> Response:
    """Our own style and script."""
    found = _STATIC.get(view.request.path_params["file"])
    if found is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    path, kind = found
    return FileResponse(path, media_type=kind)


def speak(view: View, form: Form) -> Response:
    """Choose the language of these pages, in this browser."""
    where = form["back"] if all(part not in form["back"] for part in ("//", "\\", ":")) else ""
    answer = view.go(where)
    if form["lang"] in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, form["lang"], path=view.root, httponly=True, samesite="strict")
    return answer


def leave(view: View, form: Form) -> Response:
    """End the program."""
    del form
    view.front.quit()
    return view.page("ended.j2")


def nothing(view: View) -> Response:
    """An address that leads nowhere."""
    error = ConfigurationError(view.words.gettext(N_("There is no such page.")))
    return view.trouble(error, HTTPStatus.NOT_FOUND)
