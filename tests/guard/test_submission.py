"""The one submission that a person released: what passes, and everything near it that does not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request
from automation.guard.decision import decide
from automation.guard.departures import Passing
from automation.guard.submission import (
    AGAIN,
    ALTERED,
    NOT_PRESSED,
    NOT_RELEASED,
    ReleasedSubmit,
    ShownField,
    Submission,
)
from tests.guard.builders import FORM, GRAPHQL, JSON, a_request, site_policy

FACEBOOK: GuardPolicy = site_policy("facebook")
OPERATION = "useCometSupportFormSubmitMutation"
LEGACY = "https://www.facebook.com/ajax/help/contact/submit/page"
FORM_ID, MAIL, REASON = "6359191084165019", "anne@example.org", "My photographs\nare mine."
SHOWN = (
    ShownField("", frozenset({"France"})),
    ShownField("", frozenset({MAIL})),
    ShownField("", frozenset({REASON})),
)
REVIEWED = Submission("www.facebook.com", frozenset({"F1"}), FORM_ID, SHOWN)
NAMED = replace(
    REVIEWED,
    hidden={"lsd": "x", "support_form_id": FORM_ID},
    fields=(
        ShownField("Field1", frozenset({"14"})),
        ShownField("Field2", frozenset({MAIL})),
        ShownField("Field3", frozenset({REASON})),
    ),
)


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def client(
    variables: Any = None, *, frame: str = "F1", url: str = GRAPHQL, name: str = OPERATION, **more: str
) -> Request:
    """The newer client's submission."""
    given = {"input": {"fields": ["France", MAIL, REASON], "support_form_id": FORM_ID, "client_mutation_id": "1"}}
    text = variables if isinstance(variables, str) else json.dumps(given if variables is None else variables)
    pairs = {"av": "100080000000000", "__a": "1", "fb_dtsg": "token", "fb_api_req_friendly_name": name}
    return a_request("POST", url, urlencode({**pairs, "variables": text, **more}), headers=FORM, frame=frame)


def legacy(*more: tuple[str, str], url: str = LEGACY, frame: str = "F1", **changes: str) -> Request:
    """The older client's: an HTML form."""
    fields = {
        "lsd": "x",
        "support_form_id": FORM_ID,
        "Field1": "14",
        "Field2": MAIL,
        "Field3": REASON.replace("\n", "\r\n"),
    }
    pairs = [*{**fields, **changes}.items(), *more]
    return a_request("POST", url, urlencode(pairs), headers=FORM, frame=frame)


def released(submission: Submission = REVIEWED, *, pressed: bool = True, clock: Clock | None = None) -> ReleasedSubmit:
    """A release, after the press."""
    found = ReleasedSubmit(submission, FACEBOOK.submit_rule, 600, clock=clock or Clock())
    if pressed:
        found.press()
    return found


def asked(release: ReleasedSubmit, request: Request) -> Allow | Refuse:
    """What the guard says: the policy first, then the release."""
    first = decide(FACEBOOK, Phase.ATTENDED, request)
    if isinstance(first, Refuse) and first.reason == NOT_RELEASED:
        return release.decide(request, first.operation)
    return first


@pytest.mark.parametrize(("submission", "request_"), [(REVIEWED, client()), (NAMED, legacy())])
def test_what_was_reviewed_passes_once(submission: Submission, request_: Request) -> None:
    """The reviewed fields with the form's id pass after a press; the same request a second time does not."""
    release = released(submission)
    assert isinstance(asked(release, request_), Allow)
    again = asked(release, request_)
    assert isinstance(again, Refuse)
    assert again.reason == AGAIN


def test_without_a_release_nothing_passes_in_any_phase() -> None:
    """The declared submission is refused by the policy itself, whatever is going on."""
    for phase in Phase:
        for request in (client(), legacy()):
            assert isinstance(decide(FACEBOOK, phase, request), Refuse), phase


def test_the_page_cannot_press_for_the_person() -> None:
    """A page that sends its form by itself is refused; after the person's press the same request passes."""
    release = released(pressed=False)
    assert asked(release, client()) == Refuse(NOT_PRESSED, OPERATION)
    release.press()
    assert isinstance(asked(release, client()), Allow)


def test_the_time_is_bounded() -> None:
    """A press counts for seconds, the release for its minutes, and a closed release for nothing."""
    clock = Clock()
    release = released(clock=clock)
    clock.now = 60
    assert asked(release, client()) == Refuse(NOT_PRESSED, OPERATION)
    clock.now = 601
    release.press()
    assert asked(release, client()) == Refuse(NOT_RELEASED, OPERATION)
    closed = released()
    closed.close()
    assert asked(closed, client()) == Refuse(NOT_RELEASED, OPERATION)


INPUT = {"fields": ["France", MAIL, REASON], "support_form_id": FORM_ID}
CHANGED: dict[str, Request] = {
    "another value": client({"input": {**INPUT, "fields": ["France", MAIL, "Take everything."]}}),
    "one value more": client({"input": {**INPUT, "fields": ["France", MAIL, REASON, "yes"]}}),
    "one value less": client({"input": {**INPUT, "fields": ["France", MAIL]}}),
    "a consent beside it": client({"input": {**INPUT, "consent": True}}),
    "a number beside it": client({"input": {**INPUT, "limit": 3}}),
    "a fraction beside it": client({"input": {**INPUT, "limit": 3.5}}),
    "another form": client({"input": {**INPUT, "support_form_id": "117037592428568"}}),
    "no form": client({"input": {"fields": INPUT["fields"]}}),
    "a name twice": client('{"input": {"fields": ["France", "x"], "fields": []}}'),
    "no JSON": client("{"),
    "too deep": client({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": MAIL}}}}}}}}}}),
    "a field more": client(consent="1"),
    "another frame": client(frame="F2"),
    "another host": client(url="https://m.facebook.com/api/graphql/"),
    "an address with more": client(url=GRAPHQL + "?x=1"),
}
CHANGED_LEGACY: dict[str, Request] = {
    "another value": legacy(Field3="Take everything."),
    "a hidden field changed": legacy(lsd="y"),
    "another name": legacy(("Field4", REASON), Field3=""),
    "a field more": legacy(("agree", "on")),
    "a field twice": legacy(("Field3", REASON)),
    "another form": legacy(support_form_id="117037592428568"),
    "another host": legacy(url="https://help.instagram.com/ajax/help/contact/submit/page"),
    "another frame": legacy(frame="F2"),
    "in parts": replace(legacy(), headers={"content-type": "multipart/form-data; boundary=x"}),
    "unseen": replace(legacy(), body=b""),
}


@pytest.mark.parametrize("what", CHANGED)
def test_nothing_else_passes(what: str) -> None:
    """Whatever differs from what was reviewed stays, and does not use the release up."""
    release = released()
    answer = asked(release, CHANGED[what])
    assert answer == Refuse(ALTERED, OPERATION), answer
    assert isinstance(asked(release, client()), Allow)


@pytest.mark.parametrize("what", CHANGED_LEGACY)
def test_nothing_else_passes_of_a_plain_form(what: str) -> None:
    """The same for an HTML form, whose fields have names."""
    release = released(NAMED)
    assert asked(release, CHANGED_LEGACY[what]) == Refuse(ALTERED)
    assert isinstance(asked(release, legacy()), Allow)


@pytest.mark.parametrize(
    "request_",
    [
        client(name="useSupportFormDraftSaveMutation"),
        client(doc_id="24603028689281737"),
        client(doc_id="9048187165282956"),
        client(q="mutation { x }"),
        a_request("PUT", GRAPHQL, client().body, headers=FORM, frame="F1"),
        a_request("POST", "https://evil.test/api/graphql/", client().body, headers=FORM, frame="F1"),
        a_request("POST", GRAPHQL, json.dumps([{"fb_api_req_friendly_name": OPERATION}] * 2), headers=JSON, frame="F1"),
    ],
)  # fmt: skip
def test_what_the_file_does_not_declare_never_gets_to_the_release(request_: Request) -> None:
    """Other operations, numbers of other writes, other methods, hosts and batches are refused before."""
    release = released()
    answer = asked(release, request_)
    assert isinstance(answer, Refuse)
    assert not release.spent


def test_the_submission_under_its_own_number_passes() -> None:
    """The number that the operation is known to have is no reason to refuse it."""
    assert isinstance(asked(released(), client(doc_id="9817279538349938")), Allow)


def test_on_the_wire_it_leaves_once_and_only_as_it_was() -> None:
    """A head of another length or type is not the request; the request itself leaves one time, never after the end."""
    release, request = released(), client()
    head = replace(request, body=b"", headers={**FORM, "content-length": str(len(request.body or b""))})
    assert not release.leaves(head)
    assert isinstance(asked(release, request), Allow)
    for other in (
        replace(head, headers={**head.headers, "content-length": "1"}),
        replace(head, headers={**head.headers, "content-type": "text/plain"}),
        replace(head, path="/api/graphql"),
        replace(head, host="m.facebook.com"),
    ):
        assert not release.leaves(other)
    assert release.leaves(head)
    assert not release.leaves(head)
    late = released()
    assert isinstance(asked(late, request), Allow)
    late.close()
    assert not late.leaves(head)


def test_no_value_of_a_field_is_ever_printed() -> None:
    """What a person typed stands in no representation of the submission."""
    assert MAIL not in repr(REVIEWED)
    assert REASON not in repr(NAMED)


def test_a_submission_without_an_answer_is_not_sent_again() -> None:
    """Browsers repeat what got no answer on a used connection: a read may leave again, the submission never."""
    passing, request = Passing(), client()
    passing.release(REVIEWED, FACEBOOK.submit_rule, 600, lambda: None).press()
    assert isinstance(passing.decided(request, Refuse(NOT_RELEASED, OPERATION)), Allow)
    head = replace(request, body=b"", headers={**FORM, "content-length": str(len(request.body or b""))})
    read = a_request("GET", "https://www.facebook.com/support/")
    passing.decided(read, Allow("get", reads=True))
    for one, again in ((head, False), (read, True)):
        assert passing.takes(one)
        passing.not_answered(one)
        assert passing.takes(one) is again


def test_what_cannot_be_written_down_does_not_leave() -> None:
    """The departure is noted before it happens; where the note fails, the request stays."""

    def full_disk() -> None:
        raise OSError("no space left")

    release = ReleasedSubmit(REVIEWED, FACEBOOK.submit_rule, 600, full_disk, Clock())
    release.press()
    request = client()
    assert isinstance(asked(release, request), Allow)
    head = replace(request, body=b"", headers={**FORM, "content-length": str(len(request.body or b""))})
    with pytest.raises(OSError, match="no space"):
        release.leaves(head)
    assert not release.left


def test_a_new_context_ends_every_release() -> None:
    """What was released in one context is closed with it."""
    passing = Passing()
    release = passing.release(REVIEWED, FACEBOOK.submit_rule, 600, lambda: None)
    release.press()
    passing.begin()
    assert isinstance(passing.decided(client(), Refuse(NOT_RELEASED, OPERATION)), Refuse)
    assert isinstance(asked(release, client()), Refuse)
