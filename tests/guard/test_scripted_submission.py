"""The request by which a page's script saves a setting, released by a person: exactly what was declared, and no more."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request
from automation.guard.decision import decide
from automation.guard.released import AGAIN, ALTERED, NOT_PRESSED, NOT_RELEASED, ReleasedSubmit
from automation.guard.submission import ScriptedSubmission
from tests.guard.builders import FORM, JSON, a_request, answer, seen

PLACE = "https://studio.test/api/privacy"
POLICY = GuardPolicy.parse(
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


def asked(request: Request, declared: ScriptedSubmission = DECLARED, *, pressed: bool = True) -> Allow | Refuse:
    """What the guard says to it after a release."""
    release = ReleasedSubmit(declared, POLICY, 600, is_from_frame=seen)
    if pressed:
        release.press()
    first = decide(POLICY, Phase.ATTENDED, request)
    return (
        asyncio.run(answer(release.decide(request, ""), release, yes=True)) if first == Refuse(NOT_RELEASED) else first
    )


@pytest.mark.parametrize(
    "beside",
    [{}, {"csrf": "t1"}, {"sent_by": {"sent_at": 3, "csrf": ["x", None]}}, {"note": ""}, {"note": None}],
)
def test_what_was_declared_passes(beside: dict[str, Any]) -> None:
    """In whatever order, and with what the service's file lists beside it."""
    assert isinstance(asked(sent({**beside, **dict(reversed(BODY.items()))})), Allow)


def test_another_host_of_the_declared_place_passes() -> None:
    """The page's script may send it to the service's programming interface."""
    assert isinstance(asked(sent(BODY, url="https://api.studio.test/api/privacy")), Allow)


def test_a_form_that_a_script_sends_passes() -> None:
    """Names and texts, as a form encodes them."""
    declared = ScriptedSubmission("studio.test", frozenset({"F1"}), "POST", {"training": "off"})
    request = a_request("POST", PLACE, urlencode({"csrf": "t", "training": "off"}), headers=FORM, frame="F1")
    assert isinstance(asked(request, declared), Allow)
    for text in ("training=on", "training=off&training=on", "training=off&all=1", "training=off;all=1"):
        assert asked(a_request("POST", PLACE, text, headers=FORM, frame="F1"), declared) == Refuse(ALTERED)


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
def test_whatever_differs_stays(body: Any) -> None:
    """Another value, another kind of value, more, less, something twice, or nothing that can be read."""
    assert asked(sent(body)) == Refuse(ALTERED)


def test_another_place_method_frame_or_time_stays() -> None:
    """So does the same body sent otherwise than was agreed to."""
    assert asked(sent(BODY, method="PUT")) == Refuse(ALTERED)
    assert asked(sent(BODY, method="POST")) == Refuse(ALTERED)
    assert asked(sent(BODY, method="DELETE")) == Refuse("write")
    assert asked(sent(BODY, frame="F2")) == Refuse(ALTERED)
    assert asked(sent(BODY, frame="")) == Refuse(ALTERED)
    assert asked(sent(BODY, url=f"{PLACE}?all=1")) == Refuse(ALTERED)
    assert asked(sent(BODY, url=f"{PLACE}/all")) == Refuse("write")
    assert asked(sent(BODY, url="https://studio.test/api/%70rivacy")) == Refuse("write")
    assert asked(sent(BODY, url="https://other.test/api/privacy")) == Refuse("host_not_listed")
    assert asked(sent(BODY, **{"x-http-method-override": "DELETE"})) == Refuse("method_override")
    assert asked(sent(BODY), pressed=False) == Refuse(NOT_PRESSED)


@pytest.mark.parametrize("phase", [Phase.SESSION, Phase.CHECK])
def test_nothing_of_it_is_open_elsewhere(phase: Phase) -> None:
    """In a check and while a program signs in such a request is a write like any other."""
    assert decide(POLICY, phase, sent(BODY)) == Refuse("write")
    asks = {"access-control-request-method": "PATCH"}
    assert decide(POLICY, phase, a_request("OPTIONS", PLACE, headers=asks)) == Refuse("preflight")


def test_the_browser_may_ask_before_it_sends() -> None:
    """Whether another host of the service would take it; a DELETE, or an address with more, is asked about in vain."""
    asks = {"access-control-request-method": "PATCH"}
    assert isinstance(decide(POLICY, Phase.ATTENDED, a_request("OPTIONS", PLACE, headers=asks)), Allow)
    for url, method in ((PLACE, "DELETE"), (f"{PLACE}?a=1", "PATCH"), (f"{PLACE}/all", "PATCH")):
        request = a_request("OPTIONS", url, headers={"access-control-request-method": method})
        assert decide(POLICY, Phase.ATTENDED, request) == Refuse("preflight")


def test_it_passes_once() -> None:
    """The second one stays, also if nothing in it differs."""
    release = ReleasedSubmit(DECLARED, POLICY, 600, is_from_frame=seen)
    release.press()
    assert isinstance(asyncio.run(answer(release.decide(sent(BODY), ""), release, yes=True)), Allow)
    assert release.decide(sent(BODY), "") == Refuse(AGAIN)
