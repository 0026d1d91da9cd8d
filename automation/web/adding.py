"""Adding an account: which service, whose, sign in at the window, and "Yes, this is the account I mean"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from http import HTTPStatus
from typing import TypeVar

from markupsafe import Markup, escape
from starlette.responses import Response

import flows as shipped
from automation.app.accounts import kept
from automation.app.login import Wish
from automation.authoring.audit import coverage
from automation.core.accounts import AccountKind
from automation.core.errors import ConfigurationError
from automation.core.verdicts import Verdict
from automation.flow import Flow
from automation.reports.advice import title_of
from automation.web import work
from automation.web.jobs import Job, JobKind, JobState
from automation.web.view import Form, View
from automation.web.work import asked_for_key

_QUOTED = re.compile(r"([«“]\s?)(.+?)(\s?[»”])")

_Entry = TypeVar("_Entry")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 4
"""Letters that a word needs to be taken for another one: shorter ones are near to too many."""
_NEAR = 0.75
_BEHIND = 0.3
"""How far behind the best an entry may be to be shown."""


def matching(entries: Sequence[_Entry], sought: str, text_of: Callable[[_Entry], str]) -> tuple[_Entry, ...]:
    """
    The entries that fit best, the best first, else in their order; all of them where nothing is sought.

    Args:
        entries: to choose from.
        sought: as typed. A word that stands in no entry is passed over, as long as another one does.
        text_of: what an entry is found by.
    """
    words = _words(sought)
    if not words:
        return tuple(entries)
    scored = [(_score(words, _words(text_of(entry))), entry) for entry in entries]
    best = max((score for score, _ in scored), default=0.0)
    kept = [(score, entry) for score, entry in scored if score > 0 and score >= best - _BEHIND]
    return tuple(entry for _, entry in sorted(kept, key=lambda found: -found[0]))


def _score(words: Sequence[str], there: Sequence[str]) -> float:
    """How many words fit, and how well; a name that was typed in two words counts as both."""
    return max(sum(_fit(word, there) for word in words), len(words) * _fit("".join(words), there))


def _fit(word: str, there: Sequence[str]) -> float:
    """1 where a word stands there or begins one, a little less inside of one, less than that for one that is near."""
    if any(other.startswith(word) for other in there):
        return 1.0
    if len(word) < _SHORTEST:
        return 0.0
    if any(word in other for other in there):
        return 0.95
    ratio = max((_likeness(word, other) for other in there), default=0.0)
    return 0.9 * ratio if ratio >= _NEAR else 0.0


def _likeness(word: str, other: str) -> float:
    """How near a word is to another, or to as much of its beginning as was typed."""
    return max(
        SequenceMatcher(None, word, part, autojunk=False).ratio() for part in {other, other[: len(word)]} if part
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text)
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)).casefold())


_FIELDS = ("owner", "kind", "page", "wanted")
_OF_PAGES = frozenset({AccountKind.PAGE_ADMIN})


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting of a service that can be looked at."""

    flow: str
    service: str
    title: str
    read: str
    """In which languages its answer is read without a person; empty where in none."""
    is_answered: bool
    """Whether the service writes an answer, which a person can be asked about."""

    @property
    def letter(self) -> str:
        """Stands for the service's sign, which is somebody's trade mark."""
        return self.service[:1].upper()


@dataclass(frozen=True, slots=True)
class Adding:
    """What a job of this kind is about, and what came of it."""

    wish: Wish
    choice: Choice


def choose(view: View) -> Response:
    """The services, all of them or those that fit what is sought."""
    flows = view.desk.flows(view.desk.settings())
    every = (_choice(view, flow) for flow in flows.values())
    choices = sorted((one for one in every if one.read or one.is_answered), key=_first_those_that_answer)
    sought = view.request.query_params.get("sought", "")
    found = matching(choices, sought, lambda choice: f"{choice.service} {choice.flow} {choice.title}")
    places = matching(shipped.without_control(), sought, lambda place: place.service)
    told = tuple((place.service, _plain(place.text(view.words.code), flows, view)) for place in places)
    return view.page("choose.j2", {"choices": found, "sought": sought, "without": told})


def _plain(text: str, flows: Mapping[str, Flow], view: View) -> Markup:
    """What is known of a place without a setting: others by their titles, and each quoted label kept apart."""
    for name, flow in flows.items():
        text = text.replace(name, view.words.quoted(title_of(flow.guide, name, view.words)))
    said = str(escape(view.words.typeset(text)))
    return Markup(_QUOTED.sub(r"\1<bdi>\2</bdi>\3", said))  # noqa: S704 - escaped above


def _first_those_that_answer(choice: Choice) -> tuple[bool, str]:
    return not choice.is_answered, choice.service.casefold()


def _choice(view: View, flow: Flow) -> Choice:
    tags = dict.fromkeys(tag.partition(" ")[0] for tag in coverage(flow).get(Verdict.OBJECTED.value, ()))
    read = view.words.listing([view.words.name_of(tag) for tag in tags])
    answered = flow.id.partition(".")[0] in shipped.ANSWERED
    return Choice(flow.id, flow.guide.service, title_of(flow.guide, flow.id, view.words), read, answered)


def ask(view: View) -> Response:
    """Owner, kind, Page and what is wanted, in plain words."""
    owners = _owners(view)
    return _asked(view, {"owner": owners[-1] if owners else "", "kind": AccountKind.PROFILE.value, "wanted": ""})


def _owners(view: View) -> list[str]:
    return list(dict.fromkeys(account.owner for account in view.desk.settings().accounts))


def _asked(view: View, given: Mapping[str, str], lacking: Collection[str] = ()) -> Response:
    """The questions, with what was answered before, and which of the answers is still missing."""
    shown = {
        "choice": _chosen(view),
        "owners": _owners(view),
        "given": given,
        "lacking": lacking,
        "unread": view.words.name_of(view.words.code) if _cannot_tell_acceptance(view) else "",
    }
    return view.page("ask.j2", shown, HTTPStatus.BAD_REQUEST if lacking else HTTPStatus.OK)


def _cannot_tell_acceptance(view: View) -> bool:
    """Whether the service answers an objection, and nobody has said how it accepts one in the reader's language."""
    flow = _flow(view)
    answered = bool(flow.labels.languages("reply.accepted"))
    return answered and not flow.labels_with_confirmed.has("reply.accepted", view.words.code)


def _chosen(view: View) -> Choice:
    """The setting that an address names."""
    return _choice(view, _flow(view))


def _flow(view: View) -> Flow:
    """
    The same, whole.

    Raises:
        ConfigurationError: there is none of this name.
    """
    flow: Flow | None = view.desk.flows(view.desk.settings()).get(view.request.path_params["flow"])
    if flow is None:
        raise ConfigurationError(view.words.gettext("There is no such setting."))
    return flow


def begin(view: View, form: Form) -> Response:
    """Open the service's window."""
    choice = _chosen(view)
    kind = AccountKind(form["kind"]) if form["kind"] in set(AccountKind) else AccountKind.PROFILE
    lacking = {name for name in ("owner", "page") if not form[name] and (name == "owner" or kind in _OF_PAGES)}
    if lacking:
        return _asked(view, {name: form[name] for name in _FIELDS} | {"kind": kind.value}, lacking)
    if (question := asked_for_key(view, form, _FIELDS)) is not None:
        return question
    wish = Wish(choice.flow, form["owner"], kind, form["page"] or None, protected=form["wanted"] != "watched")
    return _started(view, Adding(wish, choice))


def _started(view: View, adding: Adding) -> Response:
    job = Job(JobKind.ADD, (adding.wish.owner,), about=adding)
    job = view.jobs.start(job, lambda job: work.sign_in_newcomer(view.desk, adding.wish, view.words, job))
    return view.go(f"jobs/{job.id}")


def confirm(view: View, form: Form) -> Response:
    """Keep the account that the person said is the one, or let them sign in anew."""
    job = view.jobs.get(view.request.path_params["job"])
    if job is None or job.kind is not JobKind.ADD or job.state is not JobState.DONE or job.answer is None:
        raise ConfigurationError(
            view.words.gettext("This sign-in is over."), view.words.gettext("Begin again with “Add an account”.")
        )
    if form["is_it"] != "yes":
        job.answer = None  # the session of an account that was not meant is dropped
        return _started(view, job.about)
    name = kept(job.about.wish, job.answer, view.desk.config, form["called"])
    job.answer = None
    if form["then"] == "check":
        check = Job(JobKind.CHECK, (name,))
        check = view.jobs.start(check, lambda job: work.check(view.desk, (name,), view.words.code, job))
        return view.go(f"jobs/{check.id}")
    return view.go("", "added")
