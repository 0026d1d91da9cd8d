"""A setting released by a person, saved by a form or by a script: exactly what was declared, and nothing more."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request
from automation.guard.decision import decide
from automation.guard.released import AGAIN, ALTERED, NOT_PRESSED, NOT_RELEASED, ReleasedSubmit
from automation.guard.submission import ScriptedSubmission, ShownField, Submission
from tests.guard.builders import FORM, JSON, a_request, answer, seen

PROFILE = "https://blog.test/profile"
POLICY = GuardPolicy.parse(
    {
        "hosts": ["blog.test"],
        "guard": {"submit": {"paths": ["/profile"], "form_id_fields": ["from"], "carries_empty": ["pass*"]}},
    }
)
UNTICKED = Submission(
    "blog.test",
    frozenset({"F1"}),
    "profile",
    fields=(
        ShownField("name", frozenset({"Claire"})),
        ShownField("site", frozenset({""})),
        ShownField("newsletter", frozenset({"1"})),
        ShownField("offers", frozenset()),
        ShownField("training", frozenset()),
        ShownField("submit", frozenset({"Save"})),
    ),
    hidden={"from": "profile", "token": "t1", "beta": "1", "about": ""},
    declared={"training": None},
)
"""`training` and `offers` are unticked boxes: that their names are there at all ticks them. `beta` is a ticked box that nobody sees."""
SENT = {
    "from": "profile", "token": "t1", "beta": "1", "about": "",
    "name": "Claire", "site": "", "newsletter": "1", "submit": "Save",
}  # fmt: skip


def asked(submission: Submission, fields: dict[str, str], **more: str) -> Allow | Refuse:
    """What the guard says to a form after the person's press."""
    request = a_request("POST", PROFILE, urlencode({**fields, **more}), headers=FORM, frame="F1")
    release = ReleasedSubmit(submission, POLICY, 600, is_from_frame=seen)
    release.press()
    first = decide(POLICY, Phase.ATTENDED, request)
    assert first == Refuse(NOT_RELEASED)
    return asyncio.run(answer(release.decide(request, ""), release, yes=True))


def without(name: str) -> dict[str, str]:
    """The form without one field."""
    return {key: text for key, text in SENT.items() if key != name}


def test_the_form_as_it_was_reviewed_passes() -> None:
    """All that was there, without the unticked box; with a field that the page adds empty, and that stays empty."""
    assert isinstance(asked(UNTICKED, SENT), Allow)
    assert isinstance(asked(UNTICKED, SENT, pass1=""), Allow)
    assert asked(UNTICKED, SENT, pass1="secret") == Refuse(ALTERED)


@pytest.mark.parametrize(
    "fields",
    [
        {**SENT, "training": "1"},
        {**SENT, "training": ""},
        {**SENT, "offers": "1"},
        {**SENT, "offers": ""},
        {**SENT, "name": "Bob"},
        {**SENT, "token": "t2"},
        {**SENT, "about": "me"},
        {**SENT, "site": "https://evil.test"},
        {**SENT, "delete_account": "1"},
        {**SENT, "delete_account": ""},
        {**SENT, "from": "admin"},
        without("site"),
        without("about"),
        without("newsletter"),
        without("beta"),
        without("token"),
        without("from"),
        without("submit"),
    ],
)
def test_whatever_differs_stays(fields: dict[str, str]) -> None:
    """The setting not switched, or anything beside it other, more or less, seen or unseen."""
    assert asked(UNTICKED, fields) == Refuse(ALTERED)


def test_the_same_as_json_stays() -> None:
    """What was reviewed is an HTML form; a server may take the same names in JSON for something else."""
    request = a_request("POST", PROFILE, json.dumps(SENT), headers=JSON, frame="F1")
    release = ReleasedSubmit(UNTICKED, POLICY, 600, is_from_frame=seen)
    release.press()
    assert release.decide(request, "") == Refuse(ALTERED)


def test_what_was_reviewed_must_also_be_what_is_declared() -> None:
    """A form that was reviewed with the setting the other way round does not pass, although nothing was exchanged."""
    ticked = replace(
        UNTICKED,
        fields=tuple(
            replace(one, values=frozenset({"1"})) if one.name == "training" else one for one in UNTICKED.fields
        ),
    )
    assert asked(ticked, SENT, training="1") == Refuse(ALTERED)
    chosen = replace(ticked, declared={"training": "1"})
    assert isinstance(asked(chosen, SENT, training="1"), Allow)
    assert asked(chosen, SENT, training="0") == Refuse(ALTERED)
    assert asked(chosen, SENT) == Refuse(ALTERED)


@pytest.mark.parametrize("phase", list(Phase))
def test_without_a_release_it_stays_in_every_phase(phase: Phase) -> None:
    """Also while somebody signs in, where else almost everything may leave."""
    request: Request = a_request("POST", PROFILE, urlencode(SENT), headers=FORM, frame="F1")
    assert isinstance(decide(POLICY, phase, request), Refuse)


PLACE = "https://studio.test/api/privacy"
STUDIO = GuardPolicy.parse(
    {
        "hosts": ["studio.test", "api.studio.test"],
        "guard": {"submit": {"paths": ["/api/privacy"], "carries": ["csrf", "sent_*"], "carries_empty": ["note"]}},
    }
)
BODY = {"share": {"partners": False, "since": 0}, "list": ["a", {"b": "c"}]}
DECLARED = ScriptedSubmission("studio.test", frozenset({"F1"}), "PATCH", BODY)


def sent(body: Any, *, method: str = "PATCH", url: str = PLACE, frame: str = "F1", **headers: str) -> Request:
    """What a page's script sends."""
    text = body if isinstance(body, str) else json.dumps(body)
    return a_request(method, url, text, headers={**JSON, **headers}, frame=frame)


def asked_by_script(
    request: Request, declared: ScriptedSubmission = DECLARED, *, pressed: bool = True
) -> Allow | Refuse:
    """What the guard says to it after a release."""
    release = ReleasedSubmit(declared, STUDIO, 600, is_from_frame=seen)
    if pressed:
        release.press()
    first = decide(STUDIO, Phase.ATTENDED, request)
    return (
        asyncio.run(answer(release.decide(request, ""), release, yes=True)) if first == Refuse(NOT_RELEASED) else first
    )


@pytest.mark.parametrize(
    "beside", [{}, {"csrf": "t1"}, {"sent_by": {"sent_at": 3, "csrf": ["x", None]}}, {"note": ""}, {"note": None}]
)
def test_what_was_declared_passes(beside: dict[str, Any]) -> None:
    """In whatever order, and with what the service's file lists beside it."""
    assert isinstance(asked_by_script(sent({**beside, **dict(reversed(BODY.items()))})), Allow)


def test_another_host_of_the_declared_place_passes() -> None:
    """The page's script may send it to the service's programming interface."""
    assert isinstance(asked_by_script(sent(BODY, url="https://api.studio.test/api/privacy")), Allow)


def test_a_form_that_a_script_sends_passes() -> None:
    """Names and texts, as a form encodes them."""
    declared = ScriptedSubmission("studio.test", frozenset({"F1"}), "POST", {"training": "off"})
    request = a_request("POST", PLACE, urlencode({"csrf": "t", "training": "off"}), headers=FORM, frame="F1")
    assert isinstance(asked_by_script(request, declared), Allow)
    for text in ("training=on", "training=off&training=on", "training=off&all=1", "training=off;all=1"):
        assert asked_by_script(a_request("POST", PLACE, text, headers=FORM, frame="F1"), declared) == Refuse(ALTERED)


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "share": {"partners": True, "since": 0}},
        {**BODY, "share": {"partners": 0, "since": 0}},
        {**BODY, "share": {"partners": False, "since": False}},
        {**BODY, "share": {"partners": False, "since": 0.0}},
        {**BODY, "share": {"partners": False}},
        {**BODY, "share": {"partners": False, "since": 0, "all": True}},
        {**BODY, "list": ["a", {"b": "c"}, "d"]},
        {**BODY, "list": ["a"]},
        {**BODY, "list": {"0": "a"}},
        {**BODY, "everything": True},
        {**BODY, "sent_by": {"erase": True}},
        {**BODY, "csrf": [{"erase": 1}]},
        {**BODY, "note": "x"},
        {"share": BODY["share"]},
        [BODY],
        "",
        "{",
        json.dumps(BODY)[:-1] + ', "share": {"partners": false, "since": 0}}',
    ],
)
def test_whatever_differs_of_a_body_stays(body: Any) -> None:
    """Another value, another kind of value, more, less, something twice, or nothing that can be read."""
    assert asked_by_script(sent(body)) == Refuse(ALTERED)


def test_another_place_method_frame_or_time_stays() -> None:
    """So does the same body sent otherwise than was agreed to."""
    assert asked_by_script(sent(BODY, method="PUT")) == Refuse(ALTERED)
    assert asked_by_script(sent(BODY, method="POST")) == Refuse(ALTERED)
    assert asked_by_script(sent(BODY, method="DELETE")) == Refuse("write")
    assert asked_by_script(sent(BODY, frame="F2")) == Refuse(ALTERED)
    assert asked_by_script(sent(BODY, frame="")) == Refuse(ALTERED)
    assert asked_by_script(sent(BODY, url=f"{PLACE}?all=1")) == Refuse(ALTERED)
    assert asked_by_script(sent(BODY, url=f"{PLACE}/all")) == Refuse("write")
    assert asked_by_script(sent(BODY, url="https://studio.test/api/%70rivacy")) == Refuse("write")
    assert asked_by_script(sent(BODY, url="https://other.test/api/privacy")) == Refuse("host_not_listed")
    assert asked_by_script(sent(BODY, **{"x-http-method-override": "DELETE"})) == Refuse("method_override")
    assert asked_by_script(sent(BODY), pressed=False) == Refuse(NOT_PRESSED)


@pytest.mark.parametrize("phase", [Phase.SESSION, Phase.CHECK])
def test_nothing_of_it_is_open_elsewhere(phase: Phase) -> None:
    """In a check and while a program signs in such a request is a write like any other."""
    assert decide(STUDIO, phase, sent(BODY)) == Refuse("write")
    asks = {"access-control-request-method": "PATCH"}
    assert decide(STUDIO, phase, a_request("OPTIONS", PLACE, headers=asks)) == Refuse("preflight")


def test_the_browser_may_ask_before_it_sends() -> None:
    """Whether another host of the service would take it; a DELETE, or an address with more, is asked about in vain."""
    asks = {"access-control-request-method": "PATCH"}
    assert isinstance(decide(STUDIO, Phase.ATTENDED, a_request("OPTIONS", PLACE, headers=asks)), Allow)
    for url, method in ((PLACE, "DELETE"), (f"{PLACE}?a=1", "PATCH"), (f"{PLACE}/all", "PATCH")):
        request = a_request("OPTIONS", url, headers={"access-control-request-method": method})
        assert decide(STUDIO, Phase.ATTENDED, request) == Refuse("preflight")


def test_it_passes_once() -> None:
    """The second one stays, also if nothing in it differs."""
    release = ReleasedSubmit(DECLARED, STUDIO, 600, is_from_frame=seen)
    release.press()
    assert isinstance(asyncio.run(answer(release.decide(sent(BODY), ""), release, yes=True)), Allow)
    assert release.decide(sent(BODY), "") == Refuse(AGAIN)
