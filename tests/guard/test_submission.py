"""The one submission that a person released: what passes, and everything near it that does not."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from automation.guard import Allow, Guard, GuardPolicy, Phase, Refuse, Request
from automation.guard.decision import decide
from automation.guard.released import AGAIN, ALTERED, KEPT, NOT_PRESSED, NOT_RELEASED, ReleasedSubmit
from automation.guard.submission import Known, Moment, ShownField, Submission
from tests.guard.builders import FORM, GRAPHQL, JSON, a_request, answer, seen, site_policy

FACEBOOK: GuardPolicy = site_policy("facebook")
OPERATION = "useCometSupportFormSubmitMutation"
LEGACY = "https://www.facebook.com/ajax/help/contact/submit/page"
ACCOUNT, NUMBER = "100080000000000", "9817279538349938"
TOKEN = "NAcMtoken:12:34"
MOMENT = Moment(ACCOUNT, f'<script>{{"token":"{TOKEN}"}}</script>')
FORM_ID, MAIL, REASON = "6359191084165019", "anne@example.org", "My photographs\nare mine."
SHOWN = (ShownField("", frozenset({"France"})), ShownField("", frozenset({MAIL})), ShownField("", frozenset({REASON})))
REVIEWED = Submission("www.facebook.com", frozenset({"F1"}), FORM_ID, SHOWN, moment=MOMENT)
NAMED = replace(
    REVIEWED,
    hidden={"lsd": "x", "av": ACCOUNT, "support_form_id": FORM_ID},
    fields=(
        ShownField("Field1", frozenset({"14"})),
        ShownField("Field2", frozenset({MAIL})),
        ShownField("Field3", frozenset({REASON})),
    ),
)


LEFT_OUT = "left out"
COOKIE = f"datr=x; c_user={ACCOUNT}; xs=1"


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
    pairs = {"av": ACCOUNT, "__a": "1", "fb_dtsg": TOKEN, "fb_api_req_friendly_name": name, "doc_id": NUMBER}
    pairs = {key: value for key, value in {**pairs, "variables": text, **more}.items() if value != LEFT_OUT}
    return a_request("POST", url, urlencode(pairs), headers=FORM, frame=frame)


def legacy(*more: tuple[str, str], url: str = LEGACY, frame: str = "F1", **changes: str) -> Request:
    """The older client's: an HTML form."""
    fields = {
        "lsd": "x",
        "av": ACCOUNT,
        "support_form_id": FORM_ID,
        "Field1": "14",
        "Field2": MAIL,
        "Field3": REASON.replace("\n", "\r\n"),
    }
    pairs = [(name, text) for name, text in {**fields, **changes}.items() if text != LEFT_OUT]
    pairs += more
    return a_request("POST", url, urlencode(pairs), headers=FORM, frame=frame)


def released(submission: Submission = REVIEWED, *, pressed: bool = True, clock: Clock | None = None) -> ReleasedSubmit:
    """A release, after the press."""
    found = ReleasedSubmit(submission, FACEBOOK, 600, clock=clock or Clock(), is_from_frame=seen)
    if pressed:
        found.press()
    return found


async def asked(release: ReleasedSubmit, request: Request, *, yes: bool = True) -> Allow | Refuse:
    """What the guard says: the policy first, then the release, then the person."""
    first = decide(FACEBOOK, Phase.ATTENDED, request)
    if isinstance(first, Refuse) and first.reason == NOT_RELEASED:
        return await answer(release.decide(request, first.operation), release, yes=yes)
    return first


@pytest.mark.parametrize(("submission", "request_"), [(REVIEWED, client()), (NAMED, legacy())])
async def test_what_was_reviewed_passes_once(submission: Submission, request_: Request) -> None:
    """The reviewed fields with the form's id pass after a press; the same request a second time does not."""
    release = released(submission)
    assert isinstance(await asked(release, request_), Allow)
    again = await asked(release, request_)
    assert isinstance(again, Refuse)
    assert again.reason == AGAIN


def test_without_a_release_nothing_passes_in_any_phase() -> None:
    """The declared submission is refused by the policy itself, whatever is going on."""
    for phase in Phase:
        for request in (client(), legacy()):
            assert isinstance(decide(FACEBOOK, phase, request), Refuse), phase


async def test_the_page_cannot_press_for_the_person() -> None:
    """A page that sends its form by itself is refused; after the person's press the same request passes."""
    release = released(pressed=False)
    assert await asked(release, client()) == Refuse(NOT_PRESSED, OPERATION)
    release.press()
    assert isinstance(await asked(release, client()), Allow)


async def test_the_time_is_bounded() -> None:
    """A press counts for seconds, the release for its minutes, and a closed release for nothing."""
    clock = Clock()
    release = released(clock=clock)
    clock.now = 60
    assert await asked(release, client()) == Refuse(NOT_PRESSED, OPERATION)
    clock.now = 601
    release.press()
    assert await asked(release, client()) == Refuse(NOT_RELEASED, OPERATION)
    closed = released()
    closed.close()
    assert await asked(closed, client()) == Refuse(NOT_RELEASED, OPERATION)


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
    "another account": client(av="100080000000001"),
    "another account inside": client({"input": {**INPUT, "actor_id": "100080000000001"}}),
    "another user": client(__user="100080000000001"),
    "another number": client(doc_id="24512315571720158"),
    "no number": client(doc_id=LEFT_OUT),
    "another token": client(fb_dtsg="NAcMother:12:34"),
    "words in a token": client(lsd="delete everything"),
    "an empty name": client(erase=""),
    "an empty name inside": client({"input": {**INPUT, "delete_account_0": None}}),
    "an empty object": client({"input": {**INPUT, "delete_account": {}}}),
    "an empty list": client({"input": {**INPUT, "everything": []}}),
}
CHANGED_LEGACY: dict[str, Request] = {
    "another value": legacy(Field3="Take everything."),
    "a hidden field changed": legacy(lsd="y"),
    "another name": legacy(("Field4", REASON), Field3=""),
    "a field more": legacy(("agree", "on")),
    "a field twice": legacy(("Field3", REASON)),
    "another form": legacy(support_form_id="117037592428568"),
    "another account": legacy(av="100080000000001"),
    "the form's account left out": legacy(av=LEFT_OUT),
    "another host": legacy(url="https://help.instagram.com/ajax/help/contact/submit/page"),
    "another frame": legacy(frame="F2"),
    "an empty name": legacy(("erase", "")),
    "in parts": replace(legacy(), headers={"content-type": "multipart/form-data; boundary=x"}),
    "unseen": replace(legacy(), body=b""),
}


@pytest.mark.parametrize("what", CHANGED)
async def test_nothing_else_passes(what: str) -> None:
    """Whatever differs from what was reviewed stays, and does not use the release up."""
    release = released()
    answer = await asked(release, CHANGED[what])
    assert answer == Refuse(ALTERED, OPERATION), answer
    assert isinstance(await asked(release, client()), Allow)


@pytest.mark.parametrize("what", CHANGED_LEGACY)
async def test_nothing_else_passes_of_a_plain_form(what: str) -> None:
    """The same for an HTML form, whose fields have names."""
    release = released(NAMED)
    assert await asked(release, CHANGED_LEGACY[what]) == Refuse(ALTERED)
    assert isinstance(await asked(release, legacy()), Allow)


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
async def test_what_the_file_does_not_declare_never_gets_to_the_release(request_: Request) -> None:
    """Other operations, numbers of other writes, other methods, hosts and batches are refused before."""
    release = released()
    answer = await asked(release, request_)
    assert isinstance(answer, Refuse)
    assert not release.spent


async def test_the_submission_under_its_own_number_passes() -> None:
    """The number that the operation is known to have is no reason to refuse it."""
    assert isinstance(await asked(released(), client(doc_id="25000658216262850")), Allow)


async def test_on_the_wire_it_leaves_once_and_only_as_it_was() -> None:
    """A head of another length or type is not the request; the request itself leaves one time, never after the end."""
    release, request = released(), client()
    head = replace(request, body=b"", headers={**FORM, "content-length": str(len(request.body or b""))}, cookie=COOKIE)
    assert not release.leaves(head)
    assert isinstance(await asked(release, request), Allow)
    for other in (
        replace(head, headers={**head.headers, "content-length": "1"}),
        replace(head, headers={**head.headers, "content-type": "text/plain"}),
        replace(head, path="/api/graphql"),
        replace(head, host="m.facebook.com"),
        replace(head, cookie="c_user=100080000000001"),
        replace(head, cookie=f"{COOKIE}; c_user=100080000000001"),
        replace(head, cookie=f"{COOKIE}; i_user=61550000000000"),
        replace(head, cookie=""),
    ):
        assert not release.leaves(other)
    assert release.leaves(head)
    assert not release.leaves(head)
    late = released()
    assert isinstance(await asked(late, request), Allow)
    late.close()
    assert not late.leaves(head)


def test_no_value_of_a_field_is_ever_printed() -> None:
    """What a person typed stands in no representation of the submission."""
    assert MAIL not in repr(REVIEWED)
    assert REASON not in repr(NAMED)


def at_desk() -> tuple[Guard, ReleasedSubmit]:
    """A guard in the phase in which a person files, and their press."""
    guard = Guard(FACEBOOK)
    guard.begin(Phase.ATTENDED)
    release = guard.release(REVIEWED, 600, lambda: None, seen)
    release.press()
    return guard, release


async def test_a_submission_without_an_answer_is_not_sent_again() -> None:
    """Browsers repeat what got no answer on a used connection: a read may leave again, the submission never."""
    guard, release = at_desk()
    request = client()
    waiting = guard.decide(request)
    assert not isinstance(waiting, tuple)
    held = asyncio.ensure_future(waiting)
    await asyncio.sleep(0.01)
    release.answer(let_on=True)
    assert isinstance((await held)[0], Allow)
    head = replace(request, body=b"", headers={**FORM, "content-length": str(len(request.body or b""))}, cookie=COOKIE)
    read = a_request("GET", "https://www.facebook.com/logout.php", number="7")
    guard.permits.grant(read)
    for one, again in ((head, False), (read, True)):
        assert guard.leaving(one)
        guard.not_answered(one)
        assert guard.leaving(one) is again


async def test_what_cannot_be_written_down_does_not_leave() -> None:
    """The departure is noted before it happens; where the note fails, the request stays."""

    def full_disk() -> None:
        raise OSError("no space left")

    release = ReleasedSubmit(REVIEWED, FACEBOOK, 600, full_disk, Clock(), is_from_frame=seen)
    release.press()
    request = client()
    assert isinstance(await asked(release, request), Allow)
    head = replace(request, body=b"", headers={**FORM, "content-length": str(len(request.body or b""))}, cookie=COOKIE)
    with pytest.raises(OSError, match="no space"):
        release.leaves(head)
    assert not release.left


async def test_a_new_context_ends_every_release() -> None:
    """What was released in one context is closed with it."""
    guard, release = at_desk()
    guard.begin(Phase.ATTENDED)
    decided = guard.decide(client())
    assert isinstance(decided, tuple)
    assert decided[0] == Refuse(NOT_RELEASED, OPERATION)
    assert isinstance(await asked(release, client()), Refuse)


async def test_what_is_held_is_shown_name_by_name() -> None:
    """Each text with what is known of it; a name that the person has not seen is new to them."""
    release = released()
    assert isinstance(await asked(release, client(), yes=False), Refuse)
    assert release.held is not None
    shown = {(part.name, part.known) for part in release.held.parts}
    assert shown == {
        ("av", Known.ACCOUNT),
        ("__a", Known.CARRIED),
        ("fb_dtsg", Known.CARRIED),
        ("fb_api_req_friendly_name", Known.OPERATION),
        ("doc_id", Known.OPERATION),
        ("variables.input.fields", Known.RENAMED),
        ("variables.input.support_form_id", Known.FORM),
        ("variables.input.client_mutation_id", Known.CARRIED),
    }
    assert {part.text for part in release.held.parts if part.known.is_new} == {"France", MAIL, REASON}
    assert MAIL not in repr(release.held)


async def test_a_text_under_another_name_is_shown_as_new() -> None:
    """A reviewed text under a name that nobody saw: the person sees the name, in red, before anything leaves."""
    release = released()
    fields = {"delete_account_0": "France", "b": MAIL, "c": REASON}
    await asked(release, client({"input": {**fields, "support_form_id": FORM_ID}}), yes=False)
    assert release.held is not None
    assert ("variables.input.delete_account_0", True) in {(one.name, one.known.is_new) for one in release.held.parts}


async def test_without_the_second_yes_nothing_leaves() -> None:
    """A no, or the end of the release while it is held, keeps the request here; it is not asked about again."""
    release = released()
    assert await asked(release, client(), yes=False) == Refuse(KEPT, OPERATION)
    assert await asked(release, client()) == Refuse(NOT_RELEASED, OPERATION)
    closed = released()
    decided = closed.decide(client(), OPERATION)
    assert not isinstance(decided, Allow | Refuse)
    waiting = asyncio.ensure_future(decided)
    await asyncio.sleep(0.01)
    closed.close()
    assert await waiting == Refuse(KEPT, OPERATION)


async def test_what_the_seen_frame_did_not_send_is_not_held() -> None:
    """A worker, or an empty frame, sends under the frame's name; the page itself does not tell of its request."""

    async def unseen(_request: Request) -> bool:
        return False

    release = ReleasedSubmit(REVIEWED, FACEBOOK, 600, clock=Clock(), is_from_frame=unseen)
    release.press()
    assert await asked(release, client()) == Refuse(ALTERED, OPERATION)
    assert release.held is None
    assert not release.is_over


async def test_a_second_press_sends_it_anew() -> None:
    """A browser gives a form up that is pressed twice, and sends it again: the second is held in place of the first."""
    release = released(NAMED)

    async def sent() -> Allow | Refuse:
        decided = release.decide(legacy(), "")
        return decided if isinstance(decided, Refuse) else await decided

    first, second = asyncio.ensure_future(sent()), asyncio.ensure_future(sent())
    await asyncio.sleep(0.01)
    assert await first == Refuse(AGAIN)
    release.answer(let_on=True)
    assert isinstance(await second, Allow)
    assert await asked(release, legacy()) == Refuse(AGAIN)
