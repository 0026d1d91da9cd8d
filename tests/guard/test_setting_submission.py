"""The form of one setting, released by a person: the setting switched, everything else as it was, and nothing more."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request
from automation.guard.decision import decide
from automation.guard.released import ALTERED, NOT_RELEASED, ReleasedSubmit
from automation.guard.submission import ShownField, Submission
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
